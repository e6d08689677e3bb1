"""Who took part in which cycle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import pandas as pd

from analysis.problems import Problem, refuse_any
from analysis.study.codebook import Codebook
from analysis.synthetic.draws import Draws
from analysis.synthetic.inputs import Inputs

Place = tuple[str, str]
"""A cycle and a group of respondents: those whose answers stand in one export."""

DEFAULT_POSITION = 0.4
"""Where the overlap lies between the fewest and the most possible, unless it is given."""


def turnouts_of(findings: pd.DataFrame, book: Codebook) -> dict[Place, int]:
    """Return how many took part, by cycle and group, where a finding prints that number."""
    if not book.response_indicator:
        return {}
    rule = book.indicators[book.response_indicator].rule
    own = findings[
        (findings["item"] == rule.item)
        & (findings["option"] == rule.option)
        & (findings["measure"] == "count")
        & (findings["low"] == findings["high"])
    ]
    places = zip(own["cycle"], own["respondents"], strict=True)
    return dict(zip(places, own["low"].astype(int), strict=True))


def overlaps(
    turnouts: Mapping[Place, int], book: Codebook, inputs: Inputs
) -> dict[tuple[str, str, str], int]:
    """Return how many answered in a cycle and in the next, by cycle, next cycle and group.

    Raises
    ------
    InputError
        A given overlap is impossible with these turnouts.
    """
    problems, chosen = [], {}
    for group in book.respondents:
        cycles = [cycle for cycle in book.cycles if (cycle, group) in turnouts]
        for before, after in pairwise(cycles):
            sizes = turnouts[before, group], turnouts[after, group]
            everybody = _pool(group, book)
            fewest = max(0, sum(sizes) - everybody) if everybody else 0
            middle = fewest + round(DEFAULT_POSITION * (min(sizes) - fewest))
            overlap = inputs.overlap.get(group, middle)
            if not fewest <= overlap <= min(sizes):
                message = (
                    f"{sizes[0]} {group} took part in {before} and {sizes[1]} in {after}, so "
                    f"{fewest} to {min(sizes)} took part in both."
                )
                problems.append(Problem(message, column="overlap", value=overlap))
            chosen[before, after, group] = overlap
    refuse_any(problems)
    return chosen


def participants(
    turnouts: Mapping[Place, int],
    overlap: Mapping[tuple[str, str, str], int],
    beginnings: Mapping[str, str],
    book: Codebook,
    seed: int,
) -> tuple[dict[Place, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Return who took part, and all that could have, as far as there is a list.

    Parameters
    ----------
    turnouts : how many took part, by cycle and group.
    overlap : what `overlaps` returns.
    beginnings : what the ids of a group begin with; else the word for one of its respondents.

    Returns
    -------
    who
        Ids of those that took part, by cycle and group, in order of id.
    rosters
        Ids of all that could have taken part, by group, for groups of which there is a list.
    """
    who: dict[Place, tuple[str, ...]] = {}
    rosters: dict[str, tuple[str, ...]] = {}
    for group, words in book.respondents.items():
        cycles = [cycle for cycle in book.cycles if (cycle, group) in turnouts]
        pairs = list(pairwise(cycles))
        everybody = _pool(group, book)
        sizes = {cycle: turnouts[cycle, group] for cycle in cycles}
        size = everybody or sum(sizes.values()) - sum(overlap[*pair, group] for pair in pairs)
        beginning = beginnings.get(group, f"{words.singular}-")
        width = max(2, len(str(size)))
        ids = [f"{beginning}{number:0{width}}" for number in range(1, size + 1)]
        draws = Draws(seed, "participants", group)
        shares = {after: overlap[before, after, group] for before, after in pairs}
        for cycle, members in _waves(ids, sizes, shares, draws, reuse=bool(everybody)).items():
            who[cycle, group] = tuple(name for name in ids if name in members)
        if everybody and all(book.eligible.get((cycle, group)) == everybody for cycle in cycles):
            rosters[group] = tuple(ids)
    return who, rosters


def _waves(
    ids: Sequence[str],
    sizes: Mapping[str, int],
    shares: Mapping[str, int],
    draws: Draws,
    *,
    reuse: bool,
) -> dict[str, frozenset[str]]:
    """Members by cycle; without a list of everybody, newcomers have never been there before."""
    members: dict[str, frozenset[str]] = {}
    before: frozenset[str] = frozenset()
    ever: frozenset[str] = frozenset()
    for cycle, size in sizes.items():
        stayed = draws.some([name for name in ids if name in before], shares.get(cycle, 0))
        others = [name for name in ids if name not in (before if reuse else ever)]
        before = frozenset([*stayed, *draws.some(others, size - len(stayed))])
        ever |= before
        members[cycle] = before
    return members


def _pool(group: str, book: Codebook) -> int:
    """How many there are on the list of a group; 0 where there is none."""
    return max((size or 0 for (_, name), size in book.eligible.items() if name == group), default=0)
