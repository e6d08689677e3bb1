"""The whole report, built as a reader gets it, and its rehearsal."""

from __future__ import annotations

import csv
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from built import built_report
from studies import DEFAULT

from analysis.published import load_findings
from analysis.report.build import Options, build
from analysis.study import Study, load_study


class Page(HTMLParser):
    """What a page links to, loads, and says."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.file, self.ids, self.links, self.loads = file, set[str](), list[str](), list[str]()
        self.rows, self.headings, self.texts = list[str](), list[str](), list[str]()
        self._inside, self._is_in_row = "", False
        self.feed(file.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids |= {str(given["id"])} if "id" in given else set()
        self.links += [str(given["href"])] if tag == "a" and "href" in given else []
        self.loads += [str(given[name]) for name in ("src", "srcset", "data") if name in given]
        if tag == "tr":
            self.rows.append("")
            self._is_in_row = True
        self.headings += [""] if tag in ("h1", "title") else []
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""
        self._is_in_row = self._is_in_row and tag != "tr"

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if self._is_in_row:
            self.rows[-1] += data
        if self._inside in ("h1", "title"):
            self.headings[-1] += data


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return load_study(DEFAULT, output=built_report(tmp_path_factory).parent)


@pytest.fixture(scope="module")
def pages(report: Study) -> dict[str, Page]:
    return {file.name: Page(file) for file in sorted(report.reports.glob("*.html"))}


def test_there_is_a_page_for_each_notebook_and_an_index(report: Study, pages) -> None:
    assert set(pages) == {"index.html", *(f"{page.name}.html" for page in report.pages)}


def test_every_finding_can_be_linked_to_on_the_page_of_its_section(report: Study, pages) -> None:
    for finding in load_findings(report).itertuples():
        (page,) = report.pages_named([finding.section])
        assert finding.finding_id in pages[f"{page.name}.html"].ids


def test_every_link_inside_the_report_has_its_target(pages) -> None:
    for page in pages.values():
        for link in page.links:
            file, _, anchor = link.partition("#")
            target = pages[file or page.file.name]
            assert not anchor or anchor in target.ids, (page.file.name, link)


def test_nothing_is_loaded_from_anywhere(pages) -> None:
    for page in pages.values():
        text = page.file.read_text(encoding="utf-8")
        assert all(load.startswith("data:") for load in page.loads)
        assert "<script" not in text
        assert not re.search(r"@import|url\((?!data:)", text)


def test_the_index_starts_with_what_changed_and_tells_its_numbers(pages) -> None:
    text = " ".join(pages["index.html"].texts)
    assert text.index("What changed") < text.index("Every number of this report rests on")
    rows = [re.sub(r"\s+", " ", row) for row in pages["index.html"].rows]
    law, scanned = (row for row in rows if row.strip().startswith("Supply chain reporting law"))
    assert re.search(r"10 16 \+6 \+1 to \+14 1 blank rise under the stated assumption", law)
    assert re.search(r"States ?10 16 \+6 \+1 to \+14 rise under the stated assumption", scanned)
    policy = next(row for row in rows if row.strip().startswith("Procurement policy"))
    assert re.search(r"15 to 19 29 \+10 to \+14 \+5 to \+22 5 blanks", policy)
    assert "Independent analysis, not issued or endorsed" in text


def test_tables_and_figures_are_there_as_files(report: Study) -> None:
    for page in report.pages:
        tables = report.reports / "tables" / page.name
        for file in tables.glob("*.csv"):
            with file.open(encoding="utf-8", newline="") as stream:
                assert len(list(csv.reader(stream))) > 1, file
    figures = {file.stem for file in report.reports.glob("figures/*/*.png")}
    assert figures == set(report.codebook.figures)
    assert figures == {file.stem for file in report.reports.glob("figures/*/*.svg")}


def test_nothing_shared_holds_a_path_or_the_word_synthetic_as_a_number(report: Study) -> None:
    for file in report.reports.rglob("*"):
        if file.suffix in (".html", ".ipynb", ".csv", ".json", ".svg"):
            text = file.read_text(encoding="utf-8")
            assert str(report.reports.parent) not in text, file
            assert str(DEFAULT) not in text, file
            assert "SYNTHETIC" not in text, file
    record = json.loads((report.reports / "build.json").read_text())
    assert "findings.csv" in str(record)


@pytest.fixture(scope="module")
def rehearsal(tmp_path_factory: pytest.TempPathFactory) -> Study:
    study = load_study(DEFAULT, output=tmp_path_factory.mktemp("rehearsal"), rehearse=True)
    asked = study.pages_named(["prevention", "methods"])
    result = build(study, asked, {}, options=Options(jobs=2))
    assert [one.error for one in result.outcomes if not one.is_ok] == []
    return study


def test_a_rehearsal_cannot_be_taken_for_the_report(rehearsal: Study) -> None:
    assert rehearsal.reports.name == "rehearsal"
    shown = [
        file
        for file in rehearsal.reports.rglob("*")
        if file.suffix in (".html", ".ipynb", ".csv", ".svg", ".png")
    ]
    assert len(shown) > 10
    assert all("SYNTHETIC" in file.name for file in shown)
    for file in rehearsal.reports.glob("*.html"):
        page = Page(file)
        assert page.headings
        assert all("SYNTHETIC" in heading for heading in page.headings), page.headings
        text = file.read_text(encoding="utf-8")
        assert "every answer behind this page is invented" in text
        assert "body::after" in text
        assert 'class="evidence published"' not in text or "index" in file.name
        assert not re.search(r'href="(?!SYNTHETIC_)\w+\.html', text)


def test_every_row_of_a_rehearsed_table_says_what_it_is(rehearsal: Study) -> None:
    for file in rehearsal.reports.glob("tables/*/*.csv"):
        with file.open(encoding="utf-8", newline="") as stream:
            for row in csv.reader(stream):
                assert "SYNTHETIC" in row, file
    page = Page(rehearsal.reports / "SYNTHETIC_01_prevention.html")
    assert len(page.rows) > 10
    unmarked = [row for row in page.rows if "SYNTHETIC" not in row]
    # The table of what the run was given holds no result.
    names = ("Parameter", "study", "cycle", "baseline", "respondents", "denominator", "level")
    assert len(unmarked) == len(names)
    assert all(row.startswith(names) for row in unmarked)


def test_what_is_invented_is_listed_and_the_round_trip_agrees(rehearsal: Study) -> None:
    tables = rehearsal.reports / "tables" / "SYNTHETIC_07_methods"
    invented = (tables / "SYNTHETIC_invented.csv").read_text(encoding="utf-8")
    assert "persistence" in invented
    trip = (tables / "SYNTHETIC_replication.csv").read_text(encoding="utf-8")
    assert "round trip agrees" in trip
    assert "round trip differs" not in trip
    assert "replicated" not in trip


def test_the_report_does_not_know_its_rehearsal(pages) -> None:
    assert not [link for page in pages.values() for link in page.links if "rehears" in link.lower()]
