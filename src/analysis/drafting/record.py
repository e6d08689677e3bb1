"""The record of a draft: what each question was taken for and why, its options and their counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from analysis.drafting.cells import Place
from analysis.drafting.draft import Draft
from analysis.drafting.lists import Option
from analysis.drafting.questions import Question
from analysis.drafting.text import listed_quotes, quoted
from analysis.drafting.topics import placed
from analysis.problems import listed, several


def record_of(draft: Draft) -> str:
    """Return the record as Markdown. Texts of the exports stand in it as code."""
    return "\n".join(_lines(draft)) + "\n"


def _lines(draft: Draft) -> Iterator[str]:
    yield "# How this codebook was guessed"
    yield ""
    yield (
        "Made from the exports below. Labels are in one line, and one that begins like a formula "
        "stands in quotation marks; `column` in `columns.csv` and `raw` in `value_map.csv` are "
        "what the exports hold, with an apostrophe before a formula. Once the codebook is edited, "
        "this file is out of date and can be deleted."
    )
    yield ""
    for sheet in draft.sheets:
        counted = f"{several(len(sheet.raw.table), 'row')}, {several(len(sheet.columns), 'column')}"
        yield f"- {quoted(sheet.export.name)}: {placed(sheet.place)}, {counted}"
    for question in draft.questions:
        yield ""
        yield f"## `{draft.names[question]}`"
        yield ""
        yield from _question(question, draft)


def _question(question: Question, draft: Draft) -> Iterator[str]:
    kind = draft.kinds[question]
    headers = list(dict.fromkeys(column.header for column in question.columns))
    yield f"- header: {listed_quotes(headers, most=3)} in {listed(question.cycles)}"
    yield f"- taken for: {kind.type} ({kind.why})"
    answers = sum(column.n_answers for column in question.columns)
    cells = sum(len(column.cells) for column in question.columns)
    yield f"- {several(answers, 'answer')} in {several(cells, 'cell')}"
    if question.spread:
        for spread in question.spread:
            number = sum(column.n_answers for column in spread.columns)
            yield f"  - {quoted(spread.label)}: {several(number, 'cell')} not blank"
    elif question in draft.lists:
        own = draft.lists[question]
        yield f"- list: `{own.name}`"
        for word in kind.words:
            option = _option_of(word.label, draft, question)
            named = f" (`{option.name}`)" if option else ""
            yield f"  - {quoted(word.label)}{named}: {_counts(word.counts, draft)}"
    missing = [word for word in draft.words[question] if word.status]
    for word in missing:
        yield f"- {quoted(word.label)} as `{word.status}`: {_counts(word.counts, draft)}"


def _option_of(label: str, draft: Draft, question: Question) -> Option | None:
    for option in draft.lists[question].options.values():
        if label in option.spellings or label == option.label:
            return option
    return None


def _counts(counts: Mapping[Place, int], draft: Draft) -> str:
    told = [f"{counts.get(sheet.place, 0)} in {placed(sheet.place)}" for sheet in draft.sheets]
    return listed(told)
