"""The tables of numbers: counts, comparisons, the panel, replication, what is invented."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from analysis.comparisons import NOT_COMPARABLE
from analysis.display import rows
from analysis.display.exhibit import Table, with_arithmetic
from analysis.display.scene import Scene
from analysis.display.sentences import signed
from analysis.display.statements import Box
from analysis.frames import Row, is_missing, records
from analysis.statistics import mcnemar_pvalue
from analysis.study import Study
from analysis.study.exports import INVENTED
from analysis.study.places import REHEARSAL
from analysis.study.tables import Column, read_table

INTERVAL_NOTE = (
    "Possible: from nobody to everybody among those that did not take part, "
    "if nobody that took part left the question blank. "
    "* Exact hypergeometric interval, if those that did not take part are like a random part of "
    "all."
)


def counts(scene: Scene, names: Sequence[str]) -> Table:
    """Return each count over the chosen denominator, with what is open."""
    printed = rows.printed_rows(scene.printed, scene.book, scene.choices, names)
    data = rows.count_table(printed, scene.counts, scene.book, scene.choices)
    return Table(
        name="counts",
        caption=f"What {scene.noun} reported in {scene.choices.cycle}"
        + (f" ({scene.turnout} of {scene.eligible} took part)" if scene.eligible else ""),
        note=INTERVAL_NOTE,
        data=data,
        evidence=with_arithmetic(set(printed["evidence"])),
        finding_ids=tuple(dict.fromkeys(" ".join(printed["finding_ids"]).split())),
    )


def compared(scene: Scene, names: Sequence[str]) -> Table | Box:
    """Return what can be compared with the baseline, and why the rest cannot."""
    table = scene.comparisons[scene.comparisons["indicator"].isin(names)]
    says_something = (table["finding_ids"] != "") | table["count_to"].notna()
    table = table[says_something]
    if table.empty:
        reason = f"{scene.choices.cycle} is the first cycle for {scene.noun}."
        return Box("Nothing to compare with", reason, "")
    changes = f"Possible change among all {scene.eligible or scene.noun}"
    lines = []
    for row in records(table[table["verdict"] != NOT_COMPARABLE]):
        lines.append(
            {
                "Indicator": scene.book.indicators[row["indicator"]].label,
                row["cycle_from"]: _from(row),
                row["cycle_to"]: _number(row["count_to"]),
                "Change": _change(row),
                changes: _bounds(row),
                "Blanks until the direction is open": _number(row["tipping_point"]),
                "Verdict": row["verdict"],
                "Findings": row["finding_ids"],
            }
        )
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
    data = pd.DataFrame(lines).fillna("")
    earlier = str(table["cycle_from"].iloc[0])
    return Table(
        name="comparisons",
        caption=f"What can be compared between {earlier} and {scene.choices.cycle}, "
        "and what cannot",
        note="Bounds and verdicts hold if every one that took part and is not counted as yes meant "
        "no. No p-value: the source does not print who answered both times, and which pairs were "
        "left unprinted is not known.",
        data=data,
        evidence=with_arithmetic(set(table["evidence"])),
        finding_ids=tuple(dict.fromkeys(" ".join(table["finding_ids"]).split())),
    )


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


def bases(scene: Scene, names: Sequence[str]) -> Table:
    """Return counts over every base that they can be put over."""
    printed = rows.printed_rows(scene.printed, scene.book, scene.choices, names)
    return Table(
        name=f"bases_{'_'.join(names)}",
        caption="The same count over each base",
        note="",
        data=rows.bases_table(printed, scene.counts, scene.book, scene.choices),
        evidence=("derived",),
        finding_ids=tuple(dict.fromkeys(" ".join(printed["finding_ids"]).split())),
    )


def panel(scene: Scene, counted: pd.DataFrame) -> Table:
    """Return who stayed and who moved among those with an answer in both cycles."""
    rows_ = [
        {
            "Indicator": scene.book.indicators[row["indicator"]].label,
            "Answered both times": row["n_paired"],
            "Stayed with yes": row["stayed_yes"],
            "Gained": row["gained"],
            "Lost": row["lost"],
            "Stayed without": row["stayed_no"],
            "Exact p-value*": f"{mcnemar_pvalue(row['gained'], row['lost'], method='exact'):.3f}",
        }
        for row in records(counted)
    ]
    cycles = f"{scene.choices.baseline} and {scene.choices.cycle}"
    return Table(
        name="panel",
        caption=f"The same {scene.noun} in {cycles}: who moved",
        note="A respondent that was not asked counts as without. * McNemar, exact: if each that "
        "moved was equally likely to move either way. Not adjusted for the number of rows.",
        data=pd.DataFrame(rows_),
        evidence=("observed",),
        finding_ids=(),
    )


def replication(scene: Scene, table: pd.DataFrame) -> Table:
    """Return observed counts beside printed ones."""
    data = pd.DataFrame(
        [
            {
                "Indicator": scene.book.indicators[row["indicator"]].label,
                "Respondents": scene.book.respondents[row["respondents"]].label,
                "Cycle": row["cycle"],
                "Printed": _ends(row["printed_low"], row["printed_high"]),
                "From responses": f"{row['observed']:g}",
                "Difference": signed(row["difference"]),
                "Outcome": row["outcome"],
                "Findings": row["finding_ids"],
            }
            for row in records(table)
        ]
    )
    return Table(
        name="replication",
        caption="Counts from responses beside printed counts",
        note="Where both exist, the count from responses leads in this report.",
        data=data,
        evidence=("observed", "published"),
        finding_ids=(),
    )


def _ends(low: float, high: float) -> str:
    if math.isinf(high):
        return f"{low:g} or more"
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def invented(study: Study) -> Table:
    """Return the inputs that a rehearsal was made from."""
    columns = [Column(name, required=True) for name in ("name", "value", "what")]
    name = f"{REHEARSAL}/{INVENTED}"
    table = read_table(study.raw / name, name, columns)
    return Table(
        name="invented",
        caption="What was invented for this rehearsal: inputs, not results",
        note="",
        data=table[["name", "value", "what"]].set_axis(["Input", "Value", "What it is"], axis=1),
        evidence=("synthetic",),
        finding_ids=(),
    )
