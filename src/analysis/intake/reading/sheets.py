"""Excel workbooks: one sheet as text, with the values that are stored; nothing is evaluated."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

from analysis.intake.reading.archive import Part, opened, unreadable
from analysis.intake.reading.cells import Cells, gathered, shown
from analysis.intake.reading.encoding import SOURCES
from analysis.intake.reading.heading import Heading, Row
from analysis.intake.reading.limits import MOST_ROWS, MOST_SEEN
from analysis.problems import Problem
from analysis.study.reading import Reading

TEXT, FORMULA, ERROR = "str", "f", "e"
"""Kinds of cell: a text that a formula stored, a formula, an error such as ``#REF!``."""

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def read_sheet(
    content: bytes, name: str, reading: Reading, heading: Heading
) -> tuple[Cells | None, list[Problem]]:
    """Read a sheet; the line of a row is its number in Excel. Hidden rows are read.

    Formulas count with the value that is stored, dates as ISO 8601, whole numbers without a
    decimal point, truth values as ``TRUE`` and ``FALSE``. A number that stands for a date and has
    no format of a date stays a number.

    Returns
    -------
    Cells or None, list of Problem
        None where the workbook or the sheet cannot be told, or its cells cannot be read. A problem
        for each cell with an error, with a formula without its value, or merged with one of
        another row.
    """
    parts, problems = opened(content, name)
    if problems:
        return None, problems
    try:
        with warnings.catch_warnings():
            # Of drop-down lists, styles and the like, which have no part in the answers.
            warnings.simplefilter("ignore")
            return _read(content, name, reading, heading, parts)
    except Exception as error:
        # Whatever a damaged file makes the reader stumble over, it is not a workbook.
        return None, [unreadable(name, error)]


def rows_above(content: bytes, name: str, reading: Reading) -> int:
    """Count the rows down to the last with one cell above the first with more; 0 where none.

    Such rows are a title or a date; the blank rows between them count.
    """
    _, problems = opened(content, name)
    if problems:
        return 0
    sheet, _ = _chosen(_workbook(content, data_only=True), reading.sheet, name)
    if sheet is None:
        return 0
    last = 0
    for line, cells in _rows(sheet, _Doubtful()):
        if sum(map(bool, cells)) > 1:
            return last
        last = line
    return 0


def as_text(value: object) -> str:
    r"""Return what a cell holds.

    >>> as_text(1.0), as_text(0.5), as_text(None), as_text(True), as_text(datetime(2021, 3, 1))
    ('1', '0.5', '', 'TRUE', '2021-03-01')
    >>> as_text("a_x000D_b"), as_text(timedelta(hours=25, minutes=1))
    ('a\rb', '25:01:00')
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), value) if "_x" in value else value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e16 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        seconds = int(value.total_seconds())
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return str(value)


@dataclass
class _Doubtful:
    """Cells that cannot be taken for an answer: line, place from 1, and what they hold.

    `cut_at` is the line at which the reading ended before the sheet did.
    """

    errors: list[tuple[int, int, str]] = field(default_factory=list)
    formulas: list[tuple[int, int, str]] = field(default_factory=list)
    cut_at: int = 0


def _read(
    content: bytes, name: str, reading: Reading, heading: Heading, parts: Mapping[str, Part]
) -> tuple[Cells | None, list[Problem]]:
    book = _workbook(content, data_only=True)
    sheet, problems = _chosen(book, reading.sheet, name)
    if sheet is None:
        return None, problems
    part = parts.get(str(sheet._worksheet_path).lstrip("/"), Part())
    spans: dict[int, list[tuple[int, int]]] = {}
    for top, _, left, right in part.merged:
        spans.setdefault(top, []).append((left - 1, right - 1))
    doubtful = _Doubtful()
    rows = _rows(sheet, doubtful)
    found, problems = gathered(rows, name, replace(heading, spans=spans), is_padded=True)
    if part.has_formulas:
        doubtful.formulas += _without_value(content, sheet.title, sheet)
    problems += _doubtful_problems(doubtful, found, name)
    problems += _merged_problems(part, found, name)
    return (None, problems) if problems else (found, [])


def _workbook(content: bytes, *, data_only: bool) -> Any:
    # Slow to import, and most studies have no workbook.
    from openpyxl import load_workbook

    return load_workbook(BytesIO(content), read_only=True, data_only=data_only, keep_links=False)


def _chosen(book: Any, wanted: str, name: str) -> tuple[Any, list[Problem]]:
    """The sheet with the answers: the one that is declared, else the only one with anything in it.

    A hidden sheet is taken only if it is declared.
    """
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    for sheet in sheets.values():
        # What a sheet says about its own size is often wrong, and must not decide about memory.
        sheet.reset_dimensions()
    if wanted:
        if wanted in sheets:
            return sheets[wanted], []
        message = f"the workbook has no sheet of the name that {SOURCES} declares."
        return None, [
            Problem(message, file=name, column="sheet", value=wanted, allowed=tuple(sheets))
        ]
    filled = [
        title
        for title, sheet in sheets.items()
        if sheet.sheet_state == "visible" and next(_rows(sheet, _Doubtful()), None) is not None
    ]
    if len(filled) == 1:
        return sheets[filled[0]], []
    message = (
        f"{len(filled)} sheets have something in them; say in {SOURCES} (sheet) which to read."
        if filled
        else "no sheet has anything in it."
    )
    return None, [Problem(message, file=name, column="sheet", allowed=tuple(filled or sheets))]


def _rows(sheet: Any, doubtful: _Doubtful) -> Iterator[Row]:
    """The rows that are not blank."""
    seen = 0
    for line, row in enumerate(sheet.iter_rows(), start=1):
        seen += len(row)
        if line > MOST_ROWS or seen > MOST_SEEN:
            doubtful.cut_at = line
            return
        cells = [as_text(cell.value) for cell in row]
        if not any(cells):
            continue
        doubtful.errors += [
            (line, place, text)
            for place, (cell, text) in enumerate(zip(row, cells, strict=True), start=1)
            if cell.data_type == ERROR
        ]
        yield line, cells


def _without_value(content: bytes, title: str, sheet: Any) -> Iterator[tuple[int, int, str]]:
    """The formulas of a sheet for which no value is stored."""
    formulas = _workbook(content, data_only=False)[title]
    formulas.reset_dimensions()
    both = enumerate(zip(sheet.iter_rows(), formulas.iter_rows(), strict=True), start=1)
    for line, (values, behind) in both:
        for place, (cell, source) in enumerate(zip(values, behind, strict=True), start=1):
            if source.data_type == FORMULA and cell.value is None and cell.data_type != TEXT:
                yield line, place, str(source.value)


def _doubtful_problems(doubtful: _Doubtful, found: Cells, name: str) -> list[Problem]:
    problems = []
    if doubtful.cut_at:
        message = f"the sheet has more than {MOST_ROWS:,} rows or {MOST_SEEN:,} cells."
        problems.append(Problem(message, file=name, row=doubtful.cut_at))
    without_value = (
        "the formula has no stored value; open the workbook, let it calculate and save it."
    )
    for cells, message in (
        (doubtful.errors, "the cell holds an error; write the value, or clear it."),
        (doubtful.formulas, without_value),
    ):
        wrong = [
            Problem(message, file=name, row=line, column=_header(found, place), value=text)
            for line, place, text in cells
        ]
        problems += shown(wrong, "cells like it")
    return problems


def _merged_problems(part: Part, found: Cells, name: str) -> list[Problem]:
    wrong = [
        Problem(
            f"the cell is merged with others, down to row {bottom} and over {right - left + 1} "
            "columns, and only the first has the value; take them apart and fill them.",
            file=name,
            row=top,
            column=_header(found, left),
        )
        for top, bottom, left, right in sorted(part.merged)
        if bottom > found.end and top <= max(found.lines, default=0)
    ]
    return shown(wrong, "merged cells")


def _header(found: Cells, place: int) -> str:
    """The header of a column, its letter where it has none."""
    from openpyxl.utils import get_column_letter

    headers: Sequence[str] = found.header
    return headers[place - 1] if place <= len(headers) else f"column {get_column_letter(place)}"
