"""The names in a long export: its columns, and the cells that name what the codebook declares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.intake.answers import Answers, first_of_each
from analysis.intake.raw import RawTable
from analysis.intake.several import has_several
from analysis.intake.spelling import plain
from analysis.problems import Problem
from analysis.study.codebook import Codebook
from analysis.study.exports import Export
from analysis.study.places import SYNTHETIC
from analysis.study.vocabulary import RESPONDENT_ID, STATUSES

ITEM, OPTION, VALUE, STATUS = "item", "option", "value", "status"
CYCLE, RESPONDENTS = "cycle", "respondents"
COLUMNS = (RESPONDENTS, RESPONDENT_ID, CYCLE, ITEM, OPTION, STATUS, VALUE)
"""The columns that a long export can have."""

STATUS_WORDS = ("", *STATUSES)
"""What a row can state as its status; empty where the value alone says it."""

Numbers = NDArray[np.intp]
"""One number a row of an export."""

Place = tuple[str, str]
"""What a row can answer: an item, and one of its options if there are several answers."""


def headers_of(raw: RawTable, export: Export) -> tuple[dict[str, str], list[Problem]]:
    """Return the header of each of `COLUMNS` that is there.

    Headers are compared without outer spaces and in one Unicode form.

    Returns
    -------
    dict, list of Problem
        No header where one is missing that must be there. A problem for each of those, and for
        each that is none of `COLUMNS` and that no condition on the rows is about.
    """
    there = {plain(header): header for header in raw.header}
    needed = [RESPONDENT_ID, ITEM, VALUE]
    needed += [name for name in (CYCLE, RESPONDENTS) if not getattr(export, name)]
    missing = [name for name in needed if name not in there]
    known = {*COLUMNS, SYNTHETIC, *(plain(header) for header in export.asked_of)}
    unknown = [header for key, header in there.items() if key not in known]
    problems = [
        Problem(
            f"a long export needs the column {name!r}"
            + (" where the table sources leaves it open." if name in (CYCLE, RESPONDENTS) else "."),
            file=raw.file,
            row=1,
            column=name,
            value=name,
            allowed=tuple(unknown) or raw.header,
        )
        for name in missing
    ]
    problems += [
        Problem(
            "a long export has no such column.",
            file=raw.file,
            row=1,
            column=header,
            value=header,
            allowed=tuple(missing) or tuple(name for name in COLUMNS if name not in there),
        )
        for header in unknown
    ]
    found = {name: there[name] for name in COLUMNS if name in there}
    return {} if missing else found, problems


def numbered(
    raw: RawTable, header: str, cells: Answers, names: Sequence[str], *, only: str = ""
) -> tuple[Numbers, list[Problem]]:
    """Return the position of each cell among some names, -1 where it is none of them.

    Parameters
    ----------
    only : the one name that may stand there, because ``sources.csv`` says it of the whole file.

    Returns
    -------
    array, list of Problem
        A problem for each spelling that is not allowed, at the first row that has it.
    """
    position = {name: n for n, name in enumerate(names) if not only or name == only}
    by_code = [position.get(one.after, -1) for one in cells.meanings]
    numbers = np.array(by_code, dtype=np.intp)[cells.codes]
    problems = []
    for at, also in first_of_each(cells.codes, np.flatnonzero(numbers < 0), 1):
        word = cells.meanings[cells.codes[at]].after
        message = f"unknown {header}."
        if only:
            message = f"the table sources says {only!r} of the whole file."
        if not word:
            message = f"the {header} is blank."
        allowed = tuple(name for name in position if name)
        problems.append(row_problem(raw, at, header, f"{message}{also}", word, allowed))
    return numbers, problems


def places_of(book: Codebook) -> list[Place]:
    """Return all that a row can answer, in the order of the codebook."""
    return [
        (name, option)
        for name, item in book.items.items()
        for option in (book.choices[item.choice_list] if has_several(item) else ("",))
    ]


def placed(
    raw: RawTable,
    headers: Mapping[str, str],
    cells: Mapping[str, Answers],
    places: Sequence[Place],
    book: Codebook,
) -> tuple[Numbers, list[Problem]]:
    """Return which of the places each row answers, -1 where none.

    Returns
    -------
    array, list of Problem
        A problem for each option that its item does not have, at the first row that has it.
    """
    position = {place: number for number, place in enumerate(places)}
    item, option = cells[ITEM], cells[OPTION]
    kinds, kind = np.unique(item.codes * len(option.meanings) + option.codes, return_inverse=True)
    pairs = [divmod(number, len(option.meanings)) for number in kinds.tolist()]
    names = [(item.meanings[one].after, option.meanings[other].after) for one, other in pairs]
    place = np.array([position.get(name, -1) for name in names], dtype=np.intp)[kind]
    problems = []
    for at, also in first_of_each(kind, np.flatnonzero(place < 0), 1):
        name, word = names[kind[at]]
        if name not in book.items:
            continue
        allowed: tuple[str, ...] = ()
        if not has_several(book.items[name]):
            message = f"{name!r} has one answer and no options; the cell must be empty."
        else:
            allowed = tuple(book.choices[book.items[name].choice_list])
            message = f"{name!r} has no such option." if word else f"{name!r} needs its option."
        header = headers.get(OPTION, OPTION)
        problems.append(row_problem(raw, at, header, f"{message}{also}", word, allowed))
    return place, problems


def row_problem(
    raw: RawTable,
    at: int,
    header: str,
    message: str,
    value: str = "",
    allowed: tuple[str, ...] = (),
) -> Problem:
    """Return the problem of one cell, by the position of its row."""
    line = int(raw.table.index[at])
    return Problem(message, file=raw.file, row=line, column=header, value=value, allowed=allowed)
