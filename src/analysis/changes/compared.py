"""Two reports compared: each number that is another one, new or gone, and what can have done it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from analysis.changes.causes import CAUSES, UNKNOWN, Causes, Told
from analysis.changes.cells import differing
from analysis.changes.matching import Row, columns, matched, rows_of
from analysis.report.numbers import NUMBERS
from analysis.sharing.opening import Report

CHANGED, NEW, VANISHED = "changed", "new", "vanished"


@dataclass(frozen=True)
class Change:
    """One number that differs.

    Attributes
    ----------
    table : the file it stands in, below the reports folder.
    row : how the row is known, by the ids of the codebook where it has any.
    column : heading of its column.
    position : which number of its cell it is, from 1.
    old, new : None where there is none.
    old_text, new_text : the cell as it is written.
    causes : what can have changed it.
    """

    table: str
    row: str
    column: str
    position: int
    old: float | None
    new: float | None
    old_text: str
    new_text: str
    causes: Told = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """One of `CHANGED`, `NEW` and `VANISHED`."""
        if self.old is None:
            return NEW
        return VANISHED if self.new is None else CHANGED

    @property
    def difference(self) -> float | None:
        """How much larger the new number is; None where one of them is missing."""
        if self.old is None or self.new is None:
            return None
        return float(f"{self.new - self.old:.12g}")  # without what binary fractions add

    @property
    def page(self) -> str:
        """The page whose table it stands in; empty for a table behind all pages."""
        folder, _, rest = self.table.partition("/")
        return "" if folder == NUMBERS else rest.rpartition("/")[0]

    @property
    def quoted(self) -> str:
        """The table as a reader quotes it."""
        return self.table.partition("/")[2].removesuffix(".csv") if self.page else self.table

    @property
    def as_record(self) -> dict[str, Any]:
        """The change as JSON holds it."""
        return {
            "kind": self.kind,
            "table": self.table,
            "row": self.row,
            "column": self.column,
            "position": self.position,
            "old": self.old,
            "new": self.new,
            "difference": self.difference,
            "old_text": self.old_text,
            "new_text": self.new_text,
            "causes": list(self.causes),
            "because": {cause: list(found) for cause, found in self.causes.items()},
        }


@dataclass(frozen=True)
class Comparison:
    """All that differs between two reports."""

    old: Report
    new: Report
    changes: Sequence[Change]

    @property
    def causes(self) -> Told:
        """Every cause of a change, with all that it consists in."""
        found: Told = {}
        for cause in (*CAUSES, UNKNOWN):
            told = [text for one in self.changes for text in one.causes.get(cause, ())]
            if told or any(cause in one.causes for one in self.changes):
                found[cause] = list(dict.fromkeys(told))
        return found


def compare(old: Report, new: Report) -> Comparison:
    """Return every number that differs between two reports of one study."""
    causes = Causes(old, new)
    names = dict.fromkeys([*_in_order(new), *_in_order(old)])
    changes = [change for name in names for change in _changes(name, causes)]
    return Comparison(old, new, changes)


def _in_order(report: Report) -> Iterator[str]:
    """The tables behind all pages, then those of each page in the order of the report."""
    pages = list(report.titles)
    place = {name: number for number, name in enumerate(report.tables)}

    def key(table: str) -> tuple[int, int]:
        page = table.split("/")[1]
        return (pages.index(page) if page in pages else -1, place[table])

    yield from sorted(report.tables, key=key)


def _changes(table: str, causes: Causes) -> Iterator[Change]:
    reports = (causes.old, causes.new)
    old, new = rows_of(
        [report.tables.get(table, []) for report in reports],
        [report.study["indicators"] for report in reports],
    )
    named = columns(old, new)
    for before, after in matched(old, new):
        known = after or before
        if known is None:
            continue
        for first, second in named:
            if known.is_known_by(second or first):
                continue
            was = before.cells.get(first, "") if before else ""
            is_ = after.cells.get(second, "") if after else ""
            for one in differing(was, is_):
                column = second or first
                yield Change(
                    table=table,
                    row=known.label,
                    column=column,
                    position=one.place,
                    old=one.old,
                    new=one.new,
                    old_text=was,
                    new_text=is_,
                    causes=_causes_of(causes, table, known, column),
                )


def _causes_of(causes: Causes, table: str, row: Row, column: str) -> Told:
    """What can have changed a number; of all that differs where nothing of its item does."""
    folder, page = table.split("/")[:2]
    if folder == NUMBERS:
        told = causes.of_study(row.item, column) or causes.of_study()
    else:
        told = causes.of_page(page, row.item, column) or causes.of_page(page)
    return told or {UNKNOWN: []}
