"""What is uncertain about options: their order, several spellings, “other”, “none of these”."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

import pandas as pd

from analysis.drafting.cells import Column, Sheet, Word
from analysis.drafting.draft import Draft
from analysis.drafting.headers import STYLES, parts_in, text_of
from analysis.drafting.kinds import SELECT_MULTIPLE, SELECT_ONE
from analysis.drafting.questions import OTHER, Question
from analysis.drafting.text import listed_quotes, quoted, slug
from analysis.drafting.topics import Topic, named, placed
from analysis.drafting.words import EXCLUSIVE, NO, NOT_SELECTED_WORDS, YES, word_key
from analysis.intake.spelling import folded
from analysis.problems import several

LONGEST_SHORT = 3
"""A word of so many letters can be short for one that begins so."""

_TEXT_BESIDE = re.compile(
    r"(?P<stem>.+?)(_\d+)?_(text|other\w*|autre\w*|otr[oa]\w*|altro\w*)", re.IGNORECASE
)


def unordered(draft: Draft) -> Topic:
    """Options that read like a scale of which not all words are known."""
    return Topic(
        "Are these answers ordered?",
        "They read like a scale, of which not all words are known. Put them in their order in "
        "`choices.csv`, the lowest first, before `appearance` in `survey.csv` says `likert`.",
        [
            f"{named(question, draft)}: {_listed(kind.words)}"
            for question, kind in draft.kinds.items()
            if kind.reads_like_scale
        ],
    )


def _listed(words: Sequence[Word]) -> str:
    return listed_quotes([word.label for word in words], most=12)


def spellings(draft: Draft) -> Topic:
    """Options that could be one in several spellings: ``Y``, ``1`` and ``Yes``."""
    return Topic(
        "Are these one option in several spellings?",
        "They are several options. Where they are one, delete all but one in `choices.csv` and say "
        "in `value_map.csv` which one the other spellings mean.",
        [
            f"{named(question, draft)}: {listed_quotes([word.label for word in same])}"
            for question, kind in draft.kinds.items()
            if kind.type == SELECT_ONE and not kind.scale
            for same in _same(kind.words)
        ],
    )


def _same(words: Sequence[Word]) -> Iterator[Sequence[Word]]:
    """The words that mean yes, those that mean no, and those that are short for another."""
    meant = [[word for word in words if word.key in known] for known in (YES | {"1"}, NO | {"0"})]
    yield from (same for same in meant if len(same) > 1)
    rest = [word for word in words if not any(word in same for same in meant)]
    for short in rest:
        longer = [one for one in rest if one is not short and one.key.startswith(short.key)]
        if len(longer) == 1 and short.key.isalpha() and len(short.key) <= LONGEST_SHORT:
            yield [short, longer[0]]


def exclusive(draft: Draft) -> Topic:
    """Options of questions with several answers that say that there is none."""
    lines = []
    for question, kind in draft.kinds.items():
        if kind.type == SELECT_MULTIPLE:
            options = draft.lists[question].options.values()
            none = [one.label for one in options if _says_none(one.label)]
            lines += [f"{named(question, draft)}: {listed_quotes(none)}"] if none else []
    return Topic(
        "Can these options be chosen beside others?",
        "If not, write `yes` into `exclusive` of `choices.csv`; until then nobody asks "
        "about answers that contradict each other.",
        lines,
    )


def _says_none(label: str) -> bool:
    """Whether an option says that no other holds; one called like a mark was called `option …`."""
    return EXCLUSIVE.fullmatch(word_key(label.removeprefix("option "))) is not None


def other_only(draft: Draft) -> Topic:
    """Respondents that wrote something beside “other” and chose nothing."""
    by_stem = {
        folded(stem): one for one in reversed(draft.questions) for stem in (one.text, one.header)
    }
    lines = []
    for beside in draft.questions:
        stems = () if beside.spread else _stems(beside.header)
        question = next((by_stem[stem] for stem in stems if stem in by_stem), None)
        if question is None or question is beside:
            continue
        for sheet in draft.sheets:
            number = _n_only(beside, question, sheet)
            if number:
                rows = several(number, "row has", "rows have")
                lines.append(
                    f"{named(question, draft)} in {placed(sheet.place)}: {rows} only "
                    f"{quoted(beside.header)}"
                )
    return Topic(
        "Did these respondents answer with “other” only?",
        "They count as no answer, because only the text beside the options is filled. Where each "
        "option has a column, make this column the option `other` in `choices.csv` and "
        "`columns.csv`, and map each text to `selected` in `value_map.csv`, list `selected`. "
        "Elsewhere choose “other” in a copy of the export, and draft once more.",
        lines,
    )


def _stems(header: str) -> Iterable[str]:
    """What the question could be called beside whose “other” this header has the text."""
    found = [part for style in STYLES if (part := parts_in(header, style))]
    stems = [part.stem for part in found if slug(part.option).startswith(OTHER)]
    match = _TEXT_BESIDE.fullmatch(header.strip())
    stems += [match["stem"]] if match else []
    return dict.fromkeys(folded(text) for stem in stems for text in (stem, text_of(stem)))


def _n_only(beside: Question, question: Question, sheet: Sheet) -> int:
    """How many rows of an export hold the text and nothing that was chosen."""
    texts = [column for column in beside.columns if column.sheet is sheet]
    chosen = [column for column in question.columns if column.sheet is sheet]
    if not texts or not chosen:
        return 0
    blank = {"", *(NOT_SELECTED_WORDS if question.spread else ())}
    return int((_is_said(texts, {""}) & ~_is_said(chosen, blank)).sum())


def _is_said(columns: Sequence[Column], blank: Collection[str]) -> pd.Series[bool]:
    """Whether a row holds something in one of some columns that does not count as blank."""
    cells = pd.concat([column.cells.map(word_key) for column in columns], axis=1)
    return (~cells.isin(list(blank))).any(axis=1)
