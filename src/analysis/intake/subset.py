"""Which rows of an export belong to the study, where ``where`` in its line of the sources says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.intake.raw import RawTable
from analysis.intake.spelling import folded, plain
from analysis.problems import Problem
from analysis.study.codebook import Codebook
from analysis.study.exports import Export
from analysis.study.rules import Rule

OUTSIDE = "outside the survey: {rule} does not hold"


def within(
    raw: RawTable, export: Export, book: Codebook
) -> tuple[RawTable, pd.DataFrame, list[Problem]]:
    """Part an export into the rows that belong to the study and those that do not.

    The rules compare raw cells: outer spaces, letter case and Unicode form do not matter.

    Returns
    -------
    RawTable, DataFrame, list of Problem
        The export with the rows where all rules of `export.where` hold, lines as before; one row
        a row that was left out, as in a quarantine: ``file, row, column`` (empty), ``value`` (the
        cell that the first rule that fails is about) and ``reason``; a problem for each rule
        about a header that is not there, and where no row is left.
    """
    there = {plain(header): header for header in raw.header}
    is_left = np.ones(len(raw.table), dtype=np.bool_)
    parts: list[pd.DataFrame] = []
    problems = []
    for rule in export.where:
        header = there.get(plain(rule.item))
        if header is None:
            problems.append(_no_header(rule, raw, export, book))
            continue
        out = is_left & ~_holds(raw.table[header], rule)
        parts.append(_left_out(raw, header, rule, out))
        is_left &= ~out
    if export.where and not problems and not is_left.any():
        problems.append(_nothing_left(raw, export, book))
    if not parts or problems:
        return raw, _left_out(raw, "", None, np.zeros(len(is_left), dtype=np.bool_)), problems
    return replace(raw, table=raw.table.loc[is_left]), pd.concat(parts, ignore_index=True), []


def _holds(cells: pd.Series, rule: Rule) -> NDArray[np.bool_]:
    wanted = folded(rule.option)
    codes, spellings = pd.factorize(cells)
    fits = np.array([folded(str(one)) == wanted for one in spellings], dtype=np.bool_)
    result: NDArray[np.bool_] = fits[codes]
    return result


def _left_out(
    raw: RawTable, header: str, rule: Rule | None, out: NDArray[np.bool_]
) -> pd.DataFrame:
    rows = raw.table.loc[out]
    texts = {
        "file": raw.file,
        "column": "",
        "value": rows[header] if header else "",
        "reason": OUTSIDE.format(rule=rule),
    }
    frame = pd.DataFrame(
        {name: pd.Series(cells, index=rows.index, dtype="str") for name, cells in texts.items()}
    )
    frame.insert(1, "row", rows.index.to_numpy())
    return frame.reset_index(drop=True)


def _no_header(rule: Rule, raw: RawTable, export: Export, book: Codebook) -> Problem:
    return Problem(
        f"{export.name} has no such header; 'where' names a header as the export writes it.",
        file=book.files["sources.csv"],
        column="where",
        value=rule.item,
        allowed=raw.header,
    )


def _nothing_left(raw: RawTable, export: Export, book: Codebook) -> Problem:
    last = export.where[-1]
    header = {plain(one): one for one in raw.header}[plain(last.item)]
    return Problem(
        f"no row of {export.name} is left where {' and '.join(map(str, export.where))}.",
        file=book.files["sources.csv"],
        column="where",
        value=last.option,
        allowed=tuple(dict.fromkeys(raw.table[header])),
    )
