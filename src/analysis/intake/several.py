"""Items with several answers, one column or many: which options were chosen, on which rank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from analysis.intake.answers import Answers, Meaning, refused
from analysis.intake.listed import EXCLUDES, TWICE
from analysis.study.codebook import Codebook, Item
from analysis.study.vocabulary import (
    ANSWERED,
    NOT_SELECTED,
    RANKED_AT,
    SELECTED,
    SEVERAL,
)

Columns = Mapping[str, Answers]
"""The columns of one item, by option (empty: all options in one cell) or by rank (``#1``)."""

SAME_RANK = "two options have the rank {rank}"


def has_several(item: Item) -> bool:
    """Tell whether an item has an answer an option."""
    return item.type.partition(" ")[0] in SEVERAL


def is_ranking(item: Item) -> bool:
    """Tell whether an item asks for an order."""
    return item.type.partition(" ")[0] == "rank"


def named_in(columns: Columns, option: str) -> NDArray[np.bool_]:
    """Tell for each row whether an option was chosen, on whichever rank."""
    if "" in columns:
        return columns[""].holds(lambda one: option in (one.after, *one.chosen))
    if option in columns:
        return columns[option].holds(_is_chosen)
    masks = [one.holds(lambda meaning: meaning.after == option) for one in columns.values()]
    result: NDArray[np.bool_] = np.logical_or.reduce(masks)
    return result


def without_contradictions(columns: Columns, item: Item, book: Codebook) -> dict[str, Answers]:
    """Refuse the answers of a row to an item that contradict each other.

    These are an option that excludes all others beside one of them, two options on one rank, and
    one option on two ranks. All answers of the row to the item are refused.
    """
    found = dict(columns)
    if not has_several(item) or "" in columns:
        return found
    for mask, reason in _contradictions(columns, item, book):
        for option, answers in found.items():
            found[option] = answers.where(mask, partial(refused, reason=reason))
    return found


def by_option(columns: Columns, item: Item, book: Codebook, cycle: str) -> dict[str, Answers]:
    """Return a column an option: ``selected`` or ``not_selected``, in a ranking the rank.

    Columns that are so already stay. Where one cell holds all answers, or a column a rank, there
    is a column for each option that could be chosen in the cycle, and for each other one that
    somebody chose all the same.
    """
    if not has_several(item) or not ({""} & set(columns) or _ranks(columns)):
        return dict(columns)
    offered = book.options_in(item.choice_list, cycle)
    options = [
        option
        for option in book.choices[item.choice_list]
        if option in offered or named_in(columns, option).any()
    ]
    if "" in columns:
        whole = columns[""]
        return {
            option: Answers(
                tuple(_of(one, option, is_ranking(item)) for one in whole.meanings), whole.codes
            )
            for option in options
        }
    return {option: _rank_of(columns, option) for option in options}


def _is_chosen(one: Meaning) -> bool:
    return one.status == ANSWERED and one.after != NOT_SELECTED


def _contradictions(
    columns: Columns, item: Item, book: Codebook
) -> list[tuple[NDArray[np.bool_], str]]:
    if _ranks(columns):
        return [
            (_how_many(columns, option) > 1, TWICE.format(option=option))
            for option in book.choices[item.choice_list]
        ]
    if is_ranking(item):
        ranks = {one.after for own in columns.values() for one in own.meanings if _is_chosen(one)}
        return [
            (_how_many(columns, rank) > 1, SAME_RANK.format(rank=rank))
            for rank in sorted(ranks, key=int)
        ]
    number = _how_many(columns, SELECTED)
    return [
        (own.holds(_is_chosen) & (number > 1), EXCLUDES.format(option=option))
        for option, own in columns.items()
        if (item.choice_list, option) in book.exclusive
    ]


def _how_many(columns: Columns, word: str) -> NDArray[np.intp]:
    """How many columns of an item hold a word, for each row."""
    masks = [own.holds(lambda one: one.after == word) for own in columns.values()]
    counts: NDArray[np.intp] = np.count_nonzero(masks, axis=0)
    return counts


def _ranks(columns: Columns) -> dict[int, Answers]:
    """The columns by the rank that they hold the option of."""
    found = {}
    for name, answers in columns.items():
        match = RANKED_AT.fullmatch(name)
        if match is not None:
            found[int(match[1])] = answers
    return found


def _of(one: Meaning, option: str, is_ranked: bool) -> Meaning:
    """What a cell with all answers says about one option."""
    if one.status != ANSWERED:
        return replace(one, chosen=())
    if option not in one.chosen:
        return replace(one, after=NOT_SELECTED, chosen=())
    after = str(one.chosen.index(option) + 1) if is_ranked else SELECTED
    return replace(one, after=after, chosen=())


def _rank_of(columns: Columns, option: str) -> Answers:
    """The rank of an option, from the columns that hold the option of each rank."""
    ranks = _ranks(columns)
    own = list(ranks.values())
    is_answered = np.logical_or.reduce([one.is_answered for one in own])
    # Where nothing was answered, the first column says why.
    first = own[0]
    parts: list[tuple[NDArray[np.intp], Answers]] = []
    left = is_answered.copy()
    for rank, answers in ranks.items():
        here = left & answers.holds(lambda one: one.after == option)
        parts.append(_constant(here, str(rank)))
        left &= ~here
    parts.append(_constant(left, NOT_SELECTED))
    silent = np.flatnonzero(~is_answered)
    parts.append((silent, first.at(silent)))
    return Answers.joined(len(is_answered), parts)


def _constant(mask: NDArray[np.bool_], after: str) -> tuple[NDArray[np.intp], Answers]:
    places = np.flatnonzero(mask)
    return places, Answers((Meaning("", after),), np.zeros(len(places), dtype=np.intp))


def in_several_ways(options: Sequence[str]) -> bool:
    """Tell whether the columns of an item hold options in more than one of the ways.

    >>> in_several_ways(["", "audit"]), in_several_ways(["#1", "#2"]), in_several_ways(["a", "b"])
    (True, False, False)
    """
    ways = {"#" if RANKED_AT.fullmatch(option) else bool(option) for option in options}
    return len(ways) > 1
