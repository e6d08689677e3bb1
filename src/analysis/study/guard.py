r"""Cells that a spreadsheet would take for a formula, in the tables that people open in one.

A header or an answer of an export can begin with ``=``. Such a cell is written with an apostrophe
before it, as spreadsheets do themselves, and read back without it.
"""

from __future__ import annotations

import re

LIKE_A_FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_HARMLESS = re.compile(r"[+-]?(\d+([.,]\d+)*|\.\d+) ?%?|[-+=@]", re.ASCII)


def guarded(text: str) -> str:
    """Return a cell that no spreadsheet calculates; numbers and single signs stay as they are.

    >>> guarded("=1+1"), guarded("-5.2"), guarded("-"), guarded("'=1+1")
    ("'=1+1", '-5.2', '-', "''=1+1")
    """
    if LIKE_A_FORMULA.match(text) is None or _HARMLESS.fullmatch(text):
        return text
    return f"'{text}"


def unguarded(text: str) -> str:
    """Return the cell that `guarded` was given.

    >>> unguarded("'=1+1"), unguarded("'s-Hertogenbosch")
    ('=1+1', "'s-Hertogenbosch")
    """
    is_guarded = text.startswith("'") and LIKE_A_FORMULA.match(text[1:]) is not None
    return text[1:] if is_guarded else text
