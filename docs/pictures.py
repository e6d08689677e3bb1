"""The pictures of the pages on statistics, drawn from printed numbers by the library itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes

from analysis import open_section
from analysis.display.style import (
    EARLIER,
    INK,
    LATER,
    POSSIBLE,
    QUIET,
    house_style,
    new_drawing,
    pictures_of,
    title,
)
from analysis.frames import Row, records
from analysis.results import compute_results
from analysis.statistics import (
    change_bounds,
    mcnemar_bounds,
    overlap_range,
    tipping_point,
    two_proportions_pvalue,
)
from analysis.study import Study

MOST_BLANKS = 10


def drawn(study: Study) -> Mapping[str, bytes]:
    """Return the pictures as SVG, by name."""
    table = compute_results(study).comparisons
    pairs = records(table[table["change_low"].notna() & table["change"].notna()])
    labels = [study.codebook.indicators[pair["indicator"]].label for pair in pairs]
    size = max(eligible or 0 for eligible in study.codebook.eligible.values())
    changes = open_section("01_prevention").figure("prevention_changes")
    with house_style():
        return {
            "bounds": changes.pictures["svg"],
            "tipping_point": _tipping_points(pairs, labels, size),
            "overlap": _overlap(pairs[0], size),
            "p_values": _p_values(pairs, labels, size),
        }


def _counts(pair: Row) -> tuple[int, int, int, int]:
    """The yes and the answers of both cycles."""
    return tuple(int(pair[name]) for name in ("count_from", "nobs_from", "count_to", "nobs_to"))


def _tipping_points(pairs: Sequence[Row], labels: Sequence[str], size: int) -> bytes:
    """The lowest possible change by the number of blanks in the earlier cycle."""
    drawing, axes = new_drawing(3.4)
    blanks = range(MOST_BLANKS + 1)
    for pair, label, colour in zip(pairs, labels, (LATER, EARLIER), strict=False):
        yes, answers, later, later_answers = _counts(pair)
        lowest = [
            change_bounds(yes, answers - blank, later, later_answers, population=size)[0]
            for blank in blanks
        ]
        tips = tipping_point(yes, answers, later, later_answers, population=size)
        axes.plot(blanks, lowest, color=colour, marker="o", markersize=4)
        axes.plot([tips], [0], marker="o", markersize=11, fillstyle="none", color=colour)
        told = f"{label}:\nopen with {tips} blank{'' if tips == 1 else 's'}"
        axes.text(MOST_BLANKS + 0.3, lowest[-1], told, va="center", color=colour)
    axes.axhline(0, color=INK, linewidth=1)
    axes.set(
        xlabel=f"Blanks among those that took part in {pairs[0]['cycle_from']}",
        ylabel="Lowest possible change",
        xticks=list(blanks),
        yticks=range(-8, 9, 4),
        ylim=(-10.5, 9),
        xlim=(-0.3, MOST_BLANKS + 4.4),
    )
    title(drawing, "How many blanks it takes")
    return pictures_of(drawing)["svg"]


def _overlap(pair: Row, size: int) -> bytes:
    """The most and the fewest that can have answered both times."""
    _, first, _, second = _counts(pair)
    least, most = overlap_range(first, second, population=size)
    drawing, axes = new_drawing(2.9)
    for row, both in enumerate((most, least)):
        # The earlier answers from the left; the later ones begin where the overlap begins.
        axes.barh(row + 0.18, first, height=0.3, color=EARLIER)
        axes.barh(row - 0.18, second, left=first - both, height=0.3, color=LATER)
        silent = size - (first + second - both)
        told = f"{both} both times, {silent} of {size} never"
        axes.text(size + 1, row, told, va="center", color=INK)
    axes.text(1, 1.18, f"{first} in {pair['cycle_from']}", va="center", color="white")
    axes.text(
        first - least + 1, 0.82, f"{second} in {pair['cycle_to']}", va="center", color="white"
    )
    axes.set(xlim=(0, size + 30), ylim=(-0.6, 1.6), xlabel=f"Respondents, of {size}")
    axes.set_yticks([0, 1], ["as much as possible", "as little as possible"])
    axes.set_xticks([0, 10, 20, 30, 40, 50, size])
    axes.grid(visible=False, axis="y")
    title(drawing, "The same numbers, two overlaps")
    return pictures_of(drawing)["svg"]


def _p_values(pairs: Sequence[Row], labels: Sequence[str], size: int) -> bytes:
    """The p-values that printed counts allow, and the one of the usual test."""
    drawing, axes = new_drawing(2.6)
    lowest = 1.0
    for row, pair in enumerate(pairs):
        yes, answers, later, later_answers = _counts(pair)
        found = mcnemar_bounds(yes, answers, later, later_answers, population=size)
        lowest = min(lowest, found.exact_min)
        usual = two_proportions_pvalue(yes, answers, later, later_answers)
        _range(axes, row, found.exact_min, found.exact_max)
        axes.plot([usual], [row], marker="D", color=EARLIER, linestyle="none")
    axes.axvline(0.05, color=QUIET, linestyle=":", linewidth=1)
    axes.text(0.05, len(pairs) - 0.45, "0.05", color=QUIET, ha="center")
    axes.set_xscale("log")
    axes.set(xlim=(lowest / 10, 4), ylim=(-0.6, len(pairs) - 0.2), xlabel="p-value")
    axes.set_yticks(range(len(pairs)), labels)
    axes.plot([], [], color=POSSIBLE, linewidth=9, label="possible for the same respondents")
    axes.plot(
        [], [], marker="D", color=EARLIER, linestyle="none", label="test of two independent samples"
    )
    axes.grid(visible=False, axis="y")
    drawing.legend(loc="outside lower left", ncols=2, frameon=False)
    title(drawing, "One pair of counts, many p-values")
    return pictures_of(drawing)["svg"]


def _range(axes: Axes, row: int, low: float, high: float) -> None:
    axes.plot([low, high], [row, row], color=POSSIBLE, linewidth=9, solid_capstyle="butt")
    for end in (low, high):
        axes.annotate(f"{end:.1g}", (end, row + 0.2), ha="center", color=INK)
