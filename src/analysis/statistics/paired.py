"""Change among the same respondents, asked twice.

A respondent has *gained* when no became yes, and *lost* when yes became no; those that answered
the same both times (*both* yes, *neither* yes) say nothing about the direction.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from analysis.statistics.checks import as_given, level_between, method_among, whole_numbers
from analysis.statistics.proportion import proportion_interval

METHODS = ("mid_p", "exact", "asymptotic")
INTERVALS = ("tango", "newcombe")

Whole = NDArray[np.int64]
Real = NDArray[np.float64]


def mcnemar_pvalue(gained: ArrayLike, lost: ArrayLike, *, method: str = "mid_p") -> Any:
    """Return the p-value of McNemar's test of no net change.

    Parameters
    ----------
    gained, lost : respondents that moved from no to yes, and from yes to no.
    method : ``exact`` (two-sided binomial on the discordant pairs, at most 1), ``mid_p`` (exact
        less the probability of the observed table; with equal counts 1 less half of it), or
        ``asymptotic`` (chi-square with one degree of freedom, no continuity correction).

    Returns
    -------
    float or array
        1 where nobody moved. The model behind it: each that moved was equally likely to move
        either way.

    Raises
    ------
    ValueError
        A count is negative, fractional or missing, or the method is unknown.

    References
    ----------
    Fagerland, Lydersen and Laake (2013), BMC Medical Research Methodology 13:91.

    Examples
    --------
    Their example of airway hyper-responsiveness (7 children gained it, 1 lost it):

    >>> [round(mcnemar_pvalue(7, 1, method=m), 4) for m in METHODS]
    [0.0391, 0.0703, 0.0339]
    """
    method_among(method, METHODS)
    b, c = whole_numbers(gained=gained, lost=lost)
    moved, fewer = b + c, np.minimum(b, c)
    if method == "asymptotic":
        statistic = (b - c) ** 2 / np.maximum(moved, 1)
        return as_given(np.asarray(stats.chi2.sf(statistic, 1)))
    at_most = stats.binom.cdf(fewer, moved, 0.5)
    if method == "exact":
        return as_given(np.asarray(np.minimum(2 * at_most, 1.0)))
    # Sums in place of the exact p less the point, so that small values keep their digits.
    below = stats.binom.cdf(fewer - 1, moved, 0.5)
    mid = np.where(b == c, 1.5 - at_most, at_most + below)
    return as_given(np.where(moved == 0, 1.0, mid))


def paired_difference_interval(
    both: ArrayLike,
    lost: ArrayLike,
    gained: ArrayLike,
    neither: ArrayLike,
    *,
    method: str = "tango",
    level: float = 0.95,
) -> tuple[Any, Any]:
    """Return an interval for the change in the share of yes, later minus earlier.

    Parameters
    ----------
    both, lost, gained, neither : respondents by earlier and later answer: yes and yes, yes and
        no, no and yes, no and no.
    method : ``tango`` (every change that the score test with its constrained maximum-likelihood
        estimate does not reject; ``both`` and ``neither`` count only by their sum) or
        ``newcombe`` (method 10: Wilson intervals of the two shares, put together with the phi
        coefficient, its numerator less half the pairs where it is positive).
    level : confidence level between 0 and 1.

    Returns
    -------
    low, high
        Shares, -1 to 1; scalars for scalars, else arrays. -1 and 1 where there is no pair.

    Raises
    ------
    ValueError
        A count is negative, fractional or missing, the level lies outside (0, 1), or the method
        is unknown.

    References
    ----------
    Tango (1998), Statistics in Medicine 17:891. Newcombe (1998), Statistics in Medicine 17:2635.

    Examples
    --------
    Airway hyper-responsiveness before and after a transplantation, the example of Fagerland,
    Lydersen and Laake (2014), Statistics in Medicine 33:2850:

    >>> for method in INTERVALS:
    ...     low, high = paired_difference_interval(1, 1, 7, 12, method=method)
    ...     print(method, round(low, 3), round(high, 3))
    tango 0.026 0.517
    newcombe 0.026 0.507
    """
    method_among(method, INTERVALS)
    level_between(level)
    a, b, c, d = whole_numbers(both=both, lost=lost, gained=gained, neither=neither)
    pairs = a + b + c + d
    if method == "tango":
        z = float(stats.norm.isf((1 - level) / 2))
        # Both ends follow from one search: the cycles swapped give the mirror image.
        divisor = np.maximum(pairs, 1)
        low, high = _tango_low(c, b, divisor, z), -_tango_low(b, c, divisor, z)
    else:
        low, high = _newcombe(a, b, c, d, level)
    return as_given(np.where(pairs == 0, -1.0, low)), as_given(np.where(pairs == 0, 1.0, high))


def _tango_low(gained: Whole, lost: Whole, pairs: Whole, z: float) -> Real:
    """Return the smallest change whose score statistic is not above `z`, by halving."""
    low, high = np.full(pairs.shape, -1.0), (gained - lost) / pairs
    for _ in range(60):  # 2 to the power of -60 is below the spacing of the shares
        change = (low + high) / 2
        # The estimate of the share that lost, given the change: the larger root of a quadratic,
        # written so that nothing cancels (Tango 1998, section 3).
        slope = (2 * pairs - gained + lost) * change - gained - lost
        constant = -lost * change * (1 - change)
        root = np.sqrt(np.maximum(slope**2 - 8 * pairs * constant, 0))
        rising = slope > 0
        share = np.where(
            rising, -2 * constant / np.where(rising, slope + root, 1), (root - slope) / (4 * pairs)
        )
        variance = pairs * np.maximum(2 * share + change * (1 - change), 0)
        rejected = gained - lost - pairs * change > z * np.sqrt(variance)
        low, high = np.where(rejected, change, low), np.where(rejected, high, change)
    return high


def _newcombe(
    both: Whole, lost: Whole, gained: Whole, neither: Whole, level: float
) -> tuple[Any, Any]:
    n = np.maximum(both + lost + gained + neither, 1)
    yes1, yes2 = both + lost, both + gained
    share1, share2 = yes1 / n, yes2 / n
    low1, high1 = proportion_interval(yes1, n, method="wilson", level=level)
    low2, high2 = proportion_interval(yes2, n, method="wilson", level=level)
    agreement = both * neither - lost * gained
    corrected = np.where(agreement > 0, np.maximum(agreement - n / 2, 0), agreement)
    spread = np.sqrt(yes1 * (n - yes1)) * np.sqrt(yes2 * (n - yes2))
    phi = np.where(spread > 0, corrected / np.where(spread > 0, spread, 1), 0)

    def joint(one: Any, other: Any) -> Any:
        return np.sqrt(np.maximum(one**2 - 2 * phi * one * other + other**2, 0))

    change = share2 - share1
    return (
        change - joint(share2 - low2, high1 - share1),
        change + joint(high2 - share2, share1 - low1),
    )
