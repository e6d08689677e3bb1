"""Intervals for one proportion."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from analysis.statistics.checks import as_given, level_between, part_of, whole_numbers


def proportion_interval(
    count: ArrayLike,
    nobs: ArrayLike,
    *,
    method: str = "hypergeometric",
    level: float = 0.95,
    population: ArrayLike | None = None,
) -> tuple[Any, Any]:
    """Return an interval for the share of yes.

    Parameters
    ----------
    count, nobs : yes, and answers.
    method : ``hypergeometric`` inverts two one-sided exact tests at half of ``1 - level`` each
        (Konijn 1973, Statistical Theory of Sample Survey Design and Analysis; Wang 2015, Journal
        of the American Statistical Association 110:1730). It holds if those who did not answer
        are like a random part of the population.
    level : confidence level between 0 and 1.
    population : size of the finite population.

    Returns
    -------
    low, high
        Shares of the population, 0 to 1; scalars for scalars, else arrays.

    Raises
    ------
    ValueError
        An unknown method, a level outside (0, 1), a missing population, or counts that do not fit.

    Examples
    --------
    >>> low, high = proportion_interval(16, 49, population=57)
    >>> round(low * 57), round(high * 57)
    (16, 22)
    """
    level_between(level)
    if method != "hypergeometric":
        raise ValueError(f"unknown method {method!r}; allowed: hypergeometric")
    if population is None:
        raise ValueError("the hypergeometric interval needs the size of the population")
    c, n, whole = whole_numbers(count=count, nobs=nobs, population=population)
    part_of("count", c, "nobs", n)
    part_of("nobs", n, "population", whole)
    ends = [
        _hypergeometric(*triple, level)
        for triple in zip(
            c.ravel().tolist(), n.ravel().tolist(), whole.ravel().tolist(), strict=True
        )
    ]
    table = np.array(ends, dtype=float).reshape(*c.shape, 2)
    return as_given(table[..., 0]), as_given(table[..., 1])


def _hypergeometric(count: int, nobs: int, population: int, level: float) -> tuple[float, float]:
    if population == 0:
        return 0.0, 1.0
    # A probability of exactly the tail rejects; the factor keeps rounding from saving it.
    tail = (1 - level) / 2 * (1 + 1e-9)
    yes = np.arange(count, count + population - nobs + 1)
    at_least = stats.hypergeom.sf(count - 1, population, yes, nobs)
    at_most = stats.hypergeom.cdf(count, population, yes, nobs)
    kept = yes[(at_least > tail) & (at_most > tail)]
    return float(kept[0] / population), float(kept[-1] / population)
