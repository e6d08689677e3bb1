"""Who was asked which question, and what a blank then means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from analysis.intake.answers import (
    BLANK,
    DONT_KNOW,
    NO_ANSWER,
    NOT_APPLICABLE,
    NOT_ASKED,
    REFUSED,
    Answers,
    Meaning,
)
from analysis.intake.layout import Layout
from analysis.intake.relevance import in_order, is_number, rules_of
from analysis.intake.several import named_in, without_contradictions
from analysis.problems import Problem
from analysis.study.codebook import Codebook
from analysis.study.conditions import Clause, compare, holds
from analysis.study.exports import Export
from analysis.study.vocabulary import ANSWERED, NOT_SELECTED

Columns = Mapping[str, Answers]
"""The answers of each column of a question, by header."""


def consistent(columns: Columns, layout: Layout, book: Codebook) -> dict[str, Answers]:
    """Refuse the answers to one item that contradict each other, before anything hangs on them."""
    found = dict(columns)
    for name, headers in layout.items.items():
        own = {option: columns[header] for option, header in headers.items()}
        for option, answers in without_contradictions(own, book.items[name], book).items():
            found[headers[option]] = answers
    return found


def route(
    columns: Columns, layout: Layout, export: Export, book: Codebook
) -> tuple[dict[str, Answers], list[Problem]]:
    """Tell questions that were not asked from those that were not answered.

    A question was asked where the codebook says so for this cycle and group and, if it has a
    ``relevant`` rule, where that holds. Of a question that was not asked, a blank is
    ``not_asked``, and an answer goes to the quarantine. Rules are followed in their order: who was
    not asked a question is not asked what hangs on it.

    A rule about a question that this cycle or group was not asked leaves the question to all.

    Returns
    -------
    dict, list of Problem
        The columns with their new meanings; a problem for each rule that cannot be followed.
    """
    rules, problems = rules_of(layout, export, book)
    routed = dict(columns)
    order, more = in_order(rules, layout, book)
    for name in order:
        item, rule = book.items[name], rules.get(name)
        if not item.is_asked(export.cycle, export.respondents):
            reason = f"not asked of {export.respondents} in {export.cycle}"
            mask = np.ones(len(_any(columns).codes), dtype=np.bool_)
        elif rule is not None:
            reason = f"answered though not asked: {item.relevant} does not hold"
            mask = ~holds(rule, lambda clause: _holds(clause, routed, layout, book))
        else:
            continue
        for header in layout.items[name].values():
            routed[header] = routed[header].where(mask, partial(_not_asked, reason=reason))
    return routed, [*problems, *more]


def fill_spread(columns: Columns, layout: Layout) -> dict[str, Answers]:
    """Say what a blank means in an item that is spread over columns.

    Beside an answer in another column of the item, a blank option is ``not_selected``; but where
    a cell of the item says ``not_selected`` in words, blanks do not mean it and stay
    ``no_answer``. Beside nothing but a status (``dont_know``), it has that status. If all columns
    are blank, nobody answered: ``no_answer``.
    """
    filled = dict(columns)
    for options in layout.items.values():
        if "" in options:
            continue
        own = [columns[header] for header in options.values()]
        is_answered = np.logical_or.reduce([one.is_answered for one in own])
        for status, beside in (
            (NOT_APPLICABLE, _has(own, NOT_APPLICABLE) & ~is_answered),
            (DONT_KNOW, _has(own, DONT_KNOW) & ~is_answered),
            (NOT_SELECTED, is_answered & ~_says_no(own)),
        ):
            for header in options.values():
                change = partial(_instead_of_blank, after=status)
                filled[header] = filled[header].where(beside, change)
    return filled


def _any(columns: Columns) -> Answers:
    return next(iter(columns.values()))


def _has(columns: list[Answers], status: str) -> NDArray[np.bool_]:
    masks = [one.holds(lambda meaning: meaning.status == status) for one in columns]
    result: NDArray[np.bool_] = np.logical_or.reduce(masks)
    return result


def _says_no(columns: list[Answers]) -> bool:
    """Whether a cell of an item says that an option was not selected, and is no blank."""
    masks = [one.holds(lambda m: m.after == NOT_SELECTED and not m.is_blank) for one in columns]
    return bool(np.any(masks))


def _not_asked(meaning: Meaning, *, reason: str) -> Meaning:
    if meaning.status in (NOT_ASKED, NOT_APPLICABLE):
        return meaning
    changed = replace(meaning, after=NOT_ASKED, status=NOT_ASKED)
    if meaning.is_blank:
        return replace(changed, rule=BLANK.format(status=NOT_ASKED))
    if meaning.status == NO_ANSWER:
        # Said in so many words that there is no answer, or in the quarantine already.
        return changed
    return replace(changed, rule=REFUSED.format(reason=reason), reason=reason)


def _instead_of_blank(meaning: Meaning, *, after: str) -> Meaning:
    if not meaning.is_blank or meaning.status != NO_ANSWER:
        return meaning
    status = ANSWERED if after == NOT_SELECTED else after
    return replace(meaning, after=after, status=status, rule=BLANK.format(status=after))


def _holds(clause: Clause, columns: Columns, layout: Layout, book: Codebook) -> NDArray[np.bool_]:
    """Where the answer to a question is as a clause says; no answer is not equal to any."""
    own = {option: columns[header] for option, header in layout.items[clause.item].items()}
    if not clause.value:
        masks = [one.is_answered for one in own.values()]
        is_answered: NDArray[np.bool_] = np.logical_or.reduce(masks)
        return is_answered if clause.sign == "!=" else ~is_answered
    if is_number(book.items[clause.item]):
        return _any(own).holds(
            lambda one: (
                compare(float(one.after), clause) if one.status == ANSWERED else clause.sign == "!="
            )
        )
    named = named_in(own, clause.value)
    return named if clause.sign == "=" else ~named
