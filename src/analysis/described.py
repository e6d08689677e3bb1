"""What every question was answered, whether or not an indicator counts it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from analysis.observed import STATUS_COLUMNS, by_item
from analysis.study.codebook import Codebook, Item
from analysis.study.vocabulary import (
    ANSWERED,
    NOT_SELECTED,
    NUMBERS,
    SELECTED,
    STATUSES,
    UNIT_NONRESPONSE,
)

KEYS = ["respondents", "cycle"]

DISTRIBUTION_COLUMNS = (
    *("respondents", "cycle", "item", "option", "count"),
    *("n_asked", "share_of_asked", "n_answered", "share_of_answered"),
    *STATUS_COLUMNS[1:],
    "evidence",
)

NUMBER_COLUMNS = (
    *("respondents", "cycle", "item", "option", "n_answered"),
    *("lowest", "lower_quartile", "median", "upper_quartile", "highest", "mean"),
    *STATUS_COLUMNS[1:],
    "evidence",
)

NUMERIC = (*NUMBERS, "rank")
"""Types of question whose answers are numbers; of a ranking, the place of each option."""

NOT_PUT = ("not_asked", UNIT_NONRESPONSE)
"""Statuses of those that the question was not put to."""


def distributions(responses: pd.DataFrame, book: Codebook, *, evidence: str) -> pd.DataFrame:
    """Return how often each option of every question was chosen.

    Parameters
    ----------
    responses : the long response table; see `analysis.intake.load_responses`.
    evidence : ``observed`` or ``synthetic``.

    Returns
    -------
    DataFrame
        One row for each group, cycle, question with options and option that was offered, or that
        somebody chose all the same: `DISTRIBUTION_COLUMNS`, in respondents. ``n_asked`` are those
        that the question was put to,
        ``n_answered`` those that gave an answer; of a question with several answers each option
        has its own. The statuses say why the others have none, and with ``n_answered`` add up to
        all of the group that are known.
    """
    answers = by_item(responses)
    rows = [
        row
        for item in book.items.values()
        if item.type.startswith("select_") and item.name in answers
        for row in _options(item, answers[item.name], book)
    ]
    return _table(rows, DISTRIBUTION_COLUMNS, evidence)


def numbers(responses: pd.DataFrame, book: Codebook, *, evidence: str) -> pd.DataFrame:
    """Return the quartiles of every question whose answers are numbers or dates.

    Returns
    -------
    DataFrame
        One row for each group, cycle and question (and option of a ranking): `NUMBER_COLUMNS`.
        Quartiles are interpolated between numbers, in the unit of the question; of dates they are
        the nearest earlier date, and there is no mean.
    """
    answers = by_item(responses)
    rows = [
        row
        for item in book.items.values()
        if item.type.partition(" ")[0] in (*NUMERIC, "date") and item.name in answers
        for row in _quartiles(item, answers[item.name], book)
    ]
    return _table(rows, NUMBER_COLUMNS, evidence)


def _table(rows: list[dict[str, Any]], columns: tuple[str, ...], evidence: str) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=list(columns)).assign(evidence=evidence)
    whole = [name for name in columns if name == "count" or name.startswith("n_")]
    return table.astype(dict.fromkeys(whole, "Int64"))


def _statuses(own: pd.DataFrame, cycle: str, group: str, book: Codebook) -> dict[str, int]:
    counts = {f"n_{status}": int((own["status"] == status).sum()) for status in STATUSES}
    eligible = book.eligible.get((cycle, group)) or 0
    counts[f"n_{UNIT_NONRESPONSE}"] += max(eligible - len(own), 0)
    return counts


def _options(item: Item, own: pd.DataFrame, book: Codebook) -> Iterator[dict[str, Any]]:
    is_several = item.type.startswith("select_multiple")
    for (group, cycle), here in own.groupby(KEYS, sort=False):
        offered = book.options_in(item.choice_list, str(cycle))
        for option in book.choices[item.choice_list]:
            cells = here[here["option"] == option] if is_several else here
            wanted = SELECTED if is_several else option
            statuses = _statuses(cells, str(cycle), str(group), book)
            answered = statuses[f"n_{ANSWERED}"]
            asked = int((~cells["status"].isin(NOT_PUT)).sum())
            count = int(((cells["value"] == wanted) & (cells["status"] == ANSWERED)).sum())
            if option not in offered and not count:
                continue
            yield {
                "respondents": group,
                "cycle": cycle,
                "item": item.name,
                "option": option,
                "count": count,
                "n_asked": asked,
                "share_of_asked": count / asked if asked else None,
                "share_of_answered": count / answered if answered else None,
                **statuses,
            }


def _quartiles(item: Item, own: pd.DataFrame, book: Codebook) -> Iterator[dict[str, Any]]:
    for (group, cycle, option), here in own.groupby([*KEYS, "option"], sort=False):
        # In a ranking, an option that was put on no rank has no number.
        is_number = (here["status"] == ANSWERED) & (here["value"] != NOT_SELECTED)
        said = here.loc[is_number, "value"]
        yield {
            "respondents": group,
            "cycle": cycle,
            "item": item.name,
            "option": option,
            **(_of_dates(said) if item.type == "date" else _of_numbers(said)),
            **_statuses(here, str(cycle), str(group), book),
        }


PLACES = {
    "lowest": 0.0,
    "lower_quartile": 0.25,
    "median": 0.5,
    "upper_quartile": 0.75,
    "highest": 1.0,
}


def _of_numbers(said: pd.Series[str]) -> dict[str, object]:
    values = pd.to_numeric(said)
    if values.empty:
        return {}
    return {
        **{name: f"{values.quantile(place):.15g}" for name, place in PLACES.items()},
        "mean": float(values.mean()),
    }


def _of_dates(said: pd.Series[str]) -> dict[str, object]:
    days = sorted(said)
    return {name: days[int(place * (len(days) - 1))] for name, place in PLACES.items() if days}
