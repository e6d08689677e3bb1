"""The words and columns of the comparison table."""

from __future__ import annotations

from analysis.frames import Row
from analysis.observed import STATUS_COLUMNS

RISE = "rise under the stated assumption"
FALL = "fall under the stated assumption"
LEVEL = "no change under the stated assumption"
OPEN = "direction undetermined"
NOT_COMPARABLE = "not comparable"

MARGINS = "margins only"
PANEL = "panel"
PARTLY_OVERLAPPING = "partly overlapping"
INDEPENDENT = "independent samples"
DESIGNS = (MARGINS, PANEL, PARTLY_OVERLAPPING, INDEPENDENT)
"""What is known of who answered in both cycles."""

COLUMNS = (
    "indicator",
    "respondents",
    "cycle_from",
    "cycle_to",
    "count_from",
    "nobs_from",
    "count_to",
    "nobs_to",
    "change",
    "change_pp",
    "change_low",
    "change_high",
    "condition",
    "tipping_point",
    "design",
    "n_paired",
    "gained",
    "lost",
    "method",
    "p_value",
    "p_adjusted",
    "family",
    "family_size",
    "verdict",
    "reason",
    "evidence",
    "count_from_low",
    "count_from_high",
    "finding_ids",
    "comparability",
    "why_design",
    "settled_from",
    "settled_to",
    "overlap_low",
    "overlap_high",
    "moved_at_least",
    "interval_low_pp",
    "interval_high_pp",
    "interval_method",
    "p_mid",
    "p_overlap",
    *(f"{name}_from" for name in STATUS_COLUMNS),
    *(f"{name}_to" for name in STATUS_COLUMNS),
)

WHOLE_NUMBERS = (
    "count_from",
    "nobs_from",
    "count_to",
    "nobs_to",
    "change",
    "change_low",
    "change_high",
    "tipping_point",
    "n_paired",
    "gained",
    "lost",
    "family_size",
    "count_from_low",
    "count_from_high",
    "settled_from",
    "settled_to",
    "overlap_low",
    "overlap_high",
    "moved_at_least",
    *(f"{name}_{end}" for end in ("from", "to") for name in STATUS_COLUMNS),
)

NUMBERS = (
    "change_pp",
    "p_value",
    "p_adjusted",
    "interval_low_pp",
    "interval_high_pp",
    "p_mid",
    "p_overlap",
)

FAMILY_UNKNOWN = "unknown"
LEVEL_OF_INTERVALS = 0.95


def silent_in(change: Row) -> tuple[int, int]:
    """How many may have meant yes or no in each cycle, as the bounds of the change have it."""
    low, high, later = (int(change[name]) for name in ("change_low", "change_high", "count_to"))
    most, least = int(change["count_from_high"]), int(change["count_from_low"])
    return later - most - low, high - later + least


def verdict_of(low: float, high: float) -> str:
    """Say in words which way a change between `low` and `high` goes.

    >>> verdict_of(1, 14), verdict_of(0, 3)
    ('rise under the stated assumption', 'direction undetermined')
    >>> verdict_of(0, 0)
    'no change under the stated assumption'
    """
    if low == high == 0:
        return LEVEL
    if low > 0:
        return RISE
    return FALL if high < 0 else OPEN
