"""Change among the same respondents, asked twice.

A respondent has *gained* when no became yes, and *lost* when yes became no; those that answered
the same both times say nothing about the direction.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from analysis.statistics.checks import as_given, whole_numbers

METHODS = ("mid_p", "exact", "asymptotic")


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
    Their example of airway hyper-responsiveness (7 against 1 discordant pairs):

    >>> [round(float(mcnemar_pvalue(1, 7, method=m)), 4) for m in METHODS]
    [0.0391, 0.0703, 0.0339]
    """
    if method not in METHODS:
        raise ValueError(f"unknown method {method!r}; allowed: {', '.join(METHODS)}")
    b, c = whole_numbers(gained=gained, lost=lost)
    moved, fewer = b + c, np.minimum(b, c)
    if method == "asymptotic":
        statistic = (b - c) ** 2 / np.maximum(moved, 1)
        return as_given(np.asarray(stats.chi2.sf(statistic, 1)))
    exact = np.minimum(2 * stats.binom.cdf(fewer, moved, 0.5), 1.0)
    if method == "exact":
        return as_given(np.asarray(exact))
    point = stats.binom.pmf(fewer, moved, 0.5)
    mid = np.where(b == c, 1 - point / 2, exact - point)
    return as_given(np.where(moved == 0, 1.0, mid))
