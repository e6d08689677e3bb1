"""Text from strangers made fit for names, labels, spreadsheets and Markdown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from analysis.problems import listed

LONGEST_NAME = 40
LONGEST_QUOTE = 70

_JOINERS = "\u200c\u200d"
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?\s?%?")
_HIDDEN_FORMULA = re.compile(r"[;|](?=\s*[=+\-@＝＋－＠])")


def one_line(text: str) -> str:
    r"""Return the text in one line, without control characters and marks of direction.

    >>> one_line("Is there\na \x1b[31mlaw?\u202e")
    'Is there a [31mlaw?'
    """
    shown = "".join(sign if sign.isprintable() or sign in _JOINERS else " " for sign in text)
    return " ".join(shown.split())


def starts_formula(text: str) -> bool:
    """Tell whether a spreadsheet could take the text for a formula.

    >>> starts_formula("=1+1"), starts_formula("-99"), starts_formula("yes")
    (True, False, False)
    """
    bare = text.strip()
    sign = unicodedata.normalize("NFKC", bare[:1])
    return sign != "" and sign in "=+-@" and _NUMBER.fullmatch(bare) is None


def label_of(text: str) -> str:
    """Return the text as a label: one line that no spreadsheet takes for a formula.

    A label that would begin like one stands in quotation marks.

    >>> label_of("=HYPERLINK(1)"), label_of(" Is there a law? ")
    ('“=HYPERLINK(1)”', 'Is there a law?')
    """
    label = _HIDDEN_FORMULA.sub(",", one_line(text))
    return f"“{label}”" if starts_formula(label) else label


def slug(text: str, *, longest: int = LONGEST_NAME) -> str:
    """Return the text as a name: small letters of any script, digits and underscores.

    Cut between words where it is too long; empty where the text has neither letter nor digit.

    >>> slug("Is there a law? (2019/20)"), slug("Naïveté"), slug("???")
    ('is_there_a_law_2019_20', 'naivete', '')
    """
    signs = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    signs = "".join(sign for sign in signs if not unicodedata.combining(sign))
    words = re.sub(r"[\W_]+", "_", unicodedata.normalize("NFC", signs)).strip("_")
    if len(words) <= longest:
        return words
    head, _, _ = words[: longest + 1].rpartition("_")
    return head if len(head) >= longest // 2 else words[:longest]


class Names:
    """Gives every thing a name that no other has.

    >>> names = Names(["yes_no"])
    >>> names.take("law"), names.take("law"), names.take("yes_no")
    ('law', 'law_2', 'yes_no_2')
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)
        self._last: dict[str, int] = {}

    def take(self, wanted: str, *, instead: str = "item", longest: int = LONGEST_NAME) -> str:
        """Return the wanted name, or `instead` where it is empty, with a number if it is taken."""
        base = name = wanted[:longest] or instead
        number = self._last.get(base, 1)
        while name in self._taken:
            number += 1
            end = f"_{number}"
            name = f"{base[: longest - len(end)].rstrip('_')}{end}"
        self._taken.add(name)
        self._last[base] = number
        return name


def quoted(text: str, *, longest: int = LONGEST_QUOTE) -> str:
    """Return the text as code in Markdown, cut short, so that no markup in it has an effect.

    >>> quoted("<b>law</b>"), quoted("a `b`")
    ('`<b>law</b>`', '`` a `b` ``')
    """
    shown = one_line(text)
    if len(shown) > longest:
        shown = f"{shown[: longest - 1].rstrip()}…"
    ticks = "`" * (1 + max((len(run) for run in re.findall(r"`+", shown)), default=0))
    space = " " if "`" in shown else ""
    return f"{ticks}{space}{shown}{space}{ticks}"


def listed_quotes(texts: Sequence[str], *, most: int = 5) -> str:
    """Return some texts as code, and how many more there are.

    >>> listed_quotes(["a", "b", "c"], most=2)
    '`a`, `b` and 1 more'
    """
    shown = [quoted(text, longest=40) for text in texts[:most]]
    rest = len(texts) - len(shown)
    if rest:
        return f"{', '.join(shown)} and {rest} more"
    return listed(shown)
