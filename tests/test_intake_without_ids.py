"""Exports of anonymous surveys: declared, never paired, never held to a list."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from studies import CYCLES, problem_of, problems_of
from surveys import (
    COLUMNS,
    HEADER,
    ID,
    LAW,
    SOURCES,
    SurveyFolder,
    answers,
    counts,
    read_and_clean,
    survey,
)

from analysis.intake import replay

NO_ID = HEADER[1:]
NGOS_A, NGOS_B = "responses/ngos_a.csv", "responses/ngos_b.csv"


@pytest.fixture
def folder(tmp_path: Path) -> SurveyFolder:
    """Exports of States have ids in ``Who``, those of NGOs have none."""
    made = survey(tmp_path, rule="latest")
    made.study.edit(COLUMNS, "respondent_id", respondents="states")
    made.study.add_column(SOURCES, "has_ids")
    made.study.add_column(SOURCES, "shape")
    return made


def put(folder: SurveyFolder, *rows: list[str], cycle: str = "b") -> str:
    """Write an export of NGOs that is declared to have no ids."""
    name = folder.put(*rows, cycle=cycle, group="ngos", header=NO_ID)
    folder.study.edit(SOURCES, name, has_ids="no")
    return name


def in_both_cycles(table: pd.DataFrame) -> set[tuple[str, str]]:
    """Group and id of all that stand in more than one cycle."""
    cycles = table.groupby(["respondents", "respondent_id"])["cycle"].nunique()
    return set(cycles[cycles > 1].index)


def anonymous(**cells: str) -> list[str]:
    return answers(**cells)[1:]


def test_every_submission_counts_and_has_an_id_of_its_own(folder: SurveyFolder) -> None:
    put(folder, anonymous(), anonymous(), anonymous(law="no", fines=""), cycle="a")
    put(folder, anonymous(), anonymous())
    table = folder.responses().table
    # The same answers at the same time are two submissions, though the rule for duplicates would
    # have kept one of them.
    assert set(zip(table["respondent_id"], table["cycle"], strict=True)) == {
        ("ngos a row 2", "a"),
        ("ngos a row 3", "a"),
        ("ngos a row 4", "a"),
        ("ngos b row 2", "b"),
        ("ngos b row 3", "b"),
    }
    found = counts(table[table["item"] == "law"])
    assert found["ngos", "a", "law", "", "answered", "yes"] == 2
    assert "unit_nonresponse" not in set(table["status"])


def test_nobody_is_followed_from_one_cycle_to_the_next(folder: SurveyFolder) -> None:
    for cycle in ("a", "b"):
        put(folder, anonymous(law="no", fines=""), cycle=cycle)
        folder.put(answers(), cycle=cycle)
    table = folder.responses().table
    assert in_both_cycles(table) == {("states", f"S-{n}") for n in range(1, 6)}


def test_answers_without_a_key_are_named_by_group_and_cycle(folder: SurveyFolder) -> None:
    put(folder, anonymous(), cycle="a")
    folder.put(answers(), cycle="a")
    folder.put(answers(), cycle="b")
    assert folder.responses().without_key == {("ngos", "a")}


def test_a_study_whose_exports_all_have_ids_has_no_answers_without_a_key(tmp_path: Path) -> None:
    folder = survey(tmp_path)
    folder.put(answers())
    assert folder.responses().without_key == frozenset()


def test_ids_are_missing_on_declaration_only(folder: SurveyFolder) -> None:
    name = put(folder, anonymous())
    folder.study.edit(SOURCES, name, has_ids="")
    problem = problem_of(folder.responses)
    assert (problem.file, problem.column) == (COLUMNS, "item")
    assert name in problem.message
    assert "has_ids is 'no' in sources" in problem.message


def test_an_export_without_ids_must_not_have_a_column_of_them(folder: SurveyFolder) -> None:
    name = folder.put(answers("N 1"), answers("N 1"), group="ngos")
    folder.study.edit(SOURCES, name, has_ids="no")
    folder.study.edit(COLUMNS, "respondent_id", respondents="")
    problem = problem_of(folder.responses)
    assert (problem.file, problem.row, problem.column) == (COLUMNS, 2, "item")
    assert problem.value == "respondent_id"
    assert name in problem.message
    assert read_and_clean(folder).refused() == []


def test_a_column_of_ids_that_is_named_for_all_is_refused_though_it_is_not_there(
    folder: SurveyFolder,
) -> None:
    put(folder, anonymous())
    folder.study.edit(COLUMNS, "respondent_id", respondents="")
    problem = problem_of(folder.responses)
    assert (problem.file, problem.row) == (COLUMNS, 2)


def test_a_column_of_ids_that_is_not_named_is_no_answer(folder: SurveyFolder) -> None:
    name = folder.put(answers("N 1"), group="ngos")
    folder.study.edit(SOURCES, name, has_ids="no")
    problem = problem_of(folder.responses)
    assert (problem.file, problem.row, problem.column) == (name, 1, ID)


def test_a_group_with_a_list_needs_ids(folder: SurveyFolder) -> None:
    put(folder, anonymous(), cycle="a")
    put(folder, anonymous())
    folder.study.add_row("codebook/respondents.csv", respondent_id="N 1", respondents="ngos")
    found = problems_of(folder.responses)
    assert [(p.file, p.column, p.value) for p in found] == [
        (NGOS_A, "has_ids", "no"),
        (NGOS_B, "has_ids", "no"),
    ]
    assert "list of all ngos" in found[0].message


def test_the_list_is_told_of_once_and_not_for_each_row(folder: SurveyFolder) -> None:
    header = ["respondent_id", "item", "value"]
    name = folder.put(["1", "law", "yes"], ["2", "law", "no"], header=header)
    folder.study.edit(SOURCES, name, has_ids="no", shape="long")
    problem = problem_of(folder.responses)
    assert (problem.file, problem.column) == (name, "has_ids")


@pytest.mark.parametrize(("eligible", "is_refused"), [("1", True), ("2", False), ("", False)])
def test_there_cannot_be_more_submissions_than_could_have_answered(
    folder: SurveyFolder, eligible: str, is_refused: bool
) -> None:
    put(folder, anonymous(), anonymous())
    header, *rows = folder.study.read(CYCLES)
    changed = [[*row[:2], eligible] if row[:2] == ["b", "ngos"] else row for row in rows]
    folder.study.write(CYCLES, [header, *changed])
    if not is_refused:
        assert folder.responses().table["respondent_id"].nunique() == 2
        return
    problem = problem_of(folder.responses)
    assert problem.file == NGOS_B
    assert problem.message == "cycles has 1 ngos in b, the export 2."


def test_an_id_like_one_that_is_made_is_refused(folder: SurveyFolder) -> None:
    put(folder, anonymous(), cycle="a")
    folder.study.add_row(COLUMNS, item="respondent_id", cycle="b", respondents="ngos", column=ID)
    name = folder.put(answers("N 1"), answers("ngos a row 2"), group="ngos")
    problem = problem_of(folder.responses)
    assert (problem.file, problem.row, problem.column) == (name, 3, ID)
    assert problem.value == "ngos a row 2"


def test_a_word_that_is_neither_yes_nor_no_is_refused(folder: SurveyFolder) -> None:
    name = put(folder, anonymous())
    line = folder.study.edit(SOURCES, name, has_ids="none")
    problem = problem_of(folder.load)
    assert (problem.file, problem.row, problem.column) == (SOURCES, line, "has_ids")
    assert problem.suggestion == "no"


def test_the_record_leads_from_raw_to_clean(folder: SurveyFolder) -> None:
    put(folder, anonymous(law="Oui"), anonymous(law="no"))
    done = read_and_clean(folder)
    assert done.rule(2, LAW) == "value map: answered in French"
    assert [row[:3] for row in done.refused()] == [(3, HEADER[3], "No")]
    again = replay(done.raw, done.cleaned.ledger, done.cleaned.quarantine)
    pd.testing.assert_frame_equal(again, done.cleaned.table)
    assert list(done.cleaned.table.columns) == list(NO_ID)


def test_in_a_long_export_the_ids_then_tell_the_submissions_of_one_cycle_apart(
    folder: SurveyFolder,
) -> None:
    header = ["cycle", "respondent_id", "item", "value"]
    rows = [
        ["a", "1", "law", "yes"],
        ["a", "2", "law", "no"],
        ["b", "1", "law", "no"],
        ["a", "1", "staff", "3"],
    ]
    name = folder.put(*rows, cycle="", group="ngos", header=header)
    folder.study.edit(SOURCES, name, has_ids="no", shape="long")
    loaded = folder.responses()
    own = loaded.table[loaded.table["item"] == "law"]
    assert own[["respondent_id", "cycle", "value"]].to_numpy().tolist() == [
        ["ngos a row 2", "a", "yes"],
        ["ngos a row 3", "a", "no"],
        ["ngos b row 4", "b", "no"],
    ]
    assert loaded.without_key == {("ngos", "a"), ("ngos", "b")}
    assert in_both_cycles(loaded.table) == set()
