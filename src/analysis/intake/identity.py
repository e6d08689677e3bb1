"""Who answered: the ids of an export held against the list of all that could have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.intake.answers import VALUE_MAP, Answers, Meaning, respelled
from analysis.intake.countries import (
    LANGUAGES,
    english_name,
    match_roster,
    name_language,
    nearest_territory,
    suggested,
    territory,
)
from analysis.intake.raw import RawTable
from analysis.intake.spelling import folded, plain
from analysis.problems import Problem, listed
from analysis.study.codebook import Codebook, Mapped
from analysis.study.vocabulary import COUNTRIES, RESPONDENT_ID

COUNTRY = "country name: {kind}"
"""The rule of the ledger for an id that was read as the name of a country."""

ANY_COUNTRY = f"a country in {listed(LANGUAGES.values())}, or its ISO 3166 code in capitals"
"""What an id may be that names a country, for messages."""


WHO = f"value_map can say who is meant (list_name {RESPONDENT_ID})"
"""How a spelling of an id is mended, for messages."""


def spelled_ids(book: Codebook) -> Mapping[str, Mapped]:
    """Return the rows of the value map that say who is meant, by the spelling as it is compared."""
    rows = [row for row in book.value_map if row.list_name == RESPONDENT_ID]
    return {folded(row.raw): row for row in rows}


def read_ids(
    raw: RawTable,
    header: str,
    roster: Sequence[str] | None,
    *,
    named: str = "",
    spelled: Mapping[str, Mapped] = MappingProxyType({}),
) -> tuple[Answers, list[Problem]]:
    """Return the ids as the roster spells them, without outer spaces where there is no roster.

    Parameters
    ----------
    named : ``countries`` where an id may be the name of a country in another language, or its
        code. It is matched exactly; without a roster it becomes the English name.
    spelled : what `spelled_ids` returns; it comes before all other matches.

    Returns
    -------
    Answers, list of Problem
        A problem for each blank id, for each that the roster does not have, and without a roster
        for each that must name a country and names none.
    """
    by_spelling: dict[str, list[str]] = {}
    for name in roster or ():
        by_spelling.setdefault(folded(name), []).append(name)

    def meaning(cell: str) -> Meaning:
        row = spelled.get(folded(cell))
        if row is None:
            return matched(cell)
        name = matched(row.name).after
        rule = VALUE_MAP.format(reason=row.reason) if name != cell else ""
        return Meaning(cell, name, rule=rule, mappings=(row,))

    def matched(cell: str) -> Meaning:
        same = by_spelling.get(folded(cell), [])
        name = same[0] if len(same) == 1 else plain(cell)
        if len(same) != 1 and named == COUNTRIES:
            country = english_name(cell) if roster is None else match_roster(cell, roster)
            if country is not None and country != name:
                return Meaning(cell, country, rule=COUNTRY.format(kind=name_language(cell)))
        return Meaning(cell, name, rule=respelled(cell, name))

    ids = Answers.read(raw.table[header], meaning)
    lines = raw.table.index.to_numpy()
    problems = [
        Problem(f"the {RESPONDENT_ID} is blank.", file=raw.file, row=int(line), column=header)
        for line in lines[ids.holds(lambda one: one.is_blank)]
    ]
    if roster is not None:
        known = frozenset(roster)
        message = f"not in the list of all that could have answered; {WHO}."
        is_unknown = ids.holds(lambda one: not one.is_blank and one.after not in known)
    elif named == COUNTRIES:
        message = f"no country has exactly this name; {WHO}, or list all in respondents."
        is_unknown = ids.holds(lambda one: not one.is_blank and territory(one.after) is None)
    else:
        return ids, problems
    problems += [
        Problem(
            message,
            file=raw.file,
            row=int(line),
            column=header,
            value=name,
            allowed=_nearest_first(name, roster, named),
        )
        for line, name in zip(lines[is_unknown], ids.after[is_unknown], strict=True)
    ]
    return ids, problems


def _nearest_first(name: str, roster: Sequence[str] | None, named: str) -> tuple[str, ...]:
    """The roster; of countries the one alone that the name nearly is, in whatever language."""
    if roster is None:
        return suggested(name) or (ANY_COUNTRY,)
    code = nearest_territory(name) if named == COUNTRIES else None
    near = tuple(one for one in roster if code and territory(one) == code)
    return near or tuple(roster)


def ids_from_lines(respondents: str, cycle: str, lines: NDArray[np.int64]) -> NDArray[np.object_]:
    """Return an id for each submission of a group that no submission of another cycle has.

    >>> ids_from_lines("clubs", "2024", np.array([7])).tolist()
    ['clubs 2024 row 7']
    """
    start = f"{respondents} {cycle} row "
    return np.array([f"{start}{line}" for line in lines], dtype=np.object_)


def spelled_in_two_ways(ids: pd.DataFrame) -> list[Problem]:
    """Return a problem for each id that stands elsewhere in other letter case.

    Parameters
    ----------
    ids : columns ``file``, ``row``, ``column``, ``value``, of one group of respondents that has
        no list.
    """
    spellings = ids.drop_duplicates("value")
    key = spellings["value"].map(folded)
    first = spellings.groupby(key)["value"].transform("first")
    return [
        Problem(
            "the same id stands elsewhere in other letters; spell it in one way.",
            file=str(row.file),
            row=int(str(row.row)),
            column=str(row.column),
            value=str(row.value),
            allowed=(str(other),),
        )
        for row, other in zip(spellings.itertuples(), first, strict=True)
        if row.value != other
    ]
