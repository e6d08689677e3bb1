"""What a report cannot tell, worked out from what its numbers rest on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.comparisons.words import NOT_COMPARABLE
from analysis.display.exhibit import Table
from analysis.frames import records
from analysis.indicators import turnout
from analysis.problems import listed
from analysis.results import Results
from analysis.study.codebook import Codebook
from analysis.study.vocabulary import RESPONDENT_UNIT

ANSWERS = "the answers of single respondents"
BOTH_COUNTS = "the question and the count of both cycles"
NOTHING = "nothing: the earlier cycle was not asked the same"
OTHER_QUESTION = ("was new", "changed", "could not be chosen", "no longer asked")


@dataclass(frozen=True)
class Limit:
    """Something that cannot be told, why, what it touches, and what would tell it."""

    what: str
    why: str
    touches: str
    would_tell: str


def limits_of(results: Results, book: Codebook) -> tuple[Limit, ...]:
    """Return what the numbers of a study cannot tell, the widest limits first."""
    return tuple(
        limit
        for part in (_reported, _who_moved, _silent, _blanks, _wording, _bases, _chosen, _compared)
        for limit in part(results, book)
    )


def limits_table(results: Results, book: Codebook) -> Table:
    """Return the limits as a table."""
    rows = [(one.what, one.why, one.touches, one.would_tell) for one in limits_of(results, book)]
    columns = ["What cannot be told", "Why", "What it touches", "What would tell it"]
    return Table(
        name="limits",
        caption="What this report cannot tell you",
        note="Worked out from the tables of this report.",
        data=pd.DataFrame(rows, columns=columns),
        evidence=(),
        finding_ids=(),
    )


def _reported(_: Results, book: Codebook) -> Iterator[Limit]:
    groups = listed(group.label for group in book.respondents.values())
    yield Limit(
        "Whether what is reported is so, and whether a rule on paper is applied.",
        f"{groups} report about themselves",
        "every number",
        "another source than the survey",
    )


def _who_moved(results: Results, book: Codebook) -> Iterator[Limit]:
    if results.panel["n_paired"].sum() or len(book.cycles) < 2:
        return
    bounded = results.comparisons[results.comparisons["change_low"].notna()]
    group = next(iter(book.respondents.values())).label
    yield Limit(
        f"Which {group} changed what they reported, and whether any gave up what it had.",
        "no respondent is known in two cycles",
        f"{len(bounded)} changes that are compared",
        f"{ANSWERS} of both cycles, with an id",
    )


def _silent(results: Results, book: Codebook) -> Iterator[Limit]:
    took_part = turnout(results.totals, book)
    for group, row in book.respondents.items():
        sizes = {c: book.eligible.get((c, group)) for c in book.cycles if (c, group) in took_part}
        if sizes and not any(sizes.values()):
            yield Limit(
                f"What {row.label} as a whole would say.",
                f"there is no list of all {row.label}; those that answered are no sample",
                f"every number about {row.label}",
                "a list, and a sample drawn from it",
            )
            continue
        missing = {c: n - took_part[c, group] for c, n in sizes.items() if n}
        told = [f"{n} in {c}" for c, n in missing.items() if n > 0]
        if told:
            yield Limit(
                f"What the {row.label} that did not take part would have said.",
                f"they did not answer: {listed(told)}",
                "every count; the ranges of what is possible leave it open",
                "their answers",
            )


def _blanks(results: Results, _: Codebook) -> Iterator[Limit]:
    printed = results.totals[results.totals["evidence"].isin(("published", "derived"))]
    counts = printed[printed["kind"] == "count"]
    if len(counts):
        yield Limit(
            "Who left a question blank.",
            "printed counts do not say; the bounds suppose that nobody did",
            f"{len(counts)} printed counts",
            ANSWERS,
        )


def _wording(results: Results, book: Codebook) -> Iterator[Limit]:
    table = results.comparisons
    asserted = table[table["comparability"] == "asserted_by_source"]
    if len(asserted):
        labels = _labels(asserted["indicator"], book)
        yield Limit(
            "Whether questions were worded alike in both cycles.",
            "the source compares them, and does not print the questions",
            labels,
            "the questionnaires",
        )


def _bases(results: Results, book: Codebook) -> Iterator[Limit]:
    shares = results.totals[results.totals["kind"] == "share"]
    is_own = shares["indicator"].map(lambda n: book.item_of(n).unit == RESPONDENT_UNIT).astype(bool)
    if is_own.any():
        yield Limit(
            "Which counts stand behind shares that are printed without their base.",
            "several counts and bases fit each",
            _labels(shares.loc[is_own, "indicator"], book),
            ANSWERS,
        )
    for unit, own in shares[~is_own].groupby(
        shares.loc[~is_own, "indicator"].map(lambda n: book.item_of(n).unit), sort=False
    ):
        yield Limit(
            f"How many {book.bases.get(str(unit), str(unit))} stand behind a share of them.",
            "their number is not printed, and they cluster in respondents",
            _labels(own["indicator"], book),
            "the number of each respondent",
        )


def _chosen(results: Results, _: Codebook) -> Iterator[Limit]:
    if results.totals["evidence"].isin(("published", "derived")).any():
        yield Limit(
            "How many changes were looked at and not printed.",
            "the authors of the source chose what to print",
            "every change between printed counts; no p-value can be adjusted for it",
            ANSWERS,
        )


def _compared(results: Results, book: Codebook) -> Iterator[Limit]:
    table = results.comparisons
    rest = table[(table["verdict"] == NOT_COMPARABLE)]
    for row in records(
        rest.groupby(["reason", "cycle_from", "cycle_to"], sort=False)["indicator"]
        .agg(list)
        .reset_index()
    ):
        names = list(dict.fromkeys(row["indicator"]))
        yield Limit(
            f"Change between {row['cycle_from']} and {row['cycle_to']} in {len(names)} "
            f"indicator{'s' if len(names) > 1 else ''}.",
            row["reason"],
            _labels(names, book),
            NOTHING if any(word in row["reason"] for word in OTHER_QUESTION) else BOTH_COUNTS,
        )


def _labels(names: Sequence[str] | pd.Series[str], book: Codebook) -> str:
    return "; ".join(book.indicators[name].label for name in dict.fromkeys(names))
