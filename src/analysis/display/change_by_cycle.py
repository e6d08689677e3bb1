"""One indicator from cycle to cycle: the table of its counts, and the pictures of its change."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from analysis.comparisons.sensitivity import RESPONDENTS
from analysis.comparisons.words import NOT_COMPARABLE
from analysis.display import figures, rows
from analysis.display.drawn import draw
from analysis.display.exhibit import Figure, Table, with_arithmetic
from analysis.display.scene import Scene
from analysis.display.sentences import percent
from analysis.display.statements import Box
from analysis.display.style import title
from analysis.frames import Row, first, is_missing, records
from analysis.numerals import signed
from analysis.study.codebook import FigureSpec

ALL = "participating"
LAST = ("Evidence", "Findings", "Why something is missing")
"""Columns that stand at the end of a table."""


def cycle_table(scene: Scene, name: str) -> Table | Box:
    """Return what was reported on an indicator in both cycles, and the change between them."""
    cycles = tuple(dict.fromkeys(filter(None, (scene.choices.baseline, scene.choices.cycle))))
    parts = [
        part.assign(Cycle=cycle).astype("object")
        for cycle in cycles
        for part in [_of_cycle(scene, name, cycle)]
        if len(part)
    ]
    label = scene.book.indicators[name].label
    if not parts:
        return Box(label, f"Nothing is printed for {scene.noun} in {' or '.join(cycles)}.", "")
    change = first(scene.comparisons[scene.comparisons["indicator"] == name])
    if change and change["verdict"] != NOT_COMPARABLE:
        parts.append(pd.DataFrame([_change(scene, change)], dtype="object"))
    data = pd.concat(parts, ignore_index=True).astype("object").fillna("")
    possible = [column for column in data if str(column).startswith("Possible")]
    first_ones = ["Cycle", "Reported", "Of", "Share", *possible]
    rest = [column for column in data if column not in (*first_ones, *LAST)]
    order = [column for column in (*first_ones, *rest, *LAST) if column in data]
    ids = " ".join(data["Findings"]).split()
    return Table(
        name=f"cycles_{name}",
        caption="What was reported in each cycle",
        note="",
        data=data[[c for c in order if c == "Cycle" or (data[c] != "").any()]],
        evidence=with_arithmetic(set(data["Evidence"])),
        finding_ids=tuple(dict.fromkeys(ids)),
    )


def _of_cycle(scene: Scene, name: str, cycle: str) -> pd.DataFrame:
    choices = replace(scene.choices, cycle=cycle)
    printed = rows.printed_rows(scene.printed, scene.book, choices, [name])
    if printed.empty:
        return printed
    table = rows.count_table(printed, scene.counts, scene.book, choices)
    left_out = [c for c in table if c == "Indicator" or str(c).endswith("interval*")]
    return table.drop(columns=left_out).rename(columns={"Evidence of the count": "Evidence"})


def _change(scene: Scene, row: Row) -> dict[str, object]:
    """The line of the change, under those of the cycles."""
    ends = [row["count_to"] - row[f"count_from_{end}"] for end in ("high", "low")]
    told = {
        "Cycle": "Change",
        "Reported": signed(ends[0]) if ends[0] == ends[1] else " to ".join(map(signed, ends)),
        "Share": _points(scene, row),
        "Evidence": row["evidence"],
        "Findings": row["finding_ids"],
    }
    if not is_missing(row["change_low"]):
        bounds = [signed(int(row[f"change_{end}"])) for end in ("low", "high")]
        told[f"Possible among all {scene.eligible or scene.noun}"] = " to ".join(bounds)
    return told


def _points(scene: Scene, row: Row) -> str:
    """The change in points of the share over the chosen base, where both shares are known."""
    shares = []
    for cycle in (row["cycle_from"], row["cycle_to"]):
        own = scene.counts[
            (scene.counts["indicator"] == row["indicator"])
            & (scene.counts["respondents"] == row["respondents"])
            & (scene.counts["cycle"] == cycle)
            & (scene.counts["denominator"] == scene.choices.denominator)
        ]["share"].dropna()
        shares += [float(share) for share in own]
    return f"{signed(round(100 * (shares[1] - shares[0])))} pp" if len(shares) == 2 else ""


def change_figure(scene: Scene, name: str) -> Figure | Box:
    """Draw what changed of an indicator; where nothing can be compared, what was reported."""
    if scene.choices.denominator != ALL and rows.is_about_respondents(name, scene.book):
        return _over_base(scene, name)
    change = first(scene.comparisons[scene.comparisons["indicator"] == name])
    printed = rows.printed_rows(scene.printed, scene.book, scene.choices, [name])
    form = "range"
    if change and not is_missing(change["change_low"]):
        form = "dumbbell"
    elif printed["count"].notna().any():
        form = "bars"
    elif not rows.is_about_respondents(name, scene.book):
        form = "shares"
    return draw(_spec(scene, name, form), scene, [name])


def _spec(scene: Scene, name: str, form: str) -> FigureSpec:
    label = scene.book.indicators[name].label
    return FigureSpec(f"{form}_{name}", scene.book.section_of(name), form, label, "")


def _over_base(scene: Scene, name: str) -> Figure | Box:
    """Draw the share of an indicator over the chosen base in each cycle."""
    label = scene.book.indicators[name].label
    own = scene.counts[
        (scene.counts["indicator"] == name)
        & (scene.counts["respondents"] == scene.choices.respondents)
        & (scene.counts["denominator"] == scene.choices.denominator)
        & scene.counts["cycle"].isin([scene.choices.baseline, scene.choices.cycle])
    ]
    known = own[own["share"].notna() & own["nobs"].notna()]
    if known.empty:
        why = str(own["reason"].iloc[0]) if len(own) else "this base does not belong to it"
        return Box(f"{label}, no share", f"{why[:1].upper()}{why[1:]}.", "")
    order = known["cycle"].map(scene.book.cycles.index)
    known = known.loc[order.sort_values().index]
    whom = _of_whom(scene)
    cycles = [str(cycle) for cycle in known["cycle"]]
    data = pd.DataFrame(
        {
            "label": [f"{r['cycle']}: {r['count']} of {r['nobs']}" for r in records(known)],
            **{key: known[key].astype("float64").to_numpy() for key in ("share", "low", "high")},
            "is_derived": False,
            "is_earlier": [cycle != scene.choices.cycle for cycle in cycles],
        }
    )
    drawing = figures.shares(data, unit=whom)
    title(drawing, label)
    told = "; ".join(f"{r['label']}, {percent(r['share'])}" for r in records(data))
    ids = " ".join(known["finding_ids"]).split()
    return Figure(
        name=f"share_{name}",
        caption=f"{label}. Base: {whom}.",
        note="",
        data=data,
        evidence=with_arithmetic(set(known["evidence"])),
        finding_ids=tuple(dict.fromkeys(ids)),
        alt=f"{label}: {told}.",
        drawing=drawing,
    )


def _of_whom(scene: Scene) -> str:
    """Whose share it is, in words."""
    did = {"responding": "took part", "answering": "answered the question"}
    base = scene.choices.denominator
    return f"{scene.noun} that {did.get(base) or scene.book.indicators[base].phrase}"


def sensitivity_figure(scene: Scene, name: str, table: pd.DataFrame) -> Figure | Box:
    """Draw the bounds on a change under each way to read what is not known."""
    own = table[table["change_low"].notna() & (table["unit"] == RESPONDENTS)]
    change = first(scene.comparisons[scene.comparisons["indicator"] == name])
    if own.empty or not change:
        text = "No change here has bounds, so there is nothing that a verdict could hang on."
        return Box("No verdict to hold against its assumptions", text, "")
    label = scene.book.indicators[name].label
    ends = {key: change[key] for key in ("count_to", "count_from_low", "count_from_high")}
    data = own.assign(
        label=own["assumption"],
        beside=own["verdict"],
        **ends,
    )
    drawing = figures.bounds(data, population=scene.eligible or 0, noun=scene.noun)
    title(drawing, f"{label}: what the verdict hangs on")
    told = "; ".join(
        f"{r['label']}: {signed(int(r['change_low']))} to {signed(int(r['change_high']))}, "
        f"{r['verdict']}"
        for r in records(data)
    )
    return Figure(
        name=f"sensitivity_{name}",
        caption=f"{label}: what the verdict hangs on.",
        note="",
        data=own,
        evidence=with_arithmetic(set(own["evidence"])),
        finding_ids=tuple(str(change["finding_ids"]).split()),
        alt=f"{label}: {told}.",
        drawing=drawing,
    )
