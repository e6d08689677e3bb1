"""The table of a sweep: a row of parameters for each report, read and checked as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.frames import records
from analysis.parameter_cell import own_parameters
from analysis.problems import Problem, refuse_any
from analysis.study import Page
from analysis.study.tables import ROW, Column, read_table

NAME, STUDY, SECTIONS = "name", "study", "sections"
OWN = (NAME, STUDY, SECTIONS)
"""Columns that are no parameters."""

UNFIT = re.compile(r"[^\w-]+")
LONGEST = 80


@dataclass(frozen=True)
class Row:
    """One report of a sweep.

    Attributes
    ----------
    title : what it is called.
    study : folder of its study; None for the one that the command names.
    sections : words for the pages it has; none for all.
    parameters : names and values as text; what the table leaves empty is not in it.
    line : where it stands in the file.
    """

    title: str
    study: Path | None
    sections: tuple[str, ...]
    parameters: Mapping[str, str]
    line: int

    @property
    def name(self) -> str:
        """Name of its folder: the title without what does not belong into one."""
        return UNFIT.sub("-", self.title).strip("-")[:LONGEST]


def read_rows(file: Path, pages: Iterable[Page]) -> list[Row]:
    """Read the table of a sweep.

    Parameters
    ----------
    file : CSV, UTF-8. Beside parameters it may have the columns ``name``, ``study`` (a folder, seen
        from that of the file) and ``sections`` (words with spaces between them).
    pages : the pages whose parameters may stand in the header.

    Returns
    -------
    list of Row
        In the order of the file. Rows without a name are called by their values.

    Raises
    ------
    InputError
        With every problem: an unknown column, a name that is no name or is taken, a study that is
        not there.
    """
    parameters = list(dict.fromkeys(name for page in pages for name in own_parameters(page)))
    columns = [Column(name, must_exist=False) for name in (*OWN, *parameters)]
    table = read_table(file, file.name, columns)
    rows = [_row(record, parameters, file) for record in records(table)]
    refuse_any(list(_problems(rows, file)))
    return rows


def _row(record: Mapping[str, object], parameters: Sequence[str], file: Path) -> Row:
    text = {name: str(value) for name, value in record.items()}
    given = {name: text[name] for name in parameters if text[name]}
    said = [*given.values(), *text[SECTIONS].split(), Path(text[STUDY]).name]
    return Row(
        title=text[NAME] or ", ".join(filter(None, said)) or "default",
        study=file.parent / text[STUDY] if text[STUDY] else None,
        sections=tuple(text[SECTIONS].split()),
        parameters=given,
        line=int(text[ROW]),
    )


def _problems(rows: Sequence[Row], file: Path) -> Iterator[Problem]:
    if not rows:
        yield Problem("the table has no rows; each one gives a report.", file=file.name)
    taken: dict[str, int] = {}
    for row in rows:
        if not row.name:
            text = "a name needs letters or digits; it names a folder."
            yield Problem(text, file.name, row.line, NAME, row.title)
        first = taken.setdefault(row.name.casefold(), row.line)
        if first != row.line:
            text = f"row {first} has the same name, or the same parameters and no name."
            yield Problem(text, file.name, row.line, NAME, row.title)
        if row.study is not None and not row.study.is_dir():
            siblings = row.study.parent.iterdir() if row.study.parent.is_dir() else ()
            allowed = sorted(path.name for path in siblings if path.is_dir())
            text = f"there is no such study folder beside {file.name}."
            yield Problem(text, file.name, row.line, STUDY, row.study.name, allowed)
