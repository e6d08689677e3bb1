"""Reads one export exactly as it is, as text, and holds it to its hash."""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.intake.spelling import plain
from analysis.problems import Problem, refuse_any
from analysis.study.exports import Export

SEPARATORS = {".csv": ",", ".tsv": "\t"}
"""The formats that are read, by the ending of the file, and what stands between two cells."""

AT_ONCE = 1000
"""So many rows are held as rows while a file is read."""

LINE = "row"
"""Name of the index of raw and clean tables: the line of the file that a row begins on."""


@dataclass(frozen=True)
class RawTable:
    """An export as text.

    Attributes
    ----------
    file : name of the export inside the study.
    table : one row a submission, one text column a header as it is written; the index, named
        ``row``, is the line of the file that a text editor shows (the header stands in line 1).
    """

    file: str
    table: pd.DataFrame

    @property
    def header(self) -> tuple[str, ...]:
        """The headers as written, in their order."""
        return tuple(str(name) for name in self.table.columns)


def read_raw(export: Export) -> RawTable:
    """Read an export, UTF-8 with or without a byte-order mark.

    Raises
    ------
    InputError
        With everything that is wrong: the file is missing, of another format, not UTF-8, empty,
        or not what its hash was taken of; a header is empty or there twice; a row has too many or
        too few cells.
    """
    raw, problems = try_raw(export)
    refuse_any(problems)
    if raw is None:
        raise AssertionError("an export that cannot be read has a problem")
    return raw


def try_raw(export: Export) -> tuple[RawTable | None, list[Problem]]:
    """Read as `read_raw` does, and return what can be read beside what is wrong."""
    if export.path.suffix.lower() not in SEPARATORS:
        message = "this format cannot be read; save the export as CSV UTF-8."
        found = export.path.suffix
        return None, [Problem(message, file=export.name, value=found, allowed=tuple(SEPARATORS))]
    if not export.path.is_file():
        return None, [_missing(export)]
    content = export.path.read_bytes()
    problems = _altered(export, content)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        message = f"the file is not UTF-8 (byte {error.start}); save it as CSV UTF-8."
        value = repr(content[error.start : error.start + 1])[1:].strip("'")
        return None, [
            *problems,
            Problem(message, file=export.name, row=line, value=value, allowed=("UTF-8",)),
        ]
    cells, more = _split(text, export)
    if more:
        return None, [*problems, *more]
    index = pd.Index(cells.lines, dtype="int64", name=LINE)
    by_header = dict(zip(cells.header, cells.columns, strict=True))
    return RawTable(export.name, pd.DataFrame(by_header, index=index, dtype="str")), problems


def sha256_of(path: Path) -> str:
    """Return the hash by which ``sources.csv`` knows a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _missing(export: Export) -> Problem:
    folder = export.path.parent
    siblings = tuple(sorted(path.name for path in folder.glob("*")))
    return Problem(
        "the export is missing.", file=export.name, value=export.path.name, allowed=siblings
    )


def _altered(export: Export, content: bytes) -> list[Problem]:
    found, expected = hashlib.sha256(content).hexdigest(), export.sha256.strip().lower()
    if found == expected:
        return []
    message = (
        "the export was altered after its hash was taken; put the original back, or its new hash "
        "into sources.csv."
    )
    return [Problem(message, file=export.name, column="sha256", value=found, allowed=(expected,))]


@dataclass(frozen=True)
class _Cells:
    """The header, the cells by column, and the line that each row begins on."""

    header: list[str]
    columns: list[list[str]]
    lines: list[int]

    def take(self, rows: list[list[str]]) -> None:
        """Move some rows to the ends of the columns, so that few rows are held at a time."""
        for column, cells in zip(self.columns, zip(*rows, strict=True), strict=False):
            column.extend(cells)
        rows.clear()


def _split(text: str, export: Export) -> tuple[_Cells, list[Problem]]:
    """The cells of each row that is not an empty line."""
    separator = SEPARATORS[export.path.suffix.lower()]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    found = _Cells([], [], [])
    ragged: list[Problem] = []
    rows: list[list[str]] = []
    begins = top = 1
    try:
        for cells in reader:
            if cells and not found.header:
                top = begins
                found.header.extend(cells)
                found.columns.extend([] for _ in cells)
            elif cells and len(cells) != len(found.header):
                ragged.append(_ragged(found.header, cells, export.name, begins))
            elif cells:
                found.lines.append(begins)
                rows.append(cells)
            if len(rows) == AT_ONCE:
                found.take(rows)
            begins = reader.line_num + 1
    except csv.Error as error:
        message = f"not a valid CSV file: {error}."
        return found, [Problem(message, file=export.name, row=begins)]
    found.take(rows)
    if not found.header:
        message = "the file is empty; it needs a header row and a row a submission."
        return found, [Problem(message, file=export.name, row=1)]
    if not found.lines and not ragged:
        message = "the file has a header and no submission."
        return found, [Problem(message, file=export.name, row=top + 1)]
    wrong = _separator_problems(found.header, separator, export.name)
    return found, wrong or [*_header_problems(found.header, export.name), *ragged]


def _separator_problems(header: list[str], separator: str, name: str) -> list[Problem]:
    others = [mark for mark in (",", ";", "\t") if mark != separator and mark in header[0]]
    if len(header) > 1 or not others:
        return []
    message = f"cells must be separated by {separator!r}."
    return [Problem(message, file=name, row=1, value=others[0], allowed=(separator,))]


def _header_problems(header: list[str], name: str) -> list[Problem]:
    keys = [plain(cell) for cell in header]
    problems = [
        Problem(f"column {number} has no header.", file=name, row=1)
        for number, key in enumerate(keys, start=1)
        if not key
    ]
    for number, (key, cell) in enumerate(zip(keys, header, strict=True), start=1):
        first = keys.index(key) + 1
        if key and first < number:
            message = f"the header is there twice, in columns {first} and {number}."
            problems.append(Problem(message, file=name, row=1, column=key, value=cell))
    return problems


def _ragged(header: list[str], cells: list[str], name: str, line: int) -> Problem:
    return Problem(
        f"the row has {len(cells)} cells, the header {len(header)}.",
        file=name,
        row=line,
        value=len(cells),
        allowed=(len(header),),
    )
