"""What is guessed of a codebook from the exports of survey tools."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from drafts import STATES, Columns, Drafted, drafted, of_states
from hypothesis import given
from hypothesis import strategies as st

from analysis.drafting.cells import Word
from analysis.drafting.headers import STYLES, parts_in
from analysis.drafting.kinds import Kind, kind_of, missing_numbers
from analysis.drafting.tables import HEADERS
from analysis.drafting.text import LONGEST_NAME, Names, label_of, slug, starts_formula
from analysis.drafting.words import MISSING_WORDS, RANKS, SCALES, word_key
from analysis.intake.spelling import folded
from analysis.study.schema import TABLES
from analysis.study.vocabulary import MISSING


def words(*answers: str) -> list[Word]:
    """Answers with how often each was given, as the cells of one export."""
    return [
        Word(one, (one,), {("2020", "states"): answers.count(one)}, MISSING_WORDS.get(one, ""))
        for one in dict.fromkeys(answers)
    ]


def kind(*answers: str, header: str = "How?") -> Kind:
    return kind_of(words(*answers), header)


# What a column holds


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (["Yes", "No", "Yes"], "select_one"),
        (["Ja", "Nein"], "select_one"),
        (["0", "1", "1"], "select_one"),
        (["1", "1"], "integer"),
        (["2020-01-31", "2020-02-01"], "date"),
        (["2020-02-30"], "text"),
        (["2020-01-31T10:00", "2020-02-01 11:00:00"], "datetime"),
        (["12", "7", "340"], "integer"),
        (["12.0", "7.0"], "integer"),
        (["12.5", "7"], "decimal"),
        (["0,45", "0,5"], "decimal"),
        (["45 %", "50%"], "decimal"),
        (["1,200", "3,400"], "text"),
        (["Vienna", "Warsaw"] * 3, "select_one"),
        (["We plan a law", "There is none", "See annex"], "text"),
        (["x" * 121] * 9, "text"),
        ([], "text"),
    ],
)
def test_the_type_of_a_question_follows_from_its_answers(answers: list[str], expected: str) -> None:
    assert kind(*answers).type == expected


def test_yes_comes_before_no_and_1_means_yes() -> None:
    assert [word.label for word in kind("0", "1", "0").words] == ["1", "0"]
    assert [word.label for word in kind("Non", "Oui").words] == ["Oui", "Non"]


@pytest.mark.parametrize("family", SCALES)
def test_every_scale_of_words_is_put_in_its_order(family: str) -> None:
    """The first word of each step, given in the order of the alphabet."""
    order = [line.partition("|")[0] for line in SCALES[family]]
    found = kind(*sorted(order))
    assert found.type == "select_one"
    assert [word.label for word in found.words] == order


def test_no_word_of_a_scale_means_that_there_is_no_answer() -> None:
    for ranks in RANKS.values():
        assert not set(ranks) & set(MISSING_WORDS)
    assert set(MISSING_WORDS.values()) <= set(MISSING)
    assert [word for word in MISSING_WORDS if word_key(word) != word] == []
    assert MISSING_WORDS[word_key("Ich weiß nicht")] == "dont_know"


def test_words_with_something_else_among_them_are_no_scale() -> None:
    found = kind(*["Never", "Always", "On Mondays"] * 2)
    assert (found.type, found.scale) == ("select_one", "")


def test_numerals_from_1_to_5_are_a_scale_with_all_its_points() -> None:
    found = kind(*"5 1 2 5 1 2 5 1 2 5".split())
    assert [word.label for word in found.words] == ["1", "2", "3", "4", "5"]
    assert [word.total for word in found.words] == [3, 3, 0, 0, 4]


@pytest.mark.parametrize("answers", ["1 2 3 1 2 3", "0 1 2 3 4 0 1 2 3 4", "1 2 9 1 2 9 1 2 9 9"])
def test_few_answers_or_other_numerals_are_numbers(answers: str) -> None:
    """Six answers are too few to tell; 0 and 9 are no points from 1 to 5."""
    assert kind(*answers.split()).type == "integer"


def test_a_scale_may_have_words_beside_its_ends() -> None:
    found = kind(*["10 (all)", "1 (none)", "2"] * 3)
    assert [word.label for word in found.words] == ["1 (none)", "2", "10 (all)"]
    assert found.scale == "numbers"


def test_numbers_with_a_few_words_stay_numbers_and_name_the_words() -> None:
    found = kind(*map(str, range(20, 40)), "about 12")
    assert (found.type, found.odd) == ("integer", ("about 12",))
    assert kind("12", "many", "several").type == "text"


def test_numbers_apart_from_the_others_may_stand_for_missing_answers() -> None:
    def told(*answers: str) -> list[str]:
        return [word.label for word in missing_numbers(words(*answers))]

    assert told("3", "14", "-99", "99") == ["-99", "99"]
    assert told("3", "60", "99") == []
    assert told("-5", "3", "-99") == []
    assert told("-99") == []


@pytest.mark.parametrize(("mark", "separator"), [(";", "semicolon"), ("|", "pipe")])
def test_answers_that_recur_between_signs_are_several_answers(mark: str, separator: str) -> None:
    found = kind(f"Audit{mark} Code", "Audit", f"Code{mark}Visit", f"Visit{mark}Audit")
    assert (found.type, found.separator) == ("select_multiple", separator)
    assert {word.label: word.total for word in found.words} == {"Audit": 3, "Code": 2, "Visit": 2}


def test_a_sign_inside_the_text_of_an_option_parts_nothing() -> None:
    found = kind(*["Yes; in law", "No"] * 4)
    assert (found.type, found.separator) == ("select_one", "")
    assert kind("See A; B", "As said; not yet", "None; see above").type == "text"


def test_texts_that_a_panel_repeats_in_the_next_cycle_stay_texts(tmp_path: Path) -> None:
    columns = of_states(Remarks=[f"remark {n}" for n in range(8)])
    assert drafted(tmp_path, columns, columns).types() == {"remarks": "text"}


# How headers name an option


@pytest.mark.parametrize(
    ("header", "style", "option"),
    [
        ("Q1[SQ001]", "code[option]", "SQ001"),
        ("pay[SQ1]. Who pays? [State]", "code[option]", "State"),
        ("pay[SQ1]._.Who pays? [State]", "code[option]", "State"),
        ("Who pays? [State]", "question [option]", "State"),
        ("group/Q1/opt", "question/option", "opt"),
        ("Q1_12", "question_1", "12"),
        ("Who pays? - State", "question: option", "State"),
        ("Who pays? | State", "question: option", "State"),
        ("Who pays: State", "question: option", "State"),
        ("Who pays? (State)", "question (option)", "State"),
    ],
)
def test_a_header_names_an_option_as_survey_tools_write_it(
    header: str, style: str, option: str
) -> None:
    first = next(name for name in STYLES if parts_in(header, name))
    part = parts_in(header, style)
    assert first == style
    assert part is not None
    assert part.option == option


SPREAD = [
    ("checks[a]", "checks[b]"),
    ("Which checks? [Audits]", "Which checks? [Codes]"),
    ("checks/a", "checks/b"),
    ("Q1_1", "Q1_2"),
    ("Which checks? - Audits", "Which checks? - Codes"),
    ("Which checks? (Audits)", "Which checks? (Codes)"),
]


@pytest.mark.parametrize(
    ("headers", "marks"),
    list(zip(SPREAD, [("Yes", "No"), ("1", "0"), ("X", ""), ("TRUE", "FALSE")] * 2, strict=False)),
)
def test_columns_that_only_mark_options_are_one_question(
    tmp_path: Path, headers: tuple[str, str], marks: tuple[str, str]
) -> None:
    on, off = marks
    first, second = headers
    study = drafted(tmp_path, of_states(**{first: [on] * 7 + [off], second: [off] * 6 + [on] * 2}))
    (name,) = study.types()
    assert study.types()[name].startswith("select_multiple ")
    first_option, second_option = (option for item, option, _ in study.columns() if item == name)
    assert study.values(name, first_option).count("selected") == 7
    assert study.values(name, second_option).count("selected") == 2


def test_cells_that_repeat_their_option_are_one_question_too(tmp_path: Path) -> None:
    columns = {"Q1_1": ["Audit", ""] * 4, "Q1_2": ["", "A code"] * 4, "Q1_3": [""] * 8}
    study = drafted(tmp_path, of_states(**columns))
    assert study.types() == {"q1": "select_multiple q1"}
    assert study.options("q1") == ["Audit", "A code", "option 3"]
    assert study.values("q1", "a_code") == ["not_selected", "selected"] * 4


def test_a_grid_of_answers_stays_several_questions_with_one_scale(tmp_path: Path) -> None:
    columns = {"likert[a]": ["Agree", "Disagree"] * 4, "likert[b]": ["Agree", "Neutral"] * 4}
    study = drafted(tmp_path, of_states(**columns))
    assert study.options("agreement") == ["Disagree", "Neutral", "Agree"]
    assert study.types() == {
        "likert_a": "select_one agreement",
        "likert_b": "select_one agreement",
    }


def test_the_text_beside_other_is_a_question_of_its_own(tmp_path: Path) -> None:
    marks = ["Yes", "No"] * 4
    columns = {"q[a]": marks, "q[b]": marks, "q[other]": ["", "A hotline"] + [""] * 6}
    study = drafted(tmp_path, of_states(**columns))
    assert study.types() == {"q": "select_multiple q", "q_other": "text"}
    columns["q[c]"] = ["A hotline", "see above"] * 4
    types = drafted(tmp_path / "more", of_states(**columns)).types()
    assert "select_multiple" not in " ".join(types.values())


def test_options_called_yes_and_no_do_not_clash_with_the_marks(tmp_path: Path) -> None:
    columns = {"q [Yes]": ["Yes", "No"] * 4, "q [No]": ["No", "Yes"] * 4}
    study = drafted(tmp_path, of_states(**columns))
    assert study.options("q") == ["option Yes", "option No"]
    assert study.values("q", "option_no") == ["not_selected", "selected"] * 4


# Several cycles and groups


LAW = {"Is there a law?": ["Yes", "No"] * 4}


def test_the_same_header_is_the_same_question_whatever_its_letters(tmp_path: Path) -> None:
    again = of_states(**{" IS  there a law?": ["Yes"] * 8})
    study = drafted(tmp_path, of_states(**LAW), again)
    (row,) = study.rows("survey.csv")
    assert (row["name"], row["asked"], row["comparability"]) == ("is_there_a_law", "2015 2020", "")
    assert study.decisions("same question in every cycle") == [
        "`is_there_a_law` (`Is there a law?`) in 2015 and 2020"
    ]


def test_questions_in_other_words_are_proposed_and_kept_apart(tmp_path: Path) -> None:
    later = of_states(
        **{
            "Is there any such law?": ["Yes"] * 8,
            "Who pays for shelters?": ["Cities", "The State"] * 4,
        }
    )
    study = drafted(tmp_path, of_states(**LAW), later)
    asked = {row["name"]: row["asked"] for row in study.rows("survey.csv")}
    assert asked == {
        "is_there_a_law": "2015",
        "is_there_any_such_law": "2020",
        "who_pays_for_shelters": "2020",
    }
    (line,) = study.decisions("in other words")
    # 14 of the characters match: twice that of 14 and 21.
    assert line == (
        "80% alike: `is_there_a_law` (`Is there a law?`) in 2015 and `is_there_any_such_law` "
        "(`Is there any such law?`) in 2020"
    )


def test_the_same_code_is_proposed_whatever_the_words(tmp_path: Path) -> None:
    first = of_states(**{"Q7. Is there a law?": ["Yes", "No"] * 4})
    second = of_states(**{"Q7. Who pays?": ["Cities", "The State"] * 4})
    (line,) = drafted(tmp_path, first, second).decisions("in other words")
    assert ", same code: " in line


def test_a_question_is_proposed_for_the_most_alike_and_never_within_a_cycle(tmp_path: Path) -> None:
    first = of_states(**{"Is there a law on fees?": ["Yes", "No"] * 4})
    second = of_states(
        **{
            "Is there any law on fees?": ["Yes", "No"] * 4,
            "Is there some law on fees now?": ["Yes", "No"] * 4,
        }
    )
    (line,) = drafted(tmp_path, first, second).decisions("in other words")
    assert "`is_there_any_law_on_fees`" in line
    alone = drafted(tmp_path / "alone", second)
    assert not [title for title in alone.todo if "other words" in title]


def test_a_header_that_is_only_a_number_is_no_proof_of_the_same_question(tmp_path: Path) -> None:
    export = of_states(Q3=["Yes", "No"] * 4)
    (line,) = drafted(tmp_path, export, export).decisions("same question in every cycle")
    assert "The header is a number only" in line


def test_options_that_one_cycle_shows_are_offered_there_and_told(tmp_path: Path) -> None:
    first = of_states(**{"Who pays?": ["Cities", "State budget"] * 4})
    second = of_states(**{"Who pays?": ["Cities", "The State budget"] * 4})
    study = drafted(tmp_path, first, second)
    offered = {r["name"]: r["offered"] for r in study.rows("choices.csv")[1:]}
    assert offered == {"cities": "", "state_budget": "2015", "the_state_budget": "2020"}
    (line,) = study.decisions("one cycle only")
    assert "`State budget` in 2015 (like `The State budget`?)" in line


def test_nothing_is_told_of_one_cycle_only_where_there_is_nothing(tmp_path: Path) -> None:
    study = drafted(tmp_path, of_states(**LAW), of_states(**LAW))
    titles = [line for line in study.todo if line.startswith("## ")]
    assert not [title for title in titles if "one cycle only" in title or "other words" in title]


def test_each_group_has_its_own_columns(tmp_path: Path) -> None:
    ngos = {"Organisation": ["Hope", "Light"], "Is there a law?": ["No", "No"], "Staff": ["3", "8"]}
    study = drafted(tmp_path, of_states(**LAW), ngos, groups=("States", "NGOs"))
    rows = {(row["item"], row["respondents"]): row["column"] for row in study.rows("columns.csv")}
    assert rows == {
        ("respondent_id", "states"): "Country",
        ("respondent_id", "ngos"): "Organisation",
        ("is_there_a_law", ""): "Is there a law?",
        ("staff", "ngos"): "Staff",
    }
    asked = {row["name"]: row["respondents"] for row in study.rows("survey.csv")}
    assert asked == {"is_there_a_law": "states ngos", "staff": "ngos"}
    table = study.responses.table
    assert table.groupby("respondents")["respondent_id"].nunique().to_dict() == {
        "states": 8,
        "ngos": 2,
    }


# Who answered


def who(study: Drafted) -> tuple[list[str], list[str]]:
    """Which headers are respondent ids, and what the sources say of ids."""
    headers = [header for item, _, header in study.columns() if item == "respondent_id"]
    return headers, [row["has_ids"] for row in study.rows("sources.csv")]


@pytest.mark.parametrize(
    "header", ["Country", "respondent_id", "Name of organisation", "ID", "Who"]
)
def test_a_column_of_names_says_who_answered(tmp_path: Path, header: str) -> None:
    columns = {"Remarks": [f"remark {n}" for n in range(8)], header: STATES, **LAW}
    assert who(drafted(tmp_path, columns, columns)) == ([header], ["yes", "yes"])


def test_numbers_in_the_order_of_the_rows_are_no_ids(tmp_path: Path) -> None:
    """Taken for ids, they would pair the first row of one cycle with the first of the other."""
    numbered = {"id": [str(n) for n in range(1, 9)], **LAW}
    study = drafted(tmp_path, numbered, numbered)
    assert who(study) == ([], ["no", "no"])
    assert ("ignored", "", "id") in study.columns()
    assert "its numbers run in the order of the rows" in study.decisions("Who answered")[0]
    assert len(study.responses.without_key) == 2


def test_numbers_that_recur_in_another_order_are_ids(tmp_path: Path) -> None:
    numbers = "17 3 88 41 9 23 76 54".split()
    first, second = {"id": numbers, **LAW}, {"id": numbers[::-1], **LAW}
    assert who(drafted(tmp_path, first, second)) == (["id"], ["yes", "yes"])
    other = {"id": [f"2{number}" for number in numbers], **LAW}
    assert who(drafted(tmp_path / "other", first, other)) == ([], ["no", "no"])


def test_a_number_that_the_tool_gives_to_a_submission_is_no_id(tmp_path: Path) -> None:
    def export(year: int) -> Columns:
        return {"ResponseId": [f"R_{year}abcdefghij{n}" for n in range(8)], **LAW}

    study = drafted(tmp_path, export(2015), export(2020))
    assert who(study) == ([], ["no", "no"])
    assert "it numbers submissions" in study.decisions("Who answered")[0]


def test_a_column_with_blanks_or_many_repeats_is_no_id(tmp_path: Path) -> None:
    for number, cells in enumerate([["", *STATES[1:]], ["Arland"] * 3 + list(STATES[3:])]):
        study = drafted(tmp_path / str(number), {"Country": cells, **LAW})
        assert who(study) == ([], ["no"])


def test_a_respondent_that_answered_twice_is_told(tmp_path: Path) -> None:
    ids = [*(f"S-{n}" for n in range(19)), "s-0 "]
    study = drafted(tmp_path, {"Respondent": ids, "Law": ["Yes"] * 20})
    assert who(study) == (["Respondent"], ["yes"])
    assert "1 row repeats an id" in study.decisions("Who answered")[0]


def test_how_many_answered_in_both_cycles_is_told(tmp_path: Path) -> None:
    later = {"Country": [*STATES[:5], "Ix", "Jora", "Kish"], **LAW}
    study = drafted(tmp_path, of_states(**LAW), later)
    assert "5 ids stand in another cycle too" in study.decisions("Who answered")[0]


def test_options_that_read_like_the_code_of_another_keep_apart(tmp_path: Path) -> None:
    study = drafted(tmp_path, of_states(Kind=["a b", "a_b", "A-B", "n a"] * 2))
    assert study.values("kind") == ["a_b_2", "a_b", "a_b_3", "n_a"] * 2


@pytest.mark.parametrize("header", ["Submission date", "submitdate. Date submitted", "EndDate"])
def test_the_time_of_submission_is_found(tmp_path: Path, header: str) -> None:
    times = [f"2020-03-0{n}" for n in range(1, 9)]
    columns = of_states(**{"Start date": times, header: times})
    study = drafted(tmp_path, columns)
    assert ("submitted_at", "", header) in study.columns()
    assert study.types() == {"start_date": "date"}


def test_a_question_can_have_a_header_that_a_tool_writes_too(tmp_path: Path) -> None:
    columns = of_states(Status=["In force", "Drafted"] * 4, End=["Open", "Closed"] * 4)
    assert list(drafted(tmp_path, columns).types()) == ["status", "end"]
    columns |= {"E-mail": ["x@example.org"] * 8, "Progress": ["100"] * 8}
    study = drafted(tmp_path / "more", columns)
    # What was said at "End" is no date.
    assert list(study.types()) == ["end"]
    assert study.decisions("without answers") == ["`Status`", "`E-mail`", "`Progress`"]


# Spellings


def test_words_for_missing_answers_are_mapped_as_guessed(tmp_path: Path) -> None:
    answers = ["Yes", "No", "Don’t know", "N/A", "keine Angabe", "DON'T KNOW", "..", "Not stated"]
    study = drafted(tmp_path, of_states(Law=answers))
    assert study.mapped() == {
        ("", "Don’t know", "dont_know"),
        ("", "DON'T KNOW", "dont_know"),
        ("", "N/A", "not_applicable"),
        ("", "keine Angabe", "no_answer"),
        ("", "..", "no_answer"),
        ("", "Not stated", "no_answer"),
    }
    assert {row["reason"] for row in study.rows("value_map.csv")} == {"guessed"}
    assert study.values("law") == (
        "yes no dont_know not_applicable no_answer dont_know no_answer no_answer".split()
    )
    assert "`N/A` (1 cell) is `not_applicable`" in study.decisions("why there is no answer")


def test_numbers_for_missing_answers_are_told_and_left(tmp_path: Path) -> None:
    staff = ["3", "12", "-99", "7", "40", "999", "-99", "8"]
    study = drafted(tmp_path, of_states(Staff=staff))
    assert study.mapped() == set()
    assert study.values("staff") == staff
    assert study.decisions("numbers stand for missing") == [
        "`staff` (`Staff`): `-99` (2 cells) and `999` (1 cell), each kept as a number"
    ]


def test_few_numbers_that_recur_may_be_codes_and_amounts_that_were_asked_for_are_none(
    tmp_path: Path,
) -> None:
    study = drafted(
        tmp_path,
        of_states(
            Law=["1", "2", "8", "9"] * 2,
            Staff=["3", "12", "40", "7", "9", "11", "8", "21"],
            **{"How many shelters?": ["1", "2", "8", "9"] * 2},
        ),
    )
    assert set(study.types().values()) == {"integer"}
    assert study.decisions("codes of answers") == ["`law` (`Law`): `1`, `2`, `8` and `9`"]


def test_dates_in_another_notation_are_told_as_dates(tmp_path: Path) -> None:
    days = [f"{number}.10.2021" for number in range(11, 19)]
    study = drafted(tmp_path, of_states(Filled=days))
    (line,) = study.decisions("no plain number or date")
    assert line.startswith("`filled` (`Filled`), kept as text: `11.10.2021`")
    todo = (study.path / "TODO.md").read_text(encoding="utf-8")
    assert "dates as year-month-day" in todo


def test_all_questions_with_yes_and_no_share_a_list(tmp_path: Path) -> None:
    study = drafted(tmp_path, of_states(Law=["Oui", "Non"] * 4, Fines=["Y", "N"] * 4))
    assert study.types() == {"law": "select_one yes_no", "fines": "select_one yes_no"}
    assert study.options("yes_no") == ["Yes", "No"]
    assert study.values("law") == ["yes", "no"] * 4
    assert study.values("fines") == ["yes", "no"] * 4


def test_a_scale_with_fewer_answers_shares_the_list_of_a_wider_one(tmp_path: Path) -> None:
    wide = ["Never", "Rarely", "Often", "Always"] * 2
    study = drafted(tmp_path, of_states(Audits=["Never", "Often"] * 4, Visits=wide))
    assert set(study.types().values()) == {"select_one frequency"}
    assert study.options("frequency") == ["Never", "Rarely", "Often", "Always"]


def test_a_scale_is_declared_unless_a_number_on_it_may_stand_for_missing(tmp_path: Path) -> None:
    columns = of_states(Law=["Yes", "No"] * 4, Audits=["Never", "Often"] * 4)
    points = {"Good": "1 2 3 4 5 1 2 3 4 5".split(), "Fair": "1 2 3 4 5 1 2 3 99 99".split()}
    (first, second) = (drafted(tmp_path / str(n), one) for n, one in enumerate((columns, points)))
    told = {
        row["name"]: row["appearance"]
        for study in (first, second)
        for row in study.rows("survey.csv")
    }
    assert told == {"law": "", "audits": "likert", "good": "likert", "fair": ""}
    items = first.load().codebook.items
    assert [name for name, item in items.items() if item.is_ordered] == ["audits"]


def test_two_scales_with_other_words_for_a_step_keep_their_lists(tmp_path: Path) -> None:
    columns = {"Audits": ["Never", "Often"] * 4, "Visits": ["Never", "Frequently"] * 4}
    study = drafted(tmp_path, of_states(**columns))
    assert study.options("frequency") == ["Never", "Often"]
    assert study.options("frequency_2") == ["Never", "Frequently"]


# A survey tool with several header rows


def qualtrics(questions: Sequence[str]) -> Columns:
    """An export of Qualtrics with a question with yes and no and one with two options."""
    header = "StartDate EndDate Progress ResponseId RecordedDate Country Q1 Q2_1 Q2_2".split()
    texts = [*header[:6], *questions]
    ids = [f'{{"ImportId":"{name}"}}' for name in header]
    time = "2020-01-01 10:00:00"
    rows: list[Sequence[str]] = [
        [time, time, "100", f"R_{n}abcdefghijklmn", time, state, "Yes", "1" if n % 2 else "", ""]
        for n, state in enumerate(STATES)
    ]
    return dict(zip(header, zip(texts, ids, *rows, strict=True), strict=True))


def test_the_second_and_third_header_of_qualtrics_are_no_answers(tmp_path: Path) -> None:
    export = qualtrics(["Is there a law?", "Which? - Audit", "Which? - Code"])
    study = drafted(tmp_path, export)
    assert [row["tool"] for row in study.rows("sources.csv")] == ["qualtrics"]
    labels = {row["name"]: row["label"] for row in study.rows("survey.csv")}
    assert labels == {"q1": "Is there a law?", "q2": "Which?"}
    assert study.options("q2") == ["Audit", "Code"]
    assert len(study.values("q1")) == 8


def test_the_same_number_with_another_question_is_another_question(tmp_path: Path) -> None:
    options = ["Which? - Audit", "Which? - Code"]
    first, second = (qualtrics([text, *options]) for text in ("Is there a law?", "Who pays?"))
    study = drafted(tmp_path, first, second)
    asked = {row["label"]: row["asked"] for row in study.rows("survey.csv")}
    assert asked == {"Is there a law?": "2015", "Who pays?": "2020", "Which?": "2015 2020"}
    (line,) = study.decisions("in other words")
    assert "same code" in line


# Names


@given(st.text(max_size=80))
def test_a_name_is_short_and_made_of_letters_digits_and_underscores(text: str) -> None:
    name = slug(text)
    assert len(name) <= LONGEST_NAME
    assert all(sign.isalnum() or sign == "_" for sign in name)
    assert slug(name) == name


@given(st.lists(st.sampled_from(["law", "law_2", "", "x" * 60]), max_size=12))
def test_every_name_is_taken_once(wanted: list[str]) -> None:
    names = Names(["law"])
    taken = [names.take(one) for one in wanted]
    assert len({*taken, "law"}) == len(taken) + 1
    assert max(map(len, taken), default=0) <= LONGEST_NAME


@given(st.text(alphabet=st.sampled_from("=+-@; |\t\n'\u202eab1１＝<"), max_size=12))
def test_a_label_never_begins_like_a_formula_nor_hides_one(text: str) -> None:
    label = label_of(text)
    assert not starts_formula(label)
    assert all(
        not starts_formula(part) or part.strip()[:1] not in "=+@＝" for part in label.split(";")
    )
    assert label.isprintable() or label == ""
    assert folded(label_of(label)) == folded(label)


def test_names_stay_apart_from_words_that_mean_something(tmp_path: Path) -> None:
    columns = {
        "Submitted at?": ["Selected", "Missing persons"] * 4,
        "respondent id": ["a", "b"] * 4,
        "???": ["a", "b"] * 4,
        "2nd law": ["a", "b"] * 4,
    }
    study = drafted(tmp_path, of_states(**columns))
    assert list(study.types()) == ["submitted_at_2", "respondent_id_2", "item", "q_2nd_law"]
    assert study.values("submitted_at_2") == ["selected_2", "missing_persons"] * 4


def test_long_headers_with_the_same_beginning_get_names_of_their_own(tmp_path: Path) -> None:
    start = "To what extent do you think that the authorities "
    columns = {f"{start}{end}": [f"{n} {end}" for n in range(8)] for end in ("act", "know")}
    names = list(drafted(tmp_path, of_states(**columns)).types())
    assert names == [
        "to_what_extent_do_you_think_that_the",
        "to_what_extent_do_you_think_that_the_2",
    ]


def test_every_drafted_column_is_one_that_a_codebook_can_have() -> None:
    for table, columns in HEADERS.items():
        assert set(columns) <= {column.name for column in TABLES[table]}


@pytest.mark.parametrize(
    ("header", "cells", "kind"),
    [
        ("Share of loans", ["5 %", "8 %", "9 %", "11 %"] * 3, "decimal"),
        ("How many work there?", list("123312341234"), "integer"),
        ("Anzahl der Stellen", list("123312341234"), "integer"),
        ("How good is it?", list("123312341234"), "select_one"),
        ("How good is it?", ["1 bad", "2", "3 good"] * 4, "select_one"),
    ],
)
def test_percentages_and_counts_are_no_scales(
    tmp_path: Path, header: str, cells: list[str], kind: str
) -> None:
    study = drafted(tmp_path, {"Country": [f"Land {n}" for n in range(12)], header: cells})
    assert [found.split()[0] for found in study.types().values()] == [kind]
