"""A table as it is written: text in cells, and the line that each row begins on."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from analysis.problems import InputError, Problem

MARKS = ",;\t"
"""What may stand between cells: a spreadsheet writes what is usual in its country."""


@dataclass(frozen=True)
class Grid:
    """A table that has been read and not yet held to any rule.

    Attributes
    ----------
    name : what messages call it, for example ``codebook/survey.csv``.
    header : the cells of the first row.
    rows : the line that a row begins on (the header stands in line 1), and its cells.
    """

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read_csv(path: Path, name: str) -> Grid:
    """Read a CSV file, UTF-8 with or without a byte-order mark; empty rows are passed over.

    The mark between cells is the one that the first line has the most of: no name of a column has
    any in it.

    Raises
    ------
    InputError
        The file is missing, not UTF-8, not valid CSV or empty.
    """
    if not path.is_file():
        siblings = sorted(p.name for p in path.parent.glob("*")) if path.parent.is_dir() else []
        message = f"the file is missing in {path.parent}."
        raise InputError(Problem(message, file=name, value=path.name, allowed=siblings))
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"the file is not UTF-8 (byte {error.start}); save it as CSV UTF-8."
        raise InputError(Problem(message, file=name)) from error
    mark = max(MARKS, key=text.lstrip("\r\n").partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    rows: list[tuple[int, tuple[str, ...]]] = []
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((begins, tuple(cell.strip() for cell in cells)))
            begins = reader.line_num + 1
    except csv.Error as error:
        message = f"not a valid CSV file: {error}."
        raise InputError(Problem(message, file=name, row=reader.line_num)) from error
    if not rows:
        raise InputError(Problem("the file is empty; it needs a header row.", file=name))
    return Grid(name, rows[0][1], tuple(rows[1:]))
