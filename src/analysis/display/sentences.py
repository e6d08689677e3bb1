"""Numbers in words: what was reported, over which base, and what can be said about a change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analysis.display.statements import Sentence
from analysis.frames import Row, is_missing
from analysis.study.codebook import Codebook, Respondents
from analysis.study.vocabulary import RESPONDENT_UNIT

QUALIFIERS = {
    "at_least": "at least ",
    "at_most": "at most ",
    "more_than": "more than ",
    "less_than": "fewer than ",
    "about": "about ",
    "exactly": "",
}


def percent(share: float, decimals: int = 0) -> str:
    """Return a share as a percentage.

    >>> percent(0.2807), percent(0.2041, 1)
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
    says_turnout = row["denominator"] == "responding" or item.name == book.settings.response_item
    took_part = f" ({turnout} took part)" if turnout and not says_turnout else ""
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


def range_sentence(row: Row, book: Codebook, quote: str) -> str:
    """Say which counts loose words allow where no count is printed.

    Parameters
    ----------
    row : one row of `analysis.published.published_counts` without a count.
    quote : the words of the source.
    """
    group = book.respondents[row["respondents"]]
    return (
        f"For {row['cycle']} no count is printed; the words “{quote}” allow "
        f"{row['count_low']:g} to {row['count_high']:g} {group.label} that "
        f"{book.indicators[row['indicator']].phrase}."
    )


def share_sentence(
    row: Row, book: Codebook, quote: str, fits: Sequence[str], *, is_loose: bool
) -> str:
    """Say which counts a share printed without its base allows.

    Parameters
    ----------
    row : one row of the indicator table.
    quote : the words of the source.
    fits : the counts that fit, in words, for example "23 of 57"; one entry a base.
    is_loose : whether the words leave a range, rather than a percentage that was printed.
    """
    phrase = book.indicators[row["indicator"]].phrase
    means = "read as widely as the words allow, that is" if is_loose else "that fits"
    return (
        f"The source says that “{quote}” {phrase}, without saying of how many; "
        f"{means} {' or '.join(fits)}."
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
