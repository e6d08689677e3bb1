"""The report on paper, and as PDF files."""

from __future__ import annotations

import base64
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import Browser, running_browser
from built import built_report
from nbformat import NotebookNode
from nbformat.v4 import new_output
from test_report_page import FRAME, export, figure, notebook, table
from toys import is_running, on_linux, pid_in, tree, wait_for

from analysis.problems import InputError
from analysis.report import pdf
from analysis.report.pdf import find_browser, for_print, pdf_of, print_report, settled

MILLIMETRE = 96 / 25.4
PAPERS = {"A4": 210, "Letter": 215.9}
HEIGHTS = {"A4": 297, "Letter": 279.4}
MARGINS, UP_AND_DOWN = 2 * 16, 17 + 18

TOO_WIDE = """(() => [...document.querySelectorAll('main *')]
  .filter(one => one.checkVisibility() && (
    one.getBoundingClientRect().right > innerWidth + 1 ||
    (one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX !== 'visible')))
  .map(one => `${one.localName}.${one.className} ${one.textContent.slice(0, 40)}`))()"""
LOOK = """(css, name) => [...new Set([...document.querySelectorAll(css)]
  .map(one => getComputedStyle(one)[name]))]"""
PRINTED = """(css) => [...document.querySelectorAll(css)].map(one =>
  one.getBoundingClientRect().height > 0 && one.checkVisibility({contentVisibilityAuto: true}))"""


def look(browser: Browser, css: str, name: str) -> Any:
    return browser.ask(f"({LOOK})({css!r}, {name!r})")


def are_printed(browser: Browser, css: str) -> Any:
    return browser.ask(f"({PRINTED})({css!r})")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as one:
        yield one


def of_another(names: list[str]) -> NotebookNode:
    """A table of another library with long names, and a word that no paper is wide enough for."""
    head = "".join(f"<th>{name}" for name in names)
    html = f"<table><thead><tr>{head}<tbody><tr><td>{'W' * 400}{'<td>1' * 11}</table>"
    return new_output("display_data", data={"text/html": html}, metadata={"caption": "Shown"})


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "two.html"
    prose = "## Laws\n\n[Out](https://example.org) and [on](#Ia-03)."
    file.write_text(export(notebook(figure(), table(), prose=prose), frame=FRAME))
    return file


@pytest.mark.browser
def test_nothing_is_cut_off_on_paper_with_folds_closed_or_open(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for file in sorted(built_report(tmp_path_factory).glob("*.html")):
        browser.open(file)
        browser.prefer("light", media="print")
        for is_open in ("false", "true"):
            browser.ask(f"document.querySelectorAll('details').forEach(d => d.open = {is_open})")
            for paper, width in PAPERS.items():
                browser.resize(int((width - MARGINS) * MILLIMETRE))
                assert browser.ask(TOO_WIDE) == [], (file.name, paper, is_open)


@pytest.mark.browser
def test_a_table_of_many_long_names_fits_the_paper(browser: Browser, tmp_path: Path) -> None:
    names = [f"satisfaction_with_accommodation_{number}" for number in range(12)]
    both = figure(), of_another(names)
    both[0]["data"]["text/csv"] = "\n".join([",".join(names), *([",".join("1" * 12)] * 12)])
    file = tmp_path / "two.html"
    file.write_text(export(notebook(*both), frame=FRAME))
    browser.open(file)
    browser.prefer("light", media="print")
    browser.ask("document.querySelectorAll('details').forEach(d => d.open = true)")
    browser.resize(int((PAPERS["A4"] - MARGINS) * MILLIMETRE))
    assert browser.ask(TOO_WIDE) == []


@pytest.mark.browser
def test_a_part_of_the_index_that_is_folded_leaves_no_heading_on_paper(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    browser.open(built_report(tmp_path_factory) / "index.html")
    browser.prefer("light", media="print")
    assert are_printed(browser, "#glossary") == [False]
    assert are_printed(browser, "#built, #cite") == [True, True]
    browser.ask("document.querySelector('#glossary + details').open = true")
    assert are_printed(browser, "#glossary, #glossary + details dl") == [True, True]


@pytest.mark.browser
def test_what_is_brief_fills_the_first_page_of_the_index_and_no_more(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    browser.open(built_report(tmp_path_factory) / "index.html")
    browser.prefer("light", media="print")
    assert look(browser, ".brief", "breakAfter") == ["page"]
    for paper, height in HEIGHTS.items():
        browser.resize(int((PAPERS[paper] - MARGINS) * MILLIMETRE))
        end = browser.ask("document.querySelector('.brief').getBoundingClientRect().bottom")
        assert end + browser.ask("scrollY") < (height - UP_AND_DOWN) * MILLIMETRE, paper


@pytest.mark.browser
def test_something_that_is_cut_off_would_be_found(browser: Browser, tmp_path: Path) -> None:
    cells = "".join(f"<td>{'x' * 12}</td>" for _ in range(20))
    file = tmp_path / "page.html"
    file.write_text(f"<main><table><tr>{cells}</tr></table></main>")
    browser.open(file)
    browser.resize(673)
    assert any("table" in one for one in browser.ask(TOO_WIDE))


@pytest.mark.browser
def test_figures_stay_whole_and_headings_stay_with_what_follows(
    browser: Browser, page: Path
) -> None:
    browser.open(page)
    browser.prefer("dark", media="print")
    assert look(browser, "figure, tr", "breakInside") == ["avoid"]
    assert look(browser, "h1, h2, caption, thead", "breakAfter") == ["avoid"]
    assert look(browser, "thead", "display") == ["table-header-group"]
    assert look(browser, "body", "backgroundColor") == ["rgb(255, 255, 255)"]
    assert look(browser, ".side, .pager, .skip", "display") == ["none"]
    after = "getComputedStyle(document.querySelector('main a[href^=http]'), '::after').content"
    assert browser.ask(after) == '" (https://example.org)"'


@pytest.mark.browser
def test_a_fold_is_printed_when_its_reader_has_opened_it(browser: Browser, page: Path) -> None:
    browser.open(page)
    browser.prefer("light", media="print")
    assert are_printed(browser, "details") == [False] * 3
    browser.ask("document.querySelector('details.numbers').open = true")
    assert are_printed(browser, "details.numbers :is(td, tbody th)") == [True, True]
    assert are_printed(browser, "details.code") == [False]


@pytest.mark.browser
def test_all_folds_are_printed_where_that_was_asked_for(
    browser: Browser, page: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.html"
    copy.write_text(for_print(page.read_text(), "A4", has_folds=True))
    browser.open(copy)
    browser.prefer("light", media="print")
    assert are_printed(browser, "details.numbers :is(td, tbody th)") == [True, True]
    assert set(are_printed(browser, "details.all-code pre")) == {True}
    assert are_printed(browser, "details.code") == [False]  # it stands in the list of all code


@pytest.mark.browser
def test_pages_are_printed_beside_their_html_all_or_none(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = print_report(tmp_path, ["two", "never_built"])
    assert made == [tmp_path / "two.pdf"]
    before = made[0].read_bytes()
    assert before.startswith(b"%PDF")
    (tmp_path / "three.html").write_text("<p>3</p></head>")
    program = tmp_path / "breaks"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("CHROMIUM", str(program))
    with pytest.raises(InputError, match="could not print"):
        print_report(tmp_path, ["two", "three"])
    assert made[0].read_bytes() == before
    assert not (tmp_path / "three.pdf").exists()
    assert not list(tmp_path.glob(".pdf-*"))


PRINTING = """
import sys
from pathlib import Path
from analysis.report.pdf import print_report
print_report(Path(sys.argv[1]), ["two"])
"""


@on_linux
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_printing_that_is_stopped_leaves_no_browser_and_no_litter(
    page: Path, tmp_path: Path, number: signal.Signals
) -> None:
    temporary, program, pid = tmp_path / "tmp", tmp_path / "hangs", tmp_path / "two.pid"
    temporary.mkdir()
    program.write_text(f"#!/bin/sh\necho begun > $TMPDIR/begun\necho $$ > {pid}\nsleep 99\n")
    program.chmod(0o755)
    before = tree(tmp_path)
    with subprocess.Popen(
        [sys.executable, "-c", PRINTING, str(tmp_path)],
        env={**os.environ, "TMPDIR": str(temporary), "CHROMIUM": str(program)},
        stderr=subprocess.DEVNULL,
    ) as process:
        own = pid_in(tmp_path, "two")
        process.send_signal(number)
    assert process.returncode != 0
    assert wait_for(lambda: not is_running(own), 10)
    assert wait_for(lambda: not [*temporary.iterdir(), *tmp_path.glob(".pdf-*")], 10)
    pid.unlink()
    assert tree(tmp_path) == before


@pytest.mark.browser
@pytest.mark.parametrize(
    ("paper", "size"), [("A4", b"594.9[0-9]* 841.[0-9]*"), ("Letter", b"612 792")]
)
def test_a_pdf_is_tagged_on_the_paper_asked_for_and_the_same_every_time(
    page: Path, tmp_path: Path, paper: str, size: bytes
) -> None:
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        copy = tmp_path / name / page.name
        copy.write_bytes(page.read_bytes())
        pdf_of(copy, copy.with_suffix(".pdf"), paper=paper)
        made.append(copy.with_suffix(".pdf").read_bytes())
    assert made[0] == made[1]
    assert re.search(rb"/MediaBox \[0 0 %s\]" % size, made[0])
    assert b"/StructTreeRoot" in made[0]
    assert b"/Marked true" in made[0]
    assert b"/Lang (en)" in made[0]
    assert b"/Alt (16 of 57)" in made[0] or b"16 of 57" in made[0]
    assert b"/Outlines" in made[0]
    assert not re.search(rb"file:|D:20(?!000101)|%s" % str(tmp_path).encode(), made[0])
    assert page.exists()


@pytest.mark.browser
def test_the_pages_of_a_pdf_are_numbered(browser: Browser, page: Path) -> None:
    def printed() -> bytes:
        return settled(base64.b64decode(browser.call("Page.printToPDF")["data"]))

    browser.open(page)
    rules = browser.ask("[...document.styleSheets[0].cssRules].map(one => one.cssText).join()")
    assert 'content: counter(page) " / " counter(pages)' in rules
    numbered = printed()
    assert printed() == numbered
    other = '@page { @bottom-right { content: "x" } }'
    browser.ask(
        f"document.styleSheets[0].insertRule({other!r}, document.styleSheets[0].cssRules.length)"
    )
    assert printed() != numbered


def test_without_a_browser_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf.shutil, "which", lambda name: None)
    monkeypatch.delenv("CHROMIUM", raising=False)
    with pytest.raises(InputError, match="need Chromium or Chrome, and none was found"):
        find_browser()
    monkeypatch.setenv("CHROMIUM", "/no/such/browser")
    with pytest.raises(InputError, match="CHROMIUM names no program"):
        find_browser()


def test_a_browser_that_prints_nothing_is_told_with_its_last_words(
    tmp_path: Path, page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "browser"
    program.write_text("#!/bin/sh\necho out of memory >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("CHROMIUM", str(program))
    with pytest.raises(InputError, match=r"two\.html.*could not print the page: out of memory"):
        pdf_of(page, tmp_path / "two.pdf")
    assert not (tmp_path / "two.pdf").exists()


def test_the_copy_that_is_printed_links_to_pdf_files_of_other_pages_only() -> None:
    html = (
        '<a href="one.html#x">a</a> <a href="#y">b</a> <a href="https://e.org/z.html">c</a></head>'
    )
    printed = for_print(html, "Letter")
    assert 'href="file:///one.pdf#x"' in printed
    assert 'href="#y"' in printed
    assert 'href="https://e.org/z.html"' in printed
    assert "size: Letter" in printed
    with pytest.raises(InputError, match="A4, Letter"):
        for_print(html, "A5")


def test_settling_a_pdf_moves_nothing() -> None:
    made = (
        b"/ModDate (D:20261124120000+01'00') (node00000410) (node00000407) /URI (file:///b.pdf#x)"
    )
    still = settled(made)
    assert len(still) == len(made)
    assert b"(node00000002) (node00000001)" in still
    assert still.rstrip().endswith(b"/URI (b.pdf#x)")
    assert settled(still) == still
