"""Exports with one row an answer: the same table as from a row a submission."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from studies import CHOICES, problem_of, problems_of
from surveys import (
    AUDIT,
    CODE,
    COLUMNS,
    FINES,
    HEADER,
    ID,
    ITEMS,
    LAW,
    MAPPED,
    REMARKS,
    SOURCES,
    STAFF,
    VISIT,
    Read,
    SurveyFolder,
    answers,
    as_csv,
    read_and_clean,
    survey,
)

from analysis.intake import RawTable, clean, replay
from analysis.intake.long import long_table
from analysis.problems import Problem
from analysis.study import Study
from analysis.study.exports import Export
from analysis.study.places import SYNTHETIC
from analysis.study.roster import roster_of
from analysis.study.vocabulary import STATUSES

SHORT = "respondent_id item option value".split()
FULL = "respondents respondent_id cycle item option status value".split()
NAME = "responses/answers.csv"


@pytest.fixture
def folder(tmp_path: Path) -> SurveyFolder:
    return survey(tmp_path)


def put_long(
    folder: SurveyFolder,
    *rows: Sequence[str],
    header: Sequence[str] = SHORT,
    cycle: str = "b",
    group: str = "states",
    name: str = "answers",
    content: bytes | None = None,
) -> SurveyFolder:
    """Write a long export; what `cycle` and `group` leave empty, its rows must say."""
    file = f"{folder.folder}/{name}.csv"
    (folder.path / file).parent.mkdir(exist_ok=True)
    (folder.path / file).write_bytes(as_csv(header, rows) if content is None else content)
    if "shape" not in folder.study.read(folder.sources)[0]:
        folder.study.add_column(folder.sources, "shape")
    folder.register(file, cycle=cycle, group=group)
    folder.study.edit(folder.sources, file, shape="long")
    return folder


def cleaned(folder: SurveyFolder, *rows: Sequence[str], header: Sequence[str] = SHORT) -> Read:
    return read_and_clean(put_long(folder, *rows, header=header))


def said(table: pd.DataFrame, *names: str, **keys: str) -> list[list[str]]:
    """Some columns of the rows that have these cells."""
    for name, word in keys.items():
        table = table[table[name] == word]
    return table[list(names)].to_numpy().tolist()


def what(table: pd.DataFrame, item: str) -> dict[tuple[str, str], tuple[str, str]]:
    """Status and value of an item by respondent and option, without those that are silent."""
    own = table[(table["item"] == item) & (table["status"] != "unit_nonresponse")]
    keys = zip(own["respondent_id"], own["option"], strict=True)
    return dict(zip(keys, zip(own["status"], own["value"], strict=True), strict=True))


def place(problem: Problem) -> tuple[str, int | None, str, object]:
    return problem.file, problem.row, problem.column, problem.value


# What the rows become


def test_rows_become_the_table_that_a_wide_export_becomes(folder: SurveyFolder) -> None:
    put_long(
        folder,
        ["S-1", "law", "", "Oui"],
        ["S-1", "fines", "", " no"],
        ["S-1", "checks", "audit", "X"],
        ["S-1", "checks", "code", ""],
        ["S-1", "checks", "visit", "0"],
        ["S-1", "staff", "", "12"],
        ["s-2", "law", "", "yes and no"],
        ["s-2", "remarks", "", "none"],
    )
    loaded = folder.responses()
    names = ["item", "option", "status", "value"]
    assert said(loaded.table, *names, respondent_id="S-1") == [
        ["took_part", "", "answered", "yes"],
        ["law", "", "answered", "yes"],
        ["fines", "", "answered", "no"],
        ["checks", "audit", "answered", "selected"],
        ["checks", "code", "no_answer", ""],
        ["checks", "visit", "answered", "not_selected"],
        ["staff", "", "answered", "12"],
        ["remarks", "", "no_answer", ""],
    ]
    assert said(loaded.table, *names, respondent_id="S-2") == [
        ["took_part", "", "answered", "yes"],
        ["law", "", "no_answer", ""],
        ["fines", "", "not_asked", ""],
        ["checks", "audit", "no_answer", ""],
        ["checks", "code", "no_answer", ""],
        ["checks", "visit", "no_answer", ""],
        ["staff", "", "no_answer", ""],
        ["remarks", "", "answered", "none"],
    ]
    assert set(said(loaded.table, "status", respondent_id="S-3")[0]) == {"unit_nonresponse"}
    assert set(loaded.table["cycle"]) == {"b"}


def test_the_spelling_of_an_id_is_mapped_as_in_a_wide_export(folder: SurveyFolder) -> None:
    folder.map_values(("respondent_id", "State 1", "S-1", "the tool adds a word"))
    done = cleaned(folder, ["State 1", "law", "", "yes"], ["S-2", "law", "", "no"])
    assert (done.cleaned.problems, done.cleaned.unused) == ((), ())
    assert list(done.cleaned.parts[0].ids) == ["S-1", "S-2"]


def test_ledger_and_quarantine_name_the_row_of_the_answer(folder: SurveyFolder) -> None:
    done = cleaned(
        folder,
        ["S-2", "law", "", "yes and no"],
        ["s-1", " law", "", "no"],
        ["S-1", "fines", "", "Yes"],
        ["S-1", "checks", "code", ""],
        ["S-1", "checks", "audit", "X"],
    )
    assert done.cleaned.problems == ()
    ledger = done.cleaned.ledger.drop(columns="file").to_numpy().tolist()
    unasked = "answered though not asked: ${law} = 'yes' does not hold"
    assert ledger == [
        [2, "value", "yes and no", "no_answer", "quarantined: two answers at once"],
        [3, "respondent_id", "s-1", "S-1", "letter case or Unicode form"],
        [3, "item", " law", "law", "outer spaces"],
        [4, "value", "Yes", "not_asked", f"quarantined: {unasked}"],
        [5, "value", "", "not_selected", "blank: not_selected"],
        [6, "value", "X", "selected", "value map: a cross"],
    ]
    assert done.refused() == [
        (2, "value", "yes and no", "two answers at once"),
        (4, "value", "Yes", unasked),
    ]
    assert set(done.cleaned.ledger["file"]) == set(done.cleaned.quarantine["file"]) == {NAME}
    assert done.cell(3, "value") == ("no", "answered")
    assert [row.raw for row in done.cleaned.unused] == [
        raw for _, raw, _, _ in MAPPED if raw not in ("yes and no", "X")
    ]


def test_a_question_that_no_row_of_a_group_and_cycle_holds_is_not_in_the_table(
    folder: SurveyFolder,
) -> None:
    header = ["cycle", *SHORT]
    rows = [["a", "S-1", "law", "", "no"], ["b", "S-1", "law", "", "no"]]
    put_long(folder, *rows, ["b", "S-1", "staff", "", "2"], header=header, cycle="")
    table = folder.responses().table
    assert set(table.loc[table["cycle"] == "a", "item"]) == {"took_part", "law"}
    assert set(table.loc[table["cycle"] == "b", "item"]) == {"took_part", "law", "staff"}


def test_where_only_chosen_options_have_rows_the_others_were_not_chosen(
    folder: SurveyFolder,
) -> None:
    header, *rows = folder.study.read(CHOICES)
    offered = [[*cells, "a" if cells[1] == "visit" else ""] for cells in rows]
    folder.study.write(CHOICES, [[*header, "offered"], *offered])
    rows = [["S-1", "checks", "audit", "X"], ["S-2", "law", "", "no"]]
    put_long(folder, *rows, cycle="a", name="a")
    put_long(folder, *rows, cycle="b", name="b")
    table = folder.responses().table
    not_selected = ("answered", "not_selected")
    assert what(table[table["cycle"] == "a"], "checks") == {
        ("S-1", "audit"): ("answered", "selected"),
        ("S-1", "code"): not_selected,
        ("S-1", "visit"): not_selected,
        **{("S-2", option): ("no_answer", "") for option in ("audit", "code", "visit")},
    }
    # A visit was not offered in the later cycle, so that nobody can have left it out.
    assert {key[1] for key in what(table[table["cycle"] == "b"], "checks")} == {"audit", "code"}


@pytest.mark.parametrize("value", ["0", "", "Keine Angabe"])
def test_where_other_options_have_rows_as_well_these_tell_what_was_offered(
    folder: SurveyFolder, value: str
) -> None:
    put_long(folder, ["S-1", "checks", "audit", "X"], ["S-1", "checks", "code", value])
    assert {key[1] for key in what(folder.responses().table, "checks")} == {"audit", "code"}


def test_rows_of_those_who_did_not_take_part_tell_what_was_offered_too(
    folder: SurveyFolder,
) -> None:
    header = [*SHORT[:3], "status", "value"]
    rows = [["N 1", "checks", "audit", "", "X"]]
    rows += [["N 2", "checks", name, "unit_nonresponse", ""] for name in ("audit", "visit")]
    put_long(folder, *rows, header=header, group="ngos")
    assert what(folder.responses().table, "checks") == {
        ("N 1", "audit"): ("answered", "selected"),
        ("N 1", "visit"): ("answered", "not_selected"),
    }


# Statuses


@pytest.mark.parametrize(
    ("status", "value", "expected"),
    [
        ("", "yes", ("answered", "yes")),
        ("answered", "Oui", ("answered", "yes")),
        ("", "", ("no_answer", "")),
        ("no_answer", "", ("no_answer", "")),
        (" dont_know", "\u00a0", ("dont_know", "")),
        ("", "Keine Angabe", ("dont_know", "")),
        ("not_applicable", "", ("not_applicable", "")),
        ("not_asked", "", ("not_asked", "")),
    ],
)
def test_a_row_has_the_status_that_it_states_or_that_its_value_has(
    folder: SurveyFolder, status: str, value: str, expected: tuple[str, str]
) -> None:
    put_long(folder, ["S-1", "law", status, value], header=["respondent_id", *FULL[3::2], "value"])
    assert what(folder.responses().table, "law") == {("S-1", ""): expected}


def test_a_stated_status_is_kept_where_a_blank_would_be_read_from_its_neighbours(
    folder: SurveyFolder,
) -> None:
    rows = [["S-1", "checks", option, "", ""] for option in ("code", "visit")]
    rows[0][3] = "no_answer"
    rows.append(["S-1", "checks", "audit", "", "X"])
    done = cleaned(folder, *rows, header=[*SHORT[:3], "status", "value"])
    assert done.cleaned.statuses["value"].tolist() == ["no_answer", "answered", "answered"]
    assert done.rule(2, "value") == "status column: no_answer"
    assert done.rule(3, "value") == "blank: not_selected"


@pytest.mark.parametrize(
    ("status", "value", "words", "kept"),
    [
        ("no_answer", "yes", "has a value", ("yes", "answered")),
        ("unit_nonresponse", "no", "has a value", ("no", "answered")),
        ("answered", " ", "has no value", ("no_answer", "no_answer")),
    ],
)
def test_a_status_that_the_value_contradicts_is_refused_and_the_value_kept(
    folder: SurveyFolder, status: str, value: str, words: str, kept: tuple[str, str]
) -> None:
    header = ["respondent_id", "item", "status", "value"]
    rows = [["S-1", "law", "", "no"], ["S-2", "law", status, value]]
    done = cleaned(folder, *rows, header=header)
    (problem,) = done.cleaned.problems
    assert place(problem) == (NAME, 3, "status", status)
    assert words in problem.message
    assert done.cell(3, "value") == kept


def test_who_has_no_status_but_unit_nonresponse_did_not_take_part(folder: SurveyFolder) -> None:
    header = [*SHORT[:2], "status", "value"]
    put_long(
        folder,
        ["N 1", "law", "", "no"],
        ["N 2", "law", "unit_nonresponse", ""],
        ["N 2", "staff", "unit_nonresponse", " "],
        header=header,
        group="ngos",
    )
    table = folder.responses().table
    names = ["item", "status", "value"]
    assert said(table, *names, respondent_id="N 1") == [
        ["took_part", "answered", "yes"],
        ["law", "answered", "no"],
        ["staff", "no_answer", ""],
    ]
    assert said(table, *names, respondent_id="N 2") == [
        [item, "unit_nonresponse", ""] for item in ("took_part", "law", "staff")
    ]


def test_who_is_silent_can_be_said_of_the_question_who_took_part_alone(
    folder: SurveyFolder,
) -> None:
    header = [*SHORT[:2], "status", "value"]
    rows = [["N 1", "law", "", "no"], ["N 2", "took_part", "unit_nonresponse", ""]]
    put_long(folder, *rows, header=header, group="ngos")
    assert said(folder.responses().table, "respondent_id", "item", "status", "value") == [
        ["N 1", "took_part", "answered", "yes"],
        ["N 1", "law", "answered", "no"],
        ["N 2", "took_part", "unit_nonresponse", ""],
        ["N 2", "law", "unit_nonresponse", ""],
    ]


def test_who_answered_cannot_be_said_not_to_have_taken_part(folder: SurveyFolder) -> None:
    header = [*SHORT[:2], "status", "value"]
    rows = [["S-1", "law", "unit_nonresponse", ""], ["S-1", "staff", "", "3"]]
    (problem,) = cleaned(folder, ["S-2", "law", "", "no"], *rows, header=header).cleaned.problems
    assert place(problem) == (NAME, 3, "status", "unit_nonresponse")
    assert "row 4 says that 'S-1' did take part" in problem.message


# What is refused


def test_an_answer_that_is_given_twice_names_both_rows(folder: SurveyFolder) -> None:
    once, twice = cleaned(
        folder,
        ["S-1", "law", "", "no"],
        ["S-1", "checks", "audit", "X"],
        ["S-1", "checks", "code", "X"],
        ["s-1 ", "law", "", "no"],
        ["S-1", "checks", "audit", "X"],
    ).cleaned.problems
    assert place(once) == (NAME, 5, "item", "law")
    assert place(twice) == (NAME, 6, "item", "checks audit")
    assert "row 2 already" in once.message
    assert "row 3 already" in twice.message


@pytest.mark.parametrize(
    ("cells", "column", "value", "nearest"),
    [
        ({"item": "laws"}, "item", "laws", "law"),
        ({"item": "Law"}, "item", "Law", "law"),
        ({"item": ""}, "item", "", None),
        ({"item": "checks", "option": "audits"}, "option", "audits", "audit"),
        ({"item": "checks"}, "option", "", None),
        ({"option": "yes"}, "option", "yes", None),
        ({"cycle": "c"}, "cycle", "c", None),
        ({"cycle": ""}, "cycle", "", None),
        ({"respondents": "state"}, "respondents", "state", "states"),
        ({"status": "no answer", "value": ""}, "status", "no answer", "no_answer"),
        ({"respondent_id": "S1"}, "respondent_id", "S1", "S-1"),
        ({"value": "yess"}, "value", "yess", "yes"),
    ],
)
def test_a_name_that_nothing_declares_is_refused_with_the_nearest(
    folder: SurveyFolder, cells: Mapping[str, str], column: str, value: str, nearest: str | None
) -> None:
    right = dict(zip(FULL, ["states", "S-1", "b", "law", "", "", "no"], strict=True))
    put_long(
        folder,
        list({**right, "respondent_id": "S-2"}.values()),
        list({**right, **cells}.values()),
        header=FULL,
        cycle="",
        group="",
    )
    problem = problem_of(folder.responses)
    assert place(problem) == (NAME, 3, column, value)
    assert problem.suggestion == nearest
    assert problem.allowed or column == "option"


def test_a_name_that_is_wrong_in_many_rows_is_told_once(folder: SurveyFolder) -> None:
    rows = [["S-1", "law", "", "no"], *([f"X-{n % 2}", f"q{n % 3}", "", "no"] for n in range(60))]
    found = cleaned(folder, *rows).cleaned.problems
    assert sorted((p.column, p.row) for p in found) == [
        ("item", 3),
        ("item", 4),
        ("item", 5),
        ("respondent_id", 3),
        ("respondent_id", 4),
    ]
    assert all("19 more cells" in p.message for p in found if p.column == "item")


def test_blank_respondents_are_named(folder: SurveyFolder) -> None:
    rows = [["S-1", "law", "", "no"], [" ", "law", "", "no"], [" ", "law", "", "no"]]
    (problem,) = cleaned(folder, *rows).cleaned.problems
    assert place(problem) == (NAME, 3, "respondent_id", None)
    assert "blank" in problem.message


@pytest.mark.parametrize(
    ("header", "missing", "unknown", "nearest"),
    [
        (["respondent_id", "items", "value"], "item", "items", "item"),
        (["respondent_id", "item", "values"], "value", "values", "value"),
        (["Who", "item", "value"], "respondent_id", "Who", None),
        (["respondent_id", "item", "value", "state"], "", "state", "status"),
        (["respondent_id", "item", "value", "submitted_at"], "", "submitted_at", None),
    ],
)
def test_columns_that_are_missing_or_unknown_are_named(
    folder: SurveyFolder, header: list[str], missing: str, unknown: str, nearest: str | None
) -> None:
    row = dict(zip(header, ["S-1", "law", "no", "x"], strict=False))
    found = cleaned(folder, list(row.values()), header=header).cleaned.problems
    expected = [(NAME, 1, missing, missing)] if missing else []
    assert [place(p) for p in found] == [*expected, (NAME, 1, unknown, unknown)]
    assert found[-1].suggestion == nearest


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_columns_are_found_however_they_are_spaced_and_ordered(
    folder: SurveyFolder, form: str
) -> None:
    header = [unicodedata.normalize(form, f" {name}\u00a0") for name in reversed(SHORT)]
    done = cleaned(folder, ["no", "", "law", "S-1"], header=header)
    assert done.cleaned.problems == ()
    assert done.cell(2, header[0]) == ("no", "answered")


@pytest.mark.parametrize("column", ["cycle", "respondents"])
def test_what_the_sources_leave_open_the_rows_must_say(folder: SurveyFolder, column: str) -> None:
    given = {"cycle": "b", "group": "states", {"respondents": "group"}.get(column, column): ""}
    put_long(folder, ["S-1", "law", "", "no"], **given)
    problem = problem_of(folder.responses)
    assert place(problem) == (NAME, 1, column, column)
    assert "the table sources" in problem.message


def test_rows_must_not_contradict_the_sources(folder: SurveyFolder) -> None:
    rows = [["b", "S-1", "law", "", "no"], ["a", "S-2", "law", "", "no"]]
    put_long(folder, *rows, header=["cycle", *SHORT], cycle="b")
    problem = problem_of(folder.responses)
    assert place(problem) == (NAME, 3, "cycle", "a")
    assert problem.allowed == ("b",)
    assert "the table sources says 'b'" in problem.message


@pytest.mark.parametrize("column", ["cycle", "respondents"])
def test_only_a_long_export_may_leave_its_cycle_and_group_to_its_rows(
    folder: SurveyFolder, column: str
) -> None:
    folder.study.edit(SOURCES, folder.put(answers()), **{column: ""})
    problem = problem_of(folder.responses)
    assert (problem.file, problem.column) == (SOURCES, column)


def test_a_shape_that_is_neither_is_refused(folder: SurveyFolder) -> None:
    put_long(folder, ["S-1", "law", "", "no"])
    line = folder.study.edit(SOURCES, NAME, shape="lang")
    problem = problem_of(folder.load)
    assert place(problem) == (SOURCES, line, "shape", "lang")
    assert problem.suggestion == "long"


def test_two_exports_must_not_have_answers_of_the_same_group_and_cycle(
    folder: SurveyFolder,
) -> None:
    folder.put(answers(), cycle="a")
    folder.put(answers("N 1"), cycle="b", group="ngos")
    rows = [["states", "a", "S-1", "law", "no"], ["states", "b", "S-1", "law", "no"]]
    header = ["respondents", "cycle", "respondent_id", "item", "value"]
    put_long(folder, *rows, header=header, cycle="", group="")
    problem = problem_of(folder.responses)
    assert problem.file == NAME
    assert "responses/states_a.csv has answers of states in a already" in problem.message


def test_several_exports_may_leave_their_cycles_to_their_rows(folder: SurveyFolder) -> None:
    for cycle in ("a", "b"):
        row = ["states", cycle, "S-1", "law", "", "no"]
        header = ["respondents", "cycle", *SHORT]
        put_long(folder, row, header=header, cycle="", group="", name=cycle)
    assert set(folder.responses().table["cycle"]) == {"a", "b"}


def test_a_rule_needs_rows_of_the_question_that_it_names(folder: SurveyFolder) -> None:
    done = cleaned(folder, ["S-1", "fines", "", "no"], ["S-2", "staff", "", "1"])
    (problem,) = done.cleaned.problems
    assert (problem.file, problem.column) == ("codebook/survey.csv", "relevant")
    assert f"no row of {NAME} holds that of states in b" in problem.message


def test_an_answer_to_a_question_of_another_cycle_goes_to_the_quarantine(tmp_path: Path) -> None:
    folder = survey(tmp_path, items={**ITEMS, "staff": {**ITEMS["staff"], "asked": "a"}})
    done = cleaned(folder, ["S-1", "law", "", "no"], ["S-1", "staff", "", "4"])
    assert done.refused() == [(3, "value", "4", "not asked of states in b")]
    assert set(folder.responses().table["item"]) == {"took_part", "law"}


def test_an_id_in_two_spellings_is_refused_where_no_list_settles_it(folder: SurveyFolder) -> None:
    rows = [["a", "Ngo 1", "law", "", "no"], ["b", "NGO 1", "law", "", "no"]]
    put_long(folder, *rows, header=["cycle", *SHORT], cycle="", group="ngos")
    problem = problem_of(folder.responses)
    assert place(problem) == (NAME, 3, "respondent_id", "NGO 1")
    assert problem.suggestion == "Ngo 1"


def test_invented_answers_carry_their_mark_in_every_row(tmp_path: Path) -> None:
    folder = survey(tmp_path, is_rehearsal=True)
    rows = [["S-1", "law", "", "no", SYNTHETIC], ["S-2", "law", "", "no", ""]]
    put_long(folder, *rows[:1], header=[*SHORT, SYNTHETIC], name="right")
    assert folder.responses().is_synthetic
    put_long(folder, *rows, header=[*SHORT, SYNTHETIC], cycle="a", name="wrong")
    problem = problem_of(folder.responses)
    assert place(problem) == ("rehearsal/wrong.csv", 3, SYNTHETIC, "")


# A wide export and the same answers in rows


def everything(folder: SurveyFolder) -> SurveyFolder:
    """Wide exports with a cell of every status."""
    folder.put(
        answers("S-1", code="X", visit="Keine Angabe", staff=""),
        answers("S-2", law="Keine Angabe", fines="", audit="", remarks=" two\nlines, and more "),
        answers("s-3", law="n/a", fines="no", audit="0", staff="n/a", remarks="=1"),
    )
    folder.put(answers("S-1", law="no", fines="", audit="Keine Angabe"), cycle="a")
    folder.put(answers("N 10", staff=""), answers("N 2", law="yes and no"), group="ngos")
    return folder


def test_the_table_that_is_written_can_be_read_back(tmp_path: Path) -> None:
    written = everything(survey(tmp_path / "wide")).responses()
    assert set(written.table["status"]) == set(STATUSES)
    content = written.table.to_csv(index=False, lineterminator="\n").encode()
    assert content.startswith(b"respondents,respondent_id,cycle,item,option,status,value\n")
    folder = put_long(survey(tmp_path / "long"), content=content, cycle="", group="")
    again = folder.responses()
    pd.testing.assert_frame_equal(again.table, written.table)
    assert len(again.quarantine) == 0
    assert set(again.ledger["column"]) == {"value"}
    assert not again.without_key


def test_options_that_an_export_does_not_hold_are_not_added_on_the_way_back(
    tmp_path: Path,
) -> None:
    folders = [survey(tmp_path / name) for name in ("wide", "long")]
    at = HEADER.index(VISIT)
    header = [*HEADER[:at], *HEADER[at + 1 :]]
    rows = folders[0].study.read(COLUMNS)
    folders[0].study.write(COLUMNS, [row for row in rows if row[-1] != VISIT])
    folders[0].put(answers()[:at] + answers()[at + 1 :], header=header)
    written = folders[0].responses().table
    put_long(folders[1], *written.to_numpy().tolist(), header=FULL, cycle="", group="")
    pd.testing.assert_frame_equal(folders[1].responses().table, written)


def composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


WORDS = st.one_of(
    st.sampled_from([raw for _, raw, _, _ in MAPPED]),
    st.sampled_from(["yes", "No", "audit", "A code", "Visits", "12", "", "no_answer", "S-1"]),
    st.text(st.characters(codec="utf-8"), max_size=4),
)
EDGES = st.sampled_from(["", " ", "\u00a0", "\ufeff", "\u200b\t"])
CELLS = st.builds(
    lambda left, word, right, change: left + change(word) + right,
    EDGES,
    WORDS,
    EDGES,
    st.sampled_from([str, str.upper, composed]),
)
ROWS = st.lists(st.tuples(*([CELLS] * (len(HEADER) - 2))), min_size=1, max_size=5)
PLACES = {
    LAW: ("law", ""),
    FINES: ("fines", ""),
    AUDIT: ("checks", "audit"),
    CODE: ("checks", "code"),
    VISIT: ("checks", "visit"),
    STAFF: ("staff", ""),
    REMARKS: ("remarks", ""),
}


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return survey(tmp_path_factory.mktemp("study")).load()


def as_raw(header: Sequence[str], rows: Sequence[Sequence[str]]) -> RawTable:
    index = pd.Index(range(2, len(rows) + 2), name="row")
    return RawTable(NAME, pd.DataFrame(rows, columns=list(header), index=index, dtype="str"))


def in_rows(rows: Sequence[Sequence[str]], rng: random.Random) -> list[list[str]]:
    """The cells of some submissions as rows in any order, some of the blank ones left out."""
    melted = [
        [rng.choice([f"S-{n}", f"s-{n} "]), *PLACES[header], cell]
        for n, cells in enumerate(rows, start=1)
        for header, cell in zip(HEADER[2:], cells, strict=True)
    ]
    rng.shuffle(melted)
    left: dict[object, int] = {}
    for row in melted:
        for key in (row[0].strip().upper(), tuple(row[1:3])):
            left[key] = left.get(key, 0) + 1
    kept = []
    for row in melted:
        keys = (row[0].strip().upper(), tuple(row[1:3]))
        if not row[3].strip() and min(left[key] for key in keys) > 1 and rng.random() < 0.7:
            for key in keys:
                left[key] -= 1
        else:
            kept.append(row)
    return kept


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=ROWS, seed=st.integers(0, 1000))
def test_the_same_answers_make_the_same_table_in_either_shape(
    study: Study, rows: list[tuple[str, ...]], seed: int
) -> None:
    book, roster = study.codebook, roster_of(study)
    submissions = [[f"S-{n}", "2021-03-01", *cells] for n, cells in enumerate(rows, start=1)]
    export = Export(NAME, Path(NAME), "", "b", "states")
    wide = clean(as_raw(HEADER, submissions), export, book, roster)
    raw = as_raw(SHORT, in_rows(rows, random.Random(seed)))
    before = raw.table.copy(deep=True)
    long = clean(raw, Export(NAME, Path(NAME), "", "b", "states", is_long=True), book, roster)
    pd.testing.assert_frame_equal(
        long_table(long.parts, book, roster), long_table(wide.parts, book, roster)
    )
    assert sorted((str(p.value), p.message) for p in long.problems) == sorted(
        (str(p.value), p.message) for p in wide.problems
    )
    assert long.unused == wide.unused
    refused = ["value", "reason"]
    assert sorted(long.quarantine[refused].to_numpy().tolist()) == sorted(
        wide.quarantine[refused].to_numpy().tolist()
    )
    # The record leads from the raw rows to the clean ones, and names each changed cell once.
    pd.testing.assert_frame_equal(replay(raw, long.ledger, long.quarantine), long.table)
    pd.testing.assert_frame_equal(raw.table, before)
    assert list(long.table.index) == list(raw.table.index)
    assert not long.ledger.duplicated(["row", "column"]).any()
    assert (long.ledger["rule"] != "").all()
    assert long.statuses["value"].isin(STATUSES).all()


ANY = st.sampled_from(["", "law", "fines", "checks", "audit", "S-1", "yes", "dont_know", "zzz"])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=st.lists(st.tuples(*([ANY] * 5)), min_size=1, max_size=6))
def test_whatever_is_wrong_with_the_rows_they_can_be_replayed(
    study: Study, rows: list[tuple[str, ...]]
) -> None:
    export = Export(NAME, Path(NAME), "", "b", "states", is_long=True)
    raw = as_raw([*SHORT[:3], "status", "value"], rows)
    done = clean(raw, export, study.codebook, roster_of(study))
    pd.testing.assert_frame_equal(replay(raw, done.ledger, done.quarantine), done.table)
    assert done.statuses["value"].isin(STATUSES).all()


def test_problems_of_a_long_and_a_wide_export_come_in_one_list(folder: SurveyFolder) -> None:
    wide = folder.put(answers("S-1", law="Jein"), cycle="a")
    put_long(folder, ["S-1", "law", "", "Jein"], ["S-7", "law", "", "no"])
    assert [place(p) for p in problems_of(folder.responses)] == [
        (wide, 2, LAW, "Jein"),
        (NAME, 3, "respondent_id", "S-7"),
        (NAME, 2, "value", "Jein"),
    ]


def test_the_headers_of_wide_exports_have_no_meaning_in_a_long_one(folder: SurveyFolder) -> None:
    assert ID in folder.study.read(COLUMNS)[1]
    rows = [["S-1", "law", "no"]]
    found = cleaned(folder, *rows, header=[ID, "item", "value"]).cleaned.problems
    assert [p.column for p in found] == ["respondent_id", ID]
