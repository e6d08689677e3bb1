"""Change in how answers are spread over categories, paired or between two groups."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats
from scipy.sparse.csgraph import connected_components

from analysis.statistics.checks import whole_numbers
from analysis.statistics.inputs import NotEstimable, same_labels, same_levels, some_answered


class ChiSquared(NamedTuple):
    """A statistic, its degrees of freedom, and its p-value from the chi-square distribution."""

    statistic: float
    df: int
    pvalue: float


class MarginsTest(NamedTuple):
    """The same, with the positions of the categories left out and the smallest expected count."""

    statistic: float
    df: int
    pvalue: float
    dropped: tuple[int, ...]
    smallest_expected: float


def stuart_maxwell(table: ArrayLike) -> ChiSquared:
    """Test whether the categories are used as often later as earlier, by the same respondents.

    Parameters
    ----------
    table : respondents by category of the earlier cycle (rows) and of the later one (columns, in
        the same order). A frame is taken by position, once its labels agree.

    Returns
    -------
    ChiSquared
        One degree of freedom for each category, less one for each group of categories that nobody
        entered or left. So a category that is empty in both cycles, or whose respondents all
        stayed, counts for nothing. Nobody moved at all: statistic 0 and p 1. With two categories
        it is McNemar's test without continuity correction.

    Raises
    ------
    ValueError
        The table is not square, has one category, or its labels differ; or a count is negative,
        fractional or missing.

    References
    ----------
    Stuart (1955), Biometrika 42:412. Maxwell (1970), British Journal of Psychiatry 116:651.

    Examples
    --------
    >>> test = stuart_maxwell([[20, 10, 5], [3, 30, 15], [0, 5, 40]])
    >>> round(test.statistic, 3), test.df, round(test.pvalue, 4)
    (13.765, 2, 0.001)
    """
    return _stuart_maxwell(_square(table))


def bhapkar(table: ArrayLike) -> ChiSquared:
    """Test the same as `stuart_maxwell`, with a variance that does not presume the hypothesis.

    The statistic is s / (1 - s / n) for n respondents and Stuart and Maxwell's statistic s, hence
    always the larger of the two (Keefe 1982, Biometrika 69:683).

    Returns
    -------
    ChiSquared
        As for `stuart_maxwell`.

    Raises
    ------
    ValueError
        As for `stuart_maxwell`.
    NotEstimable
        Every respondent moved by the same step, so that the variance is 0.

    References
    ----------
    Bhapkar (1966), Journal of the American Statistical Association 61:228.

    Examples
    --------
    >>> round(bhapkar([[20, 10, 5], [3, 30, 15], [0, 5, 40]]).statistic, 3)
    15.423
    """
    counts = _square(table)
    score = _stuart_maxwell(counts)
    if score.df == 0:
        return score
    left = 1 - score.statistic / int(counts.sum())
    if left < 1e-12:
        raise NotEstimable(
            "every respondent moved by the same step, so the variance is 0; use stuart_maxwell"
        )
    return _chi_squared(score.statistic / left, score.df)


def bowker(table: ArrayLike) -> ChiSquared:
    """Test symmetry: as many moved from one category to another as moved the other way.

    Parameters
    ----------
    table : as for `stuart_maxwell`.

    Returns
    -------
    ChiSquared
        Of k categories there are k (k - 1) / 2 pairs, and as many degrees of freedom. A pair
        between which nobody moved adds 0 to the statistic and keeps its degree of freedom
        (Fagerland, Lydersen and Laake 2017, Statistical Analysis of Contingency Tables, chapter 9).

    Raises
    ------
    ValueError
        As for `stuart_maxwell`.

    References
    ----------
    Bowker (1948), Journal of the American Statistical Association 43:572.

    Examples
    --------
    >>> test = bowker([[20, 10, 5], [3, 30, 15], [0, 5, 40]])
    >>> round(test.statistic, 3), test.df
    (13.769, 3)
    """
    counts = _square(table)
    pairs = np.triu_indices(len(counts), k=1)
    forth, back = counts[pairs], counts.T[pairs]
    parts = (forth - back) ** 2 / np.maximum(forth + back, 1)
    return _chi_squared(float(parts.sum()), len(parts))


def chi_square(counts1: ArrayLike, counts2: ArrayLike) -> MarginsTest:
    """Test whether two independent groups spread alike over the same categories.

    Parameters
    ----------
    counts1, counts2 : respondents by category, of the first and of the second group.

    Returns
    -------
    MarginsTest
        Pearson's chi-square without continuity correction. ``dropped`` holds the positions of the
        categories that neither group used, which are left out. The approximation is doubtful while
        ``smallest_expected`` is below 5. All in one category: statistic 0 and p 1.

    Raises
    ------
    ValueError
        The two differ in length or labels, or a count is negative, fractional or missing.
    NotEstimable
        A group is empty.

    References
    ----------
    Pearson (1900), Philosophical Magazine 50:157.

    Examples
    --------
    >>> test = chi_square([10, 20, 0, 30], [20, 20, 0, 20])
    >>> round(test.statistic, 3), test.df, test.dropped, test.smallest_expected
    (5.333, 2, (2,), 15.0)
    """
    both = np.array(same_levels(counts1, counts2))
    some_answered(both[0], both[1], at_least=1)
    used = both.sum(axis=0) > 0
    dropped = tuple(np.flatnonzero(~used).tolist())
    if used.sum() == 1:
        return MarginsTest(0.0, 0, 1.0, dropped, float(both.sum(axis=1).min()))
    result = stats.chi2_contingency(both[:, used], correction=False)
    return MarginsTest(
        float(result.statistic),
        int(result.dof),
        float(result.pvalue),
        dropped,
        float(result.expected_freq.min()),
    )


def _square(table: ArrayLike) -> NDArray[np.int64]:
    if isinstance(table, pd.DataFrame):
        same_labels("rows", table.index, "columns", table.columns)
    (counts,) = whole_numbers(table=table)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1] or len(counts) < 2:
        raise ValueError(
            "table must be square with two categories or more, rows earlier and columns later, "
            f"got shape {counts.shape}"
        )
    return counts


def _stuart_maxwell(counts: NDArray[np.int64]) -> ChiSquared:
    moved = counts + counts.T
    np.fill_diagonal(moved, 0)
    # The covariance is the Laplacian of the moves: its rank is that of the groups they connect.
    covariance = np.diag(moved.sum(axis=0)) - moved
    _, group = connected_components(moved, directed=False)
    kept = np.setdiff1d(np.arange(len(counts)), np.unique(group, return_index=True)[1])
    if kept.size == 0:
        return ChiSquared(0.0, 0, 1.0)
    change = (counts.sum(axis=0) - counts.sum(axis=1))[kept]
    statistic = change @ np.linalg.solve(covariance[np.ix_(kept, kept)], change)
    return _chi_squared(float(statistic), int(kept.size))


def _chi_squared(statistic: float, df: int) -> ChiSquared:
    return ChiSquared(statistic, df, float(stats.chi2.sf(statistic, df)))
