"""The comparison table: the change between two cycles with its bounds, or the reason for none."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from studies import CYCLES, SURVEY, StudyFolder, copy_of_default, small_study, took_part

from analysis.comparisons import comparisons
from analysis.comparisons.printed import CONDITION
from analysis.comparisons.words import FALL, LEVEL, NOT_COMPARABLE, OPEN, RISE, verdict_of
from analysis.frames import records
from analysis.panel import PANEL_COLUMNS
from analysis.published import published_counts
from analysis.results import Results
from analysis.study import load_study
from analysis.study.codebook import Codebook

stable = settings(deadline=None, derandomize=True, max_examples=40)


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return copy_of_default(tmp_path_factory.mktemp("default")).tables()


def row_of(table: pd.DataFrame, indicator: str, **place: str) -> dict[str, Any]:
    own = table[table["indicator"] == indicator]
    for column, value in place.items():
        own = own[own[column] == value]
    (row,) = records(own)
    return row


def numbers(row: Mapping[str, Any], *names: str) -> tuple[Any, ...]:
    return tuple(None if pd.isna(row[name]) else row[name] for name in names)


ENDS = ("change", "change_low", "change_high", "tipping_point")


def test_only_what_is_counted_at_both_ends_has_a_change(tables: Results) -> None:
    compared = tables.comparisons[tables.comparisons["verdict"] != NOT_COMPARABLE]
    assert list(compared["indicator"]) == [
        "procurement_policy",
        "supply_chain_law",
        "recruitment_fees",
    ]


@pytest.mark.parametrize(
    ("indicator", "counts", "ends"),
    [
        # Worked out by hand: 10 to 16 lies between +1 and +14, tipping point one; 16 to 29: eight.
        ("supply_chain_law", (10, 52, 16, 49), (6, 1, 14, 1)),
        ("recruitment_fees", (16, 52, 29, 49), (13, 8, 21, 8)),
        # From 15 to 19 up to 29: 29 - (19 + 5) at least, 29 + 8 - 15 at most.
        ("procurement_policy", (None, 52, 29, 49), (None, 5, 22, 5)),
    ],
)
def test_the_changes_of_the_source(
    tables: Results, indicator: str, counts: tuple[Any, ...], ends: tuple[Any, ...]
) -> None:
    row = row_of(tables.comparisons, indicator)
    assert numbers(row, "count_from", "nobs_from", "count_to", "nobs_to") == counts
    assert numbers(row, *ENDS) == ends
    assert row["verdict"] == RISE == "rise under the stated assumption"
    assert row["condition"].startswith(CONDITION)
    assert ("loose words" in row["condition"]) == (counts[0] is None)
    assert row["evidence"] == "derived"


def test_points_are_the_difference_of_the_shares_of_those_that_took_part(tables: Results) -> None:
    row = row_of(tables.comparisons, "supply_chain_law")
    assert row["change_pp"] == pytest.approx(100 * (16 / 49 - 10 / 52))
    assert pd.isna(row_of(tables.comparisons, "procurement_policy")["change_pp"])


def test_a_loosely_printed_earlier_count_keeps_its_range(tables: Results) -> None:
    row = row_of(tables.comparisons, "procurement_policy")
    assert numbers(row, "count_from_low", "count_from_high") == (15, 19)
    assert row["finding_ids"].split() == ["Ia-07", "Ia-05", "Ia-06", "Ia-13"]


NEW = "the question was new in 2020/21"
NOT_KNOWN = "no figure of 2015/16 is printed, nor whether the question was asked then"
NOT_PRINTED = "the count of 2015/16 is not printed"
CASES = "they cluster in respondents and their number is not printed, so it is described only"

REASONS = {
    NEW: (
        "demand_no_measures knowing_use_not_offence demand_education awareness_campaigns "
        "awareness_effect online_takedown platform_identification age_verification "
        "technology_training technology_procedures technology_reporting technology_liability "
        "ai_evidence training_cross_disciplinary training_online"
    ),
    NOT_KNOWN: (
        "procurement_self_certification procurement_supplier_code procurement_factory_access "
        "supply_chain_action supply_chain_verification victim_barriers referral_police_only "
        "victim_feedback unconditional_support non_punishment no_non_punishment "
        "non_punishment_limited prosecution_barriers confiscation_law assets_general_fund "
        "assets_compensation assets_investigation predicate_offence financial_training"
    ),
    NOT_PRINTED: (
        "child_tourism_measures designation_police_only satisfaction_accommodation "
        "satisfaction_specialised_support satisfaction_job_placement satisfaction_compensation "
        "satisfaction_training"
    ),
    f"a share of reported cases (printed: 2 % and 24 %); {CASES}": "forced_criminality",
    f"a share of reported cases; {CASES}": "cases_police cases_ngos cases_others",
    "the source says “10% increase” and prints the count of neither cycle": (
        "identification_criteria"
    ),
}


def test_everything_else_is_not_comparable_for_its_own_reason(tables: Results) -> None:
    rows = tables.comparisons[tables.comparisons["verdict"] == NOT_COMPARABLE]
    found = {reason: set(names) for reason, names in rows.groupby("reason")["indicator"]}
    assert found == {reason: set(names.split()) for reason, names in REASONS.items()}
    without = ["change", "change_pp", "change_low", "change_high", "tipping_point"]
    assert rows[without].isna().all(axis=None)
    assert (rows["condition"] == "").all()


def test_every_indicator_is_there_for_each_group_that_was_asked_but_not_the_turnout(
    tables: Results,
) -> None:
    book = load_study().codebook
    expected = [
        (name, group)
        for name in book.indicators
        if name != "survey_response"
        for group in book.item_of(name).respondents
    ]
    pairs = tables.comparisons[["indicator", "respondents"]]
    assert list(pairs.itertuples(index=False, name=None)) == expected


def test_published_pairs_have_no_p_value_and_say_why(tables: Results) -> None:
    for column in ("p_value", "p_adjusted", "n_paired", "gained", "lost", "family_size"):
        assert tables.comparisons[column].isna().all()
    compared = tables.comparisons[tables.comparisons["verdict"] != NOT_COMPARABLE]
    assert set(compared["family"]) == {"unknown"}
    assert compared["reason"].str.startswith("no p-value: the source does not print").all()


def test_nothing_is_called_significant(tables: Results) -> None:
    assert "significan" not in tables.comparisons.to_csv().lower()


@pytest.mark.parametrize(
    ("ends", "verdict"),
    [
        ((1, 14), RISE),
        ((0, 3), OPEN),
        ((-3, 0), OPEN),
        ((0, 0), LEVEL),
        ((-4, 2), OPEN),
        ((-9, -1), FALL),
    ],
)
def test_a_direction_is_certain_while_both_ends_lie_strictly_on_its_side(
    ends: tuple[int, int], verdict: str
) -> None:
    assert verdict_of(*ends) == verdict


def pair(folder: Path, earlier: object, later: object, **study: Any) -> dict[str, Any]:
    """The change of a question, 18 and 16 of 20 having taken part."""
    found = small_study(
        folder,
        *took_part(a=18, b=16),
        {"cycle": "a", **(earlier if isinstance(earlier, dict) else {"value": earlier})},
        {"cycle": "b", **(later if isinstance(later, dict) else {"value": later})},
        **study,
    )
    return row_of(found.tables().comparisons, "law")


def test_a_fall_is_a_fall(tmp_path: Path) -> None:
    row = pair(tmp_path, 14, 4)
    # 4 - (14 + 2); (4 + 4) - 14; six blanks of the later cycle would close the gap.
    assert numbers(row, *ENDS) == (-10, -12, -6, 6)
    assert row["verdict"] == FALL
    assert row["change_pp"] == pytest.approx(100 * (4 / 16 - 14 / 18))


def test_a_small_change_leaves_the_direction_open(tmp_path: Path) -> None:
    row = pair(tmp_path, 5, 7)
    assert numbers(row, *ENDS) == (2, 0, 6, 0)
    assert row["verdict"] == OPEN


LOOSE = {
    "at_least": {"value": 12, "qualifier": "at_least"},
    "at_most": {"value": 5, "qualifier": "at_most"},
    "range": {"low": 10, "high": 12, "qualifier": "about"},
}


@pytest.mark.parametrize(
    ("earlier", "later", "ends", "verdict"),
    [
        # Both ends of a loose count, cut off at those that took part.
        (5, LOOSE["at_least"], (None, 12 - 7, 16 + 4 - 5, 5), RISE),
        (5, LOOSE["range"], (None, 10 - 7, 12 + 4 - 5, 3), RISE),
        (LOOSE["at_least"], 14, (None, 14 - 20, 18 - 12, 0), OPEN),
        (LOOSE["at_most"], 14, (None, 14 - 7, 18 - 0, 7), RISE),
        (LOOSE["range"], LOOSE["at_most"], (None, 0 - 14, 9 - 10, 1), FALL),
    ],
)
def test_loosely_printed_counts_are_taken_at_both_their_ends(
    tmp_path: Path, earlier: Any, later: Any, ends: tuple[Any, ...], verdict: str
) -> None:
    row = pair(tmp_path, earlier, later)
    assert numbers(row, *ENDS) == ends
    assert row["verdict"] == verdict
    assert row["condition"].endswith("the loose words are read as stated")


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"comparability": "changed"}, "the question changed between a and b"),
        ({"comparability": "", "asked": "a b"}, "nobody says that the answers of a and b can be"),
        ({"comparability": "new", "asked": "a b"}, "nobody says that the answers of a and b can"),
    ],
)
def test_counts_that_cannot_be_compared_are_not(
    tmp_path: Path, cells: dict[str, str], reason: str
) -> None:
    row = pair(tmp_path, 2, 15, items={"law": cells})
    assert row["verdict"] == NOT_COMPARABLE
    assert row["reason"].startswith(reason)
    assert numbers(row, "count_from", "count_to", *ENDS) == (2, 15, None, None, None, None)


@pytest.mark.parametrize("level", ["identical", "equivalent", "asserted_by_source"])
def test_the_levels_that_allow_a_comparison(tmp_path: Path, level: str) -> None:
    assert pair(tmp_path, 2, 15, items={"law": {"comparability": level}})["change"] == 13


def test_a_question_of_one_cycle_only_is_new_or_dropped_or_not_known(tmp_path: Path) -> None:
    rows = {"new": "b", "dropped": "a", "identical": "b"}
    reasons = []
    for level, asked in rows.items():
        study = small_study(
            tmp_path / level,
            *took_part(a=18, b=16),
            {"cycle": asked, "value": 3},
            items={"law": {"comparability": level, "asked": asked}},
        )
        reasons.append(row_of(study.tables().comparisons, "law")["reason"])
    assert reasons == [
        "the question was new in b",
        "the question was no longer asked in b",
        "no figure of a is printed, nor whether the question was asked then",
    ]


def test_the_missing_end_is_named(tmp_path: Path) -> None:
    study = small_study(tmp_path, *took_part(a=18, b=16), {"cycle": "a", "value": 3})
    row = row_of(study.tables().comparisons, "law")
    assert row["reason"] == "the count of b is not printed"


def test_a_share_without_a_base_is_no_count(tmp_path: Path) -> None:
    share = {"measure": "percent", "qualifier": "about", "value": 40, "base": "unstated"}
    row = pair(tmp_path, share, 12)
    assert row["reason"] == "for a a share without its base is printed, no count"


def test_a_turnout_that_is_not_printed_is_a_reason(tmp_path: Path) -> None:
    counts = [{"cycle": "a", "value": 3}, {"cycle": "b", "value": 9}]
    for name, turnout in {"none": [], "one": took_part(a=18)}.items():
        table = small_study(tmp_path / name, *turnout, *counts).tables().comparisons
        cycle = "b" if turnout else "a"
        row = row_of(table, "law")
        assert row["reason"] == f"the source does not print how many took part in {cycle}"
    bare = small_study(tmp_path / "bare", *counts, response_item="").tables().comparisons
    assert "how many took part in a" in row_of(bare, "law")["reason"]


@pytest.mark.parametrize("eligible", ["", "19"])
def test_two_populations_are_not_compared(tmp_path: Path, eligible: str) -> None:
    study = small_study(tmp_path, *took_part(a=18, b=16), {"cycle": "a", "value": 3}, {"value": 9})
    study.edit(CYCLES, "b", eligible=eligible)
    row = row_of(study.tables().comparisons, "law")
    assert row["reason"] == "there is no one population that both cycles speak about"


def three_cycles(folder: Path, items: Mapping[str, Mapping[str, str]] | None = None) -> StudyFolder:
    counts = [{"cycle": cycle, "value": n} for cycle, n in zip("abc", (3, 12, 5), strict=True)]
    return small_study(folder, *took_part(a=18, b=16, c=19), *counts, cycles="a b c", items=items)


def test_every_cycle_is_compared_with_every_later_one(tmp_path: Path) -> None:
    table = three_cycles(tmp_path).tables().comparisons
    pairs = list(zip(table["cycle_from"], table["cycle_to"], strict=True))
    assert pairs == list(combinations("abc", 2))
    found = {row["cycle_from"] + row["cycle_to"]: row for row in records(table)}
    # 20 could have answered: the silent ones are 2, 4 and 1.
    assert numbers(found["ab"], *ENDS) == (9, 12 - 5, 16 - 3, 7)
    assert numbers(found["ac"], *ENDS) == (2, 5 - 5, 6 - 3, 0)
    assert numbers(found["bc"], *ENDS) == (-7, 5 - 16, 6 - 12, 6)
    assert [found[key]["verdict"] for key in ("ab", "ac", "bc")] == [RISE, OPEN, FALL]
    assert [found[key]["nobs_to"] for key in ("ab", "ac", "bc")] == [16, 19, 19]


@pytest.mark.parametrize(
    ("level", "asked", "drop", "reasons"),
    [
        (
            "new",
            "b c",
            "a",
            ["was new in b", "was new in b", "nobody says that the answers of b and c"],
        ),
        (
            "dropped",
            "a b",
            "c",
            ["nobody says that the answers of a and b", "no longer asked in c", "no longer asked"],
        ),
        (
            "changed",
            "a b c",
            "",
            ["changed between a and b", "changed between a and c", "changed between b and c"],
        ),
    ],
)
def test_new_and_dropped_are_said_of_the_cycles_that_they_are_true_of(
    tmp_path: Path, level: str, asked: str, drop: str, reasons: list[str]
) -> None:
    study = three_cycles(tmp_path)
    rows = study.read("findings.csv")
    kept = [row for row in rows if not (row[2] == drop and row[4] == "law")]
    study.write("findings.csv", kept)
    study.edit(SURVEY, "law", comparability=level, asked=asked)
    table = study.tables().comparisons
    assert set(table["verdict"]) == {NOT_COMPARABLE}
    for said, expected in zip(table["reason"], reasons, strict=True):
        assert expected in said


def test_an_item_of_the_last_two_cycles_is_compared_between_them(tmp_path: Path) -> None:
    study = three_cycles(tmp_path)
    study.write("findings.csv", [r for r in study.read("findings.csv") if r[0] != "f3"])
    study.edit(SURVEY, "law", asked="b c")
    found = {
        row["cycle_from"] + row["cycle_to"]: row for row in records(study.tables().comparisons)
    }
    assert found["bc"]["change"] == -7
    assert found["ab"]["verdict"] == found["ac"]["verdict"] == NOT_COMPARABLE


@pytest.fixture(scope="module")
def loose(tmp_path_factory: pytest.TempPathFactory) -> StudyFolder:
    """A study with a loosely printed count in each cycle, to put other ranges into."""
    return small_study(
        tmp_path_factory.mktemp("loose"),
        *took_part(a=18, b=16),
        {"cycle": "a", "low": 1, "high": 2, "qualifier": "about"},
        {"cycle": "b", "low": 1, "high": 2, "qualifier": "about"},
    )


@pytest.fixture(scope="module")
def loose_findings(loose: StudyFolder) -> pd.DataFrame:
    return loose.findings()


@pytest.fixture(scope="module")
def loose_book(loose: StudyFolder) -> Codebook:
    return loose.load().codebook


NOBODY_MOVED = pd.DataFrame(columns=list(PANEL_COLUMNS))
"""The panel of a study without responses."""

ranges = st.tuples(st.integers(0, 16), st.integers(0, 2)).map(
    lambda t: (t[0], min(t[0] + t[1], 16))
)


@stable
@given(ranges, ranges)
def test_bounds_hold_every_pair_of_counts_that_the_words_and_the_silent_allow(
    loose_findings: pd.DataFrame,
    loose_book: Codebook,
    earlier: tuple[int, int],
    later: tuple[int, int],
) -> None:
    changed = loose_findings.copy()
    changed.loc[2:3, "low"] = [float(earlier[0]), float(later[0])]
    changed.loc[2:3, "high"] = [float(earlier[1]), float(later[1])]
    printed = published_counts(changed, loose_book)
    row = row_of(comparisons(printed, NOBODY_MOVED, changed, loose_book), "law")
    possible = {
        (second + silent2) - (first + silent1)
        for first in range(earlier[0], earlier[1] + 1)
        for second in range(later[0], later[1] + 1)
        for silent1 in range(3)
        for silent2 in range(5)
    }
    assert (row["change_low"], row["change_high"]) == (min(possible), max(possible))
    assert row["tipping_point"] == max(0, min(possible), -max(possible))
    assert row["verdict"] == verdict_of(min(possible), max(possible))


def test_the_tables_that_come_in_are_left_as_they_are(tables: Results) -> None:
    printed, findings = tables.totals.copy(deep=True), tables.findings.copy(deep=True)
    comparisons(printed, tables.panel, findings, load_study().codebook)
    pd.testing.assert_frame_equal(printed, tables.totals)
    pd.testing.assert_frame_equal(findings, tables.findings)
