"""Change on ordered scales: the whole mix of answers, not one count of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pandas as pd

from analysis.comparisons.comparable import comparability_of
from analysis.comparisons.tested import why_not_tested
from analysis.comparisons.words import INDEPENDENT, PANEL
from analysis.observed import by_item
from analysis.statistics import NotEstimable, mann_whitney, stuart_maxwell
from analysis.study.codebook import Codebook, Item
from analysis.study.vocabulary import ANSWERED, COMPARABLE

COLUMNS = (
    *("item", "respondents", "cycle_from", "cycle_to", "nobs_from", "nobs_to"),
    *("design", "n_paired", "n_higher", "n_lower", "superiority", "method", "statistic", "df"),
    *("p_value", "reason", "evidence"),
)

TEXTS = ("design", "method", "reason")

PAIRED = "Stuart-Maxwell test on those that answered both times"
TWO_SAMPLES = "Mann-Whitney test of two independent samples"


def scale_changes(
    responses: pd.DataFrame,
    book: Codebook,
    *,
    evidence: str,
    without_key: frozenset[tuple[str, str]] = frozenset(),
) -> pd.DataFrame:
    """Return how answers on ordered scales moved between two cycles.

    Parameters
    ----------
    responses : the long response table.
    evidence : ``observed`` or ``synthetic``.
    without_key : groups and cycles whose respondents cannot be told apart.

    Returns
    -------
    DataFrame
        One row for each question that is declared as ordered, group and pair of cycles: `COLUMNS`.
        Options are ordered as in the list of choices, lowest first. ``n_higher`` and ``n_lower``
        of the ``n_paired`` same respondents moved up or down. ``superiority`` is the chance that
        an answer of the later cycle is above one of the earlier, ties counted half. Where
        something cannot be computed, ``reason`` says why.
    """
    answers = by_item(responses)
    rows = [
        row
        for item in book.items.values()
        if item.is_ordered and item.name in answers
        for row in _rows(item, answers[item.name], book, without_key)
    ]
    table = pd.DataFrame(rows, columns=list(COLUMNS)).assign(evidence=evidence)
    whole = ("nobs_from", "nobs_to", "n_paired", "n_higher", "n_lower", "df")
    numbers = ("superiority", "statistic", "p_value")
    table = table.astype(dict.fromkeys(whole, "Int64") | dict.fromkeys(numbers, "float64"))
    texts = {name: table[name].astype("object").fillna("") for name in TEXTS}
    return table.assign(**texts)


def _rows(
    item: Item, answers: pd.DataFrame, book: Codebook, without_key: frozenset[tuple[str, str]]
) -> Iterator[dict[str, Any]]:
    own = answers[answers["status"] == ANSWERED]
    for group, here in own.groupby("respondents", sort=False):
        said = {str(cycle): part for cycle, part in here.groupby("cycle", sort=False)}
        cycles = [cycle for cycle in book.cycles if cycle in said]
        for earlier, later in combinations(cycles, 2):
            row: dict[str, Any] = {
                "item": item.name,
                "respondents": group,
                "cycle_from": earlier,
                "cycle_to": later,
                "nobs_from": len(said[earlier]),
                "nobs_to": len(said[later]),
            }
            reason = _why_not(item, earlier, later, book)
            if reason:
                yield row | {"reason": reason}
                continue
            has_key = not any((group, cycle) in without_key for cycle in (earlier, later))
            found = _moved(item, said[earlier], said[later], book, has_key=has_key)
            why = why_not_tested(str(group), (earlier, later), book)
            if why:
                found |= {"p_value": None, "statistic": None, "df": None, "method": ""}
                found.setdefault("reason", why)
            yield row | found


def _why_not(item: Item, earlier: str, later: str, book: Codebook) -> str:
    level, at, reason = comparability_of(item, earlier, later, book)
    if level not in COMPARABLE:
        said = f"{level} in {at}" if level else "not said to be comparable"
        return f"not comparable: the question is {said}{f': {reason}' if reason else ''}"
    if book.options_in(item.choice_list, earlier) != book.options_in(item.choice_list, later):
        return "not comparable: the answers to choose from changed"
    return ""


def _moved(
    item: Item,
    before: pd.DataFrame,
    after: pd.DataFrame,
    book: Codebook,
    *,
    has_key: bool,
) -> dict[str, Any]:
    # An option that was not offered counts where somebody chose it all the same.
    options = list(book.choices[item.choice_list])
    first, second = (
        part["value"].value_counts().reindex(options, fill_value=0).to_numpy()
        for part in (before, after)
    )
    try:
        test = mann_whitney(first, second)
    except NotEstimable as error:
        return {"reason": str(error)}
    found: dict[str, Any] = {"superiority": test.superiority}
    pairs = before[["respondent_id", "value"]].merge(
        after[["respondent_id", "value"]], on="respondent_id", validate="1:1"
    )
    if not has_key or pairs.empty:
        return found | {
            "design": INDEPENDENT,
            "method": TWO_SAMPLES,
            "statistic": test.statistic,
            "p_value": test.pvalue,
        }
    places = pairs[["value_x", "value_y"]].apply(lambda column: column.map(options.index))
    step = places["value_y"] - places["value_x"]
    table = pd.crosstab(places["value_x"], places["value_y"])
    every = range(len(options))
    paired = stuart_maxwell(table.reindex(index=every, columns=every, fill_value=0).to_numpy())
    return found | {
        "design": PANEL,
        "n_paired": len(pairs),
        "n_higher": int((step > 0).sum()),
        "n_lower": int((step < 0).sum()),
        "method": PAIRED,
        "statistic": paired.statistic,
        "df": paired.df,
        "p_value": paired.pvalue,
    }
