"""What of a study a page can show, judged by its code: some items, or anything.

A page that calls nothing but the calls named in `analysis.plain` shows its own items and those
that its code names. A page that does anything else is taken to show the whole study, so that a call
which is not named there leads to too many runs of a page, never to a stale one.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from analysis.parameters import indicators_on
from analysis.plain import is_plain
from analysis.study import Page, Study


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
    if not all(is_plain(cell) for cell in code):
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
