"""The findings table: complete, true to the source's numbers, and refused where it contradicts."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from studies import (
    CYCLES,
    FINDINGS,
    StudyFolder,
    copy_of_default,
    problem_of,
    problems_of,
    small_study,
    took_part,
)

from analysis.published import check_source, load_findings, numbers_in, published_counts
from analysis.published.findings import COLUMNS, NUMBERS, WORDS
from analysis.published.quotes import plain
from analysis.study import load_study


@pytest.fixture(scope="module")
def findings() -> pd.DataFrame:
    return load_findings(load_study())


@pytest.fixture
def study(tmp_path: Path) -> StudyFolder:
    return copy_of_default(tmp_path)


# Every number of the source document, in the order of size, in the printed unit: taken from the
# document by a reader who had not seen the table. OSCE (2022), In Brief of the Survey Report.
# 0.5 stands for "half" and "majority", 0.3333 for "a third", 2 and 3 for "doubled" and "tripled".
NUMBERS_OF_THE_SOURCE = {
    "overview": [2, 2, 20, 24, 24, 40, 42, 49, 52, 57, 57, 84, 86, 90],
    "I.a": [2, 2, 2, 5, 9, 9, 10, 11, 16, 16, 22, 29, 29],
    "I.b": [0.3333, 0.3333, 11, 40],
    "I.c": [0, 0, 41],
    "II": [0.3333, 3, 9, 15, 20, 23, 34],
    "III.a": [0.5, 8, 10, 29, 31, 70, 71],
    "III.b": [0, 0],
    "III.c": [0.5, 5, 11, 29],
    "IV": [5, 18, 25, 30, 44, 44, 85],
    "V": [7, 7, 7, 14, 25, 27],
    "VI": [0.5, 25],
}

# The one number that the source gives only as words: what "almost doubled" to 29 came from.
RANGES_OF_THE_SOURCE = {"I.a": [(15, 19)]}

# Claims without a number: statements, orderings and lists.
WORDS_OF_THE_SOURCE = {
    "overview": {"statement": 9, "list": 4},
    "I.a": {"statement": 6, "list": 2, "ordering": 1},
    "I.b": {"statement": 2},
    "I.c": {"statement": 3},
    "II": {"statement": 6, "ordering": 3},
    "III.a": {"statement": 4, "list": 1, "ordering": 1},
    "III.b": {"statement": 4, "list": 1, "ordering": 6},
    "III.c": {"statement": 3},
    "IV": {"statement": 5, "list": 2, "ordering": 1},
    "V": {"statement": 2, "list": 1},
    "VI": {"statement": 5, "ordering": 2},
}

EARLIER, LATER = "2015/16", "2020/21"

# Of which cycle and which group a claim without a number is, where not the States of the later one.
SPEAKERS_OF_WORDS = {
    ("", ""): {"Ia-02", "II-13", "IIIa-12"},
    (EARLIER, ""): {"IIIb-07"},
    (EARLIER, "states"): {"II-16", "IIIa-07", "IIIb-04"},
    (EARLIER, "ngos"): {"IIIb-05"},
    (LATER, ""): {
        *("Ov-03", "Ov-04", "Ov-05", "Ov-06", "Ov-07", "IIIb-06", "IIIb-08", "IIIb-10"),
    },
    (LATER, "ngos"): {"IIIb-01", "IIIb-03", "IIIb-11"},
}

# Which question a claim without a number is about, where it is about one.
ITEMS_OF_WORDS = {
    "emerging_trends": "Ov-23 Ov-26 Ov-27",
    "procurement_policy": "Ia-04",
    "procurement_checks": "Ia-11 Ia-12",
    "supply_chain_action": "Ia-18",
    "supply_chain_law": "Ia-19",
    "recruitment_fees": "Ia-20 Ia-23",
    "demand_measures": "Ib-01 Ib-06",
    "awareness_campaigns": "Ic-02",
    "awareness_effect": "Ic-03 Ic-06",
    "child_prevention": "II-01 II-06 II-08",
    "child_tourism_measures": "II-05 II-16",
    "online_takedown": "II-09",
    "platform_identification": "II-14 II-15",
    "designation_authority": "IIIa-03",
    "victim_barriers": "IIIa-08",
    "case_identification": "IIIa-11",
    "service_satisfaction": "IIIb-01 IIIb-02 IIIb-03 IIIb-04 IIIb-05",
    "service_concerns": "IIIb-06 IIIb-07 IIIb-08 IIIb-09 IIIb-10 IIIb-11",
    "non_punishment": "IIIc-01 IIIc-03",
    "justice_access": "IIIc-07",
    "prosecution_barriers": "IV-02 IV-12 IV-13 IV-14",
    "multi_agency": "IV-03",
    "confiscated_funds": "IV-04 IV-11",
    "financial_indicators": "IV-05",
    "training_online": "VI-02",
    "training_access": "VI-05 VI-09",
    "training_trauma_informed": "VI-06 VI-07 VI-08",
}

# Where in the document each section of the table is looked for.
PLACES = {"overview": ("Introduction,", "Overarching findings,", "Closing page,")}

# What each indicator comes to in the later cycle, of the States.
COUNTS = {
    "survey_response": 49,
    "procurement_policy": 29,
    "supply_chain_law": 16,
    "recruitment_fees": 29,
    "procurement_self_certification": 11,
    "procurement_supplier_code": 9,
    "procurement_factory_access": 9,
    "supply_chain_action": 5,
    "supply_chain_verification": 2,
    "demand_education": 11,
    "awareness_campaigns": 41,
    "awareness_effect": 0,
    "online_takedown": 34,
    "platform_identification": 23,
    "age_verification": 9,
    "child_tourism_measures": 20,
    "designation_police_only": 29,
    "referral_police_only": 8,
    "victim_barriers": 31,
    "victim_feedback": 0,
    "no_non_punishment": 11,
    "non_punishment_limited": 5,
    "unconditional_support": 29,
    "prosecution_barriers": 25,
    "confiscation_law": 44,
    "assets_general_fund": 44,
    "assets_compensation": 30,
    "assets_investigation": 5,
    "financial_training": 18,
    "technology_training": 27,
    "technology_procedures": 25,
    "technology_reporting": 14,
    "technology_liability": 7,
    "ai_evidence": 7,
    "training_cross_disciplinary": 25,
}
EARLIER_COUNTS = {"survey_response": 52, "supply_chain_law": 10, "recruitment_fees": 16}
NGO_COUNTS = {"survey_response": 84, "awareness_effect": 0, "victim_feedback": 0}

# Printed as shares only; of cases, or of States without the base.
SHARES = {
    "forced_criminality": 0.24,
    "cases_police": 0.71,
    "demand_no_measures": 0.3333,
    "knowing_use_not_offence": 0.40,
    "predicate_offence": 0.85,
    "training_online": 0.5,
}

# What is not said "exactly", and of what a number is a part.
QUALIFIERS = {
    "at_least": {"IIIc-02", "IIIc-04"},
    "more_than": {"Ov-01", "IIIa-13", "VI-03"},
    "less_than": {"Ia-06", "Ia-13"},
    "about": {
        *("Ov-10", "Ia-03", "Ia-07", "Ib-02", "Ib-03", "Ib-05", "II-02", "II-03", "II-07"),
        *("IIIa-09", "IIIa-10", "IIIc-05", "IV-06"),
        *("Ov-21", "Ov-22", "Ov-24", "Ov-25"),
    },
}
PARTS = {
    "procurement_policy": {"Ia-08", "Ia-09", "Ia-10"},
    "non_punishment": {"IIIc-04"},
    "confiscation_law": {"IV-09", "IV-10", "IV-15"},
    "unstated": {"Ib-02", "Ib-03", "Ib-05", "IIIc-05", "IV-06", "VI-03"},
    "responding": {"Ic-05", "IIIb-13"},
    "cases": {"Ov-21", "Ov-22", "Ov-24", "Ov-25", "IIIa-09", "IIIa-13"},
    "remaining_cases": {"IIIa-10"},
}


def test_every_number_of_the_source_is_a_row_of_its_section(findings: pd.DataFrame) -> None:
    numbers = numbers_in(findings)
    exact = numbers[numbers["value"].notna()].groupby("section")["value"]
    assert {name: sorted(values) for name, values in exact} == NUMBERS_OF_THE_SOURCE
    loose = numbers[numbers["value"].isna()]
    ranges = {
        name: list(zip(g["low"], g["high"], strict=True)) for name, g in loose.groupby("section")
    }
    assert ranges == RANGES_OF_THE_SOURCE


def test_every_claim_without_a_number_is_a_row_of_its_section(findings: pd.DataFrame) -> None:
    words = findings[findings["measure"].isin(WORDS)].groupby("section")["measure"]
    assert {name: dict(Counter(measures)) for name, measures in words} == WORDS_OF_THE_SOURCE


def test_every_claim_is_of_its_cycle_group_and_question(findings: pd.DataFrame) -> None:
    words = findings[findings["measure"].isin(WORDS)]
    speakers = {key: set(ids) for key, ids in words.groupby(["cycle", "respondents"])["finding_id"]}
    speakers.pop((LATER, "states"))
    assert speakers == SPEAKERS_OF_WORDS
    items = words[words["item"] != ""].groupby("item")["finding_id"]
    assert {name: " ".join(ids) for name, ids in items} == ITEMS_OF_WORDS


def test_the_locator_of_a_finding_is_in_its_section(findings: pd.DataFrame) -> None:
    for row in findings.itertuples():
        part = row.section.partition(".")[0]
        own = (f"{row.section},", f"Section {part}, introduction")
        assert row.locator.startswith(PLACES.get(row.section, own)), row.finding_id


def test_the_table_is_about_as_long_as_the_issue_asks(findings: pd.DataFrame) -> None:
    # The document prints about 60 numbers and makes 25 claims or more without one.
    numbers = len(numbers_in(findings))
    assert numbers >= 60
    assert len(findings) - numbers >= 25


def counts_of(findings: pd.DataFrame, group: str, cycle: str, kind: str) -> dict[str, float]:
    printed = published_counts(findings, load_study().codebook)
    own = printed[
        (printed["respondents"] == group) & (printed["cycle"] == cycle) & (printed["kind"] == kind)
    ].dropna(subset=kind)
    return dict(zip(own["indicator"], own[kind], strict=True))


def test_each_number_is_counted_by_the_indicator_that_it_is_about(findings: pd.DataFrame) -> None:
    assert counts_of(findings, "states", LATER, "count") == COUNTS
    assert counts_of(findings, "states", EARLIER, "count") == EARLIER_COUNTS
    assert counts_of(findings, "ngos", LATER, "count") == NGO_COUNTS
    assert counts_of(findings, "ngos", EARLIER, "count") == {"survey_response": 90}
    shares = counts_of(findings, "states", LATER, "share")
    assert {name: shares[name] for name in SHARES} == pytest.approx(SHARES)
    assert set(shares) == {*SHARES, "cases_ngos", "cases_others"}
    assert counts_of(findings, "states", EARLIER, "share") == {"forced_criminality": 0.02}


def test_qualifiers_and_bases_are_those_of_the_source(findings: pd.DataFrame) -> None:
    numbers = numbers_in(findings)
    loose = numbers[numbers["qualifier"] != "exactly"].groupby("qualifier")["finding_id"]
    assert {name: set(ids) for name, ids in loose} == QUALIFIERS
    by_base = findings[findings["base"] != ""].groupby("base")["finding_id"]
    bases = {name: set(ids) for name, ids in by_base}
    assert {name: bases.get(name) for name in PARTS} == PARTS
    assert set(bases) == {*PARTS, "participating", "victims", "years", "usd_trillion"}


def test_what_the_source_quotes_from_elsewhere_is_marked(findings: pd.DataFrame) -> None:
    external = set(findings.loc[findings["origin"] == "external", "finding_id"])
    assert external == {
        *("Ov-01", "Ov-16", "Ia-02", "Ia-03", "Ib-06", "II-02", "II-03", "II-07", "II-13")
    }


ONES = "zero one two three four five six seven eight nine ten eleven twelve".split()
TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}
SPOKEN = {
    **{word: float(number) for number, word in enumerate(ONES)},
    **{word: float(number) for word, number in TENS.items()},
    **{f"{t}-{o}": float(TENS[t] + ONES.index(o)) for t in TENS for o in ONES[1:10]},
    "sixteen": 16.0,
    **dict.fromkeys(("no", "none"), 0.0),
    **dict.fromkeys(("half", "majority"), 0.5),
    **dict.fromkeys(("third", "one-third", "1/3"), 0.3333),
    **dict.fromkeys(("twice", "doubled"), 2.0),
    **dict.fromkeys(("tripled", "tripling"), 3.0),
}


def numbers_said(text: str) -> set[float]:
    """The numbers in a text, as digits or in words."""
    words = re.findall(r"\d+/\d+|\d+(?:\.\d+)?|[a-z]+(?:-[a-z]+)*", text.lower())
    return {SPOKEN[w] if w in SPOKEN else float(w) for w in words if w in SPOKEN or w.isdecimal()}


def test_the_quote_and_the_statement_of_a_finding_say_its_number(findings: pd.DataFrame) -> None:
    for row in numbers_in(findings).itertuples():
        said = {row.low, row.high} if pd.isna(row.value) else {row.value}
        assert said <= numbers_said(row.statement) | {1}, row.finding_id
        if pd.notna(row.value):
            assert row.value in numbers_said(row.as_printed), row.finding_id


def test_statements_are_in_our_own_words(findings: pd.DataFrame) -> None:
    for row in findings.itertuples():
        quote = plain(row.as_printed).lower()
        is_short = len(quote.split()) <= 5
        assert is_short or quote not in plain(row.statement).lower(), row.finding_id


def test_findings_are_identified_by_section_and_place(findings: pd.DataFrame) -> None:
    prefix = {"overview": "Ov"}
    for section, ids in findings.groupby("section", sort=False)["finding_id"]:
        start = prefix.get(str(section), str(section).replace(".", ""))
        assert list(ids) == [f"{start}-{n:02}" for n in range(1, len(ids) + 1)]


def test_the_columns_are_those_of_the_issue(findings: pd.DataFrame) -> None:
    asked = (
        "finding_id section cycle respondents item measure qualifier value low high base "
        "as_printed statement origin locator"
    )
    assert list(findings)[:15] == asked.split()
    assert set(findings["measure"]) <= {*NUMBERS, *WORDS}
    assert findings["value"].dtype == findings["low"].dtype == findings["high"].dtype == "float64"


def test_a_dropped_row_is_missed(study: StudyFolder) -> None:
    study.drop_row(FINDINGS, "V-09")
    table = study.findings()
    numbers = numbers_in(table[table["section"] == "V"])["value"]
    assert sorted(numbers) != NUMBERS_OF_THE_SOURCE["V"]


@pytest.mark.parametrize(
    ("row", "cells", "column", "words"),
    [
        ("IV-10", {"value": 45}, "value", "above its whole: 'confiscation_law' is 44"),
        ("Ia-08", {"value": 30}, "value", "above its whole: 'procurement_policy' is 29"),
        ("Ia-14", {"value": 50}, "value", "the number of states that took part in 2020/21 is 49"),
        ("Ia-14", {"value": 50, "base": ""}, "value", "that took part in 2020/21 is 49"),
        ("Ia-15", {"value": 53}, "value", "the number of states that took part in 2015/16 is 52"),
        ("Ov-08", {"value": 58}, "value", "the number of eligible states in 2020/21"),
        ("Ov-09", {"value": 58}, "value", "the number of eligible states in 2020/21"),
        ("Ia-07", {"low": 53, "high": 54}, "low", "that took part in 2015/16 is 52"),
        ("IIIb-13", {"value": 85}, "value", "the number of ngos that took part in 2020/21 is 84"),
        ("IV-06", {"value": 101}, "value", "a percent lies between 0 and 100"),
        ("IV-06", {"value": -1}, "value", "a percent lies between 0 and 100"),
        ("Ib-02", {"value": 33.33}, "value", "a fraction lies between 0 and 1"),
        ("VI-03", {"high": 1.5}, "high", "a fraction lies between 0 and 1"),
        ("Ia-14", {"value": -3}, "value", "a count lies between 0 and inf"),
        ("Ia-14", {"value": 16.5}, "value", "a count must be a whole number"),
        ("Ia-14", {"value": "Sixteen"}, "value", "not a number"),
        ("Ia-07", {"low": "fifteen"}, "low", "not a number"),
        ("Ia-14", {"value": "nan"}, "value", "not a number"),
        ("Ia-07", {"low": 19, "high": 15}, "low", "must not fall"),
        ("Ia-14", {"low": 17, "high": 18}, "low", "must not fall"),
        ("Ia-14", {"value": ""}, "value", "give a value, or low and high"),
        ("Ia-07", {"high": ""}, "value", "give a value, or low and high"),
        ("Ia-14", {"qualifier": ""}, "qualifier", "a number needs one"),
        ("IIIb-01", {"value": 3}, "value", "a finding of kind ordering has none"),
        ("II-05", {"high": 3}, "high", "a finding of kind ordering has none"),
        ("Ov-05", {"qualifier": "about"}, "qualifier", "a finding of kind list has none"),
        ("Ia-08", {"option": ""}, "option", "which answer to 'procurement_checks' is counted?"),
        ("Ia-14", {"item": ""}, "item", "a number from the survey needs an item"),
        ("Ia-14", {"cycle": ""}, "cycle", "a number that an indicator counts needs one"),
        (
            "Ia-14",
            {"respondents": ""},
            "respondents",
            "a number that an indicator counts needs one",
        ),
        ("Ia-14", {"respondents": "ngos"}, "respondents", "was not put to this group"),
        ("V-04", {"cycle": "2015/16"}, "cycle", "was not asked in this cycle"),
        ("V-09", {"value": 8}, "value", "finding V-06 gives 7"),
        ("Ia-07", {"low": 14}, "low", "Ia-06 and Ia-05 give 15 and 19 as the ends"),
        ("Ia-07", {"high": 20}, "low", "Ia-06 and Ia-05 give 15 and 19 as the ends"),
        ("Ia-14", {"finding_id": ""}, "finding_id", "the cell is empty"),
        ("Ia-14", {"finding_id": "Ia-15"}, "finding_id", "must be unique"),
        ("Ia-14", {"as_printed": "x" * 61}, "as_printed", "60 characters at most"),
        ("Ia-14", {"statement": ""}, "statement", "the cell is empty"),
        ("Ia-14", {"locator": ""}, "locator", "the cell is empty"),
    ],
)
def test_a_row_that_contradicts_itself_or_another_is_refused(
    study: StudyFolder, row: str, cells: dict[str, object], column: str, words: str
) -> None:
    line = study.edit(FINDINGS, row, **cells)
    found = [p for p in problems_of(study.findings) if words in p.message]
    assert found, "no problem says so"
    assert all((p.file, p.column) == (FINDINGS, column) for p in found)
    # Two rows that contradict each other are found at the second of them.
    assert found[0].row in (line, line + 1)


@pytest.mark.parametrize(
    ("column", "value", "nearest"),
    [
        ("section", "I.aa", "I.a"),
        ("cycle", "2020/22", "2020/21"),
        ("respondents", "state", "states"),
        ("item", "supply_chain_laws", "supply_chain_law"),
        ("option", "yess", "yes"),
        ("base", "particpating", "participating"),
        ("base", "confiscation_laws", "confiscation_law"),
        ("measure", "counts", "count"),
        ("qualifier", "atleast", "at_least"),
        ("origin", "surveys", "survey"),
        ("source", "osce_in_brief", "osce_in_brief_2022"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(
    study: StudyFolder, column: str, value: str, nearest: str
) -> None:
    line = study.edit(FINDINGS, "Ia-14", **{column: value})
    problem = problem_of(study.findings)
    assert (problem.file, problem.row, problem.column) == (FINDINGS, line, column)
    assert (problem.value, problem.suggestion) == (value, nearest)


@pytest.mark.parametrize("column", [c.name for c in COLUMNS if c.must_exist])
def test_a_missing_column_is_named(study: StudyFolder, column: str) -> None:
    study.rename_column(FINDINGS, column, "x")
    assert f"the column {column!r} is missing" in problems_of(study.findings)[0].message


def test_problems_of_several_rows_are_told_together_and_in_order(study: StudyFolder) -> None:
    lines = [
        study.edit(FINDINGS, "Ia-14", section="?"),
        study.edit(FINDINGS, "V-04", value="?"),
        study.edit(FINDINGS, "VI-04", value=25.5),
    ]
    assert [p.row for p in problems_of(study.findings)] == lines


def test_fewer_eligible_than_took_part_is_refused(study: StudyFolder) -> None:
    study.edit(CYCLES, "2020/21", eligible=48)
    found = problems_of(study.findings)
    assert any(p.value == 49 and "eligible states in 2020/21" in p.message for p in found)


def test_a_part_of_a_whole_that_is_printed_as_at_least_is_not_refused(tmp_path: Path) -> None:
    whole = {"cycle": "b", "value": 5, "qualifier": "at_least"}
    part = {"item": "part", "base": "law", "value": 7}
    items = {"law": {"comparability": "identical"}, "part": {}}
    study = small_study(tmp_path, *took_part(b=16), whole, part, items=items)
    assert len(study.findings()) == 3


def test_a_part_of_a_ranged_whole_must_not_be_above_its_upper_end(tmp_path: Path) -> None:
    whole = {"cycle": "b", "low": 5, "high": 7, "qualifier": "about"}
    items = {"law": {"comparability": "identical"}, "part": {}}
    for value, is_fine in ((7, True), (8, False)):
        part = {"item": "part", "base": "law", "value": value}
        study = small_study(tmp_path / str(value), *took_part(b=16), whole, part, items=items)
        if is_fine:
            study.findings()
        else:
            assert "'law' is 7" in problem_of(study.findings).message


def test_the_range_of_a_count_follows_from_the_cycle_before_only(tmp_path: Path) -> None:
    # "Nearly doubled" from b to c says nothing about a.
    study = small_study(
        tmp_path,
        *took_part(a=18, b=17, c=16),
        {"cycle": "a", "qualifier": "about", "low": 1, "high": 2},
        {"cycle": "b", "qualifier": "about", "low": 7, "high": 8},
        {"cycle": "c", "value": 12},
        {"measure": "ratio", "qualifier": "less_than", "value": 2},
        cycles="a b c",
    )
    assert len(study.findings()) == 7
    study.edit(FINDINGS, "f4", high=9)
    assert "give 7 and 8" in problem_of(study.findings).message


@pytest.mark.parametrize(
    ("qualifier", "value", "low", "high"),
    [("more_than", 2, 1, 5), ("at_least", 2, 1, 6), ("exactly", 2, 6, 6), ("less_than", 2, 7, 8)],
)
def test_every_kind_of_ratio_gives_its_own_range(
    tmp_path: Path, qualifier: str, value: float, low: int, high: int
) -> None:
    def rows(ends: tuple[int, int]) -> list[dict[str, object]]:
        return [
            {"cycle": "a", "qualifier": "about", "low": ends[0], "high": ends[1]},
            {"value": 12},
            {"measure": "ratio", "qualifier": qualifier, "value": value},
        ]

    small_study(tmp_path / "right", *rows((low, high))).findings()
    wrong = small_study(tmp_path / "wrong", *rows((low, high + 1)))
    assert f"give {low} and {high}" in problem_of(wrong.findings).message


def test_a_study_without_findings_has_empty_tables(tmp_path: Path) -> None:
    study = small_study(tmp_path)
    (study.path / FINDINGS).unlink()
    tables = study.tables()
    assert len(tables.findings) == len(tables.totals) == len(tables.counts) == 0
    assert [c.name for c in COLUMNS] == list(tables.findings)
    assert set(tables.comparisons["verdict"]) == {"not comparable"}


def test_editing_one_count_changes_indicator_and_comparison_and_nothing_else(
    study: StudyFolder,
) -> None:
    before = study.tables()
    study.edit(FINDINGS, "Ia-14", value=17, statement="17 States reported such laws.")
    after = study.tables()
    changed = before.counts.compare(after.counts).index
    assert set(after.counts.loc[changed, "indicator"]) == {"supply_chain_law"}
    assert set(after.counts.loc[changed, "count"]) == {17}
    changed = before.comparisons.compare(after.comparisons).index
    (row,) = after.comparisons.loc[changed].to_dict("records")
    assert row["indicator"] == "supply_chain_law"
    # By hand: 17 - 10; 17 - (10 + 5); (17 + 8) - 10.
    assert (row["count_to"], row["change"]) == (17, 7)
    assert (row["change_low"], row["change_high"], row["tipping_point"]) == (2, 15, 2)


def test_reading_the_findings_leaves_them_as_they_are(findings: pd.DataFrame) -> None:
    before = findings.copy(deep=True)
    published_counts(findings, load_study().codebook)
    numbers_in(findings)
    pd.testing.assert_frame_equal(findings, before)


DOCUMENT = """\
Of the States, **Six-\u00adteen** were named: \u201conly
   2\u201d of them\u2019s, and only 23 others.
The share was **barely
half** of all.
"""


def quoting(folder: Path, *quotes: str) -> StudyFolder:
    rows = [{"measure": "statement", "qualifier": "", "as_printed": quote} for quote in quotes]
    return small_study(folder, *rows)


def problems_in(study: StudyFolder, text: str) -> list[object]:
    document = study.path / "document.txt"
    document.write_text(text, encoding="utf-8")
    return [(p.row, p.value) for p in check_source(study.load(), document)]


def test_quotes_are_found_over_line_breaks_emphasis_and_curly_quotes(tmp_path: Path) -> None:
    study = quoting(tmp_path, "barely half", '"only 2" of them\'s', "23 others", "Of the States,")
    assert problems_in(study, DOCUMENT) == []


def test_a_quote_that_is_not_there_is_named_with_its_row_and_what_is_near(tmp_path: Path) -> None:
    study = quoting(tmp_path, "barely half", "The share was barely a half of all")
    text = (study.path / FINDINGS).read_text()
    (study.path / FINDINGS).write_text(text.replace("\nf1", "\n\nf1"))
    document = study.path / "document.txt"
    document.write_text(DOCUMENT, encoding="utf-8")
    (problem,) = check_source(study.load(), document)
    assert (problem.file, problem.row, problem.column) == (FINDINGS, 4, "as_printed")
    assert problem.value == "The share was barely a half of all"
    assert "f1 quotes words that document.txt does not contain" in problem.message
    assert "The share was barely half of all." in problem.message


def test_a_number_is_not_found_inside_a_longer_one(tmp_path: Path) -> None:
    study = quoting(tmp_path, "only 2", "3 others", "23")
    assert problems_in(study, "There were only 23 others.") == [(2, "only 2"), (3, "3 others")]
    assert problems_in(study, "There were only 2, and 3 others, or (23%).") == []


def test_a_document_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    study = quoting(tmp_path, "x").load()
    problem = problem_of(lambda: check_source(study, tmp_path / "nowhere.txt"))
    assert problem.file.endswith("nowhere.txt")
    file = tmp_path / "latin.txt"
    file.write_bytes("Méthodes".encode("latin-1"))
    assert "cannot be read as UTF-8" in problem_of(lambda: check_source(study, file)).message


def test_two_percentages_for_one_question_are_refused(study: StudyFolder) -> None:
    line = study.edit("findings.csv", "Ov-25", value=25)
    problem = problem_of(study.findings)
    assert (problem.row, problem.column) == (line, "value")
    assert "Ov-22" in str(problem)
