"""The first page of a sweep: what its reports say, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import jinja2

from analysis.files import replace_file
from analysis.report.allowed import visible
from analysis.report.entries import Change, Entry, change_row, read_entry
from analysis.report.evidence import Usual, as_list
from analysis.report.frame import TEMPLATE, Frame, Link, security_policy, style
from analysis.report.markup import opening
from analysis.report.pages import index_of
from analysis.report.record import read_record
from analysis.report.sweep.rows import Row
from analysis.study import Study


@dataclass(frozen=True)
class Report:
    """The report of one row: the pages it has, with the address of each."""

    row: Row
    href: str
    entries: tuple[Entry, ...]

    @property
    def failed(self) -> list[Entry]:
        """The pages that could not be built."""
        return [one for one in self.entries if one.failed]

    def link(self, page: str) -> Link:
        """Point to a page of the report."""
        return Link(self.row.title, f"{self.row.name}/{page}.html")


@dataclass(frozen=True)
class Said:
    """The first sentence of a headline, and the reports that have it in these words."""

    text: str
    evidence: list[str]
    by: list[Link]


@dataclass(frozen=True)
class Compared:
    """One change as several reports have it."""

    label: str
    rows: list[tuple[Link, Change]]


@dataclass(frozen=True)
class Side:
    """One page of the study: its headlines, in their order on the page, and its changes."""

    name: str
    title: str
    headlines: list[list[Said]]
    changes: list[Compared]


def write_index(folder: Path, study: Study, built: Sequence[tuple[Row, Study]]) -> Path:
    """Write the first page of a sweep, whole or not at all, and return its file."""
    reports = [_read(row, one) for row, one in built]
    file = folder / index_of(study)
    replace_file(file, render(study, reports).encode())
    return file


def _read(row: Row, study: Study) -> Report:
    record = read_record(study.reports)
    asked = study.pages_named(row.sections)
    entries = [read_entry(page.name, page.title, study.reports, record) for page in asked]
    return Report(row, f"{row.name}/{index_of(study)}", tuple(entries))


def render(study: Study, reports: Sequence[Report]) -> str:
    """Return the page as HTML."""
    settings = study.codebook.settings
    frame = Frame(
        report=f"{study.stamp} rehearsal: {settings.title}" if study.stamp else settings.title,
        stamp=study.stamp,
        authors=settings.authors,
        disclaimer=settings.disclaimer,
        version=settings.version,
        released=settings.released,
        pages=tuple(Link(one.row.title, one.href) for one in reports),
    )
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATE),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    sheet = style(frame)
    sides = list(_sides(reports))
    words = [said.evidence for side in sides for group in side.headlines for said in group]
    words += [one.evidence for side in sides for each in side.changes for _, one in each.rows]
    given = dict.fromkeys(name for one in reports for name in one.row.parameters)
    html = environment.get_template("sweep.html.j2").render(
        frame=frame,
        style=sheet,
        policy=security_policy(sheet),
        reports=reports,
        parameters=list(given),
        sides=sides,
        usual=Usual() if frame.stamp else Usual.of(words),
    )
    return visible(html)


def _sides(reports: Sequence[Report]) -> Iterator[Side]:
    titles = {one.name: one.title for report in reports for one in report.entries}
    for name in titles:
        there = [
            (report.link(name), entry)
            for report in reports
            for entry in report.entries
            if entry.name == name and entry.anchors
        ]
        if there:
            yield Side(name, titles[name], list(_headlines(there)), list(_changes(there)))


def _headlines(there: Sequence[tuple[Link, Entry]]) -> Iterator[list[Said]]:
    """Yield each headline of a page; reports that say it in the same words stand together."""
    for place in range(max(len(entry.found.headlines) for _, entry in there)):
        said: dict[str, Said] = {}
        for link, entry in there:
            for row in entry.found.headlines[place : place + 1]:
                text, _ = opening(row["text"])
                said.setdefault(text, Said(text, as_list(row.get("evidence")), [])).by.append(link)
        yield list(said.values())


def _changes(there: Sequence[tuple[Link, Entry]]) -> Iterator[Compared]:
    """Yield each change of a page with all reports that have it."""
    found: dict[str, Compared] = {}
    for link, entry in there:
        for row in entry.found.changes:
            name = row["indicator"]
            change = change_row(entry, row, names_cycles=True)
            found.setdefault(name, Compared(name, [])).rows.append((link, change))
    yield from found.values()
