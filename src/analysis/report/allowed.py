"""What markup may stand on a page: elements, attributes, addresses, characters."""

from __future__ import annotations

import re

WORDS = frozenset(
    "a abbr b bdi blockquote br cite code dd del details dfn div dl dt em figcaption figure h1 h2 "
    "h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp section small span strong "
    "sub summary sup time u ul var wbr".split()
)
TABLES = frozenset("caption col colgroup table tbody td tfoot th thead tr".split())
MATHS = frozenset(
    "math menclose merror mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot "
    "mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover".split()
)
ALLOWED = WORDS | TABLES | MATHS
VOID = frozenset("br col hr img wbr".split())
HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
LEFT_OUT = frozenset(
    "applet audio button canvas datalist dialog embed frameset iframe noembed noframes noscript "
    "object script select style svg template textarea title video xmp".split()
)
"""Elements that go with all they hold; of the rest only the tags go."""
TOLD = LEFT_OUT - {"style", "title", "noscript"}
"""Elements in whose place stands what was left out."""

MATH_ATTRIBUTES = frozenset(
    "accent accentunder columnalign columnspacing depth display displaystyle fence form height "
    "largeop linebreak linethickness lspace mathvariant maxsize minsize movablelimits notation "
    "rowspacing rspace scriptlevel separator stretchy symmetric voffset width".split()
)
ATTRIBUTES = {
    "a": {"href"},
    "abbr": {"title"},
    "col": {"span"},
    "colgroup": {"span"},
    "img": {"alt", "height", "src", "width"},
    "li": {"value"},
    "ol": {"reversed", "start", "type"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
}
LINKS = re.compile(r"#|https?://|mailto:|(?!/)[\w./-]+\.html(#|$)", re.ASCII)
DATA_IMAGE = re.compile(r"data:image/(png|svg\+xml|jpeg|gif|webp)[;,]", re.IGNORECASE)
ALIGNED = re.compile(r"text-align:\s*(left|right|center)\b")

# Embeddings, overrides and isolates make text read in another order than it is written.
REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Marks of direction alone, control characters that are not white space, and what takes no room:
# text may hide in it, and words that look alike differ by it. What joins letters in a script stays.
UNSEEN = re.compile(
    "[\u061c\u200b\u200e\u200f\u2028\u2029\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb\u115f\u1160\u3164\uffa0"
    "\U000e0000-\U000e0fff\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f]"
)
MARK = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
# More marks on one letter than any script has cover the lines above and below.
PILED = re.compile(f"({MARK}{{4}}){MARK}+")

# What a word of a cell begins with that no paper is wide enough for; it may be parted after it.
LONG = re.compile(r"([!-~]{40})(?=[!-~])")


def visible(text: str) -> str:
    r"""Show characters that reorder text as their number and drop those that nobody sees.

    >>> visible("a\u202eb\x00"), visible("a\u200bb")
    ('a[U+202E]b', 'ab')
    """
    seen = UNSEEN.sub("", REORDERING.sub(lambda mark: f"[U+{ord(mark[0]):04X}]", text))
    return PILED.sub(r"\1", seen)
