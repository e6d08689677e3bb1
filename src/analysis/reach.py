"""What of a study a page can show, judged by its code: some items, or anything.

A page that calls nothing but the calls named here shows its own items and those that its code
names. A page that does anything else is taken to show the whole study, so that a call which is
not named here leads to too many runs of a page, never to a stale one.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from analysis.parameters import indicators_on
from analysis.study import Page, Study

ITEMWISE = frozenset(
    "figure figures say say_for over_each_base question who_answered count_table headlines "
    "comparison_table panel sensitivity trends external lists findings_table readings indicators "
    "answers".split()
)
"""Calls on a section that show items, figures and sections of the page or named in the call."""

HARMLESS = frozenset(
    "print len sorted list dict tuple set str int float bool round range zip enumerate min max "
    "sum any all open_section".split()
)


@dataclass(frozen=True)
class Reach:
    """What a page can show.

    Attributes
    ----------
    items, figures, sections : names, in the order of the codebook.
    is_whole : whether it may show anything of the study; then the names are all that there are.
    """

    items: tuple[str, ...]
    figures: tuple[str, ...]
    sections: tuple[str, ...]
    is_whole: bool = False


def reach(study: Study, page: Page, code: Sequence[str], given: Collection[str] = ()) -> Reach:
    """Return what a page can show.

    Parameters
    ----------
    code : the source of its code cells.
    given : the values of the parameters that it is given, which its code can name things by.
    """
    book = study.codebook
    if not all(_is_plain(cell) for cell in code):
        return Reach(tuple(book.items), tuple(book.figures), tuple(book.sections), is_whole=True)
    words = _words(code) | set(given)
    sections = {name for name in book.sections if name in words} | set(page.sections)
    figures = {
        name for name, one in book.figures.items() if name in words or one.section in sections
    }
    indicators = {name for name in book.indicators if name in words}
    indicators |= set(indicators_on(study, page))
    indicators |= {name for figure in figures for name in book.in_figure(figure)}
    indicators |= {row.base for n in list(indicators) if (row := book.indicators[n]).base}
    items = {book.indicators[name].rule.item for name in indicators if name in book.indicators}
    items |= {name for name in book.items if name in words}
    items |= {name for name, item in book.items.items() if item.section in sections}
    items |= {book.settings.response_item} & set(book.items)
    items |= _conditions({name: item.relevant for name, item in book.items.items()}, items)
    return Reach(
        _in_order(book.items, items),
        _in_order(book.figures, figures),
        _in_order(book.sections, sections),
    )


def _in_order(names: Iterable[str], chosen: set[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name in chosen)


def _conditions(relevant: Mapping[str, str], items: set[str]) -> set[str]:
    """Items that decide whether one of `items` is asked."""
    return {
        name
        for item in items
        for name in re.findall(r"\$\{([^}]+)\}", relevant.get(item, ""))
        if name in relevant
    }


def _words(code: Sequence[str]) -> set[str]:
    """Every text that stands in the code."""
    return {
        node.value
        for cell in code
        for node in ast.walk(ast.parse(cell))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def _is_plain(cell: str) -> bool:
    """Whether a cell does nothing but open a section and use the calls that are known."""
    try:
        nodes = list(ast.walk(ast.parse(cell)))
    except SyntaxError:
        return False
    assigned = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    for node in nodes:
        if isinstance(node, ast.Import | ast.FunctionDef | ast.ClassDef | ast.Lambda):
            return False
        if isinstance(node, ast.BinOp | ast.JoinedStr):  # a name put together
            return False
        if isinstance(node, ast.Subscript) and not isinstance(node.value, ast.Attribute):
            return False  # a part of a text, perhaps a name; of what a section lists it is none
        if isinstance(node, ast.ImportFrom) and not _is_own(node):
            return False
        if isinstance(node, ast.Attribute) and node.attr not in ITEMWISE:
            return False
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id not in HARMLESS | assigned:
                return False
        elif isinstance(node, ast.Call) and not isinstance(node.func, ast.Attribute):
            return False
    return True


def _is_own(node: ast.ImportFrom) -> bool:
    return node.module == "analysis" and {name.name for name in node.names} == {"open_section"}
