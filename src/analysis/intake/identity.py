"""Who answered: the ids of an export held against the list of all that could have."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.intake.answers import Answers, Meaning, respelled
from analysis.intake.raw import RawTable
from analysis.intake.spelling import folded, plain
from analysis.problems import Problem
from analysis.study.vocabulary import RESPONDENT_ID


def read_ids(
    raw: RawTable, header: str, roster: Sequence[str] | None
) -> tuple[Answers, list[Problem]]:
    """Return the ids as the roster spells them, without outer spaces where there is no roster.

    Returns
    -------
    Answers, list of Problem
        A problem for each blank id, and for each that the roster does not have.
    """
    by_spelling: dict[str, list[str]] = {}
    for name in roster or ():
        by_spelling.setdefault(folded(name), []).append(name)

    def meaning(cell: str) -> Meaning:
        text = plain(cell)
        same = by_spelling.get(folded(cell), [])
        name = same[0] if len(same) == 1 else text
        return Meaning(cell, name, rule=respelled(cell, name))

    ids = Answers.read(raw.table[header], meaning)
    lines = raw.table.index.to_numpy()
    problems = [
        Problem(f"the {RESPONDENT_ID} is blank.", file=raw.file, row=int(line), column=header)
        for line in lines[ids.holds(lambda one: one.is_blank)]
    ]
    if roster is not None:
        known = frozenset(roster)
        is_unknown = ids.holds(lambda one: not one.is_blank and one.after not in known)
        problems += [
            Problem(
                "not in the list of all that could have answered.",
                file=raw.file,
                row=int(line),
                column=header,
                value=name,
                allowed=tuple(roster),
            )
            for line, name in zip(lines[is_unknown], ids.after[is_unknown], strict=True)
        ]
    return ids, problems


def ids_from_lines(respondents: str, cycle: str, lines: NDArray[np.int64]) -> NDArray[np.object_]:
    """Return an id for each submission of a group that no submission of another cycle has.

    >>> ids_from_lines("clubs", "2024", np.array([7])).tolist()
    ['clubs 2024 row 7']
    """
    start = f"{respondents} {cycle} row "
    return np.array([f"{start}{line}" for line in lines], dtype=np.object_)


def spelled_in_two_ways(ids: pd.DataFrame) -> list[Problem]:
    """Return a problem for each id that stands elsewhere in other letter case.

    Parameters
    ----------
    ids : columns ``file``, ``row``, ``column``, ``value``, of one group of respondents that has
        no list.
    """
    spellings = ids.drop_duplicates("value")
    key = spellings["value"].map(folded)
    first = spellings.groupby(key)["value"].transform("first")
    return [
        Problem(
            "the same id stands elsewhere in other letters; spell it in one way.",
            file=str(row.file),
            row=int(str(row.row)),
            column=str(row.column),
            value=str(row.value),
            allowed=(str(other),),
        )
        for row, other in zip(spellings.itertuples(), first, strict=True)
        if row.value != other
    ]
