"""What a section shows of change between cycles."""

from __future__ import annotations

import pandas as pd

from analysis.comparisons.detectable import detectable
from analysis.comparisons.naive import naive_tests
from analysis.display import certainty_tables, change_tables
from analysis.display.exhibit import Table
from analysis.display.gallery import Gallery
from analysis.display.rehearsing import marked
from analysis.display.statements import Box
from analysis.section.opened import OpenedSection


class Changes(OpenedSection):
    """The calls of a notebook that show what changed, who moved, and what that rests on."""

    @marked
    def comparison_table(self) -> Table | Box:
        """Return what can be compared with the baseline, and why the rest cannot."""
        return change_tables.compared(self._scene, self.indicators)

    @marked
    def panel(self) -> Table | Box:
        """Return who moved which way, or say that only the answers of respondents could tell."""
        group = self.book.respondents[self.choices.respondents]
        if self.results.responses is not None and not len(self._own_panel()):
            return Box(
                "Nobody can be followed",
                f"No {group.singular} has an id and an answer to these questions in both cycles, "
                "so nobody can tell who moved which way.",
                "",
            )
        if self.results.responses is None:
            return Box(
                "Needs response-level answers",
                f"Which {group.label} moved, which gained or gave up what they had reported, and "
                "which left a question blank cannot be told from printed counts. Put the exports "
                "of both cycles into data/raw/responses/, with a line each in "
                "codebook/sources.csv, and build again.",
                "analysis build",
            )
        return change_tables.panel(self._scene, self._own_panel())

    def movers(self, indicator: str) -> pd.DataFrame:
        """Return who moved which way, by respondent; for work at the desk, not for a report.

        Returns
        -------
        DataFrame
            One row a respondent with an answer in both cycles: ``respondent_id, move``.
        """
        self._check_indicators((indicator,))
        moves = self._own(self.results.moves)
        own = moves[moves["indicator"] == indicator]
        return own[["respondent_id", "move"]].reset_index(drop=True)

    @marked
    def sensitivity(self, *indicators: str) -> Table | Box:
        """Return what each verdict hangs on; of all the page's changes where none is named."""
        self._check_indicators(indicators)
        own = self._own(self.results.sensitivity)
        return certainty_tables.sensitivity(
            self._scene, own[own["indicator"].isin(indicators or self.indicators)]
        )

    @marked
    def naive_tests(self, indicator: str = "") -> Table | Box:
        """Return what tests would say of printed pairs; of one, for each possible overlap.

        Intervals have the confidence level that was chosen.
        """
        self._check_indicators((indicator,) if indicator else ())
        table = naive_tests(self.comparisons, self.book, level=self.choices.level)
        is_own = table["indicator"].isin([indicator] if indicator else self.indicators)
        is_shown = table["overlap"].notna() if indicator else table["overlap"].isna()
        return certainty_tables.naive(self._scene, table[is_own & is_shown])

    @marked
    def detectable(self) -> Table | Box:
        """Return how small a rise the tests could see at these numbers."""
        return certainty_tables.detectable(self._scene, detectable(self.comparisons))

    @marked
    def trends(self) -> Gallery:
        """Return change over three or more cycles; nothing where there are fewer."""
        table = self.results.trends
        own = table[
            (table["respondents"] == self.choices.respondents)
            & table["indicator"].isin(self.indicators)
        ]
        return Gallery((certainty_tables.trends(self._scene, own),) if len(own) else ())

    def _own(self, table: pd.DataFrame) -> pd.DataFrame:
        """The rows of the chosen cycles and group."""
        return table[
            (table["respondents"] == self.choices.respondents)
            & (table["cycle_from"] == self.choices.baseline)
            & (table["cycle_to"] == self.choices.cycle)
        ]

    def _own_panel(self) -> pd.DataFrame:
        own = self._own(self.results.panel)
        return own[own["indicator"].isin(self.indicators) & (own["n_paired"] > 0)]
