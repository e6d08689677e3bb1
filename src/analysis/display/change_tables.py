"""The tables of change: what can be compared, who moved, what a verdict hangs on, trends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from analysis.comparisons.sensitivity import BLANKS, DENOMINATOR, NO_LOSS, POINTS, SILENT
from analysis.comparisons.words import MARGINS, NOT_COMPARABLE
from analysis.display.exhibit import Table, with_arithmetic
from analysis.display.scene import Scene
from analysis.display.sentences import signed
from analysis.display.statements import Box
from analysis.frames import Row, is_missing, records

PRINT_NOTE = (
    "Bounds and verdicts hold if every one that took part and is not counted as yes meant no. "
    "Moved at least: how many of those that took part both times must have changed their answer. "
    "No p-value: the source does not print who answered both times, and which pairs were left "
    "unprinted is not known."
)
RESPONSES_NOTE = (
    "Gained and lost are counted among those with an answer both times; the bounds leave open what "
    "those without one meant. Intervals and p-values stand in the table of who moved."
)
LEVELS = {
    "identical": "the same question",
    "equivalent": "an equivalent question",
    "asserted_by_source": "the source compares them; wording not published",
}


def compared(scene: Scene, names: Sequence[str]) -> Table | Box:
    """Return what can be compared with the baseline, and why the rest cannot."""
    table = scene.comparisons[scene.comparisons["indicator"].isin(names)]
    says_something = (table["finding_ids"] != "") | table["count_to"].notna()
    table = table[says_something]
    if table.empty:
        reason = f"{scene.choices.cycle} is the first cycle for {scene.noun}."
        return Box("Nothing to compare with", reason, "")
    told = table[table["verdict"] != NOT_COMPARABLE]
    lines = [_compared(row, scene) for row in records(told)]
    rest = table[table["verdict"] == NOT_COMPARABLE]
    for why, alike in rest.groupby("reason", sort=False):
        labels = [scene.book.indicators[name].label for name in alike["indicator"]]
        lines.append(
            {
                "Indicator": "; ".join(labels),
                "Verdict": f"{NOT_COMPARABLE}: {why}",
                "Findings": " ".join(alike["finding_ids"]),
            }
        )
    earlier = str(table["cycle_from"].iloc[0])
    notes = [
        PRINT_NOTE * bool((told["design"] == MARGINS).any()),
        RESPONSES_NOTE * bool((told["design"] != MARGINS).any()),
    ]
    return Table(
        name="comparisons",
        caption=f"What can be compared between {earlier} and {scene.choices.cycle}, "
        "and what cannot",
        note=" ".join(note for note in notes if note),
        data=_filled(pd.DataFrame(lines)),
        evidence=with_arithmetic(set(table["evidence"])),
        finding_ids=tuple(dict.fromkeys(" ".join(table["finding_ids"]).split())),
    )


def _compared(row: Row, scene: Scene) -> dict[str, object]:
    return {
        "Indicator": scene.book.indicators[row["indicator"]].label,
        row["cycle_from"]: _from(row),
        row["cycle_to"]: _number(row["count_to"]),
        "Change": _change(row),
        f"Possible change among all {scene.eligible or scene.noun}": _bounds(row),
        "Blanks until the direction is open": _number(row["tipping_point"]),
        "Answered both times": _paired(row),
        "Moved at least": _number(row["moved_at_least"]),
        "Gained": _number(row["gained"]),
        "Lost": _number(row["lost"]),
        "Compared as": row["design"],
        "Comparable": LEVELS.get(row["comparability"], ""),
        "Verdict": row["verdict"],
        "Findings": row["finding_ids"],
    }


def _filled(data: pd.DataFrame) -> pd.DataFrame:
    """The table without columns that are empty in every row."""
    data = data.astype("object").fillna("")
    return data[[c for c in data if c in ("Indicator", "Verdict") or (data[c] != "").any()]]


def _change(row: Row) -> str:
    if not is_missing(row["change"]):
        return signed(row["change"])
    if is_missing(row["count_from_low"]) or is_missing(row["count_to"]):
        return ""
    ends = (row["count_to"] - row["count_from_high"], row["count_to"] - row["count_from_low"])
    return f"{signed(ends[0])} to {signed(ends[1])}"


def _from(row: Row) -> str:
    if is_missing(row["count_from"]) and not is_missing(row["count_from_low"]):
        return f"{row['count_from_low']}–{row['count_from_high']} (loose words)"
    return _number(row["count_from"])


def _number(value: Any) -> str:
    return "" if is_missing(value) else str(value)


def _bounds(row: Row) -> str:
    if is_missing(row["change_low"]):
        return ""
    return f"{signed(int(row['change_low']))} to {signed(int(row['change_high']))}"


def _paired(row: Row) -> str:
    if not is_missing(row["n_paired"]):
        return str(row["n_paired"])
    if is_missing(row["overlap_low"]):
        return ""
    return f"{row['overlap_low']} to {row['overlap_high']}, not known"


def panel(scene: Scene, counted: pd.DataFrame) -> Table:
    """Return who stayed and who moved among those with an answer in both cycles, and tests."""
    changes = {row["indicator"]: row for row in records(scene.comparisons)}
    lines = []
    for row in records(counted):
        change = changes[row["indicator"]]
        singles = [row[f"only_{end}_yes"] + row[f"only_{end}_no"] for end in ("from", "to")]
        lines.append(
            {
                "Indicator": scene.book.indicators[row["indicator"]].label,
                "Answered both times": row["n_paired"],
                "Stayed with yes": row["stayed_yes"],
                "Gained": row["gained"],
                "Lost": row["lost"],
                "Stayed without": row["stayed_no"],
                f"Only in {row['cycle_from']}": singles[0],
                f"Only in {row['cycle_to']}": singles[1],
                "Points, interval*": _interval(change),
                "Exact p-value*": _p_value(change["p_value"]),
                "Adjusted": _p_value(change["p_adjusted"]),
                "Mid-p": _p_value(change["p_mid"]),
                "With singles†": _p_value(change["p_overlap"]),
            }
        )
    cycles = f"{scene.choices.baseline} and {scene.choices.cycle}"
    families = {
        f"{change['family']}: {change['family_size']} tests"
        for change in changes.values()
        if change["indicator"] in set(counted["indicator"])
        and not is_missing(change["family_size"])
    }
    return Table(
        name="panel",
        caption=f"The same {scene.noun} in {cycles}: who moved",
        note="Who was not asked in one of the cycles is not counted. * Tango interval at 95 % and "
        "McNemar, exact: if each that moved was equally likely to move either way. Adjusted in "
        f"families of tests ({'; '.join(sorted(families)) or 'none'}). † Pairs and those of one "
        "cycle together (Derrick 2015): if whose answers are missing is chance.",
        data=_filled(pd.DataFrame(lines)),
        evidence=("observed",),
        finding_ids=(),
    )


def _interval(change: Row) -> str:
    if is_missing(change["interval_low_pp"]):
        return ""
    return f"{_points_of(change['interval_low_pp'])} to {_points_of(change['interval_high_pp'])}"


def _p_value(value: Any) -> str:
    if is_missing(value):
        return ""
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


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
        data=_filled(pd.DataFrame(lines)),
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
            "Answered both times": _number(row["overlap"]) or "not known",
            "Naive z test": _p_value(row["p_naive"]),
            "Fisher mid-p": _p_value(row["p_fisher_mid"]),
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
        data=_filled(pd.DataFrame(lines)),
        evidence=("derived",),
        finding_ids=(),
    )


def _p_range(row: Row, low: str, high: str) -> str:
    ends = _p_value(row[low]), _p_value(row[high])
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


def _points_of(number: float) -> str:
    return f"{number:+.1f}".replace("-", "−")


def _points(row: Row, low: str, high: str) -> str:
    ends = [_points_of(row[name]) for name in (low, high)]
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


def trends(scene: Scene, table: pd.DataFrame) -> Table:
    """Return change over three or more cycles among the same respondents."""
    lines = [
        {
            "Indicator": scene.book.indicators[row["indicator"]].label,
            "Cycles": row["cycles"],
            "Yes in each": row["counts"],
            "Answered in all": _number(row["n_complete"]),
            "Cochran's Q": "" if is_missing(row["q"]) else f"{row['q']:.2f} (df {row['df']})",
            "p-value*": _p_value(row["p_value"]),
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
        data=_filled(pd.DataFrame(lines)),
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
