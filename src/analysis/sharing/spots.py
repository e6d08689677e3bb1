"""Every text of a report that can be read, with where it stands."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import unquote_to_bytes

from analysis.problems import Problem
from analysis.sharing.opening import Report

INLINE = frozenset(
    "a abbr b bdi br cite code em i ins kbd mark q s samp small span strong sub sup time u var wbr"
    " mi mn mo ms mtext mrow math".split()
)
READ_ALOUD = ("alt", "aria-label", "title", "href", "content", "datetime", "id")
UNREAD = frozenset(("style", "script"))
SVG = re.compile(r"data:image/svg\+xml(?:;[\w=-]+)*?(?P<coded>;base64)?,(?P<content>.*)", re.DOTALL)


@dataclass(frozen=True)
class Spot:
    """A text and its place.

    Attributes
    ----------
    file : name in the report.
    text : what stands there.
    row, column : in a table; the first row is the header.
    element : id of the nearest element that has one, on a page.
    """

    file: str
    text: str
    row: int | None = None
    column: str = ""
    element: str = ""

    def problem(self, message: str, value: object = None) -> Problem:
        """Return a problem with this text."""
        place = f"near #{self.element}: " if self.element else ""
        return Problem(
            f"{place}{message}", file=self.file, row=self.row, column=self.column, value=value
        )


def spots_of(report: Report) -> list[Spot]:
    """Return every text of a report: its cells, pages, pictures that hold text, and its record."""
    found = []
    for file, content in report.files.items():
        text = content.decode("utf-8", errors="replace")
        if file in report.tables:
            found += cells_of(file, report.tables[file])
        elif file.endswith(".html"):
            found += list(_of_page(file, text))
        else:
            found += [Spot(file, line, row) for row, line in enumerate(text.splitlines(), 1)]
    return found


def cells_of(file: str, rows: list[list[str]]) -> list[Spot]:
    """Return every cell of a table, its headings among them."""
    header = rows[0] if rows else []
    return [
        Spot(file, cell, number, header[place] if place < len(header) else "")
        for number, row in enumerate(rows, start=1)
        for place, cell in enumerate(row)
        if cell
    ]


def _of_page(file: str, html: str) -> Iterator[Spot]:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end_block()
    for element, text in reader.found:
        yield Spot(file, text, element=element)


class _Reader(HTMLParser):
    """Reads the blocks of a page, each with the id of the element it is in or behind."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._element = ""
        self._pieces: list[str] = []
        self._unread = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in INLINE:
            self.end_block()
        self._element = given.get("id", self._element)
        self._unread = tag if tag in UNREAD else self._unread
        texts = [given[name] for name in READ_ALOUD if given.get(name)]
        for text in [*texts, _text_of(given.get("src", ""))]:
            if text:
                self.found.append((self._element, text))

    def handle_endtag(self, tag: str) -> None:
        if tag not in INLINE:
            self.end_block()
        self._unread = "" if tag == self._unread else self._unread

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self._pieces.append(data)

    def handle_comment(self, data: str) -> None:
        self.found.append((self._element, data))

    def end_block(self) -> None:
        text = " ".join("".join(self._pieces).split())
        self._pieces = []
        if text:
            self.found.append((self._element, text))


def _text_of(source: str) -> str:
    """The words of a picture that is made of text; empty for any other."""
    found = SVG.fullmatch(source)
    if not found:
        return ""
    content = unquote_to_bytes(found["content"])
    if found["coded"]:
        try:
            content = base64.b64decode(content, validate=False)
        except binascii.Error:
            return ""
    drawn = content.decode("utf-8", errors="replace")
    return " ".join(re.sub(r"<[^>]*>", " ", drawn).split())
