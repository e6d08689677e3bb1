"""Changes in words: who moved, what holds for all, under which condition, and what would end it."""

from __future__ import annotations

from analysis.comparisons.words import FALL, INDEPENDENT, LEVEL, MARGINS, NOT_COMPARABLE, OPEN
from analysis.display.sentences import percent
from analysis.frames import Row, is_missing
from analysis.numerals import signed
from analysis.study.codebook import Codebook, Respondents

ASSERTED = (
    "The source compares the two cycles itself; whether the question was worded alike in both is "
    "not published."
)


def change_sentence(row: Row, book: Codebook, population: int | None) -> str:
    """Say what one row of the comparison table says about a change.

    Parameters
    ----------
    population : how many of the group could have answered in both cycles, None without a list.
    """
    group = book.respondents[str(row["respondents"])]
    if row["verdict"] == NOT_COMPARABLE:
        return f"Not compared with {row['cycle_from']}: {row['reason']}."
    everyone = f"all {population}" if population else f"all {group.label}"
    if row["design"] == MARGINS:
        parts = [_before(row), _bounds_of_print(row, group, everyone), _moved(row, group)]
    elif row["design"] == INDEPENDENT:
        parts = [_two_samples(row, group), _bounds_of_responses(row, everyone)]
    else:
        parts = [_before(row), _movers(row, group), _bounds_of_responses(row, everyone)]
    return " ".join(part for part in (*parts, f"Verdict: {row['verdict']}.") if part)


def _before(row: Row) -> str:
    earlier = row["cycle_from"]
    if row["design"] != MARGINS:
        return f"In {earlier} it was {row['count_from']}."
    if not is_missing(row["count_from"]):
        return f"In {earlier} it was {row['count_from']} ({row['nobs_from']} took part)."
    ends = row["count_from_low"], row["count_from_high"]
    return (
        f"For {earlier} no count is printed; the words used allow {ends[0]} to {ends[1]} "
        f"({row['nobs_from']} took part)."
    )


def _bounds_of_print(row: Row, group: Respondents, everyone: str) -> str:
    low, high = int(row["change_low"]), int(row["change_high"])
    condition = f"If every {group.singular} that took part and is not counted as yes meant no, "
    if row["verdict"] == OPEN:
        return (
            f"{condition}the change among {everyone} lies between {signed(low)} and {signed(high)}."
        )
    if row["verdict"] == LEVEL:
        return f"{condition}there is no change among {everyone}."
    is_fall = row["verdict"] == FALL
    size = sorted((abs(low), abs(high)))
    blanks = int(row["tipping_point"])
    cycle = row["cycle_to"] if is_fall else row["cycle_from"]
    who = (
        f"One {cycle} respondent that left the question blank would"
        if blanks == 1
        else f"It would take {blanks} respondents of {cycle} that left the question blank to"
    )
    return (
        f"{condition}the {'fall' if is_fall else 'rise'} among {everyone} is between {size[0]} and "
        f"{size[1]}. {who} end that certainty; the source does not say whether there were any."
    )


def _moved(row: Row, group: Respondents) -> str:
    """How many must have changed their answer, where it is some."""
    least = 0 if is_missing(row["moved_at_least"]) else int(row["moved_at_least"])
    if not least:
        return ""
    low, high = int(row["overlap_low"]), int(row["overlap_high"])
    both = f"{high}" if low == high else f"{low} to {high}"
    return (
        f"Under the same condition at least {least} of the {both} {group.label} that took part "
        "both times changed what they reported."
    )


def _movers(row: Row, group: Respondents) -> str:
    """Who moved among the same respondents."""
    pairs = int(row["n_paired"])
    if not pairs:
        return ""
    return (
        f"Of the {group.counted(pairs)} with an answer both times, {row['gained']} gained it and "
        f"{row['lost']} lost it; {pairs - row['gained'] - row['lost']} stayed as they were."
    )


def _two_samples(row: Row, group: Respondents) -> str:
    """The shares of both cycles, where nobody can be followed from one to the other."""
    ends = [
        f"{row[f'count_{end}']} of {row[f'nobs_{end}']} {group.label} with an answer"
        + (f" ({percent(row[f'count_{end}'] / row[f'nobs_{end}'])})" if row[f"nobs_{end}"] else "")
        + f" in {row[f'cycle_{end}']}"
        for end in ("from", "to")
    ]
    return f"It was {ends[0]} and {ends[1]}; who changed cannot be told, since {row['why_design']}."


def _bounds_of_responses(row: Row, everyone: str) -> str:
    if is_missing(row["change_low"]):
        return "Nothing follows for those that did not answer."
    asked = "those asked both times" if "asked both times" in str(row["reason"]) else everyone
    return (
        f"Whatever those without an answer meant, the change among {asked} lies between "
        f"{signed(int(row['change_low']))} and {signed(int(row['change_high']))}."
    )
