"""Makes a bundle of a report, once nothing in it can harm a respondent or whoever built it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from analysis.files import sha256
from analysis.intake import load_responses
from analysis.problems import InputError, Problem, refuse_any
from analysis.report.fresh.basis import inputs_digest
from analysis.report.numbers import NUMBERS
from analysis.report.record import RECORD
from analysis.sharing.archive import read_bundle, write_bundle
from analysis.sharing.invented import about_invented
from analysis.sharing.machines import about_machines, names_here
from analysis.sharing.opening import Report, open_report
from analysis.sharing.outputs import shown_in
from analysis.sharing.people import about_people, people_of
from analysis.sharing.small import small_across, small_in_tables, small_in_words
from analysis.sharing.spots import spots_of
from analysis.study import Study
from analysis.study.places import FINDINGS

PRINTED = f"{NUMBERS}/findings.csv"
"""The figures of the source document, which is public."""

SHOWN = 12
"""So many problems of one kind in one file are listed; the others are counted."""

REMEDY = (
    "What can be done about small counts: map rare options onto a wider one (value_map.csv), leave "
    "a question out (disabled in survey.csv), say has_ids = no in sources.csv, so that nobody is "
    "followed from cycle to cycle, or, where the answers are public, set cell_threshold in "
    "settings.csv to 0. Then build again."
)


def make_bundle(study: Study, target: Path) -> Iterator[str]:
    """Check the report of a study, write it into one file, and yield what there is to say.

    Raises
    ------
    InputError
        With every place that must not be handed on; no bundle is written then, and one that is
        there stays as it is.
    """
    report = open_report(study.reports)
    refuse_any(list(_outdated(report, study)))
    problems = list(found_in(report, study))
    refuse_any(list(_shortened(problems)))
    write_bundle(report.files, target)
    yield f"{target}: {len(report.files)} files, nothing found that must stay here."
    yield f"SHA-256 of the bundle: {sha256(target)}"


def found_in(report: Report, study: Study) -> Iterator[Problem]:
    """Yield everything in a report that must not be handed on, with its file and place."""
    spots = spots_of(report)
    yield from about_invented(report, spots)
    if report.study["stamp"]:
        return
    yield from about_machines(spots, names_here(study.raw, study.reports))
    responses = load_responses(study)
    if responses is None:
        return
    book = study.codebook
    yield from about_people(report, spots, people_of(responses, book, _own_words(study)))
    shown = shown_in(report, study.reports)
    yield from shown.unknown
    threshold = book.settings.cell_threshold
    behind = {file for file in report.tables if file.startswith(f"{NUMBERS}/")} - {PRINTED}
    observed = behind | shown.tables
    taking_part = _taking_part(study)
    small = [
        *small_in_tables(report, threshold, observed, taking_part),
        *small_across(report, threshold),
        *small_in_words(shown.told, threshold),
    ]
    yield from small
    if small:
        yield Problem(REMEDY, file=book.files["settings.csv"], column="cell_threshold")


def _outdated(report: Report, study: Study) -> Iterator[Problem]:
    hashes = {name: sha256(file) for name, file in study.input_files().items()}
    if inputs_digest(hashes) != report.record["inputs_digest"]:
        message = "the study has changed since its report was built; build it again first."
        yield Problem(message, file=str(study.reports))


def _own_words(study: Study) -> str:
    """All that findings, codebook and notebooks say; the list of who could have answered is none.

    A name in there is not one that the answers gave away.
    """
    book = study.codebook
    labels = [item.label for item in book.items.values()]
    labels += [label for options in book.choices.values() for label in options.values()]
    files = [file for name, file in study.input_files().items() if name == FINDINGS]
    said = [file.read_text("utf-8-sig", "replace") for file in files]
    return " ".join([*labels, *said, *(_source(page.notebook) for page in study.pages)])


def _source(notebook: Path) -> str:
    """What stands in the cells of a notebook, without what a run has shown below them."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return " ".join("".join(cell["source"]) for cell in cells)


def _taking_part(study: Study) -> set[str]:
    """What tables call who took part."""
    book = study.codebook
    name, item = book.response_indicator, book.settings.response_item
    found = {name, item}
    found |= {book.indicators[name].label} if name else set()
    found |= {book.items[item].label} if item in book.items else set()
    return found - {""}


def _shortened(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Yield the first problems of each kind in each file, and how many there are more."""
    kinds: dict[tuple[str, str], list[Problem]] = defaultdict(list)
    for one in problems:
        kinds[one.file, one.message.rpartition("(")[0] or one.message].append(one)
    for (file, _), own in kinds.items():
        yield from own[:SHOWN]
        if len(own) > SHOWN:
            yield Problem(f"{len(own) - SHOWN} more places: {own[SHOWN].message}", file=file)


def check_bundle(file: Path) -> str:
    """Check a bundle that was received and return what there is to say.

    Raises
    ------
    InputError
        When it is no bundle, or not as it was made.
    """
    files = read_bundle(file)
    if RECORD not in files:
        raise InputError(Problem("not a bundle of a report.", file=file.name))
    return f"{file.name}: {len(files)} files, each as it was bundled. SHA-256: {sha256(file)}"
