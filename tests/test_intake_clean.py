"""Cleaning one export: what each cell becomes, and the record of it."""

from __future__ import annotations

import random
import unicodedata
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from studies import SURVEY, problem_of, problems_of
from surveys import (
    AUDIT,
    CODE,
    FINES,
    HEADER,
    ID,
    ITEMS,
    LAW,
    MAPPED,
    REMARKS,
    STAFF,
    VISIT,
    WHEN,
    Read,
    SurveyFolder,
    answers,
    read_and_clean,
    survey,
)

from analysis.intake import RawTable, clean, replay
from analysis.problems import Problem
from analysis.study import Study
from analysis.study.exports import Export
from analysis.study.roster import roster_of
from analysis.study.vocabulary import STATUSES

DEEP = "(" * 5000 + "${law} = 'yes'" + ")" * 5000
"""A rule that would need a very deep stack."""


@pytest.fixture
def folder(tmp_path: Path) -> SurveyFolder:
    return survey(tmp_path)


def one(folder: SurveyFolder, **cells: str) -> Read:
    """An export with one submission, in line 2."""
    folder.put(answers(**cells))
    return read_and_clean(folder)


def place(problem: Problem) -> tuple[str, int | None, str, object]:
    return problem.file, problem.row, problem.column, problem.value


@pytest.mark.parametrize(
    ("cell", "rule"),
    [
        ("yes", ""),
        (" yes\u2003", "outer spaces"),
        ("\ufeffyes", "outer spaces"),
        ("YES", "letter case or Unicode form"),
        ("Yes ", "letter case or Unicode form"),
        ("oui", "value map: answered in French"),
        ("ДА", "value map: answered in Russian"),
    ],
)
def test_a_spelling_becomes_the_code_and_the_ledger_says_how(
    folder: SurveyFolder, cell: str, rule: str
) -> None:
    done = one(folder, law=cell)
    assert done.cleaned.problems == ()
    assert done.cell(2, LAW) == ("yes", "answered")
    assert done.rule(2, LAW) == rule


def test_a_label_becomes_its_code_in_either_unicode_form(folder: SurveyFolder) -> None:
    folder.study.write(
        "codebook/choices.csv",
        [
            [*cells[:2], "D\u00e9cid\u00e9", ""] if cells[1] == "yes" else cells
            for cells in folder.study.read("codebook/choices.csv")
        ],
    )
    done = one(folder, law=unicodedata.normalize("NFD", "d\u00c9cid\u00e9"))
    assert done.cleaned.problems == ()
    assert done.cell(2, LAW) == ("yes", "answered")
    assert done.rule(2, LAW) == "label to code"


@pytest.mark.parametrize(
    ("cells", "status"),
    [
        ({"law": "Yes"}, "answered"),
        ({"law": "Keine Angabe"}, "dont_know"),
        ({"law": "N/A"}, "not_applicable"),
        ({"law": ""}, "no_answer"),
        ({"law": "\u00a0 \ufeff"}, "no_answer"),
        ({"law": "yes and no"}, "no_answer"),
    ],
)
def test_every_cell_has_its_status(
    folder: SurveyFolder, cells: dict[str, str], status: str
) -> None:
    done = one(folder, **cells, fines="")
    assert done.cell(2, LAW)[1] == status
    assert done.cleaned.statuses.isin(STATUSES).all(axis=None)
    assert list(done.cleaned.statuses.columns) == [LAW, FINES, AUDIT, CODE, VISIT, STAFF, REMARKS]


def test_a_spelling_for_any_list_also_holds_where_there_is_no_list(folder: SurveyFolder) -> None:
    done = one(folder, staff="keine angabe", remarks=" Keine Angabe")
    assert done.cell(2, STAFF) == done.cell(2, REMARKS) == ("dont_know", "dont_know")


def test_a_mapping_for_any_list_does_not_bring_in_options_of_another(folder: SurveyFolder) -> None:
    folder.map_values(*MAPPED, ("", "si", "yes", "Italian"))
    done = one(folder, law="Si", audit="Si", remarks="Si")
    assert done.cell(2, LAW) == ("yes", "answered")
    assert done.cell(2, REMARKS) == ("Si", "answered")
    (problem,) = done.cleaned.problems
    assert place(problem) == (done.raw.file, 2, AUDIT, "Si")


def test_a_mapping_holds_for_its_own_list_only(folder: SurveyFolder) -> None:
    folder.map_values(*MAPPED, ("check", "egal", "dont_know", "German for all the same"))
    done = one(folder, law="egal", fines="", audit="", code="egal")
    assert done.cell(2, CODE) == ("dont_know", "dont_know")
    assert [problem.column for problem in done.cleaned.problems] == [LAW]


def test_a_spelling_that_the_value_map_refuses_goes_to_the_quarantine(
    folder: SurveyFolder,
) -> None:
    done = one(folder, law="Yes and no", fines="")
    assert done.cleaned.problems == ()
    assert done.refused() == [(2, LAW, "Yes and no", "two answers at once")]
    assert done.rule(2, LAW) == "quarantined: two answers at once"
    assert done.cell(2, FINES) == ("not_asked", "not_asked")


@pytest.mark.parametrize(
    ("header", "cells", "nearest"),
    [
        (LAW, {"law": "yess", "fines": ""}, "yes"),
        (LAW, {"law": "Ouii", "fines": ""}, "Oui"),
        (LAW, {"law": "Yes  and no", "fines": ""}, None),
        (AUDIT, {"audit": "audti"}, "audit"),
        (AUDIT, {"audit": "A code"}, None),
        (STAFF, {"staff": "twelve"}, None),
        (STAFF, {"staff": "1.5"}, None),
        (STAFF, {"staff": "1,200"}, None),
        (STAFF, {"staff": "nan"}, "n/a"),
    ],
)
def test_nothing_is_guessed(
    folder: SurveyFolder, header: str, cells: dict[str, str], nearest: str | None
) -> None:
    (value,) = [cell for cell in cells.values() if cell]
    done = one(folder, **cells)
    (problem,) = done.cleaned.problems
    assert place(problem) == (done.raw.file, 2, header, value)
    assert problem.allowed
    assert problem.suggestion == nearest
    assert done.refused()[0][:3] == (2, header, value)
    assert done.cell(2, header) == ("no_answer", "no_answer")


def test_the_first_cells_with_a_wrong_spelling_are_listed_and_the_others_counted(
    folder: SurveyFolder,
) -> None:
    folder.put(*(answers(f"S-{n % 5}", remarks="", staff="some") for n in range(30)))
    done = read_and_clean(folder)
    found = [problem for problem in done.cleaned.problems if problem.column == STAFF]
    assert [problem.row for problem in found] == [2, 3, 4]
    assert found[-1].message.endswith("27 more cells of the column hold it.")


def test_a_spelling_that_means_two_things_is_refused(folder: SurveyFolder) -> None:
    folder.map_values(*MAPPED, ("yes_no", "NO", "dont_know", "short for no opinion"))
    done = one(folder)
    problem = done.cleaned.problems[0]
    assert place(problem) == ("codebook/value_map.csv", len(MAPPED) + 2, "raw", "NO")
    assert "'no'" in problem.message


def test_mappings_that_nothing_used_are_listed(folder: SurveyFolder) -> None:
    done = one(folder, law="Oui")
    assert [row.raw for row in done.cleaned.unused] == [
        raw for _, raw, _, _ in MAPPED if raw not in ("Oui", "X")
    ]


def test_a_spelling_of_an_id_is_mapped_told_and_used(folder: SurveyFolder) -> None:
    row = ("respondent_id", "State 1", "S-1", "the tool adds a word")
    folder.map_values(*MAPPED, row)
    folder.put(answers("state 1"), answers("S-2"))
    done = read_and_clean(folder)
    assert done.cleaned.problems == ()
    assert list(done.cleaned.table[ID]) == ["S-1", "S-2"]
    assert done.rule(2, ID) == "value map: the tool adds a word"
    assert "State 1" not in [one.raw for one in done.cleaned.unused]


@pytest.mark.parametrize(
    ("rows", "value", "told"),
    [
        ([("one", "no_answer")], "no_answer", "not the name of a respondent"),
        ([("one", "S-1"), ("ONE ", "S-2")], "S-2", "already means 'S-1'"),
    ],
)
def test_a_spelling_of_an_id_means_one_respondent(
    folder: SurveyFolder, rows: list[tuple[str, str]], value: str, told: str
) -> None:
    folder.map_values(*(("respondent_id", raw, name, "x") for raw, name in rows))
    (problem,) = problems_of(folder.load)
    assert place(problem) == ("codebook/value_map.csv", len(rows) + 1, "name", value)
    assert told in problem.message


# Several answers, spread over columns


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ("X||", "selected not_selected not_selected"),
        ("0|0|0", "not_selected not_selected not_selected"),
        ("0||", "not_selected no_answer no_answer"),
        ("X|0|", "selected not_selected no_answer"),
        ("audit|A Code|visits", "selected selected selected"),
        ("||", "no_answer no_answer no_answer"),
        (" |\u00a0|", "no_answer no_answer no_answer"),
        ("n/a||", "not_applicable not_applicable not_applicable"),
        ("|Keine Angabe|", "dont_know dont_know dont_know"),
        ("X|Keine Angabe|", "selected dont_know not_selected"),
    ],
)
def test_a_blank_among_several_answers_is_read_from_its_neighbours(
    folder: SurveyFolder, cells: str, expected: str
) -> None:
    audit, code, visit = cells.split("|")
    done = one(folder, audit=audit, code=code, visit=visit)
    assert done.cleaned.problems == ()
    assert done.cleaned.table.loc[2, [AUDIT, CODE, VISIT]].tolist() == expected.split()
    assert done.cleaned.statuses.loc[2, [AUDIT, CODE, VISIT]].tolist() == [
        "answered" if "selected" in word else word for word in expected.split()
    ]


@pytest.mark.parametrize(("writes_no", "blank"), [("0", "no_answer"), ("", "not_selected")])
def test_a_blank_is_no_negative_where_the_file_writes_negatives(
    folder: SurveyFolder, writes_no: str, blank: str
) -> None:
    folder.put(
        answers("S-1", code="X", visit=writes_no),
        answers("S-2", visit="X"),
        answers("S-3", audit=""),
    )
    done = read_and_clean(folder)
    assert done.cleaned.problems == ()
    marks = done.cleaned.table[[AUDIT, CODE, VISIT]].to_numpy().tolist()
    assert marks == [
        ["selected", "selected", "not_selected"],
        ["selected", blank, "selected"],
        ["no_answer"] * 3,
    ]
    rules = done.cleaned.ledger.set_index(["row", "column"])["rule"]
    assert rules[3, CODE] == f"blank: {blank}"


# Routing


def test_only_those_whom_the_rule_names_were_asked(folder: SurveyFolder) -> None:
    folder.put(
        answers("S-1", fines=""),
        answers("S-2", law="no", fines=""),
        answers("S-3", law="", fines=""),
        answers("S-4", law="no", fines="Yes"),
        answers("S-5", law="no", fines="n/a"),
    )
    done = read_and_clean(folder)
    assert done.cleaned.problems == ()
    assert done.cleaned.statuses[FINES].tolist() == [
        "no_answer",
        "not_asked",
        "not_asked",
        "not_asked",
        "not_applicable",
    ]
    assert [done.rule(line, FINES) for line in (2, 3)] == ["blank: no_answer", "blank: not_asked"]
    reason = "answered though not asked: ${law} = 'yes' does not hold"
    assert done.refused() == [(5, FINES, "Yes", reason)]


def test_who_was_not_asked_is_not_asked_what_hangs_on_it(tmp_path: Path) -> None:
    # The question that hangs on the other one stands before it in the codebook.
    items = dict(reversed(ITEMS.items())) | {
        "staff": {**ITEMS["staff"], "relevant": "${fines} = 'yes'"}
    }
    done = one(survey(tmp_path, items=items), law="no", fines="yes", staff="3")
    assert done.cell(2, STAFF) == ("not_asked", "not_asked")
    assert [row[1] for row in done.refused()] == [FINES, STAFF]


def test_a_question_can_hang_on_one_of_several_answers(tmp_path: Path) -> None:
    items = {**ITEMS, "staff": {**ITEMS["staff"], "relevant": "${checks} = 'audit'"}}
    folder = survey(tmp_path, items=items)
    folder.put(answers(staff=""), answers("S-2", audit="", code="X", staff=""))
    done = read_and_clean(folder)
    assert done.cleaned.statuses[STAFF].tolist() == ["no_answer", "not_asked"]


@pytest.mark.parametrize(
    ("relevant", "asked"),
    [
        ("${law} != 'yes'", [False, True, True, True]),
        ("not(${law} = 'no')", [True, False, True, True]),
        ("${law} = 'yes' or selected(${checks}, 'code')", [True, False, True, False]),
        ("${law} != '' and ${checks} = 'audit'", [True, True, False, False]),
        ("${staff} > 10", [True, False, False, False]),
        ("${staff} <= 12.0 and not(${staff} = 3)", [True, False, False, False]),
        ("${staff} = '3' or (${law} = 'yes' and ${checks} = 'visit')", [False, True, False, False]),
    ],
)
def test_conditions_are_those_of_a_form(tmp_path: Path, relevant: str, asked: list[bool]) -> None:
    folder = survey(tmp_path, items={**ITEMS, "remarks": {"type": "text", "relevant": relevant}})
    folder.put(
        answers(remarks=""),
        answers("S-2", law="no", fines="", staff="3", remarks=""),
        answers("S-3", law="", fines="", audit="", code="X", staff="", remarks=""),
        answers("S-4", law="Keine Angabe", fines="", audit="", staff="", remarks=""),
    )
    done = read_and_clean(folder)
    assert not done.cleaned.problems
    assert [status != "not_asked" for status in done.cleaned.statuses[REMARKS]] == asked


def test_several_answers_can_hang_on_another_question(tmp_path: Path) -> None:
    items = {**ITEMS, "checks": {**ITEMS["checks"], "relevant": "${law} = 'yes'"}}
    done = one(survey(tmp_path, items=items), law="no", fines="")
    assert done.cleaned.statuses.loc[2, [AUDIT, CODE, VISIT]].tolist() == ["not_asked"] * 3
    assert [row[:3] for row in done.refused()] == [(2, AUDIT, "X")]


def test_an_answer_to_a_question_of_another_cycle_goes_to_the_quarantine(tmp_path: Path) -> None:
    items = {**ITEMS, "law": {**ITEMS["law"], "asked": "a"}}
    folder = survey(tmp_path, items=items)
    folder.put(answers(), answers("S-2", law=""))
    done = read_and_clean(folder)
    assert done.cleaned.statuses[LAW].tolist() == ["not_asked", "not_asked"]
    assert done.refused() == [(2, LAW, "Yes", "not asked of states in b")]
    # The rule of the question behind it has nothing to hold on to, so all were asked.
    assert done.cleaned.statuses[FINES].tolist() == ["answered", "answered"]


@pytest.mark.parametrize(
    ("rules", "value", "nearest"),
    [
        ({"fines": "${law} ~ 'no'"}, "${law} ~ 'no'", None),
        ({"fines": "${law} > 3"}, "${law} > '3'", None),
        ({"fines": "${staff} > 'few'"}, "few", None),
        ({"fines": "__import__('os').system('true')"}, "__import__('os').system('true')", None),
        ({"fines": DEEP}, DEEP, None),
        ({"fines": "${laws} = 'yes'"}, "laws", "law"),
        ({"fines": "${law} = 'yess'"}, "yess", "yes"),
        ({"law": "${fines} = 'yes'"}, None, None),
        ({"fines": "${took_part} = 'yes'"}, "${took_part} = 'yes'", None),
    ],
)
def test_a_rule_that_cannot_be_followed_is_named(
    folder: SurveyFolder, rules: dict[str, str], value: str | None, nearest: str | None
) -> None:
    for name, rule in rules.items():
        line = folder.study.edit(SURVEY, name, relevant=rule)
    done = one(folder)
    (problem,) = done.cleaned.problems
    assert (problem.file, problem.column) == ("codebook/survey.csv", "relevant")
    assert problem.suggestion == nearest
    if value is not None:
        assert (problem.row, problem.value) == (line, value)
    else:
        assert "circle" in problem.message


# Columns


def test_columns_are_found_by_header_wherever_they_stand(folder: SurveyFolder) -> None:
    header = [f" {name}\u00a0" for name in reversed(HEADER)]
    folder.put(list(reversed(answers())), header=header)
    done = read_and_clean(folder)
    assert done.cleaned.problems == ()
    assert list(done.cleaned.table.columns) == header
    assert done.cell(2, f" {LAW}\u00a0") == ("yes", "answered")


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_headers_are_the_same_in_either_unicode_form(folder: SurveyFolder, form: str) -> None:
    other = {"NFC": "NFD", "NFD": "NFC"}[form]
    asked = [unicodedata.normalize(form, f"{name} (r\u00e9ponse)") for name in HEADER]
    header = [unicodedata.normalize(other, name) for name in asked]
    folder.name_columns(asked)
    folder.put(answers(), header=header)
    done = read_and_clean(folder)
    assert done.cleaned.problems == ()
    assert list(done.cleaned.table.columns) == header


def test_a_renamed_column_is_missing_and_unknown_each_with_the_other(
    folder: SurveyFolder,
) -> None:
    renamed = "Is there any law?"
    folder.put(answers(), header=[renamed if name == LAW else name for name in HEADER])
    missing, unknown = read_and_clean(folder).cleaned.problems
    name = "responses/states_b.csv"
    assert place(missing) == (name, 1, LAW, LAW)
    assert missing.suggestion == renamed
    assert place(unknown) == (name, 1, renamed, renamed)
    assert unknown.suggestion == LAW


def test_a_question_that_was_not_asked_needs_no_column(tmp_path: Path) -> None:
    folder = survey(tmp_path, items={**ITEMS, "law": {**ITEMS["law"], "asked": "a"}})
    place = HEADER.index(LAW)
    cells, header = answers(), list(HEADER)
    del cells[place], header[place]
    folder.put(cells, header=header)
    assert read_and_clean(folder).cleaned.problems == ()


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (("law", "", "", "", "Law"), "item", "already names a column for 'law'"),
        (("staff", "", "b", "", LAW), "item", "already names a column for 'staff'"),
        (("checks", "", "", "", "Checks"), "option", "in another way"),
    ],
)
def test_a_codebook_that_names_columns_wrongly_is_refused(
    folder: SurveyFolder, row: tuple[str, ...], column: str, words: str
) -> None:
    file = "codebook/columns.csv"
    folder.study.write(file, [*folder.study.read(file), row])
    problem = next(p for p in one(folder).cleaned.problems if p.file == file)
    assert (problem.row, problem.column) == (len(HEADER) + 2, column)
    assert words in problem.message


def test_an_export_without_a_column_of_ids_is_refused(folder: SurveyFolder) -> None:
    file = "codebook/columns.csv"
    folder.study.drop_row(file, "respondent_id")
    problems = one(folder).cleaned.problems
    assert [(p.file, p.column) for p in problems] == [
        (f"{folder.folder}/states_b.csv", ID),
        (file, "item"),
    ]


# Respondents


def test_ids_are_spelled_as_the_list_spells_them(folder: SurveyFolder) -> None:
    folder.put(answers(" s-1\u00a0"), answers("S-2"))
    done = read_and_clean(folder)
    assert done.cleaned.table[ID].tolist() == ["S-1", "S-2"]
    assert done.rule(2, ID) == "letter case or Unicode form"
    assert done.rule(3, ID) == ""


def test_unknown_and_blank_respondents_are_named(folder: SurveyFolder) -> None:
    folder.put(answers("S-1"), answers("S1"), answers(" "))
    done = read_and_clean(folder)
    blank, unknown = done.cleaned.problems
    assert place(blank) == (done.raw.file, 4, ID, None)
    assert place(unknown) == (done.raw.file, 3, ID, "S1")
    assert unknown.allowed == ("S-1", "S-2", "S-3", "S-4", "S-5")
    assert unknown.suggestion == "S-1"


def test_a_group_without_a_list_may_have_any_id(folder: SurveyFolder) -> None:
    folder.put(answers("anybody "), answers("Cafe\u0301"), group="ngos")
    done = read_and_clean(folder)
    assert done.cleaned.problems == ()
    assert done.cleaned.table[ID].tolist() == ["anybody", "Caf\u00e9"]


# Duplicates


def duplicates(tmp_path: Path, rule: str, *rows: list[str]) -> Read:
    folder = survey(tmp_path, rule=rule)
    folder.put(*rows, answers("S-5"))
    return read_and_clean(folder)


def test_duplicates_without_a_rule_are_refused(tmp_path: Path) -> None:
    done = duplicates(tmp_path, "refuse", answers("S-1"), answers("s-1 "), answers("S-1"))
    assert ["It is read as 'S-1'" in one.message for one in done.cleaned.problems] == [True, False]
    assert [place(problem) for problem in done.cleaned.problems] == [
        (done.raw.file, 3, ID, "s-1 "),
        (done.raw.file, 4, ID, "S-1"),
    ]
    assert "row 2" in done.cleaned.problems[0].message


def test_submissions_without_an_id_are_no_duplicates(tmp_path: Path) -> None:
    done = duplicates(tmp_path, "latest", answers(""), answers(" ", when="2021-04-01"))
    assert [(p.row, p.message) for p in done.cleaned.problems] == [
        (2, "the respondent_id is blank."),
        (3, "the respondent_id is blank."),
    ]
    assert done.cleaned.table.index.tolist() == [2, 3, 4]


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        ("2021-03-01", "2021-03-02", 3),
        ("2021-03-02", "2021-03-01", 2),
        ("2021-03-01T10:00:00Z", "2021-03-01T09:30:00-01:00", 3),
        ("2021-03-01 10:00", " 2021-03-01 09:59", 2),
        ("9", "10", 3),
    ],
)
def test_the_latest_submission_counts(tmp_path: Path, first: str, second: str, kept: int) -> None:
    done = duplicates(
        tmp_path, "latest", answers(when=first, law="no", fines=""), answers("s-1", when=second)
    )
    assert done.cleaned.problems == ()
    assert done.cleaned.table.index.tolist() == [kept, 4]
    dropped = 5 - kept
    reason = f"duplicate submission (latest); row {kept} is kept"
    assert done.refused() == [(dropped, "", "S-1", reason)]
    assert dropped not in done.cleaned.ledger["row"].tolist()


@pytest.mark.parametrize(
    ("first", "second"),
    [("2021-03-01", ""), ("01/03/2021", "02/03/2021"), ("2021-03-01T10:00", "2021-03-01T10:00Z")],
)
def test_times_that_cannot_be_compared_are_refused(tmp_path: Path, first: str, second: str) -> None:
    done = duplicates(tmp_path, "latest", answers(when=first), answers(when=second))
    assert [(p.row, p.column) for p in done.cleaned.problems] == [(2, WHEN), (3, WHEN)]
    assert done.cleaned.problems[0].allowed


def test_the_most_complete_submission_counts(tmp_path: Path) -> None:
    # The second one has more cells with an answer, but fewer questions.
    unsure = "Keine Angabe"
    done = duplicates(
        tmp_path,
        "most_complete",
        answers(code=unsure, visit=unsure),
        answers(code="X", visit="X", remarks=""),
    )
    assert done.cleaned.table.index.tolist() == [2, 4]
    assert done.refused() == [(3, "", "S-1", "duplicate submission (most_complete); row 2 is kept")]


def test_of_two_equally_complete_submissions_the_later_one_counts(tmp_path: Path) -> None:
    done = duplicates(tmp_path, "most_complete", answers(when="2021-03-05"), answers(fines="Yes"))
    assert done.cleaned.table.index.tolist() == [2, 4]


@pytest.mark.parametrize("rule", ["latest", "most_complete"])
def test_submissions_at_the_same_time_must_say_the_same(tmp_path: Path, rule: str) -> None:
    same = duplicates(tmp_path / "same", rule, answers(), answers(law="YES"))
    assert same.cleaned.problems == ()
    assert same.cleaned.table.index.tolist() == [2, 4]
    other = duplicates(tmp_path / "other", rule, answers(), answers(staff="13"))
    (problem,) = other.cleaned.problems
    assert place(problem) == (other.raw.file, 3, ID, "S-1")


# What holds for every export


def composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


WORDS = st.one_of(
    st.sampled_from([raw for _, raw, _, _ in MAPPED]),
    st.sampled_from(["yes", "No", "audit", "A code", "Visits", "12", "", "no_answer", "S-1"]),
    st.text(st.characters(codec="utf-8"), max_size=4),
)
EDGES = st.sampled_from(["", " ", "\u00a0", "\ufeff", "\u200b\t", "\u3000", "\u0301"])
CELLS = st.builds(
    lambda left, word, right, change: left + change(word) + right,
    EDGES,
    WORDS,
    EDGES,
    st.sampled_from([str, str.upper, str.casefold, composed, decomposed]),
)
IDS = st.builds(
    lambda left, name, right: left + name + right,
    EDGES,
    st.sampled_from(["S-1", "s-2", "S-3", "S-4", "x"]),
    EDGES,
)
TIMES = st.sampled_from(["2021-03-01", "2021-03-02 10:00", "", "5"])
ROWS = st.lists(st.tuples(IDS, TIMES, *([CELLS] * (len(HEADER) - 2))), min_size=1, max_size=8)


@pytest.fixture(scope="module")
def studies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Study]:
    return {
        rule: survey(tmp_path_factory.mktemp(rule), rule=rule).load()
        for rule in ("refuse", "latest", "most_complete")
    }


def cleaned_of(study: Study, rows: list[tuple[str, ...]]) -> Read:
    export = Export("responses/x.csv", Path("x.csv"), "", "b", "states")
    index = pd.Index(range(2, len(rows) + 2), name="row")
    raw = RawTable(export.name, pd.DataFrame(rows, columns=HEADER, index=index, dtype="str"))
    return Read(raw, export, clean(raw, export, study.codebook, roster_of(study)))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=ROWS, rule=st.sampled_from(["refuse", "latest", "most_complete"]))
def test_nothing_vanishes_and_the_ledger_leads_from_raw_to_clean(
    studies: dict[str, Study], rows: list[tuple[str, ...]], rule: str
) -> None:
    done = cleaned_of(studies[rule], rows)
    raw, cleaned = done.raw, done.cleaned
    before = raw.table.copy(deep=True)
    pd.testing.assert_frame_equal(replay(raw, cleaned.ledger, cleaned.quarantine), cleaned.table)
    pd.testing.assert_frame_equal(raw.table, before)
    # Rows in = rows out + rows in the quarantine.
    is_row = cleaned.quarantine["column"] == ""
    gone = cleaned.quarantine.loc[is_row, "row"].tolist()
    assert sorted([*cleaned.table.index, *gone]) == list(raw.table.index)
    # The ledger names every changed cell once and nothing else, each with its rule.
    cells = zip(cleaned.ledger["row"], cleaned.ledger["column"].map(HEADER.index), strict=True)
    places = list(cells)
    assert places == sorted(set(places))
    assert (cleaned.ledger["before"] != cleaned.ledger["after"]).all()
    assert (cleaned.ledger["rule"] != "").all()
    # An answer of a row that stays is in the clean table, or in the quarantine as it was.
    assert cleaned.statuses.isin(STATUSES).all(axis=None)
    refused = {(row, column) for row, column, _, _ in done.refused()}
    by_cell = cleaned.ledger.set_index(["row", "column"])["rule"].to_dict()
    for line in cleaned.table.index:
        for header in HEADER[2:]:
            value, status = str(raw.table.loc[line, header]), done.cell(line, header)[1]
            stated = by_cell.get((line, header), "").startswith(("value map", "blank"))
            assert status == "answered" or stated or (line, header) in refused or not value.strip()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=ROWS, seed=st.integers(0, 1000))
def test_what_a_cell_becomes_does_not_depend_on_where_it_stands(
    studies: dict[str, Study], rows: list[tuple[str, ...]], seed: int
) -> None:
    study = studies["refuse"]
    done = cleaned_of(study, rows)
    table = done.raw.table
    lines, header = list(table.index), list(HEADER)
    random.Random(seed).shuffle(lines)
    random.Random(seed + 1).shuffle(header)
    shuffled = replace(done.raw, table=table.loc[lines, header])
    other = clean(shuffled, done.export, study.codebook, roster_of(study))
    pd.testing.assert_frame_equal(other.table.loc[table.index, HEADER], done.cleaned.table)
    pd.testing.assert_frame_equal(
        other.statuses.loc[table.index, done.cleaned.statuses.columns], done.cleaned.statuses
    )
    assert len(other.ledger) == len(done.cleaned.ledger)
    assert len(other.problems) == len(done.cleaned.problems)


@pytest.mark.parametrize("header", [FINES, STAFF, REMARKS])
def test_blanking_a_cell_changes_the_status_of_that_cell_alone(
    studies: dict[str, Study], header: str
) -> None:
    rows = [tuple(answers("S-1")), tuple(answers("S-2"))]
    full = cleaned_of(studies["refuse"], rows)
    blanked = full.raw.table.copy()
    blanked.loc[3, header] = ""
    study = studies["refuse"]
    other = clean(replace(full.raw, table=blanked), full.export, study.codebook, roster_of(study))
    expected = full.cleaned.statuses.copy()
    expected.loc[3, header] = "no_answer"
    pd.testing.assert_frame_equal(other.statuses, expected)


def test_replaying_a_ledger_on_another_file_is_refused(folder: SurveyFolder) -> None:
    done = one(folder, law="Oui")
    other = replace(done.raw, table=done.raw.table.assign(**{LAW: "Non"}))
    ledger, quarantine = done.cleaned.ledger, done.cleaned.quarantine
    problem = problem_of(lambda: replay(other, ledger, quarantine))
    assert place(problem) == (done.raw.file, 2, LAW, "Oui")
    lost = replace(done.raw, table=done.raw.table.drop(columns=[LAW]))
    assert problem_of(lambda: replay(lost, ledger, quarantine)).value == LAW
    shorter = replace(done.raw, table=done.raw.table.iloc[:0])
    with pytest.raises(ValueError, match="not what the ledger says"):
        replay(shorter, ledger, quarantine)
