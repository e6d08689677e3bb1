"""A codebook in one Excel workbook: the same tables as sheets, a form as it is."""

from __future__ import annotations

import csv
import shutil
import warnings
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from codebooks import KOBO, SMALLEST, as_folder, as_workbook, with_cell
from openpyxl import load_workbook
from openpyxl.worksheet.datavalidation import DataValidation
from studies import DEFAULT, problem_of, problems_of

from analysis.study import load_study
from analysis.study.codebook import Codebook
from analysis.study.declared import read_one
from analysis.study.loading import load_codebook
from analysis.study.places import find_places
from analysis.study.schema import TABLES
from analysis.study.workbook import as_text


def without_places(book: Codebook) -> Codebook:
    """What a codebook says, without the names of its files."""
    return replace(book, files={}, notes=())


@pytest.mark.parametrize("name", ["codebook.xlsx", "codebook/codebook.xlsx"])
def test_a_workbook_says_the_same_as_csv_files(tmp_path: Path, name: str) -> None:
    folder = as_folder(tmp_path / "csv", KOBO)
    book = as_workbook(tmp_path / "xlsx", KOBO, name)
    found = load_study(book).codebook
    assert without_places(found) == without_places(load_study(folder).codebook)
    assert found.settings.version == "2022"
    assert found.cycles == ("2018", "2022")
    assert list(found.choices["yn"]) == ["yes", "no"]


def test_the_whole_codebook_of_the_default_study_fits_into_a_workbook(tmp_path: Path) -> None:
    tables = {}
    for name in TABLES:
        if (DEFAULT / "codebook" / name).is_file():
            with (DEFAULT / "codebook" / name).open(encoding="utf-8", newline="") as file:
                tables[name.removesuffix(".csv")] = list(csv.reader(file))
    found = load_codebook(as_workbook(tmp_path, tables))
    expected = load_codebook(DEFAULT)
    rows = {name: replace(item, row=expected.items[name].row) for name, item in found.items.items()}
    assert without_places(replace(found, items=rows)) == without_places(expected)


def test_a_problem_names_workbook_sheet_row_and_column(tmp_path: Path) -> None:
    tables = with_cell(KOBO, "survey", 7, 1, "select_on yn")
    problem = problem_of(lambda: load_study(as_workbook(tmp_path, tables)))
    assert str(problem).startswith("codebook.xlsx, sheet survey, row 7, column type: ")
    assert problem.suggestion == "select_one"


def test_rows_count_as_excel_shows_them_with_empty_ones(tmp_path: Path) -> None:
    survey = [[None], *SMALLEST["survey"][:2], [None, None], ["boolean", "q", "Q"]]
    problem = problem_of(lambda: load_study(as_workbook(tmp_path, {**SMALLEST, "survey": survey})))
    assert problem.row == 5


def test_problems_of_several_sheets_are_told_together(tmp_path: Path) -> None:
    tables = with_cell(KOBO, "survey", 1, 1, "tyype")
    tables = with_cell(tables, "choices", 1, 2, "nmae")
    files = {p.file for p in problems_of(lambda: load_study(as_workbook(tmp_path, tables)))}
    assert files == {"codebook.xlsx, sheet survey", "codebook.xlsx, sheet choices"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (1.0, "1"),
        (1, "1"),
        (0.25, "0.25"),
        (-3.0, "-3"),
        (True, "TRUE"),
        ("  a b ", "a b"),
        (datetime(2021, 3, 1, tzinfo=UTC), "2021-03-01"),
        (datetime(2021, 3, 1, 12, 30, tzinfo=UTC), "2021-03-01 12:30:00+00:00"),
        (date(2021, 3, 1), "2021-03-01"),
    ],
)
def test_a_cell_is_read_as_the_text_that_it_shows(value: object, text: str) -> None:
    assert as_text(value) == text


def test_a_formula_without_its_stored_value_is_refused_not_read_as_blank(tmp_path: Path) -> None:
    tables = with_cell(KOBO, "survey", 7, 3, "=CONCATENATE(B7, 1)")
    problem = problem_of(lambda: load_study(as_workbook(tmp_path, tables)))
    assert (problem.file, problem.row, problem.column) == ("codebook.xlsx, sheet survey", 7, "C")
    assert problem.value == "=CONCATENATE(B7, 1)"
    assert "no stored value" in problem.message


def test_a_formula_gives_the_value_stored_with_it_and_is_never_evaluated(tmp_path: Path) -> None:
    study = as_workbook(tmp_path, with_cell(KOBO, "survey", 7, 3, "=1+1"))
    store(study / "codebook.xlsx", b"<f>1+1</f><v></v>", b"<f>1+1</f><v>3</v>")
    assert load_study(study).codebook.items["has_law"].label == "3"


def test_a_formula_that_stored_an_empty_text_is_a_blank(tmp_path: Path) -> None:
    study = as_workbook(tmp_path, with_cell(KOBO, "survey", 7, 3, '=""&""'))
    store(
        study / "codebook.xlsx",
        b'<c r="C7"><f>""&amp;""</f><v></v>',
        b'<c r="C7" t="str"><f>""&amp;""</f><v></v>',
    )
    # Not translated into English, so the next language is taken.
    assert load_study(study).codebook.items["has_law"].label == "Y a-t-il une loi ?"


def store(file: Path, before: bytes, after: bytes) -> None:
    """Change the content of a workbook as Excel would have stored it."""
    with ZipFile(file) as old:
        content = {name: old.read(name) for name in old.namelist()}
    changed = 0
    with ZipFile(file, "w", ZIP_DEFLATED) as new:
        for name, data in content.items():
            tidy = data.replace(b"<v />", b"<v></v>").replace(b"<v/>", b"<v></v>")
            changed += tidy.count(before)
            new.writestr(name, tidy.replace(before, after))
    assert changed == 1


def test_an_error_in_a_cell_is_refused(tmp_path: Path) -> None:
    problem = problem_of(
        lambda: load_study(as_workbook(tmp_path, with_cell(KOBO, "choices", 3, 3, "#REF!")))
    )
    assert (problem.file, problem.row, problem.column) == ("codebook.xlsx, sheet choices", 3, "C")
    assert problem.value == "#REF!"


def test_a_workbook_and_csv_tables_at_once_are_refused(tmp_path: Path) -> None:
    study = as_workbook(tmp_path, KOBO)
    (study / "codebook").mkdir()
    (study / "codebook" / "respondents.csv").write_text("respondent_id,respondents\n")
    load_study(study)
    (study / "codebook" / "cycles.csv").write_text("cycle\n2022\n")
    problem = problem_of(lambda: load_study(study))
    assert problem.file == "codebook.xlsx"
    assert "there is codebook/cycles.csv as well" in problem.message


def test_two_workbooks_are_refused(tmp_path: Path) -> None:
    study = as_workbook(tmp_path, KOBO)
    (study / "codebook").mkdir()
    shutil.copy(study / "codebook.xlsx", study / "codebook" / "codebook.xlsx")
    assert "codebook/codebook.xlsx as well" in problem_of(lambda: load_study(study)).message


@pytest.mark.parametrize("name", ["form_v2.xlsx", "form.xls", "codebook/my form.xlsx"])
def test_a_workbook_of_another_name_is_pointed_at(tmp_path: Path, name: str) -> None:
    study = as_workbook(tmp_path, KOBO, name)
    problem = problem_of(lambda: load_study(study))
    assert "there is no codebook" in problem.message
    assert f"Is it {name}? Then save it as codebook.xlsx." in problem.message


def test_a_study_without_a_codebook_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "~$form.xlsx").write_bytes(b"open in Excel")
    problem = problem_of(lambda: load_study(tmp_path / "empty"))
    assert problem.file == "empty"
    assert problem.message.endswith("nor a workbook codebook.xlsx.")


def test_what_is_no_workbook_is_refused(tmp_path: Path) -> None:
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "codebook.xlsx").write_text("type,name,label\n")
    problem = problem_of(lambda: load_study(tmp_path / "study"))
    assert problem.file == "codebook.xlsx"
    assert "cannot be read as an Excel workbook" in problem.message


def test_the_sheets_that_are_needed_are_named_with_one_of_a_like_name(tmp_path: Path) -> None:
    tables = {"survey": KOBO["survey"], "choises": KOBO["choices"], "cycles": [[None]]}
    choices, cycles = sorted(
        problems_of(lambda: load_study(as_workbook(tmp_path, tables))), key=lambda one: one.value
    )
    assert (choices.value, choices.suggestion) == ("choices", "choises")
    assert cycles.value == "cycles"
    assert "One column, cycle, with a row a cycle is enough." in cycles.message


def test_a_sheet_with_a_name_like_a_table_is_refused_and_others_are_passed_over(
    tmp_path: Path,
) -> None:
    others = {"Read me": [["anything"]], "external_choices": [["x"]], "Sheet1": [[1]]}
    load_study(as_workbook(tmp_path / "a", {**KOBO, **others}))
    tables = {**KOBO, "indicator": [["indicator"]]}
    problem = problem_of(lambda: load_study(as_workbook(tmp_path / "b", tables)))
    assert problem.file == "codebook.xlsx, sheet indicator"
    assert problem.suggestion == "indicators"


def test_the_case_of_a_sheet_name_does_not_matter(tmp_path: Path) -> None:
    tables = {name.capitalize(): rows for name, rows in KOBO.items()}
    assert load_study(as_workbook(tmp_path, tables)).codebook.settings.title == "City survey"


def test_a_cell_beside_the_table_is_refused(tmp_path: Path) -> None:
    rows = [*KOBO["cycles"][:2], [2022, 20, None, "a remark"]]
    problem = problem_of(lambda: load_study(as_workbook(tmp_path, {**KOBO, "cycles": rows})))
    assert (problem.row, problem.value) == (3, "a remark")
    assert "a column without a name" in problem.message


def test_drop_down_lists_and_empty_formatted_rows_change_nothing(tmp_path: Path) -> None:
    study = as_workbook(tmp_path, KOBO)
    before = load_study(study).codebook
    book = load_workbook(study / "codebook.xlsx")
    rule = DataValidation(type="list", formula1='"select_one yn,text"')
    rule.add("A2:A50")
    book["survey"].add_data_validation(rule)
    book["survey"].cell(row=60, column=9).number_format = "0.00"
    book.save(study / "codebook.xlsx")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert load_study(study).codebook == before


def test_a_table_beside_the_codebook_can_be_a_sheet_too(tmp_path: Path) -> None:
    roster = [["respondent_id", "respondents"], [7.0, "respondents"]]
    study = as_workbook(
        tmp_path,
        {**KOBO, "sources": [["source", "title", "licence", "citation"]], "respondents": roster},
    )
    found = read_one(study, "sources.csv", TABLES["sources.csv"])
    assert found is not None
    assert (len(found[0]), found[1]) == (0, "codebook.xlsx, sheet sources")
    assert read_one(study, "assumed.csv", ()) is None


def test_the_workbook_is_an_input_of_the_study(tmp_path: Path) -> None:
    study = as_workbook(tmp_path, KOBO)
    (study / "~$codebook.xlsx").write_bytes(b"open in Excel")
    assert list(load_study(study).input_files()) == ["codebook.xlsx"]


def test_a_project_is_found_by_its_workbook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = as_workbook(tmp_path / "data", KOBO).rename(tmp_path / "data" / "raw")
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path)
    assert find_places().raw == raw
    (raw / "rehearsal").mkdir()
    assert find_places(raw / "rehearsal").is_rehearsal
