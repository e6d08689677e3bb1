"""How likely a change is to be detected, and the smallest one that is, at these numbers.

Exact: every table that can occur is tested, and the probabilities of those that reject are added
up, whichever direction the rejection takes.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.statistics.checks import (
    as_given,
    level_between,
    method_among,
    part_of,
    whole_numbers,
)
from analysis.statistics.independent import TESTS
from analysis.statistics.inputs import numbers_or_missing
from analysis.statistics.outcomes import chance_of_independent, chance_of_paired
from analysis.statistics.paired import METHODS

DESIGNS = ("paired", "independent")


class DetectableChange(NamedTuple):
    """The later count, the rise in percentage points, and the power at which it is detected."""

    count2: int
    change_pp: float
    power: float


def paired_power(
    gained_share: ArrayLike,
    lost_share: ArrayLike,
    *,
    nobs: ArrayLike,
    method: str = "mid_p",
    level: float = 0.95,
) -> Any:
    """Return the probability that McNemar's test detects a change among the same respondents.

    Parameters
    ----------
    gained_share, lost_share : probability, 0 to 1, that a respondent moves from no to yes, and
        from yes to no.
    nobs : respondents that answer both times.
    method : a method of `mcnemar_pvalue`.
    level : 1 less the significance level; a p-value of exactly ``1 - level`` rejects.

    Returns
    -------
    float or array
        Over all trinomial outcomes: each respondent moves or stays independently of the others.

    Raises
    ------
    ValueError
        A share lies outside 0 to 1, the two add up to more than 1, ``nobs`` is no count, the level
        lies outside (0, 1), or the method is unknown.

    References
    ----------
    Duffy (1984), Biometrics 40:1005.

    Examples
    --------
    >>> round(paired_power(0.32, 0.08, nobs=50), 3), round(paired_power(0.1, 0.0, nobs=49), 3)
    (0.798, 0.55)
    """
    method_among(method, METHODS)
    level_between(level)
    (n,) = whole_numbers(nobs=nobs)
    gained, lost, n = np.broadcast_arrays(
        _shares("gained_share", gained_share), _shares("lost_share", lost_share), n
    )
    above = gained + lost > 1 + 1e-12
    if above.any():
        raise ValueError(
            "gained_share and lost_share must not add up to more than 1, got "
            f"{gained[above][0]:g} and {lost[above][0]:g}"
        )
    cells = zip(gained.ravel(), lost.ravel(), n.ravel().tolist(), strict=True)
    powers = [chance_of_paired(*cell, method, level) for cell in cells]
    return as_given(np.array(powers, dtype=np.float64).reshape(n.shape))


def independent_power(
    share1: ArrayLike,
    nobs1: ArrayLike,
    share2: ArrayLike,
    nobs2: ArrayLike,
    *,
    method: str = "fisher_mid_p",
    level: float = 0.95,
) -> Any:
    """Return the probability that a difference between two independent groups is detected.

    Parameters
    ----------
    share1, nobs1 : probability of yes, 0 to 1, and answers, of the first group.
    share2, nobs2 : the same of the second group.
    method : a method of `independent_pvalue`. With ``boschloo`` every table costs a search, which
        takes a minute or so at 50 answers each.
    level : 1 less the significance level; a p-value of exactly ``1 - level`` rejects.

    Returns
    -------
    float or array
        Over all pairs of binomial outcomes.

    Raises
    ------
    ValueError
        A share lies outside 0 to 1, ``nobs1`` or ``nobs2`` is no count, the level lies outside
        (0, 1), or the method is unknown.

    References
    ----------
    Casagrande, Pike and Smith (1978), Applied Statistics 27:176.

    Examples
    --------
    >>> round(independent_power(0.2, 52, 0.5, 49), 3)
    0.898
    """
    method_among(method, TESTS)
    level_between(level)
    n1, n2 = whole_numbers(nobs1=nobs1, nobs2=nobs2)
    p1, n1, p2, n2 = np.broadcast_arrays(
        _shares("share1", share1), n1, _shares("share2", share2), n2
    )
    cells = zip(p1.ravel(), n1.ravel().tolist(), p2.ravel(), n2.ravel().tolist(), strict=True)
    powers = [chance_of_independent(*cell, method, level) for cell in cells]
    return as_given(np.array(powers, dtype=np.float64).reshape(n1.shape))


def smallest_detectable_change(
    count1: int,
    nobs1: int,
    nobs2: int,
    *,
    design: str,
    lost: int = 0,
    method: str | None = None,
    level: float = 0.95,
    power: float = 0.8,
) -> DetectableChange | None:
    """Return the smallest rise from a baseline that is detected with the power wanted.

    For a fall, give the noes as ``count1``: a fall of yes is a rise of no.

    Parameters
    ----------
    count1, nobs1 : yes and answers in the earlier cycle.
    nobs2 : answers in the later cycle; for ``paired`` the same respondents, so the same number.
    design : ``paired`` (see `paired_power`) or ``independent`` (see `independent_power`).
    lost : respondents expected to move from yes to no; ``paired`` only.
    method : that of the test; ``mid_p`` for paired and ``fisher_mid_p`` for independent groups
        when left out.
    level : 1 less the significance level.
    power : probability of detection wanted, between 0 and 1.

    Returns
    -------
    DetectableChange or None
        The smallest whole ``count2`` that reaches the power, the shares of the two cycles (paired:
        of those that gained and lost) taken as the true probabilities. None where no rise from
        this baseline reaches it.

    Raises
    ------
    ValueError
        A count is not whole, negative, above its whole or an array; a cycle has no answers; the
        design or method is unknown; paired cycles differ in answers; ``lost`` is given for
        independent groups; or the level or power lies outside (0, 1).

    Examples
    --------
    >>> rise = smallest_detectable_change(16, 49, 49, design="paired")
    >>> rise.count2, round(rise.change_pp, 1), round(rise.power, 3)
    (23, 14.3, 0.848)
    """
    method_among(design, DESIGNS)
    level_between(level)
    wanted = _shares("power", power)
    if wanted.ndim or not 0 < wanted < 1:
        raise ValueError(f"power must be one number between 0 and 1, got {power!r}")
    counts = whole_numbers(count1=count1, nobs1=nobs1, nobs2=nobs2, lost=lost)
    if counts[0].ndim:
        raise ValueError("count1, nobs1, nobs2 and lost must be single numbers, got an array")
    part_of("count1", counts[0], "nobs1", counts[1])
    c1, n1, n2, losing = (int(count) for count in counts)
    if n1 == 0 or n2 == 0:
        raise ValueError(f"nobs1 and nobs2 must be at least 1, got {n1} and {n2}")

    if design == "paired":
        part_of("lost", counts[3], "count1", counts[0])
        if n1 != n2:
            raise ValueError(f"nobs1 and nobs2 must be equal when paired, got {n1} and {n2}")
        rises = range(c1 + 1, n1 - losing + 1)
    elif losing:
        raise ValueError(f"lost is for the paired design only, got {losing}")
    else:
        rises = range(c1 * n2 // n1 + 1, n2 + 1)

    for count2 in rises:
        if design == "paired":
            gaining, test = count2 - c1 + losing, method or "mid_p"
            reached = paired_power(gaining / n1, losing / n1, nobs=n1, method=test, level=level)
        else:
            test = method or "fisher_mid_p"
            reached = independent_power(c1 / n1, n1, count2 / n2, n2, method=test, level=level)
        if reached >= wanted:
            return DetectableChange(count2, 100 * (count2 / n2 - c1 / n1), reached)
    return None


def _shares(name: str, values: ArrayLike) -> NDArray[np.float64]:
    given = numbers_or_missing(name, values)
    wrong = ~((given >= 0) & (given <= 1))
    if wrong.any():
        raise ValueError(f"{name} must lie between 0 and 1, got {given[wrong][0]:g}")
    return given
