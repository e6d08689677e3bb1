"""Two independent groups that answered on the same ordered levels.

Both groups are given as counts by level, from the lowest to the highest. Only the order of the
levels is used, never a distance between them. An effect is told as superiority: the probability
that an answer of the second group is higher than one of the first, ties counted half.
"""

from __future__ import annotations

import warnings
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats
from statsmodels.miscmodels.ordinal_model import OrderedModel

from analysis.statistics.checks import level_between, method_among
from analysis.statistics.inputs import NotEstimable, same_levels, some_answered
from analysis.statistics.rank_sums import exact_pvalue


class MannWhitney(NamedTuple):
    """Superiority of the second group, its U statistic and p-value, and the group sizes."""

    superiority: float
    statistic: float
    pvalue: float
    n1: int
    n2: int


class BrunnerMunzel(NamedTuple):
    """Superiority of the second group with its interval, and the test of whether it is a half."""

    superiority: float
    low: float
    high: float
    statistic: float
    df: float
    pvalue: float
    n1: int
    n2: int


class OrderedLogit(NamedTuple):
    """Odds of a higher answer in the second group over those in the first."""

    odds_ratio: float
    low: float
    high: float
    pvalue: float


METHODS = ("asymptotic", "exact")


def mann_whitney(
    counts1: ArrayLike, counts2: ArrayLike, *, method: str = "asymptotic"
) -> MannWhitney:
    """Test whether two groups answered alike on ordered levels.

    Parameters
    ----------
    counts1, counts2 : answers by level, lowest first, of the first and of the second group.
    method : ``asymptotic`` (normal approximation, its variance corrected for ties, with a
        continuity correction of a half; rough where a group has fewer than about ten answers) or
        ``exact`` (over every way of dealing these answers to the two groups, the smaller tail
        doubled; for 200 answers or fewer).

    Returns
    -------
    MannWhitney
        Two-sided. Everybody on one level: superiority a half and p 1.

    Raises
    ------
    ValueError
        The two differ in length or labels, a count is negative, fractional or missing, the method
        is unknown, or there are too many answers for ``exact``.
    NotEstimable
        A group has no answers.

    References
    ----------
    Mann and Whitney (1947), Annals of Mathematical Statistics 18:50. Lehmann (1975),
    Nonparametrics, chapter 1, for ties.

    Examples
    --------
    Postoperative nausea, none to severe (Fagerland, Lydersen and Laake 2017, Statistical Analysis
    of Contingency Tables, chapter 6):

    >>> test = mann_whitney([14, 10, 3, 2], [11, 7, 8, 4], method="exact")
    >>> round(test.superiority, 3), round(test.pvalue, 4)
    (0.605, 0.1495)
    """
    method_among(method, METHODS)
    c1, c2 = same_levels(counts1, counts2)
    n1, n2 = some_answered(c1, c2, at_least=1)
    if np.count_nonzero(c1 + c2) == 1:
        return MannWhitney(0.5, n1 * n2 / 2, 1.0, n1, n2)
    level = np.arange(len(c1))
    result = stats.mannwhitneyu(np.repeat(level, c2), np.repeat(level, c1), method="asymptotic")
    statistic = float(result.statistic)
    pvalue = exact_pvalue(c1, c2) if method == "exact" else float(result.pvalue)
    return MannWhitney(statistic / (n1 * n2), statistic, pvalue, n1, n2)


def brunner_munzel(counts1: ArrayLike, counts2: ArrayLike, *, level: float = 0.95) -> BrunnerMunzel:
    """Test whether superiority is a half, without taking the groups to be spread alike.

    Parameters
    ----------
    counts1, counts2 : as for `mann_whitney`.
    level : confidence level of the interval for superiority, between 0 and 1.

    Returns
    -------
    BrunnerMunzel
        Two-sided, from the t distribution with the degrees of freedom of the paper. The interval is
        cut at 0 and 1. Below about ten answers in a group it is rough.

    Raises
    ------
    ValueError
        As for `mann_whitney`, or the level lies outside (0, 1).
    NotEstimable
        A group has fewer than two answers; or the variance cannot be estimated, because everybody
        is on one level or every answer of one group lies above every answer of the other.

    References
    ----------
    Brunner and Munzel (2000), Biometrical Journal 42:17.

    Examples
    --------
    >>> test = brunner_munzel([14, 10, 3, 2], [11, 7, 8, 4])
    >>> round(test.superiority, 3), round(test.low, 3), round(test.high, 3), round(test.pvalue, 3)
    (0.605, 0.463, 0.746, 0.144)
    """
    level_between(level)
    c1, c2 = same_levels(counts1, counts2)
    n1, n2 = some_answered(c1, c2, at_least=2)
    below1, below2 = _twice_below(c1), _twice_below(c2)
    if np.ptp(below2[c1 > 0]) == 0 and np.ptp(below1[c2 > 0]) == 0:
        if np.count_nonzero(c1 + c2) == 1:
            raise NotEstimable("everybody is on one level, so the variance cannot be estimated")
        raise NotEstimable(
            "every answer of one group lies above every answer of the other, so the variance "
            "cannot be estimated"
        )
    superiority = float(c2 @ below1) / (2 * n1 * n2)
    part1 = _variance(below2 / (2 * n2), c1) / n1
    part2 = _variance(below1 / (2 * n1), c2) / n2
    variance = part1 + part2
    df = variance**2 / (part1**2 / (n1 - 1) + part2**2 / (n2 - 1))
    statistic = (superiority - 0.5) / np.sqrt(variance)
    reach = stats.t.isf((1 - level) / 2, df) * np.sqrt(variance)
    return BrunnerMunzel(
        superiority,
        float(max(superiority - reach, 0)),
        float(min(superiority + reach, 1)),
        float(statistic),
        df,
        float(2 * stats.t.sf(abs(statistic), df)),
        n1,
        n2,
    )


def ordered_logit(counts1: ArrayLike, counts2: ArrayLike, *, level: float = 0.95) -> OrderedLogit:
    """Return the odds ratio of a higher answer, taken to be the same at every level.

    Parameters
    ----------
    counts1, counts2 : as for `mann_whitney`. A level that neither group used is left out.
    level : confidence level between 0 and 1.

    Returns
    -------
    OrderedLogit
        Above 1 where the second group answered higher. Maximum likelihood in the proportional odds
        model; interval and two-sided p-value are Wald's.

    Raises
    ------
    ValueError
        As for `mann_whitney`, or the level lies outside (0, 1).
    NotEstimable
        A group has no answers; everybody is on one level; no answer of one group lies below any
        of the other, so that the likelihood has no maximum; or the fit did not converge.

    References
    ----------
    McCullagh (1980), Journal of the Royal Statistical Society B 42:109.

    Examples
    --------
    >>> logit = ordered_logit([14, 10, 3, 2], [11, 7, 8, 4])
    >>> round(logit.odds_ratio, 2), round(logit.low, 2), round(logit.high, 2)
    (2.05, 0.79, 5.3)
    """
    level_between(level)
    c1, c2 = same_levels(counts1, counts2)
    some_answered(c1, c2, at_least=1)
    used = c1 + c2 > 0
    c1, c2 = c1[used], c2[used]
    if len(c1) == 1:
        raise NotEstimable("everybody is on one level, so there are no odds to compare")
    ends1, ends2 = _ends(c1), _ends(c2)
    if ends1[1] <= ends2[0] or ends2[1] <= ends1[0]:
        raise NotEstimable(
            "no answer of one group lies below any answer of the other, so that the odds ratio has "
            "no finite value"
        )
    estimate, error = _fit(c1, c2)
    reach = stats.norm.isf((1 - level) / 2) * error
    ratio, low, high = np.exp([estimate, estimate - reach, estimate + reach]).tolist()
    return OrderedLogit(ratio, low, high, float(2 * stats.norm.sf(abs(estimate) / error)))


def _twice_below(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return, by level, twice the answers below it plus those on it."""
    return 2 * np.cumsum(counts) - counts


def _variance(values: NDArray[np.float64], counts: NDArray[np.int64]) -> float:
    return float(np.var(np.repeat(values, counts), ddof=1))


def _ends(counts: NDArray[np.int64]) -> tuple[int, int]:
    levels = np.flatnonzero(counts)
    return int(levels[0]), int(levels[-1])


def _fit(counts1: NDArray[np.int64], counts2: NDArray[np.int64]) -> tuple[float, float]:
    """Return the log odds ratio and its standard error; a warning of the library is an error."""
    levels = np.arange(len(counts1))
    answer = np.concatenate([np.repeat(levels, counts1), np.repeat(levels, counts2)])
    is_second = np.repeat([0.0, 1.0], [counts1.sum(), counts2.sum()])[:, np.newaxis]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            model = OrderedModel(answer, is_second, distr="logit")
            # BFGS stops early and Newton's steps run astray from afar, so one starts the other.
            start = model.fit(
                method="bfgs", maxiter=1000, disp=False, warn_convergence=False, skip_hessian=True
            )
            fitted = model.fit(start.params, method="newton", maxiter=100, disp=False)
            estimate, error = float(fitted.params[0]), float(fitted.bse[0])
        except (Warning, np.linalg.LinAlgError) as reason:
            raise NotEstimable(f"the ordered logit did not converge: {reason}") from reason
    is_best = fitted.mle_retvals["converged"] and fitted.llf >= start.llf - 1e-8
    if not is_best or not np.isfinite([estimate, error]).all():
        raise NotEstimable("the ordered logit did not converge")
    return estimate, error
