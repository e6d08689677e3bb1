"""The tables of change: what can be compared and why the rest cannot, and who moved."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.comparisons.words import MARGINS, NOT_COMPARABLE
from analysis.display.change_cells import filled, number, p_value, points_of
from analysis.display.exhibit import Table, with_arithmetic
from analysis.display.scene import Scene
from analysis.display.statements import Box
from analysis.frames import Row, is_missing, records
from analysis.numerals import signed

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
        data=filled(pd.DataFrame(lines)),
        evidence=with_arithmetic(set(table["evidence"])),
        finding_ids=tuple(dict.fromkeys(" ".join(table["finding_ids"]).split())),
    )


def _compared(row: Row, scene: Scene) -> dict[str, object]:
    return {
        "Indicator": scene.book.indicators[row["indicator"]].label,
        row["cycle_from"]: _from(row),
        row["cycle_to"]: number(row["count_to"]),
        "Change": _change(row),
        f"Possible change among all {scene.eligible or scene.noun}": _bounds(row),
        "Blanks until the direction is open": number(row["tipping_point"]),
        "Answered both times": _paired(row),
        "Moved at least": number(row["moved_at_least"]),
        "Gained": number(row["gained"]),
        "Lost": number(row["lost"]),
        "Compared as": row["design"],
        "Comparable": LEVELS.get(row["comparability"], ""),
        "Verdict": row["verdict"],
        "Findings": row["finding_ids"],
    }


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
    return number(row["count_from"])


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
                "Exact p-value*": p_value(change["p_value"]),
                "Adjusted": p_value(change["p_adjusted"]),
                "Mid-p": p_value(change["p_mid"]),
                "With singles†": p_value(change["p_overlap"]),
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
        data=filled(pd.DataFrame(lines)),
        evidence=("observed",),
        finding_ids=(),
    )


def _interval(change: Row) -> str:
    if is_missing(change["interval_low_pp"]):
        return ""
    return f"{points_of(change['interval_low_pp'])} to {points_of(change['interval_high_pp'])}"
