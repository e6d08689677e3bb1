"""What `analysis check` finds, in which order it tells it, and how programs read it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from studies import FINDINGS, INDICATORS, StudyFolder, small_study, took_part
from surveys import HEADER, LAW, VALUE_MAP, SurveyFolder, answers, survey

from analysis.cli import main
from analysis.problems import ERROR, NOTE, WARNING, Problem, worst_first


def check(study: StudyFolder, *words: str) -> Result:
    return CliRunner().invoke(main, ["check", "--study", str(study.path), *words])


def told(study: StudyFolder, *words: str) -> dict[str, Any]:
    """What a program reads; nothing but one object may stand on standard output."""
    found = json.loads(check(study, "--json", *words).stdout)
    assert isinstance(found, dict)
    assert list(found) == ["ok", "problems"]
    return found


@pytest.fixture
def right(tmp_path: Path) -> StudyFolder:
    """A study with nothing to mend: two findings, no exports."""
    return small_study(tmp_path, *took_part(a=10, b=12))


@pytest.fixture
def asked(tmp_path: Path) -> SurveyFolder:
    """A study with an export of three States, all of whose spellings are mapped."""
    folder = survey(tmp_path)
    folder.map_values(("selected", "X", "selected", "a cross"))
    folder.put(answers("S-1"), answers("S-2"), answers("S-3"))
    return folder


def test_a_right_study_is_ok_in_one_line(right: StudyFolder) -> None:
    result = check(right)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "ok: 2 findings, 2 items, 2 indicators, 1 page.\n"
    assert told(right) == {"ok": True, "problems": []}


def test_json_has_every_part_of_a_problem(right: StudyFolder) -> None:
    row = right.edit(INDICATORS, "law", base="lawx")
    found = told(right)
    assert found["ok"] is False
    assert found["problems"][0] == {
        "file": "codebook/indicators.csv",
        "row": row,
        "column": "base",
        "value": "lawx",
        "allowed": ["took_part", "law"],
        "nearest": "law",
        "message": "no table of the codebook declares this name.",
        "severity": "error",
    }


def test_what_hangs_on_a_broken_codebook_is_told_to_come_later(right: StudyFolder) -> None:
    right.edit(INDICATORS, "law", base="lawx")
    right.edit(FINDINGS, "f0", cycle="z")
    problems = told(right)["problems"]
    assert [(one["file"], one["severity"]) for one in problems] == [
        ("codebook/indicators.csv", ERROR),
        ("", NOTE),
    ]
    assert "once the codebook is right" in problems[1]["message"]


def test_findings_and_exports_are_both_looked_at(asked: SurveyFolder) -> None:
    asked.study.add_row(
        FINDINGS,
        finding_id="f9",
        section="s",
        measure="cuont",
        as_printed="x",
        statement="x",
        origin="survey",
        locator="p",
    )
    asked.put(answers("S-1", law="perhaps"), cycle="a")
    result = check(asked.study)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.splitlines()[-1].startswith("2 problems to mend, 0 warnings, ")
    assert (
        "findings.csv\n  row 2, column measure: not an allowed value. Got 'cuont'" in result.stderr
    )
    assert f"responses/states_a.csv\n  row 2, column {LAW}: nothing says" in result.stderr


def test_warnings_need_no_mending(asked: SurveyFolder) -> None:
    asked.map_values(
        ("selected", "X", "selected", "a cross"),
        ("yes_no", "Oui", "yes", "answered in French"),
        ("yes_no", "maybe", "quarantine", "no answer"),
    )
    asked.put(*(answers(f"S-{n}", law="maybe", fines="") for n in (1, 2)), cycle="a")
    result = check(asked.study)
    assert result.exit_code == 0
    assert result.stdout.startswith("ok: ")
    found = told(asked.study)
    assert found["ok"] is True
    warnings = [one for one in found["problems"] if one["severity"] == WARNING]
    assert [(one["file"], one["row"], one["column"], one["value"]) for one in warnings] == [
        (VALUE_MAP, 3, "raw", "Oui"),
        ("responses/states_a.csv", 2, LAW, "maybe"),
    ]
    assert {one["severity"] for one in found["problems"]} <= {WARNING, NOTE}
    assert "1 more for the same reason" in warnings[1]["message"]


def test_a_mapping_that_the_choices_make_needless_is_told_as_such(asked: SurveyFolder) -> None:
    asked.map_values(
        ("selected", "X", "selected", "a cross"),
        ("yes_no", "YES", "yes", "as the label says"),
        ("", "no ", "no", "as the name says"),
        ("yes_no", "Oui", "yes", "answered in French"),
    )
    said = [one["message"] for one in told(asked.study)["problems"] if one["severity"] == WARNING]
    assert said == [
        "choices says already that this spelling means 'yes'; the row can go.",
        "choices says already that this spelling means 'no'; the row can go.",
        "no answer in the exports is spelled so.",
    ]


def test_figures_that_the_document_does_not_print_are_problems(
    right: StudyFolder, tmp_path: Path
) -> None:
    document = tmp_path / "document.txt"
    document.write_text("nothing of the kind")
    result = check(right, "--source", str(document))
    assert result.exit_code == 1
    assert "findings.csv" in result.stderr


def test_a_study_without_a_codebook_is_to_mend_and_no_folder_is_wrong_use(tmp_path: Path) -> None:
    assert check(StudyFolder(tmp_path)).exit_code == 1
    missing = check(StudyFolder(tmp_path / "nowhere"), "--json")
    assert (missing.exit_code, missing.stdout) == (2, "")


def test_markup_for_terminals_in_an_export_is_written_out(asked: SurveyFolder) -> None:
    header = [*HEADER, "\x1b[1mNew"]
    asked.put([*answers("S-1", law="\x1b[2Jyes\u202e"), ""], cycle="a", header=header)
    result = check(asked.study)
    assert "\x1b" not in result.stderr
    assert r"\x1b[2Jyes\u202e" in result.stderr
    assert r"column \x1b[1mNew: " in result.stderr


def test_the_codebook_of_a_study_with_defaults_is_told_in_notes(right: StudyFolder) -> None:
    (right.path / INDICATORS).unlink()
    (right.path / "codebook/figures.csv").unlink()
    found = told(right)
    assert found["ok"] is True
    assert {one["severity"] for one in found["problems"]} == {NOTE}
    assert any("No indicators are declared" in one["message"] for one in found["problems"])


# The order


def at(file: str, row: int | None, severity: str = ERROR) -> Problem:
    return Problem(f"{file} {row}", file=file, row=row, severity=severity)


def test_files_and_columns_come_before_names_and_names_before_answers() -> None:
    missing, header = at("codebook/survey.csv", None), at("responses/x.csv", 1)
    name, answer = at(INDICATORS, 4), at("responses/y.csv", 2)
    warning, note = at("codebook/a.csv", None, WARNING), at("", None, NOTE)
    given = [note, warning, answer, name, header, missing]
    assert worst_first(given) == [header, missing, name, answer, warning, note]


def test_the_problems_of_a_file_stay_together_the_uppermost_first() -> None:
    low, high, warning = at("x.csv", 9), at("x.csv", 2), at("x.csv", 1, WARNING)
    other = at("y.csv", 3)
    assert worst_first([warning, low, other, high]) == [high, low, warning, other]


def test_a_problem_is_told_once() -> None:
    problem = Problem("wrong.", file="x.csv", allowed=["a"])
    assert worst_first([problem, Problem("wrong.", file="x.csv", allowed=["a"])]) == [problem]


@pytest.mark.parametrize(
    ("value", "expected"),
    [(3.0, 3), (2.5, 2.5), (float("nan"), "nan"), ("x", "x"), (None, None), (Path("a"), "a")],
)
def test_a_value_is_told_as_json_can_hold_it(value: object, expected: object) -> None:
    record = Problem("wrong.", value=value).as_record
    assert json.loads(json.dumps(record, allow_nan=False))["value"] == expected
