"""The same respondents in two cycles: who stayed, who moved, and whose answer is not known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import combinations, product
from typing import Any

import pandas as pd

from analysis.observed import answers_to, by_item
from analysis.study.codebook import Codebook, Indicator
from analysis.study.vocabulary import (
    ANSWERED,
    NOT_APPLICABLE,
    NOT_ASKED,
    RESPONDENT_UNIT,
    UNIT_NONRESPONSE,
)

YES, NO, OPEN, SILENT, ABSENT = "yes", "no", "open", "silent", "absent"
STATES = (YES, NO, NOT_APPLICABLE, OPEN, SILENT, NOT_ASKED, ABSENT)
"""What is known of a respondent in a cycle. `NO` is an answer other than the one that is counted;
`OPEN` took part without an answer that is known; `SILENT` did not take part; `ABSENT` has no row at
all."""

WITHOUT_ANSWER = (NOT_APPLICABLE, OPEN, SILENT, ABSENT)
WAS_ASKED = (YES, NO, NOT_APPLICABLE, OPEN)

MOVES: Mapping[tuple[str, str], str] = {
    (YES, YES): "stayed_yes",
    (NO, YES): "gained",
    (YES, NO): "lost",
    (NO, NO): "stayed_no",
}
"""How a respondent whose answer is known both times has moved."""

PANEL_COLUMNS = (
    "indicator",
    "respondents",
    "cycle_from",
    "cycle_to",
    "n_paired",
    *MOVES.values(),
    "only_from_yes",
    "only_from_no",
    "only_to_yes",
    "only_to_no",
    "n_open_both",
    "is_routed",
    "n_asked_both",
    "open_from",
    "open_to",
    "inapplicable_from",
    "inapplicable_to",
)

MOVER_COLUMNS = ("indicator", "respondents", "cycle_from", "cycle_to", "respondent_id", "move")


def states(own: pd.DataFrame, indicator: Indicator, book: Codebook) -> pd.DataFrame:
    """Return what is known of each respondent in each cycle, for one indicator.

    Parameters
    ----------
    own : the rows of its item; see `analysis.observed.by_item`.

    Returns
    -------
    DataFrame
        One row a respondent, indexed by ``respondents`` and ``respondent_id``, one column a
        cycle, each cell one of `STATES`.
    """
    answers = answers_to(own, indicator, book)
    state = pd.Series(OPEN, index=answers.index)
    state[answers["status"] == ANSWERED] = NO
    for status in (NOT_APPLICABLE, NOT_ASKED):
        state[answers["status"] == status] = status
    state[answers["status"] == UNIT_NONRESPONSE] = SILENT
    state[answers["is_yes"]] = YES
    keys = ["respondents", "respondent_id", "cycle"]
    wide = answers[keys].assign(state=state).pivot(index=keys[:2], columns="cycle", values="state")
    return wide.reindex(columns=list(book.cycles)).astype("object").fillna(ABSENT)


def movers(
    responses: pd.DataFrame, book: Codebook, without_key: frozenset[tuple[str, str]] = frozenset()
) -> pd.DataFrame:
    """Return who stayed and who moved, for all whose answer is known in both cycles.

    Parameters
    ----------
    without_key : groups and cycles whose respondents cannot be told apart.

    Returns
    -------
    DataFrame
        One row for each indicator, pair of cycles and respondent: `MOVER_COLUMNS`; ``move`` is one
        of `MOVES`. Who was not asked in one of the cycles is not there.
    """
    frames = []
    for indicator, group, own in _with_key(responses, book, without_key):
        for earlier, later in _pairs(group, own, without_key):
            codes = list(zip(own[earlier], own[later], strict=True))
            move = pd.Series([MOVES.get(code, "") for code in codes], index=own.index, name="move")
            frames.append(
                move[move != ""]
                .reset_index()
                .assign(indicator=indicator.name, cycle_from=earlier, cycle_to=later)
            )
    columns = list(MOVER_COLUMNS)
    return (
        pd.concat(frames, ignore_index=True)[columns] if frames else pd.DataFrame(columns=columns)
    )


def panel(
    responses: pd.DataFrame, book: Codebook, without_key: frozenset[tuple[str, str]] = frozenset()
) -> pd.DataFrame:
    """Return how many moved which way, and how many are known in one cycle only.

    Returns
    -------
    DataFrame
        One row for each indicator, group and pair of cycles: `PANEL_COLUMNS`, in respondents.
        ``n_paired`` is the number whose answer is known in both cycles and the sum of the four
        moves. ``only_from_*`` and ``only_to_*`` are known in the earlier or the later cycle only,
        ``n_open_both`` in neither though they are on the list. ``is_routed`` where somebody was
        not asked; then of ``n_asked_both`` that were asked both times ``open_from`` and
        ``open_to`` have no known answer, to ``inapplicable_from`` and ``inapplicable_to`` the
        question did not apply, and only those asked both times are counted anywhere.
    """
    rows = [
        _counted(indicator.name, group, earlier, later, own)
        for indicator, group, own in _with_key(responses, book, without_key)
        for earlier, later in _pairs(group, own, without_key)
    ]
    table = pd.DataFrame(rows, columns=list(PANEL_COLUMNS))
    return table.astype(dict.fromkeys(PANEL_COLUMNS[-5:], "Int64"))


def _with_key(
    responses: pd.DataFrame, book: Codebook, without_key: frozenset[tuple[str, str]]
) -> Iterator[tuple[Indicator, str, pd.DataFrame]]:
    """The states of each indicator and group of which some can be followed."""
    items = {name: own[_is_followed(own, without_key)] for name, own in by_item(responses).items()}
    for indicator in book.indicators.values():
        item = book.item_of(indicator.name)
        if item.name == book.settings.response_item or item.unit != RESPONDENT_UNIT:
            continue
        if item.name in items and items[item.name]["cycle"].nunique() > 1:
            wide = states(items[item.name], indicator, book)
            for group, own in wide.groupby("respondents", sort=False):
                yield indicator, str(group), own


def _is_followed(own: pd.DataFrame, without_key: frozenset[tuple[str, str]]) -> pd.Series[bool]:
    places = pd.MultiIndex.from_frame(own[["respondents", "cycle"]])
    return pd.Series(~places.isin(list(without_key)) if without_key else True, index=own.index)


def _pairs(
    group: str, own: pd.DataFrame, without_key: frozenset[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    """Pairs of cycles that both have answers with a key."""
    cycles = [str(c) for c in own if (own[c] != ABSENT).any()]
    return combinations((c for c in cycles if (group, c) not in without_key), 2)


def _counted(
    indicator: str, group: str, earlier: str, later: str, own: pd.DataFrame
) -> dict[str, Any]:
    cells = own[[earlier, later]]
    is_routed = bool((cells == NOT_ASKED).any(axis=None))
    if is_routed:
        # Nobody knows whether the silent ones would have been asked.
        own = own[cells.isin(WAS_ASKED).all(axis="columns")]
    count = Counter(zip(own[earlier], own[later], strict=True))
    moved = {move: count[pair] for pair, move in MOVES.items()}
    return {
        "indicator": indicator,
        "respondents": group,
        "cycle_from": earlier,
        "cycle_to": later,
        "n_paired": sum(moved.values()),
        **moved,
        "only_from_yes": sum(count[YES, other] for other in WITHOUT_ANSWER),
        "only_from_no": sum(count[NO, other] for other in WITHOUT_ANSWER),
        "only_to_yes": sum(count[other, YES] for other in WITHOUT_ANSWER),
        "only_to_no": sum(count[other, NO] for other in WITHOUT_ANSWER),
        "n_open_both": sum(count[a, b] for a, b in product(WITHOUT_ANSWER, repeat=2)),
        "is_routed": is_routed,
        "n_asked_both": len(own) if is_routed else None,
        **{
            f"{name}_{end}": sum(count[pair] for pair in count if pair[at] == state)
            if is_routed
            else None
            for name, state in (("open", OPEN), ("inapplicable", NOT_APPLICABLE))
            for at, end in enumerate(("from", "to"))
        },
    }
