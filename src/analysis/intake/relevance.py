"""The ``relevant`` rules of the codebook, as far as an export lets them be followed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

from analysis.intake.layout import Layout
from analysis.problems import Problem
from analysis.study.codebook import Codebook, Item
from analysis.study.conditions import Clause, Condition, clauses_of, only, parse
from analysis.study.exports import Export
from analysis.study.vocabulary import NUMBERS, RANKED_AT

_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def rules_of(
    layout: Layout, export: Export, book: Codebook
) -> tuple[dict[str, Condition], list[Problem]]:
    """Return the rules that can be followed in an export, by the item that they route to.

    Items, and parts of a rule about items, that this cycle or group was not asked are passed over.

    Returns
    -------
    dict, list of Problem
        A problem for each rule that is not a condition (`analysis.study.conditions`), that names
        an item or option which the codebook does not have, or an item that no column of the
        export holds.
    """
    rules: dict[str, Condition] = {}
    problems = []
    for name in layout.items:
        item = book.items[name]
        if not item.relevant or not item.is_asked(export.cycle, export.respondents):
            continue
        try:
            condition = parse(item.relevant)
        except ValueError as error:
            problems.append(_problem(item, book, f"{error}."))
            continue
        wrong = [_wrong(item, clause, layout, export, book) for clause in clauses_of(condition)]
        problems += [problem for problem in wrong if problem is not None]
        left = only(condition, lambda clause: _is_followed(clause, layout, export, book))
        if left is not None:
            rules[name] = left
    return rules, problems


def in_order(
    rules: Mapping[str, Condition], layout: Layout, book: Codebook
) -> tuple[tuple[str, ...], list[Problem]]:
    """Return the items so that each stands behind those that its rule names.

    Returns
    -------
    tuple of str, list of Problem
        No item, and a problem, where the rules run in a circle.
    """
    graph = {
        name: {one.item for one in clauses_of(rules[name])} if name in rules else set()
        for name in layout.items
    }
    try:
        return tuple(TopologicalSorter(graph).static_order()), []
    except CycleError as error:
        circle = error.args[1]
        message = f"the rules run in a circle: {' -> '.join(circle)}."
        return (), [_problem(book.items[circle[0]], book, message)]


def is_number(item: Item) -> bool:
    """Tell whether an item is answered with a number."""
    return item.type in NUMBERS


def _wrong(
    item: Item, clause: Clause, layout: Layout, export: Export, book: Codebook
) -> Problem | None:
    """What keeps a clause from being followed, where something should be mended."""
    problem = _unknown(item, clause, book)
    if problem is not None or not book.items[clause.item].is_asked(
        export.cycle, export.respondents
    ):
        return problem
    is_said = export.is_long or not _is_named(clause, export, book)
    if is_said and not _is_there(clause, layout):
        return _without_column(item, clause, export, book)
    return None


def _is_followed(clause: Clause, layout: Layout, export: Export, book: Codebook) -> bool:
    source = book.items.get(clause.item)
    if source is None or not source.is_asked(export.cycle, export.respondents):
        return False
    return _unknown(source, clause, book) is None and _is_there(clause, layout)


def _is_there(clause: Clause, layout: Layout) -> bool:
    return any(_is_of(option, clause) for option in layout.items.get(clause.item, ()))


def _unknown(item: Item, clause: Clause, book: Codebook) -> Problem | None:
    """What a clause names and the codebook has not."""
    source = book.items.get(clause.item)
    if source is None:
        message = f"{book.files['survey.csv']} has no item of that name."
        return _problem(item, book, message, clause.item, tuple(book.items))
    is_equal, is_empty = clause.sign in ("=", "!="), not clause.value
    if is_number(source) and not is_empty:
        if _NUMBER.fullmatch(clause.value):
            return None
        return _problem(item, book, f"{clause.item!r} is a number.", clause.value)
    if not is_equal:
        message = f"{clause.item!r} is no number, so it can only be = or != something."
        return _problem(item, book, message, str(clause))
    options = tuple(book.choices.get(source.choice_list, ()))
    if is_empty or clause.value in options:
        return None
    return _problem(item, book, f"{clause.item!r} has no such option.", clause.value, options)


def _without_column(item: Item, clause: Clause, export: Export, book: Codebook) -> Problem:
    lacking = (
        f"no row of {export.name} holds that of {export.respondents} in {export.cycle}."
        if export.is_long
        else f"{book.files['columns.csv']} names no column of {export.name} for that."
    )
    message = f"{item.name!r} was asked by the answer to {clause.item!r}, but {lacking}"
    return _problem(item, book, message)


def _is_named(clause: Clause, export: Export, book: Codebook) -> bool:
    """Whether a column is named for it; if so, that it is missing has been said already."""
    return any(
        row.item == clause.item
        and _is_of(row.option, clause)
        and row.is_in(export.cycle, export.respondents)
        for row in book.columns
    )


def _is_of(option: str, clause: Clause) -> bool:
    """Whether a column of an option, of all, or of a rank can hold what a clause names."""
    is_any = not clause.value
    return is_any or option in ("", clause.value) or RANKED_AT.fullmatch(option) is not None


def _problem(
    item: Item, book: Codebook, message: str, value: str = "", allowed: tuple[str, ...] = ()
) -> Problem:
    return Problem(
        message,
        file=book.files["survey.csv"],
        row=item.row,
        column="relevant",
        value=value or item.relevant,
        allowed=allowed,
    )
