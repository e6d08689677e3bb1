"""Families of tests: which p-values are adjusted together, and how many they are."""

from __future__ import annotations

import pandas as pd

from analysis.comparisons.words import NOT_COMPARABLE
from analysis.statistics import adjust_pvalues
from analysis.study.codebook import Codebook

KEYS = ["respondents", "cycle_from", "cycle_to"]


def with_families(table: pd.DataFrame, book: Codebook) -> pd.DataFrame:
    """Return the comparison table with its p-values adjusted in the families of the study.

    A family is all tests of one group of respondents between two cycles, of one section or of the
    whole report as the settings declare. What is not comparable or not tested is outside.
    """
    table = table.copy()
    is_tested = table["p_value"].notna() & (table["verdict"] != NOT_COMPARABLE)
    scope = table["indicator"].map(book.section_of)
    if book.settings.families == "report":
        scope = pd.Series("report", index=table.index)
    for (where, group, earlier, later), own in table[is_tested].groupby(
        [scope[is_tested], *KEYS], sort=False
    ):
        title = book.sections[str(where)].title if where in book.sections else "the whole report"
        label = book.respondents[str(group)].label
        name = f"{title}, {label}, {earlier} to {later} ({_named(book)})"
        table.loc[own.index, "family"] = name
        table.loc[own.index, "family_size"] = len(own)
        table.loc[own.index, "p_adjusted"] = adjust_pvalues(
            own["p_value"].to_numpy(dtype=float), method=book.settings.adjustment
        )
    return table


def _named(book: Codebook) -> str:
    return {"holm": "Holm", "bh": "Benjamini-Hochberg"}[book.settings.adjustment]
