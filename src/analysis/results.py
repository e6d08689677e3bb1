"""All tables of a study, computed once and in the order in which each follows from the last."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.comparisons import comparisons
from analysis.comparisons.scales import scale_changes
from analysis.comparisons.sensitivity import sensitivity
from analysis.comparisons.trends import trends
from analysis.described import distributions, numbers
from analysis.indicators import indicator_counts
from analysis.intake import Responses, load_responses
from analysis.observed import observed_counts
from analysis.panel import movers, panel
from analysis.problems import InputError, Problem
from analysis.published import load_findings, published_counts
from analysis.replication import replication
from analysis.study import Study


@dataclass(frozen=True)
class Results:
    """The tables of a study.

    Attributes
    ----------
    findings : one row a finding; see `analysis.published.load_findings`.
    totals : one row an indicator, group and cycle: from responses where there are any, else from
        print; see `analysis.published.published_counts` and `analysis.observed.observed_counts`.
    counts : one row more for each denominator; see `analysis.indicators.indicator_counts`.
    comparisons : one row an indicator, group and pair of cycles; see
        `analysis.comparisons.comparisons`.
    sensitivity : each change under each way to read what is not known; see
        `analysis.comparisons.sensitivity`.
    trends : one row an indicator and group over three or more cycles; see
        `analysis.comparisons.trends`.
    distributions, numbers : one row an option, or a question whose answers are numbers; see
        `analysis.described`.
    scales : one row an ordered question and pair of cycles; see `analysis.comparisons.scales`.
    moves : one row an indicator, pair of cycles and respondent; see `analysis.panel.movers`.
    panel : the same, counted; see `analysis.panel.panel`.
    replication : observed beside printed counts; see `analysis.replication.replication`.
    responses : the cleaned responses, None where there are none.
    """

    findings: pd.DataFrame
    totals: pd.DataFrame
    counts: pd.DataFrame
    comparisons: pd.DataFrame
    sensitivity: pd.DataFrame
    trends: pd.DataFrame
    distributions: pd.DataFrame
    numbers: pd.DataFrame
    scales: pd.DataFrame
    moves: pd.DataFrame
    panel: pd.DataFrame
    replication: pd.DataFrame
    responses: Responses | None


def compute_results(study: Study) -> Results:
    """Read the findings and responses of a study and compute every table from them.

    In a rehearsal nothing but the invented responses is used.

    Raises
    ------
    InputError
        With every problem of the findings or the responses.
    """
    book = study.codebook
    findings = load_findings(study)
    responses = load_responses(study)
    if study.is_rehearsal and responses is None:
        message = "there are no invented responses yet; `analysis synthesize` writes them."
        raise InputError(Problem(message, file="rehearsal/sources.csv"))
    printed = published_counts(findings, book)
    evidence = "synthetic" if study.is_invented else "observed"
    table = responses.table if responses else pd.DataFrame()
    observed = observed_counts(table, book, evidence=evidence)
    no_key = responses.without_key if responses else frozenset()
    moves = movers(table, book, no_key)
    counted = panel(table, book, no_key)
    totals = observed if study.is_invented else leading(observed, printed)
    asserted = findings.head(0) if study.is_invented else findings
    counts = indicator_counts(totals, book)
    compared = comparisons(totals, counted, asserted, book)
    return Results(
        findings=findings,
        totals=totals,
        counts=counts,
        comparisons=compared,
        sensitivity=sensitivity(compared, totals, counts, counted, book),
        trends=trends(table, totals, book, evidence=evidence, without_key=no_key),
        distributions=distributions(table, book, evidence=evidence),
        numbers=numbers(table, book, evidence=evidence),
        scales=scale_changes(table, book, evidence=evidence, without_key=no_key),
        moves=moves,
        panel=counted,
        replication=replication(observed, printed),
        responses=responses,
    )


def leading(observed: pd.DataFrame, printed: pd.DataFrame) -> pd.DataFrame:
    """Return observed counts, and printed ones only where nothing was observed."""
    keys = ["indicator", "respondents", "cycle"]
    known = pd.MultiIndex.from_frame(observed[keys])
    rest = printed[~pd.MultiIndex.from_frame(printed[keys]).isin(known)]
    return pd.concat([observed, rest], ignore_index=True) if len(observed) else printed
