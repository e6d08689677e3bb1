"""A long export: what each of its rows is about, whose answer it is, and which status it states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.intake.answers import Answers, Meaning, first_of_each, tidied
from analysis.intake.identity import read_ids, spelled_ids
from analysis.intake.raw import RawTable
from analysis.intake.reading.limits import SHOWN
from analysis.intake.spelling import trimmed
from analysis.intake.tidy_names import (
    CYCLE,
    ITEM,
    OPTION,
    RESPONDENTS,
    STATUS,
    STATUS_WORDS,
    VALUE,
    Numbers,
    Place,
    headers_of,
    numbered,
    placed,
    places_of,
    row_problem,
)
from analysis.problems import Problem
from analysis.study.codebook import Codebook, Mapped
from analysis.study.exports import Export
from analysis.study.roster import Roster
from analysis.study.vocabulary import ANSWERED, RESPONDENT_ID


@dataclass(frozen=True)
class Rows:
    """What the rows of a long export are about; each array one entry a row.

    Attributes
    ----------
    headers : the header of each column by its name.
    keys : the cells of the columns beside the value, by header.
    ids : who answered.
    part : the position of group and cycle in `parts`, -1 where a row is about nothing known.
    place : the position of item and option in `places`.
    status : the position in `STATUS_WORDS`.
    value : the position in `spellings`.
    """

    headers: Mapping[str, str]
    keys: Mapping[str, Answers]
    ids: NDArray[np.object_]
    part: Numbers
    parts: Sequence[tuple[str, str]]
    place: Numbers
    places: Sequence[Place]
    status: Numbers
    value: Numbers
    spellings: Sequence[str]


def rows_of(
    raw: RawTable, export: Export, book: Codebook, roster: Roster
) -> tuple[Rows | None, list[Problem]]:
    """Read everything in a long export but what its values mean.

    Returns
    -------
    Rows or None, list of Problem
        None where a column is missing that must be there. A problem for each column, name and
        status that is unknown, each respondent that is not on the list, and each status that
        contradicts the value beside it.
    """
    headers, problems = headers_of(raw, export)
    if not headers:
        return None, problems
    groups, cycles = tuple(book.respondents), book.cycles
    cells = _cells(raw, headers, export)
    numbers: dict[str, Numbers] = {}
    for name, names, only in (
        (RESPONDENTS, groups, export.respondents),
        (CYCLE, cycles, export.cycle),
        (ITEM, tuple(book.items), ""),
        (STATUS, STATUS_WORDS, ""),
    ):
        numbers[name], more = numbered(raw, headers.get(name, ""), cells[name], names, only=only)
        problems += more
    places = places_of(book)
    place, more = placed(raw, headers, cells, places, book)
    problems += more
    is_placed = np.minimum(numbers[RESPONDENTS], numbers[CYCLE]) >= 0
    part = np.where(is_placed, numbers[RESPONDENTS] * len(cycles) + numbers[CYCLE], -1)
    lists = roster if export.has_ids else {}
    known = [
        (lists.get((cycle, group)), book.respondents[group].named)
        for group in groups
        for cycle in cycles
    ]
    ids, more = _ids(raw, headers[RESPONDENT_ID], part, [*known, (None, "")], spelled_ids(book))
    problems += more
    value, spellings = pd.factorize(raw.table[headers[VALUE]])
    is_blank = np.array([not trimmed(str(one)) for one in spellings], dtype=np.bool_)[value]
    status, more = _without_contradiction(raw, headers, numbers[STATUS], is_blank)
    problems += more
    keys = {headers[name]: one for name, one in cells.items() if name in headers}
    rows = Rows(
        headers=headers,
        keys={**keys, headers[RESPONDENT_ID]: ids},
        ids=ids.after,
        part=np.where((place >= 0) & (ids.after != ""), part, -1),
        parts=[(group, cycle) for group in groups for cycle in cycles],
        place=place,
        places=places,
        status=status,
        value=value,
        spellings=[str(one) for one in spellings],
    )
    return rows, problems


def _cells(raw: RawTable, headers: Mapping[str, str], export: Export) -> dict[str, Answers]:
    """The cells that hold names; the same in every row where there is no such column."""
    words = {
        ITEM: "",
        OPTION: "",
        STATUS: "",
        CYCLE: export.cycle,
        RESPONDENTS: export.respondents,
    }
    everywhere = np.zeros(len(raw.table), dtype=np.intp)
    return {
        name: Answers.read(raw.table[headers[name]], tidied)
        if name in headers
        else Answers((Meaning(word, word),), everywhere)
        for name, word in words.items()
    }


def _ids(
    raw: RawTable,
    header: str,
    parts: Numbers,
    known: Sequence[tuple[Sequence[str] | None, str]],
    spelled: Mapping[str, Mapped],
) -> tuple[Answers, list[Problem]]:
    """The ids, each read once a group and cycle; the last list is for rows of unknown ones."""
    pieces, problems = [], []
    cells = raw.table[header]
    for number in np.unique(parts).tolist():
        at = np.flatnonzero(parts == number)
        spelling, _ = pd.factorize(cells.iloc[at])
        _, first = np.unique(spelling, return_index=True)
        once = RawTable(raw.file, raw.table.iloc[at[first]])
        roster, named = known[number]
        ids, more = read_ids(once, header, roster, named=named, spelled=spelled)
        problems += more
        pieces.append((at, ids.at(spelling)))
    return Answers.joined(len(parts), pieces), problems


def _without_contradiction(
    raw: RawTable, headers: Mapping[str, str], status: Numbers, is_blank: NDArray[np.bool_]
) -> tuple[Numbers, list[Problem]]:
    """The statuses, and none where the value says otherwise: then the value counts."""
    answered = STATUS_WORDS.index(ANSWERED)
    is_wrong = ((status == answered) & is_blank) | ((status > answered) & ~is_blank)
    problems = []
    for at, also in first_of_each(status, np.flatnonzero(is_wrong), SHOWN):
        has = "no value" if is_blank[at] else "a value"
        message = f"the row has {has}, which this status contradicts.{also}"
        word = STATUS_WORDS[status[at]]
        problems.append(row_problem(raw, at, headers[STATUS], message, word))
    return np.where(is_wrong | (status < 0), 0, status), problems
