"""The tables of a drafted codebook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from analysis.drafting.cells import Column, Place, parts_of, said, words_in
from analysis.drafting.draft import Draft
from analysis.drafting.lists import ChoiceList, Option
from analysis.drafting.questions import Question
from analysis.drafting.text import Names, label_of, slug
from analysis.drafting.words import MARK_WORDS, SELECTED_WORDS
from analysis.intake.spelling import folded, trimmed
from analysis.study.guard import guarded
from analysis.study.reading import SEPARATORS
from analysis.study.vocabulary import (
    COUNTRIES,
    IGNORED,
    NOT_SELECTED,
    ORDERED,
    RESPONDENT_ID,
    SELECTED,
    SELECTED_LIST,
    SUBMITTED,
)

Table = Sequence[Mapping[str, str]]
"""The rows of a table; columns that a row does not name are empty."""

GUESSED = "guessed"
NOT_STATED = "not stated yet"
TITLE = "Untitled survey"

READINGS = ("tool", "delimiter", "encoding", "sheet", "header_rows", "skip_rows")
"""What is said of how a file is read, where the file itself leaves it open."""

HEADERS: Mapping[str, Sequence[str]] = {
    "settings.csv": (
        "form_title form_id version released description authors licence "
        "duplicate_rule comparability invented".split()
    ),
    "cycles.csv": "cycle respondents eligible".split(),
    "choices.csv": "list_name name label singular named offered exclusive".split(),
    "survey.csv": (
        "type name label relevant appearance respondents asked comparability is_paraphrase".split()
    ),
    "sources.csv": (
        "source title publisher year licence citation "
        "file sha256 cycle respondents has_ids "
        "tool delimiter encoding sheet header_rows skip_rows where".split()
    ),
    "columns.csv": "item option cycle respondents column separator".split(),
    "value_map.csv": "list_name raw name reason".split(),
}
"""The tables that are drafted and their columns; the others have defaults."""


def tables_of(draft: Draft) -> Mapping[str, Table]:
    """Return the rows of every drafted table, by the name of its file.

    Labels are in one line, and none begins like a formula. ``column`` in ``columns.csv`` and
    ``raw`` in ``value_map.csv`` match what the exports hold; `analysis.study.guard` keeps them from
    being calculated.
    """
    lists = list(dict.fromkeys(draft.lists.values()))
    return {
        "settings.csv": [
            {
                "form_title": TITLE,
                "form_id": "survey",
                "duplicate_rule": "refuse",
                "invented": "yes" if draft.is_invented else "no",
            }
        ],
        "cycles.csv": [
            {"cycle": cycle, "respondents": group}
            for cycle in draft.cycles
            for group in draft.groups
            if (cycle, group) in {sheet.place for sheet in draft.sheets}
        ],
        "choices.csv": [*_groups(draft), *(row for one in lists for row in _choices(one, draft))],
        "survey.csv": [_item(question, draft) for question in draft.questions],
        "sources.csv": list(_sources(draft)),
        "columns.csv": list(_columns(draft)),
        "value_map.csv": [
            *(row for one in lists for row in _spellings(one)),
            *_marks(draft),
            *_missing(draft),
        ],
    }


def _groups(draft: Draft) -> Iterator[Mapping[str, str]]:
    for name, label in draft.groups.items():
        named = COUNTRIES if name in draft.countries else ""
        yield {"list_name": "respondents", "name": name, "label": label, "named": named}


def _choices(one: ChoiceList, draft: Draft) -> Iterator[Mapping[str, str]]:
    for option in one.options.values():
        yield {
            "list_name": one.name,
            "name": option.name,
            "label": option.label,
            "offered": " ".join(offered_in(option, one, draft)),
        }


def offered_in(option: Option, one: ChoiceList, draft: Draft) -> Sequence[str]:
    """Return the cycles that show an option; none where all do that have a question with it."""
    shown = {cycle for cycle, _ in option.places}
    if not shown or shown == {cycle for cycle, _ in one.places}:
        return []
    return [cycle for cycle in draft.cycles if cycle in shown]


def _item(question: Question, draft: Draft) -> Mapping[str, str]:
    kind = draft.kinds[question]
    one = draft.lists.get(question)
    groups = {group for _, group in question.places}
    return {
        "type": f"{kind.type} {one.name}" if one else kind.type,
        "name": draft.names[question],
        "label": label_of(question.text) or draft.names[question],
        "appearance": ORDERED if kind.is_ordered else "",
        "respondents": " ".join(group for group in draft.groups if group in groups),
        "asked": " ".join(cycle for cycle in draft.cycles if cycle in question.cycles),
        "is_paraphrase": "no",
    }


def _sources(draft: Draft) -> Iterator[Mapping[str, str]]:
    names = Names()
    for sheet in draft.sheets:
        export = sheet.export
        yield {
            "source": names.take(slug(export.path.stem), instead="export"),
            "title": label_of(f"{draft.groups[export.respondents]}, {export.cycle}: answers"),
            "licence": NOT_STATED,
            "citation": NOT_STATED,
            "file": export.name,
            "sha256": export.sha256,
            "cycle": export.cycle,
            "respondents": export.respondents,
            "has_ids": "yes" if draft.keys[export.name].respondent_id else "no",
            **{name: guarded(str(getattr(export.reading, name) or "")) for name in READINGS},
        }


def _columns(draft: Draft) -> Iterator[Mapping[str, str]]:
    """One row a header and what it holds; cycle and group only where not all exports have it."""
    held: dict[tuple[str, str, str], list[Place]] = {}
    for sheet in draft.sheets:
        keys = draft.keys[sheet.export.name]
        for item, column in ((RESPONDENT_ID, keys.respondent_id), (SUBMITTED, keys.when)):
            if column is not None:
                held.setdefault((item, "", column.header), []).append(sheet.place)
    for column in draft.ignored:
        held.setdefault((IGNORED, "", column.header), []).append(column.sheet.place)
    separators = {draft.names[one]: kind.separator for one, kind in draft.kinds.items()}
    for question in draft.questions:
        name = draft.names[question]
        for option, columns in _options_of(question, draft):
            for column in columns:
                held.setdefault((name, option, column.header), []).append(column.sheet.place)
    for (item, option, header), places in held.items():
        row = {"item": item, "option": option, "column": guarded(trimmed(header))}
        row["separator"] = separators.get(item, "")
        if len(places) == len(draft.sheets):
            yield row
            continue
        for cycle, group in places:
            yield {**row, "cycle": cycle, "respondents": group if len(draft.groups) > 1 else ""}


def _options_of(question: Question, draft: Draft) -> Sequence[tuple[str, Sequence[Column]]]:
    if not question.spread:
        return [("", question.columns)]
    options = draft.lists[question].options
    return [(options[folded(one.label)].name, one.columns) for one in question.spread]


def _spellings(one: ChoiceList) -> Iterator[Mapping[str, str]]:
    """The spellings of a list that neither the name nor the label of their option is."""
    for option in one.options.values():
        for spelling in option.spellings:
            if folded(spelling) not in (folded(option.name), folded(option.label)):
                yield {
                    "list_name": one.name,
                    "raw": guarded(spelling),
                    "name": option.name,
                    "reason": GUESSED,
                }


def _marks(draft: Draft) -> Iterator[Mapping[str, str]]:
    """How the exports say of one option that it was chosen."""
    columns = [
        column
        for question in draft.questions
        for option in question.spread
        if not option.words
        for column in option.columns
    ]
    for word in said(words_in(columns)):
        name = SELECTED if word.key in SELECTED_WORDS else NOT_SELECTED
        for spelling in word.spellings:
            if word.key in MARK_WORDS and folded(spelling) not in (SELECTED, NOT_SELECTED):
                yield {
                    "list_name": SELECTED_LIST,
                    "raw": guarded(spelling),
                    "name": name,
                    "reason": GUESSED,
                }


def _missing(draft: Draft) -> Iterator[Mapping[str, str]]:
    """The words that seem to say why there is no answer."""
    columns = [column for question in draft.questions for column in question.columns]
    parts = [
        part
        for question, kind in draft.kinds.items()
        if kind.separator
        for part in parts_of(draft.words[question], SEPARATORS[kind.separator])
    ]
    known: set[str] = set()
    for word in (*words_in(columns), *parts):
        if word.status and folded(word.label) not in known:
            known.add(folded(word.label))
            for spelling in word.spellings:
                yield {"raw": guarded(spelling), "name": word.status, "reason": GUESSED}
