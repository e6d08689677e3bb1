"""What an attribute may say: nothing that moves a piece over another or bursts the page."""

from __future__ import annotations

import re

LENGTHS = frozenset(
    "columnspacing depth height linethickness lspace maxsize minsize rowspacing rspace voffset "
    "width".split()
)
LENGTH = re.compile(r"(?:\d?\.\d+|\d)(?:em|ex|px|pt)?|thin|medium|thick|negative\w+|\w+mathspace")
"""A length in a formula: below ten, and never backwards."""

EVIDENCE = frozenset(("derived", "observed", "published", "synthetic"))
CLASSES = frozenset(("box", "evidence", "gallery", "headlines", "sentence", *EVIDENCE))
"""What the library calls its statements, notices and badges."""

SPANS = re.compile(r"[1-9]\d?|100")
NUMBERS = re.compile(r"-?\d{1,4}")
KNOWN = {
    "colspan": SPANS,
    "rowspan": re.compile(r"[1-9]\d{0,2}"),
    "span": SPANS,
    "start": NUMBERS,
    "value": NUMBERS,
    "type": re.compile(r"[1aAiI]"),
    "scope": re.compile(r"col|row|colgroup|rowgroup"),
}


def is_fit(tag: str, name: str, value: str) -> bool:
    """Tell whether an attribute may stay, judged by its value.

    >>> is_fit("mspace", "width", "0.5em"), is_fit("mspace", "width", "-700px")
    (True, False)
    >>> is_fit("td", "colspan", "99999"), is_fit("td", "colspan", "3")
    (False, True)
    """
    if name in LENGTHS and tag != "img":
        return tag != "mpadded" and LENGTH.fullmatch(value.strip()) is not None
    return name not in KNOWN or KNOWN[name].fullmatch(value.strip()) is not None


def own_classes(value: str) -> str:
    """Return the classes that a piece of the library may have.

    >>> own_classes("evidence published skip")
    'evidence published'
    """
    return " ".join(word for word in value.split() if word in CLASSES)
