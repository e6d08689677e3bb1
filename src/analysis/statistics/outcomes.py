"""Every table that can occur at given shares, and those of them that a test rejects."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from analysis.statistics.independent import independent_pvalue
from analysis.statistics.paired import mcnemar_pvalue


def chance_of_paired(
    gained_share: float, lost_share: float, nobs: int, method: str, level: float
) -> float:
    """Return the probability that McNemar's test rejects, over all trinomial outcomes.

    Examples
    --------
    >>> chance_of_paired(1.0, 0.0, 5, "mid_p", 0.95), chance_of_paired(1.0, 0.0, 4, "mid_p", 0.95)
    (1.0, 0.0)
    """
    moving = min(gained_share + lost_share, 1.0)
    gaining = gained_share / moving if moving else 0.0
    # Rows: how many moved. Columns: how many of those gained.
    count = np.arange(nobs + 1)
    outcomes = stats.binom.pmf(count, nobs, moving)[:, np.newaxis] * stats.binom.pmf(
        count, count[:, np.newaxis], gaining
    )
    return _total(outcomes[_paired_rejects(nobs, method, level)])


def chance_of_independent(
    share1: float, nobs1: int, share2: float, nobs2: int, method: str, level: float
) -> float:
    """Return the probability that a test of two groups rejects, over all binomial outcomes.

    Examples
    --------
    >>> chance_of_independent(0.0, 4, 1.0, 4, "fisher", 0.95)
    1.0
    """
    outcomes = np.outer(
        stats.binom.pmf(np.arange(nobs1 + 1), nobs1, share1),
        stats.binom.pmf(np.arange(nobs2 + 1), nobs2, share2),
    )
    return _total(outcomes[_independent_rejects(nobs1, nobs2, method, level)])


def _total(probabilities: NDArray[np.float64]) -> float:
    return min(float(probabilities.sum()), 1.0)


@lru_cache(maxsize=32)
def _paired_rejects(nobs: int, method: str, level: float) -> NDArray[np.bool_]:
    moved, gained = np.indices((nobs + 1, nobs + 1))
    pvalues = mcnemar_pvalue(gained, np.maximum(moved - gained, 0), method=method)
    return _rejects(pvalues, level) & (gained <= moved)


@lru_cache(maxsize=32)
def _independent_rejects(nobs1: int, nobs2: int, method: str, level: float) -> NDArray[np.bool_]:
    count1, count2 = np.indices((nobs1 + 1, nobs2 + 1))
    return _rejects(independent_pvalue(count1, nobs1, count2, nobs2, method=method), level)


def _rejects(pvalues: NDArray[np.float64], level: float) -> NDArray[np.bool_]:
    # The factor keeps rounding from saving a p-value that equals the significance level.
    return pvalues <= (1 - level) * (1 + 1e-9)
