"""Counts of respondents: a strip of dots, bars, one axis for all."""

from __future__ import annotations

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from analysis.display.figures.axes import FRAME, PAPER, count_axis, legend_below, mark, wrapped
from analysis.display.style import (
    EARLIER,
    INK,
    LATER,
    POSSIBLE,
    QUIET,
    ROW,
    house_style,
    new_drawing,
    quiet_axes,
)
from analysis.frames import Row, records

OPEN_END = 0.1
"""Length of the arrow that marks a minimum, in parts of the axis; it stands for no number."""


ROOM_FOR_TEXT = 0.31
"""From this part of the axis on the text of a bar fits into it."""


def strip(rows: pd.DataFrame, *, noun: str) -> Drawing:
    """Draw one row of dots a cycle: those who took part, then those who did not.

    Parameters
    ----------
    rows : one row a cycle: ``cycle``, ``took_part``, ``eligible``.
    noun : what respondents are called.
    """
    dots = pd.DataFrame(
        [
            {"place": place + 1, "cycle": row["cycle"], "status": place < row["took_part"]}
            for row in records(rows)
            for place in range(row["eligible"])
        ]
    )
    with house_style():
        drawing, axes = new_drawing(0.9 + 0.55 * len(rows))
        levels = {cycle: -index for index, cycle in enumerate(rows["cycle"])}
        for took_part, colour, face in ((True, LATER, LATER), (False, QUIET, "white")):
            part = dots[dots["status"] == took_part]
            sns.scatterplot(
                x=part["place"],
                y=part["cycle"].map(levels),
                color=face,
                edgecolor=colour,
                linewidth=1.1,
                s=34,
                ax=axes,
                legend=False,
            )
        for row in records(rows):
            silent = row["eligible"] - row["took_part"]
            axes.text(
                row["eligible"] + 1.6,
                levels[row["cycle"]],
                f"{row['took_part']} took part\n{silent} did not",
                va="center",
            )
        axes.set_yticks(list(levels.values()), list(levels))
        axes.set_ylim(-len(rows) + 0.45, 0.55)
        axes.set_xlim(0, rows["eligible"].max() + 12)
        axes.set_xticks([])
        axes.set_xlabel(
            f"Each dot is one of the {rows['eligible'].max()} {noun}, ordered by status"
        )
        quiet_axes(axes)
    return drawing


def bars(rows: pd.DataFrame, *, population: int, noun: str, turnout: int) -> Drawing:
    """Draw separate bars of counts, with what the silent ones could add and a mark at the turnout.

    Parameters
    ----------
    rows : one row an indicator: ``label``, ``count``, ``text`` (what stands at the end of the
        bar), ``possible`` (how many more could be yes), ``qualifier``, ``group`` (rows with
        another group stand apart), ``whole`` (size of the whole that the source names, else
        missing), ``whole_label``.
    """
    groups = list(dict.fromkeys(rows["group"]))
    places = np.arange(len(rows)) + 0.9 * rows["group"].map(groups.index).to_numpy()
    with house_style():
        headings = len(groups) > 1
        drawing, axes = new_drawing(FRAME + ROW * (places[-1] + 1 + 0.6 * headings))
        silent = population - turnout
        axes.barh(-places, rows["count"].astype(int), height=0.56, color=LATER, zorder=2)
        for place, row in zip(places, records(rows), strict=True):
            _bar_row(axes, -place, row, population)
        if headings:
            for heading in groups:
                first = places[list(rows["group"]).index(heading)]
                axes.text(0, -first + 0.4, heading, va="bottom", color=QUIET, size=9)
        axes.set_yticks(list(-places), wrapped(rows["label"]))
        axes.set_ylim(-places[-1] - 0.55, 1.0 if headings else 0.55)
        count_axis(axes, population, noun)
        if silent:
            mark(axes, turnout, f"{turnout} took part")
        for size, name in rows[["whole", "whole_label"]].dropna().drop_duplicates().to_numpy():
            mark(axes, size, name, colour=EARLIER, align="right")
        handles: list[Artist] = [Patch(color=LATER, label="reported")]
        if silent or rows["possible"].any():
            handles.append(Patch(color=POSSIBLE, label=_possible_label(rows, silent)))
        if (rows["qualifier"] == "at_least").any():
            arrow = Line2D([], [], color=LATER, marker=">", ms=5, label="a minimum, no upper end")
            handles.append(arrow)
        legend_below(drawing, handles)
    return drawing


def _possible_label(rows: pd.DataFrame, silent: int) -> str:
    """What the pale bars are: the silent ones alone, or with those that left a blank."""
    if rows["possible"].isin((0, silent)).all():
        return f"possible: the {silent} that did not take part"
    return "possible: those without an answer"


def _bar_row(axes: Axes, y: float, row: Row, population: int) -> None:
    count, is_open = int(row["count"]), row["qualifier"] == "at_least"
    end = count + (OPEN_END * population if is_open else int(row["possible"]))
    if not is_open:
        axes.barh(y, row["possible"], left=count, height=0.56, color=POSSIBLE, zorder=1)
    else:
        axes.annotate(
            "",
            xy=(end, y),
            xytext=(count, y),
            arrowprops={"arrowstyle": "-|>", "color": LATER, "lw": 1.6, "shrinkA": 0},
            zorder=4,
        )
    is_long = count >= ROOM_FOR_TEXT * population
    axes.text(
        count - 0.01 * population if is_long else end + 0.014 * population,
        y,
        row["text"],
        va="center",
        ha="right" if is_long else "left",
        color="white" if is_long else INK,
        zorder=5,
        bbox=None if is_long else PAPER,
    )


def dots(rows: pd.DataFrame, *, population: int, noun: str, turnout: int) -> Drawing:
    """Draw every count on one axis, section by section.

    Parameters
    ----------
    rows : one row an indicator: ``section``, ``label``, ``count``, ``qualifier``.
    """
    sections = list(dict.fromkeys(rows["section"]))
    ordered = pd.concat(
        rows[rows["section"] == section].sort_values("count", ascending=False, kind="stable")
        for section in sections
    )
    places = np.arange(len(ordered)) + 0.8 * ordered["section"].map(sections.index).to_numpy()
    with house_style():
        drawing, axes = new_drawing(FRAME + 0.235 * (places[-1] + 1))
        axes.hlines(-places, 0, ordered["count"], color=LATER, lw=1.2, alpha=0.5)
        sns.scatterplot(
            x=ordered["count"].astype(int).to_numpy(),
            y=-places,
            color=LATER,
            s=52,
            ax=axes,
            zorder=3,
            legend=False,
        )
        for place, row in zip(places, records(ordered), strict=True):
            prefix = "≥ " if row["qualifier"] == "at_least" else ""
            axes.text(row["count"] + 1, -place, f"{prefix}{row['count']}", va="center", size=9)
        axes.set_yticks(list(-places), list(ordered["label"]), size=8.5)
        for section in sections:
            inside = places[(ordered["section"] == section).to_numpy()]
            axes.text(
                population + 1.5, -inside.mean(), section, va="center", weight="bold", color=QUIET
            )
            axes.axhline(-inside[-1] - 0.9, color="#e4e7eb", lw=0.8)
        axes.set_ylim(-places[-1] - 0.7, 1.4)
        count_axis(axes, population, noun)
        mark(axes, turnout, f"{turnout} took part")
    return drawing
