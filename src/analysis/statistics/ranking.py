"""How far rankings agree: two with Kendall's tau-b, several with Kendall's W."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from analysis.statistics.inputs import NotEstimable, numbers_or_missing


class KendallTau(NamedTuple):
    """Kendall's tau-b, and the p-value of no association."""

    tau: float
    pvalue: float


class KendallW(NamedTuple):
    """Kendall's coefficient of concordance, and its chi-square test."""

    w: float
    statistic: float
    df: int
    pvalue: float


def kendall_tau(first: ArrayLike, second: ArrayLike) -> KendallTau:
    """Return how far two rankings of the same items agree, from -1 to 1, ties allowed.

    Parameters
    ----------
    first, second : rank or score of each item, in the same order of items.

    Returns
    -------
    KendallTau
        tau-b. The two-sided p-value is exact where there are no ties and at most 33 items (or
        hardly any pair in disorder), else that of the normal approximation corrected for ties.

    Raises
    ------
    ValueError
        The two differ in length, or a value is missing or no number.
    NotEstimable
        There are fewer than two items, or one ranking puts all items level.

    References
    ----------
    Kendall (1945), Biometrika 33:239.

    Examples
    --------
    Lightness and panel score of nine lots of tuna (Hollander and Wolfe 1973, Nonparametric
    Statistical Methods, page 187):

    >>> lightness = [44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2, 60.1]
    >>> test = kendall_tau(lightness, [2.6, 3.1, 2.5, 5.0, 3.6, 4.0, 5.2, 2.8, 3.8])
    >>> round(test.tau, 4), round(test.pvalue, 4)
    (0.4444, 0.1194)
    """
    pair = [_complete("first", first), _complete("second", second)]
    if pair[0].ndim != 1 or pair[0].shape != pair[1].shape:
        raise ValueError(
            "first and second must rank the same items, got shapes "
            f"{pair[0].shape} and {pair[1].shape}"
        )
    if pair[0].size < 2:
        raise NotEstimable(f"there are {pair[0].size} items to rank, 2 are needed")
    for name, ranks in zip(("first", "second"), pair, strict=True):
        if np.ptp(ranks) == 0:
            raise NotEstimable(f"the {name} ranking puts all items level")
    result = stats.kendalltau(*pair, variant="b")
    return KendallTau(float(result.statistic), float(result.pvalue))


def kendall_w(rankings: ArrayLike) -> KendallW:
    """Return how far several raters agree on the order of items, from 0 to 1, ties allowed.

    Parameters
    ----------
    rankings : one row a rater, one column an item; ranks, or scores that are ranked here.

    Returns
    -------
    KendallW
        Corrected for ties. The chi-square approximation is rough below 8 items. It is Friedman's
        test with raters as blocks.

    Raises
    ------
    ValueError
        There are fewer than two raters or items, or a value is missing or no number.
    NotEstimable
        Every rater puts all items level.

    References
    ----------
    Kendall and Babington Smith (1939), Annals of Mathematical Statistics 10:275. Siegel and
    Castellan (1988), Nonparametric Statistics for the Behavioral Sciences, chapter 9.

    Examples
    --------
    Three executives rank six applicants (Siegel 1956, Nonparametric Statistics, chapter 9):

    >>> rankings = [[1, 6, 3, 2, 5, 4], [1, 5, 6, 4, 2, 3], [6, 3, 2, 5, 4, 1]]
    >>> test = kendall_w(rankings)
    >>> round(test.w, 2), round(test.statistic, 2), test.df
    (0.16, 2.43, 5)
    """
    given = _complete("rankings", rankings)
    if given.ndim != 2 or min(given.shape) < 2:
        raise ValueError(
            "rankings must have two raters (rows) and two items (columns) or more, "
            f"got shape {given.shape}"
        )
    raters, items = given.shape
    ranks = stats.rankdata(given, axis=1)
    # The sums of squares are what ranks spread within raters, and what their sums spread at most.
    within = float(((ranks - (items + 1) / 2) ** 2).sum())
    if within == 0:
        raise NotEstimable("every rater puts all items level")
    sums = ranks.sum(axis=0)
    between = float(((sums - sums.mean()) ** 2).sum())
    w = between / (raters * within)
    statistic = raters * (items - 1) * w
    df = items - 1
    return KendallW(w, statistic, df, float(stats.chi2.sf(statistic, df)))


def _complete(name: str, values: ArrayLike) -> NDArray[np.float64]:
    given = numbers_or_missing(name, values)
    if not np.isfinite(given).all():
        raise ValueError(f"{name} must hold a finite number for every item, got {values!r}")
    return given
