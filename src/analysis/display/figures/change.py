"""The dumbbell: earlier and later counts, with all that is possible."""

from __future__ import annotations

import textwrap
from typing import Any

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from analysis.comparisons.words import silent_in
from analysis.display.figures.axes import FRAME, PAPER, count_axis, legend_below, wrapped
from analysis.display.style import (
    EARLIER,
    LATER,
    POSSIBLE,
    QUIET,
    house_style,
    new_drawing,
)
from analysis.frames import Row, is_missing, records
from analysis.numerals import signed

LEAST = 1.6
"""A single row has the height of so many, or its words would touch."""

DIGIT = 0.011
"""Half the width of a digit of a count, as a part of the axis."""


def dumbbell(rows: pd.DataFrame, *, population: int, noun: str) -> Drawing:
    """Draw earlier and later counts with what the silent ones could add to each.

    Parameters
    ----------
    rows : one row a comparison, as in the comparison table, with ``label``. A row without counts
        is shown by its ``words``.
    """
    earlier, later = rows["cycle_from"].iloc[0], rows["cycle_to"].iloc[0]
    with house_style():
        drawing, axes = new_drawing(FRAME + 0.62 * max(len(rows), LEAST))
        for place, row in enumerate(records(rows)):
            _dumbbell_row(axes, -place, row, population)
        axes.set_yticks([-i for i in range(len(rows))], wrapped(rows["label"]))
        axes.set_ylim(-len(rows) + 0.4, 0.6)
        count_axis(axes, population, noun)
        handles: list[Artist] = [
            Line2D([], [], marker="o", ls="", color=EARLIER, mfc="white", mew=1.6, label=earlier),
            Line2D([], [], marker="o", ls="", color=LATER, label=later),
            Patch(color=POSSIBLE, label="possible if the silent ones had answered"),
        ]
        if rows["count_from"].isna().any():
            handles.insert(
                1, Line2D([], [], color=EARLIER, lw=3, label=f"{earlier}, range of loose words")
            )
        legend_below(drawing, handles)
    return drawing


def _dumbbell_row(axes: Axes, y: float, row: dict[str, Any], population: int) -> None:
    if is_missing(row["count_to"]) or is_missing(row["change_low"]):
        words = textwrap.fill(str(row["words"]), 62)
        axes.text(0.6, y, words, va="center", color=QUIET, style="italic", bbox=PAPER)
        return
    later, low, high = (int(row[k]) for k in ("count_to", "count_from_low", "count_from_high"))
    silent = silent_in(row)
    for start, width, offset in ((low, high - low + silent[0], 0.13), (later, silent[1], -0.13)):
        axes.barh(y + offset, width, left=start, height=0.16, color=POSSIBLE, zorder=1)
    axes.plot([high, later], [y, y], color=QUIET, lw=1.2, zorder=2)
    if is_missing(row["count_from"]):
        axes.plot([low, high], [y, y], color=EARLIER, lw=4, solid_capstyle="butt", zorder=3)
        label, where = f"{low}–{high}", (low + high) / 2
    else:
        axes.plot(low, y, "o", ms=8, mfc="white", mec=EARLIER, mew=1.8, zorder=3)
        label, where = str(low), float(low)
    axes.plot(later, y, "o", ms=8, color=LATER, zorder=3)
    before, after, nudge = _aside(label, where, later, population)
    for text, at, side, color in (
        (label, where - nudge, before, EARLIER),
        (str(later), later + nudge, after, LATER),
    ):
        axes.text(at, y + 0.24, text, ha=side, va="bottom", color=color, weight="bold")
    bounds = f"{signed(int(row['change_low']))} to {signed(int(row['change_high']))}"
    axes.text(population, y + 0.05, f"change {bounds}", ha="right", va="center", bbox=PAPER)
    axes.text(
        population,
        y - 0.22,
        certainty(row),
        ha="right",
        va="center",
        color=QUIET,
        size=8.5,
        bbox=PAPER,
    )


def _aside(label: str, where: float, later: int, population: int) -> tuple[str, str, float]:
    """How two numbers are aligned, and how far they are moved: apart where they would touch."""
    if abs(later - where) > DIGIT * population * (len(label) + len(str(later))):
        return "center", "center", 0.0
    nudge = DIGIT * population / 2
    return ("right", "left", nudge) if where <= later else ("left", "right", -nudge)


def certainty(row: Row) -> str:
    """Who moved, where that is known; else how few blanks leave the direction open."""
    if not is_missing(row["n_paired"]):
        return f"{row['gained']} gained, {row['lost']} lost"
    blanks = int(row["tipping_point"])
    return f"open with {blanks} blank{'s' if blanks != 1 else ''}"
