"""Reading an export as it is, and saying what is wrong with the file."""

from __future__ import annotations

from pathlib import Path

import pytest
from studies import problem_of, problems_of
from surveys import HEADER, ID, LAW, SurveyFolder, answers, as_csv, survey

from analysis.intake import RawTable, read_raw
from analysis.intake.reading.cells import AT_ONCE
from analysis.problems import Problem
from analysis.study import load_study
from analysis.study.exports import exports_of


@pytest.fixture
def folder(tmp_path: Path) -> SurveyFolder:
    return survey(tmp_path)


def read(folder: SurveyFolder) -> RawTable:
    return read_raw(exports_of(folder.load())[0])


def refused(folder: SurveyFolder) -> Problem:
    return problem_of(lambda: read(folder))


def place(problem: Problem) -> tuple[str, int | None, str]:
    return problem.file, problem.row, problem.column


def test_cells_and_headers_are_kept_as_they_are_written(folder: SurveyFolder) -> None:
    header = [f" {ID}", *HEADER[1:]]
    name = folder.put(answers(" s-1", law="\ufeffYes\u00a0", remarks="NaN"), header=header)
    raw = read(folder)
    assert (raw.file, raw.header) == (name, tuple(header))
    assert raw.table.iloc[0].tolist()[:3] == [" s-1", "2021-03-01", "\ufeffYes\u00a0"]
    assert raw.table.iloc[0].tolist()[-1] == "NaN"


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_byte_order_mark_makes_no_difference(folder: SurveyFolder, mark: bytes) -> None:
    folder.put(content=mark + as_csv(HEADER, [answers()]))
    assert read(folder).header[0] == ID


def test_a_row_is_known_by_the_line_that_it_begins_on(folder: SurveyFolder) -> None:
    rows = [answers(remarks="two\nlines"), answers("S-2"), answers("S-3")]
    folder.put(*rows)
    assert read(folder).table.index.tolist() == [2, 4, 5]


def test_empty_lines_are_no_rows_but_count_as_lines(folder: SurveyFolder) -> None:
    content = as_csv(HEADER, [answers()]) + b"\r\n" + as_csv(answers("S-2"), [])
    folder.put(content=content)
    assert read(folder).table.index.tolist() == [2, 4]


def test_long_files_are_read_whole_and_in_order(folder: SurveyFolder) -> None:
    ids = [f"S-{n}" for n in range(2 * AT_ONCE + 1)]
    folder.put(*(answers(name) for name in ids))
    table = read(folder).table
    assert table[ID].tolist() == ids
    assert table.index.tolist() == list(range(2, len(ids) + 2))


def test_tabs_separate_cells_where_the_ending_says_so(folder: SurveyFolder) -> None:
    path = folder.path / "responses" / "states.tsv"
    path.parent.mkdir()
    path.write_text("\t".join(HEADER) + "\n" + "\t".join(answers()) + "\n", encoding="utf-8")
    folder.register("responses/states.tsv", cycle="b", group="states")
    assert read(folder).header == tuple(HEADER)


def test_a_missing_export_is_named_with_what_is_there(folder: SurveyFolder) -> None:
    folder.put(answers())
    path = folder.path / "responses" / "states_b.csv"
    path.rename(path.with_name("states_b1.txt"))
    problem = refused(folder)
    assert place(problem) == ("responses/states_b.csv", None, "")
    assert (problem.value, problem.suggestion) == ("states_b.csv", "states_b1.txt")


def test_an_altered_export_is_refused_with_both_hashes(folder: SurveyFolder) -> None:
    name = folder.put(answers())
    (expected,) = [export.sha256 for export in exports_of(folder.load())]
    path = folder.path / name
    path.write_bytes(path.read_bytes().replace(b"Yes", b"No"))
    problem = refused(folder)
    assert place(problem) == (name, None, "sha256")
    assert "altered" in problem.message
    assert problem.allowed == (expected,)
    assert problem.value != expected


def test_an_altered_and_broken_export_has_both_problems(folder: SurveyFolder) -> None:
    name = folder.put(answers())
    path = folder.path / name
    path.write_bytes(path.read_bytes() + b"S-2,too,few\r\n")
    altered, ragged = problems_of(lambda: read(folder))
    assert altered.column == "sha256"
    assert place(ragged) == (name, 3, "")
    assert (ragged.value, ragged.allowed) == (3, (len(HEADER),))


@pytest.mark.parametrize(
    ("content", "row", "words"),
    [
        (b"", 1, "empty"),
        (b"\r\n\r\n", 1, "empty"),
        (as_csv(HEADER, []), 2, "no submission"),
        (as_csv(HEADER, [answers()]).replace(b"none", b"\xe9"), 2, "not UTF-8"),
        (as_csv(HEADER, [answers()]).replace(b"none", b'"none'), 2, "not a valid CSV"),
        (as_csv(HEADER, [[*answers(), "more"]]), 2, "10 cells, the header 9"),
        (as_csv([*HEADER[:-1], ""], [answers()]), 1, "column 9 has no header"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_its_row(
    folder: SurveyFolder, content: bytes, row: int, words: str
) -> None:
    name = folder.put(content=content)
    problem = refused(folder)
    assert (problem.file, problem.row) == (name, row)
    assert words in problem.message


@pytest.mark.parametrize("again", [LAW, f" {LAW}\u00a0", f"\ufeff{LAW}"])
def test_a_header_that_is_there_twice_is_refused_however_it_is_spaced(
    folder: SurveyFolder, again: str
) -> None:
    name = folder.put(answers(), header=[*HEADER[:-1], again])
    problem = refused(folder)
    assert place(problem) == (name, 1, LAW)
    assert problem.value == again
    assert "columns 3 and 9" in problem.message


def test_a_format_that_cannot_be_read_is_named(folder: SurveyFolder) -> None:
    path = folder.path / "responses" / "states.ods"
    path.parent.mkdir()
    path.write_bytes(b"PK")
    folder.register("responses/states.ods", cycle="b", group="states")
    problem = refused(folder)
    assert problem.value == ".ods"
    assert {".csv", ".tsv", ".xlsx", ".sav", ".dta"} <= set(problem.allowed)


@pytest.mark.parametrize("ending", [".xls", ".ods", ".sav", ".xlsm"])
def test_a_file_without_a_line_in_the_sources_is_named_whatever_its_format(
    folder: SurveyFolder, ending: str
) -> None:
    folder.put(answers())
    (folder.path / "responses" / f"more{ending}").write_bytes(b"x")
    problem = refused(folder)
    assert problem.file == f"responses/more{ending}"
    assert "no line in codebook/sources.csv" in problem.message


@pytest.mark.parametrize("linked", ["folder", "file"])
def test_a_link_out_of_the_study_is_refused(tmp_path: Path, linked: str) -> None:
    folder = survey(tmp_path / "study")
    name = folder.put(answers())
    inside = folder.path / ("responses" if linked == "folder" else name)
    elsewhere = tmp_path / "elsewhere"
    inside.rename(elsewhere)
    inside.symlink_to(elsewhere, target_is_directory=linked == "folder")
    problem = problem_of(lambda: exports_of(folder.load()))
    assert (problem.file, problem.column, problem.value) == ("codebook/sources.csv", "file", name)
    assert "a link leads out of responses/" in problem.message


def test_a_study_may_be_reached_by_a_link(tmp_path: Path) -> None:
    folder = survey(tmp_path / "study")
    folder.put(answers())
    (tmp_path / "link").symlink_to(folder.path, target_is_directory=True)
    assert len(exports_of(load_study(tmp_path / "link"))) == 1
