"""The rows of a long export laid out as respondents by questions, a grid a group and cycle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.intake.raw import RawTable
from analysis.intake.tidy_names import ITEM, STATUS, STATUS_WORDS, Numbers
from analysis.intake.tidy_rows import Rows
from analysis.problems import Problem
from analysis.study.codebook import Codebook
from analysis.study.exports import Export
from analysis.study.vocabulary import UNIT_NONRESPONSE

UNIT = STATUS_WORDS.index(UNIT_NONRESPONSE)


@dataclass(frozen=True)
class Grid:
    """Where the rows of one group and cycle stand.

    Attributes
    ----------
    export : the export, with this cycle and group.
    ids, lines, took_part : see `analysis.intake.cleaned.Part`.
    cells : for each place that a row is about, the rows with an answer to it, and the position of
        each one's respondent among those that took part.
    silent : the rows of those that did not take part.
    """

    export: Export
    ids: NDArray[np.object_]
    lines: NDArray[np.int64]
    took_part: NDArray[np.bool_]
    cells: Mapping[int, tuple[Numbers, Numbers]]
    silent: Numbers


def grids_of(
    rows: Rows, raw: RawTable, export: Export, book: Codebook
) -> tuple[list[Grid], list[Problem]]:
    """Return a grid for each group and cycle, in the order of the codebook.

    Who has no row but such with the status ``unit_nonresponse`` did not take part. Where the
    question who took part has no other rows than those, it has no place: all others did.

    Returns
    -------
    list of Grid, list of Problem
        A problem for each row about a cell that another row is about already, and for each that
        says of a respondent with an answer that there was none.
    """
    grids, problems = [], []
    for number in np.unique(rows.part[rows.part >= 0]).tolist():
        group, cycle = rows.parts[number]
        at = np.flatnonzero(rows.part == number)
        who, ids = pd.factorize(rows.ids[at])
        cell = who * len(rows.places) + rows.place[at]
        is_out = rows.status[at] == UNIT
        took_part = np.bincount(who[is_out], minlength=len(ids)) < np.bincount(who)
        problems += _given_twice(rows, raw, at, cell)
        problems += _out_and_in(rows, raw, at[took_part[who]])
        _, first = np.unique(who, return_index=True)
        position = np.cumsum(took_part) - 1
        cells = _by_place(rows.place[at], took_part[who])
        for place, own in list(cells.items()):
            if rows.places[place][0] == book.settings.response_item and not len(own):
                del cells[place]
        grids.append(
            Grid(
                export=replace(export, cycle=cycle, respondents=group),
                ids=ids,
                lines=raw.table.index.to_numpy()[at[first]],
                took_part=took_part,
                cells={place: (at[own], position[who[own]]) for place, own in cells.items()},
                silent=at[~took_part[who]],
            )
        )
    return grids, problems


def _by_place(places: Numbers, is_in: NDArray[np.bool_]) -> dict[int, Numbers]:
    """Where each place stands among some of the rows; nowhere for a place of the others only."""
    order = np.argsort(places, kind="stable")
    there, start = np.unique(places[order], return_index=True)
    blocks = np.split(order, start[1:])
    return {place: block[is_in[block]] for place, block in zip(there.tolist(), blocks, strict=True)}


def _given_twice(rows: Rows, raw: RawTable, at: Numbers, cell: Numbers) -> list[Problem]:
    is_repeat = pd.Series(cell).duplicated().to_numpy()
    if not is_repeat.any():
        return []
    lines = raw.table.index.to_numpy()
    first = pd.Series(at).groupby(cell).transform("first").to_numpy()
    return [
        Problem(
            f"row {lines[one]} already holds what {rows.ids[other]!r} answered to this question.",
            file=raw.file,
            row=int(lines[other]),
            column=rows.headers[ITEM],
            value=" ".join(rows.places[rows.place[other]]).strip(),
        )
        for one, other in zip(first[is_repeat], at[is_repeat], strict=True)
    ]


def _out_and_in(rows: Rows, raw: RawTable, at: Numbers) -> list[Problem]:
    """What is wrong in the rows of those that took part: that they say otherwise."""
    is_out = rows.status[at] == UNIT
    if not is_out.any():
        return []
    lines = raw.table.index.to_numpy()
    answered = pd.Series(at[~is_out]).groupby(rows.ids[at[~is_out]]).first()
    return [
        Problem(
            f"row {lines[answered[rows.ids[one]]]} says that {rows.ids[one]!r} did take part.",
            file=raw.file,
            row=int(lines[one]),
            column=rows.headers[STATUS],
            value=UNIT_NONRESPONSE,
        )
        for one in at[is_out]
    ]
