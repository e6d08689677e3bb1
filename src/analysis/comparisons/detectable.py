"""How small a rise the tests could see at the numbers of respondents that there are."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.frames import is_missing, records
from analysis.statistics import smallest_detectable_change

COLUMNS = (
    "indicator",
    "respondents",
    "cycle_from",
    "cycle_to",
    "count_from",
    "nobs_from",
    "nobs_to",
    "n_pairs",
    "rise_paired",
    "rise_paired_two_lost",
    "rise_independent",
)


def detectable(table: pd.DataFrame, *, power: float = 0.8, level: float = 0.95) -> pd.DataFrame:
    """Return the smallest rise that a test finds with the power wanted.

    Parameters
    ----------
    table : the comparison table.
    power : how often the rise is to be found.
    level : 1 less the significance level.

    Returns
    -------
    DataFrame
        One row for each change with a count in the earlier cycle and some pairs, known or
        possible: `COLUMNS`. ``n_pairs`` is the number of the same respondents, the fewest that
        are possible where it is not known. ``rise_paired`` is in respondents, by McNemar's mid-p
        if nobody loses, ``rise_paired_two_lost`` if two do; ``rise_independent`` by Fisher's mid-p
        if the cycles are independent samples. Missing where no rise from there is large enough.
    """
    rows = []
    for row in records(table[table["count_from"].notna() & table["change_low"].notna()]):
        pairs = row["overlap_low"] if is_missing(row["n_paired"]) else row["n_paired"]
        sizes = {name: int(row[name]) for name in ("count_from", "nobs_from", "nobs_to")}
        if not pairs or not all(list(sizes.values())[1:]):
            continue
        margins = (min(sizes["count_from"], int(pairs)), int(pairs), int(pairs))
        wanted: dict[str, Any] = {"power": power, "level": level}
        two = min(2, margins[0])
        found = {
            "rise_paired": smallest_detectable_change(*margins, design="paired", **wanted),
            "rise_paired_two_lost": smallest_detectable_change(
                *margins, design="paired", lost=two, **wanted
            ),
            "rise_independent": smallest_detectable_change(
                *sizes.values(), design="independent", **wanted
            ),
        }
        base = {
            "rise_paired": margins[0],
            "rise_paired_two_lost": margins[0],
            "rise_independent": sizes["count_from"],
        }
        rows.append(
            {
                **{key: row[key] for key in COLUMNS[:4]},
                **sizes,
                "n_pairs": int(pairs),
                **{
                    name: None if change is None else change.count2 - base[name]
                    for name, change in found.items()
                },
            }
        )
    whole = dict.fromkeys(COLUMNS[4:], "Int64")
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(whole)
