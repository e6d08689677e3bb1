"""From the indicator and comparison tables to the rows that one figure or table shows."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from analysis.display.sentences import percent
from analysis.frames import Row, is_missing, records
from analysis.parameters import Choices
from analysis.statistics import counts_within, possible_counts, proportion_interval
from analysis.study.codebook import RESPONDENT_UNIT, Codebook


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
        share = (
            f" ({percent(over['share'])} of {over['nobs']})"
            if over["share"] == over["share"]
            else ""
        )
        rows.append(
            {
                "indicator": name,
                "label": row["label"],
                "count": int(row["count"]),
                "text": f"{prefix}{int(row['count'])}{share}",
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


def _group(name: str, book: Codebook, choices: Choices) -> str:
    return (
        f"New in {choices.cycle}"
        if book.item_of(name).comparability == "new"
        else "Not new; the earlier count is not printed"
    )


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
    rows = []
    for record in records(printed):
        row = over_denominator(counts, str(record["indicator"]), choices)
        is_count = record["kind"] == "count"
        turnout = _turnout(counts, choices, book)
        prefix = {"at_least": "at least ", "more_than": "more than "}.get(record["qualifier"], "")
        cells = {
            "Indicator": record["label"],
            "Reported": _reported(record, prefix),
            "Of": "" if is_missing(row["nobs"]) else f"{row['nobs']} ({_named(row, book)})",
            "Share": "" if is_missing(row["share"]) else percent(row["share"]),
            f"Possible among all {eligible or label}": "",
            f"{choices.level:.0%} interval*".replace("%", " %"): "",
            "Evidence": record["evidence"],
            "Findings": record["finding_ids"],
            "Why something is missing": row["reason"],
        }
        if is_count and eligible and turnout and not is_missing(record["count"]):
            names = list(cells)
            high = min(record["count_high"], turnout) + eligible - turnout
            cells[names[4]] = f"{record['count']:g} to {high:g}"
            if record["qualifier"] == "exactly":
                low, top = proportion_interval(
                    record["count"], turnout, level=choices.level, population=eligible
                )
                cells[names[5]] = f"{low * eligible:.0f} to {top * eligible:.0f}"
        rows.append(cells)
    table = pd.DataFrame(rows)
    return table.loc[
        :, [c for c in table if c in ("Indicator", "Findings") or (table[c] != "").any()]
    ]


def _turnout(counts: pd.DataFrame, choices: Choices, book: Codebook) -> int | None:
    name = book.indicator_of(book.settings.response_item, "yes")
    own = counts[
        (counts["indicator"] == name)
        & (counts["cycle"] == choices.cycle)
        & (counts["respondents"] == choices.respondents)
    ]["count"].dropna()
    return int(own.iloc[0]) if len(own) else None


def _reported(record: Row, prefix: str) -> str:
    if record["kind"] == "count":
        count = record["count"]
        return (
            f"{record['count_low']:g}–{record['count_high']:g}"
            if count != count
            else f"{prefix}{count:g}"
        )
    share, low, high = (float(record[k]) for k in ("share", "share_low", "share_high"))
    if record["qualifier"] == "more_than":
        return f"{prefix}{percent(share)}"
    return f"{percent(share)} ({percent(low, 1)}–{percent(high, 1)})"


def _named(row: Row, book: Codebook) -> str:
    words = {"participating": "all", "responding": "took part"}
    name = str(row["denominator"])
    return words.get(name) or book.indicators[name].label


def range_rows(
    printed: pd.DataFrame, findings: pd.DataFrame, bases: dict[str, int], noun: str
) -> pd.DataFrame:
    """Return one row for each printed share and base it may have, and one for each count."""
    rows = []
    for record in records(printed):
        if record["kind"] == "count":
            count = float(record["count"])
            rows.append(
                {
                    "label": record["label"],
                    "base": "",
                    "low": count,
                    "high": count,
                    "text": f"{count:g}",
                }
            )
            continue
        percentage = percentage_of(record, findings)
        for size in bases.values():
            if percentage is not None:
                fits = fitting_counts(percentage, size)
            else:
                fits = counts_within(record["share_low"], record["share_high"], denominators=[size])
                if record["qualifier"] == "more_than":
                    fits = fits[fits["count"] > record["share"] * size]
            if fits.empty:
                continue
            low, high = int(fits["count"].min()), int(fits["count"].max())
            text = str(low) if low == high else f"{low} to {high}"
            rows.append(
                {
                    "label": record["label"],
                    "base": f"{size} {noun}",
                    "low": low,
                    "high": high,
                    "text": f"{text} of {size}",
                }
            )
    return pd.DataFrame(rows, columns=["label", "base", "low", "high", "text"])


def percentage_of(record: Row, findings: pd.DataFrame) -> float | None:
    """The printed percentage behind a share, None where it is a fraction or loose words."""
    ids = str(record["finding_ids"]).split()
    own = findings[findings["finding_id"].isin(ids) & (findings["measure"] == "percent")]
    return float(own["value"].iloc[0]) if len(own) else None


def fitting_counts(percentage: float, size: int) -> pd.DataFrame:
    """Counts of `size` that print as the percentage, rounded or cut off, once each."""
    both = [
        possible_counts(percentage, denominators=[size], rounding=rounding)
        for rounding in ("round", "truncate")
    ]
    return pd.concat(both, ignore_index=True).drop_duplicates()


def is_about_respondents(name: str, book: Codebook) -> bool:
    """Tell whether an indicator counts respondents, not cases."""
    return book.item_of(name).unit == RESPONDENT_UNIT
