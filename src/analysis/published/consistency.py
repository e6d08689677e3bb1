"""Does the source agree with itself: parts and wholes, shares and counts, text and call-outs."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from analysis.frames import Row, records
from analysis.problems import listed
from analysis.published.findings import NUMBERS
from analysis.statistics import possible_counts
from analysis.study.codebook import Codebook

CALL_OUT = "call-out"
"""The word in a locator that marks what is set beside the text."""


@dataclass(frozen=True)
class Check:
    """One place where two figures of the source can be held against each other."""

    what: str
    outcome: str
    finding_ids: tuple[str, ...]


def checks(findings: pd.DataFrame, book: Codebook) -> list[Check]:
    """Return every check that the findings allow, in the order parts, shares, repeats."""
    return [
        *_parts(findings, book),
        *_shares_of_known_wholes(findings, book),
        *_repeats(findings, book),
    ]


def _parts(findings: pd.DataFrame, book: Codebook) -> Iterator[Check]:
    counts = findings[findings["measure"] == "count"]
    keys = ["base", "cycle", "respondents"]
    for key, parts in counts[counts["base"].isin(book.indicators)].groupby(keys, sort=False):
        base, cycle, group = (str(part) for part in key)
        rule = book.indicators[base].rule
        whole = counts[
            (counts["item"] == rule.item)
            & (counts["option"] == rule.option)
            & (counts["cycle"] == cycle)
            & (counts["respondents"] == group)
        ]
        label = book.indicators[base].label
        values = [_number(row) for row in records(parts)]
        if whole.empty:
            outcome = "cannot be held against it: the whole is not printed"
        else:
            size = whole["high"].iloc[0]
            fits = (parts["value"].fillna(parts["low"]) <= size).all()
            outcome = "no part is above it" if fits else "a part is above its whole"
            if parts["value"].sum() == size and len(parts) > 1:
                outcome += "; that they add up to it does not make them exclude each other"
            label += f" ({_number(records(whole)[0])})"
        ids = (*whole["finding_id"], *parts["finding_id"])
        yield Check(f"{listed(values)} as parts of: {label}", outcome, ids)


def _number(row: Row) -> str:
    """The number of a finding, or its range where it is printed loosely."""
    is_range = math.isnan(row["value"])
    return f"{row['low']:g} to {row['high']:g}" if is_range else f"{row['value']:g}"


def _shares_of_known_wholes(findings: pd.DataFrame, book: Codebook) -> Iterator[Check]:
    """A percentage whose count and base are both printed."""
    keys = ["item", "option", "cycle", "respondents"]
    for key, printed in findings[findings["item"] != ""].groupby(keys, sort=False):
        item, _, cycle, group = (str(part) for part in key)
        percents = printed[(printed["measure"] == "percent") & (printed["base"] == "participating")]
        numbers = printed[(printed["measure"] == "count") & printed["value"].notna()]
        eligible = book.eligible.get((cycle, group))
        if percents.empty or numbers.empty or eligible is None:
            continue
        percent, count = percents["value"].iloc[0], int(numbers["value"].iloc[0])
        agrees = [
            words
            for words, rounding in (("rounded", "round"), ("cut off", "truncate"))
            if count in set(_counts_printed_as(percent, eligible, rounding))
        ]
        outcome = f"agrees if {' or '.join(agrees)}" if agrees else "does not agree"
        outcome += ", not if cut off" if agrees == ["rounded"] else ""
        ids = (*percents["finding_id"], *numbers["finding_id"])
        yield Check(
            f"{book.items[item].label}: {percent:g} % against {count} of {eligible}", outcome, ids
        )


def _counts_printed_as(percent: float, base: int, rounding: str) -> pd.Series:
    return possible_counts(percent, denominators=[base], rounding=rounding)["count"]


def _repeats(findings: pd.DataFrame, book: Codebook) -> Iterator[Check]:
    """What is printed in the text and again beside it."""
    numbers = findings[findings["measure"].isin(NUMBERS) & (findings["item"] != "")]
    keys = ["item", "option", "cycle", "respondents"]
    for key, printed in numbers.groupby(keys, sort=False):
        item, _, cycle, group = (str(part) for part in key)
        beside = printed[printed["locator"].str.contains(CALL_OUT)]
        text = printed.drop(beside.index)
        if beside.empty or text.empty:
            continue
        for row in records(beside):
            same = text[text["measure"] == row["measure"]]
            if not same.empty:
                agrees = (same["value"] == row["value"]).any()
                outcome = "same figure" if agrees else "not the same figure"
                other = same.iloc[0]
            else:
                other = text.iloc[0]
                outcome = _loose(row, other, book, (cycle, group), findings)
            yield Check(
                f"{book.items[item].label} {_quoted(row)} beside the text, "
                f"{_quoted(other.to_dict())} in it",
                outcome,
                (row["finding_id"], other["finding_id"]),
            )


def _quoted(row: Row) -> str:
    return f"“{row['as_printed']}”"


def _loose(
    loose: Row,
    exact: pd.Series,
    book: Codebook,
    key: tuple[str, str],
    findings: pd.DataFrame,
) -> str:
    """Hold a fraction in words against a count, over each obvious base."""
    if loose["measure"] != "fraction" or exact["measure"] != "count":
        return "different measures; not held against each other"
    took_part = findings[
        (findings["item"] == book.settings.response_item)
        & (findings["cycle"] == key[0])
        & (findings["respondents"] == key[1])
        & (findings["measure"] == "count")
    ]["value"]
    bases = [n for n in (book.eligible.get(key), *took_part.astype(int)) if n]
    parts = []
    for base in bases:
        share = exact["value"] / base
        fits = float(loose["low"]) <= share <= float(loose["high"])
        parts.append(
            f"{exact['value']:g} of {base} is {100 * share:.0f} %, which "
            f"{'fits' if fits else 'does not fit'} the words"
        )
    return "; ".join(parts)
