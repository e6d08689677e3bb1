"""What stands in the columns of exports: each spelling with how often and where it occurs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from analysis.drafting.text import label_of
from analysis.drafting.words import MISSING_WORDS, word_key
from analysis.intake import RawTable
from analysis.intake.spelling import folded, trimmed
from analysis.study.exports import Export

Place = tuple[str, str]
"""A cycle and a group of respondents."""


@dataclass(frozen=True)
class Sheet:
    """One export, read: its place in the study to be, its cells, and sheets that are not read."""

    export: Export
    raw: RawTable
    other_sheets: tuple[str, ...] = ()

    @property
    def place(self) -> Place:
        """Whose answers it has."""
        return self.export.cycle, self.export.respondents

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Its columns in their order."""
        return tuple(Column(self, header) for header in self.raw.header)


@dataclass(frozen=True, eq=False)
class Column:
    """One column of one export."""

    sheet: Sheet
    header: str

    @property
    def tool(self) -> str:
        """The survey tool that wrote it, as far as that is known."""
        return self.sheet.export.reading.tool

    @property
    def question(self) -> str:
        """The text of the question, where the export has it beside the header; else empty."""
        return self.sheet.raw.questions.get(self.header, "")

    @property
    def cells(self) -> pd.Series[str]:
        """The cells as written."""
        return self.sheet.raw.table[self.header]

    @cached_property
    def spellings(self) -> Mapping[str, int]:
        """How often each answer occurs, without the spaces around it; blanks are left out."""
        found: dict[str, int] = {}
        for cell, number in self.cells.value_counts(sort=False).items():
            spelling = trimmed(str(cell))
            if spelling:
                found[spelling] = found.get(spelling, 0) + int(number)
        return found

    @property
    def n_answers(self) -> int:
        """How many cells are not blank."""
        return sum(self.spellings.values())


@dataclass(frozen=True, eq=False)
class Word:
    """One answer in all its spellings.

    Attributes
    ----------
    label : the answer made fit for a label.
    spellings : one for each way to write it that cleaning tells apart.
    counts : how often it occurs, by cycle and group.
    status : the status that it seems to mean; empty for an answer.
    """

    label: str
    spellings: tuple[str, ...]
    counts: Mapping[Place, int]
    status: str = ""

    @property
    def key(self) -> str:
        """The answer as the lists of known words spell it."""
        return word_key(self.label)

    @property
    def total(self) -> int:
        """How often it occurs in all exports."""
        return sum(self.counts.values())


def words_in(columns: Iterable[Column]) -> tuple[Word, ...]:
    """Return the answers in some columns in the order in which they first occur."""
    return _words(
        (spelling, column.sheet.place, number)
        for column in columns
        for spelling, number in column.spellings.items()
    )


def parts_of(words: Iterable[Word], mark: str) -> tuple[Word, ...]:
    """Return the single answers in cells that hold several, with a mark between them."""
    return _words(
        (trimmed(part), place, number)
        for word in words
        for part in word.spellings[0].split(mark)
        if trimmed(part)
        for place, number in word.counts.items()
    )


def _words(said_where: Iterable[tuple[str, Place, int]]) -> tuple[Word, ...]:
    """Put together what is the same answer; each is given with where and how often it was said."""
    spellings: dict[str, dict[str, str]] = {}
    counts: dict[str, dict[Place, int]] = {}
    for spelling, place, number in said_where:
        key = folded(label_of(spelling))
        spellings.setdefault(key, {}).setdefault(folded(spelling), spelling)
        own = counts.setdefault(key, {})
        own[place] = own.get(place, 0) + number
    found = []
    for key, ways in spellings.items():
        written = tuple(ways.values())
        label = label_of(written[0])
        found.append(Word(label, written, counts[key], MISSING_WORDS.get(word_key(label), "")))
    return tuple(found)


def said(words: Iterable[Word]) -> tuple[Word, ...]:
    """Return the answers without those that say why there is none."""
    return tuple(word for word in words if not word.status)


def places_of(columns: Sequence[Column]) -> tuple[Place, ...]:
    """Return whose answers some columns hold, in the order of the exports."""
    return tuple(dict.fromkeys(column.sheet.place for column in columns))
