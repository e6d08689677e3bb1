"""A form as its tool writes it: groups, languages, and the rows that are no questions."""

from __future__ import annotations

from pathlib import Path

import pytest
from codebooks import KOBO, SMALLEST, Rows, as_folder, book_of
from studies import problem_of, problems_of

from analysis.study.conditions import Clause, clauses_of, parse
from analysis.study.vocabulary import NO_QUESTION


def form(*rows: list[str], **tables: Rows) -> dict[str, Rows]:
    """The smallest codebook with other rows: type, name, label and perhaps relevant."""
    survey = [
        ["type", "name", "label", "relevant"],
        *([*row, *[""] * (4 - len(row))] for row in rows),
    ]
    return {**SMALLEST, "survey": survey, **tables}


LAW = ["select_one yes_no", "law", "Is there a law?"]


def test_a_form_becomes_items_sections_and_what_is_left_out(tmp_path: Path) -> None:
    book = book_of(tmp_path, KOBO)
    assert {name: (row.type, row.label, row.section) for name, row in book.items.items()} == {
        "took_part": ("select_one took_part", "Took part", "law"),
        "has_law": ("select_one yn", "Is there a law?", "law"),
        "has_fines": ("select_one yn", "Are there fines?", "law"),
        "services": ("select_multiple service", "Which services?", "care"),
        "services_other": ("text", "Which services? Which other?", "care"),
        "staff": ("integer", "How many staff?", "care"),
        "share": ("decimal", "Which share of them is trained?", "care"),
        "remarks": ("text", "remarks", ""),
    }
    assert [(row.code, row.title) for row in book.sections.values()] == [
        ("law", "Law and policy"),
        ("care", "Care"),
    ]
    assert book.left_out == {
        "start": "start",
        "end": "end",
        "respondent_id": "Who answers?",
        "welcome": "Welcome",
        "spot": "Where?",
        "total": "total",
    }
    assert book.within["staff"] == ("care", "staffing")
    assert book.within["spot"] == ("care",)
    assert "remarks" not in book.within


def test_the_row_of_an_item_is_its_line_in_the_form(tmp_path: Path) -> None:
    book = book_of(tmp_path, KOBO)
    assert book.items["has_law"].row == 7
    assert book.items["staff"].row == 13


def test_a_question_is_relevant_where_its_groups_are_too(tmp_path: Path) -> None:
    book = book_of(tmp_path, KOBO)
    assert book.items["services"].relevant == "${has_law} = 'yes'"
    assert clauses_of(parse(book.items["staff"].relevant)) == (
        Clause("has_law", "=", "yes"),
        Clause("services", "=", "shelter"),
    )
    assert clauses_of(parse(book.items["services_other"].relevant)) == (
        Clause("has_law", "=", "yes"),
        Clause("services", "=", "other"),
    )


def test_an_or_in_the_relevance_of_a_group_stays_in_brackets(tmp_path: Path) -> None:
    either = "${law} = 'yes' or ${law} = 'no'"
    group = ["begin_group", "g", "G", either]
    tables = form(
        LAW, group, ["text", "a", "A", "${law} = 'yes'"], ["text", "b", "B"], ["end group", "", ""]
    )
    book = book_of(tmp_path, tables)
    assert book.items["a"].relevant == f"({either}) and ${{law}} = 'yes'"
    assert book.items["b"].relevant == either


def test_questions_outside_of_groups_share_a_section(tmp_path: Path) -> None:
    group = [
        ["begin group", "g", ""],
        ["select_one yes_no", "fines", "Fines?"],
        ["end group", "", ""],
    ]
    book = book_of(tmp_path, form(LAW, *group))
    assert [(row.code, row.title) for row in book.sections.values()] == [
        ("survey", "The survey"),
        ("g", "g"),
    ]


def test_declared_sections_name_groups_and_lead_in_their_order(tmp_path: Path) -> None:
    group = [
        ["begin group", "g", "G"],
        ["select_one yes_no", "fines", "Fines?"],
        ["end group", "", ""],
    ]
    sections = [["section", "title", "question"], ["g", "Fines", "Who is fined?"]]
    book = book_of(tmp_path, form(LAW, *group, sections=sections))
    assert [(row.code, row.title) for row in book.sections.values()] == [
        ("g", "Fines"),
        ("survey", "The survey"),
    ]
    assert book.sections["g"].question == "Who is fined?"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("select_one yes_no", "select_one yes_no"),
        ("select one yes_no", "select_one yes_no"),
        ("select one from yes_no", "select_one yes_no"),
        ("select1 yes_no", "select_one yes_no"),
        ("select_one  yes_no", "select_one yes_no"),
        ("select_multiple yes_no", "select_multiple yes_no"),
        ("select multiple yes_no", "select_multiple yes_no"),
        ("select all that apply from yes_no", "select_multiple yes_no"),
        ("rank yes_no", "rank yes_no"),
        ("int", "integer"),
        ("integer", "integer"),
        ("decimal", "decimal"),
        ("range", "decimal"),
        ("string", "text"),
        ("text", "text"),
        ("date", "date"),
        ("time", "time"),
        ("dateTime", "datetime"),
    ],
)
def test_types_are_read_in_their_old_and_new_spelling(
    tmp_path: Path, written: str, read: str
) -> None:
    book = book_of(tmp_path, form(LAW, [written, "q", "Q"]))
    assert book.items["q"].type == read


@pytest.mark.parametrize("kind", NO_QUESTION)
def test_rows_that_are_no_questions_become_no_items(tmp_path: Path, kind: str) -> None:
    book = book_of(tmp_path, form(LAW, [kind, "x", ""]))
    assert "x" not in book.items
    assert book.left_out == {"x": "x"}


def test_a_note_needs_no_name_and_a_disabled_row_is_passed_over(tmp_path: Path) -> None:
    survey = [
        ["type", "name", "label", "disabled"],
        ["note", "", "Thank you", ""],
        [*LAW, "no"],
        ["select_one yes_no", "old", "Old?", "yes"],
        ["begin_repeat", "r", "R", "TRUE"],
        ["end_repeat", "", "", "true()"],
    ]
    book = book_of(tmp_path, {**SMALLEST, "survey": survey})
    assert list(book.items) == ["took_part", "law"]
    assert book.left_out == {}


@pytest.mark.parametrize(
    "type_", ["select_one yes_no or_other", "select_one yes_no or specify other"]
)
def test_other_answers_get_an_option_and_a_question_for_their_words(
    tmp_path: Path, type_: str
) -> None:
    book = book_of(tmp_path, form([type_, "law", "Is there a law?"]))
    assert book.items["law"].type == "select_one yes_no"
    assert dict(book.choices["yes_no"]) == {"yes": "Yes", "no": "No", "other": "Other"}
    assert book.items["law_other"].type == "text"
    assert book.items["law_other"].relevant == "${law} = 'other'"
    assert list(book.indicators)[1:] == ["law_yes", "law_no", "law_other"]


def test_a_list_that_has_an_option_for_other_answers_keeps_it(tmp_path: Path) -> None:
    choices = [*SMALLEST["choices"], ["yes_no", "other", "Something else"]]
    book = book_of(tmp_path, form(["select_one yes_no or_other", "law", "?"], choices=choices))
    assert book.choices["yes_no"]["other"] == "Something else"


@pytest.mark.parametrize(
    ("default", "has_plain", "title", "yes"),
    [
        ("", False, "Law and policy", "Yes"),
        ("French (fr)", False, "Droit", "Oui"),
        ("french", False, "Droit", "Oui"),
        ("fr", False, "Droit", "Oui"),
        ("default", False, "Law and policy", "Yes"),
        ("", True, "Plain", "plain"),
        ("default", True, "Plain", "plain"),
        ("English (en)", True, "Law and policy", "Yes"),
    ],
)
def test_labels_are_in_the_language_of_the_form(
    tmp_path: Path, default: str, has_plain: bool, title: str, yes: str
) -> None:
    more = [["label"], ["", ""]][: 1 if has_plain else 0]
    plain = ["label"] if has_plain else []
    survey = [
        ["type", "name", "label::English (en)", "label::French (fr)", *plain],
        ["begin_group", "g", "Law and policy", "Droit", *(["Plain"] if more else [])],
        ["select_one yn", "law", "Law?", "Loi ?", *(["plain"] if more else [])],
        ["end_group", "", "", "", *([""] if more else [])],
    ]
    choices = [
        ["list_name", "name", "label::English (en)", "label::French (fr)", *plain],
        ["yn", "yes", "Yes", "Oui", *(["plain"] if more else [])],
        ["yn", "no", "No", "Non", *(["plain no"] if more else [])],
    ]
    settings = [["form_title", "default_language"], ["T", default]]
    tables = {
        "survey": survey,
        "choices": choices,
        "settings": settings,
        "cycles": SMALLEST["cycles"],
    }
    book = book_of(tmp_path, tables)
    assert book.sections["g"].title == title
    assert book.choices["yn"]["yes"] == yes


def test_a_label_that_is_not_translated_is_taken_from_the_next_language(tmp_path: Path) -> None:
    survey = [
        ["type", "name", "label::French (fr)", "label::English (en)"],
        ["select_one yes_no", "law", "", "Is there a law?"],
        ["select_one yes_no", "fines", "", ""],
    ]
    book = book_of(tmp_path, {**SMALLEST, "survey": survey})
    assert book.items["law"].label == "Is there a law?"
    assert book.items["fines"].label == "fines"


def test_a_language_that_no_label_is_in_is_refused_with_the_nearest(tmp_path: Path) -> None:
    settings = [["default_language"], ["Englsh (en-gb)"]]
    problem = problem_of(lambda: book_of(tmp_path, {**KOBO, "settings": settings}))
    assert (problem.file, problem.row) == ("codebook/settings.csv", 2)
    assert (problem.column, problem.value) == ("default_language", "Englsh (en-gb)")
    assert problem.suggestion == "English (en)"


def test_columns_in_old_spelling_are_read(tmp_path: Path) -> None:
    survey = [
        ["command", "value", "caption", "relevance"],
        [*LAW, ""],
        ["integer", "n", "How many?", "${law} = 'yes'"],
    ]
    choices = [["list name", "value", "caption"], *SMALLEST["choices"][1:]]
    settings = [["set form title", "set form id"], ["Old", "old_1"]]
    tables = {**SMALLEST, "survey": survey, "choices": choices, "settings": settings}
    book = book_of(tmp_path, tables)
    assert book.items["n"].relevant == "${law} = 'yes'"
    assert (book.settings.title, book.settings.form_id) == ("Old", "old_1")
    assert book.choices["yes_no"]["yes"] == "Yes"


@pytest.mark.parametrize(
    ("rows", "line", "column", "words"),
    [
        (
            [["begin_repeat", "r", "R"], LAW, ["end_repeat", "", ""]],
            2,
            "type",
            "one row a respondent",
        ),
        (
            [["begin repeat", "r", "R"], LAW, ["end repeat", "", ""]],
            2,
            "type",
            "one row a respondent",
        ),
        ([LAW, ["begin_group", "g", "G"]], 3, "type", "the group is never ended"),
        ([LAW, ["end_group", "", ""]], 3, "type", "there is no group to end here"),
        ([["begin_group", "", "G"], LAW, ["end_group", "", ""]], 2, "name", "the cell is empty"),
        ([["select_one yes_no", "", "Law?"]], 2, "name", "the cell is empty"),
        ([["", "law", "Law?"]], 2, "type", "the cell is empty"),
        ([LAW, LAW], 3, "name", "must be unique"),
        (
            [["select_one yes_now", "law", "?"]],
            2,
            "type",
            "needs a list_name of codebook/choices.csv",
        ),
        ([["select_one_from_file a.csv", "law", "?"]], 2, "type", "the options stand in a file"),
        (
            [["select_multiple_from_file a.csv", "law", "?"]],
            2,
            "type",
            "the options stand in a file",
        ),
        ([["select_one_external a", "law", "?"]], 2, "type", "the options stand in a file"),
        ([["begin_kobomatrix", "law", "?"]], 2, "type", "unknown type of question"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(
    tmp_path: Path, rows: list[list[str]], line: int, column: str, words: str
) -> None:
    problem = problem_of(lambda: book_of(tmp_path, form(*rows)))
    assert (problem.file, problem.row, problem.column) == ("codebook/survey.csv", line, column)
    assert words in problem.message


def test_all_problems_of_a_form_are_told_together(tmp_path: Path) -> None:
    rows = [["begin_repeat", "r", "R"], ["select_on yes_no", "law", "?"], ["rank lists", "x", "X"]]
    found = problems_of(lambda: book_of(tmp_path, form(*rows)))
    assert [(problem.row, problem.value) for problem in found] == [
        (2, "begin_repeat"),
        (3, "select_on yes_no"),
        (4, "rank lists"),
    ]
    assert found[1].suggestion == "select_one"


def test_a_group_and_a_question_may_share_a_name(tmp_path: Path) -> None:
    group = [["begin_group", "law", "The law"], LAW, ["end_group", "", ""]]
    book = book_of(tmp_path, form(*group))
    assert book.items["law"].section == "law"
    assert as_folder(tmp_path / "again", form(*group)).is_dir()
