"""Markup of our own: anchors, headings, and links between pages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from html import escape, unescape

INTERNAL_LINK = re.compile(
    r"""<a\b[^>]*?\bhref=(["'])#(?P<target>[^"']+)\1[^>]*>(?P<text>.*?)</a>""", re.DOTALL
)
HEADING = re.compile(
    r'<h(?P<level>[1-6])(?: id="(?P<id>[^"]*)")?[^>]*>(?P<text>.*?)</h(?P=level)>', re.DOTALL
)


def plain(html: str) -> str:
    """Return the text of a piece of HTML.

    >>> plain("<em>Fees</em> &amp; costs")
    'Fees & costs'
    """
    return unescape(re.sub(r"<[^>]+>", "", html)).strip()


def opening(text: str) -> tuple[str, str]:
    """Part the first sentence of a headline from the rest.

    >>> opening("16 of 57 (49 took part). It was 10. Verdict: rise.")
    ('16 of 57 (49 took part).', ' It was 10. Verdict: rise.')
    """
    found = re.match(r".+?[.!?](?=\s+[A-Z0-9])", text, re.DOTALL)
    first = found[0] if found else text
    return first, text[len(first) :]


class Anchors:
    """Ids given out on one page, each once; they follow from the text, not from its place."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self.taken = set(taken)

    def unique(self, text: str) -> str:
        """Return an id made from the text of a heading.

        >>> anchors = Anchors()
        >>> anchors.unique("Fees & costs"), anchors.unique("Fees, costs")
        ('fees-costs', 'fees-costs-2')
        """
        letters = unicodedata.normalize("NFKD", text.casefold())
        letters = "".join(one for one in letters if not unicodedata.combining(one))
        base = re.sub(r"[\W_]+", "-", letters).strip("-") or "section"
        anchor, number = base, 1
        while anchor in self.taken:
            number += 1
            anchor = f"{base}-{number}"
        self.taken.add(anchor)
        return anchor


class Headings:
    """Gives the headings of one page anchors and levels without gaps, below its one `h1`.

    Attributes
    ----------
    title : HTML of the page's title; empty until one is found.
    contents : (anchor, text) of every `h2` in order.
    """

    def __init__(self, anchors: Anchors) -> None:
        self.anchors = anchors
        self.title = ""
        self.contents: list[tuple[str, str]] = []
        self._level = 1

    def settle(self, html: str, *, has_title: bool = False) -> str:
        """Return a piece with its headings settled.

        The first `h1` of a piece that may have the title is taken out of it.
        """

        def one(heading: re.Match[str]) -> str:
            level, text = int(heading["level"]), heading["text"].strip()
            if not plain(text):
                return ""
            if level == 1 and has_title and not self.title:
                self.title = text
                return ""
            self._level = min(max(level, 2), self._level + 1)
            anchor = heading["id"] or self.anchors.unique(plain(text))
            if self._level == 2:
                self.contents.append((anchor, plain(text)))
            label = escape(f"Link to {plain(text)}")
            link = f'<a class="anchor" href="#{escape(anchor)}" aria-label="{label}">#</a>'
            return f'<h{self._level} id="{escape(anchor)}">{text}</h{self._level}>{link}'

        return HEADING.sub(one, html)


def relink(html: str, here: Collection[str], elsewhere: Mapping[str, str]) -> tuple[str, list[str]]:
    """Point links within the page at the page that has their target; drop those that none has.

    Returns
    -------
    The HTML, and the targets that were not found.

    >>> relink('<a href="#x">x</a> <a href="#y">y</a>', {"y"}, {"x": "one.html#x"})
    ('<a href="one.html#x">x</a> <a href="#y">y</a>', [])
    """
    lost = []

    def point(link: re.Match[str]) -> str:
        target = unescape(link["target"])
        if target in here:
            return link[0]
        if target in elsewhere:
            return f'<a href="{escape(elsewhere[target])}">{link["text"]}</a>'
        lost.append(target)
        return link["text"]

    return INTERNAL_LINK.sub(point, html), lost
