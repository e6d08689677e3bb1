"""Comments of reviewers: read, kept, shown where they belong, and never a reason to run again."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from test_report_page import FRAME, Tags, export, figure, notebook, table
from toys import SHOW, build, counted, record_of, runs, toy_study, tree, without_library

from analysis.cli import main
from analysis.problems import InputError
from analysis.report.comments import (
    COLUMNS,
    COMMENTS,
    MOST_COMMENTS,
    Comment,
    comments_on,
    merged,
    read_comments,
    without_place,
    written,
)
from analysis.report.entries import Entry
from analysis.report.frame import Frame
from analysis.report.fresh.glance import glance
from analysis.report.importing import import_comments
from analysis.report.index import render_index
from analysis.report.outcome import EXPORTED, FRESH
from analysis.report.record import make_record

ABOUT = {"name": "two"}


def csv_file(folder: Path, text: str, name: str = "sent.csv") -> Path:
    file = folder / name
    file.write_bytes(text.encode())
    return file


def workbook(folder: Path, *rows: tuple[object, ...]) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(folder / "sent.xlsx")
    return folder / "sent.xlsx"


def problems_of(file: Path) -> list[dict[str, object]]:
    with pytest.raises(InputError) as caught:
        read_comments(file)
    return [one.as_record for one in caught.value.problems]


def page(*comments: Comment, **more: Any) -> str:
    frame = Frame(pages=FRAME.pages, current=1, comments=comments)
    return export(notebook(figure(), table()), frame=frame, metadata=ABOUT, **more)


def test_a_file_is_read_whatever_its_letter_case_order_and_separator(tmp_path: Path) -> None:
    expected = (Comment("Ia-14", "Why?\nReally?", "Ann"), Comment("two/laws", "Good; so", ""))
    rows = [
        ("Name", " ID ", "Comment"),
        ("Ann", "Ia-14", "Why?\r\nReally?"),
        ("", "two/laws", "Good; so"),
    ]
    for mark in ",;\t":
        quoted = [mark.join(f'"{cell}"' for cell in row) for row in rows]
        assert (
            read_comments(csv_file(tmp_path, "\ufeff" + "\r\n".join([*quoted, mark * 2])))
            == expected
        )
    assert read_comments(workbook(tmp_path, *rows)) == expected
    assert read_comments(csv_file(tmp_path, "comment,id\nx,a\n")) == (Comment("a", "x"),)


def test_everything_that_is_wrong_is_named_with_its_place(tmp_path: Path) -> None:
    found = problems_of(csv_file(tmp_path, f"id,comment,name\n,x,\na, ,\na,{'x' * 5001},Ann\n"))
    assert [(one["row"], one["column"]) for one in found] == [
        (2, "id"),
        (3, "comment"),
        (4, "comment"),
    ]
    assert "5,001 characters; at most 5,000" in str(found[2]["message"])
    wrong, absent = problems_of(csv_file(tmp_path, "id,coment\na,x\n"))
    assert (wrong["row"], wrong["column"], wrong["nearest"]) == (1, "coment", "comment")
    assert (absent["column"], absent["file"]) == ("comment", "sent.csv")
    for name, content in (
        ("sent.docx", b"x"),
        ("sent.csv", b""),
        ("sent.csv", b"id,comment\na,b,c\n"),
        ("sent.csv", b"id,comment\na,caf\xe9\n"),
        ("sent.csv", b"id,comment\na," + b"x" * 1_000_000),
        ("sent.xlsx", b"PK\x03\x04"),
    ):
        (tmp_path / name).write_bytes(content)
        (problem, *_) = problems_of(tmp_path / name)
        assert problem["file"] == name
        assert "sources.csv" not in str(problem["message"])


def test_a_formula_is_refused_in_a_workbook_and_kept_as_text_otherwise(tmp_path: Path) -> None:
    (problem,) = problems_of(workbook(tmp_path, ("id", "comment"), ("a", "=1+1")))
    assert (problem["row"], problem["column"], problem["value"]) == (2, "comment", "=1+1")
    said = read_comments(csv_file(tmp_path, "id,comment\na,\"=cmd|' /C calc'!A0\"\n"))
    assert said[0].text == "=cmd|' /C calc'!A0"
    assert b",'=cmd" in written(said)


marks = st.sampled_from("'=+-@\uff1d\uff0b1ab, \"")
letters = st.characters(exclude_categories=("Cs", "Cc")) | marks
words = st.text(letters, min_size=1, max_size=20).map(str.strip)


@given(st.lists(st.tuples(words.filter(bool), words.filter(bool), words), min_size=1, unique=True))
def test_what_is_stored_is_read_back_and_no_cell_is_calculated(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]]
) -> None:
    file = tmp_path_factory.getbasetemp() / COMMENTS
    stored = written(Comment(*row) for row in rows)
    file.write_bytes(stored)
    cells = [cell for row in csv.reader(stored.decode().splitlines()) for cell in row]
    assert not [cell for cell in cells if re.match(r"[=+@-]", cell) and re.search(r"[^\W\d]", cell)]
    assert read_comments(file) == tuple(Comment(*row) for row in rows)


def test_earlier_comments_stay_in_their_order_and_none_is_there_twice() -> None:
    one, two, three = (Comment(name, "x") for name in ("one", "two", "three"))
    assert merged([two, one], [three, one, three]) == (two, one, three)
    with pytest.raises(InputError, match="at most"):
        merged([], [Comment("a", str(n)) for n in range(MOST_COMMENTS + 1)])


@pytest.mark.parametrize(
    ("quoted", "target"),
    [
        ("two/laws", "figure-laws"),
        ("two/counts", "table-counts"),
        ("Ia-03", "Ia-03"),
        ("two#laws", "laws"),
        ("C:\\reports\\two.html#laws", "laws"),
        ("file:///home/a%20b/two.html#figure-laws", "figure-laws"),
        ("two", "main"),
        ("two.html", "main"),
    ],
)
def test_a_comment_leads_to_what_its_id_names(quoted: str, target: str) -> None:
    html = page(Comment(quoted, "Why?", "Ann"), elsewhere={"Ia-03": "two.html#Ia-03"})
    (line,) = re.findall(r'<li id="reviewers-comment.*?</li>', html, re.DOTALL)
    assert f'<a href="#{target}">{quoted}</a>, by <bdi>Ann</bdi>' in line
    assert f'id="{target}"' in html
    assert html.index("Comments of reviewers</h2>") < html.index("How this page was made</h2>")
    link = '<a href="#reviewers-comments-1">Comment 1</a>'
    assert html.count(link) == (target in ("figure-laws", "table-counts"))


@pytest.mark.parametrize(
    "quoted", ["one/laws", "two/law", "laws", "Ia-03", "two#gone", "two#notes"]
)
def test_a_page_shows_no_comment_on_what_it_has_not(quoted: str) -> None:
    alone = page()
    assert page(Comment(quoted, "x"), elsewhere={"Ia-03": "one.html#Ia-03"}) == alone
    assert "Comments of reviewers" not in alone


def test_comments_are_numbered_on_their_page_and_ids_stay_unique() -> None:
    comments = [Comment("two/laws", "a"), Comment("one", "b"), Comment("two/laws", "c")]
    prose = "## Laws\n\n## Reviewers comments\n\n## Reviewers comments 1\n\nText."
    frame = Frame(pages=FRAME.pages, current=1, comments=tuple(comments))
    html = export(notebook(figure(), prose=prose), frame=frame, metadata=ABOUT)
    assert re.findall(r">Comment (\d)</a>", html) == ["1", "2"]
    ids = [attrs["id"] for _, attrs in Tags(html).found if "id" in attrs]
    assert len(ids) == len(set(ids))


HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)> [a](javascript:alert(1)) "
    "\u202eabc {{ 7*7 }}"
)


def test_hostile_comments_are_shown_as_text(tmp_path: Path) -> None:
    said = Comment("two/laws", HOSTILE, HOSTILE)
    lost = Comment(HOSTILE, HOSTILE, HOSTILE)
    record = make_record({}, [], {}, before={}, pages=[])
    index = render_index(Frame(report="A", comments=(lost,)), [Entry("two", "Two")], record)
    for html in (page(said), index):
        tags = Tags(html)
        assert not tags.named("script")
        assert not [a for a in tags.named("a") if "javascript" in (a.get("href") or "")]
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
        assert "[U+202E]abc {{ 7*7 }}" in html
        assert "\u202e" not in html


def test_the_index_lists_what_no_page_has_with_the_nearest_id() -> None:
    quoted = {"two/laws": "figure-laws", "two": "main"}
    entry = Entry("two", "Two", anchors=frozenset({"main"}), quoted=quoted)
    comments = (Comment("two/lawz", "Gone?"), Comment("two/laws", "Here."), Comment("???", "Odd."))
    record = make_record({}, [], {}, before={}, pages=[])
    html = render_index(Frame(report="A", comments=comments), [entry], record)
    assert html.count("<bdi>two/lawz</bdi>") == html.count("<bdi>???</bdi>") == 1
    assert "Here." not in html
    assert html.count('<a href="two.html#figure-laws">two/laws</a>') == 1
    assert "Comments without a place" not in render_index(Frame(report="A"), [entry], record)


def test_the_nearest_is_named_for_what_has_no_place() -> None:
    lost = without_place([Comment("Ia-41", "x"), Comment("Ia-14", "y")], ["Ia-14", "two"])
    assert lost == [(Comment("Ia-41", "x"), "Ia-14")]


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A study of two pages without a report."""
    without_library(monkeypatch.setattr)
    return toy_study(tmp_path, counted(tmp_path, "one", SHOW), counted(tmp_path, "two"))


def test_new_comments_have_pages_written_again_and_none_run(study: Any, tmp_path: Path) -> None:
    assert build(study).is_ok
    assert runs(tmp_path) == ["one", "two"]
    before = tree(study.reports)
    inputs = record_of(study)["inputs"]
    file = csv_file(tmp_path, "id,comment,name\none/laws,Why?,Ann\none/lawz,Gone,\n")
    assert list(import_comments(study.places, file)) == [
        "2 comments taken in.",
        "The report has no 'one/lawz'; the nearest is one/laws. By nobody named.",
        "Next: analysis build",
    ]
    seen = glance(study.places, (), {})
    assert not seen.nothing_to_do
    assert {one.needs for one in (seen.verdicts or {}).values()} == {EXPORTED}
    outcomes = build(study).outcomes
    assert {(one.done, one.reasons) for one in outcomes} == {
        (EXPORTED, ("the comments of reviewers have changed",))
    }
    assert "Why?" in (study.reports / "one.html").read_text()
    assert "one/lawz" in (study.reports / "index.html").read_text()
    assert record_of(study)["inputs"] == inputs
    assert glance(study.places, (), {}).nothing_to_do
    assert {one.done for one in build(study).outcomes} == {FRESH}
    (study.raw / COMMENTS).unlink()
    build(study)
    assert tree(study.reports) == before
    assert runs(tmp_path) == []


def test_a_second_import_adds_only_what_is_new(study: Any, tmp_path: Path) -> None:
    list(import_comments(study.places, csv_file(tmp_path, "id,comment\none,A\n")))
    (said, *_) = import_comments(study.places, csv_file(tmp_path, "id,comment\ntwo,B\none,A\n"))
    assert said == "1 comment taken in; 1 was there already."
    assert comments_on(study.places) == (Comment("one", "A"), Comment("two", "B"))


def test_what_is_wrong_leaves_the_comments_as_they_were(study: Any, tmp_path: Path) -> None:
    list(import_comments(study.places, csv_file(tmp_path, "id,comment\none,A\n")))
    before = tree(study.raw)
    with pytest.raises(InputError):
        list(import_comments(study.places, csv_file(tmp_path, "id,comment\ntwo,B\n,C\n")))
    with pytest.raises(InputError, match="rehearsal"):
        list(import_comments(study.places.rehearsed(), csv_file(tmp_path, "id,comment\ntwo,B\n")))
    assert tree(study.raw) == before
    assert comments_on(study.places.rehearsed()) == ()


def test_comments_that_were_spoilt_stop_a_build_before_a_page_runs(
    study: Any, tmp_path: Path
) -> None:
    (study.raw / COMMENTS).write_text("id\none\n")
    with pytest.raises(InputError, match=r"comments\.csv, row 1, column comment"):
        build(study)
    assert runs(tmp_path) == []


def test_the_command_takes_comments_for_a_study_without_a_report(tmp_path: Path) -> None:
    (tmp_path / "study").mkdir()
    file = csv_file(tmp_path, ",".join(COLUMNS) + "\nIa-14,Why?,Ann\n")
    words = ["comments", "import", str(file), "--study", str(tmp_path / "study")]
    result = CliRunner().invoke(main, words)
    assert (result.exit_code, result.output.splitlines()) == (
        0,
        ["1 comment taken in.", "There is no report yet to look their ids up in."],
    )
    file.write_text("id\na\n")
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 1
    assert "sent.csv, row 1, column comment: the column is missing." in result.output
