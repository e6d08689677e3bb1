"""What the index tells of each page, and of each change."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.numerals import signed
from analysis.report.comments import ids_on
from analysis.report.evidence import as_list
from analysis.report.exhibits import (
    Headlines,
    anchors_of,
    read_exhibits,
    read_headlines,
    read_notebook,
    read_parameters,
    read_question,
)
from analysis.report.record import Record

UNPUBLISHED, UNKNOWN, NO_BOUNDS = "not published", "not known", "none"
"""What stands where there is no number."""


@dataclass(frozen=True)
class Entry:
    """One page as the index shows it; `anchors` is empty for a page that was never built.

    `quoted` has each id that can be quoted from the page, with its anchor there.
    """

    name: str
    title: str
    question: str = ""
    anchors: frozenset[str] = frozenset()
    quoted: Mapping[str, str] = field(default_factory=dict)
    found: Headlines = field(default_factory=Headlines)
    parameters: Mapping[str, object] = field(default_factory=dict)
    failed: Record | None = None
    is_outdated: bool = False

    @property
    def href(self) -> str:
        """Address of the page; empty when there is none."""
        return f"{self.name}.html" if self.anchors else ""

    @property
    def places(self) -> dict[str, str]:
        """Address of every id on the page."""
        return {anchor: f"{self.href}#{anchor}" for anchor in self.anchors}


@dataclass(frozen=True)
class Change:
    """One row of the table of changes, as it is printed; empty where nothing is known."""

    label: str
    href: str
    count_from: str
    count_to: str
    change: str
    bounds: str
    tipping_point: str
    verdict: str
    evidence: list[str]


def read_entry(name: str, title: str, folder: Path, record: Record) -> Entry:
    """Read one page from a folder of results.

    Parameters
    ----------
    name, title : of the page.
    folder : where `<name>.html` and `notebooks/<name>.ipynb` lie, if the page was ever built.
    record : of the build that the index belongs to.
    """
    told: Record = next((one for one in record.get("pages", []) if one["page"] == name), {})
    failed = told if told.get("outcome") == "failed" else None
    html, notebook = folder / f"{name}.html", folder / "notebooks" / f"{name}.ipynb"
    if not (html.is_file() and notebook.is_file()):
        return Entry(name, title, failed=failed)
    content = read_notebook(notebook)
    shown = told.get("shown") or {}
    anchors = frozenset(re.findall(r"""\sid=["']([^"']+)["']""", html.read_text(encoding="utf-8")))
    return Entry(
        name=name,
        title=title,
        question=re.sub(r"[*_`]", "", read_question(content)),
        anchors=anchors,
        quoted=ids_on(name, read_exhibits(content), anchors, anchors_of(content)),
        found=read_headlines(content),
        parameters=read_parameters(content),
        failed=failed,
        is_outdated=shown.get("inputs") != record.get("inputs_digest"),
    )


def quoted_in(entries: Iterable[Entry]) -> dict[str, str]:
    """Return the address of every id that can be quoted from these pages."""
    found: dict[str, str] = {}
    for entry in entries:
        for quoted, anchor in entry.quoted.items():
            found.setdefault(quoted, f"{entry.href}#{anchor}")
    return found


def collect_changes(entries: Sequence[Entry]) -> list[tuple[Entry, dict[str, Any]]]:
    """Return every change once, with the page to read about it.

    The first page that tells a change decides its place in the list; the link prefers a later
    page, which has the details.
    """
    found: dict[str, tuple[Entry, dict[str, Any]]] = {}
    for entry in entries:
        for row in entry.found.changes:
            first = found.get(row["indicator"], (entry, row))
            found[row["indicator"]] = (entry, first[1])
    return list(found.values())


def change_row(entry: Entry, row: Mapping[str, Any], names_cycles: bool) -> Change:
    """Write one change for the table.

    A count that is only known within a range makes the change a range as well.
    """
    first, later = _range(row, "count_from"), _range(row, "count_to")
    change = (later[0] - first[1], later[1] - first[0]) if first and later else None
    bounds = _range(row, "change")
    blanks = row.get("tipping_point")
    finding = next((one for one in as_list(row.get("findings")) if one in entry.anchors), "")
    shown = [_spread(first) or UNPUBLISHED, _spread(later) or UNPUBLISHED]
    if names_cycles:
        shown = [f"{shown[0]} ({row.get('cycle_from')})", f"{shown[1]} ({row.get('cycle_to')})"]
    return Change(
        label=row["indicator"],
        href=entry.places.get(finding, entry.href),
        count_from=shown[0],
        count_to=shown[1],
        change=_spread(change, signed) or UNKNOWN,
        bounds=_spread(bounds, signed) or NO_BOUNDS,
        tipping_point="" if blanks is None else f"{blanks:g} blank{'' if blanks == 1 else 's'}",
        verdict=str(row.get("verdict", "")),
        evidence=as_list(row.get("evidence")),
    )


def _range(row: Mapping[str, Any], name: str) -> tuple[float, float] | None:
    """Return both ends of a number that is known exactly or within a range."""
    low, high = row.get(f"{name}_low"), row.get(f"{name}_high")
    if low is None or high is None:
        low = high = row.get(name)
    return None if low is None or high is None else (low, high)


def _spread(ends: tuple[float, float] | None, write: Callable[[float], str] = "{:g}".format) -> str:
    if ends is None:
        return ""
    return write(ends[0]) if ends[0] == ends[1] else f"{write(ends[0])} to {write(ends[1])}"
