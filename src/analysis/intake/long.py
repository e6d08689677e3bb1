"""What all groups said in all cycles as one table: a row a respondent, cycle and question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.intake.cleaned import Part
from analysis.study.codebook import Codebook
from analysis.study.roster import Roster
from analysis.study.vocabulary import ANSWERED, UNIT_NONRESPONSE

COLUMNS = ("respondents", "respondent_id", "cycle", "item", "option", "status", "value")

Words = NDArray[np.object_]


@dataclass(frozen=True)
class _Block:
    """Respondents of one group and cycle with the same cells: each array one row a respondent."""

    respondents: str
    cycle: str
    ids: Words
    places: Sequence[tuple[str, str]]
    statuses: Words
    values: Words


def long_table(parts: Sequence[Part], book: Codebook, roster: Roster) -> pd.DataFrame:
    """Return one row for each respondent, cycle and question asked (and option, if spread).

    Columns: ``respondents``, ``respondent_id``, ``cycle``, ``item``, ``option`` (empty unless the
    item is spread over columns), ``status``, ``value`` (empty unless answered). Who is on the
    roster and not in the export of a cycle, or of whom the export says so, has
    ``unit_nonresponse`` in every question of it. That somebody took part follows from the export,
    where no column says so.

    Sorted by group, respondent, cycle, item and option: ids by their letters, all else in the
    order of the codebook.
    """
    blocks = [block for part in parts for block in _blocks(part, book, roster)]
    blocks = [block for block in blocks if len(block.ids) and block.places]
    if not blocks:
        return pd.DataFrame({name: pd.Series(dtype="str") for name in COLUMNS})
    order = _order(blocks, book)
    columns = {
        "respondents": [_repeated(block, block.respondents) for block in blocks],
        "respondent_id": [np.repeat(block.ids, len(block.places)) for block in blocks],
        "cycle": [_repeated(block, block.cycle) for block in blocks],
        "item": [_tiled(block, [item for item, _ in block.places]) for block in blocks],
        "option": [_tiled(block, [option for _, option in block.places]) for block in blocks],
        "status": [block.statuses.ravel() for block in blocks],
        "value": [block.values.ravel() for block in blocks],
    }
    return pd.DataFrame(
        {name: pd.Series(np.concatenate(columns[name])[order], dtype="str") for name in COLUMNS}
    )


def _blocks(part: Part, book: Codebook, roster: Roster) -> Iterator[_Block]:
    """Those who answered, and those who did not."""
    cycle, group = part.cycle, part.respondents
    ids = part.ids[part.took_part]
    taken_part = _taken_part(part, book)
    places, statuses, values = [], [], []
    for name, item in book.items.items():
        if not item.is_asked(cycle, group):
            continue
        if name == book.settings.response_item and taken_part is not None:
            places.append((name, ""))
            statuses.append(np.full(len(ids), ANSWERED, dtype=object))
            values.append(np.full(len(ids), taken_part, dtype=object))
        for option, answers in part.items.get(name, {}).items():
            places.append((name, option))
            statuses.append(answers.statuses)
            values.append(np.where(answers.is_answered, answers.after, ""))
    if not places:
        return
    yield _Block(group, cycle, ids, places, np.column_stack(statuses), np.column_stack(values))
    absent = {*roster.get((cycle, group), ()), *part.ids[~part.took_part]} - set(ids)
    silent = np.array(sorted(absent), dtype=object)
    shape = (len(silent), len(places))
    yield _Block(
        group,
        cycle,
        silent,
        places,
        np.full(shape, UNIT_NONRESPONSE, dtype=object),
        np.full(shape, "", dtype=object),
    )


def _taken_part(part: Part, book: Codebook) -> str | None:
    """The answer that says somebody took part, where no column of the export holds it."""
    name = book.settings.response_item
    if not name or name in part.items:
        return None
    rules = [row.rule for row in book.indicators.values() if row.rule.item == name]
    return rules[0].option if rules else None


def _order(blocks: Sequence[_Block], book: Codebook) -> NDArray[np.intp]:
    """Positions of the rows of all blocks, one after the other, in the order of the table."""
    groups, cycles = list(book.respondents), list(book.cycles)
    sizes = [len(block.ids) for block in blocks]
    group = np.repeat([groups.index(block.respondents) for block in blocks], sizes)
    cycle = np.repeat([cycles.index(block.cycle) for block in blocks], sizes)
    ids = np.concatenate([block.ids for block in blocks])
    _, rank = np.unique(ids.astype(str), return_inverse=True)
    width = np.repeat([len(block.places) for block in blocks], sizes)
    start = np.cumsum(width) - width
    sorted_ = np.lexsort((cycle, rank, group))
    width, start = width[sorted_], start[sorted_]
    before = np.cumsum(width) - width
    return np.repeat(start - before, width) + np.arange(width.sum())


def _repeated(block: _Block, word: str) -> Words:
    return np.full(block.statuses.size, word, dtype=object)


def _tiled(block: _Block, words: Sequence[str]) -> Words:
    return np.tile(np.array(words, dtype=object), len(block.ids))
