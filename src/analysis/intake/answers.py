"""The cells of one column: what each spelling in it means, and which cell has which spelling.

A column has many cells and few spellings. What a cell means is decided once a spelling, and once
more for the cells whose neighbours change it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.intake.spelling import plain, trimmed
from analysis.study.codebook import Mapped
from analysis.study.vocabulary import ANSWERED, MISSING

DONT_KNOW, NO_ANSWER, NOT_APPLICABLE, NOT_ASKED = MISSING

OUTER_SPACES = "outer spaces"
LETTER_CASE = "letter case or Unicode form"
LABEL = "label to code"
VALUE_MAP = "value map: {reason}"
REFUSED = "quarantined: {reason}"
BLANK = "blank: {status}"
STATED = "status column: {status}"
"""The rules by which cleaning changes a cell, as the ledger names them."""


@dataclass(frozen=True)
class Meaning:
    """What a cell was, what it becomes, and why.

    Attributes
    ----------
    before, after : the cell of the raw and of the clean table.
    status : one of `STATUSES`.
    rule : what the ledger says; empty where nothing changes.
    reason : why the value went to the quarantine; empty where it did not.
    mappings : the rows of the value map that decided.
    is_unmapped : nothing says what this spelling means.
    is_declared_missing : the file declares the value missing, and nothing says why.
    is_stated : the status stands in the export beside the cell.
    chosen : the options that the cell names where it can name several, in their order.
    unknown : the parts of the cell that nothing explains, where it is not the whole.
    """

    before: str
    after: str
    status: str = ANSWERED
    rule: str = ""
    reason: str = ""
    mappings: tuple[Mapped, ...] = ()
    is_unmapped: bool = False
    is_declared_missing: bool = False
    is_stated: bool = False
    chosen: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def is_blank(self) -> bool:
        """Whether the export says nothing."""
        return not self.is_stated and not trimmed(self.before)


@dataclass(frozen=True)
class Answers:
    """One column: `codes` says for each cell which of the `meanings` it has."""

    meanings: tuple[Meaning, ...]
    codes: NDArray[np.intp]

    @classmethod
    def read(cls, cells: pd.Series[str], meaning: Callable[[str], Meaning]) -> Answers:
        """Read a column by asking once for each spelling in it what it means."""
        codes, spellings = pd.factorize(cells)
        return cls(tuple(meaning(str(spelling)) for spelling in spellings), codes)

    @classmethod
    def joined(cls, size: int, parts: Sequence[tuple[NDArray[np.intp], Answers]]) -> Answers:
        """Put a column of so many cells together from parts, each with the places of its cells."""
        codes = np.zeros(size, dtype=np.intp)
        meanings: list[Meaning] = []
        for places, part in parts:
            codes[places] = part.codes + len(meanings)
            meanings += part.meanings
        return cls(tuple(meanings), codes)

    def at(self, places: NDArray[np.generic]) -> Answers:
        """Return some of the cells, by their places or by a mask."""
        return Answers(self.meanings, self.codes[places])

    def where(self, mask: NDArray[np.bool_], change: Callable[[Meaning], Meaning]) -> Answers:
        """Return the same column with the meanings of the masked cells changed."""
        if not mask.any():
            return self
        codes = np.where(mask, self.codes + len(self.meanings), self.codes)
        return Answers((*self.meanings, *(change(one) for one in self.meanings)), codes)

    def holds(self, test: Callable[[Meaning], bool]) -> NDArray[np.bool_]:
        """Tell for each cell whether its meaning passes a test."""
        passes = np.array([test(one) for one in self.meanings], dtype=np.bool_)
        return passes[self.codes]

    def each(self, value: Callable[[Meaning], str]) -> NDArray[np.object_]:
        """Return a text for each cell."""
        texts = np.array([value(one) for one in self.meanings], dtype=np.object_)
        return texts[self.codes]

    @cached_property
    def after(self) -> NDArray[np.object_]:
        """The clean cells."""
        return self.each(lambda one: one.after)

    @cached_property
    def statuses(self) -> NDArray[np.object_]:
        """The status of each cell."""
        return self.each(lambda one: one.status)

    @property
    def is_answered(self) -> NDArray[np.bool_]:
        """Whether each cell holds an answer."""
        return self.holds(lambda one: one.status == ANSWERED)

    @property
    def mappings(self) -> tuple[Mapped, ...]:
        """The rows of the value map that decided about a cell."""
        return tuple(row for one in self.meanings for row in one.mappings)


def refused(meaning: Meaning, *, reason: str) -> Meaning:
    """Return the meaning of a cell whose answer is not taken, for a reason."""
    if meaning.status != ANSWERED:
        return meaning
    rule = REFUSED.format(reason=reason)
    return replace(meaning, after=NO_ANSWER, status=NO_ANSWER, rule=rule, reason=reason, chosen=())


def tidied(cell: str) -> Meaning:
    """Return the meaning of a name: the same without outer spaces, in one Unicode form."""
    text = plain(cell)
    return Meaning(cell, text, rule=respelled(cell, text))


def respelled(before: str, after: str) -> str:
    """Return the rule by which one spelling became another of the same word."""
    if before == after:
        return ""
    return OUTER_SPACES if trimmed(before) == after else LETTER_CASE


def first_of_each(
    codes: NDArray[np.intp], places: NDArray[np.intp], number: int
) -> Iterator[tuple[int, str]]:
    """Yield the first so many of some places for each code that stands there.

    Yields
    ------
    int, str
        The place; with the last one of a code, a sentence on how many more there are.
    """
    order = places[np.argsort(codes[places], kind="stable")]
    bounds = np.flatnonzero(np.diff(codes[order])) + 1
    for same in np.split(order, bounds) if len(order) else ():
        for count, place in enumerate(same[:number], start=1):
            rest = len(same) - count if count == number else 0
            yield int(place), f" {rest} more cells of the column hold it." if rest else ""
