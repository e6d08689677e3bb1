"""The test that most readers would reach for, kept to show what it supposes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from analysis.statistics.checks import as_given, part_of, whole_numbers


def two_proportions_pvalue(
    count1: ArrayLike, nobs1: ArrayLike, count2: ArrayLike, nobs2: ArrayLike
) -> Any:
    """Return the p-value of the pooled z test of two proportions, Pearson's chi-square.

    It supposes two independent samples, each large and drawn at random from a large population:
    none of which holds when the same few States are asked twice.

    Parameters
    ----------
    count1, nobs1 : yes and answers of the earlier cycle.
    count2, nobs2 : the same of the later cycle.

    Returns
    -------
    float or array
        Two-sided, without continuity correction; 1 where everybody answers alike or nobody does.

    Raises
    ------
    ValueError
        A count is negative, fractional or missing, or above its number of answers.

    References
    ----------
    Pearson (1900), Philosophical Magazine 50:157.

    Examples
    --------
    >>> round(two_proportions_pvalue(10, 52, 16, 49), 3)
    0.123
    """
    y1, n1, y2, n2 = whole_numbers(count1=count1, nobs1=nobs1, count2=count2, nobs2=nobs2)
    part_of("count1", y1, "nobs1", n1)
    part_of("count2", y2, "nobs2", n2)
    size1, size2 = np.maximum(n1, 1), np.maximum(n2, 1)
    pooled = (y1 + y2) / (size1 + size2)
    variance = pooled * (1 - pooled) * (1 / size1 + 1 / size2)
    is_open = (n1 > 0) & (n2 > 0) & (variance > 0)
    z = (y2 / size2 - y1 / size1) / np.sqrt(np.where(is_open, variance, 1.0))
    return as_given(np.where(is_open, 2 * stats.norm.sf(np.abs(z)), 1.0))
