"""Rows of cells, from whichever file, to a header and its columns of text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from analysis.intake.reading.heading import Heading, Row, header_rows, headers_of
from analysis.intake.reading.limits import MOST_CELLS, MOST_CHARACTERS, MOST_RAGGED, SHOWN
from analysis.intake.spelling import plain, trimmed
from analysis.problems import Problem
from analysis.study.reading import ROW_NUMBER

AT_ONCE = 1000
"""So many rows are held as rows while a file is read."""


@dataclass(frozen=True)
class Cells:
    """A file as text.

    Attributes
    ----------
    top, end : the first and the last line of the header; None and 0 where it has no line.
    header : the headers as written.
    columns : the cells by column.
    lines : the line that each row begins on.
    questions : the text of the question by header, where the file has one beside the header.
    missing : by header, the cells that the file itself declares missing.
    """

    top: int | None
    end: int
    header: list[str]
    columns: list[list[str]]
    lines: list[int]
    questions: dict[str, str] = field(default_factory=dict)
    missing: dict[str, frozenset[str]] = field(default_factory=dict)


def gathered(
    rows: Iterable[Row], name: str, heading: Heading, *, is_padded: bool = False
) -> tuple[Cells, list[Problem]]:
    """Return the cells by column.

    Parameters
    ----------
    rows : the rows of the file in order, without empty ones.
    name : what messages call the file.
    is_padded : whether the blank cells at the end of a row are not in the file, as in a sheet;
        then `rows` may be shorter than the header, or longer by blank cells.

    Returns
    -------
    Cells, list of Problem
        A problem for a file without header or rows, for headers that are missing or there twice,
        for rows with too many or too few cells, and for what is beyond the limits.
    """
    body = iter(rows)
    above = header_rows(body, heading)
    if not above:
        message = "the file is empty; it needs a header row and a row a submission."
        return Cells(1, 1, [], [], []), [Problem(message, file=name, row=1)]
    top, end = above[0][0], above[-1][0]
    header, questions = headers_of(above, heading)
    found = Cells(top, end, header, [[] for _ in header], [], questions)
    problems = _take(found, body, name, is_padded=is_padded)
    if not found.lines and not problems:
        message = "the file has a header and no submission."
        return found, [Problem(message, file=name, row=end + 1)]
    found = _with_row_numbers(found)
    problems = [*_header_problems(found, name), *problems]
    return _without_nameless(found), problems


def shown(problems: Sequence[Problem], rest: str) -> list[Problem]:
    """Return the first problems of a kind and, in the last one, how many more there are.

    Parameters
    ----------
    rest : what the others are, for example ``rows like it``.
    """
    return _counted(problems[:SHOWN], len(problems), rest)


def _counted(first: Sequence[Problem], number: int, rest: str) -> list[Problem]:
    if number <= len(first):
        return list(first)
    message = f"{first[-1].message} There are {number - len(first):,} more {rest}."
    return [*first[:-1], replace(first[-1], message=message)]


def _take(found: Cells, body: Iterable[Row], name: str, *, is_padded: bool) -> list[Problem]:
    """Move the rows to the ends of the columns, so that few are held as rows at a time."""
    width = len(found.header)
    most = max(MOST_CELLS // max(width, 1), 1)
    ragged: list[Problem] = []
    n_ragged = 0
    held: list[list[str]] = []
    for line, cells in body:
        if len(cells) != width:
            cells = _evened(cells, width) if is_padded else cells
            if len(cells) != width:
                n_ragged += 1
                if len(ragged) < SHOWN:
                    ragged.append(_ragged(cells, width, name, line, is_sheet=is_padded))
                if is_padded and n_ragged == MOST_RAGGED:
                    break
                continue
        found.lines.append(line)
        held.append(cells)
        if len(held) == AT_ONCE:
            _move(found, held)
        if len(found.lines) > most:
            message = f"more than {MOST_CELLS:,} cells; that is no survey. Split the file."
            return [Problem(message, file=name, row=line)]
    _move(found, held)
    problems = _counted(ragged, n_ragged, "rows like it")
    # The reader of delimited text stops at a cell that is too long.
    return [*problems, *_too_long(found, name)] if is_padded else problems


def _move(found: Cells, held: list[list[str]]) -> None:
    for column, cells in zip(found.columns, zip(*held, strict=True), strict=False):
        column.extend(cells)
    held.clear()


def _evened(cells: list[str], width: int) -> list[str]:
    """The row with as many cells as the header, if no other than blank ones are cut off."""
    if len(cells) < width:
        return [*cells, *[""] * (width - len(cells))]
    return cells if any(cells[width:]) else cells[:width]


def _too_long(found: Cells, name: str) -> list[Problem]:
    problems = [
        long_cell(name, found.end, header[:40], len(header))
        for header in found.header
        if len(header) > MOST_CHARACTERS
    ]
    for header, column in zip(found.header, found.columns, strict=True):
        if not column or max(map(len, column)) <= MOST_CHARACTERS:
            continue
        problems += [
            long_cell(name, line, header[:40], len(cell))
            for cell, line in zip(column, found.lines, strict=True)
            if len(cell) > MOST_CHARACTERS
        ]
    return shown(problems, "cells like it")


def long_cell(name: str, line: int, header: str, length: int) -> Problem:
    """Return the problem of a cell that is longer than it may be."""
    message = f"the cell has {length:,} characters; at most {MOST_CHARACTERS:,} are read."
    return Problem(message, file=name, row=line, column=header)


def _without_nameless(found: Cells) -> Cells:
    """The same without columns that have no header; one with anything in it is a problem."""
    if all(map(trimmed, found.header)):
        return found
    kept = [place for place, header in enumerate(found.header) if trimmed(header)]
    return replace(
        found,
        header=[found.header[place] for place in kept],
        columns=[found.columns[place] for place in kept],
    )


def _with_row_numbers(found: Cells) -> Cells:
    """The same with a name for the column of row numbers that R and pandas write without one."""
    if not found.header or trimmed(found.header[0]) or ROW_NUMBER in found.header:
        return found
    if not all(cell.strip().isdecimal() for cell in found.columns[0]):
        return found
    return replace(found, header=[ROW_NUMBER, *found.header[1:]])


def _header_problems(found: Cells, name: str) -> list[Problem]:
    nameless, again = [], []
    first: dict[str, int] = {}
    for number, (cell, column) in enumerate(zip(found.header, found.columns, strict=True), start=1):
        key = plain(cell)
        if not key and any(map(trimmed, column)):
            message = f"column {number} has no header."
            nameless.append(Problem(message, file=name, row=found.top))
        elif key and first.setdefault(key, number) < number:
            message = f"the header is there twice, in columns {first[key]} and {number}."
            again.append(Problem(message, file=name, row=found.top, column=key, value=cell))
    return [*shown(nameless, "columns without one"), *shown(again, "headers like it")]


def _ragged(cells: list[str], width: int, name: str, line: int, *, is_sheet: bool) -> Problem:
    if is_sheet:
        place = next(place for place, cell in enumerate(cells) if place >= width and cell)
        message = f"the cell stands in column {place + 1}, which has no header."
        return Problem(message, file=name, row=line, value=cells[place])
    message = f"the row has {len(cells)} cells, the header {width}."
    return Problem(message, file=name, row=line, value=len(cells), allowed=(width,))
