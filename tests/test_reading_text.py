"""Delimited text: encodings, what stands between cells, quotes, rows that do not fit."""

from __future__ import annotations

import csv
import io
import time
from pathlib import Path

import pytest
from exported import HEAD, ROW, declared_problem, exported
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.intake.reading.encoding import decoded
from analysis.intake.reading.heading import Heading
from analysis.intake.reading.limits import MOST_BYTES, MOST_CHARACTERS, SHOWN
from analysis.intake.reading.text import delimiter_of, read_text
from analysis.study.reading import DELIMITERS, ENCODINGS, Reading

TEXT = "\r\n".join(",".join(row) for row in (HEAD, ROW)) + "\r\n"
CYRILLIC = TEXT.replace("none", "Закон о торговле")
FRENCH = TEXT.replace("none", "Décidé à l’été")


# Encodings


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"],
)
@pytest.mark.parametrize("text", [TEXT, CYRILLIC, FRENCH])
def test_unicode_is_told_by_its_mark_or_its_bytes(tmp_path: Path, encoding: str, text: str) -> None:
    export = exported(tmp_path, text.encode(encoding))
    assert export.read().header == HEAD
    assert export.rows() == [text.split("\r\n")[1].split(",")]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(CYRILLIC, "windows-1251"), (FRENCH, "windows-1252"), (CYRILLIC, "koi8-r")],
)
def test_a_declared_encoding_is_read(tmp_path: Path, text: str, encoding: str) -> None:
    export = exported(tmp_path, text.encode(encoding), encoding=encoding)
    assert export.rows() == [text.split("\r\n")[1].split(",")]


def test_an_undeclared_encoding_is_asked_for_with_what_the_cell_would_be(tmp_path: Path) -> None:
    problem = exported(tmp_path, CYRILLIC.encode("windows-1251")).problem()
    assert (problem.row, problem.value) == (2, r"\xc7")
    assert "not UTF-8" in problem.message
    assert "'Закон о торговле' as windows-1251" in problem.message
    assert "'Çàêîí î òîðãîâëå' as windows-1252" in problem.message
    assert {"windows-1251", "windows-1252"} <= set(problem.allowed)


def test_of_a_long_cell_only_the_surroundings_are_shown(tmp_path: Path) -> None:
    text = TEXT.replace("none", f"{'x' * 5000}é{'y' * 5000}")
    message = exported(tmp_path, text.encode("windows-1252")).problem().message
    assert f"{'x' * 40}é{'y' * 39}' as windows-1252" in message


@pytest.mark.parametrize(
    ("content", "declared", "words"),
    [
        (b"\xef\xbb\xbf" + TEXT.encode(), "windows-1252", "mark of utf-8"),
        (FRENCH.encode("utf-16"), "utf-8", "mark of utf-16"),
        (FRENCH.encode(), "windows-1252", "the file is UTF-8"),
        (FRENCH.encode("windows-1252"), "utf-8", "not UTF-8"),
        (b"\x81" + TEXT.encode(), "windows-1252", "not WINDOWS-1252"),
        (b"\xff\xfe" + TEXT.encode("utf-16-le")[:-1], "", "not UTF-16"),
    ],
)
def test_a_file_that_is_not_what_is_declared_is_refused(
    tmp_path: Path, content: bytes, declared: str, words: str
) -> None:
    problem = exported(tmp_path, content, encoding=declared).problem()
    assert words in problem.message


def test_an_unknown_encoding_is_named_with_the_nearest(tmp_path: Path) -> None:
    problem = declared_problem(tmp_path, TEXT.encode(), encoding="windows1252")
    assert (problem.file, problem.column) == ("codebook/sources.csv", "encoding")
    assert problem.suggestion == "windows-1252"


@given(text=st.text(max_size=60), encoding=st.sampled_from(["utf-8", "utf-16", "utf-32"]))
def test_what_is_written_with_a_mark_is_read_back(text: str, encoding: str) -> None:
    # A mark of UTF-16 before two zeros is a mark of UTF-32.
    text = text.lstrip("\ufeff\0").encode("utf-8", "ignore").decode()
    mark = "\ufeff" if encoding == "utf-8" else ""
    assert decoded((mark + text).encode(encoding), "", "x") == (text, [])


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_encoding_that_can_be_declared_is_known(encoding: str) -> None:
    text, problems = decoded("a,b\n1,2\n".encode(encoding), encoding, "x")
    assert (text, problems) == ("a,b\n1,2\n", [])


# What stands between cells


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", [".csv", ".tsv", ".txt"])
def test_what_stands_between_cells_is_found_out(tmp_path: Path, mark: str, ending: str) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=mark).writerows([HEAD, ROW, ["S-2", "a, b; c | d\te", "x\ny"]])
    export = exported(tmp_path, stream.getvalue().encode(), ending)
    assert export.read().header == HEAD
    assert export.rows()[1] == ["S-2", "a, b; c | d\te", "x\ny"]


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)


@settings(max_examples=150, deadline=None)
@given(
    mark=st.sampled_from(sorted(set(DELIMITERS.values()))),
    table=st.integers(2, 5).flatmap(
        lambda width: st.lists(
            st.lists(CELLS, min_size=width, max_size=width), min_size=3, max_size=6
        )
    ),
)
def test_a_quoted_file_is_read_back_whatever_stands_in_its_cells(
    mark: str, table: list[list[str]]
) -> None:
    header = [f"{number}{cell}" for number, cell in enumerate(table[0])]
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=mark, quoting=csv.QUOTE_ALL).writerows([header, *table[1:]])
    found, problems = read_text(stream.getvalue().encode(), "x.csv", Reading(), Heading())
    assert problems == []
    assert found is not None
    assert found.header == header
    assert [list(row) for row in zip(*found.columns, strict=True)] == table[1:]


def test_commas_in_numbers_and_questions_do_not_mislead(tmp_path: Path) -> None:
    text = "Who;Age, in years;Share\nS-1;34;0,5\nS-2;35;1,5\n"
    assert exported(tmp_path, text.encode()).read().header == ("Who", "Age, in years", "Share")


def test_where_two_marks_would_do_it_is_asked_and_the_declaration_decides(tmp_path: Path) -> None:
    text = "Who,name;Share,part\nS-1,x;0,5\nS-2,y;1,5\n"
    problem = exported(tmp_path / "asked", text.encode()).problem()
    assert (problem.column, set(problem.allowed)) == ("delimiter", {"comma", "semicolon"})
    assert "'Who,name'" in problem.message
    for word in ("semicolon", ";"):
        export = exported(tmp_path / f"declared {ord(word[0])}", text.encode(), delimiter=word)
        assert export.read().header == ("Who,name", "Share,part")


def test_one_ragged_row_does_not_hide_what_stands_between_cells(tmp_path: Path) -> None:
    text = "Who;Law;Remarks\n" + "S-1;Yes;a, b\n" * 9 + "S-2;Yes\n"
    problem = exported(tmp_path, text.encode()).problem()
    assert (problem.row, problem.value, problem.allowed) == (11, 2, (3,))


@pytest.mark.parametrize("hint", ["sep=;", '"sep=;"', "SEP=;"])
def test_the_line_by_which_excel_says_it_is_no_header(tmp_path: Path, hint: str) -> None:
    text = f"\ufeff{hint}\r\nWho;A, b\r\nS-1;1, 2\r\n"
    raw = exported(tmp_path, text.encode()).read()
    assert raw.header == ("Who", "A, b")
    assert (raw.top, raw.table.index.tolist()) == (2, [3])


def test_a_file_of_one_column_needs_nothing_between_cells(tmp_path: Path) -> None:
    assert exported(tmp_path, b"Law\nYes\nNo; or so\n").rows() == [["Yes"], ["No; or so"]]
    assert delimiter_of("a\n1\n", "x.tsv") == ("\t", [])


def test_a_declared_delimiter_that_is_not_there_is_named(tmp_path: Path) -> None:
    problem = exported(tmp_path, b"a;b\n1;2\n", delimiter="comma").problem()
    assert (problem.row, problem.value, problem.allowed) == (1, "semicolon", ("comma",))


# Cells and rows


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_counts_as_one(tmp_path: Path, end: str) -> None:
    text = end.join(["Who,Remarks", f'S-1,"a{end}b"', "", "S-2,x\u2028y\x0b"]) + end
    raw = exported(tmp_path, text.encode()).read()
    assert raw.table.index.tolist() == [2, 5]
    assert raw.table["Remarks"].tolist() == [f"a{end}b", "x\u2028y\x0b"]


def test_marks_inside_cells_and_headers_stay(tmp_path: Path) -> None:
    raw = exported(tmp_path, "\ufeff\ufeffWho,\ufeffLaw\nS-1,\ufeffYes\n".encode()).read()
    assert raw.header == ("Who", "\ufeffLaw")
    assert raw.table.iloc[0, 1] == "\ufeffYes"


def test_markup_is_text(tmp_path: Path) -> None:
    cell = "<script>alert(1)</script>"
    raw = exported(tmp_path, f'Who,"{cell}"\nS-1,"=cmd|\'/c calc\'!A0"\n'.encode()).read()
    assert raw.header[1] == cell
    assert raw.table.iloc[0, 1] == "=cmd|'/c calc'!A0"


def test_a_nul_is_named_with_its_cell(tmp_path: Path) -> None:
    text = TEXT.replace("none", "no\0ne") + "S-2,Yes,none\r\n" * 20
    problem = exported(tmp_path, text.encode()).problem()
    assert (problem.row, problem.column, problem.value) == (2, "Remarks", "no\0ne")


@pytest.mark.parametrize("length", [MOST_CHARACTERS, MOST_CHARACTERS + 1, 1_000_000])
@pytest.mark.parametrize("quote", ["", '"'])
def test_a_cell_that_is_too_long_is_named_with_its_column(
    tmp_path: Path, length: int, quote: str
) -> None:
    text = "Who,Law,Remarks\nS-1,Yes,x\n" + f"S-2,{quote}{'x' * length}{quote},y\nS-3,No,z\n"
    export = exported(tmp_path, text.encode())
    if length <= MOST_CHARACTERS:
        assert len(export.rows()) == 3
        return
    problem = export.problem()
    assert (problem.row, problem.column) == (3, "Law")
    assert f"{length:,}" in problem.message
    assert f"{MOST_CHARACTERS:,}" in problem.message


@pytest.mark.parametrize("size", [10, 300_000])
def test_a_quote_that_is_never_closed_is_named_where_it_opens(tmp_path: Path, size: int) -> None:
    text = f'Who,Law\nS-1,Yes\nS-2,"No\n{"S-3,Yes" * size}\n'
    problem = exported(tmp_path, text.encode()).problem()
    assert problem.row == 3
    assert "not a valid CSV file" in problem.message


def test_many_ragged_rows_are_counted(tmp_path: Path) -> None:
    text = "Who,Law\n" + "S-1,Yes\n" * 100 + "S-1,Yes,more\n" * 50
    problems = exported(tmp_path, text.encode()).problems()
    assert [problem.row for problem in problems] == list(range(102, 102 + SHOWN))
    assert problems[-1].message.endswith(f"{50 - SHOWN} more rows like it.")


def test_a_nameless_column_with_nothing_in_it_is_left_out(tmp_path: Path) -> None:
    raw = exported(tmp_path, b"Who,,Law,\nS-1,,Yes, \nS-2,,No,\n").read()
    assert raw.header == ("Who", "Law")
    assert raw.table.to_numpy().tolist() == [["S-1", "Yes"], ["S-2", "No"]]


def test_a_nameless_column_with_something_in_it_is_named_by_its_place(tmp_path: Path) -> None:
    problem = exported(tmp_path, b"Who,,Law,\nS-1,,Yes,x\n").problem()
    assert (problem.row, problem.message) == (1, "column 4 has no header.")


def test_a_row_of_blank_cells_is_a_submission(tmp_path: Path) -> None:
    assert exported(tmp_path, b"Who,Law\nS-1,Yes\n,\n").rows() == [["S-1", "Yes"], ["", ""]]


def test_rows_above_the_header_are_skipped_and_counted_as_lines(tmp_path: Path) -> None:
    text = "Export of 1 March\n\nWho;Law\nS-1;Yes\n"
    raw = exported(tmp_path, text.encode(), skip_rows=1).read()
    assert (raw.header, raw.top, raw.table.index.tolist()) == (("Who", "Law"), 3, [4])


@pytest.mark.parametrize("hint", ["", "sep=,\n"])
@pytest.mark.parametrize(
    "above", ["A title\n\n", "A title\n,,\n", "\n\n", '"A title\nof two lines"\n']
)
def test_blank_rows_above_the_header_count(tmp_path: Path, above: str, hint: str) -> None:
    text = f"{hint}{above}id;no,law,staff\nS-1,Yes,12\nS-2,No,1\n"
    raw = exported(tmp_path, text.encode(), skip_rows=2).read()
    assert raw.header == ("id;no", "law", "staff")
    assert raw.top == 3 + len(hint.splitlines())
    assert raw.table["law"].tolist() == ["Yes", "No"]


def test_several_header_rows_are_joined(tmp_path: Path) -> None:
    text = "Who,Checks,,Remarks\n,Audits,A code,Open\nS-1,x,,\n"
    raw = exported(tmp_path, text.encode(), header_rows=2).read()
    assert raw.header == ("Who", "Checks | Audits", "Checks | A code", "Remarks | Open")
    assert raw.table.index.tolist() == [3]


@pytest.mark.parametrize(
    ("column", "value"),
    [("header_rows", "0"), ("header_rows", "two"), ("skip_rows", "-1"), ("sheet", "Data")],
)
def test_what_cannot_hold_of_a_text_file_is_named_in_the_sources(
    tmp_path: Path, column: str, value: str
) -> None:
    problem = declared_problem(tmp_path, TEXT.encode(), **{column: value})
    assert (problem.file, problem.column, problem.value) == ("codebook/sources.csv", column, value)


@pytest.mark.parametrize("ending", [".xls", ".ods", ".sas7bdat", ".json"])
def test_other_formats_are_named_with_those_that_can_be_read(tmp_path: Path, ending: str) -> None:
    problem = exported(tmp_path, b"x", ending).problem()
    assert problem.value == ending
    assert {".csv", ".xlsx", ".sav", ".dta"} <= set(problem.allowed)
    assert "save the export as .xlsx or as CSV UTF-8" in problem.message


def test_a_workbook_that_is_called_csv_is_named(tmp_path: Path) -> None:
    assert "workbook" in exported(tmp_path, b"PK\x03\x04rest").problem().message


def test_a_file_that_is_too_large_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = exported(tmp_path, TEXT.encode())
    monkeypatch.setattr("analysis.intake.raw.MOST_BYTES", len(TEXT) - 1)
    monkeypatch.setattr(Path, "read_bytes", lambda self: pytest.fail("read"))
    with pytest.raises(ValueError, match=f"{len(TEXT)} bytes"):
        export.read()
    assert MOST_BYTES > 50_000_000


def test_more_cells_than_a_survey_has_are_refused_while_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analysis.intake.reading.cells.MOST_CELLS", 20)
    text = "Who,Law\n" + "S-1,Yes\n" * 20
    problem = exported(tmp_path, text.encode()).problem()
    assert problem.row == 12
    assert "cells" in problem.message


def test_ten_thousand_columns_are_read_at_once(tmp_path: Path) -> None:
    header = [f"Question {number}, which is long enough to be one?" for number in range(10_000)]
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([header, *[["Yes"] * len(header)] * 20])
    export = exported(tmp_path, stream.getvalue().encode())
    start = time.perf_counter()
    assert export.read().table.shape == (20, 10_000)
    assert time.perf_counter() - start < 5


def test_many_headers_that_are_there_twice_are_counted(tmp_path: Path) -> None:
    text = ",".join(["Law"] * 100) + "\n" + ",".join(["Yes"] * 100) + "\n"
    problems = exported(tmp_path, text.encode()).problems()
    assert len(problems) == SHOWN
    assert "columns 1 and 2" in problems[0].message
    assert "more headers like it" in problems[-1].message
