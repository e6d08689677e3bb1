"""One visual language for every figure: type, colours, size, and bytes that do not change."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

import matplotlib as mpl
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Drawing

from analysis.display.vector import compact

LATER = "#0b5394"
EARLIER = "#b45f06"
THIRD = "#7a5195"
STAMP = "#ff3b30"
POSSIBLE = "#cfd8e3"
INK = "#1f2933"
QUIET = "#5b6770"
WIDTH = 7.6
ROW = 0.46
DPI = 180
SCREEN_DPI = 110

_RC = {
    "font.family": "DejaVu Sans",
    "font.size": 9.5,
    "axes.titlesize": 10.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelcolor": QUIET,
    "axes.edgecolor": "#9aa5b1",
    "text.color": INK,
    "xtick.color": QUIET,
    "ytick.color": INK,
    "figure.facecolor": "white",
    "svg.fonttype": "path",
    "svg.hashsalt": "analysis",
    "figure.dpi": DPI,
    "text.hinting": "no_hinting",  # so that text is as wide at every resolution
    "figure.constrained_layout.w_pad": 0.08,
    "figure.constrained_layout.h_pad": 0.08,
}


@contextmanager
def house_style() -> Iterator[None]:
    """Draw and save in the look of the report, whatever the reader's own settings are."""
    style = sns.axes_style("whitegrid", rc={"grid.color": "#e4e7eb", "axes.axisbelow": True})
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(style | _RC)
        yield


def new_drawing(height: float) -> tuple[Drawing, Axes]:
    """Return an empty drawing of the report's width and `height` inches, and its axes."""
    drawing = Drawing(figsize=(WIDTH, height), layout="constrained")
    return drawing, drawing.subplots()


def title(drawing: Drawing, text: str) -> None:
    """Write a title over a drawing, for the places that do not show its caption."""
    drawing.suptitle(text, x=0.01, ha="left", size=10.5, weight="bold", color=INK)


def pictures_of(drawing: Drawing, *, stamp: str = "") -> dict[str, bytes]:
    """Return a drawing as the bytes of an SVG and a PNG file, without clock or version.

    `stamp` is written all over it, so that no part of the picture is without it.
    """
    metadata = {"svg": {"Date": None, "Creator": None}, "png": {"Software": None}}
    pictures = {}
    with house_style():
        # The layout is solved once, so that both files show the same.
        drawing.draw_without_rendering()
        drawing.set_layout_engine("none")
        if stamp:
            _stamp_all_over(drawing, stamp)
        for kind, about in metadata.items():
            buffer = io.BytesIO()
            drawing.savefig(buffer, format=kind, dpi=DPI, metadata=about)
            pictures[kind] = buffer.getvalue()
    pictures["svg"] = compact(pictures["svg"].decode()).encode()
    return pictures


def picture_of(drawing: Drawing, *, stamp: str = "") -> bytes:
    """Return a drawing as the bytes of one PNG file for a screen, drawn once."""
    buffer = io.BytesIO()
    with house_style():
        if stamp:
            _stamp_all_over(drawing, stamp)
        usual = drawing.dpi
        drawing.set_dpi(SCREEN_DPI)
        # Drawing.savefig would draw a first time for the layout alone.
        canvas = FigureCanvasAgg(drawing)
        canvas.print_png(buffer, metadata={"Software": None})  # type: ignore[no-untyped-call]
        drawing.set_dpi(usual)
    return buffer.getvalue()


def _stamp_all_over(drawing: Drawing, word: str) -> None:
    """Write a word all over a drawing, unless it is there."""
    if any(text.get_text() == word for text in drawing.texts):
        return
    width, height = drawing.get_size_inches()
    columns, rows = max(2, round(width / 1.15)), max(2, round(height / 0.55))
    for row in range(rows):
        for column in range(columns):
            drawing.text(
                (column + 0.5 + 0.5 * (row % 2)) / (columns + 0.5),
                (row + 0.5) / rows,
                word,
                ha="center",
                va="center",
                rotation=12,
                size=9,
                weight="bold",
                color=STAMP,
                alpha=0.5,
                zorder=10,
            )


def quiet_axes(axes: Axes) -> None:
    """Leave only what helps to read a value: vertical grid lines and the row labels."""
    sns.despine(ax=axes, left=True, bottom=True)
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="both", length=0)
    axes.set_ylabel("")
