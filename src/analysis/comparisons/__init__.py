"""The comparison table: each indicator between two cycles, or the reason why not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any

import pandas as pd

from analysis.comparisons.comparable import (
    Pair,
    comparability_of,
    population_of,
    why_not_comparable,
)
from analysis.comparisons.families import with_families
from analysis.comparisons.printed import change_of_print
from analysis.comparisons.responses import change_of_responses
from analysis.comparisons.words import COLUMNS, NOT_COMPARABLE, NUMBERS, WHOLE_NUMBERS
from analysis.frames import Row, records
from analysis.indicators import turnout
from analysis.observed import STATUS_COLUMNS
from analysis.study.codebook import Codebook

CHANGES = ("ratio", "percent_change")
"""Measures by which a source states a change without printing both counts."""


def comparisons(
    totals: pd.DataFrame, panel: pd.DataFrame, findings: pd.DataFrame, book: Codebook
) -> pd.DataFrame:
    """Return the change of every indicator between each cycle and every later one.

    Parameters
    ----------
    totals : the total of every indicator, from responses or from print; see
        `analysis.results.Results`.
    panel : who moved which way, counted; see `analysis.panel.panel`.
    findings : the findings table, for changes that are stated without both counts.

    Returns
    -------
    DataFrame
        One row for each indicator, group of respondents and pair of cycles:
        `analysis.comparisons.words.COLUMNS`.
        ``count_*`` are numbers of respondents that said yes; ``nobs_*`` those of whom it is known
        whether they count as yes, or from print those that took part (who answered the single
        question is not published). ``change`` is later minus earlier in respondents,
        ``change_pp`` the same in points of the shares of ``nobs_*``; ``change_low`` and
        ``change_high`` are worst-case bounds on the change among all that could have answered,
        under ``condition``; ``tipping_point`` is the number of item blanks that would leave the
        direction open. ``design`` says how the two cycles are linked and ``why_design`` how that
        is known; ``n_paired`` of the respondents are known to be in both, else between
        ``overlap_low`` and ``overlap_high``, and ``moved_at_least`` of them must have changed
        their answer. ``interval_*_pp`` is an interval for the change in points, by
        ``interval_method`` at 95 %. ``count_from_low`` and ``count_from_high`` are the range of an
        earlier count that is printed loosely. ``n_*_from`` and ``n_*_to`` are respondents by the
        status of their answer, where responses are known. Where ``verdict`` is
        ``not comparable``, ``reason`` says why and no number of change is given. A text that has
        nothing to say is empty.
    """
    took_part = turnout(totals, book)
    ends = {(r["indicator"], r["respondents"], r["cycle"]): r for r in records(totals)}
    moves = {
        (r["indicator"], r["respondents"], r["cycle_from"], r["cycle_to"]): r
        for r in records(panel)
    }
    said: dict[tuple[str, str], list[Row]] = {}
    for finding in records(findings[findings["measure"].isin(CHANGES)]):
        said.setdefault((finding["item"], finding["respondents"]), []).append(finding)
    rows = [
        _row(pair, moves.get((pair.indicator.name, pair.group, *pair.cycles)), book)
        for pair in _pairs(ends, took_part, said, book)
    ]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    texts = [name for name in COLUMNS if name not in (*WHOLE_NUMBERS, *NUMBERS)]
    types = dict.fromkeys(WHOLE_NUMBERS, "Int64") | dict.fromkeys(NUMBERS, "float64")
    table = table.astype(types | dict.fromkeys(texts, "object"))
    return with_families(table.assign(**{name: table[name].fillna("") for name in texts}), book)


def _pairs(
    ends: Mapping[tuple[str, str, str], Row],
    took_part: Mapping[tuple[str, str], int],
    said: Mapping[tuple[str, str], list[Row]],
    book: Codebook,
) -> Iterator[Pair]:
    for name, indicator in book.indicators.items():
        item = book.item_of(name)
        if item.name == book.settings.response_item:
            continue
        for group in item.respondents:
            for earlier, later in combinations(book.cycles, 2):
                yield Pair(
                    indicator=indicator,
                    item=item,
                    group=group,
                    cycles=(earlier, later),
                    ends=(ends.get((name, group, earlier), {}), ends.get((name, group, later), {})),
                    took_part=(took_part.get((earlier, group)), took_part.get((later, group))),
                    asserted=said.get((item.name, group), []),
                )


def _row(pair: Pair, moves: Row | None, book: Codebook) -> dict[str, Any]:
    ids = [*(end.get("finding_ids", "") for end in pair.ends)]
    row: dict[str, Any] = {
        "indicator": pair.indicator.name,
        "respondents": pair.group,
        "cycle_from": pair.cycles[0],
        "cycle_to": pair.cycles[1],
        "count_from": pair.ends[0].get("count"),
        "count_to": pair.ends[1].get("count"),
        "nobs_from": pair.took_part[0],
        "nobs_to": pair.took_part[1],
        "settled_from": pair.took_part[0],
        "settled_to": pair.took_part[1],
        "finding_ids": _joined([*ids, *(row["finding_id"] for row in pair.asserted)]),
        **{
            f"{name}_{end}": total.get(name)
            for end, total in zip(("from", "to"), pair.ends, strict=True)
            for name in STATUS_COLUMNS
        },
    }
    reason = why_not_comparable(pair, book)
    if reason:
        printed = "published" if row["finding_ids"] else ""
        evidence = pair.ends[1].get("evidence") or pair.ends[0].get("evidence") or printed
        return row | {"verdict": NOT_COMPARABLE, "reason": reason, "evidence": evidence}
    row["comparability"] = comparability_of(pair.item, *pair.cycles, book)[0]
    population = population_of(pair, book)
    if pair.is_from_responses:
        return row | change_of_responses(pair, moves, population, book)
    return row | change_of_print(pair, population or 0)


def _joined(texts: Iterable[object]) -> str:
    return " ".join(dict.fromkeys(" ".join(str(text) for text in texts).split()))
