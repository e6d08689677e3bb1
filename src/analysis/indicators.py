"""The indicator table: each count over each named denominator, with what is not known."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from analysis.frames import Row, is_missing, records
from analysis.observed import STATUS_COLUMNS
from analysis.published.findings import UNSTATED
from analysis.statistics import count_bounds
from analysis.study.codebook import Codebook
from analysis.study.vocabulary import RESPONDENT_UNIT

COLUMNS = (
    "indicator",
    "respondents",
    "cycle",
    "denominator",
    "count",
    "nobs",
    "share",
    "low",
    "high",
    "evidence",
    "qualifier",
    "finding_ids",
    "reason",
    *STATUS_COLUMNS,
)

NO_BLANKS = "the source does not print who left this question blank"
NO_FRAME = "there is no list of all {group}, so no share of them can be given"
NO_BASE = "printed as a share without its base; it is not turned into a count"
NO_TURNOUT = "the source does not print how many took part"


def turnout(counts: pd.DataFrame, book: Codebook) -> Mapping[tuple[str, str], int]:
    """Return how many took part, by (cycle, respondents)."""
    indicator = book.response_indicator
    own = counts[(counts["indicator"] == indicator) & counts["count"].notna()]
    keys = zip(own["cycle"], own["respondents"], strict=True)
    return dict(zip(keys, own["count"].astype(int), strict=True))


def indicator_counts(printed: pd.DataFrame, book: Codebook) -> pd.DataFrame:
    """Return every indicator over every denominator that could be asked for.

    Parameters
    ----------
    printed : the total of every indicator, from responses or from print; see
        `analysis.results.Results`.

    Returns
    -------
    DataFrame
        One row for each indicator, group of respondents, cycle and denominator. ``denominator`` is
        ``participating`` (all that could have answered), ``responding`` (took part),
        ``answering`` (answered the question), the name of the indicator that holds the whole, the
        unit of a share of cases, or ``unstated`` for a share printed without its base.
        ``count`` and ``nobs`` are numbers of respondents; ``share``, ``low`` and ``high`` lie from
        0 to 1. ``low`` and ``high`` enclose what is possible: the range that the print allows and,
        over ``participating``, whatever the silent ones would have said. ``reason`` says why a
        number is missing. Where the count comes from responses, `STATUS_COLUMNS` say how many of
        the group have each status for the question.
    """
    took_part = turnout(printed, book)
    wholes = {
        (row["indicator"], row["cycle"], row["respondents"]): row["count"]
        for row in records(printed)
        if row["kind"] == "count"
    }
    rows = [
        row
        for record in records(printed)
        for row in _over_denominators(record, book, took_part, wholes)
    ]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    whole = dict.fromkeys(("count", "nobs", *STATUS_COLUMNS), "Int64")
    return table.astype({**whole, "share": "float64"})


def _over_denominators(
    record: Row,
    book: Codebook,
    took_part: Mapping[tuple[str, str], int],
    wholes: Mapping[tuple[str, str, str], float],
) -> Iterator[dict[str, Any]]:
    shared = {key: record[key] for key in COLUMNS if key in record and key != "count"}
    name, cycle, group = (str(record[key]) for key in ("indicator", "cycle", "respondents"))
    if book.item_of(name).unit != RESPONDENT_UNIT:
        yield {
            **shared,
            "denominator": book.item_of(name).unit,
            "share": record["share"],
            "low": record["share_low"],
            "high": record["share_high"],
            "reason": "a share of cases; their number is not printed",
        }
        return
    if record["kind"] == "share":
        yield {
            **shared,
            "denominator": UNSTATED,
            "low": record["share_low"],
            "high": record["share_high"],
            "share": None,
            "reason": NO_BASE,
        }
        return
    sizes = _sizes(name, cycle, group, book, took_part, wholes)
    if is_from_responses(record):
        sizes["answering"] = (int(record["n_answered"]), "")
    for denominator, (nobs, reason) in sizes.items():
        row = {**shared, "count": record["count"], "denominator": denominator, "reason": reason}
        if nobs is not None:
            responding = took_part.get((cycle, group))
            if is_from_responses(record):
                row |= _share_of_responses(record, nobs, denominator, responding)
            else:
                row |= _share(record, nobs, denominator, responding, book, name)
        yield row


def _sizes(
    name: str,
    cycle: str,
    group: str,
    book: Codebook,
    took_part: Mapping[tuple[str, str], int],
    wholes: Mapping[tuple[str, str, str], float],
) -> dict[str, tuple[int | None, str]]:
    """The size of each denominator, or why it has none."""
    eligible = book.eligible.get((cycle, group))
    responding = took_part.get((cycle, group))
    label = book.respondents[group].label
    sizes: dict[str, tuple[int | None, str]] = {
        "participating": (eligible, "" if eligible else NO_FRAME.format(group=label)),
        "responding": (responding, "" if responding else NO_TURNOUT),
        "answering": (None, NO_BLANKS),
    }
    base = book.indicators[name].base
    if base:
        whole = wholes.get((base, cycle, group), math.nan)
        missing = f"the number that {book.indicators[base].phrase} is not printed"
        sizes[base] = (None, missing) if math.isnan(whole) else (int(whole), "")
    return sizes


def _share(
    record: Row,
    nobs: int,
    denominator: str,
    responding: int | None,
    book: Codebook,
    name: str,
) -> dict[str, Any]:
    count, low, high = (float(record[key]) for key in ("count", "count_low", "count_high"))
    is_response = book.item_of(name).name == book.settings.response_item
    if denominator == "participating" and responding is not None and not is_response:
        answered = min(responding, nobs)
        low, _ = count_bounds(min(low, answered), answered, population=nobs)
        _, high = count_bounds(min(high, answered), answered, population=nobs)
    return {
        "nobs": nobs,
        "share": count / nobs if nobs else None,
        "low": low / nobs if nobs else 0.0,
        "high": min(high, nobs) / nobs if nobs else 1.0,
    }


def is_from_responses(record: Row) -> bool:
    """Tell whether a total was counted from responses, so that every blank is known."""
    return not is_missing(record.get("n_answered"))


def unknown_answers(record: Row) -> int:
    """How many took part and yet leave open whether they count as yes."""
    return int(record["n_dont_know"] + record["n_no_answer"])


def _share_of_responses(
    record: Row, nobs: int, denominator: str, responding: int | None
) -> dict[str, Any]:
    """The share over one denominator; blanks are known, so the ends need no condition."""
    count = float(record["count"])
    open_ones = 0 if denominator == "answering" else unknown_answers(record)
    if denominator == "participating" and responding is not None:
        open_ones += max(nobs - responding, 0)
    if denominator == "participating" and record["n_unit_nonresponse"] == nobs - count:
        open_ones = 0  # who took part is known of everybody
    return {
        "nobs": nobs,
        "share": count / nobs if nobs else None,
        "low": count / nobs if nobs else 0.0,
        "high": min(count + open_ones, nobs) / nobs if nobs else 1.0,
    }
