"""Responses to counts: what respondents answered, and why some have no answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from analysis.published.counts import COLUMNS as COUNT_COLUMNS
from analysis.study.codebook import Codebook, Indicator
from analysis.study.vocabulary import (
    ANSWERED,
    RESPONDENT_UNIT,
    SELECTED,
    SEVERAL,
    STATUSES,
    UNIT_NONRESPONSE,
)

FIRST = "1"
"""The rank of the option that an indicator on a ranking counts."""

STATUS_COLUMNS = tuple(f"n_{status}" for status in STATUSES)
"""How many respondents have each status, for one item, cycle and group."""


def by_item(responses: pd.DataFrame) -> Mapping[str, pd.DataFrame]:
    """Return the rows of each item, so that a large table is searched once.

    Parameters
    ----------
    responses : the long response table; see `analysis.intake.load_responses`.
    """
    if responses.empty:
        return {}
    return {str(item): own for item, own in responses.groupby("item", sort=False)}


def answers_to(own: pd.DataFrame, indicator: Indicator, book: Codebook) -> pd.DataFrame:
    """Return who counts as yes for an indicator.

    Parameters
    ----------
    own : the rows of its item; see `by_item`.

    Returns
    -------
    DataFrame
        One row a respondent and cycle: ``respondents, respondent_id, cycle, status, is_yes``.
        Of an item with several answers, only the rows of the option that is counted; in a ranking
        it counts where it is ranked first.
    """
    rule, item = indicator.rule, book.item_of(indicator.name)
    kind = item.type.partition(" ")[0]
    if kind in SEVERAL:
        own = own[own["option"] == rule.option]
    yes = own["value"] == {"select_multiple": SELECTED, "rank": FIRST}.get(kind, rule.option)
    columns = ["respondents", "respondent_id", "cycle", "status"]
    return own[columns].assign(is_yes=yes & (own["status"] == ANSWERED))


def observed_counts(responses: pd.DataFrame, book: Codebook, *, evidence: str) -> pd.DataFrame:
    """Return the count of every indicator that the responses answer.

    Parameters
    ----------
    responses : the long response table.
    evidence : ``observed`` or ``synthetic``.

    Returns
    -------
    DataFrame
        One row for each indicator, group and cycle, in the columns of
        `analysis.published.published_counts`, and how many respondents have each status
        (`STATUS_COLUMNS`). All counts are numbers of respondents.
    """
    items = by_item(responses)
    rows = [
        row
        for indicator in book.indicators.values()
        if book.item_of(indicator.name).unit == RESPONDENT_UNIT
        for row in _counts_of(indicator, responses, items, book, evidence)
    ]
    table = pd.DataFrame(rows, columns=[*COUNT_COLUMNS, *STATUS_COLUMNS])
    numbers = [name for name in map(str, table) if name.startswith(("count", "share", "n_"))]
    return table.astype(dict.fromkeys(numbers, "float64"))


def _counts_of(
    indicator: Indicator,
    responses: pd.DataFrame,
    items: Mapping[str, pd.DataFrame],
    book: Codebook,
    evidence: str,
) -> Iterator[dict[str, Any]]:
    if indicator.rule.item == book.settings.response_item and items:
        answers = _who_took_part(responses)
    elif indicator.rule.item in items:
        answers = answers_to(items[indicator.rule.item], indicator, book)
    else:
        return
    for (cycle, group), own in answers.groupby(["cycle", "respondents"], sort=False):
        count = int(own["is_yes"].sum())
        statuses = {status: int((own["status"] == status).sum()) for status in STATUSES}
        # Without a list of names, those that are missing are known by their number only.
        nameless = max((book.eligible.get((str(cycle), str(group))) or 0) - len(own), 0)
        statuses[UNIT_NONRESPONSE] += nameless
        yield {
            "indicator": indicator.name,
            "respondents": group,
            "cycle": cycle,
            "kind": "count",
            "count": count,
            "count_low": count,
            "count_high": count,
            "base": indicator.base or "participating",
            "qualifier": "exactly",
            "evidence": evidence,
            "finding_ids": "",
            **{f"n_{status}": number for status, number in statuses.items()},
        }


def _who_took_part(responses: pd.DataFrame) -> pd.DataFrame:
    """One row a respondent and cycle; who has any status but unit nonresponse took part."""
    keys = ["respondents", "respondent_id", "cycle"]
    took_part = responses["status"] != UNIT_NONRESPONSE
    people = responses[keys].assign(is_yes=took_part).groupby(keys, sort=False)["is_yes"].any()
    return people.reset_index().assign(
        status=lambda table: table["is_yes"].map({True: ANSWERED, False: UNIT_NONRESPONSE})
    )
