"""Which row and column of a table is which row and column of the same table in another report.

Rows are known by the ids of the codebook. Their order, the wording of a label and the heading of a
column may all have changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from analysis.changes.cells import numbers_in, words_in
from analysis.study.places import SYNTHETIC

IDS = (
    *("finding_id", "Id", "indicator", "item", "option", "respondents", "cycle", "cycle_from"),
    *("cycle_to", "cycles", "denominator", "view", "assumption", "Cycle", "section"),
)
"""Headings of the columns by which a row is known; their cells are names, even as numbers."""

ALONE = frozenset(("finding_id", "Id"))
"""Those that are enough by themselves."""

NO_NUMBERS = frozenset(
    (*IDS, *"finding_ids Findings Where Finding From Respondents reason remark method".split())
)
"""Headings of the columns whose cells hold no number of the report, though perhaps digits."""

MOST_LEADING = 3
"""So many columns in front can be needed to tell the rows of a table for readers apart."""

Cells = Mapping[str, str]


@dataclass(frozen=True)
class Row:
    """A row of a table.

    Attributes
    ----------
    cells : by heading.
    key, named : the cells by which it is known, and their headings.
    has_ids : whether these are ids of the codebook, at least some of them.
    item : the item of the codebook that its numbers are about; empty where it does not say.
    """

    cells: Cells
    key: tuple[str, ...]
    named: frozenset[str]
    has_ids: bool
    item: str

    @property
    def label(self) -> str:
        """How a reader finds the row."""
        return ", ".join(dict.fromkeys(one for one in self.key if one))

    def is_known_by(self, column: str) -> bool:
        """Whether a column tells which row this is; its number is then none of the report."""
        return self.has_ids and column in self.named

    @property
    def words(self) -> tuple[str, ...]:
        """What it is known by, whatever numbers stand in it; only where no id stands."""
        return () if self.has_ids else tuple(words_in(one) for one in self.key)

    @property
    def numbers(self) -> tuple[float, ...]:
        """All its numbers; only where no id stands."""
        found = (cell for name, cell in self.cells.items() if name not in NO_NUMBERS)
        return () if self.has_ids else tuple(value for cell in found for value in numbers_in(cell))


Indicators = Mapping[str, Sequence[str]]
"""Item and label of each indicator."""


def rows_of(
    tables: Sequence[Sequence[Sequence[str]]], indicators: Sequence[Indicators]
) -> list[list[Row]]:
    """Return the rows of several versions of a table, each with its header first.

    A row is known by the columns that hold ids. Where these are the same in several rows, or
    missing, the columns in front are added until the rows of every version are told apart.

    Parameters
    ----------
    indicators : for each version; by its label a row of a table for readers is known as the one of
        the indicator.
    """
    read = [_cells(table) for table in tables]
    known = [
        [(one, _ids(one, by_name)) for one in rows]
        for rows, by_name in zip(read, indicators, strict=True)
    ]
    leading = next((count for count in range(MOST_LEADING + 1) if _apart(known, count)), 0)
    return [
        [_row(cells, ids, leading, by_name) for cells, ids in rows]
        for rows, by_name in zip(known, indicators, strict=True)
    ]


def _cells(table: Sequence[Sequence[str]]) -> list[Cells]:
    if not table:
        return []
    header = [
        name if table[0].index(name) == place else f"{name} ({place + 1})"
        for place, name in enumerate(table[0])
    ]
    rows = [dict(zip(header, cells, strict=False)) for cells in table[1:]]
    return [{name: cell for name, cell in row.items() if name != SYNTHETIC} for row in rows]


def _ids(cells: Cells, indicators: Indicators) -> Cells:
    """The ids in a row; the one of an indicator also where only its label stands."""
    for name in ALONE & set(cells):
        return {name: cells[name]}
    ids = {name: cells[name] for name in IDS if name in cells}
    if "indicator" not in ids:
        labels = {label: name for name, (_, label) in indicators.items()}
        named = next((labels[cell] for cell in cells.values() if cell in labels), "")
        ids = {"indicator": named, **ids} if named else ids
    return ids


def _apart(versions: Sequence[Sequence[tuple[Cells, Cells]]], leading: int) -> bool:
    """Whether rows are told apart by their ids and so many columns in front."""
    for rows in versions:
        keys = [_key(cells, ids, leading) for cells, ids in rows]
        if len(set(keys)) < len(keys) or () in keys:
            return False
    return True


def _key(cells: Cells, ids: Cells, leading: int) -> tuple[str, ...]:
    front = list(cells)[:leading]
    return (*ids.values(), *(cells[name] for name in front if name not in ids))


def _row(cells: Cells, ids: Cells, leading: int, indicators: Indicators) -> Row:
    item = cells.get("item") or next(iter(indicators.get(ids.get("indicator", ""), ("",))), "")
    named = frozenset((*ids, *list(cells)[:leading]))
    return Row(cells, _key(cells, ids, leading), named, any(ids.values()), item)


def matched(old: Sequence[Row], new: Sequence[Row]) -> Iterator[tuple[Row | None, Row | None]]:
    """Yield each row of both with the one that it was or became; None where there is none.

    The rows of the new table come first, in their order.
    """
    partner: dict[int, int] = {}
    ways: tuple[Callable[[Row], Hashable], ...] = (
        lambda row: row.key,
        lambda row: row.words,
        lambda row: row.numbers,
    )
    for way in ways:
        before = _by_key(old, way, set(partner.values()))
        after = _by_key(new, way, partner)
        for name, places in after.items():
            partner.update(zip(places, before.get(name, ()), strict=False))
    for place, row in enumerate(new):
        yield (old[partner[place]] if place in partner else None), row
    kept = set(partner.values())
    for place, row in enumerate(old):
        if place not in kept:
            yield row, None


def _by_key(
    rows: Sequence[Row], way: Callable[[Row], Hashable], known: Collection[int]
) -> dict[Hashable, list[int]]:
    found: dict[Hashable, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        name = way(row)
        if place not in known and name != ():
            found[name].append(place)
    return found


def columns(old: Sequence[Row], new: Sequence[Row]) -> list[tuple[str, str]]:
    """Return the columns that hold numbers, by their headings in both tables.

    A heading that is in one table only is that of the column in the same place of what is left
    over, where both have as many left over; empty where there is no such column.
    """
    before, after = (list(rows[0].cells) if rows else [] for rows in (old, new))
    if not before or not after:
        return [(name, name) for name in before + after if name not in NO_NUMBERS]
    lost = [name for name in before if name not in after]
    added = [name for name in after if name not in before]
    renamed = dict(zip(added, lost, strict=True)) if len(added) == len(lost) else {}
    pairs = [(name if name in before else renamed.get(name, ""), name) for name in after]
    pairs += [(name, "") for name in lost if name not in renamed.values()]
    return [pair for pair in pairs if not NO_NUMBERS & set(pair)]
