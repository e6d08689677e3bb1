"""Exports of which only some rows belong to the study."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from studies import problem_of, problems_of
from surveys import HEADER, SOURCES, SurveyFolder, answers, as_csv, survey

from analysis.drafting.preview import preview_of
from analysis.intake import load_responses, read_raw, replay
from analysis.intake.clean import clean
from analysis.intake.cleaned import quarantine_of_all
from analysis.study.exports import exports_of
from analysis.study.places import SYNTHETIC
from analysis.study.roster import roster_of

COUNTRY = "Where do you work?"


@pytest.fixture
def folder(tmp_path: Path) -> SurveyFolder:
    made = survey(tmp_path)
    made.study.add_column(SOURCES, "where")
    return made


def put(folder: SurveyFolder, *rows: tuple[str, str], where: str) -> str:
    """An export with a row for each respondent and country."""
    cells = [[*answers(who), country] for who, country in rows]
    name = folder.put(*cells, header=[*HEADER, COUNTRY])
    folder.study.edit(SOURCES, name, where=where)
    return name


def left_out(folder: SurveyFolder) -> list[list[object]]:
    table = folder.responses().quarantine
    assert set(table["column"]) <= {""}
    return table[["row", "value", "reason"]].to_numpy().tolist()


def took_part(folder: SurveyFolder, group: str = "states") -> set[str]:
    table = folder.responses().table
    is_in = (table["respondents"] == group) & (table["status"] != "unit_nonresponse")
    return set(table.loc[is_in & (table["cycle"] == "b"), "respondent_id"])


def test_rows_outside_the_survey_are_left_out_with_the_reason(folder: SurveyFolder) -> None:
    rule = f"${{{COUNTRY}}} = 'United Kingdom'"
    put(
        folder,
        ("S-1", " united KINGDOM"),
        ("S-2", "France"),
        ("S-3", "United Kingdom"),
        ("S-4", ""),
        where=rule,
    )
    assert took_part(folder) == {"S-1", "S-3"}
    reason = f"outside the survey: {rule} does not hold"
    assert left_out(folder) == [[3, "France", reason], [5, "", reason]]


def test_a_row_outside_is_not_read_so_nothing_in_it_can_be_wrong(folder: SurveyFolder) -> None:
    name = put(folder, ("S-1", "A"), ("nobody on the list", "B"), where=f"${{{COUNTRY}}} = 'B'")
    assert problem_of(folder.responses).row == 3
    folder.study.edit(SOURCES, name, where=f"${{{COUNTRY}}} = 'A'")
    assert took_part(folder) == {"S-1"}


def test_the_ledger_and_the_rows_left_out_lead_from_raw_to_clean(folder: SurveyFolder) -> None:
    put(folder, ("S-1", "B"), ("S-2", "A"), ("S-3", "B"), where=f"${{{COUNTRY}}} = 'A'")
    study = folder.load()
    (export,) = exports_of(study)
    raw = read_raw(export)
    cleaned = clean(raw, export, study.codebook, roster_of(study))
    assert list(cleaned.table.index) == [3]
    replayed = replay(raw, cleaned.ledger, quarantine_of_all([cleaned]))
    pd.testing.assert_frame_equal(replayed, cleaned.table)


def test_all_conditions_must_hold(folder: SurveyFolder) -> None:
    first, second = f"${{{COUNTRY}}} = 'A'", "${Remarks} = 'none'"
    put(folder, ("S-1", "A"), ("S-2", "B"), where=f"{first} and {second}")
    assert took_part(folder) == {"S-1"}
    reason = f"outside the survey: {first} and {second} does not hold"
    assert left_out(folder) == [[3, "B", reason]]


@pytest.mark.parametrize(
    ("where", "kept"),
    [
        (f"${{{COUNTRY}}} != 'A'", {"S-2", "S-3"}),
        (f"${{{COUNTRY}}} = 'A' or ${{{COUNTRY}}} = 'B'", {"S-1", "S-2"}),
        (f"not(${{{COUNTRY}}} = '')", {"S-1", "S-2"}),
        (f"${{Staff}} >= 12 and ${{{COUNTRY}}} != 'B'", {"S-1", "S-3"}),
        (f"${{Staff}} > 12.5 or ${{{COUNTRY}}} = 'B'", {"S-2"}),
    ],
)
def test_conditions_are_joined_and_turned_round(
    folder: SurveyFolder, where: str, kept: set[str]
) -> None:
    put(folder, ("S-1", "A"), ("S-2", "B"), ("S-3", ""), where=where)
    assert took_part(folder) == kept


def test_two_groups_can_stand_in_one_file(folder: SurveyFolder) -> None:
    where = f"${{{COUNTRY}}} = 'State'"
    name = put(folder, ("S-1", "State"), ("N-1", "NGO"), ("?", "neither"), where=where)
    folder.register(name, cycle="b", group="ngos")
    header, *rows = folder.study.read(SOURCES)
    rows[-1][0], rows[-1][header.index("where")] = "of_ngos", f"${{{COUNTRY}}} = 'NGO'"
    folder.study.write(SOURCES, [header, *rows])
    assert took_part(folder) == {"S-1"}
    assert took_part(folder, "ngos") == {"N-1"}
    # Only the row that belongs to neither group is refused.
    assert [row[:2] for row in left_out(folder)] == [[4, "neither"]]


def test_rows_of_a_long_export_are_chosen_too(folder: SurveyFolder) -> None:
    folder.study.add_column(SOURCES, "shape")
    rows = [["S-1", "law", "yes", "A"], ["S-2", "law", "yes", "B"]]
    header = ["respondent_id", "item", "value", "wave"]
    name = folder.put(content=as_csv(header, rows))
    folder.study.edit(SOURCES, name, where="${wave} = 'A'", shape="long")
    folder.study.write("codebook/columns.csv", folder.study.read("codebook/columns.csv")[:1])
    assert took_part(folder) == {"S-1"}


@pytest.mark.parametrize(
    ("where", "column", "said"),
    [
        ("${Where do you wrok?} = 'A'", "where", COUNTRY),
        (f"${{{COUNTRY}}} = 'AA'", "where", "no row"),
        (f"{COUNTRY} = 'A'", "where", "a condition reads"),
        (f"${{{COUNTRY}}} > 3", "where", "no row"),
        ("${Staff} > 'abc'", "where", "only a number"),
        ("${Staff} < ''", "where", "only a number"),
        ("__import__('os').system('true')", "where", "a condition reads"),
    ],
)
def test_a_condition_that_cannot_be_meant_is_refused(
    folder: SurveyFolder, where: str, column: str, said: str
) -> None:
    put(folder, ("nobody on the list", "A"), where=where)
    first, *rest = problems_of(folder.responses)
    problem = first if first.column == column else rest.pop()
    assert (problem.file, problem.row, problem.column) == (SOURCES, 2, column)
    # Which rows belong to the study is not known, so no cell of them is complained of.
    assert {one.row for one in rest} <= {1}
    assert said in str(problem)


def test_a_rehearsal_names_its_own_table(tmp_path: Path) -> None:
    folder = survey(tmp_path, is_rehearsal=True)
    folder.study.add_column(folder.sources, "where")
    name = folder.put([*answers("S-1"), SYNTHETIC], header=[*HEADER, SYNTHETIC])
    folder.study.edit(folder.sources, name, where="${Staf} = '12'")
    problem = problem_of(folder.responses)
    assert (problem.file, problem.row) == ("rehearsal/sources.csv", 2)


def test_a_row_is_read_for_one_cycle_and_group_only(folder: SurveyFolder) -> None:
    name = put(folder, ("S-1", "A"), ("S-2", "B"), where=f"${{{COUNTRY}}} != 'C'")
    folder.register(name, cycle="a", group="states")
    header, *rows = folder.study.read(SOURCES)
    rows[-1][0], rows[-1][header.index("where")] = "again", f"${{{COUNTRY}}} != 'D'"
    folder.study.write(SOURCES, [header, *rows])
    problem = problem_of(folder.responses)
    assert (problem.file, problem.row) == (name, 2)
    assert "belongs to states in b as well" in problem.message


def test_a_dry_run_tells_how_many_rows_are_left_out(folder: SurveyFolder) -> None:
    put(folder, ("S-1", "A"), ("S-2", "B"), ("S-3", "C"), where=f"${{{COUNTRY}}} = 'A'")
    preview = preview_of(folder.load())
    assert preview is not None
    assert not preview.problems
    assert preview.refused["n_cells"].tolist() == [2]
    assert load_responses(folder.load()) is not None
