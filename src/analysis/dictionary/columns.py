"""The columns of the tables in words: one source for documentation and published data."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("columns.csv")


@dataclass(frozen=True)
class Described:
    """What a column holds.

    Attributes
    ----------
    name : the column.
    type : ``string``, ``integer``, ``number`` or ``boolean``.
    values : the words that it can hold, or the kind of name in the codebook (``indicators``,
        ``items``, ``groups``, ``cycles``, ``sections``); empty where anything can stand.
    low, high : the ends of what a number can be; empty where there is none.
    description : what it holds, as a sentence.
    """

    name: str
    type: str
    values: str
    low: str
    high: str
    description: str

    @property
    def words(self) -> tuple[str, ...]:
        """The words that the column can hold, where they are the same in every study."""
        return tuple(self.values.split("|")) if "|" in self.values or self.name == _MARK else ()


_MARK = "SYNTHETIC"


def described_columns(table: str, names: Iterable[str]) -> Sequence[Described]:
    """Return what the columns of a table hold, in their order.

    Parameters
    ----------
    table : name of the table, such as ``comparisons``.
    names : its columns.

    Raises
    ------
    KeyError
        When a column is not described.

    >>> [one.type for one in described_columns("comparisons", ["indicator", "change"])]
    ['string', 'integer']
    """
    own, shared = _described()
    return [own.get((table, name)) or shared[name] for name in names]


@cache
def _described() -> tuple[Mapping[tuple[str, str], Described], Mapping[str, Described]]:
    """Columns by table and name, and those that mean the same in all tables by name."""
    own: dict[tuple[str, str], Described] = {}
    shared: dict[str, Described] = {}
    with FILE.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            tables = row.pop("tables").split()
            one = Described(name=row.pop("column"), **row)
            own |= {(table, one.name): one for table in tables}
            shared |= {} if tables else {one.name: one}
    return own, shared
