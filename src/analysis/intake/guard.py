r"""Cells that a spreadsheet would take for a formula, in the tables that people open in one.

Whoever answers a survey can begin an answer with ``=``. Such a cell is written with an apostrophe
before it, as spreadsheets do themselves, and read back without it.
"""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

_LIKE_A_FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_HARMLESS = re.compile(r"[+-]?(\d+([.,]\d+)*|\.\d+) ?%?|[-+=@]", re.ASCII)


def guarded(text: str) -> str:
    """Return a cell that no spreadsheet calculates; numbers and single signs stay as they are.

    >>> guarded("=1+1"), guarded("-5.2"), guarded("-"), guarded("'=1+1")
    ("'=1+1", '-5.2', '-', "''=1+1")
    """
    if _LIKE_A_FORMULA.match(text) is None or _HARMLESS.fullmatch(text):
        return text
    return f"'{text}"


def unguarded(text: str) -> str:
    """Return the cell that `guarded` was given.

    >>> unguarded("'=1+1"), unguarded("'s-Hertogenbosch")
    ('=1+1', "'s-Hertogenbosch")
    """
    is_guarded = text.startswith("'") and _LIKE_A_FORMULA.match(text[1:]) is not None
    return text[1:] if is_guarded else text


def guarded_table(table: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    """Return a table with some of its columns guarded."""
    return table.assign(
        **{
            name: table[name].map(guarded).astype("str")
            for name in columns
            if table[name].str.match(_LIKE_A_FORMULA).any()
        }
    )


def read_record(path: Path) -> pd.DataFrame:
    """Read a ledger or a quarantine as it was before it was written.

    Parameters
    ----------
    path : ``ledger.csv`` or ``quarantine.csv`` of a study.

    Returns
    -------
    DataFrame
        The columns of the file as text, blank where they are blank; ``row`` is a whole number.
    """
    table = pd.read_csv(path, dtype="str", keep_default_na=False)
    texts = [name for name in map(str, table) if name != "row"]
    return table.assign(
        **{name: table[name].map(unguarded).astype("str") for name in texts}
    ).astype({"row": "int64"})
