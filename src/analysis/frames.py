"""Rows of a frame as plain mappings, for code that works on one record at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

Row = Mapping[str, Any]
"""One record of a table, by column."""


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame in order, each as a dictionary by column name.

    >>> records(pd.DataFrame({"a": [1]}))
    [{'a': 1}]
    """
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def is_missing(value: Any) -> bool:
    """Tell whether a single cell holds no value.

    >>> is_missing(pd.NA), is_missing(None), is_missing(0)
    (True, True, False)
    """
    return bool(pd.isna(value))


def first(frame: pd.DataFrame) -> dict[str, Any]:
    """Return the first row of a frame, an empty dictionary where there is none.

    >>> first(pd.DataFrame({"a": []}))
    {}
    """
    return records(frame.head(1))[0] if len(frame) else {}
