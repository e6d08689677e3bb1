"""The ``relevant`` rules of the codebook, as far as an export lets them be followed."""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

from analysis.intake.layout import COLUMNS, Layout
from analysis.problems import Problem
from analysis.study.codebook import Codebook, Item
from analysis.study.exports import Export
from analysis.study.places import CODEBOOK
from analysis.study.rules import Rule


def rules_of(
    layout: Layout, export: Export, book: Codebook
) -> tuple[dict[str, Rule], list[Problem]]:
    """Return the rules that can be followed in an export, by the item that they route to.

    Items and rules about items that this cycle or group was not asked are passed over.

    Returns
    -------
    dict, list of Problem
        A problem for each rule that is not of the form ``${item} = 'option'``, that names an item
        or option which the codebook does not have, or an item that no column of the export holds.
    """
    rules: dict[str, Rule] = {}
    problems = []
    for name in layout.items:
        item = book.items[name]
        if not item.relevant or not item.is_asked(export.cycle, export.respondents):
            continue
        try:
            rule = Rule.parse(item.relevant)
        except ValueError as error:
            problems.append(_problem(item, f"{error}."))
            continue
        source = book.items.get(rule.item)
        if source is None:
            problems.append(
                _problem(item, "survey.csv has no item of that name.", rule.item, book.items)
            )
            continue
        options = book.choices.get(source.choice_list, {})
        if rule.option not in options:
            message = f"{rule.item!r} has no such option."
            problems.append(_problem(item, message, rule.option, options))
        elif not source.is_asked(export.cycle, export.respondents):
            continue
        elif {"", rule.option} & set(layout.items.get(rule.item, ())):
            rules[name] = rule
        elif export.is_long or not _is_named(rule, export, book):
            lacking = (
                f"no row of {export.name} holds that of {export.respondents} in {export.cycle}."
                if export.is_long
                else f"{COLUMNS} names no column of {export.name} for that."
            )
            message = f"{name!r} was asked by the answer to {rule.item!r}, but {lacking}"
            problems.append(_problem(item, message))
    return rules, problems


def in_order(
    rules: Mapping[str, Rule], layout: Layout, book: Codebook
) -> tuple[tuple[str, ...], list[Problem]]:
    """Return the items so that each stands behind the one that its rule names.

    Returns
    -------
    tuple of str, list of Problem
        No item, and a problem, where the rules run in a circle.
    """
    graph = {name: {rules[name].item} if name in rules else set() for name in layout.items}
    try:
        return tuple(TopologicalSorter(graph).static_order()), []
    except CycleError as error:
        circle = error.args[1]
        message = f"the rules run in a circle: {' -> '.join(circle)}."
        return (), [_problem(book.items[circle[0]], message)]


def _is_named(rule: Rule, export: Export, book: Codebook) -> bool:
    """Whether a column is named for it; if so, that it is missing has been said already."""
    return any(
        row.item == rule.item
        and row.option in ("", rule.option)
        and row.is_in(export.cycle, export.respondents)
        for row in book.columns
    )


def _problem(
    item: Item, message: str, value: str = "", allowed: Mapping[str, object] | None = None
) -> Problem:
    return Problem(
        message,
        file=f"{CODEBOOK}/survey.csv",
        row=item.row,
        column="relevant",
        value=value or item.relevant,
        allowed=tuple(allowed or ()),
    )
