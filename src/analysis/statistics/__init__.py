"""Methods on counts: pure functions that know nothing of the survey."""

from analysis.statistics.bounds import change_bounds, count_bounds, tipping_point
from analysis.statistics.composition import bhapkar, bowker, chi_square, stuart_maxwell
from analysis.statistics.independent import difference_interval, independent_pvalue
from analysis.statistics.inputs import NotEstimable
from analysis.statistics.margin_ranges import overlap_bounds, paired_interval_bounds
from analysis.statistics.margins import fewest_moved, mcnemar_bounds, overlap_range
from analysis.statistics.monotone import no_loss_bounds
from analysis.statistics.multiplicity import adjust_pvalues, family_size
from analysis.statistics.naive import two_proportions_pvalue
from analysis.statistics.ordinal import brunner_munzel, mann_whitney, ordered_logit
from analysis.statistics.overlap import overlap_pvalue
from analysis.statistics.paired import mcnemar_pvalue, paired_difference_interval
from analysis.statistics.power import independent_power, paired_power, smallest_detectable_change
from analysis.statistics.printed import ROUNDINGS, counts_within, possible_counts
from analysis.statistics.proportion import proportion_interval
from analysis.statistics.ranking import kendall_tau, kendall_w
from analysis.statistics.trend import cochran_q, gee_trend

__all__ = [
    "ROUNDINGS",
    "NotEstimable",
    "adjust_pvalues",
    "bhapkar",
    "bowker",
    "brunner_munzel",
    "change_bounds",
    "chi_square",
    "cochran_q",
    "count_bounds",
    "counts_within",
    "difference_interval",
    "family_size",
    "fewest_moved",
    "gee_trend",
    "independent_power",
    "independent_pvalue",
    "kendall_tau",
    "kendall_w",
    "mann_whitney",
    "mcnemar_bounds",
    "mcnemar_pvalue",
    "no_loss_bounds",
    "ordered_logit",
    "overlap_bounds",
    "overlap_pvalue",
    "overlap_range",
    "paired_difference_interval",
    "paired_interval_bounds",
    "paired_power",
    "possible_counts",
    "proportion_interval",
    "smallest_detectable_change",
    "stuart_maxwell",
    "tipping_point",
    "two_proportions_pvalue",
]
