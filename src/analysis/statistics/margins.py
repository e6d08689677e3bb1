"""What the two margins alone tell about change among those that answered both times.

Known are the yes and the answers of each cycle and the size of the population. Unknown are how
many answered both times (the overlap) and what they said: every table that the margins allow is
possible. The ranges here are exact and need no list of the tables.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.statistics.checks import as_given, part_of, whole_numbers
from analysis.statistics.paired import mcnemar_pvalue

Whole = NDArray[np.int64]


class McnemarBounds(NamedTuple):
    """Smallest and largest McNemar p-value, exact and mid-p; scalars or arrays."""

    exact_min: Any
    exact_max: Any
    mid_p_min: Any
    mid_p_max: Any


class Margins(NamedTuple):
    """The yes and the answers of both cycles, and the least and the greatest overlap."""

    count1: Whole
    nobs1: Whole
    count2: Whole
    nobs2: Whole
    least: Whole
    most: Whole


def overlap_range(nobs1: ArrayLike, nobs2: ArrayLike, *, population: ArrayLike) -> tuple[Any, Any]:
    """Return the fewest and the most that can have answered both times.

    Parameters
    ----------
    nobs1, nobs2 : answers in the earlier and in the later cycle.
    population : number that could have answered in both cycles.

    Returns
    -------
    low, high
        Respondents; scalars for scalars, else arrays.

    Raises
    ------
    ValueError
        A count is negative, fractional or missing, or there are more answers than population.

    Examples
    --------
    >>> overlap_range(52, 49, population=57)
    (44, 49)
    """
    n1, n2, whole = whole_numbers(nobs1=nobs1, nobs2=nobs2, population=population)
    part_of("nobs1", n1, "population", whole)
    part_of("nobs2", n2, "population", whole)
    return as_given(np.maximum(n1 + n2 - whole, 0)), as_given(np.minimum(n1, n2))


def fewest_moved(
    count1: ArrayLike,
    nobs1: ArrayLike,
    count2: ArrayLike,
    nobs2: ArrayLike,
    *,
    population: ArrayLike,
    overlap: ArrayLike | None = None,
) -> Any:
    """Return how many of those that answered both times must have changed their answer.

    Parameters
    ----------
    count1, nobs1 : yes and answers to the item in the earlier cycle.
    count2, nobs2 : the same in the later cycle.
    population : number that could have answered in both cycles.
    overlap : number that answered both times; None if unknown.

    Returns
    -------
    int or array
        The smallest possible number that gained or lost. 0 where the change between the margins
        can come from those alone that answered in one cycle only.

    Raises
    ------
    ValueError
        A count is negative, fractional or missing, a part is above its whole, or the margins do
        not allow the overlap.

    Examples
    --------
    >>> fewest_moved(16, 52, 29, 49, population=57)
    8
    >>> fewest_moved(16, 52, 29, 49, population=57, overlap=49)
    13
    """
    margins = checked_margins(count1, nobs1, count2, nobs2, population, overlap)
    rise, fall = _net_changes(margins)
    return as_given(_fewest(rise, fall))


def mcnemar_bounds(
    count1: ArrayLike,
    nobs1: ArrayLike,
    count2: ArrayLike,
    nobs2: ArrayLike,
    *,
    population: ArrayLike,
    overlap: ArrayLike | None = None,
) -> McnemarBounds:
    """Return the range of McNemar's p-value over every table that the margins allow.

    Parameters
    ----------
    count1, nobs1, count2, nobs2, population, overlap : as for `fewest_moved`.

    Returns
    -------
    McnemarBounds
        Each end is reached by some table. A range that holds both small and large values says
        that the margins do not settle the question.

    Raises
    ------
    ValueError
        As for `fewest_moved`.

    Examples
    --------
    >>> bounds = mcnemar_bounds(16, 52, 29, 49, population=57)
    >>> [float(f"{p:.2g}") for p in bounds]
    [9.5e-07, 0.27, 4.8e-07, 0.21]
    """
    margins = checked_margins(count1, nobs1, count2, nobs2, population, overlap)
    rise, fall = _net_changes(margins)
    least, most = _fewest(rise, fall), np.maximum(rise, fall)
    # For a net change d with s that moved against it, both p-values fall with d and rise with s;
    # s = 0 is always possible. Those s, and the s that offset them, take s of either answer in
    # either cycle and 2 s of the overlap; where d is smallest that many are possible, and where
    # it is larger no more. The one exception is the mid-p at d = 0: 1 at s = 0, .75 at s = 1,
    # rising from there.
    c1, n1, c2, n2, _, overlaps = margins
    against = np.minimum.reduce([c1, n1 - c1, c2, n2 - c2, overlaps // 2])
    lone = np.where(most > 0, 0, np.minimum(against, 1))
    beside = np.where(least > 0, against, 0)
    return McnemarBounds(
        exact_min=mcnemar_pvalue(most, 0, method="exact"),
        exact_max=mcnemar_pvalue(least + against, against, method="exact"),
        mid_p_min=mcnemar_pvalue(most + lone, lone),
        mid_p_max=mcnemar_pvalue(least + beside, beside),
    )


def checked_margins(
    count1: ArrayLike,
    nobs1: ArrayLike,
    count2: ArrayLike,
    nobs2: ArrayLike,
    population: ArrayLike,
    overlap: ArrayLike | None,
) -> Margins:
    """Return the margins in one shape, with the overlaps that they allow.

    Raises
    ------
    ValueError
        As for `fewest_moved`.
    """
    known = {} if overlap is None else {"overlap": overlap}
    c1, n1, c2, n2, whole, *given = whole_numbers(
        count1=count1, nobs1=nobs1, count2=count2, nobs2=nobs2, population=population, **known
    )
    part_of("count1", c1, "nobs1", n1)
    part_of("count2", c2, "nobs2", n2)
    part_of("nobs1", n1, "population", whole)
    part_of("nobs2", n2, "population", whole)
    least, most = np.maximum(n1 + n2 - whole, 0), np.minimum(n1, n2)
    if not given:
        return Margins(c1, n1, c2, n2, least, most)
    wrong = (given[0] < least) | (given[0] > most)
    if wrong.any():
        raise ValueError(
            f"overlap must lie between {least[wrong][0]} and {most[wrong][0]} with {n1[wrong][0]} "
            f"and {n2[wrong][0]} answers among {whole[wrong][0]}, got {given[0][wrong][0]}"
        )
    return Margins(c1, n1, c2, n2, given[0], given[0])


def _net_changes(margins: Margins) -> tuple[Whole, Whole]:
    """Return the largest net rise and the largest net fall; below 0 where it must go the other way.

    Every net change between them is possible: with one more in the overlap each end moves by one
    at most.
    """
    c1, n1, c2, n2, least, most = margins

    def largest(yes: Whole, no: Whole) -> Any:
        # The later yes in the overlap m, at most min(yes, m), less the earlier ones, at least
        # max(0, m - no): the smallest of yes, no, m and yes + no - m. The middle m does best.
        m = np.clip((yes + no) // 2, least, most)
        return np.minimum(np.minimum(yes, no), np.minimum(m, yes + no - m))

    return largest(c2, n1 - c1), largest(c1, n2 - c2)


def _fewest(rise: Whole, fall: Whole) -> Any:
    return np.maximum(np.maximum(-rise, -fall), 0)
