"""Two independent samples: the difference of their shares, and whether there is one.

For cycles that cannot be linked respondent by respondent, and for other studies. The same few
respondents asked twice are not independent: see `paired` for them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from analysis.statistics.checks import (
    as_given,
    level_between,
    method_among,
    one_by_one,
    part_of,
    whole_numbers,
)
from analysis.statistics.proportion import proportion_interval
from analysis.statistics.score import largest_difference

INTERVALS = ("newcombe", "miettinen_nurminen", "agresti_caffo")
TESTS = ("fisher_mid_p", "fisher", "boschloo")

Counts = NDArray[np.int64]
Shares = NDArray[np.float64]


def difference_interval(
    count1: ArrayLike,
    nobs1: ArrayLike,
    count2: ArrayLike,
    nobs2: ArrayLike,
    *,
    method: str = "newcombe",
    level: float = 0.95,
) -> tuple[Any, Any]:
    """Return an interval for the difference of two shares of yes, second minus first.

    Parameters
    ----------
    count1, nobs1 : yes and answers of the first sample.
    count2, nobs2 : the same of the second.
    method : ``newcombe`` (hybrid score: the Wilson intervals of both shares put together, without
        continuity correction; Newcombe 1998, method 10), ``miettinen_nurminen`` (every difference
        that the score test does not reject, with the variance at the constrained
        maximum-likelihood estimate times n / (n - 1); Miettinen and Nurminen 1985) or
        ``agresti_caffo`` (the Wald interval after one yes and one no more in each sample, cut at
        -1 and 1; Agresti and Caffo 2000).
    level : confidence level between 0 and 1.

    Returns
    -------
    low, high
        Differences of shares, -1 to 1; scalars for scalars, else arrays. -1 and 1 where a sample
        has no answers: nothing is known of its share, so nothing is said of the difference.

    Raises
    ------
    ValueError
        A count is negative, fractional, missing or above its number of answers, the level lies
        outside (0, 1), or the method is unknown.

    References
    ----------
    Newcombe (1998), Statistics in Medicine 17:873. Miettinen and Nurminen (1985), Statistics in
    Medicine 4:213. Agresti and Caffo (2000), The American Statistician 54:280. Compared in
    Fagerland, Lydersen and Laake (2015), Statistical Methods in Medical Research 24:224.

    Examples
    --------
    Example (a) of Newcombe, 56 of 70 less 48 of 80:

    >>> for method in INTERVALS[:2]:
    ...     print([round(end, 4) for end in difference_interval(48, 80, 56, 70, method=method)])
    [0.0524, 0.3339]
    [0.0528, 0.3382]
    """
    method_among(method, INTERVALS)
    level_between(level)
    x1, n1, x2, n2 = _samples(count1, nobs1, count2, nobs2)
    is_empty = (n1 == 0) | (n2 == 0)
    if method == "newcombe":
        low, high = _newcombe(x1, n1, x2, n2, level)
    elif method == "miettinen_nurminen":
        z = _z(level)
        # Both ends follow from one search: the samples swapped give the mirror image.
        low, high = -largest_difference(x2, n2, x1, n1, z), largest_difference(x1, n1, x2, n2, z)
    else:
        low, high = _agresti_caffo(x1, n1, x2, n2, level)
    return as_given(np.where(is_empty, -1.0, low)), as_given(np.where(is_empty, 1.0, high))


def independent_pvalue(
    count1: ArrayLike,
    nobs1: ArrayLike,
    count2: ArrayLike,
    nobs2: ArrayLike,
    *,
    method: str = "fisher_mid_p",
) -> Any:
    """Return the two-sided p-value of no difference between two shares of yes.

    Parameters
    ----------
    count1, nobs1 : yes and answers of the first sample.
    count2, nobs2 : the same of the second.
    method : ``fisher`` (given all margins, the probability of every table that is not more
        probable than the observed one), ``fisher_mid_p`` (the same less half the probability of
        the observed table, and of no other that is equally probable) or ``boschloo`` (Fisher's
        one-sided p-value as the statistic of an unconditional test, the share common to both
        samples taken where the result is largest; the smaller of the two one-sided results,
        doubled and at most 1).

    Returns
    -------
    float or array
        1 where a sample has no answers. Where all answers are alike, one table is possible:
        ``fisher`` and ``boschloo`` are 1, and ``fisher_mid_p`` is 0.5.

    Raises
    ------
    ValueError
        A count is negative, fractional, missing or above its number of answers, or the method is
        unknown.

    References
    ----------
    Boschloo (1970), Statistica Neerlandica 24:1. Lydersen, Fagerland and Laake (2009), Statistics
    in Medicine 28:1159.

    Examples
    --------
    >>> [round(independent_pvalue(9, 13, 4, 14, method=m), 4) for m in TESTS]
    [0.0391, 0.057, 0.0534]
    """
    method_among(method, TESTS)
    x1, n1, x2, n2 = _samples(count1, nobs1, count2, nobs2)
    if method == "boschloo":
        rows = [_boschloo(*row) for row in one_by_one(x1, n1, x2, n2)]
        p = np.array(rows, dtype=float).reshape(x1.shape)
    else:
        p, point = _fisher(x1, n1, x2, n2)
        p = p - point / 2 if method == "fisher_mid_p" else p
    return as_given(np.where((n1 == 0) | (n2 == 0), 1.0, p))


def _samples(
    count1: ArrayLike, nobs1: ArrayLike, count2: ArrayLike, nobs2: ArrayLike
) -> list[Counts]:
    x1, n1, x2, n2 = whole_numbers(count1=count1, nobs1=nobs1, count2=count2, nobs2=nobs2)
    part_of("count1", x1, "nobs1", n1)
    part_of("count2", x2, "nobs2", n2)
    return [x1, n1, x2, n2]


def _z(level: float) -> float:
    return float(stats.norm.isf((1 - level) / 2))


def _newcombe(x1: Counts, n1: Counts, x2: Counts, n2: Counts, level: float) -> tuple[Any, Any]:
    p1, p2 = x1 / np.maximum(n1, 1), x2 / np.maximum(n2, 1)
    low1, high1 = proportion_interval(x1, n1, method="wilson", level=level)
    low2, high2 = proportion_interval(x2, n2, method="wilson", level=level)
    return p2 - p1 - np.hypot(p2 - low2, high1 - p1), p2 - p1 + np.hypot(high2 - p2, p1 - low1)


def _agresti_caffo(x1: Counts, n1: Counts, x2: Counts, n2: Counts, level: float) -> tuple[Any, Any]:
    p1, p2 = (x1 + 1) / (n1 + 2), (x2 + 1) / (n2 + 2)
    half = _z(level) * np.sqrt(p1 * (1 - p1) / (n1 + 2) + p2 * (1 - p2) / (n2 + 2))
    return np.maximum(p2 - p1 - half, -1), np.minimum(p2 - p1 + half, 1)


def _fisher(x1: Counts, n1: Counts, x2: Counts, n2: Counts) -> tuple[Shares, Shares]:
    """Return Fisher's p-value and the probability of the observed table.

    Tables with the same margins share one distribution, so each is worked out once.
    """
    seen, margins = x1.ravel(), np.stack([n1.ravel(), n2.ravel(), (x1 + x2).ravel()])
    distinct, which = np.unique(margins, axis=1, return_inverse=True)
    p, point = np.empty(seen.shape), np.empty(seen.shape)
    for number, (size1, size2, yes) in enumerate(distinct.T.tolist()):
        here = which.ravel() == number
        first = max(0, yes - size2)
        weights = stats.hypergeom.pmf(
            np.arange(first, min(size1, yes) + 1), size1 + size2, yes, size1
        )
        observed = weights[seen[here] - first]
        # The tolerance is that of R's fisher.test: rounding must not part equal probabilities.
        likelier = weights > observed[:, np.newaxis] * (1 + 1e-7)
        tails = np.where(likelier, 0, weights).sum(axis=1)
        p[here] = np.where(likelier.any(axis=1), tails, 1.0)
        point[here] = observed
    return p.reshape(x1.shape), point.reshape(x1.shape)


def _boschloo(x1: int, n1: int, x2: int, n2: int) -> float:
    if 0 in (n1, n2, x1 + x2, n1 + n2 - x1 - x2):
        return 1.0
    # The samples swapped, or yes and no, make no difference: one search serves all four tables.
    table = (x1, n1 - x1, x2, n2 - x2)
    a, b, c, d = table
    return _boschloo_search(*min(table, (c, d, a, b), (b, a, d, c), (d, c, b, a)))


@lru_cache(maxsize=16384)
def _boschloo_search(yes1: int, no1: int, yes2: int, no2: int) -> float:
    # SciPy wants the samples as columns.
    return float(stats.boschloo_exact([[yes1, yes2], [no1, no2]]).pvalue)
