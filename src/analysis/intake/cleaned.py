"""What cleaning makes of an export: the clean table, the record of changes, and who said what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.intake.answers import Answers
from analysis.problems import Problem
from analysis.study.codebook import Mapped
from analysis.study.exports import Export


@dataclass(frozen=True)
class Part:
    """What one group said in one cycle.

    Attributes
    ----------
    cycle, respondents : whose answers these are.
    id_header : the column of the ids; empty where nobody can be followed to another cycle.
    ids, lines : each respondent, and the line of the export where it first stands.
    took_part : whether each respondent took part.
    items : for each item, and option if it is spread, the answers of those that took part. Items
        and options in the order of the codebook.
    """

    cycle: str
    respondents: str
    id_header: str
    ids: NDArray[np.object_]
    lines: NDArray[np.int64]
    took_part: NDArray[np.bool_]
    items: Mapping[str, Mapping[str, Answers]]


@dataclass(frozen=True)
class Cleaned:
    """What cleaning made of one export.

    Attributes
    ----------
    export : which export.
    parts : what each group said in each cycle that the export holds.
    table : the raw table with its columns and lines; cells hold option codes, statuses, numbers
        and texts; without the submissions in the quarantine.
    statuses : the status of every cell that answers a question; lines and headers as in `table`.
    ledger : one row a changed cell: ``file, row, column, before, after, rule``. Without the
        submissions in the quarantine, which keep their raw cells.
    quarantine : one row a refused cell or, with an empty column and the respondent as value, a
        refused submission: ``file, row, column, value, reason``.
    problems : what must be put right before the answers can be used.
    unused : the rows of the value map that decided about no cell.
    outside : one row a row of the file that does not belong to this export, because ``where`` in
        the sources does not hold: the columns of `quarantine`.
    """

    export: Export
    parts: tuple[Part, ...]
    table: pd.DataFrame
    statuses: pd.DataFrame
    ledger: pd.DataFrame
    quarantine: pd.DataFrame
    problems: tuple[Problem, ...]
    unused: tuple[Mapped, ...]
    outside: pd.DataFrame = field(default_factory=pd.DataFrame)


def quarantine_of_all(cleaned: Sequence[Cleaned]) -> pd.DataFrame:
    """Return the quarantine of several exports: ``file, row, column, value, reason``.

    A file can hold several exports, for example a group each; a row of it is left out where it
    belongs to none of them.
    """
    parts: list[pd.DataFrame] = []
    for file in dict.fromkeys(one.export.name for one in cleaned):
        same = [one for one in cleaned if one.export.name == file]
        left_out = same[0].outside
        for one in same[1:]:
            rows = one.outside["row"] if len(one.outside) else ()
            left_out = left_out[left_out["row"].isin(rows)] if len(left_out) else left_out
        own = pd.concat([left_out, *(one.quarantine for one in same)], ignore_index=True)
        parts.append(own.sort_values("row", kind="stable"))
    if not parts:
        return pd.DataFrame(columns=["file", "row", "column", "value", "reason"])
    return pd.concat(parts, ignore_index=True)
