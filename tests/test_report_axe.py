"""The report in a browser: no barrier, no request, nothing beside the screen, nothing that acts.

`AXE_CORE=path/to/axe.min.js` looks for barriers with another release of axe-core.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from browser import Browser, running_browser
from built import built_report
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from test_report_hostile import ATTACKS

from analysis.report.export import ReportExporter
from analysis.report.frame import Frame, Link

pytestmark = pytest.mark.browser

UNFOLD = "document.querySelectorAll('details').forEach(fold => { fold.open = true })"
AXE = """axe.run(document, OPTIONS).then(found => found.violations.map(one =>
    `${one.id}: ${one.help}\\n${one.nodes.map(node => node.html.slice(0, 200)).join('\\n')}`))"""
LIGHT = AXE.replace("OPTIONS", "{resultTypes: ['violations']}")
DARK = AXE.replace("OPTIONS", "{runOnly: ['color-contrast', 'link-in-text-block']}")
"""Only colours differ in the dark."""

STRUCTURE = """(() => {
  const all = (css) => [...document.querySelectorAll(css)];
  return {
    language: document.documentElement.lang,
    title: document.title,
    h1: all('h1').length,
    levels: all('h1, h2, h3, h4, h5, h6').map(one => +one.localName[1]),
    landmarks: [all('body > header').length, all('main').length, all('body > footer').length],
    navigation: all('nav').map(one => one.ariaLabel),
    without_alt: all('img').filter(one => !one.alt.trim()).map(one => one.src.slice(0, 40)),
    broken: all('img').filter(one => !one.naturalWidth).map(one => one.alt),
    without_caption: all('table').filter(one => !one.caption?.textContent.trim()).length,
    without_scope: all('table th').filter(one => !one.scope).map(one => one.textContent),
    without_header: all('table').filter(one => !one.querySelector('th')).length,
    small: all('nav a, summary, .pager a').filter(
      one => one.checkVisibility() && one.getBoundingClientRect().height < 24
    ).map(one => one.textContent),
  };
})()"""
TOO_WIDE = """(() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll('body *')]
    .filter(one => one.getBoundingClientRect().right > width + 1 && !one.closest('.scroll *'))
    .map(one => `${one.localName}.${one.className} ${one.textContent.slice(0, 50)}`);
})()"""
FOCUSED = """(() => {
  const one = document.activeElement;
  const look = getComputedStyle(one), box = one.getBoundingClientRect();
  return {
    name: `${one.localName}.${one.className}`,
    is_outlined: look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 2,
    is_on_screen: box.right > 0 && box.bottom > 0 && box.width > 0,
  };
})()"""


def axe_core() -> str:
    chosen = os.environ.get("AXE_CORE")
    file = Path(chosen) if chosen else Path(str(files("axe_core_python"))) / "axe.min.js"
    return file.read_text(encoding="utf-8")


def everything() -> str:
    """A page with attacks beside all that a page can show, in the dress of a rehearsal."""
    pixel = base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )
    picture = base64.b64encode(pixel).decode()
    prose = "\n\n".join(
        [
            "# A page of everything\n\nDoes it hold?",
            "## Prose",
            "A formula $x_1$[^1], `code`, [a link](https://example.org), **strong**, US$ 5.",
            "$$\\frac{a}{b}$$",
            "| word | n |\n|---|--:|\n| cycle | 1 |",
            "- [x] done\n- [ ] to do",
            "> A quotation",
            "term\n: meaning",
            "```python\nprint('" + "long " * 60 + "')\n```",
            f"![a dot](data:image/png;base64,{picture})",
            "#### A heading that skips two levels",
            "[^1]: A note.",
        ]
    )
    header = "".join(f"<th>column {number}</th>" for number in range(12))
    cells = "".join(f"<td>value {number}</td>" for number in range(12))
    outputs: list[dict[str, Any]] = [
        {"text/html": f"<table><thead><tr>{header}</tr></thead><tr>{cells}</tr></table>"},
        {"text/plain": "word " * 200 + "x" * 500},
        *({"text/html": attack, "text/plain": attack} for attack in ATTACKS),
    ]
    outputs.append({"image/png": picture})
    said = {"alt": "A dot", "caption": "Shown"}
    shown = [
        *(new_output("display_data", data=data, metadata=said) for data in outputs),
        new_output("stream", name="stdout", text="printed " * 50),
    ]
    notebook = new_notebook(
        cells=[
            new_markdown_cell(prose),
            new_markdown_cell("## Attacks\n\n" + "\n\n".join(ATTACKS)),
            new_code_cell("x = 1  # " + "long " * 60, outputs=shown),
        ]
    )
    frame = Frame(
        report="A survey",
        index="index.html",
        disclaimer="Independent analysis.",
        version="1",
        stamp="SYNTHETIC",
        pages=(Link("One", "one.html"), Link("Two", "two.html"), Link("Three", "three.html")),
        current=1,
    )
    html, _ = ReportExporter().from_notebook_node(notebook, {"frame": frame})
    return str(html)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    made = tmp_path_factory.mktemp("page") / "everything.html"
    made.write_text(everything(), encoding="utf-8")
    return [made, *sorted(built_report(tmp_path_factory).glob("*.html"))]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as one:
        yield one


def test_axe_finds_no_barrier_in_light_or_dark_with_all_folds_open(
    browser: Browser, pages: list[Path]
) -> None:
    axe = axe_core()
    for page in pages:
        for scheme, look in (("light", LIGHT), ("dark", DARK)):
            browser.open(page, scheme=scheme)
            browser.ask(UNFOLD)
            browser.ask(f"{axe}; 0")
            assert browser.ask(look) == [], (page.name, scheme)


def test_axe_would_find_a_barrier(browser: Browser, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<title>x</title><img src='data:,'><p style='color:#999'>faint")
    browser.open(page)
    browser.ask(f"{axe_core()}; 0")
    found = "\n".join(browser.ask(LIGHT))
    for rule in ("html-has-lang", "image-alt", "color-contrast"):
        assert rule in found


def test_a_page_asks_for_nothing_runs_nothing_and_complains_of_nothing(
    browser: Browser, pages: list[Path]
) -> None:
    for page in pages:
        browser.open(page)
        browser.ask(UNFOLD)
        asked = [one["request"]["url"] for one in browser.told("Network.requestWillBeSent")]
        assert [url for url in asked if not url.startswith("data:image/")] == [page.as_uri()]
        kinds = ("Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown")
        assert browser.told(*kinds) == []
        assert browser.told("Page.javascriptDialogOpening") == []
        assert browser.ask("document.scripts.length") == 0
        assert browser.ask("document.querySelectorAll('main, body > footer').length") == 2


def test_every_page_has_language_title_landmarks_headings_and_words_for_all_it_shows(
    browser: Browser, pages: list[Path]
) -> None:
    titles = set()
    for page in pages:
        browser.open(page)
        browser.ask(UNFOLD)
        found = browser.ask(STRUCTURE)
        levels = found.pop("levels")
        assert all(later <= one + 1 for one, later in pairwise(levels))
        navigation = found.pop("navigation")
        assert len(set(navigation)) == len(navigation)
        titles.add(found.pop("title"))
        assert found == {
            "language": "en",
            "h1": 1,
            "landmarks": [1, 1, 1],
            "without_alt": [],
            "broken": [],
            "without_caption": 0,
            "without_scope": [],
            "without_header": found["without_header"] if "everything" in page.name else 0,
            "small": [],
        }, page.name
    assert len(titles) == len(pages)


@pytest.mark.parametrize("width", [320, 375, 600])
def test_nothing_is_wider_than_a_phone_or_a_screen_at_twice_the_size(
    browser: Browser, pages: list[Path], width: int
) -> None:
    for page in pages:
        browser.open(page, width=width)
        browser.ask(UNFOLD)
        assert browser.ask(TOO_WIDE) == [], page.name


def test_the_keyboard_reaches_links_and_folds_and_shows_where_it_is(
    browser: Browser, pages: list[Path]
) -> None:
    for page in pages[:3]:
        browser.open(page)
        seen = []
        for _ in range(40):
            browser.press("Tab", 9)
            focused = browser.ask(FOCUSED)
            if focused["name"].startswith("body"):  # the end of the page
                break
            assert focused["is_outlined"], focused
            assert focused["is_on_screen"], focused
            seen.append(focused["name"])
        assert seen[0] == "a.skip"
        assert len(seen) > 15
        browser.ask("document.querySelector('summary').focus()")
        browser.press("Enter", 13, "\r")
        assert browser.ask("document.querySelector('details').open")


def test_a_page_of_a_section_is_small_and_its_template_smaller(pages: list[Path]) -> None:
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert len(text.encode()) <= 300_000, page.name
        assert len(text[: text.index("<main")].encode()) < 40_000, page.name
