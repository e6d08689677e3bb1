"""Which rows of an export belong to the study, where ``where`` in its line of the sources says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.intake.kinds import kept
from analysis.intake.raw import RawTable
from analysis.intake.spelling import folded, plain, trimmed
from analysis.problems import Problem
from analysis.study.conditions import Clause, clauses_of, compare, holds
from analysis.study.exports import Export

OUTSIDE = "outside the survey: {rule} does not hold"


def within(raw: RawTable, export: Export) -> tuple[RawTable, pd.DataFrame, list[Problem]]:
    """Part an export into the rows that belong to the study and those that do not.

    The condition compares raw cells: outer spaces, letter case and Unicode form do not matter.

    Returns
    -------
    RawTable, DataFrame, list of Problem
        The export with the rows where `export.where` holds, lines as before; one row a row that
        was left out, as in a quarantine: ``file, row, column`` (empty), ``value`` (the cell that
        the condition names first) and ``reason``; a problem for each header that is not there,
        and where no row is left; then no row is read.
    """
    condition, nobody = export.where, np.zeros(len(raw.table), dtype=np.bool_)
    if condition is None:
        return raw, _left_out(raw, "", "", nobody), []
    there = {plain(header): header for header in raw.header}
    clauses = clauses_of(condition)
    problems = [
        _no_header(clause, raw, export) for clause in clauses if plain(clause.item) not in there
    ]
    nothing = replace(raw, table=raw.table.iloc[:0])
    if problems:
        return nothing, _left_out(raw, "", "", nobody), problems
    is_in = holds(condition, lambda one: _holds(raw.table[there[plain(one.item)]], one))
    header = there[plain(clauses[0].item)]
    if not is_in.any():
        problems.append(_nothing_left(raw, header, export))
        return nothing, _left_out(raw, "", "", nobody), problems
    outside = _left_out(raw, header, OUTSIDE.format(rule=condition), ~is_in)
    return replace(raw, table=raw.table.loc[is_in]), outside, []


def _holds(cells: pd.Series[str], clause: Clause) -> NDArray[np.bool_]:
    codes, spellings = pd.factorize(cells)
    fits = np.array([_fits(str(one), clause) for one in spellings], dtype=np.bool_)
    result: NDArray[np.bool_] = fits[codes]
    return result


def _fits(cell: str, clause: Clause) -> bool:
    if clause.sign in ("=", "!="):
        return (folded(cell) == folded(clause.value)) == (clause.sign == "=")
    number = kept("decimal", trimmed(cell))
    return number is not None and compare(float(number.text), clause)


def _left_out(raw: RawTable, header: str, reason: str, out: NDArray[np.bool_]) -> pd.DataFrame:
    rows = raw.table.loc[out]
    texts = {
        "file": raw.file,
        "column": "",
        "value": rows[header] if header else "",
        "reason": reason,
    }
    frame = pd.DataFrame(
        {name: pd.Series(cells, index=rows.index, dtype="str") for name, cells in texts.items()}
    )
    frame.insert(1, "row", rows.index.to_numpy())
    return frame.reset_index(drop=True)


def _no_header(clause: Clause, raw: RawTable, export: Export) -> Problem:
    return Problem(
        f"{export.name} has no such header; 'where' names a header as the export writes it.",
        file=export.table,
        row=export.row,
        column="where",
        value=clause.item,
        allowed=raw.header,
    )


def _nothing_left(raw: RawTable, header: str, export: Export) -> Problem:
    return Problem(
        f"no row of {export.name} is left.",
        file=export.table,
        row=export.row,
        column="where",
        value=str(export.where),
        allowed=tuple(dict.fromkeys(raw.table[header])),
    )
