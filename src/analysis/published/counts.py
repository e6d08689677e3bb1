"""Findings to counts: the published half of the indicator table."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pandas as pd

from analysis.frames import records
from analysis.study.codebook import RESPONDENT_UNIT, Codebook

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

_PREFERENCE = ("count", "percent", "fraction")


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
    rows = [row for name in book.indicators for row in _rows_of(name, findings, book)]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return pd.concat([table, _rest(table, book)], ignore_index=True)


def _rows_of(name: str, findings: pd.DataFrame, book: Codebook) -> Iterator[dict[str, Any]]:
    rule = book.indicators[name].rule
    own = findings[
        (findings["item"] == rule.item)
        & (findings["option"] == rule.option)
        & findings["measure"].isin(_PREFERENCE)
    ]
    for (cycle, group), printed in own.groupby(["cycle", "respondents"], sort=False):
        kinds = [measure for measure in _PREFERENCE if (printed["measure"] == measure).any()]
        first = printed[printed["measure"] == kinds[0]].iloc[0]
        row: dict[str, Any] = {
            "indicator": name,
            "respondents": group,
            "cycle": cycle,
            "kind": "count" if kinds[0] == "count" else "share",
            "base": first["base"],
            "qualifier": first["qualifier"],
            "evidence": "published",
            "finding_ids": " ".join(printed["finding_id"]),
        }
        if kinds[0] == "count":
            row |= {
                "count": first["value"],
                "count_low": first["low"],
                "count_high": first["high"],
                "evidence": "derived" if math.isnan(first["value"]) else "published",
            }
        else:
            unit = 100 if kinds[0] == "percent" else 1
            share, low, high = (first[c] / unit for c in ("value", "low", "high"))
            if str(first["base"]).startswith(REMAINING):
                left = _left_over(rule.item, first.name, findings)
                share, low, high = share * left[0], low * left[1], high * left[2]
                row["evidence"] = "derived"
                row["finding_ids"] = " ".join([*left[3], str(row["finding_ids"])])
            row |= {"share": share, "share_low": low, "share_high": high}
        yield row


def _left_over(
    item: str, position: object, findings: pd.DataFrame
) -> tuple[float, float, float, list[str]]:
    """What the shares of the item further up leave: value, lowest, highest, and their ids."""
    above = findings[(findings["item"] == item) & (findings["measure"] == "percent")].loc[:position]
    above = above.iloc[:-1]
    above = above[~above["base"].str.startswith(REMAINING)]
    return (
        1 - above["value"].sum() / 100,
        1 - above["high"].sum() / 100,
        1 - above["low"].sum() / 100,
        list(above["finding_id"]),
    )


def _rest(table: pd.DataFrame, book: Codebook) -> pd.DataFrame:
    """Shares of cases: the one option of a single choice that is not printed is the rest."""
    rows = []
    shares = table[table["kind"] == "share"]
    for item in book.items.values():
        if item.unit == RESPONDENT_UNIT or not item.type.startswith("select_one"):
            continue
        by_option = {
            option: name
            for option in book.choices[item.choice_list]
            if (name := book.indicator_of(item.name, option))
        }
        known = shares[shares["indicator"].isin(by_option.values())]
        for (cycle, group), printed in known.groupby(["cycle", "respondents"], sort=False):
            missing = [name for name in by_option.values() if name not in set(printed["indicator"])]
            if len(missing) != 1 or len(by_option) != len(book.choices[item.choice_list]):
                continue
            low, high = _rest_range(printed)
            rows.append(
                {
                    "indicator": missing[0],
                    "respondents": group,
                    "cycle": cycle,
                    "kind": "share",
                    "share": 1 - printed["share"].sum(),
                    "share_low": low,
                    "share_high": high,
                    "base": item.unit,
                    "qualifier": "about",
                    "evidence": "derived",
                    "finding_ids": " ".join(
                        dict.fromkeys(" ".join(printed["finding_ids"]).split())
                    ),
                }
            )
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(table.dtypes.to_dict())


def _rest_range(printed: pd.DataFrame) -> tuple[float, float]:
    direct = printed[~printed["base"].str.startswith(REMAINING)]
    chained = printed[printed["base"].str.startswith(REMAINING)]
    low, high = 1 - direct["share_high"].sum(), 1 - direct["share_low"].sum()
    for row in records(chained):
        # The share of the remaining cases is the product over what was left, so divide it out.
        low *= 1 - row["share_high"] / (1 - direct["share_low"].sum())
        high *= 1 - row["share_low"] / (1 - direct["share_high"].sum())
    return low, high
