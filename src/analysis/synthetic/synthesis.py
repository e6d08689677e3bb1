"""From printed figures and stated inputs to the files of a rehearsal."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from analysis.published import load_findings
from analysis.study import Study
from analysis.study.codebook import Codebook
from analysis.study.exports import INVENTED, ROSTER, SOURCES
from analysis.study.places import REHEARSAL, SYNTHETIC
from analysis.study.roster import ROSTER_COLUMNS
from analysis.synthetic.answers import all_answers
from analysis.synthetic.draws import Draws
from analysis.synthetic.export import csv_text, export_bytes, file_name, sheets
from analysis.synthetic.files import replace_files
from analysis.synthetic.form import forms
from analysis.synthetic.inputs import MEANINGS, Inputs, Key, check_inputs, load_assumed
from analysis.synthetic.margins import Margin, margins
from analysis.synthetic.participants import Place, overlaps, participants, turnouts_of

LICENCE = "MIT, the licence of the software that made it"
INVENTED_COLUMNS = ("name", "value", "what")

SOURCE_COLUMNS = (
    *("source", "title", "publisher", "year", "licence", "citation"),
    *("file", "sha256", "cycle", "respondents"),
)


def synthesize(
    study: Study,
    inputs: Inputs | None = None,
    *,
    seed: int | None = None,
    persistence: float | None = None,
) -> list[Path]:
    """Write synthetic exports of a study into its ``rehearsal`` folder.

    Every count that the findings print for a question with options comes out of the exports
    exactly. What the source leaves open is invented within what it allows, and listed.

    Parameters
    ----------
    study : the study whose findings and codebook the answers follow.
    inputs : what is assumed beside them.
    seed, persistence : these two of `inputs`, where they are to differ.

    Returns
    -------
    list of Path
        The files: the exports, ``sources.csv`` with their hashes, ``respondents.csv`` and
        ``invented.csv``. The same inputs give the same bytes.

    Raises
    ------
    InputError
        With every input that is impossible; nothing is written then.
    """
    inputs = inputs or Inputs()
    inputs = replace(
        inputs,
        seed=inputs.seed if seed is None else seed,
        persistence=inputs.persistence if persistence is None else persistence,
    )
    files = rehearsal_files(study, inputs)
    return replace_files(study.raw / REHEARSAL, files, f"{SYNTHETIC}_*")


def rehearsal_files(study: Study, inputs: Inputs) -> dict[str, bytes]:
    """Return the content of every file of the rehearsal by its name."""
    book = study.codebook
    check_inputs(inputs, tuple(book.respondents))
    findings = load_findings(study)
    assumed, beginnings = load_assumed(study)
    turnouts = turnouts_of(findings, book)
    described = forms(study, turnouts)
    turnouts = {place: turnouts[place] for place in described}
    overlap = overlaps(turnouts, book, inputs)
    counts = margins(findings, described, turnouts, assumed, inputs, book)
    who, rosters = participants(turnouts, overlap, beginnings, book, inputs.seed)
    answers = all_answers(described, who, counts, inputs, book)
    files = {}
    twice = _who_submits_twice(who, inputs, book)
    written = sheets(described, who, answers, inputs, book)
    for number, (place, sheet) in enumerate(written.items()):
        files[file_name(place)] = export_bytes(
            sheet, place, number=number, draft_of=twice.get(place, ""), inputs=inputs
        )
    names = {file_name(place): place for place in written}
    files[SOURCES] = _table(SOURCE_COLUMNS, _sources(names, files, book, inputs))
    files[ROSTER] = _table(
        [column.name for column in ROSTER_COLUMNS if column.required],
        ([name, group] for group, ids in rosters.items() for name in ids),
    )
    files[INVENTED] = _table(
        INVENTED_COLUMNS, [*_invented(inputs, overlap, counts), *_twice(twice)]
    )
    return files


def _table(header: Iterable[str], rows: Iterable[Sequence[str]]) -> bytes:
    return csv_text([list(header), *rows]).encode()


def _who_submits_twice(
    who: Mapping[Place, Sequence[str]], inputs: Inputs, book: Codebook
) -> dict[Place, str]:
    """One respondent of the last cycle, where the study says what to do about that."""
    if book.settings.duplicate_rule == "refuse" or not who:
        return {}
    place = max(who, key=lambda one: book.cycles.index(one[0]))
    return {place: Draws(inputs.seed, "twice").one(who[place])}


def _sources(
    names: Mapping[str, Place], files: Mapping[str, bytes], book: Codebook, inputs: Inputs
) -> Iterator[list[str]]:
    for name, (cycle, group) in names.items():
        label = book.respondents[group].label
        row = {
            "source": name.rpartition(".")[0],
            "title": f"{SYNTHETIC} answers of {label} in {cycle}: invented, not a finding",
            "publisher": "Made by the command: analysis synthesize",
            "licence": LICENCE,
            "citation": f"{SYNTHETIC} responses, made with seed {inputs.seed}. Not to be cited.",
            "file": f"{REHEARSAL}/{name}",
            "sha256": hashlib.sha256(files[name]).hexdigest(),
            "cycle": cycle,
            "respondents": group,
        }
        yield [row.get(name, "") for name in SOURCE_COLUMNS]


def _invented(
    inputs: Inputs, overlap: Mapping[tuple[str, str, str], int], counts: Mapping[Key, Margin]
) -> Iterator[list[str]]:
    for name, meaning in MEANINGS.items():
        yield [name, str(getattr(inputs, name)), meaning]
    for (before, after, group), number in overlap.items():
        yield [f"overlap {group}", str(number), f"{group} that answered in {before} and in {after}"]
    for (item, option, cycle, group), margin in counts.items():
        if margin.invented:
            yield [f"{item} = {option}, {group}, {cycle}", str(margin.count), margin.invented]
    yield ["who answers what", "drawn", "so that every count is met; all else is chance"]
    yield ["other answers", "drawn", "answers whose number is not held share what is left"]
    yield [
        "spellings",
        "drawn",
        "languages and habits of writing, one a respondent, from value_map.csv",
    ]
    yield ["dates of submission", "made up", "in the first year that the cycle is named after"]


def _twice(twice: Mapping[Place, str]) -> Iterator[list[str]]:
    for (cycle, group), respondent in twice.items():
        what = f"submitted twice, first half of the answers only ({group}, {cycle})"
        yield ["duplicate submission", respondent, what]
