"""Change where some respondents answered in both cycles and others in one of them only."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from analysis.statistics.checks import as_given, whole_numbers


def overlap_pvalue(
    both: ArrayLike,
    lost: ArrayLike,
    gained: ArrayLike,
    neither: ArrayLike,
    *,
    only1_yes: ArrayLike,
    only1_no: ArrayLike,
    only2_yes: ArrayLike,
    only2_no: ArrayLike,
) -> Any:
    """Return the two-sided p-value of the z test for partially overlapping samples.

    The test compares all answers of the earlier cycle with all of the later one, and takes the
    correlation between them (phi) from those that answered both times. It assumes that who
    answered only once is missing completely at random.

    Parameters
    ----------
    both, lost, gained, neither : those that answered both times, by earlier and later answer: yes
        and yes, yes and no, no and yes, no and no.
    only1_yes, only1_no : those that answered in the earlier cycle only.
    only2_yes, only2_no : those that answered in the later cycle only.

    Returns
    -------
    float or array
        1 where a cycle has no answers at all and where all answers are alike. Phi counts as 0
        where nobody answered both times or those that did all said the same in a cycle. With
        nobody in both cycles this is the pooled z test of independent samples; with everybody
        in both it is a z test of pairs, close to McNemar's asymptotic test but not the same: the
        variance comes from the pooled share and phi, not from the discordant pairs.

    Raises
    ------
    ValueError
        A count is negative, fractional or missing.

    References
    ----------
    Derrick, Dobson-Mckittrick, Toher and White (2015), Journal of Applied Quantitative Methods
    10(3), test statistic z8.

    Examples
    --------
    Their example: 15 pairs, 9 that answered only the first time, 6 only the second time.

    >>> p = overlap_pvalue(8, 1, 3, 3, only1_yes=5, only1_no=4, only2_yes=6, only2_no=0)
    >>> round(p, 3)
    0.053
    """
    a, b, c, d, yes1, no1, yes2, no2 = whole_numbers(
        both=both,
        lost=lost,
        gained=gained,
        neither=neither,
        only1_yes=only1_yes,
        only1_no=only1_no,
        only2_yes=only2_yes,
        only2_no=only2_no,
    )
    pairs = a + b + c + d
    n1, n2 = pairs + yes1 + no1, pairs + yes2 + no2
    count1, count2 = a + b + yes1, a + c + yes2
    # In whole numbers, so that equal shares give exactly 1, as does a cycle without answers.
    difference = count2 * n1 - count1 * n2
    spread = np.sqrt((a + b) * (c + d)) * np.sqrt((a + c) * (b + d))
    phi = np.where(spread > 0, (a * d - b * c) / np.where(spread > 0, spread, 1), 0)
    answers = np.maximum(n1 + n2, 1)
    pooled = (count1 + count2) / answers
    variance = pooled * (1 - pooled) * (n1 + n2 - 2 * phi * pairs) * n1 * n2
    # Shares that differ have a variance above 0, so nothing but p = 1 is lost here.
    differs = difference != 0
    z = np.abs(difference) / np.sqrt(np.where(differs, variance, 1))
    return as_given(np.where(differs, 2 * stats.norm.sf(z), 1.0))
