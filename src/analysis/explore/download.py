"""A table as a link that saves it: the file is in the link, so no server is asked."""

from __future__ import annotations

import base64
import re
from html import escape

import pandas as pd

from analysis.frames import is_missing
from analysis.intake.guard import guarded


def csv_of(table: pd.DataFrame) -> str:
    """Return a table as CSV text in which no spreadsheet finds a formula.

    >>> csv_of(pd.DataFrame({"Change": ["+8 to +21", "+13"]})).split()
    ['Change', "'+8", 'to', '+21', '+13']
    """
    texts = table.astype("object").map(lambda cell: "" if is_missing(cell) else guarded(str(cell)))
    texts.columns = pd.Index([guarded(str(name)) for name in table.columns])
    return texts.to_csv(index=False, lineterminator="\n")


def link_to(table: pd.DataFrame, name: str, words: str) -> str:
    """Return a link, as HTML, that saves a table in a file of that name.

    Parameters
    ----------
    name : name of the file without its ending; what a file system would refuse is replaced.
    """
    file = re.sub(r"[^\w.-]+", "-", name).strip("-.") or "table"
    content = base64.b64encode(csv_of(table).encode()).decode()
    return (
        f'<a download="{escape(file, quote=True)}.csv" '
        f'href="data:text/csv;charset=utf-8;base64,{content}">{escape(words)}</a>'
    )
