"""All that a figure or table may show: the tables behind it and what was asked for."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.indicators import turnout
from analysis.parameters import Choices
from analysis.results import Results
from analysis.study.codebook import Codebook


@dataclass(frozen=True)
class Scene:
    """All that a figure may draw from: the tables of a study under one choice.

    `comparisons` holds the rows of the chosen cycles and group; `took_part` is by cycle.
    """

    book: Codebook
    choices: Choices
    findings: pd.DataFrame
    printed: pd.DataFrame
    counts: pd.DataFrame
    comparisons: pd.DataFrame
    took_part: dict[str, int]
    eligible: int | None

    @property
    def noun(self) -> str:
        """What the respondents are called."""
        return self.book.respondents[self.choices.respondents].label

    @property
    def turnout(self) -> int | None:
        """How many took part in the chosen cycle."""
        return self.took_part.get(self.choices.cycle)


def scene_of(results: Results, book: Codebook, choices: Choices) -> Scene:
    """Return what can be shown of the results under a choice."""
    baseline = choices.baseline or _before(choices.cycle, book.cycles)
    table = results.comparisons
    is_chosen = (
        (table["cycle_from"] == baseline)
        & (table["cycle_to"] == choices.cycle)
        & (table["respondents"] == choices.respondents)
    )
    sizes = turnout(results.totals, book)
    return Scene(
        book=book,
        choices=choices,
        findings=results.findings,
        printed=results.totals,
        counts=results.counts,
        comparisons=table[is_chosen],
        took_part={c: n for (c, group), n in sizes.items() if group == choices.respondents},
        eligible=book.eligible.get((choices.cycle, choices.respondents)),
    )


def _before(cycle: str, cycles: tuple[str, ...]) -> str:
    """The cycle before, empty for the first: its rows say why there is nothing to compare."""
    place = cycles.index(cycle)
    return cycles[place - 1] if place else ""
