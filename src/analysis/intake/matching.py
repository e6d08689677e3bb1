"""What a spelling means for a question: an option, a status, a number, or nothing known."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from analysis.intake.answers import (
    BLANK,
    LABEL,
    NO_ANSWER,
    REFUSED,
    VALUE_MAP,
    Answers,
    Meaning,
    first_of_each,
    respelled,
)
from analysis.intake.spelling import folded, trimmed
from analysis.problems import Problem
from analysis.study.codebook import Codebook, Item, Mapped
from analysis.study.places import CODEBOOK
from analysis.study.vocabulary import (
    ANSWERED,
    MISSING,
    NOT_SELECTED,
    QUARANTINE,
    SELECTED,
    SELECTED_LIST,
)

UNMAPPED = "no option, label or value map has this spelling"

_PATTERNS: Mapping[str, tuple[str, str]] = {
    "integer": (r"[+-]?[0-9]+", "a whole number"),
    "decimal": (r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)", "a number with a decimal point"),
    "date": (r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "a date as year-month-day"),
    "text": (r"(?s:.*)", "any text"),
}
"""Types of question without options: what an answer looks like, and how to say it."""


SHOWN = 20
"""So many cells of a column with the same wrong spelling are listed one by one."""


@dataclass(frozen=True)
class Word:
    """One spelling that is known: the option or status it means, and who says so."""

    spelling: str
    name: str
    mapping: Mapped | None = None


@dataclass(frozen=True)
class Vocabulary:
    """All spellings known for one column.

    Attributes
    ----------
    words : by the folded spelling.
    kind : the type of a question without options, else empty.
    problems : spellings that would mean two things.
    """

    words: Mapping[str, Word]
    kind: str = ""
    problems: tuple[Problem, ...] = field(default=())

    @property
    def allowed(self) -> tuple[str, ...]:
        """What an answer may be, for messages."""
        words = [word for word in self.words.values() if word.name != QUARANTINE]
        spellings = tuple(word.spelling for word in words)
        return (_PATTERNS[self.kind][1], *spellings) if self.kind else spellings

    def meaning(self, cell: str) -> Meaning:
        """Return what a cell with this spelling means."""
        text = trimmed(cell)
        if not text:
            return Meaning(cell, NO_ANSWER, NO_ANSWER, BLANK.format(status=NO_ANSWER))
        word = self.words.get(folded(cell))
        if word is not None:
            return _meaning_of(cell, word)
        if self.kind and _is_of(self.kind, text):
            return Meaning(cell, text, rule=respelled(cell, text))
        rule = REFUSED.format(reason=UNMAPPED)
        return Meaning(cell, NO_ANSWER, NO_ANSWER, rule, UNMAPPED, is_unmapped=True)


def vocabulary(item: Item, option: str, book: Codebook) -> Vocabulary:
    """Return the spellings known for the column of an item (for one option, if it is spread).

    Names and labels of the options and the rows of the value map for their list stand side by
    side; a spelling that would mean two things among them is a problem. Rows of the value map for
    any list fill in what these leave open. A column that stands for one option is also answered by
    the name or the label of that option.
    """
    choices = book.choices.get(item.choice_list, {})
    lists = [item.choice_list, SELECTED_LIST] if option else [item.choice_list]
    if option:
        meant = {option: SELECTED, SELECTED: SELECTED, NOT_SELECTED: NOT_SELECTED}
        named = [*meant.items(), (choices[option], SELECTED)]
        named += [(label, name) for name, label in book.choices.get(SELECTED_LIST, {}).items()]
    else:
        meant = {name: name for name in choices}
        named = [*meant.items(), *((label, name) for name, label in choices.items())]
    meant |= {name: name for name in (*MISSING, QUARANTINE)}
    own = [Word(spelling, name) for spelling, name in named]
    own += _mapped(book, lambda row: bool(row.list_name) and row.list_name in lists, meant)
    anywhere = list(_mapped(book, lambda row: not row.list_name, meant))
    first, clashes = _by_spelling(own, item)
    rest, more = _by_spelling(anywhere, item)
    kind = "" if item.choice_list else item.type.partition(" ")[0]
    return Vocabulary(
        first | {key: rest[key] for key in rest if key not in first}, kind, (*clashes, *more)
    )


def unmapped(
    file: str, lines: NDArray[np.int64], header: str, answers: Answers, words: Vocabulary
) -> list[Problem]:
    """Return a problem for each cell whose spelling nothing explains.

    Of one spelling in one column, the first 20 cells are listed and the others counted.
    """
    at = np.flatnonzero(answers.holds(lambda one: one.is_unmapped))
    return [
        Problem(
            f"nothing says what this answer means; a row in value_map.csv can.{also}",
            file=file,
            row=int(lines[cell]),
            column=header,
            value=answers.meanings[answers.codes[cell]].before,
            allowed=words.allowed,
        )
        for cell, also in first_of_each(answers.codes, at, SHOWN)
    ]


def _mapped(
    book: Codebook, test: Callable[[Mapped], bool], meant: Mapping[str, str]
) -> Iterator[Word]:
    """The rows of the value map that pass a test and name something that the column can hold."""
    for row in book.value_map:
        if test(row) and row.name in meant:
            yield Word(row.raw, meant[row.name], row)


def _by_spelling(words: list[Word], item: Item) -> tuple[dict[str, Word], list[Problem]]:
    found: dict[str, Word] = {}
    problems = []
    for word in words:
        first = found.setdefault(folded(word.spelling), word)
        if first.name == word.name:
            continue
        table = "value_map.csv" if word.mapping else "choices.csv"
        problems.append(
            Problem(
                f"the same spelling already means {first.name!r} in the list {item.choice_list!r}.",
                file=f"{CODEBOOK}/{table}",
                row=word.mapping.row if word.mapping else None,
                column="raw" if word.mapping else "label",
                value=word.spelling,
            )
        )
    return found, problems


def _meaning_of(cell: str, word: Word) -> Meaning:
    name, mapping = word.name, word.mapping
    if mapping is not None and name == QUARANTINE:
        rule = REFUSED.format(reason=mapping.reason)
        return Meaning(cell, NO_ANSWER, NO_ANSWER, rule, mapping.reason, mapping)
    status = name if name in MISSING else ANSWERED
    if mapping is not None:
        rule = VALUE_MAP.format(reason=mapping.reason)
    else:
        rule = respelled(cell, name) if folded(cell) == folded(name) else LABEL
    return Meaning(cell, name, status, rule if cell != name else "", mapping=mapping)


def _is_of(kind: str, text: str) -> bool:
    if re.fullmatch(_PATTERNS[kind][0], text) is None:
        return False
    if kind == "date":
        try:
            date.fromisoformat(text)
        except ValueError:
            return False
    return True
