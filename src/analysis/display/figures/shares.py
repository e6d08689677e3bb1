"""Shares: the counts that a printed one allows, and shares of cases."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.figure import Figure as Drawing
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from analysis.display.figures.axes import FRAME, count_axis, legend_below, mark, wrapped
from analysis.display.sentences import percent
from analysis.display.style import (
    EARLIER,
    LATER,
    QUIET,
    ROW,
    THIRD,
    house_style,
    new_drawing,
    quiet_axes,
)
from analysis.frames import records


def ranges(rows: pd.DataFrame, *, population: int, noun: str, turnout: int) -> Drawing:
    """Draw the counts that a printed share allows, over each base, beside exact counts.

    Parameters
    ----------
    rows : one row for each label and base: ``label``, ``base`` (empty for an exact count),
        ``low``, ``high``, ``text``, ``is_only_cut_off``.
    """
    bases = [base for base in dict.fromkeys(rows["base"]) if base]
    colours = {"": LATER, **dict(zip(bases, (EARLIER, THIRD), strict=False))}
    labels = list(dict.fromkeys(rows["label"]))
    places, ticks, place = [], [], 0.0
    for label in labels:
        own = [place + index * 0.62 for index in range((rows["label"] == label).sum())]
        places += own
        ticks.append(-float(np.mean(own)))
        place = own[-1] + 1.05
    with house_style():
        drawing, axes = new_drawing(FRAME + 0.2 + 0.42 * (places[-1] + 1))
        for y, row in zip(places, records(rows), strict=True):
            colour = colours[row["base"]]
            if row["low"] == row["high"]:
                inside = "white" if row["is_only_cut_off"] else colour
                axes.plot(row["low"], -y, "o", ms=7, color=colour, mfc=inside, mew=1.6, zorder=4)
            else:
                axes.plot(
                    [row["low"], row["high"]],
                    [-y, -y],
                    color=colour,
                    lw=7,
                    alpha=0.75,
                    solid_capstyle="butt",
                    zorder=2,
                )
            right = row["high"] < 0.62 * population
            axes.text(
                row["high"] + 1.2 if right else row["low"] - 1.2,
                -y,
                row["text"],
                va="center",
                ha="left" if right else "right",
                size=9,
            )
        axes.set_yticks(ticks, wrapped(labels))
        axes.set_ylim(-places[-1] - 0.6, 0.6)
        count_axis(axes, population, noun)
        mark(axes, turnout, f"{turnout} took part")
        handles: list[Artist] = [
            Patch(color=colour, label=f"if the base is {base}" if base else "printed as a count")
            for base, colour in colours.items()
            if base in set(rows["base"])
        ]
        if rows["is_only_cut_off"].any():
            hollow = Line2D([], [], marker="o", ls="", color=QUIET, mfc="white")
            hollow.set_label("fits only if cut off")
            handles.append(hollow)
        legend_below(drawing, handles)
    return drawing


def shares(rows: pd.DataFrame, *, unit: str) -> Drawing:
    """Draw shares of cases with the range that the print allows.

    Parameters
    ----------
    rows : one row a bar: ``label``, ``share``, ``low``, ``high``, ``is_derived``, ``is_earlier``.
    """
    with house_style():
        drawing, axes = new_drawing(FRAME - 0.1 + ROW * len(rows))
        for place, row in enumerate(records(rows)):
            hatch = "///" if row["is_derived"] else None
            colour = EARLIER if row["is_earlier"] else LATER
            axes.barh(
                -place,
                100 * row["share"],
                height=0.56,
                zorder=2,
                hatch=hatch,
                color="white" if hatch else colour,
                edgecolor=colour,
            )
            if row["low"] < row["high"]:
                ends = [100 * row["low"], 100 * row["high"]]
                axes.plot(ends, [-place] * 2, color="black", lw=1.6, marker="|", ms=9, zorder=3)
            about = "about " if row["is_derived"] else ""
            axes.text(
                100 * row["high"] + 1.5, -place, f"{about}{percent(row['share'])}", va="center"
            )
        axes.set_yticks([-i for i in range(len(rows))], wrapped(rows["label"]))
        axes.set_ylim(-len(rows) + 0.4, 0.6)
        axes.set_xlim(0, 100)
        axes.set_xlabel(f"Per cent of {unit}")
        quiet_axes(axes)
        handles: list[Artist] = []
        if not rows["is_derived"].all() and rows["is_derived"].any():
            handles.append(Patch(color=LATER, label="printed"))
        if rows["is_derived"].any():
            handles.append(Patch(fc="white", ec=LATER, hatch="///", label="derived"))
        if (rows["low"] < rows["high"]).any():
            handles.append(
                Line2D([], [], color="black", marker="|", label="range that the print allows")
            )
        legend_below(drawing, handles)
    return drawing
