"""Methods on counts: pure functions that know nothing of the survey."""

from analysis.statistics.bounds import change_bounds, count_bounds, tipping_point
from analysis.statistics.paired import mcnemar_pvalue
from analysis.statistics.printed import ROUNDINGS, counts_within, possible_counts
from analysis.statistics.proportion import proportion_interval

__all__ = [
    "ROUNDINGS",
    "change_bounds",
    "count_bounds",
    "counts_within",
    "mcnemar_pvalue",
    "possible_counts",
    "proportion_interval",
    "tipping_point",
]
