"""Writes answers as a survey tool exports them: one wide file a cycle and group."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from analysis.study.codebook import Codebook, SourceColumn
from analysis.study.places import SYNTHETIC
from analysis.study.vocabulary import (
    ANSWERED,
    NOT_SELECTED,
    RESPONDENT_ID,
    SELECTED,
    SELECTED_LIST,
    SUBMITTED,
)
from analysis.synthetic.answers import Answer, Answers
from analysis.synthetic.draws import Draws
from analysis.synthetic.form import Form
from analysis.synthetic.inputs import Inputs
from analysis.synthetic.participants import Place
from analysis.synthetic.spelling import Cell, Speller

BOM = "\ufeff"
FIRST_YEAR = 2001
"""Year of the first submissions where a cycle has no year in its name."""


@dataclass(frozen=True)
class Sheet:
    """One export before it is written: its columns and, by respondent, one cell a column."""

    columns: tuple[SourceColumn, ...]
    rows: Mapping[str, Sequence[Cell]]


def sheets(
    forms: Mapping[Place, Form],
    who: Mapping[Place, Sequence[str]],
    answers: Mapping[Place, Answers],
    inputs: Inputs,
    book: Codebook,
) -> dict[Place, Sheet]:
    """Return every export with its cells written; rows come in the order of submission."""
    speller = Speller(book, inputs.seed, inputs.untidy)
    cells: list[Cell] = []
    for (cycle, group), form in forms.items():
        draws = Draws(inputs.seed, "writing", cycle, group)
        for one in Draws(inputs.seed, "order", cycle, group).shuffled(who[cycle, group]):
            for column in form.columns:
                cell = _cell(one, column, answers[cycle, group], book)
                cells.append(speller.written(cell, draws) if cell.list_name else cell)
    written = iter(speller.using_all(cells, Draws(inputs.seed, "mappings")))
    return {
        place: Sheet(
            form.columns,
            {
                one: [next(written) for _ in form.columns]
                for one in Draws(inputs.seed, "order", *place).shuffled(who[place])
            },
        )
        for place, form in forms.items()
    }


def _cell(respondent: str, column: SourceColumn, answers: Answers, book: Codebook) -> Cell:
    """What stands in one cell; ids and dates are written later, questions without options never."""
    item = book.items.get(column.item)
    if item is None or column.item not in answers:
        return Cell(respondent, "", "")
    answer = answers[column.item].get(respondent, Answer("not_asked"))
    if not column.option:
        meaning = answer.options[0] if answer.options else answer.status
        return Cell(respondent, item.choice_list, meaning)
    if answer.status != ANSWERED:
        return Cell(respondent, SELECTED_LIST, answer.status)
    meaning = SELECTED if column.option in answer.options else NOT_SELECTED
    # Who chose nothing says so in every column; only blanks would mean that nothing was answered.
    return Cell(respondent, SELECTED_LIST, meaning, fixed=not answer.options)


def file_name(place: Place) -> str:
    """Return the name of an export.

    >>> file_name(("2030/31", "farms"))
    'SYNTHETIC_farms_2030-31.csv'
    """
    cycle, group = place
    return f"{SYNTHETIC}_{group}_{re.sub(r'[^0-9A-Za-z]+', '-', cycle)}.csv"


def export_bytes(
    sheet: Sheet,
    place: Place,
    *,
    number: int,
    draft_of: str,
    inputs: Inputs,
) -> bytes:
    """Return one export as a file.

    Parameters
    ----------
    number : place among the exports; every other one begins with a byte-order mark.
    draft_of : who submitted twice, first with half of the answers; empty for nobody.
    """
    draws = Draws(inputs.seed, "submissions", *place)
    moment = _opening(place[0], number)
    rows = []
    if draft_of:
        half = len(sheet.columns) // 2
        cells = sheet.rows[draft_of]
        draft = [cell.text if spot < half else "" for spot, cell in enumerate(cells)]
        rows.append(_with_keys(draft, sheet.columns, draft_of, moment))
    for one, cells in sheet.rows.items():
        moment += timedelta(hours=7 + draws.how_often(0.5, 40), minutes=draws.how_often(0.5, 80))
        name = f"{one}\u00a0" if draws.happens(inputs.untidy) else one
        rows.append(_with_keys([cell.text for cell in cells], sheet.columns, name, moment))
    header = [SYNTHETIC, *(column.column for column in sheet.columns)]
    text = csv_text([header, *([SYNTHETIC, *row] for row in rows)])
    return (BOM * (number % 2 == 0) + text).encode()


def _with_keys(
    texts: Sequence[str], columns: Sequence[SourceColumn], respondent: str, moment: datetime
) -> list[str]:
    keys = {RESPONDENT_ID: respondent, SUBMITTED: moment.strftime("%Y-%m-%d %H:%M")}
    pairs = zip(columns, texts, strict=True)
    return [keys.get(column.item, text) for column, text in pairs]


def _opening(cycle: str, number: int) -> datetime:
    """A made-up first day: the second of March of the cycle's first year."""
    year = re.search(r"[12]\d{3}", cycle)
    return datetime(int(year[0]) if year else FIRST_YEAR + number, 3, 2, 8, tzinfo=UTC)


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """Return rows as CSV with plain line feeds.

    >>> csv_text([["a", "b,c"]]).splitlines()
    ['a,"b,c"']
    """
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
