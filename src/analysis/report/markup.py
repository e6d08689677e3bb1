"""From Markdown and our own HTML to page markup that is safe, with unique anchors."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from html import escape
from html.parser import HTMLParser

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

FORBIDDEN_TAGS = frozenset(
    "applet audio base embed form frame frameset iframe input link meta object script source "
    "style template track video".split()
)
LINKS = re.compile(r"#|https?://|mailto:|[\w./-]+\.html(#|$)")
DATA_IMAGE = re.compile(r"data:image/(png|svg\+xml|jpeg);base64,")
INTERNAL_LINK = re.compile(
    r"""<a\b[^>]*?\bhref=(["'])#(?P<target>[^"']+)\1[^>]*>(?P<text>.*?)</a>""", re.DOTALL
)
NUMERIC = re.compile(r"[-+\u2212]?\d[\d.,\u202f\u00a0 ]*%?")


class Anchors:
    """Ids given out on one page, each once; they follow from the text, not from its place."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)

    def unique(self, text: str) -> str:
        """Return an id made from a heading.

        >>> anchors = Anchors()
        >>> anchors.unique("Fees & costs"), anchors.unique("Fees, costs")
        ('fees-costs', 'fees-costs-2')
        """
        plain = unicodedata.normalize("NFKD", re.sub(r"<[^>]+>|&\w+;", "", text))
        base = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") or "section"
        anchor, number = base, 1
        while anchor in self._taken:
            number += 1
            anchor = f"{base}-{number}"
        self._taken.add(anchor)
        return anchor


class Prose:
    """Renders the Markdown cells of one page and remembers its headings.

    Attributes
    ----------
    title : text of the page's only `h1`; empty when it has none.
    contents : (anchor, HTML of the heading) of every `h2`, in order.
    """

    def __init__(self, anchors: Anchors) -> None:
        self.anchors = anchors
        self.title = ""
        self.contents: list[tuple[str, str]] = []

    def render(self, source: str) -> str:
        """Return the HTML of one cell."""
        html = str(MarkdownWithMath(renderer=_Renderer(self)).render(source))
        return re.sub(r' style="text-align:\s*(\w+);?"', r' class="\1"', html)


class _Renderer(IPythonRenderer):  # type: ignore[misc, unused-ignore]
    """Headings with unique anchors and one `h1` a page."""

    def __init__(self, prose: Prose) -> None:
        super().__init__(escape=False, exclude_anchor_links=True)
        self.prose = prose

    def heading(self, text: str, level: int, **attrs: object) -> str:
        """Render a heading; only the first of level 1 stays one."""
        if level == 1 and not self.prose.title:
            self.prose.title = re.sub(r"<[^>]+>", "", text)
            return f"<h1>{text}</h1>\n"
        level = max(level, 2)
        anchor = self.prose.anchors.unique(text)
        if level == 2:
            self.prose.contents.append((anchor, text))
        link = f'<a class="anchor" href="#{anchor}" aria-label="Link to this heading">#</a>'
        return f'<h{level} id="{anchor}">{text}{link}</h{level}>\n'

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Refuse pictures in prose: they would be files beside the page."""
        return f'<img alt="{escape(text)}" src="{escape(url)}">'


class _Inspector(HTMLParser):
    """Collects ids, links within the page, and what a report page must not hold."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.problems: list[str] = []
        self.ids: list[str] = []
        self.targets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in FORBIDDEN_TAGS:
            self.problems.append(f"a <{tag}> element")
        for name, raw in attrs:
            value = (raw or "").strip()
            if name.startswith("on"):
                self.problems.append(f"an event handler ({name})")
            elif name == "style":
                self.problems.append("an inline style")
            elif name in ("src", "srcset", "poster", "data", "background", "xlink:href"):
                if not DATA_IMAGE.match(value):
                    self.problems.append(f"a reference to another file ({value[:60]})")
            elif name in ("href", "action", "formaction"):
                if not LINKS.match(value):
                    self.problems.append(f"a link that is not one ({value[:60]})")
                elif value.startswith("#"):
                    self.targets.append(value[1:])
            elif name == "id":
                self.ids.append(value)

    handle_startendtag = handle_starttag


def inspect(html: str) -> _Inspector:
    """Look a piece of HTML over.

    >>> inspect('<p onclick="x()">').problems
    ['an event handler (onclick)']
    """
    inspector = _Inspector()
    inspector.feed(html)
    inspector.close()
    return inspector


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
        target = link["target"]
        if target in here:
            return link[0]
        if target in elsewhere:
            return f'<a href="{escape(elsewhere[target])}">{link["text"]}</a>'
        lost.append(target)
        return link["text"]

    return INTERNAL_LINK.sub(point, html), lost


def numbered(table: str, label: str) -> str:
    """Put the number of a table in front of its caption; the empty text when it has none.

    >>> numbered("<table><caption>Laws</caption></table>", "Table 1")
    '<table><caption><span class="number">Table 1</span> Laws</caption></table>'
    """
    mark = f'<span class="number">{escape(label)}</span> '
    found, count = re.subn(r"(<caption[^>]*>)", lambda tag: tag[0] + mark, table, count=1)
    return found if count else ""


def csv_table(text: str, caption: str) -> str:
    r"""Show CSV as a table whose every cell is plain text.

    >>> csv_table("a,b\n<i>,1\n", "Data")[-43:]
    '<td class="num">1</td></tr></tbody></table>'
    """
    head, *rows = [row for row in csv.reader(io.StringIO(text)) if row]
    columns = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    body = "".join("<tr>" + "".join(map(_cell, row)) + "</tr>" for row in rows)
    return (
        f'<table class="data"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{columns}</tr></thead><tbody>{body}</tbody></table>"
    )


def _cell(value: str) -> str:
    numeric = ' class="num"' if NUMERIC.fullmatch(value.strip()) else ""
    return f"<td{numeric}>{escape(value)}</td>"
