"""Every indicator of a study in one table that can be scanned: change, bounds, verdict."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from analysis.report.entries import NO_BOUNDS, UNKNOWN, UNPUBLISHED, Change, Entry, change_row

if TYPE_CHECKING:
    from analysis.study import Study

COMPARISONS = "comparisons.csv"
NUMBERS = (
    *("count_from", "count_from_low", "count_from_high", "count_to"),
    *("change_low", "change_high", "tipping_point"),
)
NOT_COMPARABLE = "not comparable"
DASH = "\N{EN DASH}"


@dataclass(frozen=True)
class Row:
    """One indicator of one group.

    Attributes
    ----------
    respondents : who answered.
    shown : counts, change, bounds and verdict as they are printed.
    reason : why there is no comparison; empty where there is one.
    """

    respondents: str
    shown: Change
    reason: str


@dataclass(frozen=True)
class Scan:
    """Every indicator between the last two cycles, those that can be compared first."""

    cycles: tuple[str, str]
    rows: tuple[Row, ...]

    @property
    def has_groups(self) -> bool:
        """Whether several groups answered."""
        return len({row.respondents for row in self.rows}) > 1


def every_indicator(study: Study, entries: Sequence[Entry]) -> Scan | None:
    """Return every indicator of a study; None where there is one cycle only.

    Read from the computed tables, so that nothing is computed for it.
    """
    file = study.processed / COMPARISONS
    cycles = tuple(study.codebook.cycles)
    if not file.is_file() or len(cycles) < 2:
        return None
    with file.open(encoding="utf-8", newline="") as stream:
        told = [
            row
            for row in csv.DictReader(stream)
            if (row["cycle_from"], row["cycle_to"]) == cycles[-2:]
        ]
    pages = {section: page.name for page in study.pages for section in page.sections}
    by_name = {entry.name: entry for entry in entries}
    rows = []
    for row in told:
        page = pages.get(study.codebook.section_of(row["indicator"]), "")
        rows.append(_row(row, by_name.get(page, Entry(page, "")), study))
    in_order = sorted(rows, key=lambda one: bool(one.reason))
    return Scan((cycles[-2], cycles[-1]), tuple(in_order))


def _row(told: Mapping[str, str], entry: Entry, study: Study) -> Row:
    book = study.codebook
    indicator = book.indicators[told["indicator"]]
    numbers = {name: float(told[name]) if told[name] else None for name in NUMBERS}
    shown = {
        **numbers,
        "indicator": indicator.label,
        "findings": told["finding_ids"].split(),
        "evidence": told["evidence"].split(),
        "verdict": told["verdict"],
    }
    return Row(
        respondents=book.respondents[told["respondents"]].label,
        shown=_brief(change_row(entry, shown, names_cycles=False)),
        reason=told["reason"] if told["verdict"] == NOT_COMPARABLE else "",
    )


def _brief(shown: Change) -> Change:
    """The same with a dash where nothing is known, so that numbers stand out."""
    words = {UNPUBLISHED: DASH, UNKNOWN: DASH, NO_BOUNDS: DASH}
    return replace(
        shown,
        count_from=words.get(shown.count_from, shown.count_from),
        count_to=words.get(shown.count_to, shown.count_to),
        change=words.get(shown.change, shown.change),
        bounds=words.get(shown.bounds, shown.bounds),
    )
