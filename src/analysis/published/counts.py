"""Findings to counts: the published half of the indicator table."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.frames import Row, records
from analysis.study.codebook import Codebook, Item
from analysis.study.vocabulary import RESPONDENT_UNIT

REMAINING = "remaining_"
"""A base with this prefix is what the options further up in the table leave."""

COLUMNS = (
    "indicator",
    "respondents",
    "cycle",
    "kind",
    "count",
    "count_low",
    "count_high",
    "share",
    "share_low",
    "share_high",
    "base",
    "qualifier",
    "evidence",
    "finding_ids",
)

MEASURES = ("count", "percent", "fraction")
"""The measures that say how many, the best first."""


def published_counts(findings: pd.DataFrame, book: Codebook) -> pd.DataFrame:
    """Return what the source prints about each indicator.

    Parameters
    ----------
    findings : the findings table.
    book : the codebook, which says which answer an indicator counts.

    Returns
    -------
    DataFrame
        One row for each indicator, group of respondents and cycle of which the source prints a
        count or, failing that, a share. ``kind`` is ``count`` or ``share``; counts are in
        respondents, shares from 0 to 1, both with the range that the print allows; ``base`` as in
        the findings; ``evidence`` is ``published``, or ``derived`` where the number follows from
        another; ``finding_ids`` lists all findings that print it, separated by spaces.
    """
    printed: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in records(findings[findings["measure"].isin(MEASURES)]):
        printed.setdefault((row["item"], row["option"]), []).append(row)
    rows = [
        row
        for name, indicator in book.indicators.items()
        for row in _rows_of(name, printed, (indicator.rule.item, indicator.rule.option))
    ]
    rows += [row for item in book.items.values() for row in _rests(item, rows, book)]
    numbers = [name for name in COLUMNS if name.startswith(("count", "share"))]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(dict.fromkeys(numbers, "float64"))


def _rows_of(
    name: str, printed: Mapping[tuple[str, str], Sequence[Row]], key: tuple[str, str]
) -> Iterator[dict[str, Any]]:
    by_place: dict[tuple[str, str], list[Row]] = {}
    for row in printed.get(key, ()):
        by_place.setdefault((row["cycle"], row["respondents"]), []).append(row)
    for (cycle, group), rows in by_place.items():
        best = min(rows, key=lambda row: MEASURES.index(row["measure"]))
        ids = [row["finding_id"] for row in rows]
        record = {
            "indicator": name,
            "respondents": group,
            "cycle": cycle,
            "base": best["base"],
            "qualifier": best["qualifier"],
        }
        if best["measure"] == "count":
            yield record | {
                "kind": "count",
                "count": best["value"],
                "count_low": best["low"],
                "count_high": best["high"],
                "evidence": "derived" if math.isnan(best["value"]) else "published",
                "finding_ids": _joined(ids),
            }
            continue
        before = _options_before(printed, key, cycle, group)
        yield record | _share(best, ids, before)


def _options_before(
    printed: Mapping[tuple[str, str], Sequence[Row]], key: tuple[str, str], cycle: str, group: str
) -> list[Row]:
    """The shares of the same item in the same cycle that leave something for the rest."""
    return [
        row
        for (item, option), rows in printed.items()
        for row in rows
        if item == key[0]
        and option != key[1]
        and (row["cycle"], row["respondents"], row["measure"]) == (cycle, group, "percent")
        and not str(row["base"]).startswith(REMAINING)
    ]


def _share(row: Row, ids: list[str], before: Sequence[Row]) -> dict[str, Any]:
    unit = 100 if row["measure"] == "percent" else 1
    share, low, high = (row[name] / unit for name in ("value", "low", "high"))
    is_of_rest = str(row["base"]).startswith(REMAINING)
    if is_of_rest:
        share *= 1 - sum(other["value"] for other in before) / 100
        low *= 1 - sum(other["high"] for other in before) / 100
        high *= 1 - sum(other["low"] for other in before) / 100
        ids = [*(other["finding_id"] for other in before), *ids]
    return {
        "kind": "share",
        "share": share,
        "share_low": low,
        "share_high": high,
        "evidence": "derived" if is_of_rest else "published",
        "finding_ids": _joined(ids),
    }


def _rests(item: Item, rows: Sequence[Row], book: Codebook) -> Iterator[dict[str, Any]]:
    """Shares of cases: the one option of a single choice that is not printed is the rest."""
    if item.unit == RESPONDENT_UNIT or not item.type.startswith("select_one"):
        return
    options = [book.indicator_of(item.name, option) for option in book.choices[item.choice_list]]
    own = [row for row in rows if row["indicator"] in options]
    for place in dict.fromkeys((row["cycle"], row["respondents"]) for row in own):
        shown = [row for row in own if (row["cycle"], row["respondents"]) == place]
        missing = [name for name in options if name not in {row["indicator"] for row in shown}]
        if len(missing) != 1 or missing[0] is None:
            continue
        low, high = _range_of_rest(shown)
        yield {
            "indicator": missing[0],
            "cycle": place[0],
            "respondents": place[1],
            "kind": "share",
            "share": 1 - sum(row["share"] for row in shown),
            "share_low": low,
            "share_high": high,
            "base": item.unit,
            "qualifier": "about",
            "evidence": "derived",
            "finding_ids": _joined(row["finding_ids"] for row in shown),
        }


def _range_of_rest(shown: Sequence[Row]) -> tuple[float, float]:
    """The rest after shares of all cases and after shares of what those had left."""
    of_all = [row for row in shown if not str(row["base"]).startswith(REMAINING)]
    of_rest = [row for row in shown if str(row["base"]).startswith(REMAINING)]
    least = 1 - sum(row["share_high"] for row in of_all)
    most = 1 - sum(row["share_low"] for row in of_all)
    # A share of the rest was multiplied by what was left; that product is divided out again.
    return (
        least * (1 - sum(row["share_high"] for row in of_rest) / most),
        most * (1 - sum(row["share_low"] for row in of_rest) / least),
    )


def _joined(ids: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(" ".join(ids).split()))
