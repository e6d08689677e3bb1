"""The record of what cleaning did: the cells that it changed, and those that it refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.intake.answers import Answers, Meaning

Columns = Mapping[str, Answers]
"""The columns of an export, by header and in their order."""


def changed(table: pd.DataFrame, columns: Columns) -> pd.DataFrame:
    """Return the table with what the cells of some columns become."""
    cells = {
        header: pd.Series(answers.after, index=table.index, dtype="str")
        for header, answers in columns.items()
    }
    return table.assign(**cells)


def ledger_of(file: str, lines: NDArray[np.int64], columns: Columns) -> pd.DataFrame:
    """Return one row a changed cell: ``file, row, column, before, after, rule``."""
    return _stacked(
        file,
        lines,
        columns,
        lambda one: one.before != one.after,
        {
            "before": lambda one: one.before,
            "after": lambda one: one.after,
            "rule": lambda one: one.rule,
        },
    )


def quarantine_of(file: str, lines: NDArray[np.int64], columns: Columns) -> pd.DataFrame:
    """Return one row a refused cell: ``file, row, column, value, reason``."""
    return _stacked(
        file,
        lines,
        columns,
        lambda one: bool(one.reason),
        {"value": lambda one: one.before, "reason": lambda one: one.reason},
    )


def _stacked(
    file: str,
    lines: NDArray[np.int64],
    columns: Columns,
    test: Callable[[Meaning], bool],
    texts: Mapping[str, Callable[[Meaning], str]],
) -> pd.DataFrame:
    """Return a row for each cell whose meaning passes a test, by line and then by column.

    Columns: ``file``, ``row``, ``column``, then the given texts.
    """
    parts: list[dict[str, Any]] = []
    for place, (header, answers) in enumerate(columns.items()):
        if not any(test(one) for one in answers.meanings):
            continue
        chosen = np.flatnonzero(answers.holds(test))
        picked = answers.at(chosen)
        parts.append(
            {
                "at": chosen,
                "place": np.full(len(chosen), place),
                "column": np.full(len(chosen), header, dtype=np.object_),
                **{name: picked.each(text) for name, text in texts.items()},
            }
        )
    names = ("at", "place", "column", *texts)
    if not parts:
        empty = {name: pd.Series(dtype="str") for name in ("file", "row", "column", *texts)}
        return pd.DataFrame(empty).astype({"row": "int64"})
    whole = {name: np.concatenate([part[name] for part in parts]) for name in names}
    order = np.lexsort((whole["place"], whole["at"]))
    return pd.DataFrame(
        {
            "file": pd.Series(np.full(len(order), file, dtype=np.object_), dtype="str"),
            "row": lines[whole["at"][order]],
            **{name: pd.Series(whole[name][order], dtype="str") for name in ("column", *texts)},
        }
    )
