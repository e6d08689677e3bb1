"""From the raw export and the record of what was done to it, the clean table again."""

from __future__ import annotations

import pandas as pd

from analysis.intake.raw import RawTable
from analysis.problems import Problem, refuse_any


def replay(raw: RawTable, ledger: pd.DataFrame, quarantine: pd.DataFrame) -> pd.DataFrame:
    """Do again what the ledger and the quarantine say was done to an export.

    Parameters
    ----------
    ledger : columns ``file``, ``row``, ``column``, ``before``, ``after``; rows of other files are
        passed over.
    quarantine : columns ``file``, ``row``, ``column``; a row with an empty column takes the whole
        submission out.

    Returns
    -------
    DataFrame
        The clean table: the columns of the raw one, the index its lines.

    Raises
    ------
    InputError
        The ledger names a cell that the export does not have, or that was not as it says.
    """
    table = raw.table.copy()
    own = ledger[ledger["file"] == raw.file]
    problems: list[Problem] = []
    for header, changes in own.groupby("column", sort=False):
        name = str(header)
        if name not in table.columns:
            problems.append(
                Problem(
                    "the ledger names a column that the export does not have.",
                    file=raw.file,
                    column=name,
                    value=name,
                    allowed=raw.header,
                )
            )
            continue
        at = table.index.get_indexer(pd.Index(changes["row"]))
        cells = table[name].to_numpy(dtype=object, copy=True)
        is_there = at >= 0
        is_same = is_there.copy()
        is_same[is_there] = cells[at[is_there]] == changes["before"].to_numpy()[is_there]
        problems += [
            Problem(
                "the cell is not what the ledger says it was.",
                file=raw.file,
                row=int(line),
                column=name,
                value=before,
            )
            for line, before in zip(
                changes["row"][~is_same], changes["before"][~is_same], strict=True
            )
        ]
        cells[at[is_there]] = changes["after"].to_numpy(dtype=object)[is_there]
        table[name] = pd.Series(cells, index=table.index, dtype="str")
    refuse_any(problems)
    whole = quarantine[(quarantine["file"] == raw.file) & (quarantine["column"] == "")]
    return table[~table.index.isin(whole["row"])]
