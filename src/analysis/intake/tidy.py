"""A long export, one row an answer, cleaned as if it had a column a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd

from analysis.intake.answers import BLANK, NO_ANSWER, STATED, Answers, Meaning
from analysis.intake.cleaned import Cleaned, Part
from analysis.intake.doubts import doubts
from analysis.intake.identity import ids_from_lines
from analysis.intake.layout import Layout
from analysis.intake.ledger import changed, ledger_of, quarantine_of
from analysis.intake.matching import Vocabulary, no_answer_if, vocabulary
from analysis.intake.raw import RawTable
from analysis.intake.routing import consistent, fill_spread, route
from analysis.intake.spelling import plain
from analysis.intake.tidy_grid import Grid, grids_of
from analysis.intake.tidy_names import STATUS_WORDS, VALUE
from analysis.intake.tidy_rows import Rows, rows_of
from analysis.problems import Problem
from analysis.study.codebook import Codebook
from analysis.study.exports import Export
from analysis.study.roster import Roster
from analysis.study.vocabulary import ANSWERED, RESPONDENT_ID, SELECTED, UNIT_NONRESPONSE

ABSENT = Meaning("", NO_ANSWER, NO_ANSWER, BLANK.format(status=NO_ANSWER))
"""A cell that the export has no row for."""

Placed = dict[int, Answers]
"""The answers of those that took part, by position in `Rows.places`."""


def clean_long(raw: RawTable, export: Export, book: Codebook, roster: Roster) -> Cleaned:
    """Clean a long export as `analysis.intake.clean.clean` cleans a wide one.

    Its rows are laid out as a column a question, one grid a group and cycle, so that values are
    read and questions routed in the same way; what becomes of each cell is then written to its
    row. A question that others of the group have a row for in the cycle, and a respondent has not,
    was not answered.
    """
    rows, problems = rows_of(raw, export, book, roster)
    if rows is None:
        return _cleaned(raw, export, (), {}, problems, book)
    words = {
        int(place): vocabulary(book.items[rows.places[place][0]], rows.places[place][1], book)
        for place in np.unique(rows.place[rows.part >= 0])
    }
    problems += [problem for one in words.values() for problem in one.problems]
    grids, more = grids_of(rows, raw, export, book)
    problems += more
    cells = raw.table[rows.headers[VALUE]]
    silent = partial(_stated, status=UNIT_NONRESPONSE)
    parts, pieces = [], []
    for grid in grids:
        placed, more = _read(grid, rows, words, raw)
        problems += more
        placed |= _never_chosen(grid, placed, rows, book)
        placed, more = _routed(grid, placed, rows, book)
        problems += more
        parts.append(_part(grid, placed, rows))
        pieces += [(at, placed[place].at(who)) for place, (at, who) in grid.cells.items()]
        pieces.append((grid.silent, Answers.read(cells.iloc[grid.silent], silent)))
    is_left = np.ones(len(cells), dtype=np.bool_)
    for places, _ in pieces:
        is_left[places] = False
    left = np.flatnonzero(is_left)
    pieces.append((left, Answers.read(cells.iloc[left], _untouched)))
    values = {rows.headers[VALUE]: Answers.joined(len(cells), pieces)}
    return _cleaned(raw, export, tuple(parts), {**rows.keys, **values}, problems, book)


def _read(
    grid: Grid, rows: Rows, words: Mapping[int, Vocabulary], raw: RawTable
) -> tuple[Placed, list[Problem]]:
    """Read the values of each place, once for each spelling and status."""
    placed: Placed = {}
    problems: list[Problem] = []
    lines = raw.table.index.to_numpy()
    header = rows.headers[VALUE]
    missing = raw.missing.get(header, frozenset())
    for place, (at, who) in grid.cells.items():
        number = len(STATUS_WORDS)
        kinds, kind = np.unique(rows.value[at] * number + rows.status[at], return_inverse=True)
        meanings = tuple(
            no_answer_if(
                missing,
                _meaning(rows.spellings[one // number], STATUS_WORDS[one % number], words[place]),
            )
            for one in kinds.tolist()
        )
        problems += doubts(raw.file, lines[at], header, Answers(meanings, kind), words[place])
        codes = np.full(np.count_nonzero(grid.took_part), len(meanings))
        codes[who] = kind
        placed[place] = Answers((*meanings, ABSENT), codes)
    return placed, problems


def _meaning(cell: str, status: str, words: Vocabulary) -> Meaning:
    return words.meaning(cell) if status in ("", ANSWERED) else _stated(cell, status=status)


def _stated(cell: str, *, status: str) -> Meaning:
    return Meaning(cell, status, status, STATED.format(status=status), is_stated=True)


def _untouched(cell: str) -> Meaning:
    """The cell of a row that a problem keeps from being laid out."""
    return Meaning(cell, cell, NO_ANSWER)


def _never_chosen(grid: Grid, placed: Placed, rows: Rows, book: Codebook) -> Placed:
    """The options that have no row because the export lists only what was chosen.

    That is so for an item whose rows all say ``selected``; then all options that were offered in
    the cycle are there. Otherwise the rows themselves tell which options were offered.
    """
    added: Placed = {}
    silent = set(rows.place[grid.silent].tolist())
    options: dict[str, list[int]] = {}
    for place in placed:
        item, option = rows.places[place]
        if option:
            options.setdefault(item, []).append(place)
    for name, own in options.items():
        given = {one.after for place in own for one in placed[place].meanings[:-1]}
        if given == {SELECTED} and silent.isdisjoint(own):
            offered = book.options_in(book.items[name].choice_list, grid.export.cycle)
            missing = {rows.places.index((name, option)) for option in offered} - set(own)
            codes = np.zeros(np.count_nonzero(grid.took_part), dtype=np.intp)
            added |= {place: Answers((ABSENT,), codes) for place in sorted(missing)}
    return added


def _routed(grid: Grid, placed: Placed, rows: Rows, book: Codebook) -> tuple[Placed, list[Problem]]:
    """Say what a blank means, as in a wide export."""
    items: dict[str, dict[str, str]] = {}
    for place in sorted(placed):
        item, option = rows.places[place]
        items.setdefault(item, {})[option] = str(place)
    layout = Layout({}, items)
    columns = {str(place): answers for place, answers in placed.items()}
    columns = consistent(columns, layout, book)
    routed, problems = route(columns, layout, grid.export, book)
    filled = fill_spread(routed, layout)
    return {place: filled[str(place)] for place in sorted(placed)}, problems


def _part(grid: Grid, placed: Placed, rows: Rows) -> Part:
    cycle, group, has_ids = grid.export.cycle, grid.export.respondents, grid.export.has_ids
    items: dict[str, dict[str, Answers]] = {}
    for place, answers in placed.items():
        item, option = rows.places[place]
        items.setdefault(item, {})[option] = answers
    return Part(
        cycle=cycle,
        respondents=group,
        id_header=rows.headers[RESPONDENT_ID] if has_ids else "",
        ids=grid.ids if has_ids else ids_from_lines(group, cycle, grid.lines),
        lines=grid.lines,
        took_part=grid.took_part,
        items=items,
    )


def _cleaned(
    raw: RawTable,
    export: Export,
    parts: tuple[Part, ...],
    columns: Mapping[str, Answers],
    problems: Sequence[Problem],
    book: Codebook,
) -> Cleaned:
    lines = raw.table.index.to_numpy()
    kept = {header: columns[header] for header in raw.header if header in columns}
    values = {header: one for header, one in kept.items() if plain(header) == VALUE}
    statuses = {
        header: pd.Series(one.statuses, index=raw.table.index, dtype="str")
        for header, one in values.items()
    }
    used = {mapping for one in kept.values() for mapping in one.mappings}
    return Cleaned(
        export=export,
        parts=parts,
        table=changed(raw.table, kept),
        statuses=pd.DataFrame(statuses, index=raw.table.index),
        ledger=ledger_of(raw.file, lines, kept),
        quarantine=quarantine_of(raw.file, lines, kept),
        # What is wrong with the codebook shows in every grid and is said once.
        problems=tuple(dict.fromkeys(problems)),
        unused=tuple(mapping for mapping in book.value_map if mapping not in used),
    )
