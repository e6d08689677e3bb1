"""The forms that a figure can take. Each takes a tidy frame and draws it on one visual scale.

All counts of respondents share one axis from 0 to the number that could have answered, so that
figures can be compared across the report. A pale bar is what those who did not take part could
still add; it is never a finding.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from analysis.display.sentences import percent, signed
from analysis.display.style import (
    EARLIER,
    INK,
    LATER,
    POSSIBLE,
    QUIET,
    ROW,
    THIRD,
    house_style,
    new_drawing,
    quiet_axes,
)
from analysis.frames import Row, is_missing, records

OPEN_END = 6
"""Length of the arrow that marks a minimum; it stands for no number."""

ROOM_FOR_TEXT = 18
"""From this count on the text of a bar fits into it."""

_PAPER = {"fc": "white", "ec": "none", "pad": 1.2}
"""Behind a text that a grid line would cross."""

FRAME = 1.25
"""Height in inches that title, axis and legend need around the rows."""


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


def dumbbell(rows: pd.DataFrame, *, population: int, noun: str) -> Drawing:
    """Draw earlier and later counts with what the silent ones could add to each.

    Parameters
    ----------
    rows : one row a comparison, as in the comparison table, with ``label``. A row without counts
        is shown by its ``words``.
    """
    earlier, later = rows["cycle_from"].iloc[0], rows["cycle_to"].iloc[0]
    with house_style():
        drawing, axes = new_drawing(FRAME + 0.62 * len(rows))
        for place, row in enumerate(records(rows)):
            _dumbbell_row(axes, -place, row, population)
        axes.set_yticks([-i for i in range(len(rows))], _wrapped(rows["label"]))
        axes.set_ylim(-len(rows) + 0.4, 0.6)
        _count_axis(axes, population, noun)
        handles: list[Artist] = [
            Line2D([], [], marker="o", ls="", color=EARLIER, mfc="white", mew=1.6, label=earlier),
            Line2D([], [], marker="o", ls="", color=LATER, label=later),
            Patch(color=POSSIBLE, label="possible if the silent ones had answered"),
        ]
        if rows["count_from"].isna().any():
            handles.insert(
                1, Line2D([], [], color=EARLIER, lw=3, label=f"{earlier}, range of loose words")
            )
        _legend_below(drawing, handles)
    return drawing


def _dumbbell_row(axes: Axes, y: float, row: dict[str, Any], population: int) -> None:
    if is_missing(row["count_to"]) or is_missing(row["change_low"]):
        words = textwrap.fill(str(row["words"]), 62)
        axes.text(0.6, y, words, va="center", color=QUIET, style="italic", bbox=_PAPER)
        return
    later, low, high = (int(row[k]) for k in ("count_to", "count_from_low", "count_from_high"))
    silent = [population - int(row[k]) for k in ("nobs_from", "nobs_to")]
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
    axes.text(where, y + 0.24, label, ha="center", va="bottom", color=EARLIER, weight="bold")
    axes.text(later, y + 0.24, str(later), ha="center", va="bottom", color=LATER, weight="bold")
    bounds = f"{signed(int(row['change_low']))} to {signed(int(row['change_high']))}"
    axes.text(population, y + 0.05, f"change {bounds}", ha="right", va="center", bbox=_PAPER)
    axes.text(
        population,
        y - 0.22,
        certainty(row),
        ha="right",
        va="center",
        color=QUIET,
        size=8.5,
        bbox=_PAPER,
    )


def certainty(row: Row) -> str:
    """Who moved, where that is known; else how few blanks leave the direction open."""
    if not is_missing(row["n_paired"]):
        return f"{row['gained']} gained, {row['lost']} lost"
    blanks = int(row["tipping_point"])
    return f"open with {blanks} blank{'s' if blanks != 1 else ''}"


def bars(rows: pd.DataFrame, *, population: int, noun: str, turnout: int) -> Drawing:
    """Draw separate bars of counts, with what the silent ones could add and a mark at the turnout.

    Parameters
    ----------
    rows : one row an indicator: ``label``, ``count``, ``text`` (what stands at the end of the
        bar), ``qualifier``, ``group`` (rows with another group stand apart), ``whole``
        (size of the whole that the source names, else missing), ``whole_label``.
    """
    groups = list(dict.fromkeys(rows["group"]))
    places = np.arange(len(rows)) + 0.9 * rows["group"].map(groups.index).to_numpy()
    with house_style():
        headings = len(groups) > 1
        drawing, axes = new_drawing(FRAME + ROW * (places[-1] + 1 + 0.6 * headings))
        silent = population - turnout
        sns.barplot(
            x=rows["count"].astype(int).to_numpy(),
            y=-places,
            native_scale=True,
            orient="y",
            width=0.56,
            color=LATER,
            saturation=1,
            ax=axes,
            zorder=2,
        )
        for place, row in zip(places, records(rows), strict=True):
            _bar_row(axes, -place, row, silent)
        if headings:
            for heading in groups:
                first = places[list(rows["group"]).index(heading)]
                axes.text(0, -first + 0.4, heading, va="bottom", color=QUIET, size=9)
        axes.set_yticks(list(-places), _wrapped(rows["label"]))
        axes.set_ylim(-places[-1] - 0.55, 1.0 if headings else 0.55)
        _count_axis(axes, population, noun)
        _mark(axes, turnout, f"{turnout} took part")
        for size, name in rows[["whole", "whole_label"]].dropna().drop_duplicates().to_numpy():
            _mark(axes, size, name, colour=EARLIER, align="right")
        handles: list[Artist] = [
            Patch(color=LATER, label="reported"),
            Patch(color=POSSIBLE, label=f"possible: the {silent} that did not take part"),
        ]
        if (rows["qualifier"] == "at_least").any():
            arrow = Line2D([], [], color=LATER, marker=">", ms=5, label="a minimum, no upper end")
            handles.append(arrow)
        _legend_below(drawing, handles)
    return drawing


def _bar_row(axes: Axes, y: float, row: dict[str, Any], silent: int) -> None:
    count, is_open = int(row["count"]), row["qualifier"] == "at_least"
    end = count + (OPEN_END if is_open else silent)
    if not is_open:
        axes.barh(y, silent, left=count, height=0.56, color=POSSIBLE, zorder=1)
    else:
        axes.annotate(
            "",
            xy=(end, y),
            xytext=(count, y),
            arrowprops={"arrowstyle": "-|>", "color": LATER, "lw": 1.6, "shrinkA": 0},
            zorder=4,
        )
    is_long = count >= ROOM_FOR_TEXT
    axes.text(
        count - 0.6 if is_long else end + 0.8,
        y,
        row["text"],
        va="center",
        ha="right" if is_long else "left",
        color="white" if is_long else INK,
        zorder=5,
        bbox=None if is_long else _PAPER,
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
        _count_axis(axes, population, noun)
        _mark(axes, turnout, f"{turnout} took part")
    return drawing


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
        axes.set_yticks(ticks, _wrapped(labels))
        axes.set_ylim(-places[-1] - 0.6, 0.6)
        _count_axis(axes, population, noun)
        _mark(axes, turnout, f"{turnout} took part")
        handles: list[Artist] = [
            Patch(color=colour, label=f"if the base is {base}" if base else "printed as a count")
            for base, colour in colours.items()
            if base in set(rows["base"])
        ]
        if rows["is_only_cut_off"].any():
            mark = Line2D([], [], marker="o", ls="", color=QUIET, mfc="white")
            mark.set_label("fits only if cut off")
            handles.append(mark)
        _legend_below(drawing, handles)
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
            axes.plot(
                [100 * row["low"], 100 * row["high"]],
                [-place] * 2,
                color="black",
                lw=1.6,
                marker="|",
                ms=9,
                zorder=3,
            )
            about = "about " if row["is_derived"] else ""
            axes.text(
                100 * row["high"] + 1.5, -place, f"{about}{percent(row['share'])}", va="center"
            )
        axes.set_yticks([-i for i in range(len(rows))], _wrapped(rows["label"]))
        axes.set_ylim(-len(rows) + 0.4, 0.6)
        axes.set_xlim(0, 100)
        axes.set_xlabel(f"Per cent of {unit}")
        quiet_axes(axes)
        handles: list[Artist] = []
        if not rows["is_derived"].all() and rows["is_derived"].any():
            handles.append(Patch(color=LATER, label="printed"))
        if rows["is_derived"].any():
            handles.append(Patch(fc="white", ec=LATER, hatch="///", label="derived"))
        handles.append(
            Line2D([], [], color="black", marker="|", label="range that the print allows")
        )
        _legend_below(drawing, handles)
    return drawing


def _count_axis(axes: Axes, population: int, noun: str) -> None:
    axes.set_xlim(-0.7, population)
    ticks = [*range(0, population - 4, 10), population]
    axes.set_xticks(ticks)
    axes.set_xlabel(f"Number of {noun}, of {population}")
    quiet_axes(axes)


def _mark(
    axes: Axes, place: float, label: str, *, colour: str = QUIET, align: str = "left"
) -> None:
    """Mark a number of respondents by a line; its label stands above, `align`ed to it."""
    axes.axvline(place, color=colour, lw=1.2, ls=(0, (3, 2)), zorder=3)
    axes.text(
        place,
        1.01,
        label,
        transform=axes.get_xaxis_transform(),
        ha=align,
        va="bottom",
        color=colour,
        size=8.5,
    )


def _legend_below(drawing: Drawing, handles: Sequence[Artist]) -> None:
    drawing.legend(
        handles=list(handles), loc="outside lower left", ncols=3, frameon=False, fontsize=8.5
    )


def _wrapped(labels: Sequence[str] | pd.Series, width: int = 27) -> list[str]:
    return [textwrap.fill(str(label), width) for label in labels]
