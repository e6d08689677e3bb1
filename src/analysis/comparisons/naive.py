"""What tests would say of printed counts that suppose more than is known, beside what is known."""

from __future__ import annotations

import pandas as pd

from analysis.comparisons.words import MARGINS
from analysis.frames import records
from analysis.statistics import (
    independent_pvalue,
    mcnemar_bounds,
    overlap_bounds,
    overlap_range,
    paired_interval_bounds,
    two_proportions_pvalue,
)
from analysis.study.codebook import Codebook

COLUMNS = (
    "indicator",
    "respondents",
    "cycle_from",
    "cycle_to",
    "overlap",
    "p_naive",
    "p_fisher_mid",
    "exact_min",
    "exact_max",
    "mid_p_min",
    "mid_p_max",
    "p_overlap_min",
    "p_overlap_max",
    "low_min_pp",
    "low_max_pp",
    "high_min_pp",
    "high_max_pp",
)


def naive_tests(table: pd.DataFrame, book: Codebook, *, level: float = 0.95) -> pd.DataFrame:
    """Return, for each change between two printed counts, naive p-values and what is possible.

    Parameters
    ----------
    table : the comparison table.
    level : confidence level of the paired intervals.

    Returns
    -------
    DataFrame
        One row for each such change and each number that can have answered both times, and one
        with a missing ``overlap`` for when that number is not known: `COLUMNS`. ``p_naive`` treats
        both cycles as large independent samples, ``p_fisher_mid`` as independent samples; the
        ranges hold over every table that the margins allow: McNemar's test (``exact_*``,
        ``mid_p_*``), the test of partly overlapping samples (``p_overlap_*``), and the lower and
        upper ends of the Tango interval in points.
    """
    rows = []
    exact = table[(table["design"] == MARGINS) & table["change"].notna()]
    for row in records(exact):
        margins = [int(row[n]) for n in ("count_from", "nobs_from", "count_to", "nobs_to")]
        population = book.eligible[row["cycle_to"], row["respondents"]] or 0
        least, most = overlap_range(margins[1], margins[3], population=population)
        for overlap in (None, *range(least, most + 1)):
            known = {"population": population, "overlap": overlap}
            ends = paired_interval_bounds(*margins, **known, level=level)
            p_overlap = overlap_bounds(*margins, **known)
            rows.append(
                {
                    **{key: row[key] for key in COLUMNS[:4]},
                    "overlap": overlap,
                    "p_naive": two_proportions_pvalue(*margins),
                    "p_fisher_mid": independent_pvalue(*margins),
                    **mcnemar_bounds(*margins, **known)._asdict(),
                    "p_overlap_min": p_overlap[0],
                    "p_overlap_max": p_overlap[1],
                    **{f"{name}_pp": 100 * end for name, end in ends._asdict().items()},
                }
            )
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"overlap": "Int64"})
