"""Tables that people edit by hand: read as text, held to their declared columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.frames import Row, records
from analysis.problems import InputError, Problem
from analysis.study.grids import Grid, read_csv

ROW = "_row"
"""Helper column: the line of the file that a row begins on, for messages."""

MISSPELT = 0.7
"""From this likeness on (0 to 1) a header is taken for a misspelt one, where others may stand."""


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
        What `held` makes of the file.

    Raises
    ------
    InputError
        The file is missing, not UTF-8 or not a table; or what `held` raises.
    """
    return held(read_csv(path, name), columns)


def held(grid: Grid, columns: Sequence[Column], *, has_others: bool = False) -> pd.DataFrame:
    """Hold a table to its declared columns.

    Parameters
    ----------
    has_others : whether other columns may stand there too. They are left out, unless one reads
        like a declared column that is not there.

    Returns
    -------
    DataFrame
        One row a record, one text column for each of `columns` in that order (stripped of outer
        spaces, empty text where the file is empty), and ``_row``, the line of the file.

    Raises
    ------
    InputError
        A column is missing, unknown or there twice; a row has too many or too few cells; a cell is
        empty or not one of the allowed words.
    """
    header, name = list(grid.header), grid.name
    problems = _header_problems(header, name, columns, has_others)
    if problems:
        raise InputError(problems)
    known = {column.name for column in columns}
    rows: list[dict[str, Any]] = []
    for line, cells in grid.rows:
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
        there = [column for column in columns if column.name in header]
        problems += _cell_problems(row, name, line, there)
        rows.append({**row, ROW: line})
    if problems:
        raise InputError(problems)
    return as_frame(rows, columns)


def as_frame(rows: Sequence[Row], columns: Sequence[Column]) -> pd.DataFrame:
    """Return rows as the frame that `held` gives."""
    frame = pd.DataFrame(list(rows), columns=[*(column.name for column in columns), ROW])
    return frame.astype({column.name: "str" for column in columns} | {ROW: "int64"})


def _header_problems(
    header: list[str], name: str, columns: Sequence[Column], has_others: bool
) -> list[Problem]:
    known = [column.name for column in columns]
    problems = [
        Problem("the column is there twice.", file=name, row=1, column=column)
        for column in sorted({column for column in header if column and header.count(column) > 1})
        if column in known or not has_others
    ]
    missing = [c.name for c in columns if c.must_exist and c.name not in header]
    unknown = [column for column in header if column not in known and column]
    if has_others:
        absent = [column for column in known if column not in header]
        unknown = [column for column in unknown if _is_misspelt(column, absent)]
        known = absent
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


def _is_misspelt(column: str, absent: Sequence[str]) -> bool:
    """Whether it reads like a column that is not there."""
    likeness = (SequenceMatcher(None, column.lower(), one).ratio() for one in absent)
    return any(ratio >= MISSPELT for ratio in likeness)


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
