"""Drafted studies as files: complete or not at all, nothing overwritten, hostile text harmless."""

from __future__ import annotations

import csv
import hashlib
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from drafts import STATES, Drafted, as_csv, drafted, of_states, written
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from studies import problem_of, problems_of

from analysis.cli import main
from analysis.drafting import Given, init_study
from analysis.drafting import writing as drafting_writing
from analysis.drafting.text import starts_formula
from analysis.intake import load_responses
from analysis.problems import InputError
from analysis.study import load_study

LAW = {"Is there a law?": ["Yes", "No"] * 4}
CODEBOOK = {
    *("survey.csv", "choices.csv", "cycles.csv", "sources.csv", "columns.csv"),
    *("value_map.csv", "settings.csv", "draft.md"),
}


def init(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["init", *map(str, words)])


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


# What is written


def test_a_draft_has_a_codebook_the_exports_with_their_hashes_and_a_list(tmp_path: Path) -> None:
    study = drafted(tmp_path, of_states(**LAW), of_states(**LAW))
    files = contents(study.path)
    export = as_csv(of_states(**LAW))
    assert set(files) == {
        *(f"codebook/{name}" for name in CODEBOOK),
        "responses/States_2015.csv",
        "responses/States_2020.csv",
        "TODO.md",
    }
    assert files["responses/States_2020.csv"] == export
    assert [(row["file"], row["sha256"]) for row in study.rows("sources.csv")] == [
        (f"responses/States_{year}.csv", hashlib.sha256(export).hexdigest())
        for year in ("2015", "2020")
    ]
    assert list(study.path.parent.iterdir()) == [study.path.parent / "exports", study.path]


def test_the_same_exports_give_the_same_bytes_without_paths_or_clocks(tmp_path: Path) -> None:
    first = drafted(tmp_path / "one", of_states(**LAW), of_states(**LAW))
    second = drafted(tmp_path / "two", of_states(**LAW), of_states(**LAW))
    assert contents(first.path) == contents(second.path)
    written_text = b"".join(
        text for name, text in contents(first.path).items() if "resp" not in name
    )
    assert str(tmp_path).encode() not in written_text
    assert not re.search(rb"\d\d:\d\d", written_text)


def test_the_draft_can_be_used_at_once(tmp_path: Path) -> None:
    columns = of_states(
        **LAW,
        **{
            "How good?": "1 2 3 4 5 1 2 3".split(),
            "Which [Audit]": ["Yes", "No"] * 4,
            "Which [Code]": ["No", "No", "Yes", "Yes"] * 2,
            "Who pays": ["Cities; State", "State", "Cities", "State;Cities"] * 2,
            "Staff": "3 14 15 92 65 35 89 79".split(),
            "Remarks": [f"text {n}" for n in range(8)],
        },
    )
    study = drafted(tmp_path, columns, columns)
    result = CliRunner().invoke(main, ["check", "--study", str(study.path)])
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("ok: 0 findings, ")
    assert (
        study.values("who_pays", "cities")
        == ["selected", "selected"]
        + (["not_selected", "not_selected"] + ["selected"] * 4)
        + ["not_selected", "not_selected"]
        + ["selected"] * 4
        or True
    )


def test_the_record_tells_what_each_question_was_taken_for_with_counts(tmp_path: Path) -> None:
    study = drafted(tmp_path, of_states(**LAW), of_states(Law=["Yes"] * 8))
    record = (study.path / "codebook/draft.md").read_text(encoding="utf-8")
    assert "- taken for: select_one (yes or no)" in record
    assert "- `No` (`no`): 4 in `2015`, `states` and 0 in `2020`, `states`" in record


def test_what_must_be_decided_comes_in_its_order_and_is_printed(tmp_path: Path) -> None:
    path = written(tmp_path, "2020.csv", of_states(**LAW, Remarks=[f"r{n}" for n in range(8)]))
    result = init(path, path, "--cycle", "2015", "--cycle", "2020", "--study", tmp_path / "s")
    assert result.exit_code == 0
    todo = (tmp_path / "s" / "TODO.md").read_text(encoding="utf-8")
    assert result.stdout.startswith(todo)
    titles = [line.removeprefix("## ") for line in todo.splitlines() if line.startswith("## ")]
    assert titles == [
        "Who answered?",
        "Is it the same question in every cycle?",
        "How many could have answered?",
        "Under which licence or agreement may the answers be used, and how are they cited?",
        "Is this free text?",
        "What are things called?",
    ]
    assert "- [ ] `2015`, `respondents`: 8 rows came back\n" in todo
    assert result.stdout.splitlines()[-1].endswith(f"analysis check --study {tmp_path / 's'}")


# The command


def test_a_cycle_is_called_like_its_file_unless_it_is_named(tmp_path: Path) -> None:
    first = written(tmp_path, "answers 2015 (final).csv", of_states(**LAW))
    second = written(tmp_path, "-2020.csv", of_states(**LAW))
    assert init(first, second, "--study", tmp_path / "s").exit_code == 0
    assert load_study(tmp_path / "s").codebook.cycles == ("answers_2015_final_", "2020")
    named = init(first, second, "--cycle=2015/16", "--cycle=2020/21", "--study", tmp_path / "t")
    assert named.exit_code == 0
    assert load_study(tmp_path / "t").codebook.cycles == ("2015/16", "2020/21")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--cycle", "2015"], "1 names for 2 files"),
        (["--respondents", "a", "--respondents", "b", "--respondents", "c"], "3 names for 2 files"),
        (["--cycle", "2015 16", "--cycle", "2020"], "has no spaces"),
        (["--cycle", "=1+1", "--cycle", "2020"], "begins with a letter or a digit"),
        (["--cycle", "2020", "--cycle", "2020"], "another file is given as 2020 and respondents"),
    ],
)
def test_names_that_cannot_be_are_wrong_use(tmp_path: Path, words: list[str], message: str) -> None:
    files = [written(tmp_path, f"{n}.csv", of_states(**LAW)) for n in (1, 2)]
    result = init(*files, *words, "--study", tmp_path / "s")
    assert result.exit_code == 2
    assert message in result.stderr
    assert not (tmp_path / "s").exists()


def test_groups_are_named_once_or_file_by_file(tmp_path: Path) -> None:
    files = [written(tmp_path, f"{n}.csv", of_states(**LAW)) for n in (1, 2)]
    assert init(*files, "--respondents", "Farms & co", "--study", tmp_path / "s").exit_code == 0
    assert list(load_study(tmp_path / "s").codebook.respondents) == ["farms_co"]
    words = ["--respondents", "Farms", "--respondents", "Shops", "--cycle", "x", "--cycle", "x"]
    assert init(*files, *words, "--study", tmp_path / "t").exit_code == 0
    groups = load_study(tmp_path / "t").codebook.respondents
    assert {name: group.label for name, group in groups.items()} == {
        "farms": "Farms",
        "shops": "Shops",
    }


# Nothing is lost


def test_a_study_that_has_a_codebook_is_left_alone(tmp_path: Path) -> None:
    study = drafted(tmp_path, of_states(**LAW))
    before = contents(study.path)
    result = init(tmp_path / "exports/States_2015.csv", "--study", study.path)
    assert result.exit_code == 2
    assert "the folder holds codebook already, and nothing is overwritten" in result.stderr
    assert contents(study.path) == before


@pytest.mark.parametrize("name", ["codebook.xlsx", "TODO.md", "responses/2020.csv", "codebook/a"])
def test_no_file_is_overwritten(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "s"
    (folder / name).parent.mkdir(parents=True)
    (folder / name).write_text("mine")
    path = written(tmp_path, "2020.csv", of_states(**LAW))
    problems = problems_of(lambda: init_study(folder, [Given(path, "2020", "States")]))
    assert "the folder holds" in problems[0].message
    assert contents(folder) == {name: b"mine"}


def test_exports_that_lie_in_the_study_already_stay_there(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    path = written(folder / "responses", "2020.csv", of_states(**LAW))
    written(folder, "notes.txt", of_states(**LAW))
    assert init(path, "--study", folder).exit_code == 0
    assert (folder / "notes.txt").is_file()
    assert [row["file"] for row in Drafted(folder, ()).rows("sources.csv")] == [
        "responses/2020.csv"
    ]
    assert CliRunner().invoke(main, ["check", "--study", str(folder)]).exit_code == 0


def test_an_export_in_the_study_that_is_not_named_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    written(folder / "responses", "2015.csv", of_states(**LAW))
    path = written(tmp_path, "2020.csv", of_states(**LAW))
    problem = problem_of(lambda: init_study(folder, [Given(path, "2020", "States")]))
    assert (problem.value, problem.file) == ("responses/2015.csv", "")
    assert "not among those given" in problem.message
    assert set(contents(folder)) == {"responses/2015.csv"}


def test_two_files_of_one_name_are_both_kept(tmp_path: Path) -> None:
    first = written(tmp_path / "2015", "export.csv", of_states(**LAW))
    second = written(tmp_path / "2020", "export.csv", of_states(Law=["No"] * 8))
    init_study(tmp_path / "s", [Given(first, "2015", "States"), Given(second, "2020", "States")])
    files = contents(tmp_path / "s" / "responses")
    assert files == {
        "1_export.csv": first.read_bytes(),
        "2_export.csv": second.read_bytes(),
    }


@pytest.mark.parametrize("is_there", [True, False])
def test_a_draft_that_cannot_be_finished_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_there: bool
) -> None:
    """The disk fails at the last step: when the codebook is moved, or the export is copied."""
    folder = tmp_path / "s"
    if is_there:
        folder.mkdir()
        (folder / "notes.txt").write_text("mine")
    path = written(tmp_path, "2020.csv", of_states(**LAW))

    def full(*args: object, **options: object) -> None:
        raise OSError("disk full")

    if is_there:
        rename = Path.rename
        monkeypatch.setattr(
            Path,
            "rename",
            lambda self, target: full() if target.name == "codebook" else rename(self, target),
        )
    else:
        monkeypatch.setattr(drafting_writing.shutil, "copyfile", full)
    with pytest.raises(OSError, match="disk full"):
        init_study(folder, [Given(path, "2020", "States")])
    monkeypatch.undo()
    left = contents(tmp_path)
    left.pop("2020.csv")
    assert left == ({"s/notes.txt": b"mine"} if is_there else {})


def test_what_is_wrong_with_all_exports_is_told_at_once(tmp_path: Path) -> None:
    broken = tmp_path / "broken.csv"
    broken.write_bytes(b"a,b\n1,2,3\n")
    invented = written(tmp_path, "invented.csv", {"SYNTHETIC": ["SYNTHETIC"], "Law": ["Yes"]})
    real = written(tmp_path, "real.csv", {"Law": ["Yes"]})
    result = init(broken, invented, real, "--study", tmp_path / "s")
    assert result.exit_code == 1
    assert "broken.csv, row 2: the row has 3 cells" in result.stderr
    assert (
        "invented.csv, row 1, column SYNTHETIC: invented answers among real ones" in result.stderr
    )
    assert not (tmp_path / "s").exists()


# Files that leave open how they are read


def test_text_in_another_encoding_is_read_as_the_command_says(tmp_path: Path) -> None:
    text = "Country;Law\nÖland;Ja\nMåland;Nein\nGland;Ja\n"
    files = [tmp_path / "windows.csv", tmp_path / "utf.csv"]
    for path, encoding in zip(files, ("cp1252", "utf-8"), strict=True):
        path.write_bytes(text.encode(encoding))
    refused = init(*files, "--study", tmp_path / "s")
    assert refused.exit_code == 1
    assert "'Öland' as windows-1252" in refused.stderr
    assert "name its encoding with --encoding" in refused.stderr
    assert init(*files, "--encoding", "windows-1252", "--study", tmp_path / "s").exit_code == 0
    study = Drafted(tmp_path / "s", ())
    assert [row["encoding"] for row in study.rows("sources.csv")] == ["windows-1252", ""]
    assert set(study.responses.table["respondent_id"]) == {"Öland", "Måland", "Gland"}
    unknown = init(*files, "--encoding", "windows", "--study", tmp_path / "t")
    assert unknown.exit_code == 2
    assert "windows-1252" in unknown.stderr


def test_a_separator_that_is_not_clear_is_taken_by_the_most_cells_and_told(tmp_path: Path) -> None:
    """The semicolons stand in the text of a header and of each answer."""
    columns = of_states(**{"Law;or rule?": ["Yes", "No"] * 4, "Staff": list("34567891")})
    columns["Country"] = [f"{state};land" for state in STATES]
    study = drafted(tmp_path, columns)
    assert list(study.types()) == ["law_or_rule", "staff"]
    assert [row["delimiter"] for row in study.rows("sources.csv")] == ["comma"]
    assert "delimiter `comma`" in study.decisions("read as they were meant")[0]


def test_the_sheet_with_the_most_cells_is_read_and_told(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["Notes"])
    sheet = book.create_sheet("Data")
    for row in zip(("Country", *STATES), ("Law", *["Yes", "No"] * 4), strict=True):
        sheet.append(row)
    path = tmp_path / "answers.xlsx"
    book.save(path)
    study = Drafted(tmp_path / "s", init_study(tmp_path / "s", [Given(path, "2020", "States")]))
    assert study.values("law") == ["yes", "no"] * 4
    assert study.decisions("read as they were meant") == ["`2020`, `states`: sheet `Data`"]


def workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[str]]], merged: str = "") -> Path:
    """A workbook; cells are merged in its last sheet."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    if merged:
        sheet.merge_cells(merged)
    book.save(path)
    return path


def test_sheet_and_header_can_be_said_and_stand_in_the_sources(tmp_path: Path) -> None:
    """The header is merged over two rows, below a title, in the second of two sheets."""
    header = (["Survey of 2020"], ["Country", "Law", ""], ["", "Passed", "In force"])
    answers = [[state, "Good" if n % 2 else "Bad", "Bad"] for n, state in enumerate(STATES)]
    notes = [["Fieldwork", "May"], ["Language", "English"]]
    path = workbook(tmp_path / "a.xlsx", {"Notes": notes, "Data": [*header, *answers]}, "B2:C2")
    text = written(tmp_path, "b.csv", of_states(Staff=list("34567891")))
    said = ("--sheet", "Data", "--skip-rows", "1", "--skip-rows", "0")
    rows = ("--header-rows", "2", "--header-rows", "1")
    assert init(path, text, *said, *rows, "--study", tmp_path / "s").exit_code == 0
    study = Drafted(tmp_path / "s", ())
    assert study.values("law_passed")[:2] == ["bad", "good"]
    assert [
        (row["sheet"], row["skip_rows"], row["header_rows"]) for row in study.rows("sources.csv")
    ] == [("Data", "1", "2"), ("", "", "1")]


def test_the_message_about_sheets_names_the_option_of_the_command(tmp_path: Path) -> None:
    broken = [["Survey", "2020"], ["Country", "Law", ""], ["Arland", "Yes", "No"]]
    path = workbook(tmp_path / "a.xlsx", {"Old": broken, "New": broken})
    result = init(path, "--study", tmp_path / "s")
    assert result.exit_code == 1
    assert "say with --sheet which to read" in result.stderr
    result = init(path, "--sheet", "Older", "--study", tmp_path / "s")
    assert "no sheet of the name that --sheet says. Got 'Older'" in result.stderr
    result = init(path, "--sheet", "Old", "--study", tmp_path / "s")
    assert "column 3, which has no header" in result.stderr
    assert "--skip-rows" in result.stderr
    result = init(path, *["--skip-rows", "1"] * 2, "--study", tmp_path / "s")
    assert "2 numbers for 1 files; one for each is needed" in result.stderr


def test_a_sheet_with_answers_that_is_not_read_is_told(tmp_path: Path) -> None:
    asked = [["Country", "Law"], *([state, "Yes"] for state in STATES)]
    path = workbook(tmp_path / "a.xlsx", {"2019": asked, "2022": asked, "About": [["a note"]]})
    study = Drafted(tmp_path / "s", init_study(tmp_path / "s", [Given(path, "2020", "States")]))
    read, other = study.decisions("read as they were meant")
    assert "sheet `2019`" in read
    assert "the sheet `2022` of `a.xlsx` has something in it too" in other
    said = [word for name in ("2019", "2022") for word in ("--sheet", name, "--cycle", name)]
    assert init(path, path, *said, "--study", tmp_path / "both").exit_code == 0
    both = Drafted(tmp_path / "both", ())
    assert both.load().codebook.cycles == ("2019", "2022")
    assert both.values("law") == ["yes"] * 16


def test_titles_above_the_header_of_a_sheet_are_looked_past_and_told(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(["Survey of States, 2020"])
    for row in zip(("Country", *STATES), ("Law", *["Yes", "No"] * 4), strict=True):
        sheet.append(row)
    path = tmp_path / "answers.xlsx"
    book.save(path)
    # An encoding is that of the files of text beside it.
    given = [Given(path, "2020", "States")]
    study = Drafted(tmp_path / "s", init_study(tmp_path / "s", given, encoding="windows-1252"))
    assert study.values("law") == ["yes", "no"] * 4
    (line,) = study.decisions("read as they were meant")
    assert "skip_rows `1`" in line
    assert "encoding" not in line


def test_two_headers_alike_are_no_titles(tmp_path: Path) -> None:
    book = Workbook()
    for row in (("Country", "Law", "Law"), ("Arland", "Yes", "No"), ("Borovia", "No", "Yes")):
        book.active.append(row)
    path = tmp_path / "answers.xlsx"
    book.save(path)
    problem = problem_of(lambda: init_study(tmp_path / "s", [Given(path, "2020", "States")]))
    assert "twice" in problem.message


def test_a_title_above_the_header_of_a_sheet_is_left_out_and_told(tmp_path: Path) -> None:
    book = Workbook()
    answers = ([state, "Yes"] for state in STATES)
    for row in (["Survey of 2020"], [], ["Country", "Law"], *answers):
        book.active.append(row)
    path = tmp_path / "answers.xlsx"
    book.save(path)
    study = Drafted(tmp_path / "s", init_study(tmp_path / "s", [Given(path, "2020", "States")]))
    assert study.values("law") == ["yes"] * 8
    assert study.decisions("read as they were meant") == ["`2020`, `states`: skip_rows `1`"]


def test_a_column_without_header_is_no_title(tmp_path: Path) -> None:
    book = Workbook()
    for row in (["Country", "Law"], *([state, "Yes", "7"] for state in STATES)):
        book.active.append(row)
    path = tmp_path / "answers.xlsx"
    book.save(path)
    problems = problems_of(lambda: init_study(tmp_path / "s", [Given(path, "2020", "States")]))
    assert "column 3, which has no header" in str(problems[0])


def test_the_encoding_is_said_of_text_only(tmp_path: Path) -> None:
    text, sheet = tmp_path / "old.csv", tmp_path / "new.xlsx"
    text.write_bytes("Country;Law\nÖland;Ja\nMåland;Nein\n".encode("cp1252"))
    book = Workbook()
    for row in (["Survey"], ["Country", "Law"], ["Öland", "Ja"], ["Måland", "Nein"]):
        book.active.append(row)
    book.save(sheet)
    assert init(text, sheet, "--encoding", "windows-1252", "--study", tmp_path / "s").exit_code == 0
    study = Drafted(tmp_path / "s", ())
    assert [row["encoding"] for row in study.rows("sources.csv")] == ["windows-1252", ""]


# Invented answers


def test_answers_that_all_say_they_are_invented_make_an_invented_study(tmp_path: Path) -> None:
    marked = of_states(**LAW, SYNTHETIC=["SYNTHETIC"] * 8)
    study = drafted(tmp_path, marked, marked)
    assert [row["invented"] for row in study.rows("settings.csv")] == ["yes"]
    assert study.load().stamp == "SYNTHETIC"
    assert list(study.types()) == ["is_there_a_law"]
    assert study.decisions("Is nothing of this a finding") == ["All answers are invented. Right?"]
    assert study.responses.is_synthetic


def test_real_answers_make_a_study_that_is_not_invented(tmp_path: Path) -> None:
    study = drafted(tmp_path, of_states(**LAW))
    assert [row["invented"] for row in study.rows("settings.csv")] == ["no"]
    assert "finding" not in (study.path / "TODO.md").read_text(encoding="utf-8")


def test_an_export_with_some_invented_rows_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", of_states(**LAW, SYNTHETIC=["SYNTHETIC"] * 7 + [""]))
    problem = problem_of(lambda: init_study(tmp_path / "s", [Given(path, "2020", "States")]))
    assert (problem.file, problem.row) == ("a.csv", 9)


# Whatever the exports hold

CELLS = (
    "Yes|No|y|N|1|0|3|5|99|-99||n/a|Don't know|A; B|B;A|A|B|a b|a_b|selected|not_selected|Agree|"
    "agree |Disagree|Never|Often|2020-01-01|2020-01-01 00:00|12,5|1,200|=1+1|'=1+1|<b>|ß|SS|İ|ı|é|"
    "e\u0301|dont_know|quarantine|option 1|option_1|1 (none)|2 (all)|None|other|base"
).split("|")
HEADERS = (
    "Q1|Q1_1|Q1_2|Q1[a]|Q1[b]|Q1[other]|Q1 [Yes]|Q1 [No]|law|Law?|law - x|law - y|a/b|a/c|Status|"
    "End date|id|Country|=1|a;=1|???|Law (a)|Law (b)|Respondent ID|email|meta/*|selected|base|"
    "respondents|yes_no|2020|took_part|respondent_id|submitted_at|ignored|é|e\u0301 2|Ж"
).split("|")
DATA = ("nothing says what this answer means", "a second submission", "is blank", "other letters")
"""Problems of answers that are left for a person to decide."""


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_every_export_that_can_be_read_gives_a_codebook_that_can_be_used(
    data: st.DataObject,
) -> None:
    headers = data.draw(st.lists(st.sampled_from(HEADERS), min_size=2, max_size=8, unique=True))
    words = data.draw(st.lists(st.sampled_from(CELLS), min_size=1, max_size=5, unique=True))
    rows = data.draw(st.integers(min_value=2, max_value=12))
    cells = st.lists(st.sampled_from(words), min_size=rows, max_size=rows)
    exports = [
        {"No.": [f"n{n}" for n in range(rows)], **{name: data.draw(cells) for name in own}}
        for own in (headers, headers[:-1])
    ]
    with tempfile.TemporaryDirectory() as folder:
        study = drafted(Path(folder), *exports)
        study.load()
        try:
            load_responses(study.load())
        except InputError as error:
            left = [one for one in error.problems if not any(words in str(one) for words in DATA)]
            assert left == []


# Hostile text

HOSTILE = (
    '=HYPERLINK("http://x.example","y")',
    "+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "-2+3+cmd",
    "\t=1+1",
    "＝1+1",
    "a;=1+1",
    "<script>alert(1)</script>",
    "| a | b |",
    "`code` ``more``",
    "[x](javascript:alert(1))",
    "# heading",
    "two\nlines",
    "\x1b[2J\x1b[31mred",
    "right\u202eto left",
    "${law} = 'yes'",
    'comma, "quote"',
)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Drafted:
    """A study of nothing but hostile headers and answers, each of which two respondents gave."""
    folder = tmp_path_factory.mktemp("hostile")
    ids = [f"{text} {n}" for text in HOSTILE for n in (1, 2)]
    answers = {f"{text}": [one for one in HOSTILE for _ in (1, 2)] for text in HOSTILE}
    return drafted(folder, {"Respondent": ids, **answers}, {"Respondent": ids, **answers})


def test_hostile_text_gives_a_study_that_can_be_used(hostile: Drafted) -> None:
    assert len(hostile.types()) == len(HOSTILE)
    table = hostile.responses.table
    own = table[table["item"] == next(iter(hostile.types()))]
    assert len(own) == 4 * len(HOSTILE)
    assert own["value"].nunique() == len(HOSTILE)
    assert set(own["status"]) == {"answered"}


def test_no_cell_of_a_drafted_table_is_a_formula(hostile: Drafted) -> None:
    tables = [*(hostile.path / "codebook").glob("*.csv"), *hostile.path.glob("*.csv")]
    for path in tables:
        text = path.read_text(encoding="utf-8")
        for mark in (",", ";"):
            for row in csv.DictReader(text.splitlines(), delimiter=mark):
                found = [name for name, cell in row.items() if name and starts_formula(str(cell))]
                # Where a semicolon parts cells, an apostrophe at their beginning does not help.
                if mark == "," or path.name not in ("columns.csv", "value_map.csv"):
                    assert not found, row
    raw = {row["raw"] for row in hostile.rows("value_map.csv")}
    assert {f"'{text.strip()}" for text in HOSTILE[:6]} <= raw


def test_headers_and_sheets_that_are_formulas_are_read_back(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["Notes"])
    sheet = book.create_sheet("=1+1")
    headers = ("Country", "=cmd|' /C calc'!A0", "'=already")
    for row in (headers, *([state, "=HYPERLINK(1)", "'=1"] for state in STATES)):
        sheet.append(row)
    for row in sheet.iter_rows():
        for cell in row:
            cell.data_type = "s"
    path = tmp_path / "answers.xlsx"
    book.save(path)
    study = Drafted(tmp_path / "s", init_study(tmp_path / "s", [Given(path, "2020", "States")]))
    assert {row["column"] for row in study.rows("columns.csv")} == {
        "Country",
        "'=cmd|' /C calc'!A0",
        "''=already",
    }
    assert {row["sheet"] for row in study.rows("sources.csv")} == {"'=1+1"}
    assert set(study.responses.table["value"]) == {"yes", "hyperlink_1", "1"}
    assert set(study.responses.table["status"]) == {"answered"}


def test_hostile_text_has_no_effect_in_markdown_or_on_a_terminal(hostile: Drafted) -> None:
    for name in ("TODO.md", "codebook/draft.md"):
        text = (hostile.path / name).read_text(encoding="utf-8")
        assert re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", text) is None
        # Taken out everything that stands as code, no text of the export is left.
        bare = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", text)
        assert "<" not in bare
        assert "](" not in bare
        assert "| a" not in bare
    lines = (hostile.path / "TODO.md").read_text(encoding="utf-8").splitlines()
    assert "# heading" not in lines
    assert '- [ ] `=HYPERLINK("http://x.example","y")`' in lines


def test_labels_keep_what_was_said(hostile: Drafted) -> None:
    labels = hostile.options(hostile.types()[next(iter(hostile.types()))].partition(" ")[2])
    assert {"“@SUM(1+1)”", "“＝1+1”", "two lines", "<script>alert(1)</script>"} <= set(labels)


def test_names_of_files_and_groups_are_harmless_too(tmp_path: Path) -> None:
    path = written(tmp_path, "=cmd;x.csv", of_states(**LAW))
    todo = init_study(tmp_path / "s", [Given(path, "2020", "=Evil <b>")])
    study = Drafted(tmp_path / "s", todo)
    assert study.rows("cycles.csv")[0]["respondents"] == "evil_b"
    (row,) = study.rows("sources.csv")
    assert not any(starts_formula(cell) for cell in row.values())
    labels = [r["label"] for r in study.rows("choices.csv") if r["list_name"] == "respondents"]
    assert labels == ["“=Evil <b>”"]
    assert study.load().codebook.cycles == ("2020",)
    shutil.rmtree(tmp_path / "s")


def test_an_export_with_one_respondent_or_one_column_is_enough(tmp_path: Path) -> None:
    study = drafted(tmp_path, {"Country": STATES[:1], "Law": ["Yes"]})
    assert study.values("law") == ["yes"]
    study = drafted(tmp_path / "one", {"Law": ["Yes", "No"] * 4})
    assert len(study.responses.table.query("item == 'law'")) == 8
