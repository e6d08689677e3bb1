"""A first look at a report: what it needs, judged by bytes alone and without a heavy import.

It can judge as long as the input files are those of the build before. When they are not, only
the study itself can tell which pages that concerns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from analysis.files import sha256
from analysis.parameter_cell import given_to, refuse_unknown
from analysis.problems import InputError
from analysis.report.fresh.basis import (
    Basis,
    basis_of_comments,
    basis_of_environment,
    basis_of_notebook,
    inputs_digest,
)
from analysis.report.fresh.verdicts import Verdict, verdict
from analysis.report.outcome import FRESH, RAN, Outcome
from analysis.report.record import Record, entry_of, read_record
from analysis.study import Page, words_for
from analysis.study.places import Places, input_files


@dataclass(frozen=True)
class Glance:
    """What can be said of the pages asked for at first sight.

    Attributes
    ----------
    verdicts : by page, what it needs; None when that cannot be said.
    titles : by page.
    index : name of the first page of the report.
    is_whole : whether index and computed tables are as they were written.
    """

    verdicts: Mapping[str, Verdict] | None = None
    titles: Mapping[str, str] = field(default_factory=dict)
    index: str = ""
    is_whole: bool = False

    @property
    def nothing_to_do(self) -> bool:
        """Whether everything that was asked for is there already."""
        needs = {one.needs for one in (self.verdicts or {}).values()}
        return self.is_whole and needs == {FRESH}

    @property
    def runs(self) -> bool:
        """Whether a page will probably run."""
        return self.verdicts is None or any(v.needs == RAN for v in self.verdicts.values())

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """How a build with nothing to do ends."""
        return tuple(Outcome(page, self.titles[page], done=FRESH) for page in self.verdicts or {})


def glance(places: Places, names: Sequence[str], parameters: Mapping[str, str]) -> Glance:
    """Look at the report of a study.

    Parameters
    ----------
    names : words for the pages asked for; none for all.
    parameters : as given on the command line.
    """
    record = read_record(places.reports)
    pages = _pages(record, places)
    words = {word: page.name for page in pages for word in words_for(page)}
    if not pages or not set(names) <= set(words) or not _is_same_study(record, places):
        return Glance()
    asked = [p for p in pages if not names or p.name in {words[name] for name in names}]
    try:
        refuse_unknown(asked, parameters)
    except InputError:
        return Glance()
    around = basis_of_environment() | basis_of_comments(places)
    verdicts = {}
    for page in asked:
        entry = entry_of(record, page.name)
        try:
            own, _ = basis_of_notebook(page.notebook)
            given = given_to(page, parameters)
        except (OSError, ValueError, KeyError, InputError):
            return Glance()
        before: Basis = (entry.get("shown") or {}).get("basis", {})
        if (entry.get("shown") or {}).get("inputs") != record["inputs_digest"]:
            return Glance()
        now = {
            **own,
            **around,
            "parameters": given,
            "study": before.get("study"),
        }
        verdicts[page.name] = verdict(now, entry, record, places.reports)
    titles = {page.name: page.title for page in asked}
    index = next(iter(record.get("files", {})), "")
    return Glance(verdicts, titles, index, is_whole(record, places))


def _pages(record: Record, places: Places) -> list[Page]:
    """Return the pages of the study as the build before knew them."""
    return [
        Page(one["page"], places.notebooks / one["notebook"], one["title"], tuple(one["sections"]))
        for one in record.get("outline", [])
    ]


def outline(pages: Sequence[Page]) -> list[dict[str, object]]:
    """Return what a record says of all pages of the study, built or not."""
    return [
        {
            "page": page.name,
            "title": page.title,
            "notebook": page.notebook.name,
            "sections": list(page.sections),
        }
        for page in pages
    ]


def _is_same_study(record: Record, places: Places) -> bool:
    hashes = {name: sha256(file) for name, file in input_files(places).items()}
    return bool(inputs_digest(hashes) == record["inputs_digest"])


def is_whole(record: Record, places: Places) -> bool:
    """Tell whether index and computed tables are as a build wrote them."""
    own = {**record.get("files", {}), **record.get("numbers", {})}
    return "numbers" in record and (
        is_as_written(own, places.reports)
        and is_as_written(record.get("processed"), places.processed)
    )


def is_as_written(files: Mapping[str, str] | None, folder: Path) -> bool:
    """Tell whether every file still has the content that a record says; False for no files."""
    try:
        return bool(files) and all(sha256(folder / n) == is_ for n, is_ in (files or {}).items())
    except OSError:
        return False
