"""SPSS and Stata files: labels, missing values with their reason, dates, and broken files."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from exported import Exported, add_options, declared_problem, exported, name_columns, put
from surveys import HEADER, ID, REMARKS, STAFF, SurveyFolder, answers, read_and_clean, survey
from surveys import LAW as LAW_HEADER

from analysis.study.vocabulary import MISSING

LAW = [1.0, 2.0, -99.0, -95.0, np.nan, 7.0]
LABELS = {1: "Yes", 2: "No", -99: "Refused"}


def sav(folder: Path, frame: pd.DataFrame, ending: str = ".sav", **options: Any) -> bytes:
    path = folder / f"made{ending}"
    if ending == ".dta":
        pyreadstat.write_dta(frame, str(path), **options)
    else:
        pyreadstat.write_sav(frame, str(path), compress=ending == ".zsav", **options)
    return path.read_bytes()


def spss(folder: Path, ending: str = ".sav", **reading: Any) -> Exported:
    """Answers to one question: yes, no, two missing values of the user, none, and a bare code."""
    frame = pd.DataFrame({"law": LAW})
    content = sav(
        folder,
        frame,
        ending,
        variable_value_labels={"law": LABELS},
        missing_ranges={"law": [{"lo": -99, "hi": -90}]},
        column_labels={"law": "Is there a law?"},
    )
    return exported(folder, content, ending, **reading)


@pytest.mark.parametrize("ending", [".sav", ".zsav"])
def test_spss_values_are_their_labels_and_missing_ones_keep_their_reason(
    tmp_path: Path, ending: str
) -> None:
    raw = spss(tmp_path, ending).read()
    assert raw.table["law"].tolist() == ["Yes", "No", "Refused", "-95", "", "7"]
    assert raw.table.index.tolist() == [1, 2, 3, 4, 5, 6]
    assert (raw.top, raw.questions) == (None, {"law": "Is there a law?"})
    assert raw.missing == {"law": {"Refused", "-95"}}


def test_codes_are_read_where_labels_are_not_wanted(tmp_path: Path) -> None:
    raw = spss(tmp_path, has_labels=False).read()
    assert raw.table["law"].tolist() == ["1", "2", "-99", "-95", "", "7"]


@pytest.mark.parametrize(
    ("has_labels", "expected"),
    [(True, ["Yes", "No", "Refused", ".b", ""]), (False, ["1", "2", ".a", ".b", ""])],
)
def test_extended_missing_values_of_stata_keep_their_letter(
    tmp_path: Path, has_labels: bool, expected: list[str]
) -> None:
    content = sav(
        tmp_path,
        pd.DataFrame({"law": [1.0, 2.0, "a", "b", np.nan], "word": ["a", "b", "", " c", "é"]}),
        ".dta",
        variable_value_labels={"law": {1: "Yes", 2: "No", "a": "Refused"}},
        missing_user_values={"law": ["a", "b"]},
        column_labels={"law": "Is there a law?", "word": "Which?"},
    )
    raw = exported(tmp_path, content, ".dta", has_labels=has_labels).read()
    assert raw.table["law"].tolist() == expected
    assert raw.missing == {"law": set(expected[2:4])}
    assert raw.table["word"].tolist() == ["a", "b", "", " c", "é"]
    assert raw.questions == {"law": "Is there a law?", "word": "Which?"}


def test_numbers_texts_and_dates_are_written_in_one_way(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "number": [1.0, 0.5, -3.25, np.nan],
            "large": [1e20, 123456789012.0, 0.1, 0.0],
            "text": ["01", " x", "Décidé", ""],
            "day": [date(2021, 3, 1), None, date(1899, 12, 31), None],
            "moment": pd.to_datetime(
                ["2021-03-01T10:30:00", "2021-03-01", None, None], format="ISO8601"
            ),
            "time": [time(10, 30), None, time(0, 0), None],
        }
    )
    table = exported(tmp_path, sav(tmp_path, frame), ".sav").read().table
    assert {name: table[name].tolist() for name in table} == {
        "number": ["1", "0.5", "-3.25", ""],
        "large": ["1e+20", "123456789012", "0.1", "0"],
        "text": ["01", " x", "Décidé", ""],
        "day": ["2021-03-01", "", "1899-12-31", ""],
        "moment": ["2021-03-01T10:30:00", "2021-03-01", "", ""],
        "time": ["10:30:00", "", "00:00:00", ""],
    }


def test_a_label_of_two_codes_in_use_is_a_problem(tmp_path: Path) -> None:
    labels = {1: "Yes", 2: "Other", 3: "Other", 4: "No", 5: "No"}
    frame = pd.DataFrame({"law": [1.0, 2.0, 3.0, 4.0]})
    content = sav(tmp_path, frame, variable_value_labels={"law": labels})
    problem = exported(tmp_path, content, ".sav").problem()
    assert (problem.column, problem.value) == ("law", "Other")
    assert "codes 2 and 3" in problem.message
    assert exported(tmp_path, content, ".sav", has_labels=False).rows() == [
        [code] for code in "1234"
    ]


@pytest.mark.parametrize("ending", [".sav", ".dta"])
@pytest.mark.parametrize("content", [b"", b"$FL2", b"Who,Law\nS-1,Yes\n", bytes(2000)])
def test_a_file_that_is_none_is_named(tmp_path: Path, ending: str, content: bytes) -> None:
    problem = exported(tmp_path, content, ending).problem()
    assert "cannot be read as" in problem.message


@pytest.mark.parametrize("ending", [".sav", ".dta"])
def test_a_file_that_is_cut_off_is_named(tmp_path: Path, ending: str) -> None:
    content = sav(tmp_path, pd.DataFrame({"law": [1.0, 2.0] * 500}), ending)
    problem = exported(tmp_path, content[: len(content) * 2 // 3], ending).problem()
    assert "cannot be read as" in problem.message


def test_a_file_without_cases_is_named(tmp_path: Path) -> None:
    content = sav(tmp_path, pd.DataFrame({"law": pd.Series([], dtype="float64")}))
    assert "no case" in exported(tmp_path, content, ".sav").problem().message


def test_more_cells_than_a_survey_has_are_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = spss(tmp_path)
    monkeypatch.setattr("analysis.intake.reading.labelled.MOST_CELLS", 5)
    problem = export.problem()
    assert "6 cases of 1 variables" in problem.message


def test_a_survey_in_spss_gives_the_table_that_a_text_file_gives(tmp_path: Path) -> None:
    names = "who when_ law fines audit code visit staff remarks".split()
    rows = [answers("S-1"), answers("S-2", law="No", fines=""), answers("S-3", law="", fines="")]
    text = survey(tmp_path / "text")
    text.put(*rows)
    frame = pd.DataFrame(rows, columns=names)
    frame["law"] = frame["law"].map({"Yes": 1.0, "No": 2.0})
    frame["staff"] = frame["staff"].astype(float)
    frame["when_"] = [datetime.fromisoformat(cell).date() for cell in frame["when_"]]
    content = sav(
        tmp_path,
        frame,
        variable_value_labels={"law": {1: "Yes", 2: "No"}},
        column_labels=dict(zip(names, HEADER, strict=True)),
    )
    labelled = survey(tmp_path / "spss")
    labelled.name_columns(names)
    put(labelled, content, ".sav")
    assert labelled.responses().table.equals(text.responses().table)


def test_an_unknown_variable_is_named_with_its_question(tmp_path: Path) -> None:
    names = "who when_ law fines audit code visit staff remarks extra".split()
    frame = pd.DataFrame([[*answers(), "x"]], columns=names)
    folder = survey(tmp_path)
    folder.name_columns(names[:-1])
    put(folder, sav(tmp_path, frame, column_labels={"extra": "What else?"}), ".sav")
    with pytest.raises(ValueError, match=r"extra: .*names no item for this column \('What else\?'"):
        folder.responses()


@pytest.mark.parametrize(
    ("column", "value"), [("delimiter", "comma"), ("header_rows", "2"), ("sheet", "x")]
)
def test_what_cannot_hold_of_such_a_file_is_named_in_the_sources(
    tmp_path: Path, column: str, value: str
) -> None:
    content = sav(tmp_path, pd.DataFrame({"law": [1.0]}))
    problem = declared_problem(tmp_path, content, ".sav", **{column: value})
    assert (problem.column, problem.value) == (column, value)


# Values that the file declares missing


def declared(folder: SurveyFolder, *mapped: tuple[str, str]) -> SurveyFolder:
    """Numbers, a question and a text in which the file declares values missing, labelled or not."""
    frame = pd.DataFrame(
        {
            ID: ["S-1", "S-2", "S-3", "S-4"],
            STAFF: [12.0, -1.0, -9.0, -1.0],
            LAW_HEADER: [1.0, 2.0, 9.0, 1.0],
            REMARKS: ["none", "XX", "good", ""],
        }
    )
    content = sav(
        folder.path,
        frame.rename(columns=NAMES),
        variable_value_labels={"staff": {-9: "Refused"}, "law": {1: "Yes", 2: "No", 9: "Unclear"}},
        missing_ranges={"staff": [{"lo": -10, "hi": -1}], "law": [9], "remarks": ["XX"]},
    )
    name_columns(folder, *((item, "", name) for item, name in HELD))
    folder.map_values(*((*row, "as the form says") for row in mapped))
    put(folder, content, ".sav")
    return folder


NAMES = {ID: "who", STAFF: "staff", LAW_HEADER: "law", REMARKS: "remarks"}
HELD = [("respondent_id", "who"), ("staff", "staff"), ("law", "law"), ("remarks", "remarks")]


def test_a_value_that_the_file_declares_missing_is_no_answer(tmp_path: Path) -> None:
    folder = declared(survey(tmp_path))
    add_options(folder, "yes_no", unclear="Unclear")
    problems = read_and_clean(folder).cleaned.problems
    assert [(one.row, one.column, one.value) for one in problems] == [
        (3, "law", "Unclear"),
        (2, "staff", "-1"),
        (4, "staff", "-1"),
        (3, "staff", "Refused"),
        (2, "remarks", "XX"),
    ]
    assert {one.allowed for one in problems} == {MISSING}
    assert all("declares this value missing" in one.message for one in problems)


def test_the_value_map_says_why_a_declared_value_is_missing(tmp_path: Path) -> None:
    folder = declared(
        survey(tmp_path),
        ("staff", "-1", "dont_know"),
        ("", "Refused", "no_answer"),
        ("yes_no", "Unclear", "dont_know"),
        ("", "XX", "not_applicable"),
    )
    done = read_and_clean(folder)
    assert done.cleaned.problems == ()
    assert done.cleaned.statuses["staff"].tolist() == [
        "answered",
        "dont_know",
        "no_answer",
        "dont_know",
    ]
    assert done.cleaned.statuses["law"].tolist()[2] == "dont_know"
    assert done.cleaned.statuses["remarks"].tolist()[1] == "not_applicable"
