"""The documentation: its examples run, its links lead somewhere, and no page needs a network."""

from __future__ import annotations

import doctest
import re
import subprocess
import sys
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest
from browser import running_browser
from extra import needs
from studies import ROOT

DOCS = ROOT / "docs"
OUTSIDE = {"https://github.com/pradyunsg/furo"}
"""The only address that a page links to: the maker of the theme."""


class Page(HTMLParser):
    """What a page links to, loads and can be linked at."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.ids: set[str] = set()
        self.without_alt = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids |= {str(given["id"])} if given.get("id") else set()
        if tag == "a" and given.get("href"):
            self.links.append(str(given["href"]))
        if tag in ("script", "img", "iframe", "source") and given.get("src"):
            self.loads.append(str(given["src"]))
        if tag == "link" and given.get("href") not in (None, "", "#"):
            self.loads.append(str(given["href"]))
        if tag == "img" and not given.get("alt"):
            self.without_alt += 1


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built so that any warning is an error."""
    needs("sphinx", "furo", "myst_parser")
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "--quiet", "--fail-on-warning", "--keep-going"]
    result = subprocess.run(
        [*command, "-d", str(folder / "read"), str(DOCS), str(folder / "html")],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert result.returncode == 0, result.stderr
    return folder / "html"


@pytest.fixture(scope="module")
def pages(site: Path) -> Mapping[Path, Page]:
    return {path: Page(path.read_text(encoding="utf-8")) for path in site.rglob("*.html")}


def test_every_link_leads_to_a_page_and_a_place_on_it(pages: Mapping[Path, Page]) -> None:
    broken = []
    for path, page in pages.items():
        for link in page.links:
            address, place = urldefrag(link)
            if "://" in address:
                if address not in OUTSIDE:
                    broken.append((path.name, link))
                continue
            target = (path.parent / unquote(address)).resolve() if address else path
            ids = pages[target].ids if target in pages else {unquote(place)}
            if not target.exists() or (place and unquote(place) not in ids):
                broken.append((path.name, link))
    assert broken == []
    assert len(pages) > 25


def test_no_page_loads_anything_from_elsewhere(site: Path, pages: Mapping[Path, Page]) -> None:
    for path, page in pages.items():
        assert [one for one in page.loads if "//" in one and not one.startswith("data:")] == []
        for one in page.loads:
            file = (path.parent / one.partition("?")[0]).resolve()
            assert one.startswith("data:") or file.exists(), (path.name, one)
    for style in site.rglob("*.css"):
        text = style.read_text(encoding="utf-8")
        assert re.findall(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//", text) == [], style


def test_every_picture_says_what_it_shows(pages: Mapping[Path, Page]) -> None:
    assert sum(page.without_alt for page in pages.values()) == 0


def test_pages_name_every_command_table_and_term(site: Path) -> None:
    from analysis.cli import main
    from analysis.study.glossary import glossary

    made = site / "made"
    commands = (made / "commands.html").read_text(encoding="utf-8")
    assert all(f'id="analysis-{name}"' in commands for name in main.commands)
    words = (made / "glossary.html").read_text(encoding="utf-8")
    assert all(f"<dt>{term.word}</dt>" in words for term in glossary())
    library = (made / "library.html").read_text(encoding="utf-8")
    for name in ("analysis.load_study", "analysis.comparisons.comparisons"):
        assert f'id="{name}"' in library
    methods = (made / "methods.html").read_text(encoding="utf-8")
    assert "The design of a comparison follows from the respondent ids" in methods


@pytest.mark.browser
def test_no_page_asks_a_network_or_is_wider_than_a_phone(pages: Mapping[Path, Page]) -> None:
    with running_browser() as browser:
        for path in pages:
            browser.open(path, width=375)
            asked = {one["request"]["url"] for one in browser.told("Network.requestWillBeSent")}
            assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
            assert browser.ask("document.documentElement.scrollWidth") <= 375, path.name
            assert [one["entry"] for one in browser.told("Log.entryAdded")] == []


@pytest.mark.parametrize("page", sorted((DOCS / "statistics").glob("*.md")), ids=lambda p: p.stem)
def test_examples_in_the_text_give_what_they_show(page: Path) -> None:
    text = re.sub(r"^```.*$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    examples = doctest.DocTestParser().get_doctest(text, {}, page.stem, str(page), 0)
    result = doctest.DocTestRunner().run(examples)
    assert result.failed == 0
    assert result.attempted or page.stem == "index"
