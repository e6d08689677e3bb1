"""What the forms share: one axis of counts, marks on it, the legend below."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing

from analysis.display.style import (
    QUIET,
    quiet_axes,
)

PAPER = {"fc": "white", "ec": "none", "pad": 1.2}
"""Behind a text that a grid line would cross."""


FRAME = 1.25
"""Height in inches that title, axis and legend need around the rows."""


_STEPS = tuple(n * 10**power for power in range(9) for n in (1, 2, 5))


def count_axis(axes: Axes, population: int, noun: str) -> None:
    """Give the axes one scale of counts, from 0 to all that could have answered."""
    axes.set_xlim(-0.012 * population, population)
    step = next(step for step in _STEPS if population <= 6 * step)
    axes.set_xticks([*range(0, population - 2 * step // 5, step), population])
    axes.set_xlabel(f"Number of {noun}, of {population}")
    quiet_axes(axes)


def mark(axes: Axes, place: float, label: str, *, colour: str = QUIET, align: str = "left") -> None:
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


def legend_below(drawing: Drawing, handles: Sequence[Artist]) -> None:
    """Put the legend under the drawing."""
    drawing.legend(
        handles=list(handles), loc="outside lower left", ncols=3, frameon=False, fontsize=8.5
    )


def wrapped(labels: Sequence[str] | pd.Series, width: int = 27) -> list[str]:
    """Return labels broken into lines of `width` characters."""
    return [textwrap.fill(str(label), width) for label in labels]
