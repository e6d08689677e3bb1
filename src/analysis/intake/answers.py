"""The cells of one column: what each spelling in it means, and which cell has which spelling.

A column has many cells and few spellings. What a cell means is decided once a spelling, and once
more for the cells whose neighbours change it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.intake.spelling import trimmed
from analysis.study.codebook import ANSWERED, MISSING, Mapped

DONT_KNOW, NO_ANSWER, NOT_APPLICABLE, NOT_ASKED = MISSING

OUTER_SPACES = "outer spaces"
LETTER_CASE = "letter case or Unicode form"
LABEL = "label to code"
VALUE_MAP = "value map: {reason}"
REFUSED = "quarantined: {reason}"
BLANK = "blank: {status}"
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
    mapping : the row of the value map that decided, if one did.
    is_unmapped : nothing says what this spelling means.
    """

    before: str
    after: str
    status: str = ANSWERED
    rule: str = ""
    reason: str = ""
    mapping: Mapped | None = None
    is_unmapped: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether the raw cell shows nothing."""
        return not trimmed(self.before)


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
        return tuple(one.mapping for one in self.meanings if one.mapping is not None)


def respelled(before: str, after: str) -> str:
    """Return the rule by which one spelling became another of the same word."""
    if before == after:
        return ""
    return OUTER_SPACES if trimmed(before) == after else LETTER_CASE


def stacked(
    file: str,
    lines: NDArray[np.int64],
    columns: Sequence[tuple[str, Answers]],
    test: Callable[[Meaning], bool],
    texts: dict[str, Callable[[Meaning], str]],
) -> pd.DataFrame:
    """Return a row for each cell whose meaning passes a test, by line and then by column.

    Columns: ``file``, ``row``, ``column``, then the given texts.
    """
    parts: list[dict[str, Any]] = []
    for place, (header, answers) in enumerate(columns):
        if not any(test(one) for one in answers.meanings):
            continue
        chosen = np.flatnonzero(answers.holds(test))
        picked = Answers(answers.meanings, answers.codes[chosen])
        parts.append(
            {
                "at": chosen,
                "place": np.full(len(chosen), place),
                "column": np.full(len(chosen), header, dtype=np.object_),
                **{name: picked.each(text) for name, text in texts.items()},
            }
        )
    names = ("at", "place", "column", *texts)
    if not parts:
        empty = {name: pd.Series(dtype="str") for name in ("file", "row", "column", *texts)}
        return pd.DataFrame(empty).astype({"row": "int64"})
    whole = {name: np.concatenate([part[name] for part in parts]) for name in names}
    order = np.lexsort((whole["place"], whole["at"]))
    return pd.DataFrame(
        {
            "file": pd.Series(np.full(len(order), file, dtype=np.object_), dtype="str"),
            "row": lines[whole["at"][order]],
            **{name: pd.Series(whole[name][order], dtype="str") for name in ("column", *texts)},
        }
    )
