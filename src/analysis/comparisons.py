"""The comparison table: each indicator between two cycles, or the reason why not."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from analysis.frames import Row, records
from analysis.indicators import is_from_responses, turnout, unknown_answers
from analysis.statistics import change_bounds, mcnemar_pvalue, tipping_point
from analysis.study.codebook import COMPARABLE, RESPONDENT_UNIT, Codebook, Indicator, Item

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

NO_CONDITION = "none: who left the question blank is known and may have meant either"
BOUNDS = "worst-case bounds (Manski)"
EXACT_MCNEMAR = "exact McNemar test on those that answered both times; worst-case bounds for all"
MODEL = "the p-value supposes that each that moved was equally likely to move either way"

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
    panel : who moved which way, counted; see `analysis.observed.panel`.
    findings : the findings table, for changes that are stated without both counts.

    Returns
    -------
    DataFrame
        One row for each indicator, group of respondents and pair of cycles.
        ``count_*`` are numbers of respondents that said yes; ``nobs_*`` those of whom it is known
        whether they count as yes, or from print those that took part (who answered the single
        question is not published). ``change`` is later minus earlier in
        respondents, ``change_pp`` the same in points of the shares of ``nobs_*``;
        ``change_low`` and ``change_high`` are worst-case bounds on the change among all that could
        have answered, under ``condition``; ``tipping_point`` is the number of item blanks that
        would leave the direction open. ``count_from_low`` and ``count_from_high`` are the range of
        an earlier count that is printed loosely. Where ``verdict`` is ``not comparable``,
        ``reason`` says why and no number of change is given.
    """
    took_part = turnout(totals, book)
    ends = {(r["indicator"], r["respondents"], r["cycle"]): r for r in records(totals)}
    pairs = {
        (r["indicator"], r["respondents"], r["cycle_from"], r["cycle_to"]): r
        for r in records(panel)
    }
    said: dict[str, list[Row]] = {}
    for finding in records(findings[findings["measure"].isin(CHANGES)]):
        said.setdefault(finding["item"], []).append(finding)
    rows = [
        row
        for name in book.indicators
        if book.item_of(name).name != book.settings.response_item
        for row in _rows_of(book.indicators[name], ends, took_part, pairs, said, book)
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
    indicator: Indicator,
    printed: Mapping[tuple[str, str, str], Row],
    took_part: Mapping[tuple[str, str], int],
    pairs: Mapping[tuple[str, str, str, str], Row],
    said: Mapping[str, list[Row]],
    book: Codebook,
) -> Iterator[Row]:
    item = book.item_of(indicator.name)
    for group in item.respondents:
        asserted = [row for row in said.get(item.name, []) if row["respondents"] == group]
        for earlier, later in combinations(book.cycles, 2):
            ends = [printed.get((indicator.name, group, cycle), {}) for cycle in (earlier, later)]
            ids = [*(end.get("finding_ids", "") for end in ends), *_ids(asserted)]
            row: dict[str, Any] = {
                "indicator": indicator.name,
                "respondents": group,
                "cycle_from": earlier,
                "cycle_to": later,
                "count_from": ends[0].get("count"),
                "count_to": ends[1].get("count"),
                "nobs_from": took_part.get((earlier, group)),
                "nobs_to": took_part.get((later, group)),
                "design": "margins only",
                "family": FAMILY_UNKNOWN,
                "finding_ids": _joined(ids),
            }
            reason = _not_comparable(item, group, ends, row, asserted, book)
            pair = pairs.get((indicator.name, group, earlier, later))
            if reason:
                evidence = ends[1].get("evidence") or ends[0].get("evidence") or "published"
                row |= {"verdict": NOT_COMPARABLE, "reason": reason, "evidence": evidence}
            elif pair is not None and all(is_from_responses(end) for end in ends):
                row |= _change_of_responses(row, ends, pair, book.eligible[later, group] or 0)
            else:
                row |= _change(row, ends, book.eligible[later, group] or 0)
            yield row


def _ids(rows: Iterable[Row]) -> list[str]:
    return [row["finding_id"] for row in rows]


def _joined(texts: Iterable[object]) -> str:
    return " ".join(dict.fromkeys(" ".join(str(text) for text in texts).split()))


def _not_comparable(
    item: Item,
    group: str,
    ends: list[Row],
    row: Row,
    asserted: list[Row],
    book: Codebook,
) -> str:
    """Why there is no change to compute; empty when there is one."""
    earlier, later = str(row["cycle_from"]), str(row["cycle_to"])
    if item.comparability == "new" and earlier not in item.asked:
        return f"the question was new in {item.asked[0] if item.asked else later}"
    if item.comparability == "dropped" and later not in item.asked:
        return f"the question was no longer asked in {later}"
    if item.comparability == "changed":
        return f"the question changed between {earlier} and {later}"
    for cycle in (earlier, later):
        if item.asked and cycle not in item.asked:
            if any(is_from_responses(end) for end in ends):
                return f"there are no answers of {cycle}"
            return f"no figure of {cycle} is printed, nor whether the question was asked then"
    if item.comparability not in COMPARABLE:
        return f"nobody says that the answers of {earlier} and {later} can be compared"
    if item.unit != RESPONDENT_UNIT:
        shares = [100 * float(end["share"]) for end in ends if "share" in end]
        printed = f" (printed: {shares[0]:g} % and {shares[1]:g} %)" if len(shares) == 2 else ""
        return (
            f"a share of {book.bases.get(item.unit, item.unit)}{printed}; "
            "they cluster in respondents and their number is not printed, so it is described only"
        )
    stated = [row for row in asserted if row["measure"] == "percent_change"]
    if stated and not all("count" in end for end in ends):
        quote = stated[0]["as_printed"]
        return f"the source says “{quote}” and prints the count of neither cycle"
    for end, cycle in zip(ends, (earlier, later), strict=True):
        if not end:
            return f"the count of {cycle} is not printed"
        if end["kind"] != "count":
            return f"for {cycle} a share without its base is printed, no count"
    if book.eligible.get((earlier, group)) != book.eligible.get((later, group)) or (
        book.eligible.get((later, group)) is None
    ):
        return "there is no one population that both cycles speak about"
    for cycle, nobs in ((earlier, row["nobs_from"]), (later, row["nobs_to"])):
        if nobs is None:
            return f"the source does not print how many took part in {cycle}"
    return ""


def _change(row: Row, ends: list[Row], population: int) -> Row:
    nobs = [int(row["nobs_from"]), int(row["nobs_to"])]
    (low, high), later = (
        (float(end["count_low"]), min(float(end["count_high"]), n))
        for end, n in zip(ends, nobs, strict=True)
    )
    # A loosely printed count is taken at both its ends.
    first, second = np.meshgrid((low, high), later)
    least, most = change_bounds(first, nobs[0], second, nobs[1], population=population)
    bounds = int(least.min()), int(most.max())
    blanks = tipping_point(first, nobs[0], second, nobs[1], population=population)
    is_exact = low == high and later[0] == later[1]
    direction = verdict_of(*bounds)
    condition = CONDITION if is_exact else f"{CONDITION}, and the loose words are read as stated"
    return {
        "change": later[0] - low if is_exact else None,
        "change_pp": 100 * (later[0] / nobs[1] - low / nobs[0]) if is_exact else math.nan,
        "change_low": bounds[0],
        "change_high": bounds[1],
        "condition": condition,
        "tipping_point": int(blanks.min()) if direction != OPEN else 0,
        "method": BOUNDS,
        "verdict": direction,
        "reason": NO_TEST,
        "evidence": "derived",
        "count_from_low": low,
        "count_from_high": high,
    }


def _change_of_responses(row: Row, ends: list[Row], pair: Row, population: int) -> Row:
    """The change when the answers of single respondents are known, blanks and all."""
    counts = [int(end["count"]) for end in ends]
    nobs = [
        int(row[name]) - unknown_answers(end)
        for name, end in zip(("nobs_from", "nobs_to"), ends, strict=True)
    ]
    low, high = change_bounds(counts[0], nobs[0], counts[1], nobs[1], population=population)
    shares = [count / n if n else math.nan for count, n in zip(counts, nobs, strict=True)]
    has_pairs = pair["n_paired"] > 0
    return {
        "nobs_from": nobs[0],
        "nobs_to": nobs[1],
        "change": counts[1] - counts[0],
        "change_pp": 100 * (shares[1] - shares[0]),
        "change_low": low,
        "change_high": high,
        "condition": NO_CONDITION,
        "design": "panel" if has_pairs else "no respondent in both cycles",
        "n_paired": pair["n_paired"],
        "gained": pair["gained"],
        "lost": pair["lost"],
        "method": EXACT_MCNEMAR if has_pairs else BOUNDS,
        "p_value": mcnemar_pvalue(pair["gained"], pair["lost"], method="exact")
        if has_pairs
        else math.nan,
        "family": "",
        "verdict": verdict_of(low, high),
        "reason": MODEL if has_pairs else "no p-value: nobody answered in both cycles",
        "evidence": ends[1]["evidence"],
        "count_from_low": counts[0],
        "count_from_high": counts[0],
    }
