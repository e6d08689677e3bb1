"""Captions, scopes and frames for the tables of others, while their markup is written anew."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape, unescape

MOST_COLUMNS = 8
"""What fits a page in the usual type; a wider table is set smaller or turned on its side."""


@dataclass
class _Table:
    """A table that is being read: where it, its caption and its last header start; its size."""

    start: int
    caption: int = 0
    header: int = -1
    rows: int = 0
    columns: int = 0
    is_in_head: bool = False


class Tables:
    """Follows the tables in a piece of markup.

    Attributes
    ----------
    caption : for a table without one.
    """

    def __init__(self, written: list[str], caption: str, *, is_framed: bool) -> None:
        self.caption = caption
        self._written = written
        self._is_framed = is_framed
        self._open: list[_Table] = []

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        """Note a tag that is about to be written; give a header its scope."""
        if tag == "table":
            self._open.append(_Table(len(self._written)))
        if not self._open:
            return
        table = self._open[-1]
        if tag == "caption":
            table.caption = len(self._written)
        elif tag == "tr":
            table.rows += 1
        elif tag == "thead":
            table.is_in_head = True
        elif tag in ("td", "th") and table.rows == 1:
            table.columns += 1
        if tag == "th":
            table.header = len(self._written)
            if attributes.get("scope") not in ("col", "row", "colgroup", "rowgroup"):
                attributes["scope"] = "col" if table.is_in_head else "row"

    def end(self, tag: str) -> bool:
        """Note an end tag that has been written.

        Returns
        -------
        Whether it is the end of a table that has no caption and gets none.
        """
        if not self._open:
            return False
        table = self._open[-1]
        if tag == "thead":
            table.is_in_head = False
        elif tag == "th" and not "".join(self._written[table.header + 1 : -1]).strip():
            self._written[table.header], self._written[-1] = "<td>", "</td>"
        elif tag == "table":
            self._open.pop()
            lacks = not (table.caption or self.caption)
            if not (table.caption or lacks):
                self._give_caption(table)
            if not self._open and self._is_framed:
                self._give_frame(table)
            return lacks
        return False

    def _give_caption(self, table: _Table) -> None:
        table.caption = table.start + 1
        caption = ["<caption>", escape(self.caption), "</caption>"]
        self._written[table.caption : table.caption] = caption

    def _give_frame(self, table: _Table) -> None:
        """Let a table scroll by itself where it is wider than the page."""
        if table.columns > MOST_COLUMNS:
            self._written[table.start] = '<table class="wide">'
        caption = "".join(self._written[table.caption :]).partition("</caption>")[0]
        label = escape(unescape(re.sub(r"<[^>]*>", "", caption)).strip() or "Table")
        frame = f'<div class="scroll" tabindex="0" role="group" aria-label="{label}">'
        self._written.insert(table.start, frame)
        self._written.append("</div>")
