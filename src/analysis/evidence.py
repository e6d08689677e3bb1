"""All tables of a study, computed once and in the order in which each follows from the last."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.comparisons import comparisons
from analysis.indicators import indicator_counts
from analysis.published import load_findings, published_counts
from analysis.study import Study


@dataclass(frozen=True)
class Tables:
    """The tables of a study.

    Attributes
    ----------
    findings : one row a finding; see `analysis.published.load_findings`.
    printed : one row an indicator, group and cycle; see `analysis.published.published_counts`.
    counts : one row more for each denominator; see `analysis.indicators.indicator_counts`.
    comparisons : one row an indicator, group and pair of cycles; see
        `analysis.comparisons.comparisons`.
    """

    findings: pd.DataFrame
    printed: pd.DataFrame
    counts: pd.DataFrame
    comparisons: pd.DataFrame


def compute_tables(study: Study) -> Tables:
    """Read the findings of a study and compute every table from them.

    Raises
    ------
    InputError
        With every problem of the findings table.
    """
    findings = load_findings(study)
    printed = published_counts(findings, study.codebook)
    return Tables(
        findings=findings,
        printed=printed,
        counts=indicator_counts(printed, study.codebook),
        comparisons=comparisons(printed, findings, study.codebook),
    )
