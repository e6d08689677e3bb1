"""One language of a form that has several: ``label::English (en)`` becomes ``label``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from analysis.study.grids import Grid

LABEL = "label"
_TRANSLATED = re.compile(r"label\s*::?\s*(?P<language>\S.*)", re.IGNORECASE)


def languages(grid: Grid) -> tuple[str, ...]:
    """Return the languages that a table has labels in, in their order.

    >>> languages(Grid("survey", ("name", "label::English (en)", "label::Français (fr)"), ()))
    ('English (en)', 'Français (fr)')
    """
    found = (_TRANSLATED.fullmatch(column) for column in grid.header)
    return tuple(match["language"] for match in found if match)


def is_meant(language: str, wanted: str) -> bool:
    """Tell whether a language goes by a name: all of it, its name alone or its code alone.

    >>> is_meant("English (en)", "english"), is_meant("English", "English (en)")
    (True, True)
    >>> is_meant("English (en)", "fr")
    False
    """
    return bool(_words(language) & _words(wanted))


def _words(language: str) -> set[str]:
    name, _, code = language.casefold().partition("(")
    return {language.casefold(), name.strip(), code.strip(" )")} - {""}


def in_one_language(grid: Grid, wanted: str = "") -> Grid:
    """Return the table with one column of labels, where it has several.

    A label is taken from the wanted language, else from ``label`` without a language, else from
    the first language; where that cell is empty, from the next one that is not.
    """
    places = [place for place, column in enumerate(grid.header) if _language(column) is not None]
    if not any(_language(grid.header[place]) for place in places):
        return grid

    def rank(place: int) -> tuple[bool, bool, bool, int]:
        language = _language(grid.header[place]) or ""
        is_other = not (wanted and is_meant(language, wanted))
        return (language != wanted or not wanted, is_other, bool(language), place)

    order = sorted(places, key=rank)
    kept = [place for place in range(len(grid.header)) if place not in places]

    def one(cells: Sequence[str]) -> tuple[str, ...]:
        labels = (cells[place] for place in order if cells[place])
        return (*(cells[place] for place in kept), next(labels, ""))

    header = (*(grid.header[place] for place in kept), LABEL)
    width = len(grid.header)
    rows = tuple((line, one(row) if len(row) == width else row) for line, row in grid.rows)
    return replace(grid, header=header, rows=rows)


def _language(column: str) -> str | None:
    """The language of a column of labels, empty where none is said; None for other columns."""
    if column == LABEL:
        return ""
    match = _TRANSLATED.fullmatch(column)
    return match["language"] if match else None
