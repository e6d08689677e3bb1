"""Comments of reviewers: what they say of which id, kept beside the study, shown on its pages.

They are no input of any number: a page is written again when they change, and never runs again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from analysis.problems import Problem, nearest, refuse_any
from analysis.report.exhibits import Exhibit
from analysis.study.places import Places
from analysis.study.reading import DELIMITERS, SHEET_ENDINGS, TEXT_ENDINGS, Reading

COMMENTS = "comments.csv"
COLUMNS = {"id": 300, "comment": 5_000, "name": 200}
"""Columns of a file of comments, and how many characters a cell of each may have."""

OPTIONAL = "name"
MOST_COMMENTS, MOST_BYTES = 1_000, 20_000_000
SECTION = "reviewers-comments"
"""Anchor of the comments on a page; each comment has its number behind it."""

_ADDRESS = re.compile(r"(?:.*[/\\])?(?P<page>[^/\\#]+)\.html(?:#(?P<anchor>.+))?", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_INSTEAD = "Save it as CSV UTF-8, or as a workbook with one sheet."


@dataclass(frozen=True)
class Comment:
    """What a reviewer said.

    Attributes
    ----------
    id : what it is about, as it was quoted.
    text, name : what was said, and by whom; the name may be empty.
    """

    id: str
    text: str
    name: str = ""

    @property
    def key(self) -> str:
        """The id as pages know it; the address of a place on a page is one as well.

        >>> Comment("file:///C:/reports/01_laws.html#limits", "Why?").key
        '01_laws#limits'
        """
        address = _ADDRESS.fullmatch(self.id)
        if address is None:
            return self.id
        return "#".join(filter(None, (address["page"], address["anchor"])))


@dataclass(frozen=True)
class Placed:
    """A comment on a page: its number there, and the anchor of what it is about."""

    number: int
    target: str
    comment: Comment

    @property
    def anchor(self) -> str:
        """Its own anchor."""
        return f"{SECTION}-{self.number}"


def comments_file(places: Places) -> Path | None:
    """Return the file that holds the comments on a report; a rehearsal has none."""
    file = places.raw / COMMENTS
    return file if file.is_file() and not places.is_rehearsal else None


def comments_on(places: Places) -> tuple[Comment, ...]:
    """Return the comments on a report in the order in which they came.

    Raises
    ------
    InputError
        When the file that holds them was edited and cannot be read any more.
    """
    file = comments_file(places)
    return read_comments(file) if file else ()


def read_comments(file: Path) -> tuple[Comment, ...]:
    """Read a file of comments: CSV or Excel, with the columns id, comment and, if wanted, name.

    Raises
    ------
    InputError
        With everything that is wrong with it.
    """
    header, rows, problems = _table(file)
    refuse_any(problems)
    refuse_any(list(_cell_problems(header, rows, file.name)))
    found = [
        Comment(cells["id"].strip(), cells["comment"].strip(), cells.get("name", "").strip())
        for _, cells in rows
    ]
    return tuple(dict.fromkeys(found))


def merged(before: Sequence[Comment], more: Sequence[Comment]) -> tuple[Comment, ...]:
    """Return each comment once, the earlier ones first.

    Raises
    ------
    InputError
        When these are more than a report can show.
    """
    found = tuple(dict.fromkeys((*before, *more)))
    if len(found) > MOST_COMMENTS:
        message = f"{len(found):,} comments; a report shows at most {MOST_COMMENTS:,}."
        refuse_any([Problem(message, file=COMMENTS)])
    return found


def written(comments: Iterable[Comment]) -> bytes:
    """Return the file that holds comments; no spreadsheet calculates a cell of it."""
    from analysis.intake.guard import guarded

    text = io.StringIO(newline="")
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    for one in comments:
        rows.writerow(guarded(cell) for cell in (one.id, one.text, one.name))
    return text.getvalue().encode()


def ids_on(
    page: str, exhibits: Iterable[Exhibit], anchors: Iterable[str], own: Iterable[str]
) -> dict[str, str]:
    """Return every id that can be quoted from a page, with the anchor that it stands for.

    Parameters
    ----------
    page : its name, an id by itself.
    anchors : all of the page, quoted as ``page#anchor``.
    own : those that the library gave here first, such as the ids of findings.
    """
    shown = sorted(one for one in anchors if not one.startswith((SECTION, "all-")))
    return {
        page: "main",
        **{f"{page}/{one.name}": one.anchor for one in exhibits},
        **{one: one for one in own},
        **{f"{page}#{one}": one for one in shown},
    }


def placed(comments: Iterable[Comment], ids: Mapping[str, str]) -> list[Placed]:
    """Return the comments on one page, with numbers from 1."""
    here = [one for one in comments if one.key in ids]
    return [Placed(number, ids[one.key], one) for number, one in enumerate(here, start=1)]


def without_place(
    comments: Iterable[Comment], ids: Iterable[str]
) -> list[tuple[Comment, str | None]]:
    """Return the comments whose id no page has, each with the nearest that one has."""
    known = list(dict.fromkeys(ids))
    lost = [one for one in comments if one.key not in set(known)]
    close = {key: nearest(key, known) for key in dict.fromkeys(one.key for one in lost)}
    return [(one, close[one.key]) for one in lost]


Rows = list[tuple[int, dict[str, str]]]
"""The line of each row, and its cells by column."""


def _table(file: Path) -> tuple[list[str], Rows, list[Problem]]:
    """Return the columns that a file has, its rows that are not blank, and what is wrong."""
    from analysis.intake.guard import unguarded
    from analysis.intake.reading.heading import Heading
    from analysis.intake.reading.sheets import read_sheet
    from analysis.intake.reading.text import read_text

    ending = file.suffix.lower()
    if ending not in (*TEXT_ENDINGS, *SHEET_ENDINGS):
        message = f"this format cannot be read. {_INSTEAD}"
        allowed = (*TEXT_ENDINGS, *SHEET_ENDINGS)
        return [], [], [Problem(message, file=file.name, value=file.suffix, allowed=allowed)]
    if file.stat().st_size > MOST_BYTES:
        message = f"the file is larger than {MOST_BYTES:,} bytes; those are no comments."
        return [], [], [Problem(message, file=file.name)]
    content = file.read_bytes()
    is_sheet = ending in SHEET_ENDINGS or content.startswith(b"PK\x03\x04")
    reading = Reading() if is_sheet else Reading(delimiter=_delimiter(content))
    found, problems = (read_sheet if is_sheet else read_text)(
        content, file.name, reading, Heading()
    )
    if found is None or problems:
        return [], [], [_told(one) for one in problems]
    header = [one.strip().lower() for one in found.header]
    problems = list(_header_problems(header, found.header, file.name, found.top))
    columns = [[_clean(unguarded(cell)) for cell in column] for column in found.columns]
    rows = [
        (line, dict(zip(header, cells, strict=True)))
        for line, cells in zip(found.lines, zip(*columns, strict=True), strict=True)
        if any(cell.strip() for cell in cells)
    ]
    return header, rows, problems


def _delimiter(content: bytes) -> str:
    """The word for what stands behind the header ``id`` or ``comment``; empty if nothing does."""
    first = content.decode("utf-8-sig", "ignore").partition("\n")[0].replace('"', "").lower()
    for mark in DELIMITERS.values():
        if {"id", "comment"} <= {one.strip() for one in first.split(mark)}:
            return mark
    return ""


def _clean(text: str) -> str:
    """A cell with line ends of one kind and nothing that no file of text can hold."""
    lines = _CONTROL.sub("", re.sub(r"\r\n?", "\n", text))
    return lines.encode("utf-8", "replace").decode()


def _told(problem: Problem) -> Problem:
    """The same where a study could declare how to read a file; for comments nothing can."""
    if "sources.csv" not in problem.message:
        return problem
    what = re.split(r"[.;] ", problem.message)[0]
    return replace(problem, message=f"{what}. {_INSTEAD}", allowed=())


def _header_problems(
    header: Sequence[str], shown: Sequence[str], name: str, top: int | None
) -> Iterator[Problem]:
    absent = [one for one in COLUMNS if one not in header]
    for column, text in zip(header, shown, strict=True):
        if column not in COLUMNS:
            message = "no column of a file of comments."
            allowed = tuple(absent or COLUMNS)
            yield Problem(message, name, top, text[:80], text, allowed)
    for column in absent:
        if column != OPTIONAL:
            yield Problem("the column is missing.", name, top, column, allowed=tuple(COLUMNS))


def _cell_problems(header: Sequence[str], rows: Rows, name: str) -> Iterator[Problem]:
    for line, cells in rows:
        for column in header:
            text, most = cells[column].strip(), COLUMNS[column]
            if not text and column != OPTIONAL:
                yield Problem("the cell is empty.", name, line, column)
            elif len(text) > most:
                message = f"{len(text):,} characters; at most {most:,} are shown."
                yield Problem(message, name, line, column, text)
