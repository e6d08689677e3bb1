"""What differs between two reports as a page in the dress of the report, and as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import jinja2

from analysis.changes.compared import CHANGED, NEW, VANISHED, Change, Comparison
from analysis.numerals import MINUS
from analysis.report.allowed import visible
from analysis.report.frame import TEMPLATE, Frame, security_policy, style
from analysis.report.numbers import NUMBERS
from analysis.study.places import SYNTHETIC

TITLES = {
    "findings": "Printed findings",
    "indicator_counts": "Counts of each indicator",
    "comparisons": "Changes between cycles",
    "sensitivity": "Changes under other assumptions",
    "trends": "Trends over all cycles",
    "distributions": "Answers to each question",
    "numbers": "Answers that are numbers",
    "scales": "Answers on a scale",
    "panel": "Those who answered in both cycles",
    "replication": "Printed beside observed",
}
"""What the tables behind all pages are called."""

MOST_TOLD = 15
"""So many things that a cause consists in are named; the JSON has all."""


@dataclass(frozen=True)
class Row:
    """A cell that differs, as it is printed."""

    label: str
    column: str
    old: str
    new: str
    difference: str
    causes: tuple[str, ...]


def as_json(found: Comparison) -> str:
    """Return all that differs as JSON, the same for the same reports."""
    reports = {
        name: {
            "version": report.study["version"],
            "released": report.study["released"],
            "inputs": report.record["inputs_digest"],
        }
        for name, report in (("old", found.old), ("new", found.new))
    }
    content = {
        "study": found.new.study["id"],
        "stamp": found.new.study["stamp"],
        **reports,
        "is_same": not found.changes,
        "causes": found.causes,
        "changes": [one.as_record for one in found.changes],
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def as_page(found: Comparison) -> str:
    """Return all that differs as one HTML page."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader([Path(__file__).parent, TEMPLATE]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    frame = _frame(found)
    sheet = style(frame)
    behind = list(_by_table(one for one in found.changes if not one.page))
    pages = list(_by_page(found))
    parts = {
        "causes": ("What the changes can be due to", found.causes),
        "behind": ("The numbers behind all pages", behind),
        "pages": ("As the pages show them", pages),
        "how": ("How this page was made", True),
    }
    html = environment.get_template("page.html.j2").render(
        title="What changed",
        frame=frame,
        style=sheet,
        policy=security_policy(sheet),
        contents=[(anchor, text) for anchor, (text, is_there) in parts.items() if is_there],
        summary=summary(found),
        old=found.old.study,
        new=found.new.study,
        causes=list(_causes(found)),
        behind=behind,
        pages=pages,
        records=list(_records(found)),
    )
    return visible(html)


def summary(found: Comparison) -> str:
    """Return what differs, counted, in a sentence."""
    kinds = Counter(one.kind for one in found.changes)
    total = len(found.changes)
    if not total:
        return "No number differs between the two reports."
    counted = [f"{kinds[kind]} {kind}" for kind in (CHANGED, NEW, VANISHED) if kinds[kind]]
    return f"{total} {'number differs' if total == 1 else 'numbers differ'}: {', '.join(counted)}."


def _frame(found: Comparison) -> Frame:
    about = found.new.study
    title = f"{about['stamp']} rehearsal: {about['title']}" if about["stamp"] else about["title"]
    return Frame(
        report=title,
        authors=about["authors"],
        disclaimer=about["disclaimer"],
        version=about["version"],
        released=about["released"],
        stamp=about["stamp"],
    )


def _causes(found: Comparison) -> Iterator[Mapping[str, Any]]:
    for cause, told in found.causes.items():
        alone = sum(list(one.causes) == [cause] for one in found.changes)
        count = sum(cause in one.causes for one in found.changes)
        more = len(told) - MOST_TOLD
        shown = told if more <= 0 else [*told[:MOST_TOLD], f"{more} more"]
        text = f"{count} {'number' if count == 1 else 'numbers'}"
        text += "." if alone == count else f", {alone or 'none'} of them due to this alone."
        yield {"name": cause, "count": text, "told": shown}


def _by_page(found: Comparison) -> Iterator[tuple[str, list[tuple[str, list[Row]]]]]:
    titles = {**found.old.titles, **found.new.titles}
    shown = [one for one in found.changes if one.page]
    for page, changes in groupby(shown, key=lambda one: one.page):
        yield titles.get(page, page), list(_by_table(changes))


def _by_table(changes: Iterator[Change]) -> Iterator[tuple[str, list[Row]]]:
    for name, own in groupby(changes, key=lambda one: one.quoted):
        cells = groupby(own, key=lambda one: (one.row, one.column, one.old_text, one.new_text))
        yield _title(name), [_row(list(one)) for _, one in cells]


def _title(table: str) -> str:
    """What a table is called: one of a page by the id that readers quote."""
    folder, _, name = table.partition("/")
    if folder != NUMBERS:
        return table
    return TITLES.get(name.removesuffix(".csv").removeprefix(f"{SYNTHETIC}_"), table)


def _row(changes: Sequence[Change]) -> Row:
    """One cell, which may hold several numbers that differ."""
    one = changes[0]
    steps = [_signed(each.difference) for each in changes if each.difference is not None]
    difference = ", ".join(steps) or one.kind
    return Row(
        label=one.row,
        column=one.column.replace("_", " "),
        old=_written(one.old_text),
        new=_written(one.new_text),
        difference=difference,
        causes=tuple(dict.fromkeys(cause for each in changes for cause in each.causes)),
    )


def _written(text: str) -> str:
    """A cell as it is, but a number of a plain table rounded as far as a reader wants it."""
    try:
        value = float(text)
    except ValueError:
        return text
    return f"{value:.6g}".replace("-", MINUS)


def _signed(difference: float) -> str:
    return f"{difference:+.4g}".replace("-", MINUS)


def _records(found: Comparison) -> Iterator[tuple[str, str, str]]:
    old, new = found.old.record, found.new.record
    yield "Command", old["command"], new["command"]
    yield "Input", old["inputs_digest"], new["inputs_digest"]
    yield "Lock file", old["lock"] or "none", new["lock"] or "none"
    yield "Python", old["versions"]["python"], new["versions"]["python"]
