"""All that a figure or table of a section may show: its tables and what was asked for."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.parameters import Choices
from analysis.study.codebook import Codebook


@dataclass(frozen=True)
class Scene:
    """All that a figure may draw from: the tables of a section and its choices."""

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
