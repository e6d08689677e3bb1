"""Lets through what belongs on a page: text, tables, pictures, formulas; nothing that acts.

Markup is taken apart and written anew from what is allowed, every text escaped and every element
closed, so that no piece can reach beyond its place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from enum import IntEnum
from html import escape, unescape
from html.parser import HTMLParser

from analysis.report.allowed import (
    ALIGNED,
    ALLOWED,
    ATTRIBUTES,
    DATA_IMAGE,
    HEADINGS,
    LEFT_OUT,
    LINKS,
    MATH_ATTRIBUTES,
    MATHS,
    OWN,
    TABLES,
    TOLD,
    VOID,
    visible,
)
from analysis.report.table_marks import Tables


class Trust(IntEnum):
    """How far the markup of a piece is trusted."""

    DATA = 0  # outputs of other libraries: cells of tables hold text alone
    AUTHOR = 1  # prose of a notebook: may give anchors
    LIBRARY = 2  # what the library writes: may use the style sheet; its tables give anchors


@dataclass
class Cleaned:
    """A piece of markup as it may stand on a page.

    Attributes
    ----------
    html : the markup.
    ids : the anchors in it, in order.
    heading : text of the last heading in it.
    without_alt : how many pictures in it have no alt text.
    without_caption : how many tables in it have no caption.
    """

    html: str = ""
    ids: list[str] = field(default_factory=list)
    heading: str = ""
    without_alt: int = 0
    without_caption: int = 0


def sanitised(
    html: str,
    trust: Trust,
    *,
    caption: str = "",
    taken: Collection[str] = (),
    embed: Callable[[str], str] = lambda _: "",
) -> Cleaned:
    """Return a piece of markup without what acts, calls out, or hides.

    Parameters
    ----------
    html : the markup.
    trust : who wrote it.
    caption : for tables without one that stand under no heading of the piece.
    taken : ids that authors cannot give any more.
    embed : returns the data address of a picture beside the notebook; the empty text if none.

    >>> sanitised("<p onclick='x()'>a<script>b</script> <b>c", Trust.AUTHOR).html
    '<p>a[script left out] <b>c</b></p>'
    """
    cleaner = _Cleaner(trust, caption, taken, embed)
    cleaner.feed(html)
    cleaner.finish()
    cleaner.cleaned.html = visible("".join(cleaner.written))
    return cleaner.cleaned


class _Cleaner(HTMLParser):
    def __init__(
        self, trust: Trust, caption: str, taken: Collection[str], embed: Callable[[str], str]
    ) -> None:
        super().__init__(convert_charrefs=True)
        self.trust, self.taken, self.embed = trust, taken, embed
        self.written: list[str] = []
        self.cleaned = Cleaned()
        self._open: list[str] = []
        self._tables = Tables(self.written, caption, is_framed=trust is not Trust.LIBRARY)
        self._heading = 0
        self._folds: list[int] = []
        self._skipped: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._skipped or tag in LEFT_OUT:
            self._skip(tag)
        elif tag in ALLOWED and not self._is_out_of_place(tag):
            given = {name: visible(value or "") for name, value in attrs}
            self._begin(tag, given)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._skipped:
            if tag in self._skipped:
                while self._skipped.pop() != tag:
                    pass
        elif tag in self._open:
            while True:
                closed = self._open.pop()
                self._end(closed)
                if closed == tag:
                    break

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self.written.append(escape(data, quote=False))

    def finish(self) -> None:
        """Close what is open."""
        self.close()
        self._skipped.clear()
        while self._open:
            self._end(self._open.pop())

    def _skip(self, tag: str) -> None:
        if not self._skipped and tag in TOLD:
            self.written.append(f"[{tag} left out]")
        if tag != "embed" and tag not in VOID:
            self._skipped.append(tag)

    def _is_out_of_place(self, tag: str) -> bool:
        """Whether a tag goes and what it holds stays."""
        if tag in HEADINGS and HEADINGS & set(self._open):
            return True
        is_in_cell = bool({"td", "th"} & set(self._open))
        return is_in_cell and self.trust is Trust.DATA and tag not in TABLES | {"br"}

    def _begin(self, tag: str, given: dict[str, str]) -> None:
        if tag == "img":
            self._picture(given)
            return
        if "p" in self._open[-1:] and tag in ("p", "div", "table", "ul", "ol", "pre", *HEADINGS):
            self._end(self._open.pop())
        attributes = dict(self._attributes(tag, given))
        if tag == "a" and not attributes:
            return
        if tag in HEADINGS:
            self._heading = len(self.written)
        elif tag == "details":
            self._folds.append(len(self.written))
        self._tables.begin(tag, attributes)
        written = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
        self.written.append(f"<{tag}{written}>")
        if tag not in VOID:
            self._open.append(tag)

    def _end(self, tag: str) -> None:
        self.written.append(f"</{tag}>")
        if tag in HEADINGS:
            inside = re.sub(r"<[^>]*>", "", "".join(self.written[self._heading :]))
            self.cleaned.heading = self._tables.caption = unescape(inside).strip()
        elif tag == "details":
            self._name_fold(self._folds.pop())
        self.cleaned.without_caption += self._tables.end(tag)

    def _name_fold(self, start: int) -> None:
        """Give a fold without a name one, so that who opens it by keyboard sees where they are."""
        if not "".join(self.written[start + 1 :]).lstrip().startswith("<summary>"):
            self.written.insert(start + 1, "<summary>Details</summary>")

    def _attributes(self, tag: str, given: dict[str, str]) -> list[tuple[str, str]]:
        allowed = set(ATTRIBUTES.get(tag, ())) | (MATH_ATTRIBUTES if tag in MATHS else set())
        if self.trust is Trust.LIBRARY:
            allowed |= OWN | ({"id"} if tag in TABLES else set())
        kept = [(name, value) for name, value in given.items() if name in allowed]
        if self.trust is Trust.AUTHOR:
            kept += self._of_author(given)
        elif aligned := ALIGNED.search(given.get("style", "")):
            kept.append(("class", aligned[1]))
        kept = [
            (name, value.strip())
            for name, value in kept
            if name != "href" or LINKS.match(value.strip())
        ]
        self.cleaned.ids += [value for name, value in kept if name == "id"]
        return kept

    def _of_author(self, given: dict[str, str]) -> list[tuple[str, str]]:
        """Anchors, alignment and the classes of highlighted code."""
        kept = []
        anchor = given.get("id", "").strip()
        if re.fullmatch(r"[\w.-]+", anchor) and anchor not in (*self.cleaned.ids, *self.taken):
            kept.append(("id", anchor))
        if "aria-label" in given:
            kept.append(("aria-label", given["aria-label"]))
        aligned = ALIGNED.search(given.get("style", ""))
        if aligned:
            kept.append(("class", aligned[1]))
        elif re.fullmatch(r"highlight|footnote\w*|\w{1,2}", given.get("class", "")):
            kept.append(("class", given["class"]))
        return kept

    def _picture(self, given: dict[str, str]) -> None:
        source = re.sub(r"\s", "", given.get("src", ""))
        alt = " ".join(given.get("alt", "").split())
        if not DATA_IMAGE.match(source):
            source = self.embed(given.get("src", "").strip())
        if not source:
            self.written.append(escape(f"[picture left out{': ' if alt else ''}{alt}]"))
            return
        if not alt:
            self.cleaned.without_alt += 1
            alt = "Picture without description"
        size = "".join(
            f' {name}="{given[name]}"'
            for name in ("width", "height")
            if re.fullmatch(r"\d{1,4}", given.get(name, ""))
        )
        self.written.append(f'<img alt="{escape(alt)}" src="{escape(source)}"{size}>')
