"""Ranges of a p-value and of an interval over every table that the two margins allow.

Known and unknown are as in `margins`: the yes and the answers of both cycles, but not who
answered both times or how the answers of one cycle go with those of the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.statistics.checks import as_given
from analysis.statistics.margins import checked_margins
from analysis.statistics.overlap import overlap_pvalue
from analysis.statistics.paired import paired_difference_interval

Whole = NDArray[np.int64]
ROWS = 200_000  # tables held in memory at a time


class PairedIntervalBounds(NamedTuple):
    """Smallest and largest value of either end of an interval; scalars or arrays."""

    low_min: Any
    low_max: Any
    high_min: Any
    high_max: Any


def overlap_bounds(
    count1: ArrayLike,
    nobs1: ArrayLike,
    count2: ArrayLike,
    nobs2: ArrayLike,
    *,
    population: ArrayLike,
    overlap: ArrayLike | None = None,
) -> tuple[Any, Any]:
    """Return the range of `overlap_pvalue` over every table that the margins allow.

    Parameters
    ----------
    count1, nobs1 : yes and answers to the item in the earlier cycle.
    count2, nobs2 : the same in the later cycle.
    population : number that could have answered in both cycles.
    overlap : number that answered both times; None if unknown.

    Returns
    -------
    low, high
        Both are reached by some table; scalars for scalars, else arrays.

    Raises
    ------
    ValueError
        A count is negative, fractional or missing, a part is above its whole, or the margins do
        not allow the overlap.

    Examples
    --------
    >>> low, high = overlap_bounds(16, 52, 29, 49, population=57)
    >>> float(f"{low:.2g}"), float(f"{high:.2g}")
    (5.4e-06, 0.037)
    """
    margins = checked_margins(count1, nobs1, count2, nobs2, population, overlap)
    c1, n1, c2, n2, least, most = (part[..., None] for part in margins)
    m = np.minimum(least + np.arange(np.max(most - least, initial=0) + 1), most)
    low1, high1 = np.maximum(c1 - n1 + m, 0), np.minimum(c1, m)
    low2, high2 = np.maximum(c2 - n2 + m, 0), np.minimum(c2, m)

    def pvalues(yes1: Whole, yes2: Whole, both: Whole) -> Any:
        return overlap_pvalue(
            both,
            yes1 - both,
            yes2 - both,
            m - yes1 - yes2 + both,
            only1_yes=c1 - yes1,
            only1_no=n1 - m - c1 + yes1,
            only2_yes=c2 - yes2,
            only2_no=n2 - m - c2 + yes2,
        )

    # The margins fix the shares, so the p-value falls with phi times the overlap. Phi is greatest
    # where the yes of both cycles are as nearly the same respondents as they can be, and least
    # where the yes of one are as nearly the no of the other.
    alike1, alike2 = _nearest(low1, high1, low2, high2, m)
    opposed1, no2 = _nearest(low1, high1, m - high2, m - low2, m)
    smallest = pvalues(alike1, alike2, np.minimum(alike1, alike2))
    largest = pvalues(opposed1, m - no2, opposed1 - np.minimum(opposed1, no2))
    return as_given(np.min(smallest, axis=-1)), as_given(np.max(largest, axis=-1))


def paired_interval_bounds(
    count1: ArrayLike,
    nobs1: ArrayLike,
    count2: ArrayLike,
    nobs2: ArrayLike,
    *,
    population: ArrayLike,
    overlap: ArrayLike | None = None,
    method: str = "tango",
    level: float = 0.95,
) -> PairedIntervalBounds:
    """Return the range of `paired_difference_interval` over every table that the margins allow.

    Parameters
    ----------
    count1, nobs1, count2, nobs2, population, overlap : as for `overlap_bounds`.
    method, level : as for `paired_difference_interval`.

    Returns
    -------
    PairedIntervalBounds
        Shares, -1 to 1; every value is reached by some table. The change is that among those
        that answered both times; where it is possible that nobody did, one of the intervals is
        -1 to 1.

    Raises
    ------
    ValueError
        As for `overlap_bounds`; also an unknown method or a level outside (0, 1).

    Examples
    --------
    >>> bounds = paired_interval_bounds(16, 52, 29, 49, population=57)
    >>> [round(share, 2) for share in bounds]
    [-0.1, 0.34, 0.32, 0.67]
    """
    paired_difference_interval(0, 0, 0, 0, method=method, level=level)  # refuses them at once
    margins = checked_margins(count1, nobs1, count2, nobs2, population, overlap)
    size = margins.count1.size
    low_min, high_min = np.full(size, 1.0), np.full(size, 1.0)
    low_max, high_max = np.full(size, -1.0), np.full(size, -1.0)
    for owner, m, yes1, yes2 in _tables([part.ravel() for part in margins]):
        # With the yes of both cycles fixed, the fewer said yes twice the wider the interval, at
        # either end. Tango: the estimated share that lost rises, and with it the variance at
        # every change. Newcombe: phi falls. So the fewest and the most that can have will do.
        fewest, most = np.maximum(yes1 + yes2 - m, 0), np.minimum(yes1, yes2)
        low, high = _intervals(m, yes1, yes2, fewest, method, level)
        np.minimum.at(low_min, owner, low)
        np.maximum.at(high_max, owner, high)
        low, high = _intervals(m, yes1, yes2, most, method, level)
        np.maximum.at(low_max, owner, low)
        np.minimum.at(high_min, owner, high)
    ends = (low_min, low_max, high_min, high_max)
    return PairedIntervalBounds(*(as_given(end.reshape(margins.count1.shape)) for end in ends))


def _nearest(low1: Whole, high1: Whole, low2: Whole, high2: Whole, m: Whole) -> tuple[Any, Any]:
    """Return the two numbers that are nearest to each other, and to half of `m` if they can."""
    target = np.clip(m // 2, np.maximum(low1, low2), np.minimum(high1, high2))
    return np.clip(target, low1, high1), np.clip(target, low2, high2)


def _tables(margins: list[Whole]) -> Iterator[list[Whole]]:
    """Yield the margins' index, the overlap and its yes in either cycle, not too many at a time."""
    parts: list[list[Whole]] = []
    rows = 0
    for owner, (c1, n1, c2, n2, least, most) in enumerate(zip(*margins, strict=True)):
        for m in range(least, most + 1):
            yes1, yes2 = np.meshgrid(
                np.arange(max(c1 - n1 + m, 0), min(c1, m) + 1),
                np.arange(max(c2 - n2 + m, 0), min(c2, m) + 1),
            )
            same = np.ones_like(yes1.ravel())
            parts.append([owner * same, m * same, yes1.ravel(), yes2.ravel()])
            rows += same.size
            if rows >= ROWS:
                yield [np.concatenate(part) for part in zip(*parts, strict=True)]
                parts, rows = [], 0
    if parts:
        yield [np.concatenate(part) for part in zip(*parts, strict=True)]


def _intervals(
    m: Whole, yes1: Whole, yes2: Whole, both: Whole, method: str, level: float
) -> tuple[Any, Any]:
    """Return the interval of every table, solved once for tables that are alike."""
    lost, gained, neither = yes1 - both, yes2 - both, m - yes1 - yes2 + both
    if method == "tango":  # it does not tell both from neither
        both, neither = both + neither, np.zeros_like(both)
    shape = (int(m.max()) + 1,) * 4
    keys = np.ravel_multi_index((both, lost, gained, neither), shape)
    tables, places = np.unique(keys, return_inverse=True)
    low, high = paired_difference_interval(
        *np.unravel_index(tables, shape), method=method, level=level
    )
    return low[places], high[places]
