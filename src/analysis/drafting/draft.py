"""All that is guessed from some exports, in one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from analysis.drafting.cells import Column, Sheet, Word, words_in
from analysis.drafting.keys import Keys, countries_in, is_date, keys_of
from analysis.drafting.kinds import BETWEEN, SELECT_MULTIPLE, Kind, kind_of
from analysis.drafting.lists import ChoiceList, lists_of
from analysis.drafting.matches import Match, near_matches
from analysis.drafting.questions import Question, questions_of
from analysis.drafting.reading import ENOUGH
from analysis.drafting.same import Pair, joined
from analysis.drafting.text import LONGEST_NAME, Names, slug
from analysis.drafting.words import (
    PERSONAL_HEADERS,
    SUBMISSION_HEADERS,
    SUBMITTED_HEADERS,
    TOOL_HEADERS,
)
from analysis.intake.marker import is_marked
from analysis.intake.reading.tools import added_by_tool, tool_of
from analysis.intake.spelling import folded, trimmed
from analysis.problems import Problem, refuse_any
from analysis.study.defaults import TOOK_PART
from analysis.study.places import SYNTHETIC
from analysis.study.vocabulary import IGNORED, KEY_ITEMS


@dataclass(frozen=True)
class Draft:
    """A codebook in the making.

    Attributes
    ----------
    sheets : the exports, in the order in which they were named.
    groups : what each group of respondents is called, by its name.
    keys : the key columns of each export, by its name in the study.
    ignored : the columns that hold no answers: those that the survey tool adds.
    questions : the questions in their order.
    names, kinds : the name of each question and what it seems to be.
    words : the answers to each question.
    lists : the list of options of each question that has one.
    matches : pairs of questions that could be the same.
    """

    sheets: Sequence[Sheet]
    groups: Mapping[str, str]
    keys: Mapping[str, Keys]
    ignored: Sequence[Column]
    questions: Sequence[Question]
    names: Mapping[Question, str]
    kinds: Mapping[Question, Kind]
    words: Mapping[Question, Sequence[Word]]
    lists: Mapping[Question, ChoiceList]
    matches: Sequence[Match]

    @property
    def cycles(self) -> tuple[str, ...]:
        """The cycles in the order of the exports."""
        return tuple(dict.fromkeys(sheet.export.cycle for sheet in self.sheets))

    @cached_property
    def countries(self) -> Mapping[str, tuple[int, int]]:
        """Of each group of countries, how many of its ids are names of countries, and all ids."""
        ids: dict[str, set[str]] = {}
        for sheet in self.sheets:
            column = self.keys[sheet.export.name].respondent_id
            if column is not None:
                own = ids.setdefault(sheet.export.respondents, set())
                own |= {trimmed(str(cell)) for cell in column.cells}
        return {
            group: (known, len(own)) for group, own in ids.items() if (known := countries_in(own))
        }

    @property
    def is_invented(self) -> bool:
        """Whether the exports say that their answers are made up."""
        return any(is_marked(sheet.raw) for sheet in self.sheets)


def draft_of(
    sheets: Sequence[Sheet], groups: Mapping[str, str], same: Sequence[Pair] = ()
) -> Draft:
    """Guess a codebook from some exports.

    Parameters
    ----------
    sheets : the exports, at most one a cycle and group.
    groups : the label of each group of respondents, by its name.
    same : the questions that a person says are one.

    Raises
    ------
    InputError
        Two questions that are said to be one are not there, or cannot be one.
    """
    keys = keys_of(sheets)
    columns = [column for sheet in sheets for column in _beside_keys(sheet, keys)]
    by_tool = {sheet.export.name: _by_tool(sheet, keys) for sheet in sheets}
    named = [one for one in columns if one.header not in by_tool[one.sheet.export.name]]
    questions, problems = joined(_without_added(questions_of(named), sheets), same)
    refuse_any(problems)
    held = {id(column) for question in questions for column in question.columns}
    refuse_any(_alike(sheets, [one for one in columns if id(one) not in held]))
    words = {question: words_in(question.columns) for question in questions}
    kinds = {question: _kind(question, words[question]) for question in questions}
    taken = Names([*KEY_ITEMS, IGNORED, TOOK_PART])
    names = {question: taken.take(_wanted(question)) for question in questions}
    return Draft(
        sheets=sheets,
        groups=groups,
        keys=keys,
        ignored=[column for column in columns if id(column) not in held],
        questions=questions,
        names=names,
        kinds=kinds,
        words=words,
        lists=lists_of(questions, kinds, names),
        matches=near_matches(questions),
    )


def _beside_keys(sheet: Sheet, keys: Mapping[str, Keys]) -> Sequence[Column]:
    own = keys[sheet.export.name]
    held = [one.header for one in (own.respondent_id, own.when) if one is not None]
    return [
        column
        for column in sheet.columns
        if column.header not in held and folded(column.header) != folded(SYNTHETIC)
    ]


def _by_tool(sheet: Sheet, keys: Mapping[str, Keys]) -> set[str]:
    """The headers that come from the survey tool, whichever it is, or number submissions."""
    own = keys[sheet.export.name]
    names = {column.header: slug(column.header, longest=200) for column in sheet.columns}
    found = {column.header for column in sheet.columns if _is_sure(column, names[column.header])}
    found |= {own.who.header} if own.who is not None and own.doubt else set()
    perhaps = {header for header, name in names.items() if name in TOOL_HEADERS}
    # A question can have such a header as well; several of them are a tool's.
    return found | perhaps if len(found | perhaps) >= ENOUGH else found


def _is_sure(column: Column, name: str) -> bool:
    if name in (*PERSONAL_HEADERS, *SUBMISSION_HEADERS):
        return True
    return name in SUBMITTED_HEADERS and all(is_date(text) for text in column.spellings)


def _without_added(questions: Sequence[Question], sheets: Sequence[Sheet]) -> list[Question]:
    """The questions without the columns that the tool of their export adds to them."""
    added: set[tuple[str, str]] = set()
    for sheet in sheets:
        spread = [
            column.header
            for question in questions
            if question.spread
            for column in question.columns
            if column.sheet is sheet
        ]
        own = added_by_tool(sheet.raw.header, spread, spread, sheet.export.reading)
        added |= {(sheet.export.name, header) for header in own}

    def is_kept(column: Column) -> bool:
        return (column.sheet.export.name, column.header) not in added

    kept = [
        replace(one, columns=tuple(column for column in one.columns if is_kept(column)))
        for one in questions
    ]
    return [question for question in kept if question.columns]


def _alike(sheets: Sequence[Sheet], ignored: Sequence[Column]) -> list[Problem]:
    """Headers with answers that differ by letter case only: nobody could tell them apart."""
    left_out = {id(column) for column in ignored}
    problems = []
    for sheet in sheets:
        first: dict[str, str] = {}
        for column in sheet.columns:
            if id(column) in left_out:
                continue
            other = first.setdefault(folded(column.header), column.header)
            if other != column.header:
                message = (
                    f"the header differs from {other!r} by letter case or Unicode form only; "
                    "rename one of them in the export."
                )
                file, top = sheet.export.path.name, sheet.raw.top
                problems.append(Problem(message, file=file, row=top, column=column.header))
    return problems


def _kind(question: Question, words: Sequence[Word]) -> Kind:
    if question.spread:
        return Kind(SELECT_MULTIPLE, f"columns named as {question.style}")
    tools = {tool_of(column.sheet.export.reading).separator for column in question.columns}
    return kind_of(words, question.header, (*BETWEEN, *sorted(tools - set(BETWEEN))))


def _wanted(question: Question) -> str:
    """A name that an XLSForm accepts: it begins with a letter."""
    name = question.name
    return f"q_{name}"[:LONGEST_NAME] if name[:1].isdigit() else name
