"""The codebook of a study: what is read, and what is refused with file, row, column and value."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from studies import (
    CHOICES,
    CYCLES,
    DEFAULT,
    FIGURES,
    INDICATORS,
    SECTIONS,
    SETTINGS,
    SURVEY,
    StudyFolder,
    copy_of_default,
    problem_of,
    problems_of,
    small_study,
)

from analysis.problems import Problem
from analysis.published import load_findings
from analysis.study import load_study
from analysis.study.places import find_places
from analysis.study.rules import Rule
from analysis.study.schema import TABLES
from analysis.study.tables import Column, read_table, to_number

FORM_COLUMNS = (
    "hint guidance_hint required required_message constraint constraint_message appearance default "
    "calculation choice_filter read_only repeat_count parameters trigger readonly calculate note "
    "hint::English(en) constraint_message::English(en) media::image::English(en) bind::odk:length "
    "$kuid $autoname body::accuracyThreshold save_to image audio"
).split()
"""Columns that form tools write into the survey beside those that are read."""


@pytest.fixture
def study(tmp_path: Path) -> StudyFolder:
    return copy_of_default(tmp_path)


def place(problem: Problem) -> tuple[str, int | None, str, object]:
    return problem.file, problem.row, problem.column, problem.value


def test_the_default_study_loads() -> None:
    book = load_study().codebook
    assert book.cycles == ("2015/16", "2020/21")
    assert {key: n for key, n in book.eligible.items() if n} == {
        ("2015/16", "states"): 57,
        ("2020/21", "states"): 57,
    }
    assert (
        list(book.sections)
        == "overview I.a I.b I.c II III.a III.b III.c IV V VI methods limits".split()
    )
    assert book.indicators["supply_chain_law"].rule == Rule("supply_chain_law", "yes")
    assert book.item_of("assets_compensation").relevant == "${confiscation_law} = 'yes'"
    assert book.respondents["states"].counted(1) == "1 State"
    assert book.respondents["ngos"].counted(84) == "84 NGOs"


def test_every_section_has_a_page_and_sections_of_one_notebook_share_it() -> None:
    pages = {page.name: page.sections for page in load_study().pages}
    assert list(pages) == sorted(pages)
    assert pages["01_prevention"] == ("I.a", "I.b", "I.c")
    assert pages["03_protection"] == ("III.a", "III.b", "III.c")
    assert [name for sections in pages.values() for name in sections] == list(
        load_study().codebook.sections
    )


def test_a_codebook_cannot_be_changed_once_it_is_read() -> None:
    book = load_study().codebook
    with pytest.raises(TypeError):
        book.items["new"] = book.items["supply_chain_law"]  # type: ignore[index]
    with pytest.raises(AttributeError):
        book.cycles = ()  # type: ignore[misc]


@pytest.mark.parametrize(
    ("file", "column"),
    [
        (f"codebook/{file}", column.name)
        for file, columns in TABLES.items()
        for column in columns
        if column.must_exist and (DEFAULT / "codebook" / file).is_file()
    ],
)
def test_a_missing_column_is_named(study: StudyFolder, file: str, column: str) -> None:
    study.drop_column(file, column)
    problem = problem_of(study.load)
    assert (problem.file, problem.row) == (file, 1)
    assert problem.message == f"the column {column!r} is missing."


def test_a_renamed_column_is_missing_and_unknown_with_its_right_name(study: StudyFolder) -> None:
    study.rename_column(INDICATORS, "phrase", "phrse")
    missing, unknown = problems_of(study.load)
    assert "'phrase' is missing" in missing.message
    assert "phrse" in missing.message
    assert place(unknown) == (INDICATORS, 1, "", "phrse")
    assert unknown.suggestion == "phrase"


@pytest.mark.parametrize(
    ("file", "column", "misspelt"),
    [
        (SURVEY, "comparability", "comparabilty"),
        (SURVEY, "asked", "aksed"),
        (SURVEY, "relevant", "relevent"),
        (CHOICES, "singular", "singlar"),
        (SETTINGS, "released", "relased"),
    ],
)
def test_a_misspelt_column_of_a_form_is_refused_with_its_right_name(
    study: StudyFolder, file: str, column: str, misspelt: str
) -> None:
    study.rename_column(file, column, misspelt)
    problem = problem_of(study.load)
    assert place(problem) == (file, 1, "", misspelt)
    assert problem.suggestion == column


def test_an_unknown_column_is_refused_with_the_nearest(study: StudyFolder) -> None:
    study.add_column(INDICATORS, "phrases")
    problem = problem_of(study.load)
    assert place(problem) == (INDICATORS, 1, "", "phrases")
    assert str(problem).endswith("Did you mean 'phrase'?")


def test_a_column_that_is_there_twice_is_refused(study: StudyFolder) -> None:
    study.add_column(SECTIONS, "title")
    problem = problem_of(study.load)
    assert (problem.file, problem.column) == (SECTIONS, "title")
    assert "twice" in problem.message


def test_empty_columns_without_a_name_are_passed_over_but_not_what_stands_in_them(
    study: StudyFolder,
) -> None:
    study.add_column(SECTIONS, "")
    study.add_column(SECTIONS, "")
    study.load()
    header, first, *rest = study.read(SECTIONS)
    study.write(SECTIONS, [header, [*first[:-1], "lost"], *rest])
    assert place(problem_of(study.load)) == (SECTIONS, 2, "", "lost")


@pytest.mark.parametrize(
    ("file", "row", "column"),
    [
        (SECTIONS, "II", "section"),
        (SURVEY, "recruitment_fees", "name"),
        (INDICATORS, "recruitment_fees", "indicator"),
        (FIGURES, "who_answered", "figure"),
        ("codebook/sources.csv", "osce_in_brief_2022", "source"),
    ],
)
def test_a_name_that_is_there_twice_is_refused(
    study: StudyFolder, file: str, row: str, column: str
) -> None:
    header, *rows = study.read(file)
    again = next(cells for cells in rows if cells[header.index(column)] == row)
    line = study.add_row(file, **dict(zip(header, again, strict=True)))
    problems = problems_of(study.load)
    assert place(problems[0]) == (file, line, column, row)
    assert "unique" in problems[0].message


def test_a_name_is_unique_within_its_list_only(study: StudyFolder) -> None:
    study.add_row(CHOICES, list_name="scope", name="yes", label="Yes")
    study.load()
    line = study.add_row(CHOICES, list_name="scope", name="yes", label="Yes again")
    assert problem_of(study.load).row == line


@pytest.mark.parametrize(
    ("file", "row", "column", "value", "nearest"),
    [
        (SURVEY, "recruitment_fees", "section", "I.aa", "I.a"),
        (SURVEY, "recruitment_fees", "respondents", "state", "states"),
        (SURVEY, "recruitment_fees", "asked", "2020/22", "2020/21"),
        (SURVEY, "recruitment_fees", "comparability", "equivalant", "equivalent"),
        (SURVEY, "recruitment_fees", "is_paraphrase", "yess", "yes"),
        (INDICATORS, "assets_compensation", "base", "confiscation_laws", "confiscation_law"),
        (INDICATORS, "assets_compensation", "figure", "confiscated_asset", "confiscated_assets"),
        (FIGURES, "who_answered", "section", "overvieuw", "overview"),
        (FIGURES, "who_answered", "form", "bar", "bars"),
        (CYCLES, "2015/16", "respondents", "stats", "states"),
    ],
)
def test_a_name_that_nothing_declares_is_refused_with_the_nearest(
    study: StudyFolder, file: str, row: str, column: str, value: str, nearest: str
) -> None:
    line = study.edit(file, row, **{column: value})
    problem = problem_of(study.load)
    assert place(problem) == (file, line, column, value)
    assert problem.suggestion == nearest


def test_the_question_of_who_answered_must_be_an_item(study: StudyFolder) -> None:
    (row,) = study.read(SETTINGS)[1:]
    study.edit(SETTINGS, row[0], response_item="survey_respons")
    problem = problem_of(study.load)
    assert place(problem) == (SETTINGS, 2, "response_item", "survey_respons")
    assert problem.suggestion == "survey_response"


@pytest.mark.parametrize(
    ("rule", "words", "nearest"),
    [
        ("recruitment_fees = 'yes'", "a rule reads ${item} = 'option'", None),
        ("${recruitment_fees} = yes", "a rule reads ${item} = 'option'", None),
        ("${recruitment_fees} > 'yes'", "a rule reads ${item} = 'option'", None),
        (
            "${recruitment_fee} = 'yes'",
            "survey.csv has no item of that name",
            "${recruitment_fees} = 'yes'",
        ),
        (
            "${recruitment_fees} = 'yess'",
            "the item has no such option",
            "${recruitment_fees} = 'yes'",
        ),
        ("${emerging_trends} = 'yes'", "the item has no such option", None),
        ("${supply_chain_law} = 'yes'", "'supply_chain_law' counts the same answer already", None),
    ],
)
def test_a_rule_that_counts_nothing_is_refused(
    study: StudyFolder, rule: str, words: str, nearest: str | None
) -> None:
    line = study.edit(INDICATORS, "recruitment_fees", rule=rule)
    problem = problem_of(study.load)
    assert place(problem) == (INDICATORS, line, "rule", rule)
    assert words in problem.message
    assert problem.suggestion == nearest


@pytest.mark.parametrize(
    ("type_", "words", "nearest"),
    [
        ("select_on yes_no", "unknown type of question", "select_one"),
        ("boolean", "unknown type of question", None),
        ("select_one yes_now", "needs a list_name", "select_one yes_no"),
        ("select_one", "needs a list_name", "select_one base"),
        ("select_multiple fund", "needs a list_name", "select_multiple funds"),
        ("rank fund", "needs a list_name", "rank funds"),
    ],
)
def test_a_question_of_an_unknown_type_or_without_its_list_is_refused(
    study: StudyFolder, type_: str, words: str, nearest: str | None
) -> None:
    line = study.edit(SURVEY, "emerging_trends", type=type_)
    problem = problem_of(study.load)
    assert place(problem) == (SURVEY, line, "type", type_)
    assert words in problem.message
    assert problem.suggestion == nearest


@pytest.mark.parametrize(
    ("file", "row", "column"),
    [(SURVEY, "recruitment_fees", "type"), (INDICATORS, "recruitment_fees", "phrase")],
)
def test_an_empty_cell_is_refused_where_a_word_is_needed(
    study: StudyFolder, file: str, row: str, column: str
) -> None:
    line = study.edit(file, row, **{column: " "})
    assert place(problem_of(study.load)) == (file, line, column, None)


def test_the_number_of_those_that_could_answer_is_a_whole_number(study: StudyFolder) -> None:
    line = study.edit(CYCLES, "2015/16", eligible="57.5")
    assert place(problem_of(study.load)) == (CYCLES, line, "eligible", "57.5")


def test_a_row_with_too_many_or_too_few_cells_is_refused(study: StudyFolder) -> None:
    header, first, second, *rest = study.read(CYCLES)
    study.write(CYCLES, [header, [*first, "more"], second[:-1], *rest])
    many, few = problems_of(study.load)
    assert (many.file, many.row, few.row) == (CYCLES, 2, 3)
    assert "4 cells, the header 3" in many.message
    assert "2 cells, the header 3" in few.message


def test_a_file_that_is_not_utf_8_is_refused(study: StudyFolder) -> None:
    file = study.path / SECTIONS
    file.write_bytes(file.read_bytes().replace(b"Methods", "Méthodes".encode("latin-1")))
    problem = problem_of(study.load)
    assert problem.file == SECTIONS
    assert "not UTF-8" in problem.message


@pytest.mark.parametrize("content", ["", "\n \n,,\n", "\ufeff"])
def test_an_empty_file_is_refused(study: StudyFolder, content: str) -> None:
    (study.path / SECTIONS).write_text(content, encoding="utf-8")
    problem = problem_of(study.load)
    assert problem.file == SECTIONS
    assert "the file is empty" in problem.message


def test_a_quote_that_is_never_closed_is_refused(study: StudyFolder) -> None:
    with (study.path / SECTIONS).open("a", encoding="utf-8") as file:
        file.write('VII,"Open,,\n')
    assert "not a valid CSV file" in problem_of(study.load).message


def test_a_missing_file_is_named_with_one_of_a_like_name(study: StudyFolder) -> None:
    (study.path / CHOICES).rename(study.path / "codebook" / "choice.csv")
    problem = problem_of(study.load)
    assert problem.file == CHOICES
    assert "the file is missing" in problem.message
    assert problem.suggestion == "choice.csv"


def test_a_file_with_a_name_like_a_table_is_refused_with_the_right_name(study: StudyFolder) -> None:
    (study.path / INDICATORS).rename(study.path / "codebook" / "indicator.csv")
    problem = problem_of(study.load)
    assert place(problem) == ("codebook/indicator.csv", None, "", "indicator")
    assert problem.suggestion == "indicators"


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    problem = problem_of(lambda: load_study(tmp_path / "nowhere"))
    assert "no such study folder" in problem.message
    assert "nowhere" in str(problem.value)


def test_all_problems_of_all_tables_are_told_together(study: StudyFolder) -> None:
    study.edit(SURVEY, "recruitment_fees", section="I.aa")
    study.edit(SURVEY, "victim_barriers", asked="1999 2020/21")
    study.edit(INDICATORS, "recruitment_fees", rule="?")
    study.edit(FIGURES, "who_answered", section="?")
    found = {(p.file, p.column, p.value) for p in problems_of(study.load)}
    assert found == {
        (SURVEY, "section", "I.aa"),
        (SURVEY, "asked", "1999"),
        (INDICATORS, "rule", "?"),
        (FIGURES, "section", "?"),
    }


def test_missing_columns_of_several_files_are_told_together(study: StudyFolder) -> None:
    study.drop_column(SURVEY, "type")
    study.drop_column(SECTIONS, "section")
    assert {p.file for p in problems_of(study.load)} == {SURVEY, SECTIONS}


def test_a_byte_order_mark_and_windows_line_ends_are_accepted(study: StudyFolder) -> None:
    before = study.load().codebook
    for path in (study.path / "codebook").iterdir():
        text = path.read_text(encoding="utf-8").replace("\n", "\r\n")
        path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert study.load().codebook == before


@pytest.mark.parametrize("mark", [";", "\t"])
def test_what_a_spreadsheet_writes_between_cells_is_accepted(study: StudyFolder, mark: str) -> None:
    """Where the comma is a decimal sign, Excel saves "CSV UTF-8" with semicolons."""
    before = study.load()
    findings = load_findings(before)
    for path in study.path.rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.reader(stream))
        with path.open("w", encoding="utf-8-sig", newline="") as stream:
            csv.writer(stream, delimiter=mark).writerows(rows)
    assert study.load().codebook == before.codebook
    pd.testing.assert_frame_equal(load_findings(study.load()), findings)


def test_columns_that_form_tools_write_are_accepted_and_change_nothing(study: StudyFolder) -> None:
    before = study.load().codebook
    for name in FORM_COLUMNS:
        study.add_column(SURVEY, name, "any text")
    for name in ("media::image", "order", "country", "filter", "state_filter"):
        study.add_column(CHOICES, name, "any text")
    for name in (
        "style",
        "instance_name",
        "public_key",
        "submission_url",
        "allow_choice_duplicates",
    ):
        study.add_column(SETTINGS, name, "any text")
    assert study.load().codebook == before


def test_a_row_is_named_by_the_line_that_an_editor_shows(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    # A line break inside a cell, an empty line, and a line separator that is no line end.
    file.write_text('a,b\n"x\ny",1\n\nx\u2028y,1\n,1\n', encoding="utf-8")
    columns = (Column("a", required=True), Column("b"))
    assert problem_of(lambda: read_table(file, "t.csv", columns)).row == 6
    file.write_text('a,b\n"x\ny",1\n\nx\u2028y\x85z,1\n', encoding="utf-8")
    table = read_table(file, "t.csv", columns)
    assert table["a"].tolist() == ["x\ny", "x\u2028y\x85z"]
    assert table["_row"].tolist() == [2, 5]


def test_cells_are_text_without_outer_spaces_and_defaults_fill_empty_ones(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("a,b\n 007 ,\nNA,null\n", encoding="utf-8")
    columns = (Column("b", default="none"), Column("a"), Column("c", must_exist=False))
    table = read_table(file, "t.csv", columns)
    assert list(table) == ["b", "a", "c", "_row"]
    assert table["a"].tolist() == ["007", "NA"]
    assert table["b"].tolist() == ["none", "null"]
    assert table["c"].tolist() == ["", ""]


@pytest.mark.parametrize("text", ["twelve", "1,5", "12 %", "nan", "inf", "-inf", "1_000", "0x1"])
def test_what_is_not_written_as_a_number_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        to_number(text)


def test_an_empty_cell_is_no_number_and_never_0() -> None:
    assert to_number("") is None
    assert to_number("0") == 0
    assert to_number("-0.5") == -0.5


@pytest.mark.parametrize("word", ["03_protection", "03", "protection", "III.a", "III.b", "III.c"])
def test_a_page_is_named_by_file_number_word_or_section(word: str) -> None:
    assert [page.name for page in load_study().pages_named([word])] == ["03_protection"]


def test_no_name_means_every_page_and_pages_keep_their_order() -> None:
    study = load_study()
    assert study.pages_named([]) == study.pages
    named = study.pages_named(["VI", "overview", "06", "I.b"])
    assert [page.name for page in named] == ["00_overview", "01_prevention", "06_training"]


@pytest.mark.parametrize(
    ("word", "nearest"),
    [("prevntion", "01_prevention"), ("03_protecton", "03_protection"), ("III.d", "III.a")],
)
def test_an_unknown_page_is_refused_with_the_nearest(word: str, nearest: str) -> None:
    problem = problem_of(lambda: load_study().pages_named(["I.a", word]))
    assert problem.value == word
    assert problem.suggestion is not None
    assert problem.suggestion[:3] == nearest[:3]


def test_several_unknown_pages_are_told_together() -> None:
    found = problems_of(lambda: load_study().pages_named(["x", "IV", "y"]))
    assert [problem.value for problem in found] == ["x", "y"]


def test_a_section_without_a_notebook_is_a_page_of_the_generic_one(tmp_path: Path) -> None:
    (page,) = small_study(tmp_path).load().pages
    assert (page.name, page.notebook.stem, page.title) == ("s", "section", "Laws")
    assert dict(page.fixed) == {"section": "s"}
    assert load_study().pages[1].fixed == {}


def test_a_notebook_that_is_not_there_is_refused_with_the_nearest(study: StudyFolder) -> None:
    study.edit(SECTIONS, "II", notebook="02_childen")
    problem = problem_of(study.load)
    assert (problem.file, problem.column, problem.value) == (SECTIONS, "notebook", "02_childen")
    assert problem.suggestion == "02_children"


def test_two_sections_must_not_be_written_to_one_page(tmp_path: Path) -> None:
    study = small_study(tmp_path)
    study.add_row(SECTIONS, section="a.b", title="One")
    study.add_row(SECTIONS, section="a b", title="Two")
    problem = problem_of(study.load)
    assert (problem.file, problem.column, problem.value) == (SECTIONS, "section", "a b")


@pytest.mark.parametrize("change", ["load", "tables"])
def test_reading_a_study_writes_nothing(study: StudyFolder, change: str) -> None:
    def contents() -> dict[Path, bytes]:
        return {p: p.read_bytes() for p in sorted(study.path.rglob("*")) if p.is_file()}

    before = contents()
    call: Callable[[], object] = getattr(study, change)
    call()
    assert contents() == before


def test_results_go_beside_the_study_unless_told_otherwise(tmp_path: Path) -> None:
    beside = find_places(tmp_path / "study")
    assert beside.processed == tmp_path / "study" / "processed"
    assert beside.reports == tmp_path / "study" / "reports"
    elsewhere = find_places(tmp_path / "study", tmp_path / "out")
    assert elsewhere.raw == beside.raw
    assert elsewhere.processed == tmp_path / "out" / "processed"
    assert elsewhere.reports == tmp_path / "out" / "reports"


def test_the_default_study_is_found_from_a_folder_inside_and_outside_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    default = find_places().raw
    monkeypatch.chdir(default)
    assert find_places().raw == default
    monkeypatch.chdir(tmp_path)
    assert find_places().raw == default
    (tmp_path / "data" / "raw" / "codebook").mkdir(parents=True)
    (tmp_path / "notebooks").mkdir()
    assert find_places().raw == tmp_path / "data" / "raw"
    assert find_places().processed == tmp_path / "data" / "processed"


def test_the_inputs_of_a_study_are_its_findings_and_every_table(study: StudyFolder) -> None:
    files = study.load().input_files()
    there = [path for path in study.path.rglob("*.csv") if "rehearsal" not in path.parts]
    assert files == {path.relative_to(study.path).as_posix(): path for path in sorted(there)}
    assert list(files) == sorted(files)
    (study.path / "findings.csv").unlink()
    assert "findings.csv" not in study.load().input_files()
