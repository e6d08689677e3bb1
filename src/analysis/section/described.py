"""What a section shows of every question, whether or not an indicator counts it."""

from __future__ import annotations

import pandas as pd

from analysis.display import described_tables
from analysis.display.gallery import Gallery
from analysis.display.rehearsing import marked
from analysis.section.opened import OpenedSection


class Described(OpenedSection):
    """The calls of a notebook that show distributions, numbers and scales."""

    @marked
    def answers(self) -> Gallery:
        """Return what every question of the page was answered; nothing without responses."""
        shown = []
        for table, view in (
            (self.results.distributions, described_tables.distributions),
            (self.results.numbers, described_tables.numbers),
        ):
            own = self._of_page(table)
            own = own[own["cycle"] == self.choices.cycle]
            shown += [view(self._scene, own)] if len(own) else []
        scales = self._of_page(self.results.scales)
        scales = scales[
            (scales["cycle_from"] == self.choices.baseline)
            & (scales["cycle_to"] == self.choices.cycle)
        ]
        shown += [described_tables.scales(self._scene, scales)] if len(scales) else []
        return Gallery(tuple(shown))

    def _of_page(self, table: pd.DataFrame) -> pd.DataFrame:
        sections = table["item"].map({name: one.section for name, one in self.book.items.items()})
        is_own = sections.isin(self.page.sections)
        return table[is_own & (table["respondents"] == self.choices.respondents)]
