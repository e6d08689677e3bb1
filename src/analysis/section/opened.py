"""A section of the report, opened: its study, its tables, and what was asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import Self

from analysis.display.scene import scene_of
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
        self._scene = scene_of(results, self.book, choices)
        self.comparisons = self._scene.comparisons

    def _of(self, respondents: str) -> Self:
        """The same section of another group of respondents."""
        check_choice("respondents", respondents, tuple(self.book.respondents))
        choices = replace(self.choices, respondents=respondents)
        return type(self)(self.study, self.page, self.results, choices)

    def _check_indicators(self, names: tuple[str, ...]) -> None:
        for name in names:
            check_choice("indicator", name, tuple(self.book.indicators))
