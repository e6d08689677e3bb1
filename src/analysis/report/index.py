"""The first page of the report: what changed, what the evidence is, where the answers stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import jinja2

from analysis.report.allowed import visible
from analysis.report.comments import without_place
from analysis.report.entries import Entry, change_row, collect_changes, quoted_in
from analysis.report.evidence import MEANING, Usual, as_list
from analysis.report.frame import TEMPLATE, Frame, security_policy, style
from analysis.report.markup import opening
from analysis.report.record import Record
from analysis.report.scan import Scan
from analysis.study.glossary import Term

if TYPE_CHECKING:
    pass


def render_index(
    frame: Frame,
    entries: Sequence[Entry],
    record: Record,
    *,
    description: str = "",
    citations: Sequence[str] = (),
    scan: Scan | None = None,
    terms: Sequence[Term] = (),
) -> str:
    """Return the index as HTML.

    Parameters
    ----------
    frame : title, disclaimer, version and pages of the report.
    entries : every page of the report in order.
    record : of this build.
    description : what the report is, in a sentence or two.
    citations : how the documents it rests on are cited.
    scan : every indicator between the last two cycles.
    terms : the glossary.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATE),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["listed"] = as_list
    environment.filters["opening"] = opening
    environment.filters["combined"] = lambda first, later: {**first, **later}
    places: dict[str, str] = {}
    for one in entries:
        places = {**one.places, **places}
    sheet, quoted = style(frame), quoted_in(entries)
    lost = without_place(frame.comments, quoted)
    changes = collect_changes(entries)
    told = [row for one in entries for row in (*one.found.headlines, *one.found.changes)]
    words = [as_list(row.get("evidence")) for row in told]
    used = {word for one in words for word in one}
    usual = Usual() if frame.stamp else Usual.of(words)
    cycles = {(row.get("cycle_from"), row.get("cycle_to")) for _, row in changes}
    html = environment.get_template("report.html.j2").render(
        frame=frame,
        style=sheet,
        policy=security_policy(sheet),
        description=description,
        citations=citations,
        entries=entries,
        places=places,
        changes=[change_row(entry, row, len(cycles) > 1) for entry, row in changes],
        cycles=cycles.pop() if len(cycles) == 1 else ("Earlier", "Later"),
        limits=list(dict.fromkeys(text for one in entries for text in one.found.limits)),
        answered=[row for one in entries for row in one.found.answered],
        took_part=_took_part(entries),
        scan=scan,
        terms=terms,
        usual=usual,
        evidence=[(word, text, word in used) for word, text in MEANING.items()],
        record=record,
        lost=[(one, close, quoted.get(close or "")) for one, close in lost],
    )
    return visible(html)


def _took_part(entries: Sequence[Entry]) -> list[str]:
    """Who answered, a sentence a group."""
    groups: dict[str, list[str]] = {}
    for one in entries:
        for row in one.found.answered:
            of = f" of {row['eligible']}" if isinstance(row.get("eligible"), int) else ""
            told = f"{row.get('answered')}{of} in {row.get('cycle')}"
            groups.setdefault(str(row.get("respondents")), []).append(told)
    return [f"{group}: {', '.join(told)}." for group, told in groups.items()]
