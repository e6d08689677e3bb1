"""The ``relevant`` rules of the codebook, as far as an export lets them be followed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from analysis.intake.layout import Layout
from analysis.problems import Problem
from analysis.study.codebook import Codebook, Item
from analysis.study.exports import Export
from analysis.study.rules import Rule, all_of
from analysis.study.vocabulary import RANKED_AT


def rules_of(
    layout: Layout, export: Export, book: Codebook
) -> tuple[dict[str, tuple[Rule, ...]], list[Problem]]:
    """Return the rules that can be followed in an export, by the item that they route to.

    Who was asked an item is who all of its rules hold for. Items and rules about items that this
    cycle or group was not asked are passed over.

    Returns
    -------
    dict, list of Problem
        A problem for each rule that is not of the form ``${item} = 'option'``, that names an item
        or option which the codebook does not have, or an item that no column of the export holds.
    """
    rules: dict[str, tuple[Rule, ...]] = {}
    problems = []
    for name in layout.items:
        item = book.items[name]
        if not item.relevant or not item.is_asked(export.cycle, export.respondents):
            continue
        try:
            parts = all_of(item.relevant)
        except ValueError as error:
            problems.append(_problem(item, book, f"{error}."))
            continue
        followed = []
        for rule in parts:
            problem = _unknown(item, rule, book)
            if problem is not None:
                problems.append(problem)
            elif not book.items[rule.item].is_asked(export.cycle, export.respondents):
                continue
            elif any(_is_of(option, rule) for option in layout.items.get(rule.item, ())):
                followed.append(rule)
            elif export.is_long or not _is_named(rule, export, book):
                problems.append(_without_column(item, rule, export, book))
        if followed:
            rules[name] = tuple(followed)
    return rules, problems


def in_order(
    rules: Mapping[str, Sequence[Rule]], layout: Layout, book: Codebook
) -> tuple[tuple[str, ...], list[Problem]]:
    """Return the items so that each stands behind those that its rules name.

    Returns
    -------
    tuple of str, list of Problem
        No item, and a problem, where the rules run in a circle.
    """
    graph = {name: {rule.item for rule in rules.get(name, ())} for name in layout.items}
    try:
        return tuple(TopologicalSorter(graph).static_order()), []
    except CycleError as error:
        circle = error.args[1]
        message = f"the rules run in a circle: {' -> '.join(circle)}."
        return (), [_problem(book.items[circle[0]], book, message)]


def _unknown(item: Item, rule: Rule, book: Codebook) -> Problem | None:
    """What a rule names and the codebook has not."""
    source = book.items.get(rule.item)
    if source is None:
        message = f"{book.files['survey.csv']} has no item of that name."
        return _problem(item, book, message, rule.item, tuple(book.items))
    options = tuple(book.choices.get(source.choice_list, ()))
    if rule.option not in options:
        message = f"{rule.item!r} has no such option."
        return _problem(item, book, message, rule.option, options)
    return None


def _without_column(item: Item, rule: Rule, export: Export, book: Codebook) -> Problem:
    lacking = (
        f"no row of {export.name} holds that of {export.respondents} in {export.cycle}."
        if export.is_long
        else f"{book.files['columns.csv']} names no column of {export.name} for that."
    )
    message = f"{item.name!r} was asked by the answer to {rule.item!r}, but {lacking}"
    return _problem(item, book, message)


def _is_named(rule: Rule, export: Export, book: Codebook) -> bool:
    """Whether a column is named for it; if so, that it is missing has been said already."""
    return any(
        row.item == rule.item
        and _is_of(row.option, rule)
        and row.is_in(export.cycle, export.respondents)
        for row in book.columns
    )


def _is_of(option: str, rule: Rule) -> bool:
    """Whether a column of an option, of all, or of a rank can hold what a rule names."""
    return option in ("", rule.option) or RANKED_AT.fullmatch(option) is not None


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
