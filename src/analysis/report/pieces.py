"""The pieces of a page: prose and outputs, sanitised, under settled headings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from nbconvert.filters import strip_ansi

from analysis.report.cells import Cell
from analysis.report.content import Block
from analysis.report.exhibits import Exhibit, as_text
from analysis.report.markup import Anchors, Headings, plain
from analysis.report.outcome import PageError
from analysis.report.pictures import MIMES, acts, file_address, output_address, svg_address
from analysis.report.prose import Prose
from analysis.report.readable import readable
from analysis.report.sanitise import Cleaned, Trust, sanitised
from analysis.report.tables import csv_table, numbered

MARKUP = ("text/html", "text/markdown", "text/latex")
ASIDE = re.compile(r"<(/?)aside\b")

CAPTION = {
    Trust.DATA: "Give it one: table.style.set_caption('...').",
    Trust.AUTHOR: "Put a heading above it.",
    Trust.PACKAGE: "",
}
PICTURE = "Give it both: display(..., metadata={'image/png': {'alt': '...', 'caption': '...'}})."
"""What a person can do about what a page lacks."""


class Pieces:
    """Makes the pieces of one page in reading order.

    Attributes
    ----------
    is_strict : whether a picture without alt text or an output without caption stops the page; a
        table of prose has its heading for a caption.
    taken : the ids of the page so far.
    under : text of the last heading.
    """

    def __init__(self, taken: Iterable[str], folder: Path, *, is_strict: bool) -> None:
        anchors = Anchors(taken)
        self.headings = Headings(anchors)
        self.taken = anchors.taken
        self.prose = Prose(is_strict=is_strict)
        self.is_strict = is_strict
        self.under = ""
        self._folder = folder

    def text(self, cell: Cell) -> str:
        """Return a cell of prose; the first title of the page is taken out of it."""
        html = self.prose.render(cell.source, cell.place)
        cleaned = self._cleaned(html, Trust.AUTHOR, cell.place, attachments=cell.attachments)
        return self.headings.settle(cleaned.html, has_title=True).strip()

    def notes(self) -> list[str]:
        """Return the footnotes that the pieces so far refer to."""
        self.under = "Notes"
        notes = [
            self._cleaned(html, Trust.AUTHOR, f"footnote {number}").html
            for number, html in enumerate(self.prose.footnotes(), start=1)
        ]
        self.taken |= {f"note-{number + 1}" for number in range(len(notes))}
        return notes

    def output(self, output: Mapping[str, Any], cell: Cell) -> Iterator[Block]:
        """Yield what is shown of an output that the library did not make: a block or nothing."""
        data: Mapping[str, Any] = output.get("data", {})
        if output["output_type"] == "stream":
            text = strip_ansi(as_text(output["text"]))
            yield Block("log", text=text, label=cell.label, place=cell.place)
        elif output["output_type"] == "error":
            text = strip_ansi("\n".join(output.get("traceback", [])))
            yield Block("plain", text=text, place=cell.place)
        elif output_address(data)[1]:
            yield self._picture(output, cell)
        else:
            yield from self._markup(output, cell)

    def _markup(self, output: Mapping[str, Any], cell: Cell) -> Iterator[Block]:
        """Yield an output as markup, or as text where nothing is left of the markup."""
        data = output["data"]
        mime = next((one for one in MARKUP if one in data), "")
        html = as_text(data.get(mime, ""))
        if mime and mime != "text/html":
            html = self.prose.render(html, cell.place, is_output=True)
        caption = _said(output, mime, "caption")
        cleaned = self._cleaned(html, Trust.DATA, cell.place, caption=caption)
        has_something = re.search(r"<(img|math|table)\b", cleaned.html)
        if has_something or re.sub(r"\[\w+ left out\]|\s", "", plain(cleaned.html)):
            yield Block("html", self.headings.settle(cleaned.html), place=cell.place)
        elif text := strip_ansi(as_text(data.get("text/plain", ""))):
            yield Block("plain", text=text, place=cell.place)
        elif cleaned.html.strip():
            yield Block("html", cleaned.html, place=cell.place)
        elif set(MIMES) & set(data):
            yield Block("plain", text="[picture left out]", place=cell.place)
        elif data and not mime and "text/plain" not in data:
            yield Block("plain", text=f"[{next(iter(data))} left out]", place=cell.place)

    def _picture(self, output: Mapping[str, Any], cell: Cell) -> Block:
        mime, address = output_address(output["data"])
        alt, caption = (_said(output, mime, word) for word in ("alt", "caption"))
        if not alt:
            self._lacks(f"a picture without alt text. {PICTURE}", cell.place)
        if not caption:
            self._lacks(f"a picture without caption. {PICTURE}", cell.place)
        return Block(
            "picture",
            text=caption or self.under or cell.label,
            place=cell.place,
            picture=address,
            alt=alt or "Picture without description",
        )

    def _cleaned(
        self,
        html: str,
        trust: Trust,
        place: str,
        *,
        caption: str = "",
        attachments: Mapping[str, Any] | None = None,
    ) -> Cleaned:
        """Sanitise a piece and note what it lacks."""
        has_heading = trust is Trust.AUTHOR or not self.is_strict
        fallback = (self.under if has_heading else "") or ("" if self.is_strict else place)
        embed = partial(file_address, folder=self._folder, attachments=attachments or {})
        cleaned = sanitised(html, trust, caption=caption or fallback, taken=self.taken, embed=embed)
        if cleaned.without_alt:
            self._lacks("a picture without alt text", place)
        if cleaned.without_caption:
            self._lacks(f"a table without caption. {CAPTION[trust]}", place)
        self.taken.update(cleaned.ids)
        self.under = cleaned.heading or self.under
        return cleaned

    def _lacks(self, what: str, place: str) -> None:
        if self.is_strict:
            raise PageError("ExhibitError", f"{place} shows {what.removesuffix('.')}.")


def own_markup(output: Mapping[str, Any]) -> str:
    """Return a statement or notice of the library."""
    html = sanitised(as_text(output["data"]["text/html"]), Trust.PACKAGE).html
    return ASIDE.sub(r"<\1div", html)  # within the main text an aside is no landmark


def exhibit_block(one: Exhibit, place: str) -> Block:
    """Return a figure with the table of its data, or a table.

    Raises
    ------
    PageError
        When a table has no caption in its markup, or a figure does more than show.
    """
    block = Block(one.kind, anchor=one.anchor, place=place, exhibit=one)
    if one.kind == "figure":
        if acts(one.data["image/svg+xml"].encode()):
            text = f"figure {one.name!r} does more than show: a script, or an address elsewhere."
            raise PageError("ExhibitError", text, cell=one.cell)
        block.picture = svg_address(one.data["image/svg+xml"])
        block.html = csv_table(one.data["text/csv"], f"Data of {one.label.lower()}")
        return block
    html = sanitised(one.data["text/html"], Trust.PACKAGE).html
    block.html = readable(numbered(html, one.label))
    if not block.html:
        text = f"table {one.name!r} has no <caption>."
        raise PageError("ExhibitError", text, cell=one.cell)
    return block


def _said(output: Mapping[str, Any], mime: str, word: str) -> str:
    """Return what an output says about itself, for one of its kinds or for all."""
    about = output.get("metadata", {})
    own = about.get(mime, {})
    told = (own.get(word) if isinstance(own, Mapping) else None) or about.get(word) or ""
    return " ".join(str(told).split())
