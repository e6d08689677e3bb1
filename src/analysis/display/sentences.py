"""Numbers in words: what was reported, over which base, and what can be said about a change."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.comparisons import FALL, NOT_COMPARABLE, OPEN
from analysis.display.exhibit import Sentence
from analysis.frames import Row, is_missing
from analysis.statistics import counts_within, possible_counts
from analysis.study.codebook import RESPONDENT_UNIT, Codebook, Respondents

QUALIFIERS = {
    "at_least": "at least ",
    "at_most": "at most ",
    "more_than": "more than ",
    "less_than": "fewer than ",
    "about": "about ",
    "exactly": "",
}


def signed(number: float) -> str:
    """Return a change with its sign.

    >>> signed(3), signed(-3), signed(0)
    ('+3', '−3', '0')
    """
    return f"{number:+g}".replace("-", "−") if number else "0"


def percent(share: float, decimals: int = 0) -> str:
    """Return a share as a percentage.

    >>> percent(0.2807), percent(0.2035, 1)
    ('28 %', '20.4 %')
    """
    return f"{100 * share:.{decimals}f} %"


def count_sentence(row: Row, book: Codebook, turnout: int | None, eligible: int | None) -> str:
    """Say what one row of the indicator table says.

    Parameters
    ----------
    row : one row of `analysis.indicators.indicator_counts`.
    turnout, eligible : how many of the group took part in the cycle, and could have.
    """
    indicator = book.indicators[str(row["indicator"])]
    group = book.respondents[str(row["respondents"])]
    cycle = str(row["cycle"])
    item = book.item_of(indicator.name)
    if item.unit != RESPONDENT_UNIT:
        share, low, high = (float(row[key]) for key in ("share", "low", "high"))
        about = "" if row["evidence"] == "published" else "about "
        ends = f" ({percent(low, 1)} to {percent(high, 1)})" if about else ""
        text = f"{about}{percent(share)}{ends} of {book.bases.get(item.unit, item.unit)}"
        return _upper(f"{text} {indicator.phrase} in {cycle}.")
    if is_missing(row["count"]):
        return ""
    is_response = item.name == book.settings.response_item
    took_part = f" ({turnout} took part)" if turnout and not is_response else ""
    return _upper(f"{_whole(row, group, book, eligible)} {indicator.phrase} in {cycle}{took_part}.")


def _whole(row: Row, group: Respondents, book: Codebook, eligible: int | None) -> str:
    count, denominator = int(row["count"]), str(row["denominator"])
    about = QUALIFIERS[str(row["qualifier"])]
    nobs = None if is_missing(row["nobs"]) else int(row["nobs"])
    if count == 0 and denominator not in ("responding", *book.indicators):
        return f"no {group.singular}"
    number = str(count) if count else "none"
    if denominator == "responding" and nobs is not None:
        return f"{about}{number} of the {nobs} {group.label} that took part"
    if denominator in book.indicators and nobs is not None:
        whole = book.indicators[denominator].phrase
        return f"{about}{number} of the {nobs} {group.label} that {whole}"
    if denominator == "participating" and eligible:
        return f"{about}{number} of the {eligible} {group.label}"
    return f"{about}{group.counted(count)}"


def share_sentence(
    row: Row, book: Codebook, quote: str, percent_printed: float | None, bases: Mapping[str, int]
) -> str:
    """Say which counts a share printed without its base allows.

    Parameters
    ----------
    row : the row of the indicator table.
    quote : the words of the source.
    percent_printed : the percentage, None for a fraction or loose words.
    bases : the obvious bases and what to call them, for example ``{"that took part": 49}``.
    """
    indicator = book.indicators[str(row["indicator"])]
    group = book.respondents[str(row["respondents"])]
    head = f"The source says that “{quote}” {indicator.phrase}, without saying of how many"
    if percent_printed is None:
        ends = float(row["low"]), float(row["high"])
        fits = [_span(*ends, size, group) for size in bases.values()]
        return f"{head}; read loosely, that is {' or '.join(fits)}."
    parts = []
    for words, rounding in (("rounded", "round"), ("cut off", "truncate")):
        table = possible_counts(percent_printed, denominators=bases.values(), rounding=rounding)
        fits = [_exact(table, size) for size in bases.values()]
        parts.append(f"{words}, the figure fits {' and '.join(fits)}")
    return f"{head}. {_upper('; '.join(parts))}."


def _span(low: float, high: float, size: int, group: Respondents) -> str:
    counts = counts_within(low, high, denominators=[size])["count"]
    if low == 0.5 and high == 1:  # "more than half" leaves the half itself out
        counts = counts[2 * counts > size]
    return f"{counts.min()} to {counts.max()} of {size} {group.label}"


def _exact(table: pd.DataFrame, size: int) -> str:
    counts = list(table.loc[table["denominator"] == size, "count"])
    return f"{' or '.join(map(str, counts)) if counts else 'no count'} of {size}"


def change_sentence(row: Row, book: Codebook, population: int | None) -> str:
    """Say what one row of the comparison table says about a change."""
    group = book.respondents[str(row["respondents"])]
    earlier = str(row["cycle_from"])
    if row["verdict"] == NOT_COMPARABLE:
        return f"Not compared with {earlier}: {row['reason']}."
    low, high = int(row["change_low"]), int(row["change_high"])
    if is_missing(row["count_from"]):
        ends = row["count_from_low"], row["count_from_high"]
        before = f"For {earlier} no count is printed; the words used allow {ends[0]} to {ends[1]}"
    else:
        before = f"In {earlier} it was {row['count_from']}"
    before += f" ({row['nobs_from']} took part). "
    everyone = f"all {population}" if population else f"all {group.label}"
    condition = f"If every {group.singular} that took part and is not counted as yes meant no, "
    if row["verdict"] == OPEN:
        return (
            f"{before}{condition}the change among {everyone} lies between {signed(low)} and "
            f"{signed(high)}. Verdict: {OPEN}."
        )
    word = "fall" if row["verdict"] == FALL else "rise"
    size = sorted((abs(low), abs(high)))
    blanks = int(row["tipping_point"])
    blank_cycle = row["cycle_to"] if row["verdict"] == FALL else earlier
    who = (
        f"One {blank_cycle} respondent that left the question blank"
        if blanks == 1
        else f"{blanks} respondents of {blank_cycle} that left the question blank"
    )
    return (
        f"{before}{condition}the {word} among {everyone} is between {size[0]} and {size[1]}. "
        f"{who} would end that certainty; the source does not say whether there were any. "
        f"Verdict: {row['verdict']}."
    )


def as_sentence(text: str, evidence: str, finding_ids: str) -> Sentence:
    """Return the text as a `Sentence`; `finding_ids` are separated by spaces."""
    return Sentence(text, evidence, tuple(finding_ids.split()))


def turnout_sentence(
    took_part: Mapping[str, int], population: int | None, group: Respondents
) -> str:
    """Say how many took part in one or two cycles, and how many can have done so both times.

    >>> states = Respondents("states", "States", "State")
    >>> turnout_sentence({"old": 52, "new": 49}, 57, states)  # doctest: +ELLIPSIS
    '52 of the 57 States took part in old and 49 in new. ... between 44 and 49 took part both ...
    """
    if not took_part:
        return f"How many {group.label} took part is not printed."
    whole = f" of the {population}" if population else ""
    first, *others = took_part.items()
    told = f"{first[1]}{whole} {group.label} took part in {first[0]}"
    if not others:
        return f"{told}."
    told += f" and {others[0][1]} in {others[0][0]}."
    if population is None:
        return (
            f"{told} There is no list of all {group.label}, and how many took part both times is "
            "not printed."
        )
    least, most = max(0, first[1] + others[0][1] - population), min(first[1], others[0][1])
    return (
        f"{told} So between {least} and {most} took part both times, and the source does not say "
        "which."
    )


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
