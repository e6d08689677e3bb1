"""The questions of all exports: columns that are options of one question, headers that are one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from analysis.drafting.cells import Column, Place, Word, places_of, said, words_in
from analysis.drafting.headers import STYLES, Part, code_of, is_bare_code, parts_in, text_of
from analysis.drafting.text import label_of, one_line, slug
from analysis.drafting.words import MARK_WORDS, SELECTED_WORDS
from analysis.intake.spelling import folded

OTHER = ("other", "autre", "ander", "sonstige", "otro", "otra", "altro", "друг", "specify")
"""How the option begins whose text has a column of its own."""


@dataclass(frozen=True, eq=False)
class Spread:
    """One option of a question that has a column for each.

    `words` is empty where the cells only say whether it was chosen.
    """

    label: str
    columns: tuple[Column, ...]
    words: tuple[Word, ...]


@dataclass(frozen=True, eq=False)
class Question:
    """One question of one or more exports.

    Attributes
    ----------
    header : its header, or what the headers of its options share.
    name : what it could be called.
    text : the question in words.
    columns : its columns, one an export, or one an export and option.
    spread : its options, where each has a column.
    style : the way in which the headers name the options; empty without `spread`.
    also : cycle and header of other questions that a person says are this one.
    """

    header: str
    name: str
    text: str
    columns: tuple[Column, ...]
    spread: tuple[Spread, ...] = ()
    style: str = ""
    also: tuple[tuple[str, str], ...] = ()

    @property
    def places(self) -> tuple[Place, ...]:
        """Whose answers it has."""
        return places_of(self.columns)

    @property
    def cycles(self) -> tuple[str, ...]:
        """The cycles that it was asked in."""
        return tuple(dict.fromkeys(cycle for cycle, _ in self.places))

    @property
    def known_as(self) -> tuple[tuple[str, str], ...]:
        """Each cycle that asked it, and its header there."""
        elsewhere = {cycle for cycle, _ in self.also}
        own = (cycle for cycle in self.cycles if cycle not in elsewhere)
        return (*((cycle, self.header) for cycle in own), *self.also)

    @property
    def code(self) -> str:
        """The code in its header; the whole header where it is nothing else."""
        if is_bare_code(self.header):
            return one_line(self.header)
        return code_of(self.header, self.columns[0].tool)

    @property
    def is_bare_code(self) -> bool:
        """Whether the export gives a number and no words."""
        return is_bare_code(self.header) and self.text == text_of(self.header)


Key = tuple[str, str]
Headers = dict[Key, list[Column]]
"""Columns by their header and the text of the question beside it, both folded: what has the same
in another cycle is the same question."""


def questions_of(columns: Sequence[Column]) -> tuple[Question, ...]:
    """Return the questions that some columns hold, in the order of the columns.

    Headers that are the same but for letter case and spaces are one question, whatever the cycle,
    unless an export has the text of the question beside the header and that is another.
    Columns become options of one question where their headers share a stem and their cells say
    no more than whether the option was chosen.
    """
    headers: Headers = {}
    for column in columns:
        key = folded(one_line(column.header)), folded(one_line(column.question))
        headers.setdefault(key, []).append(column)
    order = {id(column): number for number, column in enumerate(columns)}
    found = [question for style in STYLES for question in _spread_in(headers, style)]
    found += [_single(own) for own in headers.values()]
    return tuple(sorted(found, key=lambda one: min(order[id(column)] for column in one.columns)))


def _single(columns: Sequence[Column]) -> Question:
    first = columns[0]
    code = code_of(first.header, first.tool)
    text = text_of(first.header, first.tool)
    return Question(
        header=first.header,
        name=slug(code if "[" in code else f"{code} {text}"),
        text=one_line(first.question) or text,
        columns=tuple(columns),
    )


def _spread_in(headers: Headers, style: str) -> Iterator[Question]:
    """The questions whose options have columns in this style; their headers are taken out."""
    groups: dict[str, dict[Key, Part]] = {}
    for key, columns in headers.items():
        part = parts_in(columns[0].header, style)
        if part is not None:
            groups.setdefault(folded(part.stem), {})[key] = part
    for parts in groups.values():
        words = {key: said(words_in(headers[key])) for key in parts}
        chosen = _options_among(parts, words)
        if not chosen:
            continue
        own = {key: (parts[key], headers.pop(key), words[key]) for key in chosen}
        first = next(iter(own.values()))[0]
        held = tuple(column for _, columns, _ in own.values() for column in columns)
        yield Question(
            header=first.stem,
            name=slug(first.stem),
            text=_shared_text(held) or first.text or first.stem,
            columns=held,
            spread=tuple(_options(own)),
            style=style,
        )


def _shared_text(columns: Sequence[Column]) -> str:
    """What the texts of the questions begin with, where the exports have them."""
    signs = zip(*(one_line(column.question) for column in columns), strict=False)
    same = takewhile(lambda at_one_place: len(set(at_one_place)) == 1, signs)
    shared, _, _ = "".join(sign for sign, *_ in same).rpartition(" - ")
    return shared.removesuffix(" - Selected Choice")


def _options_among(
    parts: Mapping[Key, Part], words: Mapping[Key, tuple[Word, ...]]
) -> tuple[Key, ...]:
    """The headers that are options of one question; none where the columns are no such thing."""
    marked = [key for key in parts if {word.key for word in words[key]} <= MARK_WORDS]
    used = {word.key for key in marked for word in words[key]}
    if len(marked) > 1 and used & SELECTED_WORDS and _are_others(parts, marked):
        return tuple(marked)
    constant = [
        key for key in parts if len(words[key]) < 2 and not _is_text(parts[key], words[key])
    ]
    told = [words[key][0].key for key in constant if words[key]]
    is_told = len(told) > 1 and len(set(told)) == len(told)
    return tuple(constant) if is_told and _are_others(parts, constant) else ()


def _is_text(part: Part, words: Sequence[Word]) -> bool:
    """Whether a column holds what somebody wrote beside "other"."""
    labels = {folded(word.label) for word in words}
    return slug(part.option).startswith(OTHER) and not labels <= {folded(part.option)}


def _are_others(parts: Mapping[Key, Part], chosen: Sequence[Key]) -> bool:
    """Whether what is left over can be the text beside "other"."""
    rest = [slug(part.option) for key, part in parts.items() if key not in chosen]
    return all(name.startswith(OTHER) or name.endswith(("text", "comment")) for name in rest)


def _option_in(part: Part, columns: Sequence[Column]) -> str:
    """The option as the text of the question names it, else as the header does."""
    _, dash, option = one_line(columns[0].question).rpartition(" - ")
    return option if dash else part.option


def _options(
    own: Mapping[Key, tuple[Part, list[Column], tuple[Word, ...]]],
) -> Iterator[Spread]:
    """One option a label; a label that an export has twice is numbered."""
    columns: dict[str, list[Column]] = {}
    found: dict[str, tuple[str, list[Word]]] = {}
    for part, more, words in own.values():
        is_mark = {word.key for word in words} <= MARK_WORDS
        label = label_of(_option_in(part, more)) if is_mark or not words else words[0].label
        if label.isdecimal() or (is_mark and folded(label) in MARK_WORDS):
            label = f"option {label}"
        key, number = folded(label), 1
        while {one.sheet.place for one in columns.get(key, ())} & {o.sheet.place for o in more}:
            number += 1
            key = folded(f"{label} ({number})")
        label = f"{label} ({number})" if number > 1 else label
        columns.setdefault(key, []).extend(more)
        found.setdefault(key, (label, []))[1].extend(() if is_mark else words)
    for key, (label, words_) in found.items():
        yield Spread(label, tuple(columns[key]), tuple(words_))
