"""Which counts of one answer the findings allow, and which of these is nearest to what they say."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.frames import Row

OPEN_ABOVE = {("percent", "about"), ("percent", "exactly")}
"""A printed percentage is read up to, not including, the upper end of its range."""


@dataclass(frozen=True)
class Allowed:
    """The lowest and highest possible count, the best guess if there is one, and why it is one.

    `why` is empty where a finding prints the count itself.
    """

    low: int
    high: int
    guess: int | None
    why: str


def allowed_counts(
    printed: Sequence[Row], whole: int, responding: int, eligible: int | None
) -> Allowed:
    """Return what the findings about one answer in one cycle and group leave open.

    A printed count goes before a printed share, as in `analysis.published.published_counts`. A
    share without its base is taken over those that took part.

    Parameters
    ----------
    printed : rows of the findings table about the answer.
    whole : how many could give the answer.
    responding, eligible : how many took part, and could have.

    Examples
    --------
    >>> row = {"measure": "percent", "qualifier": "about", "base": "unstated"}
    >>> row |= {"value": 40.0, "low": 39.5, "high": 41.0, "as_printed": "40 %"}
    >>> allowed_counts([row], 49, 49, 57)
    Allowed(low=20, high=20, guess=20, why='printed as "40 %" of an unstated base; taken over 49')
    """
    counts = [row for row in printed if row["measure"] == "count"]
    if counts:
        return _from_count(counts[0], whole)
    shares = [row for row in printed if row["measure"] in ("percent", "fraction")]
    if shares:
        return _from_share(shares[0], whole, responding, eligible)
    return Allowed(0, whole, None, "")


def _from_count(row: Row, whole: int) -> Allowed:
    low, high = math.ceil(row["low"]), int(min(row["high"], whole))
    if math.isnan(row["value"]):
        return Allowed(
            low, high, (low + high) // 2, f"the source allows {low} to {high}; the middle"
        )
    value = int(row["value"])
    if (low, high) == (value, value):
        return Allowed(value, value, value, "")
    step = {"more_than": 1, "less_than": -1}.get(str(row["qualifier"]), 0)
    guess = value + step
    low, high = (max(low, guess) if step > 0 else low), (min(high, guess) if step < 0 else high)
    return Allowed(low, high, guess, f'printed as "{row["as_printed"]}"; the nearest number')


def _from_share(row: Row, whole: int, responding: int, eligible: int | None) -> Allowed:
    base = row["base"]
    size = {"participating": eligible or responding}.get(base, responding)
    if base not in ("participating", "responding", "answering", "unstated"):
        size = whole
    unit = 100 if row["measure"] == "percent" else 1
    is_open_above = (row["measure"], row["qualifier"]) in OPEN_ABOVE
    is_open_above |= row["qualifier"] == "less_than"
    fits = [
        count
        for count in range(min(size, whole) + 1)
        if _is_above(count * unit, row["low"] * size, is_open=row["qualifier"] == "more_than")
        and _is_above(row["high"] * size, count * unit, is_open=is_open_above)
    ]
    of = "of an unstated base; taken over" if base == "unstated" else "of"
    why = f'printed as "{row["as_printed"]}" {of} {size}'
    if not fits:
        return Allowed(
            0, whole, min(whole, round(row["value"] * size / unit)), f"{why}; no count fits"
        )
    guess = min(fits, key=lambda count: abs(count * unit - row["value"] * size))
    return Allowed(fits[0], fits[-1], guess, why)


def _is_above(number: float, limit: float, *, is_open: bool) -> bool:
    return number > limit if is_open else number >= limit
