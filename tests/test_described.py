"""Distributions, numbers, scales: every question with its bases and reasons for no answer."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from answered import answered, numbers, only, results_of
from studies import CHOICES, SURVEY, StudyFolder

from analysis.results import Results
from analysis.section import open_section
from analysis.statistics import mann_whitney, stuart_maxwell

LEVELS = ("never", "sometimes", "always")
STATUS = "answered dont_know no_answer not_applicable not_asked unit_nonresponse".split()


def scaled(folder: Path, before: str, after: str, **study: object) -> StudyFolder:
    """An ordered question: n, s, a for its levels, b blank, ``.`` did not take part."""
    words = {"n": "never", "s": "sometimes", "a": "always", "b": ""}

    def cycle(text: str) -> dict[str, dict[str, str]]:
        return {f"U{k}": {"how": words[c]} for k, c in enumerate(text) if c != "."}

    made = answered(
        folder,
        {"x": cycle(before), "y": cycle(after)},
        items={"how": {"type": "select_one often", "comparability": "identical"}},
        **study,  # type: ignore[arg-type]
    )
    made.add_column(SURVEY, "appearance")
    made.edit(SURVEY, "how", appearance="likert")
    for level in LEVELS:
        made.add_row(CHOICES, list_name="often", name=level, label=level.title())
    return made


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Results:
    folder = tmp_path_factory.mktemp("scaled")
    return results_of(scaled(folder, "nnnssab.", "nssaaa.b", population=9))


def test_every_option_has_its_count_over_those_asked_and_those_that_answered(
    found: Results,
) -> None:
    rows = found.distributions.query("cycle == 'x' and item == 'how'")
    assert list(rows["option"]) == list(LEVELS)
    assert list(rows["count"]) == [3, 2, 1]
    never = only(rows, option="never")
    assert numbers(never, "n_asked", "n_answered") == [7, 6]
    assert never["share_of_asked"] == pytest.approx(3 / 7)
    assert never["share_of_answered"] == pytest.approx(3 / 6)


def test_the_statuses_of_every_option_add_up_to_all_that_could_have_answered(
    found: Results,
) -> None:
    total = found.distributions[[f"n_{status}" for status in STATUS]].sum(axis="columns")
    assert set(total) == {9}


def test_a_scale_of_the_same_respondents_counts_who_moved_up_and_down(found: Results) -> None:
    row = only(found.scales)
    # n-n n-s n-s s-a s-a a-a: four up, none down.
    assert row["design"] == "panel"
    assert numbers(row, "n_paired", "n_higher", "n_lower") == [6, 4, 0]
    test = stuart_maxwell([[1, 2, 0], [0, 0, 2], [0, 0, 1]])
    assert numbers(row, "statistic", "df", "p_value") == pytest.approx(
        [test.statistic, test.df, test.pvalue]
    )
    assert row["superiority"] == pytest.approx(mann_whitney([3, 2, 1], [1, 2, 3]).superiority)


def test_a_scale_without_ids_is_compared_as_two_samples(tmp_path: Path) -> None:
    study = scaled(tmp_path, "nnnssa", "nssaaa", population=6, has_ids=False)
    row = only(results_of(study).scales)
    test = mann_whitney([3, 2, 1], [1, 2, 3])
    assert row["design"] == "independent samples"
    assert row["p_value"] == pytest.approx(test.pvalue)
    assert numbers(row, "n_paired", "n_higher") == [None, None]


def test_a_scale_with_another_level_is_not_compared(tmp_path: Path) -> None:
    study = scaled(tmp_path, "nnnssa", "nssaaa", population=6)
    study.add_column(CHOICES, "offered")
    study.add_row(CHOICES, list_name="often", name="rarely", label="Rarely", offered="y")
    row = only(results_of(study).scales)
    assert row["reason"] == "not comparable: the answers to choose from changed"
    assert numbers(row, "superiority", "p_value") == [None, None]


@pytest.mark.parametrize("has_ids", [True, False])
def test_an_answer_that_was_not_offered_is_counted_where_it_was_given(
    tmp_path: Path, has_ids: bool
) -> None:
    study = scaled(tmp_path, "nnnssa", "nssaaa", population=6, has_ids=has_ids)
    study.add_column(CHOICES, "offered")
    study.add_row(CHOICES, list_name="often", name="rarely", label="Rarely", offered="y")
    study.edit(CHOICES, "always", offered="y")
    study.edit(SURVEY, "how", comparability="equivalent")
    found = results_of(study)
    own = found.distributions.query("item == 'how'")
    for _, rows in own.groupby("cycle"):
        assert rows["count"].sum() == rows["n_answered"].iloc[0] == 6
    assert set(own.query("cycle == 'x'")["option"]) == {*LEVELS}
    assert len(found.scales) == 1


def test_a_list_of_one_cycle_alone_is_no_list_to_test_on(tmp_path: Path) -> None:
    study = scaled(tmp_path, "nnnssa", "nssaaa", population=6, has_ids=False)
    header, *rows = study.read("codebook/cycles.csv")
    rows[0][header.index("eligible")] = ""
    study.write("codebook/cycles.csv", [header, *rows])
    row = only(results_of(study).scales)
    assert "described, not tested" in row["reason"]
    assert pd.isna(row["p_value"])


def test_quartiles_keep_every_digit(tmp_path: Path) -> None:
    said = ["1234567", "1234569", "2500001"]
    study = answered(
        tmp_path,
        {"x": {f"U{n}": {"money": text} for n, text in enumerate(said)}},
        items={"money": {"type": "integer"}},
    )
    row = only(results_of(study).numbers)
    assert [row[name] for name in ("lowest", "median", "highest")] == said


def test_a_group_without_a_list_is_described_on_scales_and_not_tested(tmp_path: Path) -> None:
    row = only(results_of(scaled(tmp_path, "nnnssa", "nssaaa", group="ngos")).scales)
    assert "described, not tested" in row["reason"]
    assert pd.isna(row["p_value"])
    assert row["superiority"] > 0.5


def test_a_question_that_is_not_said_to_be_ordered_is_no_scale(tmp_path: Path) -> None:
    study = scaled(tmp_path, "nnnssa", "nssaaa", population=6)
    study.edit(SURVEY, "how", appearance="")
    assert results_of(study).scales.empty


def test_numbers_and_dates_have_quartiles(tmp_path: Path) -> None:
    said = [("4", "2020-01-05"), ("1", "2020-03-01"), ("2", ""), ("3", "2019-12-31"), ("", "")]
    study = answered(
        tmp_path,
        {"x": {f"U{k}": {"staff": n, "since": day} for k, (n, day) in enumerate(said)}},
        population=6,
        items={"staff": {"type": "integer"}, "since": {"type": "date"}},
    )
    table = results_of(study).numbers
    staff = only(table, item="staff")
    assert numbers(staff, "n_answered", "n_no_answer", "n_unit_nonresponse") == [4, 1, 1]
    names = ("lowest", "lower_quartile", "median", "upper_quartile", "highest")
    assert numbers(staff, *names) == ["1", "1.75", "2.5", "3.25", "4"]
    assert staff["mean"] == 2.5
    since = only(table, item="since")
    assert numbers(since, *names) == [
        "2019-12-31",
        "2019-12-31",
        "2020-01-05",
        "2020-01-05",
        "2020-03-01",
    ]
    assert pd.isna(since["mean"])


def test_free_text_stands_in_no_table_of_a_report(tmp_path: Path) -> None:
    study = answered(
        tmp_path,
        {"x": {"U1": {"law": "yes", "why": "SECRET WORDS"}}},
        population=2,
        items={"law": {"comparability": "identical"}, "why": {"type": "text"}},
    )
    section = open_section("s", study=str(study.path))
    shown = [*section.answers().exhibits, section.count_table(), section.comparison_table()]
    assert "SECRET" not in "".join(str(one) for one in shown)
    assert "SECRET" not in results_of(study).distributions.to_csv()
