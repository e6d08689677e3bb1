"""What cleaning would change and refuse in the exports of a study; nothing is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.drafting.text import one_line
from analysis.frames import records
from analysis.intake.cleaned import quarantine_of_all
from analysis.intake.responses import cleaned_exports
from analysis.problems import Problem, printable, several
from analysis.study import Study

LONGEST = 40


@dataclass(frozen=True)
class Preview:
    """What cleaning would do.

    Attributes
    ----------
    changes : one row a file, column and rule: ``file, column, rule, n_cells``, and a cell as an
        example: ``row, before, after``. Columns in the order of the file.
    refused : one row a file and reason: ``file, reason, n_cells``, and an example: ``row, column,
        value``; the column is empty where whole submissions are refused.
    problems : what keeps the answers from being used.
    """

    changes: pd.DataFrame
    refused: pd.DataFrame
    problems: Sequence[Problem]

    @property
    def lines(self) -> Iterator[str]:
        """The same as text: a line a file, below it a line for each change and refusal."""
        files = dict.fromkeys([*self.changes["file"], *self.refused["file"]])
        for file in files:
            own = self.changes[self.changes["file"] == file]
            refused = self.refused[self.refused["file"] == file]
            yield (
                f"{shown(file, 200)}: {several(int(own['n_cells'].sum()), 'cell')} would change, "
                f"{several(int(refused['n_cells'].sum()), 'refusal')}"
            )
            for row in records(own):
                yield (
                    f"  {shown(row['column'])}: {row['n_cells']} x {one_line(row['rule'])}, "
                    f"for example row {row['row']}: "
                    f"{cell(row['before'])} -> {cell(row['after'])}"
                )
            for row in records(refused):
                place = f"column {shown(row['column'])}, " if row["column"] else ""
                yield (
                    f"  refused: {row['n_cells']} x {one_line(row['reason'])}, "
                    f"for example row {row['row']}, {place}{cell(row['value'])}"
                )
        if not files:
            yield "No cell would change."


def preview_of(study: Study) -> Preview | None:
    """Clean every export of a study and return what that would change; None without exports.

    Answers that nothing explains are among the refusals and, since they keep the others from being
    used, among the problems.

    Raises
    ------
    InputError
        The exports or the list of respondents are not declared as they must be.
    """
    found = cleaned_exports(study)
    if found is None:
        return None
    ledgers = [
        _summed(cleaned.ledger, ["file", "column", "rule"], raw.header)
        for raw, cleaned in found.exports
    ]
    headers = {raw.file: raw.header for raw, _ in found.exports}
    everything = [cleaned for _, cleaned in found.exports]
    quarantines = [
        _summed(
            rows.assign(reason=_kind_of(rows["reason"])), ["file", "reason"], headers[str(file)]
        )
        for file, rows in quarantine_of_all(everything).groupby("file", sort=False)
    ]
    return Preview(
        changes=_joined(ledgers, ("file", "column", "rule", "n_cells", "row", "before", "after")),
        refused=_joined(quarantines, ("file", "reason", "n_cells", "row", "column", "value")),
        problems=tuple(dict.fromkeys(found.problems)),
    )


def shown(text: object, longest: int = LONGEST) -> str:
    """Return a text in one line, cut short.

    >>> shown("Is there a law?", 8)
    'Is ther…'
    """
    line = one_line(str(text))
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def cell(text: object) -> str:
    r"""Return a cell in quotation marks and cut short; what cannot be seen is written out.

    >>> cell("yes \n")
    "'yes \\n'"
    """
    shown_ = printable(str(text))
    return f"'{shown_ if len(shown_) <= LONGEST else shown_[: LONGEST - 1] + '…'}'"


def _kind_of(reasons: pd.Series[str]) -> pd.Series[str]:
    """The reasons without the row that each names, so that equal ones are counted together."""
    return reasons.str.replace(r"; row \d+ is kept$", "", regex=True)


def _summed(rows: pd.DataFrame, keys: list[str], header: Sequence[str]) -> pd.DataFrame:
    """One row for each combination of keys, with its number and its first row as the example."""
    order = {name: place for place, name in enumerate(header)}
    first = rows.drop_duplicates(keys)
    counts = rows.groupby(keys, sort=False).size().rename("n_cells").reset_index()
    merged = first.merge(counts, on=keys, validate="one_to_one")
    place = merged["column"].map(order).fillna(-1)
    return merged.iloc[place.argsort(kind="stable")] if len(merged) else merged


def _joined(parts: Sequence[pd.DataFrame], columns: Sequence[str]) -> pd.DataFrame:
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(columns))
    return table.reindex(columns=list(columns)).astype({"n_cells": "int64"})
