"""Fits tables to paper and to a phone: no word twice, no empty cell, no column without its name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape

from analysis.report.markup import plain
from analysis.report.table_marks import MOST_COLUMNS

SHAPE = re.compile(
    r"<table>(?P<caption><caption[^>]*>.*?)</caption>"
    r"<thead><tr>(?P<head>(?:(?!</tr>).)*)</tr></thead><tbody>(?P<body>.*)</tbody></table>",
    re.DOTALL,
)
ROW = re.compile(r"<tr(?P<given>[^>]*)>(?P<cells>.*?)</tr>", re.DOTALL)
CELL = re.compile(r"<(?P<tag>td|th)(?P<given>[^>]*)>(?P<inside>.*?)</(?P=tag)>", re.DOTALL)
LEAST_EMPTY = 3
"""How many cells must be empty for their room to be shared out."""

LEAST_SHARED = 3
"""How many rows must say the same for it to be said once."""


@dataclass(frozen=True)
class _Cell:
    """A cell, the name of its column, and how many columns it takes."""

    tag: str
    given: str
    inside: str
    name: str
    columns: int = 1

    def html(self) -> str:
        """Return the cell, which a narrow screen shows after the name of its column."""
        label = f' data-label="{escape(self.name)}"' if self.tag == "td" and self.name else ""
        span = f' colspan="{self.columns}"' if self.columns > 1 else ""
        return f"<{self.tag}{self.given}{span}{label}>{self.inside}</{self.tag}>"


def readable(table: str) -> str:
    """Fit a table with one row of headers to narrow screens and to paper.

    Every cell learns the name of its column. In a row that has nothing to say in the columns
    after its header, the header and the next cell share them. Where the table is wide, what all
    rows of a column say is said once, under the caption. Other tables stay as they are.

    >>> head = '<thead><tr><th scope="col">State</th><th scope="col">n</th></tr></thead>'
    >>> row = '<tr><th scope="row">A</th><td>1</td></tr>'
    >>> table = f"<table><caption>x</caption>{head}<tbody>{row}</tbody></table>"
    >>> readable(table).partition("<tbody>")[2]
    '<tr><th scope="row">A</th><td data-label="n">1</td></tr></tbody></table>'
    """
    shape = SHAPE.fullmatch(table)
    if shape is None or "span=" in table:
        return table
    head = [
        _Cell(cell["tag"], cell["given"], cell["inside"], "")
        for cell in CELL.finditer(shape["head"])
    ]
    names = [plain(cell.inside) for cell in head]
    rows = [(row["given"], _cells(row["cells"], names)) for row in ROW.finditer(shape["body"])]
    if not rows or any(len(cells) != len(names) for _, cells in rows):
        return table
    shared = _shared([cells for _, cells in rows]) if len(names) > MOST_COLUMNS else {}
    kept = [at for at in range(len(names)) if at not in shared]
    said = "; ".join(f"{escape(names[at])}: {inside}" for at, inside in shared.items())
    caption = (
        f'<span class="note">The same in every row with values: {said}.</span>' if said else ""
    )
    lines = "".join(
        f"<tr{given}>{''.join(cell.html() for cell in _spread([cells[at] for at in kept]))}</tr>"
        for given, cells in rows
    )
    return (
        f'<table class="stack{" wide" if len(kept) > MOST_COLUMNS else ""}">'
        f"{shape['caption']}{caption}</caption>"
        f"<thead><tr>{''.join(head[at].html() for at in kept)}</tr></thead>"
        f"<tbody>{lines}</tbody></table>"
    )


def _cells(row: str, names: Sequence[str]) -> list[_Cell]:
    found = [(cell["tag"], cell["given"], cell["inside"]) for cell in CELL.finditer(row)]
    named = [*names, *[""] * len(found)]
    return [_Cell(*cell, name) for cell, name in zip(found, named, strict=False)]


def _shared(rows: Sequence[Sequence[_Cell]]) -> dict[int, str]:
    """Return the words that all rows say in a column, by the column.

    Rows that say nothing before their last word need not say them. Numbers stay in every row, and
    so does a mark, which repeats the name of its column.
    """
    full = [_empty(row) < LEAST_EMPTY for row in rows]
    shared = {}
    for at, column in enumerate(zip(*rows, strict=True)):
        said = [cell.inside for cell, is_full in zip(column, full, strict=True) if is_full]
        others = [cell.inside for cell, is_full in zip(column, full, strict=True) if not is_full]
        is_same = len(said) >= LEAST_SHARED and len(set(said)) == 1 and not any(others)
        is_word = bool(said[:1]) and not re.fullmatch(r"[^A-Za-z]*", said[0])
        if at and is_same and is_word and said[0] != column[0].name:
            shared[at] = said[0]
    return shared


def _empty(row: Sequence[_Cell]) -> int:
    """Count the empty cells between the header of a row and what comes after them."""
    return next((at for at, cell in enumerate(row[1:]) if cell.inside), 0)


def _spread(cells: Sequence[_Cell]) -> list[_Cell]:
    """Share out the empty cells between the header of a row and what comes after them."""
    header, *rest = cells
    empty = _empty(cells)
    if header.tag != "th" or empty < LEAST_EMPTY:
        return list(cells)
    after = replace(rest[empty], columns=1 + empty - empty // 2)
    return [replace(header, columns=1 + empty // 2), after, *rest[empty + 1 :]]
