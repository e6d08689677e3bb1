"""Which counts a share that is printed without its base allows, over the obvious bases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.frames import Row
from analysis.statistics import ROUNDINGS, counts_within, possible_counts


@dataclass(frozen=True)
class Fit:
    """The lowest and highest count of a base that fits, and how it must have been printed."""

    base: int
    low: int
    high: int
    is_only_cut_off: bool

    def __str__(self) -> str:
        count = str(self.low) if self.low == self.high else f"{self.low} to {self.high}"
        return f"{count} of {self.base}{' (only if cut off)' if self.is_only_cut_off else ''}"


def fits_of(record: Row, findings: pd.DataFrame, bases: Sequence[int], most: int) -> list[Fit]:
    """Return what fits each base; no entry for a base that nothing fits.

    Parameters
    ----------
    record : a row of `analysis.published.published_counts` of kind ``share``.
    findings : the findings table.
    bases : the bases to try.
    most : the number that took part; no more can have said yes.
    """
    percentage = percentage_of(record, findings)
    fits = []
    for base in bases:
        is_only_cut_off = False
        if percentage is None:
            table = counts_within(record["share_low"], record["share_high"], denominators=[base])
            if record["qualifier"] == "more_than":
                table = table[table["count"] > record["share"] * base]
        else:
            ways = {
                way: possible_counts(percentage, denominators=[base], rounding=way)
                for way in ROUNDINGS
            }
            is_only_cut_off = ways["round"].empty
            table = pd.concat(ways.values())
        counts = table.loc[table["count"] <= most, "count"]
        if len(counts):
            fits.append(Fit(base, int(counts.min()), int(counts.max()), is_only_cut_off))
    return fits


def percentage_of(record: Row, findings: pd.DataFrame) -> float | None:
    """The printed percentage behind a share, None where it is a fraction or loose words."""
    ids = str(record["finding_ids"]).split()
    own = findings[findings["finding_id"].isin(ids) & (findings["measure"] == "percent")]
    return float(own["value"].iloc[0]) if len(own) else None
