"""Where an element may stand, and which open ones it ends; sloppy markup becomes well nested."""

from __future__ import annotations

import re
from collections.abc import Sequence

from analysis.report.allowed import HEADINGS, TABLES

LISTS = frozenset(("ol", "ul"))
ROWS = frozenset(("table", "tbody", "tfoot", "thead"))
"""Parts of a table that hold no text themselves."""

PARENTS = {
    "caption": {"table"},
    "col": {"colgroup", "table"},
    "colgroup": {"table"},
    "dd": {"dl"},
    "dt": {"dl"},
    "li": LISTS,
    "rp": {"ruby"},
    "rt": {"ruby"},
    "summary": {"details"},
    "tbody": {"table"},
    "td": {"tr"},
    "tfoot": {"table"},
    "th": {"tr"},
    "thead": {"table"},
    "tr": ROWS,
}
"""What an element must stand in directly; elsewhere its tags go and what it holds stays."""

ENDS = {
    "dd": ({"dd", "dt"}, {"dl"}),
    "dt": ({"dd", "dt"}, {"dl"}),
    "li": ({"li"}, LISTS),
    "td": ({"td", "th"}, {"tr"}),
    "th": ({"td", "th"}, {"tr"}),
    "tr": ({"caption", "colgroup", "td", "th", "tr"}, ROWS),
    **dict.fromkeys(
        ("tbody", "tfoot", "thead"),
        ({"caption", "colgroup", "tbody", "td", "tfoot", "th", "thead", "tr"}, {"table"}),
    ),
}
"""By element: which open ones end where it begins, as far as the nearest one that holds it."""

BLOCKS = frozenset(("div", "ol", "pre", "table", "ul", *HEADINGS))
"""Elements that end an open paragraph."""

INDENTED = frozenset(("blockquote", "dl", "ol", "ul"))
MOST_INDENTED = 6
"""So many of these leave room for words on the screen of a phone."""

MOST_DEEP = 60
"""So deep may elements be nested; browsers stop at some hundreds, each in its own way."""


def ended_by(tag: str, opened: Sequence[str]) -> int:
    """Return how many of the open elements, the innermost first, end where an element begins.

    >>> ended_by("li", ["ul", "li", "b"]), ended_by("li", ["ul", "li", "ul"])
    (2, 0)
    """
    if opened[-1:] == ["p"] and tag in {"p", *BLOCKS}:
        return 1
    ending, around = ENDS.get(tag, (frozenset(), frozenset()))
    count = 0
    for depth, one in enumerate(reversed(opened), start=1):
        if one in around or (one in ("table", "td", "th") and one not in ending):
            break
        if one in ending:
            count = depth
    return count


def is_out_of_place(tag: str, opened: Sequence[str]) -> bool:
    """Tell whether an element may not stand here; what it holds may."""
    parent = opened[-1] if opened else ""
    if parent in ROWS | {"colgroup", "tr"} and tag not in TABLES:
        return True
    if tag == "a" and "a" in opened:
        return True
    if tag in INDENTED and sum(one in INDENTED for one in opened) >= MOST_INDENTED:
        return True
    return parent not in PARENTS.get(tag, {parent}) or len(opened) >= MOST_DEEP


class Definitions:
    """Follows lists of terms while their markup is written; one that is out of order is no list."""

    def __init__(self, written: list[str]) -> None:
        self._written = written
        self._open: list[tuple[int, list[str]]] = []

    def begin(self, tag: str, parent: str) -> None:
        """Note an element, or the empty text for words, that is about to be written."""
        if parent == "dl":
            self._open[-1][1].append(tag)
        if tag == "dl":
            self._open.append((len(self._written), []))

    def end(self, tag: str) -> None:
        """Note an end tag that has been written."""
        if tag != "dl":
            return
        start, entries = self._open.pop()
        if not re.fullmatch(r"(?:(?:dt )+(?:dd )+)*", "".join(f"{one} " for one in entries)):
            for place, piece in enumerate(self._written[start:], start=start):
                self._written[place] = re.sub(r"^<(/?)(?:dl|dt|dd)\b", r"<\1div", piece)
