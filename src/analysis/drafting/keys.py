"""Which column of an export says who answered, and which says when."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from analysis.drafting.cells import Column, Sheet
from analysis.drafting.text import slug
from analysis.drafting.words import ID_WORDS, NAME_WORDS, SUBMISSION_HEADERS, SUBMITTED_HEADERS
from analysis.intake.countries import territory
from analysis.intake.reading.tools import added_by_tool
from analysis.intake.spelling import folded, trimmed
from analysis.study.reading import ROW_NUMBER

ENOUGH_UNIQUE = 0.9
"""A column of names may hold so many repeats: a respondent that answered twice."""

LONGEST_ID = 60
SAME_NUMBERS = 0.3
"""The share of the ids of one cycle that must stand in another for numbers to be trusted."""

MOSTLY_COUNTRIES = 0.8
"""The share of ids that must be names of countries for a group to be one of countries."""

_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ,].*)?")
_MADE = re.compile(r"(uuid:)?[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}|R_\w{13,}")


@dataclass(frozen=True)
class Keys:
    """The key columns of one export.

    Attributes
    ----------
    who : the column that seems to say who answered; None where there is none.
    when : the column that says when; None where there is none.
    doubt : why `who` is not used as the id of a respondent; empty where it is.
    n_repeated : how many cells of `who` an earlier row has already.
    n_shared : how many of its ids stand in an export of another cycle too.
    """

    who: Column | None
    when: Column | None
    doubt: str
    n_repeated: int = 0
    n_shared: int = 0

    @property
    def respondent_id(self) -> Column | None:
        """The column of the ids, where they can be trusted to mean a respondent."""
        return None if self.doubt else self.who


def keys_of(sheets: Sequence[Sheet]) -> Mapping[str, Keys]:
    """Return the key columns of each export, by its name in the study.

    An id must be there in every row and tell nearly all rows apart. Numbers that a tool gives to
    submissions are not ids of respondents: the same number means another one in the next cycle.
    """
    whos = {sheet.export.name: _who(sheet, sheets) for sheet in sheets}
    ids = {
        sheet.export.name: _names(who) if (who := whos[sheet.export.name]) else frozenset()
        for sheet in sheets
    }
    found = {}
    for sheet in sheets:
        name, who = sheet.export.name, whos[sheet.export.name]
        others = [
            ids[other.export.name]
            for other in sheets
            if other.export.respondents == sheet.export.respondents
            and other.export.cycle != sheet.export.cycle
        ]
        shared = ids[name].intersection(frozenset().union(*others))
        found[name] = Keys(
            who=who,
            when=_when(sheet),
            doubt="no column names them" if who is None else _doubt(who, len(shared), bool(others)),
            n_repeated=len(sheet.raw.table) - len(ids[name]) if who else 0,
            n_shared=len(shared),
        )
    return found


def is_date(text: str) -> bool:
    """Tell whether a text looks like a date, with a time or without, whatever its notation.

    >>> is_date("31.12.2020"), is_date("2020-12-31 10:00"), is_date("2020")
    (True, True, False)
    """
    return _DATE.fullmatch(text) is not None


def countries_in(ids: Collection[str]) -> int:
    """Return how many of some ids are names or codes of countries; 0 where most are not."""
    number = sum(territory(one) is not None for one in ids)
    return number if len(ids) > 2 and number >= MOSTLY_COUNTRIES * len(ids) else 0


def _ids(column: Column) -> frozenset[str]:
    return frozenset(folded(str(cell)) for cell in column.cells)


def _names(column: Column) -> frozenset[str]:
    """The ids of a column; those of countries as their codes, whatever their language."""
    cells = frozenset(trimmed(str(cell)) for cell in column.cells)
    if not countries_in(cells):
        return _ids(column)
    return frozenset(territory(cell) or folded(cell) for cell in cells)


def _who(sheet: Sheet, sheets: Sequence[Sheet]) -> Column | None:
    headers = [{folded(header) for header in one.raw.header} for one in sheets]
    scored = [
        (_score(column, place, headers), -place, column)
        for place, column in enumerate(sheet.columns)
        if _could_be_id(column)
    ]
    best = max(scored, key=lambda one: one[:2], default=None)
    return best[2] if best is not None and best[0] >= 2 else None


def _could_be_id(column: Column) -> bool:
    cells = [trimmed(str(cell)) for cell in column.cells]
    n_different = len({folded(cell) for cell in cells})
    return (
        all(cells)
        and n_different >= ENOUGH_UNIQUE * len(cells)
        and max(map(len, cells)) <= LONGEST_ID
        and not all(is_date(cell) for cell in cells)
    )


def _score(column: Column, place: int, headers: Sequence[Collection[str]]) -> int:
    """How much speaks for a column: its header, letters in it, its place, the other exports."""
    if column.header == ROW_NUMBER:
        return 0
    tokens = set(slug(column.header, longest=200).split("_"))
    header = folded(column.header)
    is_everywhere = all(header in one for one in headers)
    named = 4 * bool(tokens & NAME_WORDS) + 3 * bool(tokens & ID_WORDS)
    is_unique = len(_ids(column)) == len(column.cells) > 2
    if not named and not (is_unique and place < 2 and _has_letters(column)):
        return 0
    return named + _has_letters(column) + (place < 2) + is_everywhere - 2 * ("?" in column.header)


def _has_letters(column: Column) -> bool:
    lettered = sum(any(sign.isalpha() for sign in str(cell)) for cell in column.cells)
    return 2 * lettered >= len(column.cells)


def _doubt(who: Column, n_shared: int, has_others: bool) -> str:
    """Why a column is not the id of a respondent."""
    cells = [trimmed(str(cell)) for cell in who.cells]
    name = slug(who.header, longest=200)
    is_by_tool = who.header in added_by_tool((who.header,), (), (), who.sheet.export.reading)
    if is_by_tool or name in SUBMISSION_HEADERS or all(_MADE.fullmatch(cell) for cell in cells):
        return "" if n_shared else "it numbers submissions"
    if not all(cell.isdecimal() for cell in cells) or set(name.split("_")) & NAME_WORDS:
        return ""
    numbers = [int(cell) for cell in cells]
    steps = [after - before for before, after in pairwise(numbers)]
    if all(step > 0 for step in steps) or all(step < 0 for step in steps):
        return "its numbers run in the order of the rows"
    if has_others and n_shared < SAME_NUMBERS * len(cells):
        return "its numbers are others in every cycle"
    return ""


def _when(sheet: Sheet) -> Column | None:
    best: tuple[int, Column] | None = None
    for column in sheet.columns:
        name = slug(column.header, longest=200)
        if name in SUBMITTED_HEADERS:
            rank = SUBMITTED_HEADERS.index(name)
        elif {"submitted", "submission"} & set(name.split("_")):
            rank = len(SUBMITTED_HEADERS)
        else:
            continue
        dated = sum(n for text, n in column.spellings.items() if is_date(text))
        is_dated = column.n_answers and dated >= 0.8 * column.n_answers
        if is_dated and (best is None or rank < best[0]):
            best = rank, column
    return best[1] if best else None
