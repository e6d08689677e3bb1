"""When two spellings are the same: outer spaces, letter case and Unicode form do not matter."""

from __future__ import annotations

import unicodedata

# What a text editor does not show at the ends of a cell: spaces of any width, byte-order marks,
# joiners and marks of direction. All spaces of Unicode stand before U+3001.
_SPACES = "".join(letter for letter in map(chr, range(0x3001)) if letter.isspace())
_UNSEEN = f"{_SPACES}\ufeff\u200b\u200c\u200d\u200e\u200f\u2060"


def trimmed(text: str) -> str:
    r"""Return the text without spaces and unseen characters around it.

    >>> trimmed("\ufeff\u00a0Yes \u200b")
    'Yes'
    """
    return text.strip(_UNSEEN)


def plain(text: str) -> str:
    r"""Return the text trimmed and in one Unicode form (NFC), letter case kept.

    >>> plain(" Cafe\u0301") == "Caf\u00e9"
    True
    """
    return unicodedata.normalize("NFC", trimmed(text))


def folded(text: str) -> str:
    r"""Return what two spellings have in common that count as the same.

    Trimmed, then compared without letter case as Unicode defines it (chapter 3.13, canonical
    caseless matching).

    >>> folded(" OUI\u00a0") == folded("oui")
    True
    """
    decomposed = unicodedata.normalize("NFD", trimmed(text)).casefold()
    return unicodedata.normalize("NFC", decomposed)
