"""How sure the direction of each change is: its bounds on one axis around no change."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from analysis.display.figures.axes import FRAME, PAPER, legend_below, wrapped
from analysis.display.figures.change import certainty
from analysis.display.style import (
    INK,
    LATER,
    POSSIBLE,
    QUIET,
    house_style,
    new_drawing,
    quiet_axes,
)
from analysis.frames import Row, is_missing, records
from analysis.numerals import signed

ROOM = 1.45
"""The axis reaches this many times as far as the bounds, so that labels stand beside the bars."""


def bounds(rows: pd.DataFrame, *, population: int, noun: str) -> Drawing:
    """Draw the worst-case bounds of each change among all, and the change of the counts in them.

    Parameters
    ----------
    rows : one row a comparison with bounds, as in the comparison table, with ``label``; or one a
        way to read it, where ``beside`` are the words beside its bar.
    """
    reach = ROOM * max(1, rows["change_high"].max(), -rows["change_low"].min())
    with house_style():
        drawing, axes = new_drawing(FRAME + 0.62 * len(rows))
        for place, row in enumerate(records(rows)):
            low, high = int(row["change_low"]), int(row["change_high"])
            axes.barh(-place, high - low, left=low, height=0.22, color=POSSIBLE, zorder=2)
            _change_of_counts(axes, -place, row)
            text = signed(low) if low == high else f"{signed(low)} to {signed(high)}"
            axes.text(low, -place + 0.17, text, ha="left", va="bottom", weight="bold", bbox=PAPER)
            look: dict[str, Any] = {"va": "center", "size": 8.5, "color": QUIET, "bbox": PAPER}
            words = row["beside"] if "beside" in row else certainty(row)
            axes.text(high + 0.05 * reach, -place - 0.02, words, ha="left", **look)
        axes.axvline(0, color=INK, lw=1.2, zorder=3)
        axes.set_yticks([-i for i in range(len(rows))], wrapped(rows["label"]))
        axes.set_ylim(-len(rows) + 0.4, 0.6)
        ends = min(-0.12 * reach, ROOM * rows["change_low"].min()), reach
        every = MaxNLocator(integer=True).tick_values(*ends)
        ticks = [tick for tick in every if ends[0] <= tick <= ends[1]]
        axes.set_xlim(*ends)
        axes.set_xticks(ticks, [signed(tick) for tick in ticks])
        axes.set_xlabel(f"Change in the number of {noun}, among all {population}")
        quiet_axes(axes)
        handles: list[Artist] = [
            Line2D([], [], marker="o", ls="", color=LATER, label="change of the counts"),
            Patch(color=POSSIBLE, label="possible among all"),
            Line2D([], [], color=INK, lw=1.2, label="no change"),
        ]
        legend_below(drawing, handles)
    return drawing


def _change_of_counts(axes: Axes, y: float, row: Row) -> None:
    """A dot, or a line where the earlier count is a range; nothing where the later one is."""
    if is_missing(row["count_to"]):
        return
    ends = [int(row["count_to"]) - int(row[f"count_from_{end}"]) for end in ("high", "low")]
    if ends[0] == ends[1]:
        axes.plot(ends[0], y, "o", ms=8, color=LATER, zorder=4)
    else:
        axes.plot(ends, [y, y], color=LATER, lw=4, solid_capstyle="butt", zorder=4)
