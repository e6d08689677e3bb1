"""Observed counts beside printed ones: whether responses give what was printed."""

from __future__ import annotations

import pandas as pd

COLUMNS = (
    "indicator",
    "respondents",
    "cycle",
    "printed_low",
    "printed_high",
    "observed",
    "difference",
    "outcome",
    "evidence",
    "finding_ids",
)

REPLICATED, DIFFERS = "replicated", "not replicated"
ROUND_TRIP, BROKEN = "round trip agrees", "round trip differs"


def replication(observed: pd.DataFrame, printed: pd.DataFrame) -> pd.DataFrame:
    """Hold the counts from responses against the printed ones.

    Parameters
    ----------
    observed : what `analysis.observed.observed_counts` returns.
    printed : what `analysis.published.published_counts` returns.

    Returns
    -------
    DataFrame
        One row for each indicator, group and cycle of which both have a count: `COLUMNS`.
        ``printed_low`` and ``printed_high`` are equal where one number is printed; ``difference``
        is observed less the nearer end, 0 inside. ``outcome`` is ``replicated`` or ``not
        replicated``. Synthetic responses were made to fit, so for them it only says whether the
        round trip through the pipeline agrees.
    """
    keys = ["indicator", "respondents", "cycle"]
    counts = printed.loc[printed["kind"] == "count", [*keys, "count_low", "count_high"]]
    counts = counts.assign(finding_ids=printed["finding_ids"])
    own = observed[[*keys, "count", "evidence"]]
    table = own.merge(counts, on=keys, how="inner", validate="1:1")
    nearest = table["count"].clip(table["count_low"], table["count_high"])
    agrees = nearest == table["count"]
    is_invented = table["evidence"] == "synthetic"
    outcome = agrees.map({True: REPLICATED, False: DIFFERS}).mask(
        is_invented, agrees.map({True: ROUND_TRIP, False: BROKEN})
    )
    return table.assign(
        printed_low=table["count_low"],
        printed_high=table["count_high"],
        observed=table["count"],
        difference=table["count"] - nearest,
        outcome=outcome,
    )[list(COLUMNS)]
