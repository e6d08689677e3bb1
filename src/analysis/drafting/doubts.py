"""What is uncertain about single questions: the decisions that need no look at another cycle."""

from __future__ import annotations

from analysis.drafting.cells import said
from analysis.drafting.draft import Draft
from analysis.drafting.kinds import (
    DECIMAL,
    INTEGER,
    SELECT_ONE,
    TEXT,
    YES_NO,
    asks_how_many,
    missing_numbers,
)
from analysis.drafting.text import listed_quotes, quoted, starts_formula
from analysis.drafting.topics import Topic, named
from analysis.problems import listed, several
from analysis.study.places import SYNTHETIC

SILENT = 0.2
"""From this share of blank cells on, it is asked whether a question was put to all."""

MOST_CODES = 10
"""So many different numbers, and no more, may be codes of answers."""


def invented(draft: Draft) -> Topic:
    """Answers that say of themselves that they are made up."""
    line = "All answers are invented. Right?"
    return Topic(
        "Is nothing of this a finding?",
        f"The exports have a column `{SYNTHETIC}`, so `invented` in `settings.csv` is yes, and "
        "every page, table and picture will say so.",
        [line] if draft.is_invented else [],
    )


def numbers_for_missing(draft: Draft) -> Topic:
    """Numbers that could stand for missing answers."""
    lines = []
    for question in draft.questions:
        if draft.kinds[question].type in (INTEGER, DECIMAL, SELECT_ONE):
            kept = "an option" if draft.kinds[question].type == SELECT_ONE else "a number"
            words = missing_numbers(draft.words[question])
            told = [f"{quoted(word.label)} ({several(word.total, 'cell')})" for word in words]
            told = [f"{listed(told)}, each kept as {kept}"] if told else []
            lines += [f"{named(question, draft)}: {one}" for one in told]
    return Topic(
        "Do these numbers stand for missing answers?",
        "They count as what the line says until a row of `value_map.csv` says why there is no "
        "answer; then delete such an option in `choices.csv`.",
        lines,
    )


def numbers_as_codes(draft: Draft) -> Topic:
    """Questions taken for amounts whose few numbers recur."""
    lines = []
    for question in draft.questions:
        words = said(draft.words[question])
        is_amount = draft.kinds[question].type != INTEGER or asks_how_many(question.text)
        recurs = sum(word.total for word in words) >= 2 * len(words)
        if not is_amount and recurs and len(words) <= MOST_CODES:
            listed_words = listed_quotes([word.label for word in words], most=MOST_CODES)
            lines.append(f"{named(question, draft)}: {listed_words}")
    return Topic(
        "Are these numbers codes of answers?",
        "They are taken for amounts. If 1 is a yes and 2 a no, say, give the question a "
        "`select_one` in `survey.csv` and the meanings in `choices.csv`; a code can also stand for "
        "a missing answer (`value_map.csv`).",
        lines,
    )


def missing_words(draft: Draft) -> Topic:
    """Words taken for a reason why there is no answer."""
    found: dict[tuple[str, str], int] = {}
    for question in draft.questions:
        for word in draft.words[question]:
            if word.status:
                key = (word.status, word.label)
                found[key] = found.get(key, 0) + word.total
    return Topic(
        "Do these words say why there is no answer?",
        "`value_map.csv` takes them so in every question, with the reason “guessed”.",
        [
            f"{quoted(label)} ({several(number, 'cell')}) is `{status}`"
            for (status, label), number in found.items()
        ],
    )


def spread(draft: Draft) -> Topic:
    """Columns taken as the options of one question."""
    return Topic(
        "Are these columns one question with several answers?",
        "They are options of one `select_multiple`. If each is a question of its own, give each a "
        "row in `survey.csv` and `columns.csv`.",
        [
            f"{named(one, draft)}: {several(len(one.spread), 'option')}, "
            f"{listed_quotes([option.label for option in one.spread], most=3)}"
            for one in draft.questions
            if one.spread
        ],
    )


def separated(draft: Draft) -> Topic:
    """Questions with several answers in one cell."""
    return Topic(
        "Does one cell hold several answers?",
        "`separator` in `columns.csv` says what stands between them; options with that sign in "
        "them fall apart.",
        [
            f"{named(one, draft)}: {kind.separator}; "
            f"{listed_quotes([word.label for word in kind.words])}"
            for one, kind in draft.kinds.items()
            if kind.separator
        ],
    )


def not_numbers(draft: Draft) -> Topic:
    """Questions that hold numbers and something else."""
    lines = []
    for question, kind in draft.kinds.items():
        if kind.odd:
            kept = "text" if kind.type == TEXT else "numbers"
            lines.append(f"{named(question, draft)}, kept as {kept}: {listed_quotes(kind.odd)}")
    return Topic(
        "What is no plain number or date?",
        "Among numbers: say in `value_map.csv` what these mean, or make the question text in "
        "`survey.csv`. In text: write plain digits with a decimal point in the export, and dates "
        "as year-month-day.",
        lines,
    )


def put_to_part(draft: Draft) -> Topic:
    """Questions with many blanks."""
    lines = []
    for question in draft.questions:
        n_rows = sum(len(column.cells) for column in question.columns)
        n_blank = n_rows - sum(column.n_answers for column in question.columns)
        if not question.spread and n_blank < n_rows and n_blank >= SILENT * n_rows:
            lines.append(f"{named(question, draft)}: {n_blank} of {n_rows} blank")
    return Topic(
        "Was the question put to some only?",
        "Then say to whom in `relevant` of `survey.csv`; until then a blank is no answer.",
        lines,
    )


def scales(draft: Draft) -> Topic:
    """Ordered answers, and 1 and 0 taken for yes and no."""
    lines: dict[str, list[str]] = {}
    for question, kind in draft.kinds.items():
        if kind.scale and kind.scale != YES_NO:
            labels = listed_quotes([word.label for word in kind.words], most=12)
            lines.setdefault(labels, []).append(draft.names[question])
        elif kind.scale == YES_NO and kind.words[0].key == "1":
            lines.setdefault("`1` is yes, `0` is no", []).append(draft.names[question])
    return Topic(
        "Is this the order of the answers?",
        "The order is that of `choices.csv`, the lowest first; `appearance` in `survey.csv` says "
        "which questions have one.",
        [f"{labels}: {listed_quotes(names)}" for labels, names in lines.items()],
    )


def free_text(draft: Draft) -> Topic:
    """Questions taken for free text."""
    return Topic(
        "Is this free text?",
        "Text is not counted. If it is a choice, give it a list in `choices.csv`.",
        [
            f"{named(one, draft)}: {kind.why}"
            for one, kind in draft.kinds.items()
            if kind.type == TEXT and not kind.odd
        ],
    )


def ignored(draft: Draft) -> Topic:
    """Columns that are left out."""
    return Topic(
        "Are these columns without answers?",
        "`columns.csv` leaves them out (`ignored`). Some may identify people: take them out of the "
        "exports before you pass these on.",
        [quoted(header) for header in dict.fromkeys(column.header for column in draft.ignored)],
    )


def formulas(draft: Draft) -> Topic:
    """Texts that a spreadsheet would take for formulas."""
    texts = [column.header for sheet in draft.sheets for column in sheet.columns]
    words = [word for found in draft.words.values() for word in found]
    texts += [spelling for word in words for spelling in word.spellings]
    return Topic(
        "Is it safe to open the exports?",
        "These texts begin like a formula. The tables have an apostrophe before them, which is "
        "read as not there; the exports have none: open those in a spreadsheet with every column "
        "as text only.",
        [quoted(text) for text in dict.fromkeys(texts) if starts_formula(text)],
    )
