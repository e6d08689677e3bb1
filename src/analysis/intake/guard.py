"""Cells that a spreadsheet would take for a formula, in tables of what respondents wrote."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis.study.guard import LIKE_A_FORMULA, guarded, unguarded

__all__ = ["guarded", "guarded_table", "read_record", "unguarded"]


def guarded_table(table: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    """Return a table with some of its columns guarded."""
    return table.assign(
        **{
            name: table[name].map(guarded).astype("str")
            for name in columns
            if table[name].str.match(LIKE_A_FORMULA).any()
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
