"""The comparison table: each indicator between two cycles, or the reason why not."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from analysis.frames import Row, records
from analysis.indicators import turnout
from analysis.published.counts import published_counts
from analysis.statistics import change_bounds, tipping_point
from analysis.study.codebook import COMPARABLE, RESPONDENT_UNIT, Codebook, Item

COLUMNS = (
    "indicator",
    "respondents",
    "cycle_from",
    "cycle_to",
    "count_from",
    "nobs_from",
    "count_to",
    "nobs_to",
    "change",
    "change_pp",
    "change_low",
    "change_high",
    "condition",
    "tipping_point",
    "design",
    "n_paired",
    "gained",
    "lost",
    "method",
    "p_value",
    "p_adjusted",
    "family",
    "family_size",
    "verdict",
    "reason",
    "evidence",
    "count_from_low",
    "count_from_high",
    "finding_ids",
)

RISE = "rise under the stated assumption"
FALL = "fall under the stated assumption"
OPEN = "direction undetermined"
NOT_COMPARABLE = "not comparable"

CONDITION = "every one that took part and is not counted as yes meant no"
NO_TEST = (
    "no p-value: the source does not print which respondents answered both times, "
    "nor which pairs were left unprinted (family unknown)"
)
FAMILY_UNKNOWN = "unknown"

CHANGES = ("ratio", "percent_change")
"""Measures by which a source states a change without printing both counts."""


def comparisons(findings: pd.DataFrame, book: Codebook) -> pd.DataFrame:
    """Return the change of every indicator between each cycle and every later one.

    Returns
    -------
    DataFrame
        One row for each indicator, group of respondents and pair of cycles.
        ``count_*`` are numbers of respondents that said yes, ``nobs_*`` those that took part (the
        answers to the single question are not published). ``change`` is later minus earlier in
        respondents, ``change_pp`` the same in points of the shares of ``nobs_*``;
        ``change_low`` and ``change_high`` are worst-case bounds on the change among all that could
        have answered, under ``condition``; ``tipping_point`` is the number of item blanks that
        would leave the direction open. ``count_from_low`` and ``count_from_high`` are the range of
        an earlier count that is printed loosely. Where ``verdict`` is ``not comparable``,
        ``reason`` says why and no number of change is given.
    """
    printed = published_counts(findings, book).set_index(["indicator", "respondents", "cycle"])
    took_part = turnout(printed.reset_index(), book)
    rows = [
        row
        for name in book.indicators
        if book.item_of(name).name != book.settings.response_item
        for row in _rows_of(name, printed, took_part, findings, book)
    ]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    whole = ["count_from", "count_to", "nobs_from", "nobs_to", "change", "change_low"]
    whole += ["change_high", "tipping_point", "n_paired", "gained", "lost", "family_size"]
    whole += ["count_from_low", "count_from_high"]
    return table.astype(dict.fromkeys(whole, "Int64") | {"change_pp": "float64"})


def verdict_of(low: float, high: float) -> str:
    """Say in words which way a change between `low` and `high` goes.

    >>> verdict_of(1, 14), verdict_of(0, 3)
    ('rise under the stated assumption', 'direction undetermined')
    """
    if low > 0:
        return RISE
    return FALL if high < 0 else OPEN


def _rows_of(
    name: str,
    printed: pd.DataFrame,
    took_part: Mapping[tuple[str, str], int],
    findings: pd.DataFrame,
    book: Codebook,
) -> Iterator[Row]:
    item = book.item_of(name)
    said = findings[(findings["item"] == item.name) & findings["measure"].isin(CHANGES)]
    for group in item.respondents:
        asserted = list(said[said["respondents"] == group]["finding_id"])
        for earlier, later in combinations(book.cycles, 2):
            ends = [_end(printed, name, group, cycle) for cycle in (earlier, later)]
            row: dict[str, Any] = {
                "indicator": name,
                "respondents": group,
                "cycle_from": earlier,
                "cycle_to": later,
                "count_from": ends[0].get("count"),
                "count_to": ends[1].get("count"),
                "nobs_from": took_part.get((earlier, group)),
                "nobs_to": took_part.get((later, group)),
                "design": "margins only",
                "family": FAMILY_UNKNOWN,
                "finding_ids": _joined([*(e.get("finding_ids", "") for e in ends), *asserted]),
            }
            reason = _not_comparable(item, group, ends, row, findings, book)
            if reason:
                row |= {"verdict": NOT_COMPARABLE, "reason": reason, "evidence": "published"}
            else:
                row |= _change(row, ends[0], book.eligible[later, group] or 0)
            yield row


def _end(printed: pd.DataFrame, name: str, group: str, cycle: str) -> Row:
    key = (name, group, cycle)
    return records(printed.loc[[key]])[0] if key in printed.index else {}


def _joined(texts: Iterable[object]) -> str:
    return " ".join(dict.fromkeys(" ".join(str(text) for text in texts).split()))


def _not_comparable(
    item: Item,
    group: str,
    ends: list[Row],
    row: Row,
    findings: pd.DataFrame,
    book: Codebook,
) -> str:
    """Why there is no change to compute; empty when there is one."""
    earlier, later = str(row["cycle_from"]), str(row["cycle_to"])
    if item.comparability in ("new", "changed", "dropped"):
        return {
            "new": f"the question was new in {later}",
            "changed": f"the question changed between {earlier} and {later}",
            "dropped": f"the question was no longer asked in {later}",
        }[item.comparability]
    if earlier not in item.asked:
        return f"no figure of {earlier} is printed, nor whether the question was asked then"
    if item.comparability not in COMPARABLE:
        return f"nobody says that the answers of {earlier} and {later} can be compared"
    if item.unit != RESPONDENT_UNIT:
        shares = [100 * float(end["share"]) for end in ends if "share" in end]
        printed = f" (printed: {shares[0]:g} % and {shares[1]:g} %)" if len(shares) == 2 else ""
        return (
            f"a share of {book.bases.get(item.unit, item.unit)}{printed}; "
            "they cluster in respondents and their number is not printed, so it is described only"
        )
    asserted = findings[(findings["item"] == item.name) & (findings["measure"] == "percent_change")]
    if not asserted.empty and not all("count" in end for end in ends):
        return (
            f"the source says {asserted['as_printed'].iloc[0]!r} "
            f"and prints the count of neither cycle"
        )
    for end, cycle in zip(ends, (earlier, later), strict=True):
        if not end:
            return f"the count of {cycle} is not printed"
        if end["kind"] != "count":
            return f"for {cycle} a share without its base is printed, no count"
    if book.eligible.get((earlier, group)) != book.eligible.get((later, group)) or (
        book.eligible.get((later, group)) is None
    ):
        return "there is no one population that both cycles speak about"
    return ""


def _change(row: Row, earlier: Row, population: int) -> Row:
    count, low, high = (float(earlier[k]) for k in ("count", "count_low", "count_high"))
    later = int(float(row["count_to"]))
    nobs = [int(row["nobs_from"]), int(row["nobs_to"])]
    # A loosely printed earlier count is taken at both its ends.
    ends = np.array([low, high])
    least, most = change_bounds(ends, nobs[0], later, nobs[1], population=population)
    bounds = int(least.min()), int(most.max())
    blanks = tipping_point(ends, nobs[0], later, nobs[1], population=population)
    is_exact = not math.isnan(count)
    direction = verdict_of(*bounds)
    condition = CONDITION if is_exact else f"{CONDITION}, and the loose words are read as stated"
    return {
        "change": later - count if is_exact else None,
        "change_pp": 100 * (later / nobs[1] - count / nobs[0]) if is_exact else math.nan,
        "change_low": bounds[0],
        "change_high": bounds[1],
        "condition": condition,
        "tipping_point": int(blanks.min()) if direction != OPEN else 0,
        "method": "worst-case bounds (Manski)",
        "verdict": direction,
        "reason": NO_TEST,
        "evidence": "derived",
        "count_from_low": low,
        "count_from_high": high,
    }
