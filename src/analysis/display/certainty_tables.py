"""What stands behind a verdict: what it hangs on, what tests say and could have seen, trends."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.comparisons.sensitivity import BLANKS, DENOMINATOR, NO_LOSS, POINTS, SILENT
from analysis.comparisons.words import NOT_COMPARABLE
from analysis.display.change_cells import filled, number, p_value, points_of
from analysis.display.exhibit import Table, with_arithmetic
from analysis.display.scene import Scene
from analysis.display.statements import Box
from analysis.frames import Row, is_missing, records
from analysis.numerals import signed

VIEWS = {
    DENOMINATOR: "The base",
    SILENT: "Those without an answer",
    BLANKS: "Blanks",
    NO_LOSS: "Nobody gave it up",
}


def sensitivity(scene: Scene, table: pd.DataFrame) -> Table | Box:
    """Return each change under each way to read what is not known."""
    if table.empty:
        text = "No change here has bounds, so there is nothing that a verdict could hang on."
        return Box("No verdict to hold against its assumptions", text, "")
    lines = [
        {
            "Indicator": scene.book.indicators[row["indicator"]].label,
            "What is varied": VIEWS[row["view"]],
            "Supposed": row["assumption"],
            "Change": _ends(row),
            "Verdict": row["verdict"] if row["verdict"] != NOT_COMPARABLE else "none",
            "Remark": row["reason"],
        }
        for row in records(table)
    ]
    return Table(
        name=_named("sensitivity", table),
        caption="What the verdict hangs on: the base, the silent, the blanks, and laws that stay",
        note="Changes of shares in points (pp), all others in numbers of respondents among all. "
        "The last view adds that nobody moved from yes to no.",
        data=filled(pd.DataFrame(lines)),
        evidence=with_arithmetic(set(table["evidence"])),
        finding_ids=(),
    )


def _named(name: str, table: pd.DataFrame) -> str:
    """The name of a table, with its indicator where it is about one alone."""
    only = set(table["indicator"])
    return f"{name}_{only.pop()}" if len(only) == 1 else name


def _ends(row: Row) -> str:
    if is_missing(row["change_low"]):
        return ""
    ends = [signed(round(row[name], 1)) for name in ("change_low", "change_high")]
    unit = " pp" if row["unit"] == POINTS else ""
    return f"{ends[0]}{unit}" if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}{unit}"


def naive(scene: Scene, table: pd.DataFrame) -> Table | Box:
    """Return what tests would say of printed pairs, beside all that is possible."""
    if table.empty:
        text = "No change here is known from two printed counts alone."
        return Box("No printed pair to test", text, "")
    lines = [
        {
            "Indicator": scene.book.indicators[row["indicator"]].label,
            "Answered both times": number(row["overlap"]) or "not known",
            "Naive z test": p_value(row["p_naive"]),
            "Fisher mid-p": p_value(row["p_fisher_mid"]),
            "McNemar exact": _p_range(row, "exact_min", "exact_max"),
            "McNemar mid-p": _p_range(row, "mid_p_min", "mid_p_max"),
            "Overlap test": _p_range(row, "p_overlap_min", "p_overlap_max"),
            "Interval from": _points(row, "low_min_pp", "low_max_pp"),
            "Interval to": _points(row, "high_min_pp", "high_max_pp"),
        }
        for row in records(table)
    ]
    return Table(
        name=_named("naive_tests", table),
        caption="What tests would have said of the printed pairs, and all that is possible",
        note="The first two p-values treat the same respondents as strangers. The ranges hold over "
        "every table that the printed counts allow; the interval is Tango's for the same "
        "respondents, in points. None of these is a finding.",
        data=filled(pd.DataFrame(lines)),
        evidence=("derived",),
        finding_ids=(),
    )


def _p_range(row: Row, low: str, high: str) -> str:
    ends = p_value(row[low]), p_value(row[high])
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


def _points(row: Row, low: str, high: str) -> str:
    ends = [points_of(row[name]) for name in (low, high)]
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


def trends(scene: Scene, table: pd.DataFrame) -> Table:
    """Return change over three or more cycles among the same respondents."""
    lines = [
        {
            "Indicator": scene.book.indicators[row["indicator"]].label,
            "Cycles": row["cycles"],
            "Yes in each": row["counts"],
            "Answered in all": number(row["n_complete"]),
            "Cochran's Q": "" if is_missing(row["q"]) else f"{row['q']:.2f} (df {row['df']})",
            "p-value*": p_value(row["p_value"]),
            "Odds per cycle†": ""
            if is_missing(row["odds_ratio"])
            else f"{row['odds_ratio']:.2f} ({row['odds_low']:.2f} to {row['odds_high']:.2f})",
            "Remark": row["reason"],
        }
        for row in records(table)
    ]
    return Table(
        name="trends",
        caption=f"The same {scene.noun} over all cycles",
        note="* Cochran's Q among those with an answer in every cycle: if each respondent's "
        "answers were equally likely in any order. Not adjusted for the number of rows. † Odds of "
        "yes over those of the cycle before, with a 95 % interval, from a marginal model (GEE) of "
        "all answers.",
        data=filled(pd.DataFrame(lines)),
        evidence=tuple(dict.fromkeys(table["evidence"])),
        finding_ids=(),
    )


def detectable(scene: Scene, table: pd.DataFrame) -> Table | Box:
    """Return how small a rise the tests could see."""
    if table.empty:
        return Box("No change to work it out for", "No count of the earlier cycle is known.", "")
    lines = [
        {
            "Indicator": scene.book.indicators[row["indicator"]].label,
            row["cycle_from"]: f"{row['count_from']} of {row['nobs_from']}",
            "Same respondents": row["n_pairs"],
            "Rise, nobody lost it": _rise(row["rise_paired"]),
            "Rise, two lost it": _rise(row["rise_paired_two_lost"]),
            "Rise, independent samples": _rise(row["rise_independent"]),
        }
        for row in records(table)
    ]
    return Table(
        name="detectable",
        caption="The smallest rise that a test would find four times in five",
        note="By McNemar's mid-p among the same respondents, as few of them as is possible where "
        "their number is not known, and by Fisher's mid-p for independent samples; at 5 %.",
        data=pd.DataFrame(lines),
        evidence=("derived",),
        finding_ids=(),
    )


def _rise(value: Any) -> str:
    return "none large enough" if is_missing(value) else signed(value)
