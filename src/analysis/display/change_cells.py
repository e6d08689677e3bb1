"""The cells that the tables of change share: numbers, p-values, points; empty where unknown."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.frames import is_missing


def filled(data: pd.DataFrame) -> pd.DataFrame:
    """Return the table without columns that are empty in every row."""
    data = data.astype("object").fillna("")
    return data[[c for c in data if c in ("Indicator", "Verdict") or (data[c] != "").any()]]


def number(value: Any) -> str:
    """Return a number as text."""
    return "" if is_missing(value) else str(value)


def p_value(value: Any) -> str:
    """Return a p-value with three decimals."""
    if is_missing(value):
        return ""
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def points_of(number: float) -> str:
    """Return a change in percentage points with its sign."""
    return f"{number:+.1f}".replace("-", "−")
