"""The numbers in a cell of a table, whatever stands around them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import isclose

# Not the 07 of Ia-07, the 02 of 2001/02, or the 2 of m2.
NUMBER = re.compile(
    r"(?<![\w./])(?<![A-Za-z][-_])[-+\u2212]?"
    r"(?:\d{1,3}(?:[,\u202f\u00a0\u2009]\d{3})+|\d+)(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w/])"
)

NOISE = 1e-9
"""Relative difference below which two numbers are the same: less than any library rounds alike."""


@dataclass(frozen=True)
class Differing:
    """A number that is another one, or there in one report only; `place` counts from 1."""

    place: int
    old: float | None
    new: float | None


def numbers_in(cell: str) -> list[float]:
    r"""Return the numbers in a cell.

    >>> numbers_in("16 (28 %)"), numbers_in("\u22123.5 to +1,200"), numbers_in("Ia-07 2001/02")
    ([16.0, 28.0], [-3.5, 1200.0], [])
    """
    return [_value(found[0]) for found in NUMBER.finditer(cell)]


def words_in(cell: str) -> str:
    """Return what a cell says beside its numbers; empty for one that says nothing else.

    >>> words_in("16 (28 %)"), words_in("a share of all 57")
    ('', 'a share of all #')
    """
    text = " ".join(NUMBER.sub("#", cell).split())
    return text if re.search(r"[^\W\d_]", text.replace("#", "")) else ""


def _value(text: str) -> float:
    return float(re.sub(r"[,\u202f\u00a0\u2009]", "", text).replace("\u2212", "-"))


def differing(old: str, new: str) -> list[Differing]:
    """Return the numbers by which two cells differ; none where only the writing does.

    Where a cell holds more numbers than before, those that both hold are left out, and those at
    one place are one number that changed.

    >>> differing("16 (28 %)", "17 (28 %)")
    [Differing(place=1, old=16.0, new=17.0)]
    >>> differing("16 (28 %)", "16 (33 % of 49)")
    [Differing(place=2, old=28.0, new=33.0), Differing(place=3, old=None, new=49.0)]
    >>> differing("16", "16.0 "), differing("16", "")
    ([], [Differing(place=1, old=16.0, new=None)])
    """
    before, after = numbers_in(old), numbers_in(new)
    if len(before) == len(after):
        pairs = enumerate(zip(before, after, strict=True), start=1)
        return [Differing(place, a, b) for place, (a, b) in pairs if not is_same(a, b)]
    gone, come = dict(_beside(before, after)), dict(_beside(after, before))
    places = sorted({*gone, *come})
    return [Differing(place, gone.get(place), come.get(place)) for place in places]


def is_same(first: float, second: float) -> bool:
    """Tell whether two numbers differ by no more than arithmetic does between machines."""
    return isclose(first, second, rel_tol=NOISE, abs_tol=1e-12)


def _beside(these: Sequence[float], those: Sequence[float]) -> list[tuple[int, float]]:
    """What of `these` is not among `those`, with its place."""
    left = Counter(those)
    found = []
    for place, value in enumerate(these, start=1):
        if left[value] > 0:
            left[value] -= 1
        else:
            found.append((place, value))
    return found
