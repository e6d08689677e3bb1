"""How two cycles are compared follows from who can be followed from one to the other."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pandas as pd
import pytest
from answered import answered, change, numbers, results_of, said

from analysis.comparisons.words import (
    INDEPENDENT,
    NOT_COMPARABLE,
    OPEN,
    PANEL,
    PARTLY_OVERLAPPING,
)
from analysis.section import open_section
from analysis.statistics import (
    difference_interval,
    independent_pvalue,
    mcnemar_pvalue,
    overlap_pvalue,
    paired_difference_interval,
)

CHOICES = "codebook/choices.csv"
CROSSWALK = "codebook/crosswalk.csv"
INDICATORS = "codebook/indicators.csv"
SURVEY = "codebook/survey.csv"


def test_the_same_respondents_are_a_panel(tmp_path: Path) -> None:
    found = results_of(answered(tmp_path, {"a": said("yynnnn"), "b": said("ynyyyn")}, population=6))
    row = change(found)
    assert row["design"] == PANEL
    assert numbers(row, "n_paired", "gained", "lost") == [6, 3, 1]
    assert row["why_design"] == "respondent ids: the same 6 answered both times"
    assert row["p_value"] == pytest.approx(2 * 5 / 16)  # 4 moved, at most 1 of them one way
    assert row["p_mid"] == pytest.approx(mcnemar_pvalue(3, 1))
    low, high = paired_difference_interval(1, 1, 3, 1)
    assert numbers(row, "interval_low_pp", "interval_high_pp") == pytest.approx(
        [100 * low, 100 * high]
    )
    assert pd.isna(row["p_overlap"])
    assert numbers(row, "change", "change_low", "change_high") == [2, 2, 2]


def test_pairs_and_singles_are_partly_overlapping_and_the_pairs_lead(tmp_path: Path) -> None:
    answers = {"a": said("yynnn.yb"), "b": said("ynyn.y.y")}
    row = change(results_of(answered(tmp_path, answers, population=10)))
    assert row["design"] == PARTLY_OVERLAPPING
    assert numbers(row, "n_paired", "gained", "lost") == [4, 1, 1]
    assert row["why_design"] == (
        "respondent ids: 4 answered both times, 4 in one of the two cycles"
    )
    assert row["p_value"] == 1
    expected = overlap_pvalue(1, 1, 1, 1, only1_yes=1, only1_no=1, only2_yes=2, only2_no=0)
    assert row["p_overlap"] == pytest.approx(expected)
    # 10 could have answered; 6 and 6 answers are known.
    assert numbers(row, "change_low", "change_high") == [4 - 3 - 4, 4 + 4 - 3]


def test_without_ids_nobody_is_paired(tmp_path: Path) -> None:
    answers = {"a": said("yynnnn"), "b": said("yyyyn")}
    study = answered(tmp_path, answers, population=7, has_ids=False)
    found = results_of(study)
    row = change(found)
    assert row["design"] == INDEPENDENT
    assert "no respondent id" in row["why_design"]
    assert numbers(row, "n_paired", "gained", "lost") == [None, None, None]
    assert found.panel.empty
    assert found.moves.empty
    assert row["p_value"] == pytest.approx(independent_pvalue(2, 6, 4, 5))
    low, high = difference_interval(2, 6, 4, 5)
    assert row["interval_low_pp"] == pytest.approx(100 * low)
    assert row["interval_high_pp"] == pytest.approx(100 * high)
    assert "random sample" in row["reason"]
    # One of 7 is silent before, two after.
    assert numbers(row, "change_low", "change_high") == [4 - 3, 6 - 2]
    assert numbers(row, "n_unit_nonresponse_from", "n_unit_nonresponse_to") == [1, 2]
    assert numbers(row, "overlap_low", "overlap_high") == [4, 5]
    section = open_section("s", study=str(study.path))
    assert str(section.panel()).startswith("Nobody can be followed")
    assert "those whose answer is not known" in section.count_table().note


def test_ids_without_a_common_respondent_are_independent_samples(tmp_path: Path) -> None:
    row = change(
        results_of(answered(tmp_path, {"a": said("yn.."), "b": said("..yy")}, population=4))
    )
    assert row["design"] == INDEPENDENT
    assert row["why_design"] == "nobody answered in both cycles"
    assert row["n_paired"] == 0


def test_every_status_adds_up_to_all_that_could_have_answered(tmp_path: Path) -> None:
    answers = {"a": said("yn?b.."), "b": said("ynnb?.")}
    row = change(results_of(answered(tmp_path, answers, population=8)))
    for end, expected in (("from", [2, 1, 1, 0, 0, 4]), ("to", [3, 1, 1, 0, 0, 3])):
        names = "answered dont_know no_answer not_applicable not_asked unit_nonresponse".split()
        assert numbers(row, *(f"n_{name}_{end}" for name in names)) == expected


def test_who_the_question_does_not_apply_to_is_no_no(tmp_path: Path) -> None:
    answers = {"a": said("yyn-y-nb."), "b": said("yn-yy-ynn")}
    found = results_of(answered(tmp_path, answers, population=10))
    row = change(found)
    pairs = [(a, b) for a, b in zip("yyn-y-nb.", "yn-yy-ynn", strict=True)]
    both = [pair for pair in pairs if set(pair) <= set("yn")]
    moved = [both.count(("n", "y")), both.count(("y", "n"))]
    assert numbers(row, "n_paired", "gained", "lost") == [len(both), *moved] == [4, 1, 1]
    assert numbers(row, "count_from", "nobs_from", "count_to", "nobs_to") == [3, 5, 4, 7]
    assert row["change_pp"] == pytest.approx(100 * (4 / 7 - 3 / 5))
    assert row["p_value"] == mcnemar_pvalue(*moved, method="exact")
    assert sorted(found.moves["respondent_id"]) == ["U01", "U02", "U05", "U07"]
    # Whether it counts as yes is settled of 7 before and 9 after, among 10.
    assert numbers(row, "settled_from", "settled_to") == [7, 9]
    assert numbers(row, "change_low", "change_high") == [4 - 3 - 3, 4 - 3 + 1]
    views = found.sensitivity.set_index(["view", "assumption"])
    alike = views.loc[("silent", "those without an answer are like the others")]
    assert numbers(alike, "change_low") == pytest.approx([10 * (4 / 9 - 3 / 7)])
    assert "did not apply" in views.loc["no_loss"]["reason"].item()


def test_a_group_without_a_list_is_described_and_not_tested(tmp_path: Path) -> None:
    answers = {"a": said("yynnn."), "b": said("ynyy.y")}
    row = change(results_of(answered(tmp_path, answers, group="ngos")))
    assert row["design"] == PARTLY_OVERLAPPING
    assert numbers(row, "change", "gained", "lost", "n_paired") == [2, 2, 1, 4]
    assert numbers(row, "p_value", "p_mid", "interval_low_pp", "change_low") == [None] * 4
    assert row["verdict"] == OPEN
    assert "described, not tested" in row["reason"]


def test_a_group_without_a_list_is_tested_on_request_and_labelled(tmp_path: Path) -> None:
    answers = {"a": said("yynnn."), "b": said("ynyy.y")}
    study = answered(tmp_path, answers, group="ngos", settings={"tested": "ngos"})
    row = change(results_of(study))
    assert row["p_value"] == pytest.approx(mcnemar_pvalue(2, 1, method="exact"))
    assert "tested on request, though the NGOs are no sample" in row["reason"]
    assert row["verdict"] == OPEN


# Routed questions: ``fines`` is put to those that have a law.


def routed(folder: Path, *, has_ids: bool = True, population: int = 8) -> pd.DataFrame:
    def both(laws: str, fines: str) -> dict[str, dict[str, str]]:
        law, fine = said(laws), said(fines, "fines")
        return {unit: {**law[unit], **fine.get(unit, {"fines": ""})} for unit in law}

    study = answered(
        folder,
        # 1 to 5 are asked in a, 1 to 4 and 6, 7 in b; 4 leaves it blank in b.
        {"a": both("yyyyynn.", "yynnn..."), "b": both("yyyynyyn", "ynyb.yy.")},
        population=population,
        has_ids=has_ids,
        items={
            "law": {"comparability": "identical"},
            "fines": {"comparability": "identical", "relevant": "${law} = 'yes'"},
        },
    )
    return results_of(study).comparisons


def test_a_routed_question_is_compared_among_those_that_were_asked_both_times(
    tmp_path: Path,
) -> None:
    (row,) = routed(tmp_path).query("indicator == 'fines'").to_dict("records")
    assert "only the 4 that were asked both times" in row["reason"]
    assert numbers(row, "count_from", "nobs_from", "count_to", "nobs_to") == [2, 4, 2, 3]
    assert numbers(row, "n_paired", "gained", "lost") == [3, 1, 1]
    assert numbers(row, "change_low", "change_high") == [0, 1]
    assert numbers(row, "n_not_asked_from", "n_not_asked_to") == [2, 2]


def test_a_routed_question_without_ids_is_compared_among_those_asked_in_each_cycle(
    tmp_path: Path,
) -> None:
    (row,) = routed(tmp_path, has_ids=False).query("indicator == 'fines'").to_dict("records")
    assert numbers(row, "count_from", "nobs_from", "count_to", "nobs_to") == [2, 5, 4, 5]
    assert "of those that were asked in each cycle" in row["reason"]
    assert numbers(row, "change_low", "change_high") == [None, None]


def test_a_question_that_nobody_was_asked_twice_is_not_comparable(tmp_path: Path) -> None:
    study = answered(
        tmp_path,
        {
            "a": {"U1": {"law": "yes", "fines": "yes"}, "U2": {"law": "no", "fines": ""}},
            "b": {"U1": {"law": "no", "fines": ""}, "U2": {"law": "yes", "fines": "yes"}},
        },
        population=2,
        items={
            "law": {"comparability": "identical"},
            "fines": {"comparability": "identical", "relevant": "${law} = 'yes'"},
        },
    )
    row = change(results_of(study), "fines")
    assert row["verdict"] == NOT_COMPARABLE
    assert "to none of them both times" in row["reason"]
    assert pd.isna(row["change_low"])


# Comparability, step by step.

THREE = {"a": said("yynn"), "b": said("ynnn"), "c": said("yyyn")}


def steps(found: pd.DataFrame) -> dict[tuple[str, str], tuple[str, str]]:
    law = found[found["indicator"] == "law"]
    return {
        (row["cycle_from"], row["cycle_to"]): (row["verdict"], str(row["reason"]))
        for row in law.to_dict("records")
    }


def test_a_question_that_changed_once_is_compared_on_either_side_of_the_change(
    tmp_path: Path,
) -> None:
    study = answered(tmp_path, THREE, population=4)
    study.write(
        CROSSWALK,
        [
            ["item", "cycle", "comparability", "wording", "reason"],
            ["law", "c", "changed", "", "asks for a decree too"],
        ],
    )
    found = steps(results_of(study).comparisons)
    assert found["a", "b"][0] != NOT_COMPARABLE
    why = "the question changed between b and c: asks for a decree too"
    assert found["a", "c"] == (NOT_COMPARABLE, why)
    assert found["b", "c"] == (NOT_COMPARABLE, why)


def test_the_weakest_step_names_the_comparability(tmp_path: Path) -> None:
    study = answered(tmp_path, THREE, population=4)
    study.write(
        CROSSWALK,
        [["item", "cycle", "comparability"], ["law", "b", "equivalent"]],
    )
    found = results_of(study).comparisons.set_index(["cycle_from", "cycle_to"])["comparability"]
    assert found.to_dict() == {
        ("a", "b"): "equivalent",
        ("a", "c"): "equivalent",
        ("b", "c"): "identical",
    }


@pytest.mark.parametrize(("level", "is_compared"), [("identical", False), ("equivalent", True)])
def test_a_new_answer_to_choose_from_ends_comparability_unless_somebody_judged_it(
    tmp_path: Path, level: str, is_compared: bool
) -> None:
    study = answered(
        tmp_path,
        {"a": said("yynn"), "b": said("ynnn")},
        population=4,
        items={"law": {"comparability": level}},
    )
    study.add_column(CHOICES, "offered")
    study.add_row(CHOICES, list_name="yes_no", name="partly", label="In part", offered="b")
    row = change(results_of(study))
    assert (row["verdict"] != NOT_COMPARABLE) == is_compared
    if not is_compared:
        assert row["reason"] == "the answers to choose from changed in b (“In part” new)"


@pytest.mark.parametrize("option", ["yes", "no"])
def test_that_nothing_applies_speaks_of_all_that_could_be_chosen(
    tmp_path: Path, option: str
) -> None:
    study = answered(
        tmp_path,
        {"a": said("ynn"), "b": said("yyn")},
        population=3,
        items={"law": {"type": "select_multiple yes_no", "comparability": "identical"}},
    )
    study.add_column(CHOICES, "offered")
    study.add_column(CHOICES, "exclusive")
    study.edit(CHOICES, "no", exclusive="yes")
    study.add_row(CHOICES, list_name="yes_no", name="partly", label="In part", offered="b")
    rule = f"${{law}} = '{option}'"
    study.add_row(INDICATORS, indicator="law", rule=rule, label="Law", phrase="had a law")
    row = change(results_of(study))
    assert (row["verdict"] == NOT_COMPARABLE) == (option == "no")
    if option == "no":
        assert "the answers to choose from changed in b" in row["reason"]


def test_an_answer_that_was_deleted_is_no_fall_to_zero(tmp_path: Path) -> None:
    study = answered(
        tmp_path,
        {"a": said("yynn"), "b": said("nnnn")},
        population=4,
        items={"law": {"comparability": "equivalent"}},
    )
    study.add_column(CHOICES, "offered")
    study.edit(CHOICES, "yes", offered="a")
    row = change(results_of(study))
    assert row["verdict"] == NOT_COMPARABLE
    assert row["reason"] == "the answer “Yes” could not be chosen in b"


def test_what_the_source_alone_compares_is_said_to_be_so() -> None:
    section = open_section("01_prevention")
    told = str(section.say("supply_chain_law"))
    assert "The source compares the two cycles itself" in told
    assert "asserted" not in str(section.say("online_takedown"))
    table = section.comparison_table().data
    row = table[table["Indicator"] == "Supply chain reporting law"].iloc[0]
    assert row["Comparable"] == "the source compares them; wording not published"
    assert row["Compared as"] == "margins only"
    assert row["Answered both times"] == "44 to 49, not known"


def test_the_bounds_hold_for_all_that_the_missing_could_have_said(tmp_path: Path) -> None:
    """Brute force over every answer that those without one could have had."""
    answers = {"a": said("yn.b?"), "b": said("yyn.b")}
    row = change(results_of(answered(tmp_path, answers, population=6)))
    known = {"a": "yn", "b": "yyn"}
    seen = {
        known["b"].count("y") + sum(after) - known["a"].count("y") - sum(before)
        for before in product((0, 1), repeat=6 - 2)
        for after in product((0, 1), repeat=6 - 3)
    }
    assert numbers(row, "change_low", "change_high") == [min(seen), max(seen)]
