"""What is certain about a change if nobody went back: once yes, always yes.

The assumption is that of monotone treatment response (Manski 1997, Econometrica 65:1311), here
over time: nobody of the population moved from yes to no.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics.bounds import change_bounds
from analysis.statistics.checks import as_given


def no_loss_bounds(
    count1: ArrayLike,
    nobs1: ArrayLike,
    count2: ArrayLike,
    nobs2: ArrayLike,
    *,
    population: ArrayLike,
) -> tuple[Any, Any]:
    """Return the smallest and the largest possible change if nobody moved from yes to no.

    Parameters
    ----------
    count1, nobs1 : yes and answers to the item in the earlier cycle.
    count2, nobs2 : the same in the later cycle.
    population : number that could have answered in both cycles.

    Returns
    -------
    low, high
        Later minus earlier, in respondents; also the number that moved from no to yes.

    Raises
    ------
    ValueError
        A count is negative, fractional or missing, a part is above its whole, or the counts are
        impossible under the assumption: even if every silent one said yes in the later cycle,
        somebody must have moved from yes to no.

    Examples
    --------
    >>> no_loss_bounds(16, 52, 18, 49, population=57), no_loss_bounds(10, 52, 16, 49, population=57)
    ((0, 10), (1, 14))
    """
    low, high = change_bounds(count1, nobs1, count2, nobs2, population=population)
    impossible = np.asarray(high) < 0
    if impossible.any():
        fewest = -int(np.asarray(high)[impossible].max())
        raise ValueError(
            f"at least {fewest} must have moved from yes to no, even if all silent ones said yes "
            "in the later cycle; the assumption does not hold"
        )
    # Silent ones may have been yes all along, and those who were yes may be silent now.
    return as_given(np.maximum(low, 0)), high
