"""A section of the report, opened: its study, its tables, and what was asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import Self

from analysis.display.scene import Scene
from analysis.indicators import turnout
from analysis.parameters import Choices, indicators_on
from analysis.problems import check_choice
from analysis.results import Results
from analysis.study import Page, Study


class OpenedSection:
    """A section of the report under one choice of parameters.

    Attributes
    ----------
    study, page, choices : what it was opened with.
    findings : the findings table; one row a finding.
    counts : the indicator table; see `analysis.indicators.indicator_counts`.
    comparisons : rows of the comparison table for the chosen cycles and group.
    indicators : names of the indicators that the page speaks about.
    """

    def __init__(self, study: Study, page: Page, results: Results, choices: Choices) -> None:
        self.study, self.page, self.results, self.choices = study, page, results, choices
        self.book = study.codebook
        self.findings, self.counts = results.findings, results.counts
        self.indicators = indicators_on(study, page)
        baseline = choices.baseline or _before(choices.cycle, self.book.cycles)
        table = results.comparisons
        self.comparisons = table[
            (table["cycle_from"] == baseline)
            & (table["cycle_to"] == choices.cycle)
            & (table["respondents"] == choices.respondents)
        ]
        sizes = turnout(results.totals, self.book)
        self._took_part = {c: n for (c, g), n in sizes.items() if g == choices.respondents}
        self._eligible = self.book.eligible.get((choices.cycle, choices.respondents))

    def _of(self, respondents: str) -> Self:
        """The same section of another group of respondents."""
        check_choice("respondents", respondents, tuple(self.book.respondents))
        choices = replace(self.choices, respondents=respondents)
        return type(self)(self.study, self.page, self.results, choices)

    def _check_indicators(self, names: tuple[str, ...]) -> None:
        for name in names:
            check_choice("indicator", name, tuple(self.book.indicators))

    @property
    def _scene(self) -> Scene:
        return Scene(
            book=self.book,
            choices=self.choices,
            findings=self.findings,
            printed=self.results.totals,
            counts=self.counts,
            comparisons=self.comparisons,
            took_part=self._took_part,
            eligible=self._eligible,
        )


def _before(cycle: str, cycles: tuple[str, ...]) -> str:
    """The cycle before, empty for the first: its rows say why there is nothing to compare."""
    place = cycles.index(cycle)
    return cycles[place - 1] if place else ""
