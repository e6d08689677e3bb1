"""The list of all that could have answered, if the study has one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from analysis.frames import records
from analysis.problems import Problem, refuse_any
from analysis.study.exports import ROSTER, beside
from analysis.study.tables import Column, duplicates, row_problem

if TYPE_CHECKING:
    from analysis.study import Study

ROSTER_COLUMNS = (
    Column("respondent_id", required=True),
    Column("respondents", required=True),
    Column("cycles", must_exist=False),
)

Roster = Mapping[tuple[str, str], tuple[str, ...]]
"""The ids of all that could have answered, by cycle and group; no entry for a group without one."""


def roster_of(study: Study) -> Roster:
    """Return the ids of all that could have answered, by cycle and group.

    ``cycles`` names the cycles in which one could have answered; empty for all of them.

    Raises
    ------
    InputError
        The list names one twice, or a group or cycle that the codebook does not have; or its
        length is not the number of eligible respondents that the codebook has.
    """
    found = beside(study, ROSTER, ROSTER_COLUMNS)
    if found is None:
        return {}
    table, name = found
    book = study.codebook
    rows = records(table)
    problems = duplicates(table, name, ["respondent_id", "respondents"])
    for row in rows:
        for column, allowed in (("respondents", book.respondents), ("cycles", book.cycles)):
            words = row[column].split() if column == "cycles" else [row[column]]
            if not set(words) <= set(allowed):
                message = "the codebook has no such name."
                problems.append(row_problem(name, row, column, message, tuple(allowed)))
    roster = {
        (cycle, group): tuple(
            row["respondent_id"]
            for row in rows
            if row["respondents"] == group and cycle in (row["cycles"].split() or [cycle])
        )
        for group in book.respondents
        if any(row["respondents"] == group for row in rows)
        for cycle in book.cycles
    }
    for (cycle, group), ids in roster.items():
        eligible = book.eligible.get((cycle, group))
        if eligible is not None and len(ids) != eligible:
            declared = f"{book.files['cycles.csv']} has {eligible}"
            message = f"lists {len(ids)} {group} for {cycle}, but {declared}."
            problems.append(Problem(message, file=name))
    refuse_any(problems)
    return roster
