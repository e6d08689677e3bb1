"""Several answers in one cell, answers that exclude each other, and rankings in every layout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import permutations
from pathlib import Path

import pandas as pd
import pytest
from exported import add_options, answers_of, name_columns, put
from hypothesis import given, settings
from hypothesis import strategies as st
from studies import CHOICES
from surveys import (
    MAPPED,
    SOURCES,
    Read,
    SurveyFolder,
    as_csv,
    read_and_clean,
    survey,
)

from analysis.intake import RawTable, clean, replay
from analysis.intake.listed import Listed
from analysis.intake.matching import Vocabulary, Word
from analysis.problems import InputError, Problem
from analysis.study.codebook import Codebook, Mapped

ITEMS: Mapping[str, Mapping[str, str]] = {
    "took_part": {"type": "select_one yes_no"},
    "law": {"type": "select_one yes_no"},
    "checks": {"type": "select_multiple check"},
    "order": {"type": "rank check"},
    "why": {"type": "text", "relevant": "${checks} = 'audit'"},
    "which": {"type": "text", "relevant": "${order} = 'audit'"},
}
SPREAD = ("audit", "code", "visit")


@pytest.fixture
def folder(tmp_path: Path) -> SurveyFolder:
    return survey(tmp_path, items=ITEMS)


def only(
    folder: SurveyFolder, columns: Sequence[Sequence[str]], *cells: Sequence[str], **declared: str
) -> SurveyFolder:
    """An export with these columns; the questions without one are not asked."""
    name_columns(folder, ("respondent_id", "", "Who"), *columns)
    asked = {row[0] for row in columns} | {"took_part"}
    file = "codebook/survey.csv"
    header, *rows = folder.study.read(file)
    place = header.index("asked")
    for row in rows:
        row[place] = "a b" if row[header.index("name")] in asked else "a"
    folder.study.write(file, [header, *rows])
    lines = [[f"S-{number}", *row] for number, row in enumerate(cells, start=1)]
    put(folder, as_csv(["Who", *(row[2] for row in columns)], lines), **declared)
    return folder


def listed(folder: SurveyFolder, *cells: str, **declared: str) -> SurveyFolder:
    return only(folder, [("checks", "", "Checks")], *([cell] for cell in cells), **declared)


def values(folder: SurveyFolder, item: str, who: str = "S-1") -> dict[str, str]:
    """What each option of an item is; the status where there is no answer."""
    own = answers_of(folder.responses().table, item, who)
    return {option: value or status for option, (status, value) in own.items()}


def problems_in(folder: SurveyFolder) -> list[Problem]:
    try:
        folder.responses()
    except InputError as error:
        return error.problems
    return []


# Several answers in one cell


@pytest.mark.parametrize(
    ("cell", "expected", "rule"),
    [
        ("audit;visit", "selected not_selected selected", "several answers"),
        ("audit", "selected not_selected not_selected", ""),
        ("audit visit", None, ""),
        (" Visits ; AUDITS ;", "selected not_selected selected", "several answers: label to code"),
        (";;audit;;audit;", "selected not_selected not_selected", "several answers"),
        ("", "no_answer no_answer no_answer", "blank: no_answer"),
        (" ;\u00a0; ", "no_answer no_answer no_answer", "blank: no_answer"),
        (
            "Keine Angabe",
            "dont_know dont_know dont_know",
            "value map: German for no statement",
        ),
        ("n/a; N/A", "not_applicable not_applicable not_applicable", "value map: typed so"),
    ],
)
def test_a_cell_is_cut_into_its_answers(
    folder: SurveyFolder, cell: str, expected: str | None, rule: str
) -> None:
    listed(folder, cell)
    if expected is None:
        (problem,) = problems_in(folder)
        assert (problem.row, problem.column, problem.value) == (2, "Checks", cell)
        return
    assert list(values(folder, "checks").values()) == expected.split()
    assert list(values(folder, "checks")) == list(SPREAD)
    assert read_and_clean(folder).rule(2, "Checks") == rule


def test_one_cell_gives_the_table_that_a_column_an_option_gives(tmp_path: Path) -> None:
    chosen = ["audit;visit", "code", "", "n/a", "Keine Angabe"]
    one = listed(survey(tmp_path / "one", items=ITEMS), *chosen)
    columns = [("checks", option, option) for option in SPREAD]
    cells = [["X" if o in cell.split(";") else "" for o in SPREAD] for cell in chosen]
    cells[3:] = [[cell] * 3 for cell in chosen[3:]]
    many = only(survey(tmp_path / "many", items=ITEMS), columns, *cells)
    assert one.responses().table.equals(many.responses().table)


def test_an_unknown_part_is_named_wherever_it_stands(folder: SurveyFolder) -> None:
    add_options(folder, "check", pair="A; B")
    listed(folder, "audit;vist", "vist;code;foo", "A;audit")
    problems = problems_in(folder)
    assert [(problem.row, problem.value) for problem in problems] == [
        (2, "vist"),
        (3, "vist"),
        (3, "foo"),
        (4, "A"),
    ]
    assert problems[0].suggestion == "visit"
    assert read_and_clean(folder).refused()[0][:3] == (2, "Checks", "audit;vist")


def test_a_label_may_hold_the_separator(folder: SurveyFolder) -> None:
    add_options(folder, "check", both="Audits; and visits", more="x;y;z")
    listed(folder, "A code;Audits; and visits", "x;y;z;audit")
    assert values(folder, "checks") == {
        "audit": "not_selected",
        "code": "selected",
        "visit": "not_selected",
        "both": "selected",
        "more": "not_selected",
    }
    assert values(folder, "checks", "S-2")["more"] == "selected"


def test_a_cell_that_can_be_cut_in_two_ways_is_not_guessed(folder: SurveyFolder) -> None:
    add_options(folder, "check", both="audit;visit")
    listed(folder, "audit;visit;code")
    (problem,) = problems_in(folder)
    assert (problem.row, problem.value) == (2, "audit;visit;code")


@pytest.mark.parametrize(
    ("word", "cell"),
    [
        ("semicolon", "audit; code"),
        ("comma", "audit, code"),
        (",", "audit,code"),
        ("pipe", "audit | code"),
        ("space", "audit  code"),
        ("newline", "audit\r\ncode"),
        ("slash", "audit/code"),
    ],
)
def test_the_separator_is_declared_for_a_column(folder: SurveyFolder, word: str, cell: str) -> None:
    only(folder, [("checks", "", "Checks", word)], [cell])
    assert list(values(folder, "checks").values()) == ["selected", "selected", "not_selected"]


def test_a_column_without_several_answers_has_no_separator(folder: SurveyFolder) -> None:
    only(folder, [("law", "", "Law", "comma")], ["Yes"])
    (problem,) = problems_in(folder)
    assert (problem.file, problem.column) == ("codebook/columns.csv", "separator")


def test_the_value_map_explains_parts_and_whole_cells(folder: SurveyFolder) -> None:
    folder.map_values(
        *MAPPED,
        ("check", "inspections", "visit", "older name"),
        ("check", "audit or code", "quarantine", "cannot be told"),
        ("check", "audit;maybe", "audit", "typed so"),
    )
    listed(folder, "Inspections;code", "audit or code;visit", "audit;maybe")
    assert list(values(folder, "checks").values()) == ["not_selected", "selected", "selected"]
    assert list(values(folder, "checks", "S-3").values()) == ["selected", *["not_selected"] * 2]
    done = read_and_clean(folder)
    assert done.refused() == [(3, "Checks", "audit or code;visit", "cannot be told")]
    assert done.rule(2, "Checks") == "several answers: value map: older name"
    assert {row.raw for row in done.cleaned.unused} == {raw for _, raw, _, _ in MAPPED}


@pytest.mark.parametrize("cell", ["audit;Keine Angabe", "Keine Angabe;n/a"])
def test_a_status_beside_another_answer_refuses_the_cell(folder: SurveyFolder, cell: str) -> None:
    listed(folder, cell)
    assert set(values(folder, "checks").values()) == {"no_answer"}
    assert read_and_clean(folder).refused() == [
        (2, "Checks", cell, "'dont_know' beside another answer")
    ]


def test_what_hangs_on_one_of_several_answers_in_a_cell_is_asked(folder: SurveyFolder) -> None:
    columns = [("checks", "", "Checks"), ("why", "", "Why")]
    only(folder, columns, ["code;audit", "x"], ["code", "y"], ["audit", ""])
    assert [values(folder, "why", f"S-{n}")[""] for n in (1, 2, 3)] == [
        *("x", "not_asked", "no_answer")
    ]


def test_the_options_are_those_offered_in_the_cycle_and_those_chosen(folder: SurveyFolder) -> None:
    folder.study.add_column(CHOICES, "offered")
    folder.study.edit(CHOICES, "code", offered="a")
    folder.study.edit(CHOICES, "visit", offered="a")
    listed(folder, "audit;visit")
    assert values(folder, "checks") == {"audit": "selected", "visit": "selected"}


SPELLINGS = ["a", "b", "a;b", "b;c", "c", "a;b;c"]
PARTS = st.lists(st.sampled_from([*SPELLINGS, "x"]), min_size=1, max_size=5)


def cuts(cell: str, known: Sequence[str]) -> list[list[str]]:
    """Every way to cut a cell into known spellings, by trying all."""
    parts = cell.split(";")
    found = [[cell]] if cell in known else []
    for place in range(1, len(parts)):
        head, tail = ";".join(parts[:place]), ";".join(parts[place:])
        if head in known:
            found += [[head, *rest] for rest in cuts(tail, known)]
    return found


@settings(max_examples=300, deadline=None)
@given(parts=PARTS, known=st.lists(st.sampled_from(SPELLINGS), min_size=1, unique=True))
def test_a_cell_is_cut_in_the_only_way_that_there_is(parts: list[str], known: list[str]) -> None:
    names = {spelling: f"o{number}" for number, spelling in enumerate(known)}
    words = {spelling: Word(spelling, name) for spelling, name in names.items()}
    cell = ";".join(parts)
    options = list(names.values())
    meaning = Listed(Vocabulary(words), ";", options).meaning(cell)
    ways = cuts(cell, known)
    if len(ways) == 1:
        assert set(meaning.chosen) == {names[one] for one in ways[0]}
        assert meaning.after == " ".join(one for one in options if one in meaning.chosen)
    else:
        assert meaning.is_unmapped
        assert bool(meaning.unknown) == (not ways)


def test_a_long_cell_is_cut_quickly() -> None:
    words = {name: Word(name, name) for name in ("a", "b", "a;a;a;a;b")}
    meaning = Listed(Vocabulary(words), ";", ("a", "b")).meaning(";".join(["a", "x"] * 30_000))
    assert meaning.unknown == ("x",)


# Answers that exclude each other


def exclusive(folder: SurveyFolder) -> SurveyFolder:
    add_options(folder, "check", none="None of these")
    folder.study.add_column(CHOICES, "exclusive")
    folder.study.edit(CHOICES, "none", exclusive="yes")
    return folder


def test_an_answer_that_excludes_others_refuses_the_cell_beside_one(folder: SurveyFolder) -> None:
    listed(exclusive(folder), "none", "None of these; code", "code")
    assert values(folder, "checks")["none"] == "selected"
    assert set(values(folder, "checks", "S-2").values()) == {"no_answer"}
    assert values(folder, "checks", "S-3")["none"] == "not_selected"
    assert read_and_clean(folder).refused() == [
        (3, "Checks", "None of these; code", "'none' excludes all other answers")
    ]


def test_it_refuses_the_row_where_each_answer_has_a_column(folder: SurveyFolder) -> None:
    columns = [("checks", option, option) for option in (*SPREAD, "none")]
    exclusive(folder)
    only(folder, columns, ["", "", "", "X"], ["X", "0", "", "X"], ["X", "0", "0", "0"])
    assert values(folder, "checks")["none"] == "selected"
    assert set(values(folder, "checks", "S-2").values()) == {"no_answer"}
    assert values(folder, "checks", "S-3") == {
        **dict.fromkeys(("code", "visit", "none"), "not_selected"),
        "audit": "selected",
    }
    reason = "'none' excludes all other answers"
    assert read_and_clean(folder).refused() == [
        (3, "audit", "X", reason),
        (3, "code", "0", reason),
        (3, "none", "X", reason),
    ]


def test_it_refuses_the_answers_of_a_long_export(folder: SurveyFolder) -> None:
    exclusive(folder)
    rows = [
        ["S-1", "checks", "audit", "X"],
        ["S-1", "checks", "none", "X"],
        ["S-2", "checks", "none", "X"],
    ]
    header = "respondent_id item option value".split()
    name_columns(folder)
    put(folder, as_csv(header, rows), shape="long")
    assert set(values(folder, "checks").values()) == {"no_answer"}
    assert values(folder, "checks", "S-2")["none"] == "selected"


# Rankings


LAYOUTS: Mapping[str, Sequence[Sequence[str]]] = {
    "one cell": [("order", "", "Order")],
    "a column an option": [("order", option, option) for option in SPREAD],
    "a column a rank": [("order", f"#{rank}", f"Order[{rank}]") for rank in (1, 2, 3)],
}


def ranked(order: Sequence[str], layout: str) -> list[str]:
    """The cells of one row that put options into an order."""
    if layout == "one cell":
        return [";".join(order)]
    if layout == "a column a rank":
        return [*order, *[""] * (3 - len(order))]
    return [str(order.index(one) + 1) if one in order else "" for one in SPREAD]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_ranking_gives_the_rank_of_each_option(folder: SurveyFolder, layout: str) -> None:
    orders = [("visit", "audit", "code"), ("code",), ()]
    only(folder, LAYOUTS[layout], *(ranked(order, layout) for order in orders))
    assert values(folder, "order") == {"audit": "2", "code": "3", "visit": "1"}
    assert values(folder, "order", "S-2") == {
        "audit": "not_selected",
        "code": "1",
        "visit": "not_selected",
    }
    assert set(values(folder, "order", "S-3").values()) == {"no_answer"}


def test_every_layout_of_every_order_gives_the_same_table(tmp_path: Path) -> None:
    orders = [order for size in range(3) for order in permutations(SPREAD, size)][:5]
    tables = []
    for layout, columns in LAYOUTS.items():
        folder = survey(tmp_path / layout.replace(" ", "_"), items=ITEMS)
        only(folder, columns, *(ranked(order, layout) for order in orders))
        tables.append(folder.responses().table)
    assert all(table.equals(tables[0]) for table in tables[1:])


@pytest.mark.parametrize(
    ("layout", "cells", "reason"),
    [
        ("one cell", ["audit;code;audit"], "'audit' is there twice"),
        ("a column an option", ["1", "1", "2"], "two options have the rank 1"),
        ("a column a rank", ["audit", "code", "audit"], "'audit' is there twice"),
    ],
)
def test_a_ranking_that_contradicts_itself_is_refused(
    folder: SurveyFolder, layout: str, cells: list[str], reason: str
) -> None:
    only(folder, LAYOUTS[layout], cells)
    assert set(values(folder, "order").values()) == {"no_answer"}
    refused = read_and_clean(folder).refused()
    assert [(row[2], row[3]) for row in refused] == [(cell, reason) for cell in cells]


@pytest.mark.parametrize("cell", ["0", "4", "first", "1.5", "9" * 5000])
def test_a_rank_that_is_none_is_named(folder: SurveyFolder, cell: str) -> None:
    only(folder, LAYOUTS["a column an option"], [cell, "", ""])
    folder.map_values()
    (problem,) = problems_in(folder)
    assert (problem.row, problem.column, problem.value) == (2, "audit", cell)
    assert problem.allowed[0] == "a rank, 1 for the first"


def test_ranks_may_be_written_with_decimals_and_statuses(folder: SurveyFolder) -> None:
    columns = LAYOUTS["a column an option"]
    only(folder, columns, ["2.0", "1.0", "0"], ["n/a", "", ""])
    assert values(folder, "order") == {"audit": "2", "code": "1", "visit": "not_selected"}
    assert set(values(folder, "order", "S-2").values()) == {"not_applicable"}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_hangs_on_a_ranked_option_is_asked(folder: SurveyFolder, layout: str) -> None:
    columns = [*LAYOUTS[layout], ("which", "", "Which")]
    rows = [ranked(order, layout) for order in (("code", "audit"), ("code",))]
    only(folder, columns, [*rows[0], "x"], [*rows[1], ""])
    assert [values(folder, "which", f"S-{n}")[""] for n in (1, 2)] == ["x", "not_asked"]


def test_a_ranking_is_read_back_from_the_responses(folder: SurveyFolder, tmp_path: Path) -> None:
    only(folder, LAYOUTS["one cell"], ["visit;audit"], [""])
    table = folder.responses().table
    other = survey(tmp_path / "other", items=ITEMS)
    only(other, LAYOUTS["one cell"])
    other.study.write(SOURCES, other.study.read(SOURCES)[:1])
    put(other, table.to_csv(index=False).encode(), shape="long")
    assert other.responses().table.equals(table)


def test_an_item_cannot_be_named_in_two_ways(folder: SurveyFolder) -> None:
    only(folder, [*LAYOUTS["one cell"], *LAYOUTS["a column a rank"]], ["", "", "", ""])
    problems = problems_in(folder)
    assert {problem.value for problem in problems} == {"#1", "#2", "#3"}
    assert "in another way" in problems[0].message


# What holds for all of them


CELLS = st.lists(
    st.sampled_from(["audit", "code", "Visits", "none", "n/a", "Keine Angabe", "x", ""]),
    max_size=4,
).map(";".join)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Read, Codebook]:
    folder = exclusive(survey(tmp_path_factory.mktemp("several"), items=ITEMS))
    columns = [("checks", "", "Checks"), ("order", "", "Order"), ("why", "", "Why")]
    only(folder, columns, ["", "", ""])
    return read_and_clean(folder), folder.load().codebook


@settings(max_examples=100, deadline=None)
@given(rows=st.lists(st.tuples(CELLS, CELLS, st.sampled_from(["", "y"])), min_size=1, max_size=5))
def test_the_ledger_leads_from_raw_to_clean(
    asked: tuple[Read, Codebook], rows: list[tuple[str, ...]]
) -> None:
    read, book = asked
    index = pd.Index(range(2, len(rows) + 2), name="row")
    cells = [[f"S-{number}", *row] for number, row in enumerate(rows, start=1)]
    table = pd.DataFrame(cells, columns=read.raw.header, index=index, dtype="str")
    raw = RawTable(read.raw.file, table)
    done = clean(raw, read.export, book, {})
    assert replay(raw, done.ledger, done.quarantine).equals(done.table)
    (part,) = done.parts
    for item in ("checks", "order"):
        own = part.items[item]
        assert list(own) == [*SPREAD, "none"]
        # All options of a row have the same status: it was answered as a whole, or not at all.
        statuses = [{one.statuses[row] for one in own.values()} for row in range(len(rows))]
        assert all(len(row) == 1 for row in statuses)


def test_a_word_of_the_value_map_keeps_its_row() -> None:
    row = Mapped("check", "x", "a", "typed so", 2)
    listed_ = Listed(Vocabulary({"x": Word("x", "a", row)}), ";", ("a",))
    assert listed_.meaning("x;x").mappings == (row, row)


def test_what_hangs_on_a_contradiction_was_not_asked(folder: SurveyFolder) -> None:
    exclusive(folder)
    columns = [("checks", "", "Checks"), ("why", "", "Why")]
    only(folder, columns, ["none;audit", "x"], ["audit", "y"])
    assert [values(folder, "why", f"S-{n}")[""] for n in (1, 2)] == ["not_asked", "y"]


def test_rules_joined_by_and_must_all_hold(tmp_path: Path) -> None:
    relevant = "${law} = 'yes' and (selected(${checks}, 'audit'))"
    items = {**ITEMS, "why": {"type": "text", "relevant": relevant}}
    columns = [("law", "", "Law"), ("checks", "", "Checks"), ("why", "", "Why")]
    folder = only(
        survey(tmp_path, items=items),
        columns,
        *(["Yes", "audit", "a"], ["No", "audit", ""], ["Yes", "code", ""], ["", "", "d"]),
    )
    assert [values(folder, "why", f"S-{n}")[""] for n in (1, 2, 3, 4)] == ["a", *["not_asked"] * 3]
    reason = f"answered though not asked: {relevant} does not hold"
    assert read_and_clean(folder).refused() == [(5, "Why", "d", reason)]
