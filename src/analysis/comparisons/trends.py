"""Change over more than two cycles, among the same respondents."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.comparisons.comparable import comparability_of
from analysis.comparisons.tested import why_not_tested
from analysis.frames import records
from analysis.observed import by_item
from analysis.panel import ABSENT, NO, YES, states
from analysis.statistics import NotEstimable, cochran_q, gee_trend
from analysis.study.codebook import Codebook, Indicator
from analysis.study.vocabulary import COMPARABLE, NOT_ASKED, RESPONDENT_UNIT

COLUMNS = (
    "indicator",
    "respondents",
    "cycles",
    "n_cycles",
    "counts",
    "n_complete",
    "q",
    "df",
    "p_value",
    "odds_ratio",
    "odds_low",
    "odds_high",
    "odds_p",
    "reason",
    "evidence",
)

LEAST_CYCLES = 3


def trends(
    responses: pd.DataFrame,
    totals: pd.DataFrame,
    book: Codebook,
    *,
    evidence: str,
    without_key: frozenset[tuple[str, str]] = frozenset(),
) -> pd.DataFrame:
    """Return whether the share of yes differs over three or more comparable cycles.

    Parameters
    ----------
    responses : the long response table.
    totals : see `analysis.results.Results`.
    evidence : ``observed`` or ``synthetic``.
    without_key : groups and cycles whose respondents cannot be told apart.

    Returns
    -------
    DataFrame
        One row for each indicator and group with answers of three or more cycles: `COLUMNS`.
        ``counts`` are the yes of each of ``cycles``. ``q``, ``df`` and ``p_value`` are Cochran's Q
        among the ``n_complete`` respondents whose answer is known in all of them; ``odds_*`` the
        odds of yes of a cycle over those of the one before, from a GEE over every known answer.
        Where one cannot be computed, ``reason`` says why.
    """
    yes = {
        (row["indicator"], row["respondents"], row["cycle"]): row["count"]
        for row in records(totals)
        if row["kind"] == "count"
    }
    rows = []
    items = by_item(responses) if len(book.cycles) >= LEAST_CYCLES else {}
    for indicator in book.indicators.values():
        item = book.item_of(indicator.name)
        is_counted = item.unit == RESPONDENT_UNIT and item.name != book.settings.response_item
        if not is_counted or item.name not in items:
            continue
        wide_of_all = states(items[item.name], indicator, book)
        for group, wide in wide_of_all.groupby("respondents", sort=False):
            cycles = [str(cycle) for cycle in wide if (wide[cycle] != ABSENT).any()]
            if len(cycles) < LEAST_CYCLES:
                continue
            shared = {
                "indicator": indicator.name,
                "respondents": group,
                "cycles": "; ".join(cycles),
                "n_cycles": len(cycles),
                "counts": "; ".join(
                    f"{yes[indicator.name, str(group), cycle]:g}" for cycle in cycles
                ),
                "evidence": evidence,
            }
            rows.append(shared | _trend(indicator, str(group), cycles, wide, without_key, book))
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    whole = dict.fromkeys(("n_cycles", "n_complete", "df"), "Int64")
    numbers = ("q", "p_value", "odds_ratio", "odds_low", "odds_high", "odds_p")
    return table.astype(whole | dict.fromkeys(numbers, "float64"))


def _trend(
    indicator: Indicator,
    group: str,
    cycles: list[str],
    wide: pd.DataFrame,
    without_key: frozenset[tuple[str, str]],
    book: Codebook,
) -> dict[str, Any]:
    reason = _why_no_trend(indicator, group, cycles, wide, without_key, book)
    if reason:
        return {"reason": reason}
    answers = wide[cycles].replace({YES: 1.0, NO: 0.0})
    answers = answers.apply(pd.to_numeric, errors="coerce")
    complete = answers.dropna().to_numpy()
    found: dict[str, Any] = {"n_complete": len(complete)}
    reasons = []
    if len(complete):
        q = cochran_q(complete)
        found |= {"q": q.statistic, "df": q.df, "p_value": q.pvalue}
    else:
        reasons.append("nobody answered in every cycle, so there is no Q")
    try:
        trend = gee_trend(answers.dropna(how="all").to_numpy())
        found |= {"odds_ratio": trend.odds_ratio, "odds_low": trend.low, "odds_high": trend.high}
        found["odds_p"] = trend.pvalue
    except NotEstimable as error:
        reasons.append(f"no trend line: {error}")
    return found | {"reason": "; ".join(reasons)}


def _why_no_trend(
    indicator: Indicator,
    group: str,
    cycles: list[str],
    wide: pd.DataFrame,
    without_key: frozenset[tuple[str, str]],
    book: Codebook,
) -> str:
    if any((group, cycle) in without_key for cycle in cycles):
        return "the answers carry no respondent id in every cycle, so none are followed"
    why = why_not_tested(group, cycles, book)
    if why:
        return why
    item = book.item_of(indicator.name)
    level, at, _ = comparability_of(item, cycles[0], cycles[-1], book)
    if level not in COMPARABLE:
        return f"the cycles are not comparable: {at} is {level or 'not said to be comparable'}"
    options = {book.options_in(item.choice_list, cycle) for cycle in cycles}
    if len(options) > 1 and level != "equivalent" and not item.type.startswith("select_multiple"):
        return "the answers to choose from changed between the cycles"
    if (wide[cycles] == NOT_ASKED).any(axis=None):
        return "the question was put to a part of the respondents only"
    return ""
