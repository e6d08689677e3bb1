"""Change over two or more cycles among the same respondents, for a yes/no answer."""

from __future__ import annotations

import warnings
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats
from statsmodels.genmod.cov_struct import Exchangeable
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.generalized_estimating_equations import GEE
from statsmodels.stats.contingency_tables import cochrans_q

from analysis.statistics.checks import level_between
from analysis.statistics.inputs import NotEstimable, numbers_or_missing

MIN_RESPONDENTS = 10

# What rounding leaves of a variance that is zero.
NO_VARIANCE = 1e-12


class CochranQ(NamedTuple):
    """Cochran's statistic, its degrees of freedom and p-value, and the complete respondents."""

    statistic: float
    df: int
    pvalue: float
    n: int


class Trend(NamedTuple):
    """The odds ratio from one cycle to the next, and on how much it rests."""

    odds_ratio: float
    low: float
    high: float
    pvalue: float
    n_respondents: int
    n_answers: int


def cochran_q(answers: ArrayLike) -> CochranQ:
    """Test whether the share of yes is the same in every cycle, among the same respondents.

    Parameters
    ----------
    answers : 1 for yes and 0 for no, one row a respondent and one column a cycle. A respondent
        with a missing answer (None, nan, pd.NA) is left out.

    Returns
    -------
    CochranQ
        Nobody changed: statistic 0 and p 1. With two cycles it is McNemar's test without
        continuity correction. ``n`` counts the respondents that answered in every cycle.

    Raises
    ------
    ValueError
        An answer is neither 0, 1 nor missing, or there are fewer than two cycles.
    NotEstimable
        No respondent answered in every cycle.

    References
    ----------
    Cochran (1950), Biometrika 37:256.

    Examples
    --------
    >>> test = cochran_q([[0, 1, 1], [0, 0, 1], [0, 0, 1], [1, 1, 1], [0, 0, 0], [0, 1, None]])
    >>> round(test.statistic, 3), test.df, round(test.pvalue, 3), test.n
    (4.667, 2, 0.097, 5)
    """
    given = _answers(answers)
    complete = given[~np.isnan(given).any(axis=1)]
    n, cycles = complete.shape
    if n == 0:
        raise NotEstimable("no respondent answered in every cycle")
    if (complete == complete[:, :1]).all():
        return CochranQ(0.0, cycles - 1, 1.0, n)
    result = cochrans_q(complete)
    return CochranQ(float(result.statistic), int(result.df), float(result.pvalue), n)


def gee_trend(answers: ArrayLike, *, times: ArrayLike | None = None, level: float = 0.95) -> Trend:
    """Return the trend of the odds of yes over the cycles, all answers used.

    A logistic model with generalised estimating equations: log odds linear in time, answers of one
    respondent equally correlated, robust variance. It takes the answers that are missing to be
    missing completely at random. The robust variance is somewhat too small below about 40
    respondents.

    Parameters
    ----------
    answers : as for `cochran_q`; a respondent counts with every answer that is not missing.
    times : when each cycle took place, rising; 0, 1, 2 ... when left out.
    level : confidence level between 0 and 1.

    Returns
    -------
    Trend
        Odds of yes a unit of time later over odds of yes now, its interval and its p-value (Wald);
        the respondents with an answer, and their answers.

    Raises
    ------
    ValueError
        An answer is neither 0, 1 nor missing, there are fewer than two cycles, the times do not
        rise or are not one for each cycle, or the level lies outside (0, 1).
    NotEstimable
        Fewer than 10 respondents answered in two cycles or more; everybody gave the same answer,
        or nobody changed; time separates yes from no; or the equations did not converge.

    References
    ----------
    Liang and Zeger (1986), Biometrika 73:13.

    Examples
    --------
    >>> trend = gee_trend([[0, 1]] * 9 + [[1, 0]] * 3 + [[0, 0]] * 20 + [[1, 1]] * 10 + [[0, None]])
    >>> round(trend.odds_ratio, 2), round(trend.low, 2), round(trend.high, 2), trend.n_answers
    (1.88, 0.95, 3.7, 85)
    """
    level_between(level)
    given = _answers(answers)
    when = _times(times, given.shape[1])
    _allows_trend(given, when)
    respondent, cycle = np.nonzero(~np.isnan(given))
    yes, time = given[respondent, cycle], when[cycle]
    # Time is scaled to start at 0 and end at 1, so that the fit does not depend on its unit.
    span = float(np.ptp(time))
    design = np.column_stack([np.ones_like(time), (time - time.min()) / span])
    fitted = _fit(yes, design, respondent, int((~np.isnan(given)).sum(axis=1).max()))
    slope, variance = float(fitted.params[1]), float(fitted.cov_robust[1, 1])
    if not variance > NO_VARIANCE:
        raise NotEstimable("the answers leave the trend no variance, so it has no interval")
    error = float(np.sqrt(variance))
    reach = float(stats.norm.isf((1 - level) / 2)) * error
    ratio, low, high = np.exp(np.array([slope, slope - reach, slope + reach]) / span).tolist()
    pvalue = float(2 * stats.norm.sf(abs(slope) / error))
    return Trend(ratio, low, high, pvalue, int(np.unique(respondent).size), int(yes.size))


def _answers(answers: ArrayLike) -> NDArray[np.float64]:
    given = numbers_or_missing("answers", answers)
    if given.ndim != 2 or given.shape[1] < 2:
        raise ValueError(
            "answers must have one row a respondent and one column a cycle, two cycles or more, "
            f"got shape {given.shape}"
        )
    wrong = ~(np.isnan(given) | (given == 0) | (given == 1))
    if wrong.any():
        raise ValueError(f"answers must be 0, 1 or missing, got {given[wrong][0]:g}")
    return given


def _times(times: ArrayLike | None, cycles: int) -> NDArray[np.float64]:
    if times is None:
        return np.arange(cycles, dtype=np.float64)
    when = numbers_or_missing("times", times)
    if when.shape != (cycles,) or not np.isfinite(when).all() or (np.diff(when) <= 0).any():
        raise ValueError(f"times must rise, one for each of {cycles} cycles, got {times!r}")
    return when


def _allows_trend(given: NDArray[np.float64], when: NDArray[np.float64]) -> None:
    """Raise `NotEstimable` where no finite trend, or no variance for it, exists."""
    answered = ~np.isnan(given)
    if answered.any(axis=0).sum() < 2:
        raise NotEstimable("fewer than two cycles have answers")
    repeated = given[answered.sum(axis=1) > 1]
    if len(repeated) < MIN_RESPONDENTS:
        raise NotEstimable(
            f"{len(repeated)} respondents answered in two cycles or more, "
            f"{MIN_RESPONDENTS} are needed"
        )
    if np.nanmin(given) == np.nanmax(given):
        raise NotEstimable("everybody gave the same answer")
    if (np.nanmin(repeated, axis=1) == np.nanmax(repeated, axis=1)).all():
        raise NotEstimable("nobody changed between cycles")
    no, yes = when[(given == 0).any(axis=0)], when[(given == 1).any(axis=0)]
    if no.max() <= yes.min() or yes.max() <= no.min():
        raise NotEstimable("time separates yes from no, so that the odds ratio has no finite value")


def _fit(
    yes: NDArray[np.float64],
    design: NDArray[np.float64],
    respondent: NDArray[np.intp],
    longest: int,
) -> Any:
    """Fit the equations; a warning of the library becomes the reason why they do not hold."""
    working = Exchangeable()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            model = GEE(yes, design, groups=respondent, family=Binomial(), cov_struct=working)
            fitted = model.fit(maxiter=500, ctol=1e-9)
        except (Warning, np.linalg.LinAlgError, ZeroDivisionError) as error:
            raise NotEstimable(f"the estimating equations did not converge: {error}") from error
    if fitted is None or not fitted.converged:
        raise NotEstimable("the estimating equations did not converge")
    if not -1 / (longest - 1) < working.dep_params < 1:
        raise NotEstimable(
            f"the correlation between answers of one respondent comes out as "
            f"{working.dep_params:.3g}, which no answers can have"
        )
    return fitted
