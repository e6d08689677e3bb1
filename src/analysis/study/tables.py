"""Tables that people edit by hand: read as text, held to their declared columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.frames import Row, records
from analysis.problems import InputError, Problem

ROW = "_row"
"""Helper column: the line of the file that a row begins on, for messages."""


@dataclass(frozen=True)
class Column:
    """What a column may hold: `allowed` words, or any text; empty only if not `required`."""

    name: str
    required: bool = False
    allowed: Sequence[str] = ()
    default: str = ""
    must_exist: bool = True


def read_table(path: Path, name: str, columns: Sequence[Column]) -> pd.DataFrame:
    """Read one hand-edited CSV file as text.

    Parameters
    ----------
    path : the file, UTF-8, with or without a byte-order mark.
    name : what messages call the file, for example ``codebook/survey.csv``.
    columns : the columns that the file must have or may have.

    Returns
    -------
    DataFrame
        One row a record, one text column for each of `columns` in that order (stripped of outer
        spaces, empty text where the file is empty), and ``_row``, the line of the file.

    Raises
    ------
    InputError
        The file is missing or not UTF-8; a column is missing, unknown or there twice; a row has
        too many or too few cells; a cell is empty or not one of the allowed words.
    """
    header, records = _records(path, name)
    problems = _header_problems(header, name, columns)
    if problems:
        raise InputError(problems)
    known = {column.name for column in columns}
    rows: list[dict[str, Any]] = []
    for line, cells in records:
        if len(cells) != len(header):
            message = f"the row has {len(cells)} cells, the header {len(header)}."
            problems.append(Problem(message, file=name, row=line))
            continue
        problems += [
            Problem("the cell stands in a column without a name.", file=name, row=line, value=cell)
            for key, cell in zip(header, cells, strict=True)
            if cell and not key
        ]
        given = {key: cell for key, cell in zip(header, cells, strict=True) if key in known}
        row = {column.name: given.get(column.name, "") or column.default for column in columns}
        problems += _cell_problems(row, name, line, columns)
        rows.append({**row, ROW: line})
    if problems:
        raise InputError(problems)
    frame = pd.DataFrame(rows, columns=[*(column.name for column in columns), ROW])
    return frame.astype({column.name: "str" for column in columns})


def _records(path: Path, name: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    if not path.is_file():
        siblings = sorted(p.name for p in path.parent.glob("*")) if path.parent.is_dir() else []
        raise InputError(
            Problem(
                f"the file is missing in {path.parent}.",
                file=name,
                value=path.name,
                allowed=siblings,
            )
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"the file is not UTF-8 (byte {error.start}); save it as CSV UTF-8."
        raise InputError(Problem(message, file=name)) from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records: list[tuple[int, list[str]]] = []
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                records.append((begins, [cell.strip() for cell in cells]))
            begins = reader.line_num + 1
    except csv.Error as error:
        message = f"not a valid CSV file: {error}."
        raise InputError(Problem(message, file=name, row=reader.line_num)) from error
    if not records:
        raise InputError(Problem("the file is empty; it needs a header row.", file=name))
    return records[0][1], records[1:]


def _header_problems(header: list[str], name: str, columns: Sequence[Column]) -> list[Problem]:
    known = [column.name for column in columns]
    problems = [
        Problem("the column is there twice.", file=name, row=1, column=column)
        for column in sorted({column for column in header if column and header.count(column) > 1})
    ]
    missing = [c.name for c in columns if c.must_exist and c.name not in header]
    unknown = [column for column in header if column not in known and column]
    for column in missing:
        problems.append(
            Problem(
                f"the column {column!r} is missing."
                + (f" Unknown columns there: {', '.join(unknown)}." if unknown else ""),
                file=name,
                row=1,
            )
        )
    problems += [
        Problem("unknown column.", file=name, row=1, value=column, allowed=known)
        for column in unknown
    ]
    return problems


def _cell_problems(
    row: Mapping[str, str], name: str, line: int, columns: Sequence[Column]
) -> list[Problem]:
    problems = []
    for column in columns:
        value = row[column.name]
        if not value and column.required:
            problems.append(
                Problem(
                    "the cell is empty.",
                    file=name,
                    row=line,
                    column=column.name,
                    allowed=column.allowed,
                )
            )
        elif value and column.allowed and value not in column.allowed:
            problems.append(
                Problem(
                    "not an allowed value.",
                    file=name,
                    row=line,
                    column=column.name,
                    value=value,
                    allowed=column.allowed,
                )
            )
    return problems


def row_problem(
    name: str, row: Row, column: str, message: str, allowed: Sequence[object] = ()
) -> Problem:
    """Return the problem of one cell of a table that `read_table` gave."""
    line = row[ROW]
    return Problem(
        message,
        file=name,
        row=int(str(line)),
        column=column,
        value=row[column],
        allowed=tuple(allowed),
    )


def duplicates(frame: pd.DataFrame, name: str, keys: Sequence[str]) -> list[Problem]:
    """Return a problem for each row whose `keys` an earlier row has already."""
    repeated = frame[frame.duplicated(list(keys))]
    return [
        row_problem(name, row, keys[0], f"{' and '.join(keys)} must be unique; this is a repeat.")
        for row in records(repeated)
    ]


def to_number(text: str) -> float | None:
    """Return the number that a cell holds, None for an empty cell.

    Raises
    ------
    ValueError
        The text is neither empty nor a finite number written with a decimal point.
    """
    if not text:
        return None
    value = float(text)
    if value != value or value in (float("inf"), float("-inf")) or "_" in text:
        raise ValueError(text)
    return value
