"""From the indicator and comparison tables to the rows that one figure or table shows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from analysis.display.fits import fits_of
from analysis.display.sentences import percent
from analysis.frames import Row, first, is_missing, records
from analysis.indicators import is_from_responses, unknown_answers
from analysis.parameters import Choices
from analysis.statistics import proportion_interval
from analysis.study.codebook import Codebook
from analysis.study.vocabulary import RESPONDENT_UNIT


def printed_rows(
    printed: pd.DataFrame, book: Codebook, choices: Choices, names: Sequence[str]
) -> pd.DataFrame:
    """Return what the source prints of `names` in the chosen cycle and group, in that order."""
    own = printed[
        (printed["respondents"] == choices.respondents)
        & (printed["cycle"] == choices.cycle)
        & printed["indicator"].isin(names)
    ]
    order = own["indicator"].map(list(names).index)
    labels = own["indicator"].map(lambda name: book.indicators[name].label)
    sections = own["indicator"].map(book.section_of)
    return own.assign(label=labels, section=sections).loc[order.sort_values().index]


def bar_rows(
    printed: pd.DataFrame, counts: pd.DataFrame, book: Codebook, choices: Choices
) -> pd.DataFrame:
    """Return one row a bar: the count, its share in words, and the whole that the source names."""
    rows = []
    for row in records(printed[printed["count"].notna()]):
        name = str(row["indicator"])
        over = over_denominator(counts, name, choices)
        base = book.indicators[name].base
        whole = counts[
            (counts["indicator"] == name)
            & (counts["denominator"] == base)
            & (counts["cycle"] == choices.cycle)
            & (counts["respondents"] == choices.respondents)
        ]["nobs"].dropna()
        prefix = "at least " if row["qualifier"] == "at_least" else ""
        of = "" if over["denominator"] == "participating" else f" of {over['nobs']}"
        share = "" if is_missing(over["share"]) else f" ({percent(over['share'])}{of})"
        rows.append(
            {
                "indicator": name,
                "label": row["label"],
                "count": int(row["count"]),
                "text": f"{prefix}{int(row['count'])}{share}",
                "possible": _still_possible(row, counts, choices, book),
                "qualifier": row["qualifier"],
                "group": _group(name, book, choices),
                "whole": float(whole.iloc[0]) if len(whole) else math.nan,
                "whole_label": f"{int(whole.iloc[0])}: {book.indicators[base].label.lower()}"
                if len(whole)
                else None,
            }
        )
    table = pd.DataFrame(rows)
    return table.sort_values(
        "group", key=lambda s: s.map(list(dict.fromkeys(s)).index), kind="stable"
    )


def _still_possible(row: Row, counts: pd.DataFrame, choices: Choices, book: Codebook) -> int:
    """How many more could be yes: those that are silent and, where they are known, the blanks."""
    eligible = book.eligible.get((choices.cycle, choices.respondents))
    over_all = _over(row, counts, choices, "participating")
    if not over_all or eligible is None or row["qualifier"] == "at_least":
        return 0
    return int(over_all["high"] * eligible - row["count"] + 0.5)


def _group(name: str, book: Codebook, choices: Choices) -> str:
    """What is known of the question before the chosen cycle."""
    item = book.item_of(name)
    if item.comparability == "new":
        return f"New in {choices.cycle}"
    earlier = book.cycles[: book.cycles.index(choices.cycle)]
    if any(cycle in item.asked for cycle in earlier):
        return "Asked before"
    return "Not known whether asked before"


def over_denominator(counts: pd.DataFrame, name: str, choices: Choices) -> Row:
    """Return the row of the indicator table over the chosen denominator, or the only one there is.

    A denominator that is the base of other indicators falls back to ``participating``.
    """
    own = counts[
        (counts["indicator"] == name)
        & (counts["cycle"] == choices.cycle)
        & (counts["respondents"] == choices.respondents)
    ]
    for wanted in (choices.denominator, "participating"):
        match = own[own["denominator"] == wanted]
        if len(match):
            return records(match)[0]
    return records(own)[0]


def count_table(
    printed: pd.DataFrame, counts: pd.DataFrame, book: Codebook, choices: Choices
) -> pd.DataFrame:
    """Return the table that people read: each count over the chosen base, with all that is open."""
    eligible = book.eligible.get((choices.cycle, choices.respondents))
    label = book.respondents[choices.respondents].label
    possible = f"Possible among all {eligible or label}"
    interval = f"{100 * choices.level:g} % interval*"
    rows = []
    for record in records(printed):
        row = over_denominator(counts, record["indicator"], choices)
        rows.append(
            {
                "Indicator": record["label"],
                "Reported": _reported(record),
                "Of": "" if is_missing(row["nobs"]) else f"{row['nobs']} ({_named(row, book)})",
                "Share": "" if is_missing(row["share"]) else percent(row["share"]),
                possible: _possible(record, counts, choices, eligible),
                interval: _interval(record, counts, choices, eligible),
                **_nonresponse(row),
                "Evidence of the count": record["evidence"],
                "Findings": record["finding_ids"],
                "Why something is missing": row["reason"],
            }
        )
    table = pd.DataFrame(rows)
    return table.loc[
        :, [c for c in table if c in ("Indicator", "Findings") or (table[c] != "").any()]
    ]


def _nonresponse(row: Row) -> dict[str, object]:
    """Why respondents have no answer, each reason in a column; empty where it is not known."""
    reasons = {
        "Don't know": "n_dont_know",
        "No answer": "n_no_answer",
        "Does not apply": "n_not_applicable",
        "Not asked": "n_not_asked",
        "Did not take part": "n_unit_nonresponse",
    }
    return {
        label: "" if is_missing(row[name]) else int(row[name]) for label, name in reasons.items()
    }


def _over(record: Row, counts: pd.DataFrame, choices: Choices, denominator: str) -> Row:
    own = counts[
        (counts["indicator"] == record["indicator"])
        & (counts["cycle"] == choices.cycle)
        & (counts["respondents"] == choices.respondents)
        & (counts["denominator"] == denominator)
    ]
    return first(own)


def _possible(record: Row, counts: pd.DataFrame, choices: Choices, eligible: int | None) -> str:
    row = _over(record, counts, choices, "participating")
    if not row or not eligible or is_missing(row["low"]) or record["kind"] != "count":
        return ""
    if record["qualifier"] == "at_least":
        return f"{record['count_low']:g} or more"
    return f"{row['low'] * eligible:.0f} to {row['high'] * eligible:.0f}"


def _interval(record: Row, counts: pd.DataFrame, choices: Choices, eligible: int | None) -> str:
    row = _over(record, counts, choices, "responding")
    known: Any = row.get("nobs")
    if is_from_responses(record) and not is_missing(known):
        known -= unknown_answers(record)
    is_exact = record["kind"] == "count" and record["qualifier"] == "exactly"
    if is_missing(known) or not eligible or not is_exact or is_missing(record["count"]):
        return ""
    low, high = proportion_interval(
        record["count"],
        known,
        method="hypergeometric",
        level=choices.level,
        population=eligible,
    )
    return f"{low * eligible:.0f} to {high * eligible:.0f}"


def bases_table(
    printed: pd.DataFrame, counts: pd.DataFrame, book: Codebook, choices: Choices
) -> pd.DataFrame:
    """Return each count over every base that it can be put over, one row a base."""
    own = counts[
        counts["indicator"].isin(printed["indicator"])
        & (counts["cycle"] == choices.cycle)
        & (counts["respondents"] == choices.respondents)
    ]
    return pd.DataFrame(
        [
            {
                "Indicator": book.indicators[row["indicator"]].label,
                "Count": "" if is_missing(row["count"]) else row["count"],
                "Of": f"{row['nobs']} ({_named(row, book)})"
                if not is_missing(row["nobs"])
                else _named(row, book),
                "Share": row["reason"] if is_missing(row["share"]) else percent(row["share"]),
            }
            for row in records(own)
        ]
    )


def _reported(record: Row) -> str:
    if record["kind"] == "count":
        if is_missing(record["count"]):
            return f"{record['count_low']:g}–{record['count_high']:g}"
        prefix = "at least " if record["qualifier"] == "at_least" else ""
        return f"{prefix}{record['count']:g}"
    if record["qualifier"] == "more_than":
        return f"more than {percent(record['share'])}"
    ends = percent(record["share_low"], 1), percent(record["share_high"], 1)
    return f"about {percent(record['share'])} ({ends[0]} to {ends[1]})"


def _named(row: Row, book: Codebook) -> str:
    words = {"participating": "all", "responding": "took part", "answering": "answered"}
    name = str(row["denominator"])
    return words.get(name) or book.indicators[name].label


def range_rows(
    printed: pd.DataFrame, findings: pd.DataFrame, bases: Sequence[int], noun: str
) -> pd.DataFrame:
    """Return one row for each printed share and base it may have, and one for each count.

    Parameters
    ----------
    bases : all that could have answered, then those that took part.
    """
    rows = []
    for record in records(printed):
        if record["kind"] == "count":
            rows.append((record["label"], "", record["count"], record["count"], False))
            continue
        for fit in fits_of(record, findings, bases, most=bases[-1]):
            base = f"{fit.base} {noun}"
            rows.append((record["label"], base, fit.low, fit.high, fit.is_only_cut_off))
    table = pd.DataFrame(rows, columns=["label", "base", "low", "high", "is_only_cut_off"])
    texts = [
        f"{row['low']:g}" if row["low"] == row["high"] else f"{row['low']:g} to {row['high']:g}"
        for row in records(table)
    ]
    ends = [" (only if cut off)" if cut else "" for cut in table["is_only_cut_off"]]
    of = [f" of {base.partition(' ')[0]}" if base else "" for base in table["base"]]
    return table.assign(text=[a + b + c for a, b, c in zip(texts, of, ends, strict=True)])


def is_about_respondents(name: str, book: Codebook) -> bool:
    """Tell whether an indicator counts respondents, not cases."""
    return book.item_of(name).unit == RESPONDENT_UNIT
