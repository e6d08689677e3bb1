"""The change between two cycles of responses, by the design that the respondent ids allow."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from analysis.comparisons.comparable import Pair
from analysis.comparisons.tested import has_list, why_not_tested
from analysis.comparisons.words import (
    INDEPENDENT,
    LEVEL_OF_INTERVALS,
    NOT_COMPARABLE,
    OPEN,
    PANEL,
    PARTLY_OVERLAPPING,
    verdict_of,
)
from analysis.frames import Row
from analysis.statistics import (
    change_bounds,
    difference_interval,
    independent_pvalue,
    mcnemar_pvalue,
    overlap_pvalue,
    overlap_range,
    paired_difference_interval,
)
from analysis.study.codebook import Codebook

CONDITION = (
    "answers are taken at their word; those without one, blank or silent, may have meant either"
)
NO_POPULATION = "nothing is supposed about those that did not answer"
BOUNDS = "worst-case bounds (Manski)"
EXACT_MCNEMAR = "exact McNemar test on those that answered both times"
FISHER = "Fisher mid-p test of two independent samples"
TANGO = "Tango score interval on those that answered both times"
NEWCOMBE = "Newcombe hybrid score interval of two independent samples"
MOVED_EITHER_WAY = "the p-value supposes that each that moved was equally likely to move either way"
RANDOM_SAMPLES = (
    "the p-value supposes that the respondents of each cycle are a random sample, drawn anew"
)


@dataclass(frozen=True)
class Margins:
    """Yes and answers of both cycles, among `population` (None: no fixed population).

    Of `settled` it is known whether they count as yes: they answered, or it does not apply to them.
    """

    counts: tuple[int, int]
    nobs: tuple[int, int]
    settled: tuple[int, int]
    population: int | None
    subset: str


def change_of_responses(
    pair: Pair, moves: Row | None, population: int | None, book: Codebook
) -> dict[str, Any]:
    """Return what the responses of two cycles say about the change.

    Parameters
    ----------
    moves : the row of `analysis.panel.panel`; None where respondents have no key.
    population : number that could have answered in both cycles; None where there is no list.

    Returns
    -------
    dict
        Columns of the comparison table, in respondents.
    """
    if moves is not None and moves["is_routed"] and not moves["n_asked_both"]:
        reason = "the question was put to a part of the respondents, to none of them both times"
        return {"verdict": NOT_COMPARABLE, "reason": reason, "evidence": pair.ends[1]["evidence"]}
    known = _margins(pair, moves, population)
    design, why = _design(moves)
    bounds = _bounds(known, moves)
    test = _tests(pair, known, moves, design, book)
    shares = [c / n if n else math.nan for c, n in zip(known.counts, known.nobs, strict=True)]
    methods = [test.pop("method"), BOUNDS if known.population is not None else ""]
    reasons = [known.subset, test.pop("reason")]
    if known.population is None:
        group = book.respondents[pair.group].label
        reasons.insert(0, f"there is no one list of all {group} for both cycles, so no bounds")
    return {
        "count_from": known.counts[0],
        "count_to": known.counts[1],
        "nobs_from": known.nobs[0],
        "nobs_to": known.nobs[1],
        "settled_from": known.settled[0],
        "settled_to": known.settled[1],
        "change": known.counts[1] - known.counts[0],
        "change_pp": 100 * (shares[1] - shares[0]),
        **bounds,
        "design": design,
        "why_design": why,
        **({} if moves is None else {key: moves[key] for key in ("n_paired", "gained", "lost")}),
        **test,
        "method": "; ".join(method for method in methods if method),
        "reason": "; ".join(reason for reason in reasons if reason),
        "evidence": pair.ends[1]["evidence"],
        "count_from_low": known.counts[0],
        "count_from_high": known.counts[0],
    }


def _margins(pair: Pair, moves: Row | None, population: int | None) -> Margins:
    """The counts that are compared: of all, or of those that the question was put to."""
    if moves is not None and moves["is_routed"]:
        asked = int(moves["n_asked_both"])
        counts = (
            moves["stayed_yes"] + moves["lost"] + moves["only_from_yes"],
            moves["stayed_yes"] + moves["gained"] + moves["only_to_yes"],
        )
        settled = asked - int(moves["open_from"]), asked - int(moves["open_to"])
        nobs = (
            settled[0] - int(moves["inapplicable_from"]),
            settled[1] - int(moves["inapplicable_to"]),
        )
        return Margins(counts, nobs, settled, asked, f"only the {asked} that were asked both times")
    ends = pair.ends
    counts = int(ends[0]["count"]), int(ends[1]["count"])
    nobs = int(ends[0]["n_answered"]), int(ends[1]["n_answered"])
    settled = (
        nobs[0] + int(ends[0]["n_not_applicable"]),
        nobs[1] + int(ends[1]["n_not_applicable"]),
    )
    if any(end["n_not_asked"] for end in ends):
        return Margins(counts, nobs, settled, None, "of those that were asked in each cycle")
    return Margins(counts, nobs, settled, population, "")


def _design(moves: Row | None) -> tuple[str, str]:
    if moves is None:
        return INDEPENDENT, "the answers carry no respondent id in both cycles, so none are paired"
    pairs = int(moves["n_paired"])
    singles = sum(
        int(moves[f"only_{end}_{answer}"]) for end in ("from", "to") for answer in ("yes", "no")
    )
    if not pairs:
        return INDEPENDENT, "nobody answered in both cycles"
    if singles:
        why = f"respondent ids: {pairs} answered both times, {singles} in one of the two cycles"
        return PARTLY_OVERLAPPING, why
    return PANEL, f"respondent ids: the same {pairs} answered both times"


def _bounds(known: Margins, moves: Row | None) -> dict[str, Any]:
    if known.population is None:
        return {"condition": NO_POPULATION, "verdict": OPEN}
    (first, second), (n1, n2) = known.counts, known.settled
    low, high = change_bounds(first, n1, second, n2, population=known.population)
    overlap = overlap_range(*known.nobs, population=known.population)
    if moves is not None:
        overlap = (int(moves["n_paired"]), int(moves["n_paired"]))
    return {
        "change_low": low,
        "change_high": high,
        "condition": CONDITION,
        "verdict": verdict_of(low, high),
        "overlap_low": overlap[0],
        "overlap_high": overlap[1],
    }


def _tests(
    pair: Pair, known: Margins, moves: Row | None, design: str, book: Codebook
) -> dict[str, Any]:
    """Intervals and p-values, where the group may be tested."""
    group = book.respondents[pair.group]
    why = why_not_tested(pair.group, pair.cycles, book)
    if why:
        return {"method": "", "reason": why}
    is_listed = has_list(pair.group, pair.cycles, book)
    asked = "" if is_listed else f"tested on request, though the {group.label} are no sample: "
    if design == INDEPENDENT or moves is None:
        if not all(known.nobs):
            return {"method": "", "reason": "no p-value: nobody answered in one of the cycles"}
        (first, second), (n1, n2) = known.counts, known.nobs
        low, high = difference_interval(first, n1, second, n2, level=LEVEL_OF_INTERVALS)
        return {
            "method": FISHER,
            "p_value": independent_pvalue(first, n1, second, n2),
            "interval_low_pp": 100 * low,
            "interval_high_pp": 100 * high,
            "interval_method": NEWCOMBE,
            "reason": asked + RANDOM_SAMPLES,
        }
    table = [int(moves[name]) for name in ("stayed_yes", "lost", "gained", "stayed_no")]
    low, high = paired_difference_interval(*table, level=LEVEL_OF_INTERVALS)
    found = {
        "method": EXACT_MCNEMAR,
        "p_value": mcnemar_pvalue(table[2], table[1], method="exact"),
        "p_mid": mcnemar_pvalue(table[2], table[1], method="mid_p"),
        "interval_low_pp": 100 * low,
        "interval_high_pp": 100 * high,
        "interval_method": TANGO,
        "reason": asked + MOVED_EITHER_WAY,
    }
    if design == PARTLY_OVERLAPPING:
        singles = {
            f"only{number}_{answer}": int(moves[f"only_{end}_{answer}"])
            for number, end in ((1, "from"), (2, "to"))
            for answer in ("yes", "no")
        }
        found["p_overlap"] = overlap_pvalue(*table, **singles)
    return found
