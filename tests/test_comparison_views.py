"""Families, sensitivity, trends, naive tests and limits: what stands beside a comparison."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from answered import answered, change, lines, numbers, only, results_of, said
from scipy import stats
from studies import DEFAULT

from analysis.comparisons.detectable import detectable
from analysis.comparisons.naive import naive_tests
from analysis.comparisons.sensitivity import NO_LOSS
from analysis.comparisons.words import FALL, LEVEL, NOT_COMPARABLE, OPEN, RISE
from analysis.results import Results, compute_results
from analysis.section import open_section
from analysis.statistics import adjust_pvalues, fewest_moved, no_loss_bounds
from analysis.study import load_study

LAWS = {
    "a": {f"U{n}": {"law": "no", "fines": "no", "ban": "no"} for n in range(12)},
    "b": {
        f"U{n}": {
            "law": "yes" if n < 8 else "no",
            "fines": "yes" if n < 5 else "no",
            "ban": "yes" if n < 1 else "no",
        }
        for n in range(12)
    },
}
RAW = {"law": 2 / 2**8, "fines": 2 / 2**5, "ban": 1.0}


@pytest.fixture(scope="module")
def published() -> Results:
    return compute_results(load_study(DEFAULT))


# Families.


def test_the_tests_of_a_section_are_a_family_and_both_p_values_are_shown(tmp_path: Path) -> None:
    table = results_of(answered(tmp_path, LAWS, population=12)).comparisons
    for name, raw in RAW.items():
        row = only(table, indicator=name)
        assert row["p_value"] == pytest.approx(raw)
        assert row["family"] == "Laws, States, a to b (Holm)"
        assert row["family_size"] == 3
    adjusted = [only(table, indicator=name)["p_adjusted"] for name in RAW]
    assert adjusted == pytest.approx([3 * 2 / 2**8, 2 * 2 / 2**5, 1.0])


def test_what_is_not_comparable_is_outside_the_family(tmp_path: Path) -> None:
    items = {name: {"comparability": "identical"} for name in RAW}
    items["fines"] = {"comparability": "changed"}
    table = results_of(answered(tmp_path, LAWS, population=12, items=items)).comparisons
    assert only(table, indicator="law")["family_size"] == 2
    assert only(table, indicator="law")["p_adjusted"] == pytest.approx(2 * RAW["law"])
    assert (
        numbers(only(table, indicator="fines"), "p_value", "p_adjusted", "family_size")
        == [None] * 3
    )


def test_a_family_can_be_the_whole_report_and_be_adjusted_for_screening(tmp_path: Path) -> None:
    settings = {"families": "report", "adjustment": "bh"}
    study = answered(tmp_path, LAWS, population=12, settings=settings)
    study.add_row("codebook/sections.csv", section="t", title="Bans")
    study.edit("codebook/survey.csv", "ban", section="t")
    table = results_of(study).comparisons
    assert set(table["family"]) == {"the whole report, States, a to b (Benjamini-Hochberg)"}
    assert table["p_adjusted"].tolist() == pytest.approx(
        list(adjust_pvalues(table["p_value"].to_numpy(), method="bh"))
    )


def test_each_pair_of_cycles_is_a_family_of_its_own(tmp_path: Path) -> None:
    three = {**LAWS, "c": LAWS["b"]}
    table = results_of(answered(tmp_path, three, population=12)).comparisons
    assert set(table["family_size"]) == {3}
    assert table["family"].nunique() == 3


def test_printed_pairs_have_an_unknown_family(published: Results) -> None:
    row = change(published, "supply_chain_law")
    assert row["family"] == "unknown"
    assert numbers(row, "p_value", "p_adjusted", "family_size") == [None, None, None]


# From margins alone.


@pytest.mark.parametrize(
    ("indicator", "overlap", "moved"),
    [
        ("supply_chain_law", [44, 49], 1),
        ("recruitment_fees", [44, 49], 8),
        # The fewest for any of the earlier counts that the words allow, 15 to 19.
        ("procurement_policy", [44, 49], 5),
    ],
)
def test_printed_pairs_say_how_many_must_have_moved(
    published: Results, indicator: str, overlap: list[int], moved: int
) -> None:
    row = change(published, indicator)
    assert numbers(row, "overlap_low", "overlap_high") == overlap
    assert row["moved_at_least"] == moved
    low, high = int(row["count_from_low"]), int(row["count_from_high"])
    later = int(row["count_to"])
    assert moved == min(
        fewest_moved(count, 52, later, 49, population=57) for count in range(low, high + 1)
    )


def test_naive_tests_stand_beside_the_range_of_what_is_possible(published: Results) -> None:
    table = naive_tests(published.comparisons, load_study(DEFAULT).codebook)
    unknown = table[table["overlap"].isna()].set_index("indicator")
    assert list(unknown.index) == ["supply_chain_law", "recruitment_fees"]
    law = unknown.loc["supply_chain_law"]
    chi_square = stats.chi2_contingency([[10, 42], [16, 33]], correction=False)
    assert law["p_naive"] == pytest.approx(chi_square.pvalue)
    assert law["exact_min"] < law["p_naive"] < law["exact_max"] == 1
    known = table[(table["indicator"] == "supply_chain_law") & table["overlap"].notna()]
    assert list(known["overlap"]) == [44, 45, 46, 47, 48, 49]
    for name, pick in (("min", "min"), ("max", "max")):
        for test in ("exact", "mid_p", "p_overlap"):
            column = f"{test}_{name}"
            assert getattr(known[column], pick)() == pytest.approx(law[column])


def test_detectable_rises_are_above_what_is_already_there(published: Results) -> None:
    row = only(detectable(published.comparisons), indicator="supply_chain_law")
    assert numbers(row, "count_from", "nobs_from", "nobs_to", "n_pairs") == [10, 52, 49, 44]
    assert 0 < row["rise_paired"] < row["rise_paired_two_lost"] < row["rise_independent"]


# Sensitivity.


def views(table: pd.DataFrame, **place: str) -> list[tuple[Any, ...]]:
    own = table
    for column, value in place.items():
        own = own[own[column] == value]
    return list(lines(own, "assumption", "change_low", "change_high", "verdict"))


def test_every_way_to_read_what_is_not_known_has_its_verdict(published: Results) -> None:
    table = published.sensitivity
    law = {"indicator": "supply_chain_law"}
    assert views(table, view="silent", **law) == [
        ("those without an answer meant no", 6, 6, RISE),
        ("those without an answer meant yes", 9, 9, RISE),
        (
            "those without an answer are like the others",
            pytest.approx(57 * (16 / 49 - 10 / 52)),
            pytest.approx(57 * (16 / 49 - 10 / 52)),
            RISE,
        ),
        ("those without an answer may have meant either", 1, 14, RISE),
    ]
    assert views(table, view="blanks", **law) == [
        ("nobody left it blank", 1, 14, RISE),
        ("1 of those not counted as yes left it blank", 0, 15, OPEN),
        ("everybody not counted as yes left it blank", 16 - 57, 57 - 10, OPEN),
    ]
    points = views(table, view="denominator", **law)
    assert [row[0] for row in points] == [
        "a share of all 57",
        "a share of those that took part",
        "a share of those that answered the question",
    ]
    assert points[0][1:3] == (pytest.approx(100 * 6 / 57),) * 2
    assert points[1][1:3] == (pytest.approx(100 * (16 / 49 - 10 / 52)),) * 2
    assert points[2][3] == NOT_COMPARABLE


def test_blanks_up_to_the_tipping_point_keep_the_direction(published: Results) -> None:
    rows = views(published.sensitivity, view="blanks", indicator="recruitment_fees")
    assert [row[0].split(" ")[0:3] for row in rows[:2]] == [["up", "to", "7"], ["8", "of", "those"]]
    assert rows[0][1:] == (1, 28, RISE)
    assert rows[1][1:] == (0, 29, OPEN)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        # Gained by one; another two cannot have been yes before, one may be yes now.
        ("yynnn.", "yyynn.", (1, 2, RISE)),
        ("ynn...", "y..ynb", (0, 4, OPEN)),
        ("ynnn", "ynnn", (0, 0, LEVEL)),
    ],
)
def test_if_nobody_lost_it_less_is_possible(
    tmp_path: Path, before: str, after: str, expected: tuple[Any, ...]
) -> None:
    answers = {"a": said(before), "b": said(after)}
    size = len(before)
    found = results_of(answered(tmp_path, answers, population=size))
    (view,) = views(found.sensitivity, view=NO_LOSS)
    assert view[1:] == expected
    codes = [
        [{"y": (1,), "n": (0,)}.get(letter, (0, 1)) for letter in text] for text in (before, after)
    ]
    possible = {
        sum(then) - sum(first)
        for first in product(*codes[0])
        for then in product(*codes[1])
        if all(a <= b for a, b in zip(first, then, strict=True))
    }
    assert view[1:3] == (min(possible), max(possible))


def test_a_loss_that_was_seen_refutes_the_supposition(tmp_path: Path) -> None:
    found = results_of(answered(tmp_path, {"a": said("yyn"), "b": said("ynn")}, population=3))
    row = only(found.sensitivity, view=NO_LOSS)
    assert row["verdict"] == NOT_COMPARABLE
    assert row["reason"] == "it does not hold: 1 lost it"


def test_printed_margins_can_refute_the_supposition(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least 2 must have moved from yes to no"):
        no_loss_bounds(9, 10, 5, 8, population=10)


def test_no_loss_bounds_agree_with_brute_force() -> None:
    size = 4
    for y1, n1, y2, n2 in product(range(size + 1), repeat=4):
        if y1 > n1 or y2 > n2:
            continue
        # Who is silent, yes or no is free, so every arrangement of the later cycle is tried.
        first = [(1,)] * y1 + [(0,)] * (n1 - y1) + [(0, 1)] * (size - n1)
        later = [(1,)] * y2 + [(0,)] * (n2 - y2) + [(0, 1)] * (size - n2)
        possible = {
            sum(after) - sum(before)
            for before in product(*first)
            for after in _arranged(later)
            if all(a <= b for a, b in zip(before, after, strict=True))
        }
        if possible:
            found = no_loss_bounds(y1, n1, y2, n2, population=size)
            assert found == (min(possible), max(possible))
        else:
            with pytest.raises(ValueError, match="moved from yes to no"):
                no_loss_bounds(y1, n1, y2, n2, population=size)


def _arranged(cells: list[tuple[int, ...]]) -> set[tuple[int, ...]]:
    from itertools import permutations

    return {said for order in set(permutations(cells)) for said in product(*order)}


def test_a_fall_is_worked_out_with_blanks_of_the_later_cycle(tmp_path: Path) -> None:
    answers = {"a": said("yyyyyn"), "b": said("nnnnnn")}
    row = change(results_of(answered(tmp_path, answers, population=6)))
    assert row["verdict"] == FALL


# More than two cycles.

CYCLES = {"a": said("yynnnnnnnnnn"), "b": said("yyyynnnnnnnn"), "c": said("yyyyyyynnnn.")}


def test_three_cycles_have_a_trend_among_those_that_answered_in_all(tmp_path: Path) -> None:
    found = results_of(answered(tmp_path, CYCLES, population=12))
    row = only(found.trends)
    assert (row["cycles"], row["counts"]) == ("a; b; c", "2; 4; 7")
    assert row["n_complete"] == 11
    # Cochran (1950) by hand: columns 2, 4, 7; rows 2 x 3, 2 x 2, 3 x 1, 4 x 0.
    columns, rows = (2, 4, 7), (3, 3, 2, 2, 1, 1, 1, 0, 0, 0, 0)
    k, total = 3, sum(rows)
    q = (
        (k - 1)
        * (k * sum(c * c for c in columns) - total**2)
        / (k * total - sum(r * r for r in rows))
    )
    assert row["q"] == pytest.approx(q)
    assert row["df"] == 2
    assert row["odds_ratio"] > 1
    assert row["reason"] == ""


def test_every_pair_of_three_cycles_is_compared(tmp_path: Path) -> None:
    found = results_of(answered(tmp_path, CYCLES, population=12)).comparisons
    assert lines(found, "cycle_from", "cycle_to", "gained", "lost", "n_paired") == [
        ("a", "b", 2, 0, 12),
        ("a", "c", 5, 0, 11),
        ("b", "c", 3, 0, 11),
    ]


def test_two_cycles_have_no_trend(tmp_path: Path) -> None:
    two = {cycle: CYCLES[cycle] for cycle in "ab"}
    assert results_of(answered(tmp_path, two, population=12)).trends.empty


def test_a_trend_over_a_changed_question_is_refused(tmp_path: Path) -> None:
    items = {"law": {"comparability": "identical"}}
    study = answered(tmp_path, CYCLES, population=12, items=items)
    rows = [["item", "cycle", "comparability"], ["law", "b", "changed"]]
    study.write("codebook/crosswalk.csv", rows)
    row = only(results_of(study).trends)
    assert row["reason"] == "the cycles are not comparable: b is changed"
    assert numbers(row, "q", "p_value", "odds_ratio") == [None] * 3


def test_a_trend_without_ids_is_refused(tmp_path: Path) -> None:
    row = only(results_of(answered(tmp_path, CYCLES, population=12, has_ids=False)).trends)
    assert "no respondent id" in row["reason"]
    assert numbers(row, "q", "odds_ratio") == [None, None]


def test_a_trend_that_cannot_be_fitted_says_why(tmp_path: Path) -> None:
    same = {cycle: said("nnnnnnnnnnnn") for cycle in "abc"}
    row = only(results_of(answered(tmp_path, same, population=12)).trends)
    assert (row["q"], row["p_value"]) == (0, 1)
    assert pd.isna(row["odds_ratio"])
    assert row["reason"].startswith("no trend line: ")


# What is shown.


def test_the_limits_follow_from_the_tables() -> None:
    told = open_section("08_limits").limits().data.set_index("What cannot be told")
    assert "3 changes that are compared" in set(told["What it touches"])
    assert "they did not answer: 5 in 2015/16 and 8 in 2020/21" in set(told["Why"])
    assert "What NGOs as a whole would say." in told.index
    words = " ".join(open_section("08_limits").limits_in_words())
    assert "Who left a question blank." in words


def test_limits_go_away_when_the_numbers_are_there(tmp_path: Path) -> None:
    study = answered(tmp_path, {"a": said("yynn"), "b": said("yyyn")}, population=4)
    told = open_section("s", study=str(study.path)).limits().data["What cannot be told"]
    assert list(told) == ["Whether what is reported is so, and whether a rule on paper is applied."]


def test_every_loose_word_is_read_in_every_way_and_none_is_chosen() -> None:
    table = open_section("07_methods").loose_words().data
    table = table.set_index(["As printed", "Reading"])["What it would mean"]
    assert len(table["10% increase"]) == 3
    nearly = table["almost doubled or nearly doubled"]
    by_number = nearly["the number of States grew by a factor of 1.5 to 2"]
    assert by_number == "15 to 19 of 52 before"
    # 29 of 49 is 59.2 %; half of that is 15.4 of 52, two thirds 20.5.
    by_share = nearly["the share of those that took part grew by a factor of 1.5 to 2"]
    assert by_share == "16 to 20 of 52 before"
    # A third lies between 7/24 and 5/12: of 57 that is 17 to 23, of 49 it is 15 to 20.
    third = table["one-third of pS or 1/3 of States"]
    assert third["the nearest count"] == "19 of 57; 16 of 49"
    assert third["that or somewhat less"] == "17 to 19 of 57; 15 to 16 of 49"
    assert third["that or somewhat more"] == "19 to 23 of 57; 17 to 20 of 49"
    # Half lies between 5/12 and 7/12: of 57 that is 24 to 33, of 49 it is 21 to 28.
    barely = table["Barely half"]
    assert barely["that or somewhat less"] == "24 to 28 of 57; 21 to 24 of 49"
    assert barely["that or somewhat more"] == "29 to 33 of 57; 25 to 28 of 49"
    assert table["40% of pS"].to_dict() == {
        "rounded": "23 of 57; no count of 49",
        "cut off": "23 of 57; 20 of 49",
    }
