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
    LONG,
    MATH_ATTRIBUTES,
    MATHS,
    TABLES,
    TOLD,
    VOID,
    visible,
)
from analysis.report.nesting import LISTS, ROWS, Definitions, ended_by, is_out_of_place
from analysis.report.pictures import is_still
from analysis.report.table_marks import Tables
from analysis.report.values import is_fit, own_classes


class Trust(IntEnum):
    """How far the markup of a piece is trusted."""

    DATA = 0  # outputs of other libraries: cells of tables hold text alone
    AUTHOR = 1  # prose of a notebook: may give anchors
    PACKAGE = 2  # what the package itself writes: may use the style sheet; its tables give anchors


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
        self._tables = Tables(self.written, caption, is_framed=trust is not Trust.PACKAGE)
        self._definitions = Definitions(self.written)
        self._heading = 0
        self._named: list[int] = []
        self._folds: list[int] = []
        self._skipped: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._skipped or tag in LEFT_OUT:
            self._skip(tag)
        elif tag in ALLOWED and not self._is_text_only(tag):
            self._close_inner(ended_by(tag, self._open))
            self._have_entry(tag)
            if not is_out_of_place(tag, self._open):
                self._begin(tag, {name: visible(value or "") for name, value in attrs})

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
            self._close_inner(self._open[::-1].index(tag) + 1)

    def handle_data(self, data: str) -> None:
        if self._skipped or (self._open and self._open[-1] in ROWS):
            return
        if data.strip():
            self._have_entry("")
        is_in_cell = {"td", "th"} & set(self._open) and self._open[-1] not in MATHS
        for place, part in enumerate(LONG.split(data) if is_in_cell else [data]):
            self.written.append(escape(part, quote=False) + "<wbr>" * (place % 2))

    def finish(self) -> None:
        """Close what is open."""
        self.close()
        self._skipped.clear()
        self._close_inner(len(self._open))

    def _close_inner(self, count: int) -> None:
        for _ in range(count):
            self._end(self._open.pop())

    def _have_entry(self, tag: str) -> None:
        """Begin an entry of a list or row that lacks one around what comes next."""
        parent = self._open[-1] if self._open else ""
        if parent in LISTS and tag != "li":
            self._begin("li", {})
        elif parent == "dl" and not tag:
            self._definitions.begin(tag, parent)
        elif parent == "tr" and tag not in ("td", "th"):
            self._begin("td", {})

    def _skip(self, tag: str) -> None:
        if not self._skipped and tag in TOLD:
            self.written.append(f"[{tag} left out]")
        if tag != "embed" and tag not in VOID:
            self._skipped.append(tag)

    def _is_text_only(self, tag: str) -> bool:
        """Whether a tag goes and what it holds stays."""
        if tag in HEADINGS and HEADINGS & set(self._open):
            return True
        is_in_cell = bool({"td", "th"} & set(self._open))
        return is_in_cell and self.trust is Trust.DATA and tag not in TABLES | {"br"}

    def _begin(self, tag: str, given: dict[str, str]) -> None:
        if tag == "img":
            self._picture(given)
            return
        attributes = dict(self._attributes(tag, given))
        if tag == "a" and not attributes:
            return
        if tag in HEADINGS:
            self._heading = len(self.written)
        elif tag == "details":
            self._folds.append(len(self.written))
        elif tag in ("a", "summary"):
            self._named.append(len(self.written))
        self._tables.begin(tag, attributes)
        self._definitions.begin(tag, self._open[-1] if self._open else "")
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
        elif tag in ("a", "summary"):
            self._name(tag)
        self._definitions.end(tag)
        self.cleaned.without_caption += self._tables.end(tag)

    def _name(self, tag: str) -> None:
        """Take the address off a link without words, and give a fold without them some."""
        start = self._named.pop()
        inside = "".join(self.written[start:])
        if re.sub(r"<(?!img)[^>]*>", "", inside).strip() or " aria-label=" in self.written[start]:
            return
        if tag == "summary":
            self.written[start + 1 : -1] = ["Details"]
        else:
            self.written[start] = re.sub(r' href="[^"]*"', "", self.written[start])

    def _name_fold(self, start: int) -> None:
        """Give a fold without a name one, so that who opens it by keyboard sees where they are."""
        if not "".join(self.written[start + 1 :]).lstrip().startswith("<summary>"):
            self.written.insert(start + 1, "<summary>Details</summary>")

    def _attributes(self, tag: str, given: dict[str, str]) -> list[tuple[str, str]]:
        allowed = set(ATTRIBUTES.get(tag, ())) | (MATH_ATTRIBUTES if tag in MATHS else set())
        if self.trust is Trust.PACKAGE and tag in TABLES:
            allowed.add("id")
        kept = [(n, value) for n, value in given.items() if n in allowed and is_fit(tag, n, value)]
        if self.trust is Trust.PACKAGE and (classes := own_classes(given.get("class", ""))):
            kept.append(("class", classes))
        if self.trust is Trust.AUTHOR:
            kept += self._of_author(tag, given)
        elif aligned := ALIGNED.search(given.get("style", "")):
            kept.append(("class", aligned[1]))
        kept = [
            (name, value.strip())
            for name, value in kept
            if name != "href" or LINKS.match(value.strip())
        ]
        self.cleaned.ids += [value for name, value in kept if name == "id"]
        return kept

    def _of_author(self, tag: str, given: dict[str, str]) -> list[tuple[str, str]]:
        """Anchors, alignment and the classes of highlighted code."""
        kept = []
        anchor = given.get("id", "").strip()
        if re.fullmatch(r"[\w.-]+", anchor) and anchor not in (*self.cleaned.ids, *self.taken):
            kept.append(("id", anchor))
        if "aria-label" in given and tag == "a":
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
        if not (DATA_IMAGE.match(source) and is_still(source)):
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
