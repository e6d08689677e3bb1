"""Reads the tables of an Excel workbook as text: stored values, nothing is evaluated."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from analysis.problems import InputError, Problem
from analysis.study.grids import Grid

TEXT, FORMULA, ERROR = "str", "f", "e"
"""Kinds of cell: a text that a formula stored, a formula, an error such as ``#REF!``."""

Cells = list[tuple[int, Any]]


def read_workbook(path: Path) -> dict[str, Grid]:
    """Read every sheet that has a header, by its name in small letters.

    Numbers are written without needless zeros (``1``, not ``1.0``), dates as year-month-day.
    Formulas give the value that was stored with them.

    Raises
    ------
    InputError
        The file is not an Excel workbook; a cell holds an error, or a formula without its value.
    """
    try:
        values, formulas = _sheets(path, data_only=True), _sheets(path, data_only=False)
    except Exception as error:
        # Whatever a damaged file makes the reader stumble over, it is not a workbook.
        message = f"the file cannot be read as an Excel workbook: {error}."
        raise InputError(Problem(message, file=path.name)) from error
    grids: dict[str, Grid] = {}
    problems: list[Problem] = []
    for title, cells in values.items():
        name = f"{path.name}, sheet {title}"
        problems += _problems(name, cells, formulas[title])
        rows = [(line, tuple(as_text(cell.value) for cell in row)) for line, row in cells]
        rows = [(line, row) for line, row in rows if any(row)]
        if rows:
            grids[title.strip().lower()] = _grid(name, rows)
    if problems:
        raise InputError(problems)
    return grids


def as_text(value: object) -> str:
    """Return what a cell shows, without outer spaces.

    >>> as_text(1.0), as_text(0.5), as_text(None), as_text(True), as_text(datetime(2021, 3, 1))
    ('1', '0.5', '', 'TRUE', '2021-03-01')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        is_day = value.time() == time()
        return value.date().isoformat() if is_day else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value).strip()


def _sheets(path: Path, *, data_only: bool) -> dict[str, Cells]:
    # Loaded here, for it takes a third of a second that a study of CSV files has no use for.
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        # Of drop-down lists and the like, which the tables have no use for.
        warnings.simplefilter("ignore")
        book = load_workbook(path, read_only=True, data_only=data_only)
        try:
            sheets = {}
            for sheet in book.worksheets:
                # What a sheet says about its own size is often wrong.
                sheet.reset_dimensions()
                sheets[sheet.title] = list(enumerate(sheet.iter_rows(), start=1))
            return sheets
        finally:
            book.close()


def _grid(name: str, rows: list[tuple[int, tuple[str, ...]]]) -> Grid:
    """The first row that holds anything is the header; all rows get its width at least."""
    filled = [max(place for place, cell in enumerate(row, 1) if cell) for _, row in rows]
    width = max(filled)
    even = [(line, (*row, *[""] * width)[:width]) for line, row in rows]
    return Grid(name, even[0][1], tuple(even[1:]))


def _problems(name: str, values: Cells, formulas: Cells) -> Iterator[Problem]:
    for (line, row), (_, behind) in zip(values, formulas, strict=True):
        for cell, source in zip(row, behind, strict=True):
            if cell.data_type == ERROR:
                message = "the cell holds an error."
                column = str(cell.column_letter)
                yield Problem(message, file=name, row=line, column=column, value=cell.value)
            elif source.data_type == FORMULA and cell.value is None and cell.data_type != TEXT:
                message = (
                    "the formula has no stored value; open the workbook, let it calculate and "
                    "save it, or write the value."
                )
                text = str(source.value)
                column = str(source.column_letter)
                yield Problem(message, file=name, row=line, column=column, value=text)
