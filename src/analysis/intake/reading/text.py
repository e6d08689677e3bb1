"""Delimited text (CSV, TSV): what stands between the cells, and the rows."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import PurePath

from analysis.intake.reading.cells import Cells, gathered, long_cell, shown
from analysis.intake.reading.encoding import SOURCES, decoded
from analysis.intake.reading.heading import Heading, Row
from analysis.problems import Problem
from analysis.study.reading import DELIMITERS, Reading

WORDS = {mark: word for word, mark in DELIMITERS.items() if word.isalpha()}
"""The word for each delimiter, for messages."""

TAB = "\t"
LOOKED_AT, BEGIN = 100, 1_000_000
"""So many rows, among so many characters, tell what stands between the cells."""

MOST_SHOWN = 80
"""So many characters of a cell are shown."""

_HINT = re.compile(r"\"?sep=(?P<mark>[^\r\n])\"?[,;\t|]*(?:\r\n|\r|\n)", re.IGNORECASE)
"""The line by which Excel says what stands between the cells."""


def read_text(
    content: bytes, name: str, reading: Reading, heading: Heading
) -> tuple[Cells | None, list[Problem]]:
    """Read delimited text; the line of a row is the one that a text editor shows.

    Returns
    -------
    Cells or None, list of Problem
        None where there is a problem with the file: with its encoding, with what stands between
        the cells, with quotes, or one of those of `analysis.intake.reading.cells.gathered`.
    """
    text, problems = decoded(content, reading.encoding, name)
    if problems:
        return None, problems
    hint = _HINT.match(text)
    lines_before = 1 if hint else 0
    text = text[hint.end() :] if hint else text
    mark = DELIMITERS.get(reading.delimiter) or (hint["mark"] if hint else "")
    if not mark:
        mark, problems = delimiter_of(text, name, heading.skipped)
        if problems:
            return None, problems
    rows = _Rows(text, mark, lines_before)
    # Programs do not show the line by which Excel says it, so nobody counts it.
    below = replace(heading, skipped=heading.skipped + lines_before)
    found, problems = gathered(rows, name, below)
    if rows.error:
        return None, [_broken(text, mark, rows, found.header, name)]
    if len(found.header) == 1 and reading.delimiter:
        problems = _other_delimiter(found, mark, name) or problems
    if "\0" in text:
        problems = [*problems, *_zeros(found, name)]
    return (None, problems) if problems else (found, [])


def delimiter_of(text: str, name: str, skipped: int = 0) -> tuple[str, list[Problem]]:
    """Return what stands between the cells of a text.

    It is what cuts the first rows into as many cells as the header, if nothing else does: quotes
    are respected, so a mark inside a quoted cell does not count. Of two such marks, one with a
    space behind it in the header is punctuation. A text without any of the marks in its header has
    one column.

    Returns
    -------
    str, list of Problem
        A problem where two marks do so.
    """
    by_mark = {mark: _widths(text, mark, skipped) for mark in WORDS}
    shares = {
        mark: Counter(widths)[widths[0]] / len(widths)
        for mark, widths in by_mark.items()
        if widths and widths[0] > 1
    }
    usual = TAB if PurePath(name).suffix.lower() in (".tsv", ".tab") else ","
    if not shares:
        return usual, []
    headers = {
        mark: next(_begin(text, mark, skipped))
        for mark, share in shares.items()
        if share == max(shares.values())
    }
    tight = [mark for mark, header in headers.items() if not any(map(_is_loose, header))]
    best = tight or list(headers)
    if len(best) == 1 or (usual == TAB and TAB in best):
        return TAB if usual == TAB and TAB in best else best[0], []
    said = " or ".join(
        f"the {WORDS[mark]} (then the first header is {headers[mark][0]!r})" for mark in best
    )
    message = f"cells may be separated by {said}; say which in {SOURCES}."
    allowed = tuple(WORDS[mark] for mark in best)
    return "", [Problem(message, file=name, row=1, column="delimiter", allowed=allowed)]


def _is_loose(header: str) -> bool:
    return header[:1] == " "


class _Rows:
    """The rows of a text that are no empty lines; `error` says why they end before it does."""

    def __init__(self, text: str, mark: str, lines_before: int) -> None:
        self.error = ""
        self.line = lines_before + 1
        self.lines_before = lines_before
        self._reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)

    def __iter__(self) -> Iterator[Row]:
        try:
            for cells in self._reader:
                if cells:
                    yield self.line, cells
                self.line = self.lines_before + self._reader.line_num + 1
        except csv.Error as error:
            self.error = str(error)


def _begin(text: str, mark: str, skipped: int) -> Iterator[list[str]]:
    """The first rows below those that are skipped, without empty lines."""
    reader = csv.reader(io.StringIO(text[:BEGIN], newline=""), delimiter=mark, strict=True)
    line = 1
    for cells in reader:
        if cells and line > skipped:
            yield cells
        line = reader.line_num + 1


def _widths(text: str, mark: str, skipped: int) -> list[int]:
    """How many cells the first rows have; 0 for one that cannot be read."""
    widths: list[int] = []
    try:
        for cells in islice(_begin(text, mark, skipped), LOOKED_AT):
            widths.append(len(cells))
    except csv.Error:
        widths.append(0)
    is_cut = len(text) > BEGIN and len(widths) < LOOKED_AT
    return widths[:-1] if is_cut and len(widths) > 1 else widths


def _broken(text: str, mark: str, rows: _Rows, header: Sequence[str], name: str) -> Problem:
    """What is wrong with the row that ends the reading: it is too long, or its quotes are wrong."""
    stream = io.StringIO(text, newline="")
    for _ in islice(stream, rows.line - 1 - rows.lines_before):
        pass
    usual = csv.field_size_limit(len(text) + 1)
    try:
        cells = next(csv.reader(stream, delimiter=mark, strict=True), [])
    except csv.Error as error:
        return Problem(f"not a valid CSV file: {error}.", file=name, row=rows.line)
    finally:
        csv.field_size_limit(usual)
    place = max(range(len(cells)), key=lambda number: len(cells[number]))
    column = header[place] if place < len(header) else ""
    return long_cell(name, rows.line, column, len(cells[place]))


def _other_delimiter(found: Cells, mark: str, name: str) -> list[Problem]:
    others = [other for other in WORDS if other != mark and other in found.header[0]]
    message = f"cells must be separated by the {WORDS[mark]}, as {SOURCES} declares."
    return [
        Problem(message, file=name, row=found.top, value=WORDS[other], allowed=(WORDS[mark],))
        for other in others[:1]
    ]


def _zeros(found: Cells, name: str) -> list[Problem]:
    """The cells that hold a NUL, which no editor shows and most programs end a text at."""
    message = "the cell holds a NUL character; export the file again, or name its encoding."
    problems = [
        Problem(message, file=name, row=found.top, column=header.replace("\0", ""), value=header)
        for header in found.header
        if "\0" in header
    ]
    for header, column in zip(found.header, found.columns, strict=True):
        problems += [
            Problem(message, file=name, row=line, column=header, value=cell[:MOST_SHOWN])
            for cell, line in zip(column, found.lines, strict=True)
            if "\0" in cell
        ]
    return shown(problems, "cells like it")
