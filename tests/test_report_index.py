"""The first page of the report, and the record of the build behind it."""

from __future__ import annotations

import csv
import re
from html import escape
from pathlib import Path
from typing import Any

import pytest
from built import built_report
from studies import DEFAULT, small_study

from analysis.files import sha256
from analysis.report.entries import Entry, change_row, collect_changes
from analysis.report.exhibits import Headlines
from analysis.report.frame import Frame
from analysis.report.index import render_index
from analysis.report.outcome import Outcome, PageError
from analysis.report.record import make_record, read_record, write_record
from analysis.report.scan import every_indicator
from analysis.study import load_study
from analysis.study.glossary import glossary

ROW: dict[str, Any] = {
    "indicator": "Supply chains <law>",
    "text": "...",
    "count_from": 10,
    "count_to": 16,
    "cycle_from": "2015",
    "cycle_to": "2020",
    "change_low": 1,
    "change_high": 14,
    "tipping_point": 1,
    "verdict": "rise under the stated assumption",
    "evidence": "derived",
    "findings": ["Ia-03"],
}


def entry(name: str = "one", **values: Any) -> Entry:
    given = {"anchors": frozenset({"main", "Ia-03"}), "found": Headlines(changes=[ROW]), **values}
    return Entry(name, name.title(), **given)


def record(tmp_path: Path, *outcomes: Outcome, before: dict[str, Any] | None = None) -> Any:
    file = tmp_path / "findings.csv"
    file.write_text("a\n")
    pages = ["one", "two"]
    inputs = {"findings.csv": sha256(file)}
    return make_record(inputs, outcomes, {}, before=before or {}, pages=pages)


def test_a_change_is_written_with_bounds_tipping_point_and_verdict() -> None:
    row = change_row(entry(), ROW, names_cycles=False)
    assert (row.count_from, row.count_to, row.change) == ("10", "16", "+6")
    assert (row.bounds, row.tipping_point) == ("+1 to +14", "1 blank")
    assert row.href == "one.html#Ia-03"


def test_a_count_known_within_a_range_makes_the_change_a_range() -> None:
    ranged = {**ROW, "count_from": None, "count_from_low": 10, "count_from_high": 17}
    row = change_row(entry(), ranged, names_cycles=True)
    assert (row.count_from, row.change) == ("10 to 17 (2015)", "−1 to +6")


def test_an_unknown_count_leaves_the_change_unknown() -> None:
    row = change_row(entry(), {**ROW, "count_from": None, "change_low": None}, names_cycles=False)
    assert (row.count_from, row.change, row.bounds) == ("not published", "not known", "none")


def test_a_change_told_by_two_pages_is_listed_once_and_linked_to_the_later() -> None:
    ((page, row),) = collect_changes([entry("overview"), entry("prevention")])
    assert page.name == "prevention"
    assert row is ROW


def test_the_index_escapes_what_it_shows_and_starts_with_what_changed(tmp_path: Path) -> None:
    html = render_index(Frame(report="A & B"), [entry()], record(tmp_path))
    assert "Supply chains &lt;law&gt;" in html
    assert "<h1>A &amp; B</h1>" in html
    first = html[html.index("<h2") :]
    assert first.startswith('<h2 id="brief">In brief</h2>')
    assert first.index('id="changed"') < first.index('id="evidence"') < first.index('id="sections"')
    assert "<script" not in html
    assert " style=" not in html


def test_a_headline_begins_with_its_count_in_bold_and_a_remark_does_not(tmp_path: Path) -> None:
    rows = [
        {"text": "16 of 57 (49 took part). It was 10.", "evidence": "derived", "findings": []},
        {"text": "Both cycles were asked. Alike.", "evidence": "", "findings": []},
    ]
    html = render_index(Frame(report="R"), [entry(found=Headlines(rows))], record(tmp_path))
    assert "<li><strong>16 of 57 (49 took part).</strong> It was 10." in html
    assert "<li>Both cycles were asked. Alike." in html


def test_evidence_is_said_once_and_badges_stand_where_it_differs(tmp_path: Path) -> None:
    headlines = [{"text": "16.", "evidence": "published"} for _ in range(3)]
    found = Headlines(headlines, changes=[ROW])
    html = render_index(Frame(report="R"), [entry(found=found)], record(tmp_path))
    assert "On this page it is <strong>published</strong> unless a badge says otherwise" in html
    shown = html[: html.index('id="evidence"')] + html[html.index('id="sections"') :]
    assert re.findall(r'class="evidence (\w+)"', shown) == ["derived"]


def test_every_cell_of_what_changed_names_its_column_for_a_narrow_screen(tmp_path: Path) -> None:
    html = render_index(Frame(report="R"), [entry()], record(tmp_path))
    row = html[html.index('<th scope="row"><a href="one.html#Ia-03">') :].partition("</tr>")[0]
    labels = re.findall(r'<td data-label="([^"]+)"', row)
    assert labels == ["2015", "2020", "Change", "Bounds", "Open with", "Verdict"]


def test_bounds_that_count_the_blanks_are_not_said_to_hold_without_any(tmp_path: Path) -> None:
    """Answers say who left the question blank; the print does not."""

    def note(*rows: dict[str, Any]) -> str:
        found = Headlines(changes=list(rows))
        html = render_index(Frame(report="R"), [entry(found=found)], record(tmp_path))
        return html[html.index('id="changed"') : html.index('id="evidence"')]

    answers = {**ROW, "indicator": "Answers", "tipping_point": None}
    condition = "hold only if everyone who took part and is not counted as yes meant no"
    assert f"; they {condition}" in note(ROW)
    assert f"; where something stands under “Open with”, they {condition}" in note(ROW, answers)
    assert condition not in note(answers)
    assert "Open with" not in note(answers)
    assert "whoever left the question blank is one of them" in note(answers)


def test_in_brief_stand_who_answered_and_one_line_a_section(tmp_path: Path) -> None:
    rows = [{"text": "16 of 57 (49 took part). It was 10.", "evidence": "", "findings": []}]
    answered = [
        {"respondents": "States", "cycle": "2015", "answered": 52, "eligible": 57},
        {"respondents": "States", "cycle": "2020", "answered": 49, "eligible": 57},
        {"respondents": "NGOs", "cycle": "2020", "answered": 84, "eligible": None},
    ]
    found = Headlines(rows, answered=answered)
    html = render_index(Frame(report="R"), [entry(found=found)], record(tmp_path))
    brief = html[html.index('class="brief"') : html.index('id="evidence"')]
    assert "States: 52 of 57 in 2015, 49 of 57 in 2020. NGOs: 84 in 2020." in brief
    assert '<li><a href="one.html">One</a>: 16 of 57 (49 took part).</li>' in brief


def test_every_indicator_stands_in_one_table_those_that_compare_first(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    reports = built_report(tmp_path_factory)
    study = load_study(DEFAULT, output=reports.parent)
    with (study.processed / "comparisons.csv").open(encoding="utf-8", newline="") as stream:
        told = list(csv.DictReader(stream))
    scan = every_indicator(study, [])
    assert scan is not None
    assert scan.cycles == ("2015/16", "2020/21")
    assert len(scan.rows) == len(told) > 50
    sure = [row.shown.label for row in scan.rows if not row.reason]
    assert [row.shown.label for row in scan.rows[: len(sure)]] == sure
    assert len(sure) == sum(row["verdict"] != "not comparable" for row in told)
    html = (reports / "index.html").read_text(encoding="utf-8")
    table = html[html.index('<table class="scan') :].partition("</table>")[0]
    assert table.count("<tr>") == len(told) + 1
    for row in scan.rows:
        assert escape(row.reason) in table


def test_the_glossary_explains_every_word_once(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    html = (built_report(tmp_path_factory) / "index.html").read_text(encoding="utf-8")
    terms = re.findall(r'<dt id="term-\d+">([^<]+)</dt>', html)
    assert terms == [term.word for term in glossary()]


def test_a_study_of_one_cycle_has_no_table_of_changes(tmp_path: Path) -> None:
    assert every_indicator(small_study(tmp_path, cycles="a").load(), []) is None


def test_a_failed_page_is_marked_with_its_error(tmp_path: Path) -> None:
    failed = Outcome("one", "One", PageError("KeyError", "'<x>'", cell=3, line="f()"))
    made = record(tmp_path, failed)
    html = render_index(Frame(report="R"), [entry(failed=made["pages"][0])], made)
    assert "FAILED in the last build" in html
    assert "shown as of the build before" in html
    assert "Code cell 3 (f()): KeyError: &#39;&lt;x&gt;&#39;" in html


def test_a_partial_build_keeps_what_is_known_of_other_pages(tmp_path: Path) -> None:
    full = record(tmp_path, Outcome("one", "One"), Outcome("two", "Two"))
    failed = Outcome("two", "Two", PageError("KeyError", "x"))
    partial = record(tmp_path, failed, before=full)
    assert full["command"] == "analysis build"
    assert partial["command"] == "analysis build two"
    assert [page["outcome"] for page in partial["pages"]] == ["ok", "failed"]
    assert partial["pages"][1]["shown"] == full["pages"][1]["shown"]
    write_record(partial, tmp_path / "build.json")
    assert read_record(tmp_path) == partial
    assert str(tmp_path) not in (tmp_path / "build.json").read_text()


def test_a_record_that_cannot_be_read_counts_as_none(tmp_path: Path) -> None:
    assert read_record(tmp_path) == {}
    (tmp_path / "build.json").write_text("{")
    assert read_record(tmp_path) == {}
