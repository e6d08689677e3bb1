"""How answers are written: in several languages and habits, none of them tidy.

The spellings are those of ``value_map.csv``. Mappings that give the same reason make up one habit
of writing, such as a language; a respondent keeps to one habit in all cycles.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from analysis.study.codebook import Codebook, Mapped
from analysis.study.vocabulary import (
    MISSING,
    NOT_SELECTED,
    QUARANTINE,
    RESPONDENT_ID,
    SELECTED_LIST,
)
from analysis.synthetic.draws import Draws

PLAIN = 1 / 3
"""Share of respondents without a habit: they write the labels of the codebook."""

DECOMPOSING = 1 / 5
"""Share of respondents whose keyboard writes an accent as a character of its own."""

BLANK = ("no_answer", "not_asked", NOT_SELECTED)
"""What an empty cell can mean."""

SPACES = (" ", "  ", "\u00a0")


@dataclass(frozen=True)
class Cell:
    """One cell of an export: what it means and how it is written.

    `list_name` is the list of the item, or `SELECTED_LIST` where it is spread over columns;
    `meaning` is an option or a status; `mapping` is the row of the value map that gave the
    spelling, if one did. A `fixed` cell is never written otherwise.
    """

    respondent: str
    list_name: str
    meaning: str
    fixed: bool = False
    text: str = ""
    mapping: Mapped | None = None


class Speller:
    """Writes cells, each by the habit of its respondent."""

    def __init__(self, book: Codebook, seed: int, untidy: float) -> None:
        self._book = book
        self._seed = seed
        self._untidy = untidy
        # A habit with many spellings, as a language has, is drawn more often than a slip.
        self._habits = [
            one.reason
            for one in book.value_map
            if one.name != QUARANTINE and one.list_name != RESPONDENT_ID
        ]

    def habit_of(self, respondent: str) -> str:
        """Return the reason that the mappings of a respondent's spellings give, or nothing."""
        draws = Draws(self._seed, "habit", respondent)
        is_plain = draws.happens(PLAIN) or not self._habits
        return "" if is_plain else draws.one(self._habits)

    def written(self, cell: Cell, draws: Draws) -> Cell:
        """Return the cell with its text.

        A cell that can be blank is blank, unless the habit has a word for it and half the time
        then, or it is `fixed`. So is a status that the value map has no word for. An option that
        was not selected is never blank where there is a word for it: beside it a blank would be
        no answer.
        """
        known = list(self._mappings(cell.list_name, cell.meaning))
        habit = self.habit_of(cell.respondent)
        own = next((one for one in known if one.reason == habit), None)
        is_blank = cell.meaning in BLANK and not cell.fixed
        is_blank &= not (cell.meaning == NOT_SELECTED and known)
        is_blank |= cell.meaning in MISSING and not known
        if is_blank and (own is None or draws.happens(0.5)):
            return replace(cell, text=draws.one(SPACES) if draws.happens(self._untidy) else "")
        label = self._book.choices.get(cell.list_name, {}).get(cell.meaning, "")
        mapping = own or (known[0] if known and not label else None)
        text = mapping.raw if mapping else label or cell.meaning
        if Draws(self._seed, "accents", cell.respondent).happens(DECOMPOSING):
            text = unicodedata.normalize("NFD", text)
        return replace(cell, text=self._untidied(text, draws), mapping=mapping)

    def using_all(self, cells: Sequence[Cell], draws: Draws) -> list[Cell]:
        """Return the cells with every mapping used at least once, as far as there are answers.

        A few respondents leave their habit for that. A spelling that is refused takes the place
        of a blank.
        """
        result = list(cells)
        uses = dict.fromkeys((one.row for one in self._book.value_map), 0)
        for cell in result:
            if cell.mapping:
                uses[cell.mapping.row] += 1
        for mapping in self._book.value_map:
            places = [
                place
                for place, cell in enumerate(result)
                if not uses[mapping.row]
                and _can_be(cell, mapping)
                and (cell.mapping is None or uses[cell.mapping.row] > 1)
            ]
            if not places:
                continue
            place = draws.one(places)
            replaced = result[place].mapping
            if replaced:
                uses[replaced.row] -= 1
            uses[mapping.row] += 1
            result[place] = replace(result[place], text=mapping.raw, mapping=mapping)
        return result

    def _mappings(self, list_name: str, name: str) -> Iterator[Mapped]:
        for one in self._book.value_map:
            if one.name == name and one.list_name in ("", list_name):
                yield one

    def _untidied(self, text: str, draws: Draws) -> str:
        """The text in other letter case, or with a space beside it."""
        if not draws.happens(self._untidy):
            return text
        space = draws.one(SPACES)
        return draws.one([f"{text}{space}", f"{space}{text}", text.upper(), text.lower()])


def _can_be(cell: Cell, mapping: Mapped) -> bool:
    """Whether the cell can be written as the mapping says without another meaning."""
    if cell.list_name == SELECTED_LIST and not mapping.list_name:
        return False
    meaning = "no_answer" if mapping.name == QUARANTINE else mapping.name
    return cell.meaning == meaning and mapping.list_name in ("", cell.list_name)
