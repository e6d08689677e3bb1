"""All exports of a study: one long table, and all problems in one list."""

from __future__ import annotations

import random
from pathlib import Path

import pandas as pd
import pytest
from studies import problem_of, problems_of, small_study
from surveys import (
    HEADER,
    ID,
    ITEMS,
    LAW,
    STAFF,
    SurveyFolder,
    answers,
    counts,
    read_and_clean,
    survey,
)

from analysis.intake import load_responses
from analysis.study import load_study
from analysis.study.places import SYNTHETIC
from analysis.study.vocabulary import STATUSES

MARKED = [*HEADER, SYNTHETIC]


@pytest.fixture
def folder(tmp_path: Path) -> SurveyFolder:
    return survey(tmp_path)


def both_cycles(folder: SurveyFolder) -> SurveyFolder:
    folder.put(answers("S-2"), answers("S-1", law="Oui", fines="Keine Angabe"), cycle="b")
    folder.put(answers("S-1", law="no", fines="", audit=""), cycle="a")
    folder.put(answers("N 1", staff=""), answers("N 2"), cycle="b", group="ngos")
    return folder


def rows_of(table: pd.DataFrame, **keys: str) -> pd.DataFrame:
    for name, word in keys.items():
        table = table[table[name] == word]
    return table


def test_a_study_without_exports_has_no_responses(tmp_path: Path) -> None:
    assert load_responses(small_study(tmp_path).load()) is None
    assert load_responses(survey(tmp_path / "other").load()) is None


def test_one_row_is_a_respondent_a_cycle_and_a_question(folder: SurveyFolder) -> None:
    table = both_cycles(folder).responses().table
    names = ["respondents", "respondent_id", "cycle", "item", "option", "status", "value"]
    assert list(table.columns) == names
    assert not table.duplicated(names[:5]).any()
    # Five States in each of two cycles, two NGOs in one; five questions and three options.
    assert len(table) == (2 * 5 + 2) * 8
    own = rows_of(table, respondent_id="S-1", cycle="b")
    assert own[["item", "option", "status", "value"]].to_numpy().tolist() == [
        ["took_part", "", "answered", "yes"],
        ["law", "", "answered", "yes"],
        ["fines", "", "dont_know", ""],
        ["checks", "audit", "answered", "selected"],
        ["checks", "code", "answered", "not_selected"],
        ["checks", "visit", "answered", "not_selected"],
        ["staff", "", "answered", "12"],
        ["remarks", "", "answered", "none"],
    ]


def test_rows_stand_in_the_order_of_the_codebook(folder: SurveyFolder) -> None:
    table = both_cycles(folder).responses().table
    book = folder.load().codebook
    items, options = list(book.items), ["", *book.choices["check"]]
    keys = pd.DataFrame(
        {
            "group": table["respondents"].map(list(book.respondents).index),
            "id": table["respondent_id"],
            "cycle": table["cycle"].map(book.cycles.index),
            "item": table["item"].map(items.index),
            "option": table["option"].map(options.index),
        }
    )
    assert keys.to_numpy().tolist() == sorted(keys.to_numpy().tolist())


def test_every_cell_has_a_status_and_a_value_if_and_only_if_it_is_answered(
    folder: SurveyFolder,
) -> None:
    table = both_cycles(folder).responses().table
    assert set(table["status"]) <= set(STATUSES)
    assert ((table["value"] != "") == (table["status"] == "answered")).all()


def test_who_is_on_the_list_and_not_in_the_export_did_not_take_part(folder: SurveyFolder) -> None:
    table = both_cycles(folder).responses().table
    silent = table[table["status"] == "unit_nonresponse"]
    assert set(zip(silent["respondent_id"], silent["cycle"], strict=True)) == {
        *((f"S-{n}", "a") for n in (2, 3, 4, 5)),
        *((f"S-{n}", "b") for n in (3, 4, 5)),
    }
    assert counts(silent)["states", "a", "took_part", "", "unit_nonresponse", ""] == 4


def test_a_cycle_without_an_export_has_no_rows(folder: SurveyFolder) -> None:
    folder.put(answers(), cycle="b")
    assert set(folder.responses().table["cycle"]) == {"b"}


def test_a_group_without_a_list_has_no_silent_members(folder: SurveyFolder) -> None:
    table = rows_of(both_cycles(folder).responses().table, respondents="ngos")
    assert set(table["respondent_id"]) == {"N 1", "N 2"}
    assert "unit_nonresponse" not in set(table["status"])


def test_questions_that_a_cycle_or_group_was_not_asked_have_no_rows(tmp_path: Path) -> None:
    items = {
        **ITEMS,
        "staff": {**ITEMS["staff"], "asked": "b"},
        "remarks": {**ITEMS["remarks"], "respondents": "ngos"},
    }
    table = both_cycles(survey(tmp_path, items=items)).responses().table
    assert set(rows_of(table, item="staff")["cycle"]) == {"b"}
    assert set(rows_of(table, item="remarks")["respondents"]) == {"ngos"}


def test_a_column_can_say_who_took_part(folder: SurveyFolder) -> None:
    file = "codebook/columns.csv"
    folder.study.write(file, [*folder.study.read(file), ["took_part", "", "", "", "Took part"]])
    folder.put([*answers("S-1"), "no"], [*answers("S-2"), "yes"], header=[*HEADER, "Took part"])
    own = rows_of(folder.responses().table, item="took_part")
    assert own["value"].tolist() == ["no", "yes", "", "", ""]


def test_order_of_rows_and_columns_changes_no_count(tmp_path: Path) -> None:
    rows = [answers(f"S-{n}", law="yes" if n % 2 else "no", fines="") for n in range(1, 6)]
    plain = survey(tmp_path / "plain")
    plain.put(*rows)
    shuffled = survey(tmp_path / "shuffled")
    places = list(range(len(HEADER)))
    random.Random(3).shuffle(rows)
    random.Random(4).shuffle(places)
    header = [HEADER[at] for at in places]
    shuffled.put(*([cells[at] for at in places] for cells in rows), header=header)
    pd.testing.assert_frame_equal(plain.responses().table, shuffled.responses().table)


def test_ledger_and_quarantine_name_the_file(tmp_path: Path) -> None:
    folder = survey(tmp_path, rule="latest")
    folder.put(answers(), answers("S-2"), cycle="a")
    folder.put(answers(), answers(when="2021-04-01"), answers("S-3", law="no"), cycle="b")
    loaded = folder.responses()
    assert set(loaded.ledger["file"]) == {"responses/states_a.csv", "responses/states_b.csv"}
    assert list(loaded.ledger.columns) == ["file", "row", "column", "before", "after", "rule"]
    assert list(loaded.quarantine.columns) == ["file", "row", "column", "value", "reason"]
    rows = loaded.quarantine[["file", "row", "column", "value"]].to_numpy().tolist()
    assert rows == [
        ["responses/states_b.csv", 2, "", "S-1"],
        ["responses/states_b.csv", 4, HEADER[3], "No"],
    ]
    assert not loaded.is_synthetic


def test_a_mapping_is_unused_when_no_export_used_it(folder: SurveyFolder) -> None:
    unused = both_cycles(folder).responses().unused
    assert [row.raw for row in unused] == ["Да", "n/a", "yes and no", "0"]


def test_all_problems_of_all_files_come_in_one_list(folder: SurveyFolder) -> None:
    missing = folder.put(answers(), cycle="a", group="ngos")
    (folder.path / missing).unlink()
    empty = folder.put(content=b"", cycle="b", group="ngos")
    twice = folder.put(answers(), header=[*HEADER[:-1], LAW], cycle="a")
    several = folder.put(
        answers("S-1", law="Jein"),
        answers("S-9"),
        answers("S-1", staff="a dozen"),
        header=[*HEADER[:-1], "Remark"],
    )
    path = folder.path / several
    path.write_bytes(path.read_bytes().replace(b"12", b"13"))
    places = [
        (p.file, p.row, p.column, p.value)
        for p in problems_of(folder.responses)
        if p.column != "sha256"
    ]
    assert places == [
        (missing, None, "", "ngos_a.csv"),
        (empty, 1, "", None),
        (twice, 1, LAW, LAW),
        (several, 1, "Remarks", "Remarks"),
        (several, 1, "Remark", "Remark"),
        (several, 2, LAW, "Jein"),
        (several, 4, STAFF, "a dozen"),
        (several, 3, ID, "S-9"),
        (several, 4, ID, "S-1"),
    ]
    (altered,) = [p for p in problems_of(folder.responses) if p.column == "sha256"]
    assert altered.file == several


def test_problems_of_the_codebook_are_said_once(folder: SurveyFolder) -> None:
    folder.map_values(("yes_no", "NO", "dont_know", "x"))
    both_cycles(folder)
    found = [p for p in problems_of(folder.responses) if p.file == "codebook/value_map.csv"]
    assert len(found) == 1


def eligible_in(folder: SurveyFolder, **cycles: str) -> None:
    """A list of five States, of which some could answer in one cycle only; four in each."""
    names = [f"S-{number}" for number in range(1, 6)]
    rows = [[name, "states", cycles.get(name.replace("-", ""), "")] for name in names]
    folder.study.write(
        "codebook/respondents.csv", [["respondent_id", "respondents", "cycles"], *rows]
    )
    header, *rest = folder.study.read("codebook/cycles.csv")
    place = header.index("eligible")
    rest = [[*row[:place], row[place] and "4", *row[place + 1 :]] for row in rest]
    folder.study.write("codebook/cycles.csv", [header, *rest])


def test_who_could_have_answered_is_listed_for_each_cycle(folder: SurveyFolder) -> None:
    eligible_in(folder, S4="a", S5="b")
    folder.put(answers("S-1"), answers("S-5"), cycle="b")
    folder.put(answers("S-1"), answers("S-4"), cycle="a")
    table = rows_of(folder.responses().table, item="law")
    silent = table[table["status"] == "unit_nonresponse"]
    assert set(zip(silent["cycle"], silent["respondent_id"], strict=True)) == {
        ("a", "S-2"),
        ("a", "S-3"),
        ("b", "S-2"),
        ("b", "S-3"),
    }
    assert table.groupby("cycle").size().to_dict() == {"a": 4, "b": 4}


def test_an_answer_of_one_that_could_not_answer_in_the_cycle_is_refused(
    folder: SurveyFolder,
) -> None:
    eligible_in(folder, S4="a", S5="b")
    name = folder.put(answers("S-4"), cycle="b")
    problem = problem_of(folder.responses)
    assert (problem.file, problem.row, problem.value) == (name, 2, "S-4")
    assert "S-4" not in problem.allowed


def test_the_list_must_be_as_long_as_the_codebook_says_in_each_cycle(
    folder: SurveyFolder,
) -> None:
    eligible_in(folder, S4="a")
    folder.put(answers("S-1"), cycle="b")
    problem = problem_of(folder.responses)
    assert "5 states for a" in problem.message
    eligible_in(folder, S4="a c", S5="b")
    problem = problem_of(folder.responses)
    assert (problem.column, problem.value, problem.allowed) == ("cycles", "a c", ("a", "b"))


def test_problems_of_exports_and_of_the_list_come_together(folder: SurveyFolder) -> None:
    folder.put(answers())
    folder.study.edit("codebook/respondents.csv", "S-5", respondents="stats")
    (folder.path / "responses" / "forgotten.csv").write_text("x")
    files = {problem.file for problem in problems_of(folder.responses)}
    assert files == {"responses/forgotten.csv", "codebook/respondents.csv"}


def test_an_id_in_two_spellings_is_refused_where_no_list_settles_it(folder: SurveyFolder) -> None:
    folder.put(answers("Ngo 1"), cycle="a", group="ngos")
    name = folder.put(answers("NGO 1 "), answers("Ngo 2"), cycle="b", group="ngos")
    problem = problem_of(folder.responses)
    assert (problem.file, problem.row, problem.column, problem.value) == (name, 2, ID, "NGO 1")
    assert problem.suggestion == "Ngo 1"


# Invented answers


def test_a_rehearsal_reads_the_invented_answers_only(tmp_path: Path) -> None:
    folder = survey(tmp_path, is_rehearsal=True)
    folder.put([*answers("S-1"), SYNTHETIC], header=MARKED)
    loaded = folder.responses()
    assert loaded.is_synthetic
    assert set(loaded.table["respondent_id"]) == {f"S-{n}" for n in range(1, 6)}
    assert load_responses(load_study(folder.path)) is None


def test_the_mark_itself_is_no_answer(tmp_path: Path) -> None:
    folder = survey(tmp_path, is_rehearsal=True)
    folder.put([*answers("S-1"), SYNTHETIC], header=MARKED)
    done = read_and_clean(folder)
    assert SYNTHETIC not in done.cleaned.statuses.columns
    assert done.cleaned.table[SYNTHETIC].tolist() == [SYNTHETIC]


def test_real_answers_in_a_rehearsal_are_refused(tmp_path: Path) -> None:
    folder = survey(tmp_path, is_rehearsal=True)
    name = folder.put(answers("S-1"))
    problem = problem_of(folder.responses)
    assert (problem.file, problem.row, problem.column) == (name, 1, SYNTHETIC)


@pytest.mark.parametrize("mark", ["", "synthetic", " SYNTHETIC", "real"])
def test_every_row_of_a_rehearsal_carries_the_mark(tmp_path: Path, mark: str) -> None:
    folder = survey(tmp_path, is_rehearsal=True)
    name = folder.put([*answers("S-1"), SYNTHETIC], [*answers("S-2"), mark], header=MARKED)
    problem = problem_of(folder.responses)
    assert (problem.file, problem.row, problem.column) == (name, 3, SYNTHETIC)
    assert (problem.value, problem.allowed) == (mark, (SYNTHETIC,))


def test_invented_answers_among_real_ones_are_refused(folder: SurveyFolder) -> None:
    folder.put(answers("S-1"), cycle="a")
    name = folder.put([*answers("S-1"), SYNTHETIC], header=MARKED)
    problem = problem_of(folder.responses)
    assert (problem.file, problem.row, problem.column) == (name, 1, SYNTHETIC)
    assert "invented" in problem.message
