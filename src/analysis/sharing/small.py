"""Looks for counts of so few respondents that these could be recognised.

A count is small that is above 0 and below the study's threshold. What can be worked out from two
numbers that stand in the report is looked at like a number that stands there.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from analysis.problems import Problem
from analysis.report.numbers import NUMBERS
from analysis.sharing.opening import Report

OBSERVED = "observed"

NO_COUNT = re.compile(
    r"share|%|percent|per cent|interval|\bp\b|p-value|p_|_pp|mid-p|adjusted|odds|cochran|\bq\b|"
    r"chance|points|change|possible|blank|tipping|moved.at.least|verdict|reason|remark|why|"
    r"took.part|unit_nonresponse|eligible|quarter|quartile|half up|\blow\b|\bhigh\b|_low$|_high$|"
    r"superiority|statistic|\bdf\b|level|family|mean|median|lowest|highest|difference|overlap|method|design|"
    r"condition|comparab|compared|printed|evidence|findings|with singles|cycles?$|^is_|^group$|"
    r"^label$|indicator|item|option|question|^answer$|respondents$|^unit$|denominator|^whole$|^section$",
    re.IGNORECASE,
)
"""Headings of columns that count no respondents by their answers; all others are looked at."""

PARTS = (
    *(("count", "nobs"), ("count", "n_asked"), ("count", "n_answered"), ("Reported", "Of")),
    *(("count_from", "nobs_from"), ("count_to", "nobs_to")),
)
"""Headings of counts of an answer, and of the numbers of respondents that they are a part of."""

WHOLE = re.compile(r"(?<![\w.,+\u2212-])\d+(?![\w.,]*\d)(?!\s?(?:%|pp|points|per cent))")
PART = re.compile(r"(?<![\w.,])(\d+) of (?:the )?(\d+)\b")
HARMLESS = re.compile(
    r"\d+ (?:to \d+ )?more (?:is|are) possible|\d+ blanks?|df \d+|between \S+ and \S+|"
    r"\d+ tests?|lies between[^.;]*|\d+(?: in \S+?)?(?:,| and)? (?:did not answer|took part)|"
    r"(?:did not answer|took part)[^.;]*",
    re.IGNORECASE,
)
"""Words around numbers that say who took part, or what is possible, and not who answered what."""


@dataclass(frozen=True)
class Told:
    """What a page says beside its tables: the words of a figure, a sentence, a headline."""

    file: str
    element: str
    text: str


def small_in_tables(
    report: Report, threshold: int, observed: Collection[str], taking_part: Collection[str]
) -> Iterator[Problem]:
    """Yield every cell that is small, and every small number that its row gives away.

    Parameters
    ----------
    threshold : the smallest count that may stand.
    observed : files of the tables that rest on answers, at least in part.
    taking_part : what tables call who took part, which is no answer.
    """
    for file, rows in report.tables.items():
        if file not in observed or not rows:
            continue
        for number, cells in enumerate(rows[1:], start=2):
            row = dict(zip(rows[0], cells, strict=False))
            if not _rests_on_answers(row) or set(taking_part) & set(cells):
                continue
            for name, text, message in _small_in_row(row, threshold):
                yield Problem(message, file=file, row=number, column=name, value=text)


def _rests_on_answers(row: Mapping[str, str]) -> bool:
    own = row.get("evidence", row.get("Evidence of the count"))
    return own is None or OBSERVED in own


def _small_in_row(row: Mapping[str, str], threshold: int) -> Iterator[tuple[str, str, str]]:
    for name, cell in row.items():
        if not NO_COUNT.search(name) and any(is_small(one, threshold) for one in _counts(cell)):
            yield name, cell, f"fewer than {threshold} respondents stand here."
    for part, total in PARTS:
        if part in row and total in row:
            few = _only(row[total]) - _only(row[part])
            if is_small(few, threshold):
                message = f"fewer than {threshold} are left of {row[total]} ({total})."
                yield part, row[part], message


def small_across(report: Report, threshold: int) -> Iterator[Problem]:
    """Yield every small number that two rows of the counts give away: a part of a part."""
    file = f"{NUMBERS}/indicator_counts.csv"
    rows = report.tables.get(file) or [[]]
    named = [dict(zip(rows[0], cells, strict=False)) for cells in rows[1:]]
    counts: dict[tuple[str, ...], tuple[int, float]] = {}
    for number, row in enumerate(named, start=2):
        if _rests_on_answers(row) and row["count"]:
            key = (row["indicator"], row["respondents"], row["cycle"])
            counts.setdefault(key, (number, _only(row["count"])))
    items = {name: found[0] for name, found in report.study["indicators"].items()}
    for (name, *group), (number, count) in counts.items():
        wider = set(report.study["rests_on"].get(items[name], ()))
        for (other, *around), (_, whole) in counts.items():
            is_part = group == around and items[other] in wider
            if is_part and is_small(whole - count, threshold):
                message = f"fewer than {threshold} are left of {other} ({whole:g})."
                yield Problem(message, file=file, row=number, column="count", value=f"{count:g}")


def small_in_words(told: Sequence[Told], threshold: int) -> Iterator[Problem]:
    """Yield every small number in the words that stand with observed answers."""
    for one in told:
        text = HARMLESS.sub(" ", one.text)
        found = [n for n in map(int, WHOLE.findall(text)) if is_small(n, threshold)]
        left = [int(b) - int(a) for a, b in PART.findall(text)]
        if found or any(is_small(few, threshold) for few in left):
            place = f"near #{one.element}: " if one.element else ""
            message = f"{place}a number below {threshold} stands here, or can be worked out."
            yield Problem(message, file=one.file, value=" ".join(one.text.split())[:120])


def is_small(count: float, threshold: int) -> bool:
    """Tell whether a count is of so few that they could be recognised.

    >>> [is_small(count, 5) for count in (0, 1, 4, 5)]
    [False, True, True, False]
    """
    return 0 < count < threshold


def _counts(cell: str) -> list[int]:
    return [int(one) for one in WHOLE.findall(re.sub(r"\.0\b", "", HARMLESS.sub(" ", cell)))]


def _only(cell: str) -> float:
    """The number that a cell begins with; no number at all where it is not known."""
    found = re.match(r"\d+(?:\.\d+)?", cell.strip())
    return float(found[0]) if found else float("nan")
