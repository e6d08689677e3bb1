"""What is certain about a finite population of which some did not answer.

Nothing is assumed about those who are silent: each might have said yes or no. The bounds are
those of Manski (1995), Identification Problems in the Social Sciences, chapter 2, in numbers of
respondents.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics.checks import as_given, part_of, whole_numbers


def count_bounds(count: ArrayLike, nobs: ArrayLike, *, population: ArrayLike) -> tuple[Any, Any]:
    """Return the fewest and the most of the population that can be yes.

    Parameters
    ----------
    count : number that said yes.
    nobs : number that answered the item.
    population : number that could have answered.

    Returns
    -------
    low, high
        ``count`` and ``count + population - nobs``; scalars for scalars, else arrays.

    Raises
    ------
    ValueError
        A count is negative, fractional or missing, or a part is above its whole.

    Examples
    --------
    >>> count_bounds(16, 49, population=57)
    (16, 24)
    """
    c, n, whole = whole_numbers(count=count, nobs=nobs, population=population)
    part_of("count", c, "nobs", n)
    part_of("nobs", n, "population", whole)
    return as_given(c), as_given(c + whole - n)


def change_bounds(
    count1: ArrayLike,
    nobs1: ArrayLike,
    count2: ArrayLike,
    nobs2: ArrayLike,
    *,
    population: ArrayLike,
) -> tuple[Any, Any]:
    """Return the smallest and the largest possible change among the whole population.

    Parameters
    ----------
    count1, nobs1 : yes and answers to the item in the earlier cycle.
    count2, nobs2 : the same in the later cycle.
    population : number that could have answered in both cycles.

    Returns
    -------
    low, high
        Later minus earlier, in respondents. The direction is certain while both ends lie on one
        side of 0, on the condition that everybody among ``nobs`` did answer the item.

    Raises
    ------
    ValueError
        As for `count_bounds`.

    Examples
    --------
    >>> change_bounds(10, 52, 16, 49, population=57)
    (1, 14)
    """
    low1, high1 = count_bounds(count1, nobs1, population=population)
    low2, high2 = count_bounds(count2, nobs2, population=population)
    return as_given(np.asarray(low2 - high1)), as_given(np.asarray(high2 - low1))


def tipping_point(
    count1: ArrayLike,
    nobs1: ArrayLike,
    count2: ArrayLike,
    nobs2: ArrayLike,
    *,
    population: ArrayLike,
) -> Any:
    """Return how many item blanks it takes until the direction of a change is open.

    For a rise the blanks are among the respondents of the earlier cycle, for a fall among those of
    the later one: respondents taken to mean no who in truth did not answer the item.

    Returns
    -------
    int or array
        0 where the direction is open already.

    Raises
    ------
    ValueError
        As for `count_bounds`.

    Examples
    --------
    >>> tipping_point(10, 52, 16, 49, population=57), tipping_point(16, 52, 29, 49, population=57)
    (1, 8)
    """
    low, high = change_bounds(count1, nobs1, count2, nobs2, population=population)
    return as_given(np.maximum(np.maximum(low, -np.asarray(high)), 0))
