"""Intervals for one proportion."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special, stats

from analysis.statistics.checks import (
    as_given,
    level_between,
    method_among,
    one_by_one,
    part_of,
    whole_numbers,
)

Counts = NDArray[np.int64]
Shares = NDArray[np.float64]


def proportion_interval(
    count: ArrayLike,
    nobs: ArrayLike,
    *,
    method: str = "wilson",
    level: float = 0.95,
    population: ArrayLike | None = None,
) -> tuple[Any, Any]:
    """Return an interval for the share of yes.

    All methods but ``hypergeometric`` take the answers for independent draws from a population
    that is large or unknown.

    Parameters
    ----------
    count, nobs : yes, and answers.
    method :
        ``wilson``: inverts the score test (Wilson 1927).
        ``wilson_cc``: the same with a continuity correction (Newcombe 1998, method 4).
        ``clopper_pearson``: inverts two one-sided exact tests at half of ``1 - level`` each
        (Clopper and Pearson 1934); covers at least ``level``.
        ``mid_p``: the same, the observed count with half of its probability (Newcombe 1998,
        method 6).
        ``agresti_coull``: the Wald interval around the middle of Wilson's, cut at 0 and 1
        (Agresti and Coull 1998).
        ``hypergeometric``: inverts two one-sided exact tests for draws from a finite population
        (Konijn 1973, Statistical Theory of Sample Survey Design and Analysis; Wang 2015, Journal
        of the American Statistical Association 110:1730). It holds if those who did not answer
        are like a random part of the population.
    level : confidence level between 0 and 1.
    population : size of the finite population, for ``hypergeometric`` alone.

    Returns
    -------
    low, high
        Shares, 0 to 1, of the population where there is one; scalars for scalars, else arrays.
        ``low`` is exactly 0 where nobody said yes, ``high`` exactly 1 where all did; so 0 of 0
        gives 0 and 1.

    Raises
    ------
    ValueError
        An unknown method, a level outside (0, 1), a population missing or not wanted, or counts
        that do not fit.

    References
    ----------
    Newcombe (1998), Statistics in Medicine 17:857. Brown, Cai and DasGupta (2001), Statistical
    Science 16:101.

    Examples
    --------
    >>> [round(end, 4) for end in proportion_interval(81, 263)]
    [0.2553, 0.3662]
    >>> low, high = proportion_interval(16, 49, method="hypergeometric", population=57)
    >>> round(low * 57), round(high * 57)
    (16, 22)
    """
    method_among(method, METHODS)
    level_between(level)
    if method == "hypergeometric":
        if population is None:
            raise ValueError("the hypergeometric interval needs the size of the population")
        c, n, whole = whole_numbers(count=count, nobs=nobs, population=population)
        part_of("count", c, "nobs", n)
        part_of("nobs", n, "population", whole)
        low, high = _hypergeometric(c, n, whole, level)
    elif population is not None:
        raise ValueError(
            f"the method {method!r} does not use a population, got {population!r}; "
            "allowed with hypergeometric alone"
        )
    else:
        c, n = whole_numbers(count=count, nobs=nobs)
        part_of("count", c, "nobs", n)
        # The upper end for yes is the lower end for no, seen from 1.
        low, high = _low(c, n, method, level), 1 - _low(n - c, n, method, level)
    return as_given(low), as_given(high)


def _low(count: Counts, nobs: Counts, method: str, level: float) -> Shares:
    """Return the lower end; where nobody said yes, whatever the method, it is 0."""
    x, n = np.maximum(count, 1).astype(float), np.maximum(nobs, 1).astype(float)
    low = np.clip(_LOW[method](x, n, level), 0, 1)
    return np.where(count == 0, 0.0, low)


def _z(level: float) -> float:
    return float(stats.norm.isf((1 - level) / 2))


def _wilson(x: Shares, n: Shares, level: float) -> Any:
    z = _z(level)
    return (x + z**2 / 2 - z * np.sqrt(x * (n - x) / n + z**2 / 4)) / (n + z**2)


def _wilson_cc(x: Shares, n: Shares, level: float) -> Any:
    z = _z(level)
    root = np.sqrt(z**2 - 2 - 1 / n + 4 * x * (n - x + 1) / n)
    return (2 * x + z**2 - 1 - z * root) / (2 * (n + z**2))


def _clopper_pearson(x: Shares, n: Shares, level: float) -> Any:
    return special.betaincinv(x, n - x + 1, (1 - level) / 2)


def _mid_p(x: Shares, n: Shares, level: float) -> Any:
    """Return the share at which more than `x`, and half of `x`, have half of ``1 - level``."""
    low, high = np.zeros(x.shape), np.ones(x.shape)
    for _ in range(60):  # 2 to the power of -60 is below the spacing of the shares
        share = (low + high) / 2
        at_least = special.betainc(x, n - x + 1, share)
        above = np.where(x < n, special.betainc(x + 1, np.maximum(n - x, 1), share), 0)
        is_low = (at_least + above) / 2 < (1 - level) / 2
        low, high = np.where(is_low, share, low), np.where(is_low, high, share)
    return high


def _agresti_coull(x: Shares, n: Shares, level: float) -> Any:
    z = _z(level)
    middle = (x + z**2 / 2) / (n + z**2)
    return middle - z * np.sqrt(middle * (1 - middle) / (n + z**2))


_LOW = {
    "wilson": _wilson,
    "wilson_cc": _wilson_cc,
    "clopper_pearson": _clopper_pearson,
    "mid_p": _mid_p,
    "agresti_coull": _agresti_coull,
}
METHODS = (*_LOW, "hypergeometric")


def _hypergeometric(
    count: Counts, nobs: Counts, population: Counts, level: float
) -> tuple[Shares, Shares]:
    ends = [_kept(*triple, float(level)) for triple in one_by_one(count, nobs, population)]
    table = np.array(ends, dtype=float).reshape(*count.shape, 2)
    return table[..., 0], table[..., 1]


@lru_cache(maxsize=4096)
def _kept(count: int, nobs: int, population: int, level: float) -> tuple[float, float]:
    if population == 0:
        return 0.0, 1.0
    # A probability of exactly the tail rejects; the factor keeps rounding from saving it.
    tail = (1 - level) / 2 * (1 + 1e-9)
    yes = np.arange(count, count + population - nobs + 1)
    at_least = stats.hypergeom.sf(count - 1, population, yes, nobs)
    at_most = stats.hypergeom.cdf(count, population, yes, nobs)
    kept = yes[(at_least > tail) & (at_most > tail)]
    return float(kept[0] / population), float(kept[-1] / population)
