"""The findings table: every figure and claim of the source, one row each."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import pandas as pd

from analysis.frames import Row, records
from analysis.problems import Problem, listed, refuse_any
from analysis.published.readings import earlier_counts, range_of
from analysis.study import Study
from analysis.study.codebook import Codebook
from analysis.study.places import FINDINGS
from analysis.study.tables import ROW, Column, duplicates, read_table, row_problem, to_number
from analysis.study.vocabulary import RESPONDENT_UNIT

NUMBERS = ("count", "percent", "fraction", "ratio", "percent_change", "amount")
WORDS = ("ordering", "list", "statement")
QUALIFIERS = ("exactly", "about", "at_least", "at_most", "more_than", "less_than")
ORIGINS = ("survey", "external")
DENOMINATORS = ("participating", "responding", "answering")
UNSTATED = "unstated"
LONGEST_QUOTE = 60
PLACE = ("item", "option", "cycle", "respondents")
"""What says which answer of whom a number counts."""

COLUMNS = (
    Column("finding_id", required=True),
    Column("section", required=True),
    Column("cycle"),
    Column("respondents"),
    Column("item"),
    Column("measure", required=True, allowed=(*NUMBERS, *WORDS)),
    Column("qualifier", allowed=QUALIFIERS),
    Column("value"),
    Column("low"),
    Column("high"),
    Column("base"),
    Column("as_printed", required=True),
    Column("statement", required=True),
    Column("origin", required=True, allowed=ORIGINS),
    Column("locator", required=True),
    Column("option", must_exist=False),
    Column("source", must_exist=False),
)


def load_findings(study: Study) -> pd.DataFrame:
    """Read the findings of a study and hold them against the codebook and each other.

    Returns
    -------
    DataFrame
        One row a finding, the columns of `COLUMNS`. ``value`` is a number in the printed unit;
        ``low`` and ``high`` are the range that the print allows, by the rules of
        `analysis.published.readings` where the row gives none. No row for a study without
        ``findings.csv``.

    Raises
    ------
    InputError
        With every problem: an unknown name, a number where none belongs, a part above its whole,
        a share outside its range, two counts for one question, a range that does not follow.
    """
    path = study.raw / FINDINGS
    if not path.is_file():
        names = [column.name for column in COLUMNS]
        return pd.DataFrame({name: pd.Series(dtype="str") for name in names}).astype(
            {"value": "float64", "low": "float64", "high": "float64"}
        )
    table = read_table(path, FINDINGS, COLUMNS)
    book = study.codebook
    problems = duplicates(table, FINDINGS, ["finding_id"])
    for row in records(table):
        problems += [*_name_problems(row, book), *_number_problems(row)]
    refuse_any(problems)
    findings = _with_ranges(table)
    refuse_any(
        [
            *_whole_problems(findings, book),
            *_repeat_problems(findings),
            *_ratio_problems(findings, book),
        ]
    )
    return findings.drop(columns=ROW)


def numbers_in(findings: pd.DataFrame) -> pd.DataFrame:
    """Return the findings that carry a number."""
    return findings[findings["measure"].isin(NUMBERS)]


def _name_problems(row: Row, book: Codebook) -> Iterator[Problem]:
    item = book.items.get(str(row["item"]))
    options = book.choices.get(item.choice_list, {}) if item else {}
    bases = (*DENOMINATORS, UNSTATED, *book.bases, *book.indicators)
    allowed: dict[str, tuple[str, ...]] = {
        "section": tuple(book.sections),
        "cycle": book.cycles,
        "respondents": tuple(book.respondents),
        "item": tuple(book.items),
        "base": bases,
        "source": tuple(book.sources),
    }
    for column, words in allowed.items():
        if row[column] and row[column] not in words:
            yield row_problem(FINDINGS, row, column, "the codebook has no such name.", words)
    if row["option"] and item and row["option"] not in options:
        message = f"item {item.name!r} has no such option."
        yield row_problem(FINDINGS, row, "option", message, tuple(options))
    if item and item.asked and row["cycle"] in set(book.cycles) - set(item.asked):
        message = f"the codebook says that item {item.name!r} was not asked in this cycle."
        yield row_problem(FINDINGS, row, "cycle", message, item.asked)
    others = set(book.respondents) - set(item.respondents) if item and item.respondents else ()
    if item and row["respondents"] in others:
        message = f"the codebook says that item {item.name!r} was not put to this group."
        yield row_problem(FINDINGS, row, "respondents", message, item.respondents)
    if row["measure"] in NUMBERS and book.indicator_of(str(row["item"]), str(row["option"])):
        for column in ("cycle", "respondents"):
            if not row[column]:
                message = "a number that an indicator counts needs one."
                yield row_problem(FINDINGS, row, column, message, allowed[column])
    if row["origin"] == "survey" and row["measure"] in NUMBERS:
        if not row["item"]:
            yield row_problem(FINDINGS, row, "item", "a number from the survey needs an item.")
        elif item and item.choice_list and not row["option"]:
            message = f"which answer to {item.name!r} is counted?"
            yield row_problem(FINDINGS, row, "option", message, tuple(options))
    if len(str(row["as_printed"])) > LONGEST_QUOTE:
        message = f"give the figure itself, {LONGEST_QUOTE} characters at most."
        yield row_problem(FINDINGS, row, "as_printed", message)


def _number_problems(row: Row) -> Iterator[Problem]:
    measure = str(row["measure"])
    try:
        value, low, high = (to_number(str(row[name])) for name in ("value", "low", "high"))
    except ValueError:
        for column in ("value", "low", "high"):
            if not _is_number(str(row[column])):
                message = "not a number; write digits with a decimal point."
                yield row_problem(FINDINGS, row, column, message)
        return
    if measure in WORDS:
        for column in ("value", "low", "high", "qualifier"):
            if row[column]:
                yield row_problem(FINDINGS, row, column, f"a finding of kind {measure} has none.")
        return
    if not row["qualifier"]:
        yield row_problem(FINDINGS, row, "qualifier", "a number needs one.", QUALIFIERS)
    if value is None and (low is None or high is None):
        yield row_problem(FINDINGS, row, "value", "give a value, or low and high.")
    top = {"percent": 100.0, "fraction": 1.0}.get(measure, math.inf)
    for column, number in (("value", value), ("low", low), ("high", high)):
        if number is None:
            continue
        if measure == "count" and number != math.floor(number):
            yield row_problem(FINDINGS, row, column, "a count must be a whole number.")
        if not (0 <= number <= top) and measure != "percent_change":
            message = f"a {measure} lies between 0 and {top:g}."
            yield row_problem(FINDINGS, row, column, message)
    ordered = [number for number in (low, value, high) if number is not None]
    if ordered != sorted(ordered):
        yield row_problem(FINDINGS, row, "low", "low, value and high must not fall.")


def _is_number(text: str) -> bool:
    try:
        to_number(text)
    except ValueError:
        return False
    return True


def _with_ranges(table: pd.DataFrame) -> pd.DataFrame:
    numbers = {
        name: table[name].map(to_number).astype("float64") for name in ("value", "low", "high")
    }
    findings = table.assign(**numbers)
    ends = [
        range_of(row["measure"], row["qualifier"], row["value"])
        if row["measure"] in NUMBERS and not math.isnan(row["value"])
        else (math.nan, math.nan)
        for row in records(findings)
    ]
    ruled = pd.DataFrame(ends, columns=["low", "high"], index=findings.index, dtype="float64")
    return findings.assign(
        low=findings["low"].fillna(ruled["low"]), high=findings["high"].fillna(ruled["high"])
    )


def _whole_problems(findings: pd.DataFrame, book: Codebook) -> Iterator[Problem]:
    """Parts against the whole that the source names, and everything against the respondents."""
    counts = records(findings[findings["measure"] == "count"])
    most: dict[tuple[str, ...], float] = {}
    for row in counts:
        key = tuple(row[name] for name in PLACE)
        most[key] = max(most.get(key, 0), row["high"])
    for row in counts:
        item = book.items.get(str(row["item"]))
        if item is None or item.unit != RESPONDENT_UNIT:
            continue
        for name, whole in _wholes(row, most, book):
            column = "low" if math.isnan(row["value"]) else "value"
            if row[column] > whole:
                message = f"a part must not be above its whole: {name} is {whole:g}."
                yield row_problem(FINDINGS, row, column, message)


def _wholes(
    row: Row, most: Mapping[tuple[str, ...], float], book: Codebook
) -> Iterator[tuple[str, float]]:
    """Every number that the count of `row` cannot exceed, each with its name.

    `most` gives the highest number that is printed of an answer, by `PLACE`.
    """
    cycle, group, base = str(row["cycle"]), str(row["respondents"]), str(row["base"])
    eligible = book.eligible.get((cycle, group))
    if eligible is not None:
        yield f"the number of eligible {group} in {cycle} (cycles.csv)", float(eligible)
    is_counted = book.indicator_of(str(row["item"]), str(row["option"])) is not None
    is_of_them = is_counted or base in (*DENOMINATORS, *book.indicators)
    if row["item"] != book.settings.response_item and is_of_them:
        answered = most.get((book.settings.response_item, "yes", cycle, group))
        if answered is not None:
            yield f"the number of {group} that took part in {cycle}", answered
    if base in book.indicators:
        rule = book.indicators[base].rule
        whole = most.get((rule.item, rule.option, cycle, group))
        if whole is not None:
            yield f"{base!r}", whole


def _repeat_problems(findings: pd.DataFrame) -> Iterator[Problem]:
    """A count or percentage printed twice must be the same number."""
    first: dict[tuple[str, ...], Row] = {}
    printed = findings[findings["measure"].isin(("count", "percent")) & (findings["item"] != "")]
    for row in records(printed):
        key = tuple(row[name] for name in ("measure", *PLACE))
        other = first.setdefault(key, row)
        if any(row[end] != other[end] for end in ("low", "high")):
            message = (
                f"finding {other['finding_id']} gives {other['low']:g} "
                "for the same item, option, cycle and respondents."
            )
            yield row_problem(FINDINGS, row, "value", message)


def _ratio_problems(findings: pd.DataFrame, book: Codebook) -> Iterator[Problem]:
    """The range of the count before must follow from the ratio and the later count."""
    rows = records(findings[findings["measure"].isin(("count", "ratio"))])
    for ratio in (row for row in rows if row["measure"] == "ratio" and row["item"]):
        before = _cycle_before(str(ratio["item"]), str(ratio["cycle"]), book)
        own = [
            row
            for row in rows
            if row["measure"] == "count"
            and all(row[name] == ratio[name] for name in ("item", "option", "respondents"))
        ]
        later = [row for row in own if row["cycle"] == ratio["cycle"]]
        if not later or math.isnan(later[0]["value"]):
            continue
        expected = earlier_counts(
            int(later[0]["value"]), ratio["low"], ratio["high"], qualifier=ratio["qualifier"]
        )
        for row in own:
            is_range = row["cycle"] == before and math.isnan(row["value"])
            if is_range and (row["low"], row["high"]) != expected:
                message = (
                    f"{ratio['finding_id']} and {later[0]['finding_id']} "
                    f"give {listed(expected)} as the ends of the range."
                )
                yield row_problem(FINDINGS, row, "low", message)


def _cycle_before(item: str, cycle: str, book: Codebook) -> str | None:
    """The last cycle before `cycle` that asked the item, None where there is none."""
    asked = book.items[item].asked or book.cycles
    earlier = book.cycles[: book.cycles.index(cycle)] if cycle in book.cycles else ()
    return next((name for name in reversed(earlier) if name in asked), None)
