"""The change between two printed counts: bounds, and what would leave its direction open."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from analysis.comparisons.comparable import Pair
from analysis.comparisons.words import FAMILY_UNKNOWN, MARGINS, OPEN, verdict_of
from analysis.statistics import change_bounds, fewest_moved, overlap_range, tipping_point

CONDITION = "every one that took part and is not counted as yes meant no"
LOOSE = ", and the loose words are read as stated"
METHOD = "worst-case bounds (Manski)"
WHY = "counts are printed, not who answered in both cycles"
NO_TEST = (
    "no p-value: the source does not print which respondents answered both times, "
    "nor which pairs were left unprinted (family unknown)"
)


def change_of_print(pair: Pair, population: int) -> dict[str, Any]:
    """Return what the printed counts of two cycles say about the change.

    Parameters
    ----------
    pair : with a count at both ends and how many took part in both cycles.
    population : number that could have answered in both cycles.

    Returns
    -------
    dict
        Columns of the comparison table, in respondents.
    """
    nobs = [int(size or 0) for size in pair.took_part]
    (low, high), later = (
        (int(end["count_low"]), int(min(float(end["count_high"]), n)))
        for end, n in zip(pair.ends, nobs, strict=True)
    )
    # A loosely printed count is taken at every number that it can mean.
    first, second = np.meshgrid(np.arange(low, high + 1), np.arange(later[0], later[1] + 1))
    margins = (first, nobs[0], second, nobs[1])
    least, most = change_bounds(*margins, population=population)
    direction = verdict_of(int(least.min()), int(most.max()))
    blanks = tipping_point(*margins, population=population)
    overlap = overlap_range(nobs[0], nobs[1], population=population)
    is_exact = low == high and later[0] == later[1]
    return {
        "change": later[0] - low if is_exact else None,
        "change_pp": _points(low, later[0], nobs) if is_exact else math.nan,
        "change_low": int(least.min()),
        "change_high": int(most.max()),
        "condition": CONDITION if is_exact else CONDITION + LOOSE,
        "tipping_point": int(blanks.min()) if direction != OPEN else 0,
        "design": MARGINS,
        "why_design": WHY,
        "overlap_low": overlap[0],
        "overlap_high": overlap[1],
        "moved_at_least": int(np.min(fewest_moved(*margins, population=population))),
        "family": FAMILY_UNKNOWN,
        "method": METHOD,
        "verdict": direction,
        "reason": NO_TEST,
        "evidence": "derived",
        "count_from_low": low,
        "count_from_high": high,
    }


def _points(earlier: int, later: int, nobs: list[int]) -> float:
    if not all(nobs):
        return math.nan
    return 100 * (later / nobs[1] - earlier / nobs[0])
