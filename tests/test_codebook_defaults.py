"""What a codebook need not say: two tables of a form and a list of cycles are enough."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest
from codebooks import SMALLEST, Rows, as_folder, book_of
from studies import problem_of, small_study

from analysis.study import load_study
from analysis.study.codebook import Respondents, Section
from analysis.study.loading import load_codebook
from analysis.study.rules import Rule


def smallest(**tables: Rows) -> dict[str, Rows]:
    return {**SMALLEST, **tables}


def test_two_tables_and_the_cycles_make_a_study(tmp_path: Path) -> None:
    study = load_study(as_folder(tmp_path, SMALLEST))
    book = study.codebook
    assert (book.settings.title, book.settings.form_id) == ("my_survey", "my_survey")
    assert (book.settings.duplicate_rule, book.settings.families) == ("refuse", "section")
    assert book.cycles == ("2018", "2022")
    assert book.respondents == {
        "respondents": Respondents("respondents", "Respondents", "Respondent")
    }
    assert book.eligible == {("2018", "respondents"): None, ("2022", "respondents"): None}
    assert book.sections == {"survey": Section("survey", "The survey", "", "")}
    assert [(page.name, page.title, page.notebook.stem) for page in study.pages] == [
        ("survey", "The survey", "section")
    ]
    assert (book.sources, book.columns, book.value_map) == ({}, (), ())


def test_a_question_is_asked_of_everybody_in_every_cycle(tmp_path: Path) -> None:
    book = book_of(tmp_path, SMALLEST)
    for item in book.items.values():
        assert item.asked == ("2018", "2022")
        assert item.respondents == ("respondents",)
        assert item.unit == "respondents"


def test_the_name_of_a_cycle_may_have_spaces(tmp_path: Path) -> None:
    book = book_of(tmp_path, smallest(cycles=[["cycle"], ["Round 1"], ["Round 2"]]))
    assert book.items["law"].asked == ("Round 1", "Round 2")


def test_an_empty_cell_keeps_its_meaning_where_the_column_is_there(tmp_path: Path) -> None:
    survey = [
        ["type", "name", "label", "asked", "respondents"],
        ["select_one yes_no", "law", "Is there a law?", "2022", "respondents"],
        ["select_one yes_no", "old_law", "Was there a law?", "", ""],
    ]
    book = book_of(tmp_path, smallest(survey=survey))
    assert book.items["law"].asked == ("2022",)
    assert (book.items["old_law"].asked, book.items["old_law"].respondents) == ((), ())
    assert book.items["took_part"].asked == ("2018", "2022")


def test_who_took_part_is_counted_though_no_question_asks_it(tmp_path: Path) -> None:
    book = book_of(tmp_path, SMALLEST)
    assert book.settings.response_item == "took_part"
    indicator = book.indicators[book.response_indicator]
    assert (indicator.rule, indicator.phrase) == (Rule("took_part", "yes"), "took part")
    assert book.items["took_part"].comparability == "identical"


def test_a_question_of_that_name_is_kept(tmp_path: Path) -> None:
    survey = [*SMALLEST["survey"], ["select_one yes_no", "took_part", "Took part in the march?"]]
    book = book_of(tmp_path, smallest(survey=survey))
    assert book.items["took_part"].label == "Took part in the march?"
    assert book.settings.response_item == "took_part_"


def test_each_answer_is_counted_and_of_yes_and_no_only_yes(tmp_path: Path) -> None:
    book = book_of(tmp_path, SMALLEST)
    assert {
        name: (row.rule.option, row.label, row.phrase)
        for name, row in book.indicators.items()
        if name != "took_part"
    } == {
        "law": ("yes", "Is there a law?", "answered “Yes” to “Is there a law?”"),
        "services_hotline": (
            "hotline",
            "Which services are offered? Hotline",
            "chose “Hotline” for “Which services are offered?”",
        ),
        "services_shelter": (
            "shelter",
            "Which services are offered? Shelter",
            "chose “Shelter” for “Which services are offered?”",
        ),
    }


@pytest.mark.parametrize(
    ("options", "counted"),
    [
        ({"yes": "Yes", "no": "No"}, ["law"]),
        ({"no": "No", "yes": "Yes"}, ["law"]),
        ({"1": "Yes", "0": "No"}, ["law"]),
        ({"YES": "Oui", "NO": "Non"}, ["law"]),
        ({"yes": "Yes", "no": "No", "dont_know": "Don't know"}, ["law"]),
        ({"yes": "Yes", "no": "No", "partly": "Partly"}, ["law_yes", "law_no", "law_partly"]),
        ({"high": "High", "low": "Low", "not_asked": "-"}, ["law_high", "law_low"]),
        ({"a-b": "A", "a b": "B"}, ["law_a_b", "law_a_b_"]),
        ({"it's": "It is", "no": "No"}, ["law_it_s", "law_no"]),
    ],
)
def test_what_is_counted_follows_from_the_options(
    tmp_path: Path, options: dict[str, str], counted: list[str]
) -> None:
    choices = [["list_name", "name", "label"], *(["yes_no", *pair] for pair in options.items())]
    book = book_of(tmp_path, smallest(survey=SMALLEST["survey"][:2], choices=choices))
    assert list(book.indicators)[1:] == counted


def test_names_of_indicators_never_repeat(tmp_path: Path) -> None:
    survey = [
        ["type", "name", "label"],
        ["select_one grade", "law", "Law"],
        ["select_one grade", "law_high", "High law"],
        ["select_one yes_no", "law_high_high", "Law?"],
    ]
    choices = [*SMALLEST["choices"], ["grade", "high", "High"], ["grade", "high_high", "Higher"]]
    book = book_of(tmp_path, smallest(survey=survey, choices=choices))
    rules = [(row.rule.item, row.rule.option) for row in book.indicators.values()]
    assert len(set(rules)) == len(rules) == 6
    assert book.indicator_of("law_high_high", "yes") == "law_high_high__"


def test_the_base_of_an_answer_is_the_answer_that_leads_to_it(tmp_path: Path) -> None:
    survey = [
        ["type", "name", "label", "relevant"],
        ["select_one yes_no", "law", "Is there a law?", ""],
        ["select_one yes_no", "fines", "Are there fines?", "${law} = 'yes'"],
        ["select_one yes_no", "jail", "Is there jail?", "${law} = 'no'"],
        ["select_one yes_no", "both", "Are there both?", "${law} = 'yes' and ${fines} = 'yes'"],
    ]
    book = book_of(tmp_path, smallest(survey=survey))
    assert {name: row.base for name, row in book.indicators.items() if row.base} == {"fines": "law"}


def test_a_long_question_is_cut_in_labels_only_where_it_stays_the_only_one(tmp_path: Path) -> None:
    long = "How satisfied are you with the services that are given to those who need them"
    survey = [
        ["type", "name", "label"],
        ["select_one grade", "first", f"How often are the rules {'really ' * 9}kept?"],
        ["select_one grade", "second", f"{long} in towns?"],
        ["select_one grade", "third", f"{long} in villages?"],
    ]
    choices = [["list_name", "name", "label"], ["grade", "high", "High"], ["grade", "low", "Low"]]
    book = book_of(tmp_path, smallest(survey=survey, choices=choices))
    assert (
        book.indicators["first_low"].label == "How often are the rules really really really … Low"
    )
    assert book.indicators["second_low"].label == f"{long} in towns? Low"
    assert book.indicators["first_low"].phrase.endswith("kept?”")


def test_a_section_has_bars_and_once_something_can_be_compared_the_changes(tmp_path: Path) -> None:
    survey = [
        ["type", "name", "label", "comparability"],
        ["select_one yes_no", "law", "Is there a law?", "identical"],
        ["select_one yes_no", "fines", "Are there fines?", ""],
        ["select_multiple service", "services", "Which services?", "equivalent"],
    ]
    book = book_of(tmp_path, smallest(survey=survey))
    services = ("services_hotline", "services_shelter")
    assert {
        name: (row.form, row.title, book.in_figure(name)) for name, row in book.figures.items()
    } == {
        "who_answered": ("strip", "Who answered", ("took_part",)),
        "survey_answers": ("bars", "Answered with yes", ("law", "fines")),
        "services_answers": ("bars", "Which services?", services),
        "survey_changes": ("dumbbell", "What can be compared", ("law", *services)),
    }
    assert "do not add up" in book.figures["services_answers"].note


def test_nothing_is_comparable_unless_somebody_says_so_and_the_study_says_where(
    tmp_path: Path,
) -> None:
    book = book_of(tmp_path, SMALLEST)
    assert {row.comparability for name, row in book.items.items() if name != "took_part"} == {""}
    assert "dumbbell" not in {row.form for row in book.figures.values()}
    (note,) = [note for note in book.notes if "compare" in note]
    assert "of 2018 and 2022" in note
    assert "comparability of codebook/survey.csv" in note
    assert "comparability of codebook/settings.csv" in note


def test_the_settings_say_it_for_all_that_do_not_say_it_themselves(tmp_path: Path) -> None:
    survey = [
        ["type", "name", "label", "comparability"],
        ["select_one yes_no", "law", "Is there a law?", ""],
        ["select_one yes_no", "fines", "Are there fines?", "changed"],
    ]
    settings = [["comparability"], ["equivalent"]]
    book = book_of(tmp_path, smallest(survey=survey, settings=settings))
    assert book.items["law"].comparability == "equivalent"
    assert book.items["fines"].comparability == "changed"
    assert book.in_figure("survey_changes") == ("law",)
    assert not [note for note in book.notes if "compare" in note]


def test_one_cycle_is_never_told_to_compare(tmp_path: Path) -> None:
    cycles = [["cycle", "eligible"], ["2022", "57"]]
    settings = [["comparability"], ["identical"]]
    book = book_of(tmp_path / "a", smallest(cycles=cycles, settings=settings))
    assert "dumbbell" not in {row.form for row in book.figures.values()}
    book = book_of(tmp_path / "b", smallest(cycles=cycles))
    assert book.eligible == {("2022", "respondents"): 57}
    assert [note for note in book.notes if "compare" in note or "eligible" in note] == []


def test_a_study_that_says_everything_has_nothing_made_up() -> None:
    book = load_study().codebook
    assert book.notes == ()
    assert (book.left_out, book.within) == ({}, {})
    assert book.settings.comparability == ""


def test_groups_are_those_of_the_choices_else_those_of_the_cycles(tmp_path: Path) -> None:
    groups = [["respondents", "states", "States"], ["respondents", "ngos", "NGOs"]]
    book = book_of(tmp_path / "a", smallest(choices=[*SMALLEST["choices"], *groups]))
    assert list(book.eligible) == [
        ("2018", "states"),
        ("2018", "ngos"),
        ("2022", "states"),
        ("2022", "ngos"),
    ]
    assert book.items["law"].respondents == ("states", "ngos")
    cycles = [["cycle", "respondents"], ["2018", "towns"], ["2022", "towns"]]
    book = book_of(tmp_path / "b", smallest(cycles=cycles))
    assert book.respondents == {"towns": Respondents("towns", "towns", "towns")}
    assert book.items["law"].respondents == ("towns",)


def test_how_many_of_which_group_must_be_said(tmp_path: Path) -> None:
    groups = [["respondents", "states", "States"], ["respondents", "ngos", "NGOs"]]
    tables = smallest(
        choices=[*SMALLEST["choices"], *groups], cycles=[["cycle", "eligible"], ["2022", "57"]]
    )
    problem = problem_of(lambda: book_of(tmp_path, tables))
    assert (problem.file, problem.row, problem.column) == ("codebook/cycles.csv", 2, "eligible")
    assert "of which group?" in problem.message


def test_a_group_that_is_left_blank_is_refused(tmp_path: Path) -> None:
    cycles = [["cycle", "respondents"], ["2018", "towns"], ["2022", ""]]
    problem = problem_of(lambda: book_of(tmp_path, smallest(cycles=cycles)))
    assert (problem.row, problem.column, problem.message) == (
        3,
        "respondents",
        "the cell is empty.",
    )


def test_sections_follow_from_the_column_where_there_is_one(tmp_path: Path) -> None:
    survey = [
        ["type", "name", "label", "section"],
        ["select_one yes_no", "law", "Is there a law?", "II"],
        ["select_one yes_no", "fines", "Are there fines?", "I"],
    ]
    book = book_of(tmp_path / "a", smallest(survey=survey))
    assert [(row.code, row.title) for row in book.sections.values()] == [("II", "II"), ("I", "I")]
    sections = [["section", "title"], ["I", "Fines"], ["II", ""]]
    book = book_of(tmp_path / "b", smallest(survey=survey, sections=sections))
    assert [(row.code, row.title) for row in book.sections.values()] == [
        ("I", "Fines"),
        ("II", "II"),
    ]


def test_declared_indicators_without_a_figure_are_drawn_too(tmp_path: Path) -> None:
    indicators = [
        ["indicator", "rule", "label", "phrase"],
        ["law", "${law} = 'yes'", "Law", "had a law"],
        ["no_law", "${law} = 'no'", "No law", "had no law"],
        ["hotline", "${services} = 'hotline'", "Hotline", "had a hotline"],
    ]
    book = book_of(tmp_path, smallest(indicators=indicators))
    assert list(book.indicators) == ["took_part", "law", "no_law", "hotline"]
    assert book.settings.response_item == book.indicators["took_part"].rule.item
    assert book.in_figure("law_answers") == ("law", "no_law")
    assert book.in_figure("survey_answers") == ("hotline",)
    assert book.figures["survey_answers"].title == "What was answered"


def test_a_declared_indicator_of_who_took_part_is_the_only_one(tmp_path: Path) -> None:
    indicators = [
        ["indicator", "rule", "label", "phrase"],
        ["law", "${law} = 'yes'", "Law", "had a law"],
        ["present", "${took_part} = 'yes'", "Present", "was there"],
    ]
    book = book_of(tmp_path, smallest(indicators=indicators))
    assert list(book.indicators) == ["law", "present"]
    assert book.response_indicator == "present"


def test_indicators_that_are_made_join_the_declared_figures_of_their_section(
    tmp_path: Path,
) -> None:
    figures = [["figure", "section", "form", "title"], ["all", "survey", "bars", "All answers"]]
    book = book_of(tmp_path, smallest(figures=figures))
    assert list(book.figures) == ["all"]
    assert book.in_figure("all")[1:] == ("law", "services_hotline", "services_shelter")


def test_tables_with_a_header_alone_declare_that_there_is_nothing(tmp_path: Path) -> None:
    figures: Rows = [["figure", "section", "form", "title"]]
    indicators: Rows = [["indicator", "rule", "label", "phrase"]]
    book = book_of(tmp_path, smallest(figures=figures, indicators=indicators))
    assert (book.figures, book.indicators, "took_part" in book.items) == ({}, {}, False)


def test_a_section_with_nothing_to_count_gets_no_page(tmp_path: Path) -> None:
    survey = [
        ["type", "name", "label", "section"],
        ["select_one yes_no", "law", "Is there a law?", "law"],
        ["text", "remarks", "Remarks", "end"],
    ]
    book = book_of(tmp_path / "a", smallest(survey=survey))
    assert list(book.sections) == ["law"]
    assert book.items["remarks"].section == ""
    sections = [["section"], ["law"], ["end"]]
    book = book_of(tmp_path / "b", smallest(survey=survey, sections=sections))
    assert list(book.sections) == ["law", "end"]


def test_what_is_not_said_does_not_change_what_is(tmp_path: Path) -> None:
    """The same study with its optional columns written out and left away."""
    whole = small_study(tmp_path / "whole", items={"law": {"comparability": "identical"}})
    bare = small_study(tmp_path / "bare", items={"law": {"comparability": "identical"}})
    for column in ("asked", "respondents", "unit", "relevant"):
        bare.drop_column("codebook/survey.csv", column)
    bare.drop_column("codebook/cycles.csv", "respondents")
    for name in ("sources", "figures", "sections"):
        (bare.path / "codebook" / f"{name}.csv").unlink()
    expected, found = load_codebook(whole.path), load_codebook(bare.path)
    made = ("figures", "indicators", "sections")
    plain = {name: MappingProxyType({}) for name in made}
    assert replace(found, **plain, notes=()) == replace(expected, **plain, notes=())
    assert [row.rule for row in found.indicators.values()] == [
        row.rule for row in expected.indicators.values()
    ]


@pytest.mark.parametrize("table", ["survey", "choices", "cycles"])
def test_each_of_the_three_tables_is_needed(tmp_path: Path, table: str) -> None:
    tables = {name: rows for name, rows in SMALLEST.items() if name != table}
    problem = problem_of(lambda: book_of(tmp_path, tables))
    assert problem.file == f"codebook/{table}.csv"
    assert "the file is missing" in problem.message
    assert ("a row a cycle is enough" in problem.message) == (table == "cycles")


@pytest.mark.parametrize(
    ("table", "column"), [("survey", "type"), ("survey", "name"), ("choices", "name")]
)
def test_each_of_a_few_columns_is_needed(tmp_path: Path, table: str, column: str) -> None:
    rows = [list(row) for row in SMALLEST[table]]
    at = rows[0].index(column)
    tables = smallest(**{table: [row[:at] + row[at + 1 :] for row in rows]})
    problem = problem_of(lambda: book_of(tmp_path, tables))
    assert problem.message == f"the column {column!r} is missing."


def test_labels_are_the_names_where_there_are_none(tmp_path: Path) -> None:
    tables = {
        name: [row[:2] if name != "cycles" else row for row in rows]
        for name, rows in SMALLEST.items()
    }
    book = book_of(tmp_path, tables)
    assert book.items["law"].label == "law"
    assert book.choices["service"] == {"hotline": "hotline", "shelter": "shelter"}
