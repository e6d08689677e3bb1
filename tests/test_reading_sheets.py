"""Excel workbooks: which sheet, what a cell holds, headers of several rows, and attacks."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from exported import HEAD, ROW, declared_problem, exported, put, saved, workbook
from studies import problem_of, problems_of
from surveys import HEADER, answers, survey

from analysis.intake.raw import try_raw
from analysis.intake.reading.archive import OLD_EXCEL
from analysis.intake.reading.limits import MOST_CHARACTERS, MOST_RAGGED
from analysis.intake.reading.sheets import rows_above
from analysis.study.reading import Reading


def one(*rows: Any) -> bytes:
    """A workbook with one sheet: a header and some rows."""
    return saved(workbook([HEAD, *rows]))


def rewritten(content: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """A workbook with the parts changed."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return stream.getvalue()


def in_sheet(content: bytes, old: str, new: str) -> bytes:
    """A workbook whose first sheet has a piece of its XML replaced."""

    def change(name: str, part: bytes) -> bytes:
        if name != "xl/worksheets/sheet1.xml":
            return part
        assert old.encode() in part
        return part.replace(old.encode(), new.encode())

    return rewritten(content, change)


# What a cell holds


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1, "1"),
        (1.0, "1"),
        (-0.5, "-0.5"),
        (0.45, "0.45"),
        (1e20, "1e+20"),
        (123456789012345, "123456789012345"),
        (True, "TRUE"),
        (False, "FALSE"),
        (date(2021, 3, 1), "2021-03-01"),
        (datetime.fromisoformat("2021-03-01"), "2021-03-01"),
        (datetime.fromisoformat("2021-03-01T10:30"), "2021-03-01T10:30:00"),
        (time(10, 30), "10:30:00"),
        (timedelta(hours=30, minutes=5), "30:05:00"),
        (" Yes\u00a0", " Yes\u00a0"),
        ("NaN", "NaN"),
        ("01", "01"),
        ("a\nb", "a\nb"),
        ("<b>x</b>", "<b>x</b>"),
        ("a_x000D_b_x005F_c", "a\rb_c"),
        (44256, "44256"),
    ],
)
def test_a_cell_is_read_as_text(tmp_path: Path, value: object, text: str) -> None:
    content = one(["S-1", value, "x"])
    assert exported(tmp_path, content, ".xlsx").rows() == [["S-1", text, "x"]]


def test_rows_have_the_numbers_that_excel_shows(tmp_path: Path) -> None:
    book = workbook([HEAD, ROW, [None, None, None], ["S-2", None, None], ["S-3", "No", "x"]])
    book["Sheet1"].row_dimensions[5].hidden = True
    raw = exported(tmp_path, saved(book), ".xlsx").read()
    assert raw.table.index.tolist() == [2, 4, 5]
    assert raw.table.iloc[1].tolist() == ["S-2", "", ""]


def test_a_sheet_can_begin_further_down_and_to_the_right(tmp_path: Path) -> None:
    book = workbook([])
    for row, cells in enumerate([HEAD, ROW], start=4):
        for column, cell in enumerate(cells, start=2):
            book["Sheet1"].cell(row, column, cell)
    raw = exported(tmp_path, saved(book), ".xlsx").read()
    assert (raw.header, raw.top, raw.table.index.tolist()) == (HEAD, 4, [5])


def test_a_workbook_gives_what_the_same_text_file_gives(tmp_path: Path) -> None:
    rows = [[answers(f"S-{n}", remarks=f"=1+{n}")] for n in range(1, 4)]
    book = workbook([HEADER, *(row[0] for row in rows)])
    for cells in book["Sheet1"].iter_rows(min_row=2):
        for cell in cells:
            cell.data_type = "s"
    text = survey(tmp_path / "text")
    text.put(*(row[0] for row in rows))
    sheets = survey(tmp_path / "sheets")
    put(sheets, saved(book), ".xlsx")
    assert sheets.responses().table.equals(text.responses().table)
    assert "=1+1" in set(sheets.responses().table["value"])


def test_the_codebook_and_its_sources_may_be_a_workbook_too(tmp_path: Path) -> None:
    folder = survey(tmp_path)
    put(folder, saved(workbook([HEADER, answers("S-1"), answers("S-9")])), ".xlsx")
    codebook = folder.path / "codebook"
    tables = {path.stem: folder.study.read(f"codebook/{path.name}") for path in codebook.iterdir()}
    shutil.rmtree(codebook)
    made = workbook(*tables.values(), titles=list(tables))
    (folder.path / "codebook.xlsx").write_bytes(saved(made))
    problem = problem_of(folder.responses)
    assert (problem.row, problem.value) == (3, "S-9")
    tables["sources"][-1][tables["sources"][0].index("sha256")] = "0" * 64
    made = workbook(*tables.values(), titles=list(tables))
    (folder.path / "codebook.xlsx").write_bytes(saved(made))
    assert [one.column for one in problems_of(folder.responses)] == ["sha256", "Who"]


def test_an_error_in_a_cell_is_a_problem(tmp_path: Path) -> None:
    book = workbook([HEAD, ROW, ["S-2", "#N/A", "x"], ["S-3", "Yes", "#REF!"]])
    problems = exported(tmp_path, saved(book), ".xlsx").problems()
    assert [(p.row, p.column, p.value) for p in problems] == [
        (3, "Is there a law?", "#N/A"),
        (4, "Remarks", "#REF!"),
    ]


def test_a_text_that_looks_like_an_error_is_a_text(tmp_path: Path) -> None:
    content = saved(workbook([HEAD, ["S-1", "Yes", "x"]]))
    content = rewritten(content, lambda name, part: part.replace(b"<t>x</t>", b"<t>#N/A</t>"))
    assert exported(tmp_path, content, ".xlsx").rows()[0][2] == "#N/A"


def with_formula(value: str) -> bytes:
    """A workbook with a formula in C2 and what is stored as its value."""
    content = one(["S-1", "Yes", "=1+1"])
    return in_sheet(content, "<f>1+1</f><v />", f"<f>1+1</f>{value}")


def test_a_formula_counts_with_its_stored_value(tmp_path: Path) -> None:
    assert exported(tmp_path, with_formula("<v>2</v>"), ".xlsx").rows()[0][2] == "2"


def test_a_formula_that_gives_nothing_is_blank(tmp_path: Path) -> None:
    content = with_formula("<v />")
    content = in_sheet(content, '<c r="C2">', '<c r="C2" t="str">')
    assert exported(tmp_path, content, ".xlsx").rows()[0][2] == ""


def test_a_formula_without_a_value_is_a_problem_not_a_blank(tmp_path: Path) -> None:
    problem = exported(tmp_path, with_formula("<v />"), ".xlsx").problem()
    assert (problem.row, problem.column, problem.value) == (2, "Remarks", "=1+1")
    assert "no stored value" in problem.message


# Sheets and headers


def test_the_only_sheet_with_anything_in_it_is_read(tmp_path: Path) -> None:
    book = workbook([], [HEAD, ROW], [], titles=["Notes", "Answers", "Empty"])
    assert exported(tmp_path, saved(book), ".xlsx").rows() == [list(ROW)]


def test_of_several_sheets_the_declared_one_is_read(tmp_path: Path) -> None:
    book = workbook([["About"]], [HEAD, ROW], titles=["Notes", "Answers"])
    content = saved(book)
    problem = exported(tmp_path, content, ".xlsx").problem()
    assert (problem.column, problem.allowed) == ("sheet", ("Notes", "Answers"))
    assert "2 sheets" in problem.message
    assert exported(tmp_path, content, ".xlsx", sheet="Answers").rows() == [list(ROW)]
    wrong = exported(tmp_path, content, ".xlsx", sheet="Answer").problem()
    assert wrong.suggestion == "Answers"


def test_a_hidden_sheet_is_read_only_when_it_is_declared(tmp_path: Path) -> None:
    book = workbook([HEAD, ROW], [["list"], ["a"]], titles=["Answers", "lists"])
    book["lists"].sheet_state = "hidden"
    assert exported(tmp_path, saved(book), ".xlsx").rows() == [list(ROW)]
    assert exported(tmp_path, saved(book), ".xlsx", sheet="lists").rows() == [["a"]]


def test_a_workbook_without_anything_in_it_is_named(tmp_path: Path) -> None:
    problem = exported(tmp_path, saved(workbook([], [])), ".xlsx").problem()
    assert problem.message == "no sheet has anything in it."


def test_merged_headers_belong_to_all_their_columns(tmp_path: Path) -> None:
    book = workbook(
        [
            ["Who", "Checks", None, None, None],
            [None, "Audits", "A code", "Visits", "Remarks"],
            ["S-1", "x", None, "x", "none"],
        ]
    )
    book["Sheet1"].merge_cells("B1:D1")
    book["Sheet1"].merge_cells("A1:A2")
    raw = exported(tmp_path, saved(book), ".xlsx", header_rows=2).read()
    assert raw.header == (
        *("Who", "Checks | Audits", "Checks | A code", "Checks | Visits"),
        "Remarks",
    )
    assert raw.table.index.tolist() == [3]


def test_a_blank_header_belongs_to_the_one_on_its_left_where_nothing_is_merged(
    tmp_path: Path,
) -> None:
    book = workbook([["Who", "Checks", None], [None, "Audits", "A code"], ["S-1", "x", "x"]])
    raw = exported(tmp_path, saved(book), ".xlsx", header_rows=2).read()
    assert raw.header == ("Who", "Checks | Audits", "Checks | A code")


def test_merged_answers_are_a_problem(tmp_path: Path) -> None:
    book = workbook([HEAD, ROW, ["S-2", None, "x"]])
    book["Sheet1"].merge_cells("B2:B3")
    problem = exported(tmp_path, saved(book), ".xlsx").problem()
    assert (problem.row, problem.column) == (2, "Is there a law?")
    assert "merged" in problem.message


def test_rows_above_the_header_are_skipped(tmp_path: Path) -> None:
    book = workbook([["Survey of 2021"], [], HEAD, ROW])
    raw = exported(tmp_path, saved(book), ".xlsx", skip_rows=1).read()
    assert (raw.header, raw.top, raw.table.index.tolist()) == (HEAD, 3, [4])


@pytest.mark.parametrize("skipped", [2, 3])
def test_blank_rows_above_the_header_count(tmp_path: Path, skipped: int) -> None:
    rows = [[], ["A title"], [], HEAD, ROW]
    content = saved(workbook(rows))
    raw = exported(tmp_path, content, ".xlsx", skip_rows=skipped).read()
    assert (raw.header, raw.top, raw.table.index.tolist()) == (HEAD, 4, [5])
    assert rows_above(content, "a.xlsx", Reading()) == 2
    assert rows_above(saved(workbook([[], HEAD, ROW])), "a.xlsx", Reading()) == 0


def test_headers_are_text_too(tmp_path: Path) -> None:
    book = workbook([["Who", 2021, date(2021, 3, 1)], ["S-1", 1, 2]])
    assert exported(tmp_path, saved(book), ".xlsx").read().header == ("Who", "2021", "2021-03-01")


def test_a_cell_beyond_the_header_is_named(tmp_path: Path) -> None:
    problem = exported(tmp_path, one([*ROW, None, "more"]), ".xlsx").problem()
    assert (problem.row, problem.value) == (2, "more")
    assert "column 5" in problem.message


def test_columns_and_rows_with_nothing_but_formats_are_left_out(tmp_path: Path) -> None:
    book = workbook([HEAD, ROW])
    for row in range(1, 40):
        for column in range(1, 40):
            book["Sheet1"].cell(row, column).number_format = "0.00"
    raw = exported(tmp_path, saved(book), ".xlsx").read()
    assert (raw.header, raw.table.shape) == (HEAD, (1, 3))


@pytest.mark.parametrize(
    ("column", "value"), [("delimiter", "comma"), ("encoding", "utf-8"), ("labels", "no")]
)
def test_what_cannot_hold_of_a_workbook_is_named_in_the_sources(
    tmp_path: Path, column: str, value: str
) -> None:
    problem = declared_problem(tmp_path, one(ROW), ".xlsx", **{column: value})
    assert (problem.file, problem.column, problem.value) == ("codebook/sources.csv", column, value)


# Files that are no workbook, or an attack


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "cannot be read as an Excel workbook"),
        (b"PK\x03\x04", "cannot be read as an Excel workbook"),
        (b"Who,Law\nS-1,Yes\n", "cannot be read as an Excel workbook"),
        (OLD_EXCEL + bytes(512), "an old Excel file, or one with a password"),
        (one(ROW)[:-200], "cannot be read as an Excel workbook"),
    ],
)
def test_a_file_that_is_no_workbook_is_named(tmp_path: Path, content: bytes, words: str) -> None:
    problem = exported(tmp_path, content, ".xlsx").problem()
    assert words in problem.message
    assert problem.file == "responses/states_b.xlsx"


@pytest.mark.parametrize("seed", range(60))
def test_damage_is_a_problem_never_a_crash(tmp_path: Path, seed: int) -> None:
    content = bytearray(one(*[ROW] * 5))
    for number in range(4):
        content[(seed * 7919 + number * 104_729) % len(content)] ^= 1 << (seed + number) % 8
    raw, problems = try_raw(exported(tmp_path, bytes(content), ".xlsx").export)
    assert (raw is None) == bool(problems)
    assert all(problem.file == "responses/states_b.xlsx" for problem in problems)


def zipped(name: str, content: bytes, **options: Any) -> bytes:
    stream = io.BytesIO(one(ROW))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content, **options)
    return stream.getvalue()


def test_a_part_that_is_packed_too_tightly_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = zipped("xl/media/bomb.xml", bytes(20_000_000))
    assert len(content) < 100_000
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *a, **o: pytest.fail("unpacked"))
    problem = exported(tmp_path, content, ".xlsx").problem()
    assert "xl/media/bomb.xml" in problem.message
    assert "attack" in problem.message


def test_a_workbook_that_is_too_large_unpacked_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analysis.intake.reading.archive.MOST_BYTES", 10_000)
    assert "bytes unpacked" in exported(tmp_path, one(ROW), ".xlsx").problem().message
    monkeypatch.setattr("analysis.intake.reading.archive.MOST_PARTS", 2)
    assert "parts" in exported(tmp_path, one(ROW), ".xlsx").problem().message


def test_a_part_that_declares_entities_is_refused(tmp_path: Path) -> None:
    declared = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    for encoding in ("utf-8", "utf-16"):
        part = f'<?xml version="1.0" encoding="{encoding}"?>{" " * 2000}{declared}<x>&b;</x>'
        content = zipped("xl/other.xml", part.encode(encoding))
        problem = exported(tmp_path, content, ".xlsx").problem()
        assert "xl/other.xml declares a document type" in problem.message


@pytest.mark.parametrize("place", ["XFD1048576", "XFD3"])
def test_a_cell_far_away_costs_nothing_but_its_name(tmp_path: Path, place: str) -> None:
    row = re.sub(r"[A-Z]+", "", place)
    content = in_sheet(
        one(ROW),
        "</sheetData>",
        f'<row r="{row}"><c r="{place}" t="inlineStr"><is><t>x</t></is></c></row></sheetData>',
    )
    problem = exported(tmp_path, content, ".xlsx").problem()
    assert (problem.row, problem.value) == (int(row), "x")
    assert "column 16384" in problem.message


def test_a_declared_size_is_not_believed(tmp_path: Path) -> None:
    content = in_sheet(one(ROW), '<dimension ref="A1:C2"', '<dimension ref="A1:XFD1048576"')
    assert exported(tmp_path, content, ".xlsx").rows() == [list(ROW)]


def test_a_row_number_beyond_excel_ends_the_reading(tmp_path: Path) -> None:
    content = in_sheet(one(ROW), '<row r="2"', '<row r="99999999999"')
    problem = exported(tmp_path, content, ".xlsx").problems()[-1]
    assert "more than 1,048,576 rows" in problem.message


def test_many_cells_beyond_the_header_end_the_reading(tmp_path: Path) -> None:
    content = one(*[[*ROW, "more"]] * (MOST_RAGGED + 50))
    problems = exported(tmp_path, content, ".xlsx").problems()
    assert f"{MOST_RAGGED - 20} more rows" in problems[-1].message


def test_a_cell_that_is_too_long_is_named(tmp_path: Path) -> None:
    cell = "x" * (MOST_CHARACTERS + 1)
    content = in_sheet(
        one(ROW),
        "</sheetData>",
        f'<row r="3"><c r="B3" t="inlineStr"><is><t>{cell}</t></is></c></row></sheetData>',
    )
    problem = exported(tmp_path, content, ".xlsx").problem()
    assert (problem.row, problem.column) == (3, "Is there a law?")
    assert f"{MOST_CHARACTERS + 1:,} characters" in problem.message


def test_readers_of_statistics_files_are_imported_only_for_one() -> None:
    code = (
        "import sys; import analysis.intake; import analysis.intake.reading.sheets; "
        "import analysis.intake.reading.labelled; "
        "print([name for name in ('pyreadstat',) if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_workbook_with_macros_is_read_like_any_other(tmp_path: Path) -> None:
    assert exported(tmp_path, one(ROW), ".xlsm").rows() == [list(ROW)]
