"""What a draft asks about options and rows, so that nothing is taken for granted in silence."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from drafts import Drafted, drafted, of_states, written
from studies import problem_of, problems_of

from analysis.drafting import Given, init_study

OTHER_ONLY = "“other” only"


def titles(study: Drafted) -> list[str]:
    return [line for line in study.todo if line.startswith("## ")]


def test_a_weight_is_asked_about_for_answers_are_counted(tmp_path: Path) -> None:
    share = ["0.71", "1.2", "0.98", "1.4", "0.6", "1.1", "0.93", "1.07"]
    columns = {
        "wt": share,
        "Design weight": share[::-1],
        "Poids": share,
        "Watts": share,
        "Growth": share,
    }
    study = drafted(tmp_path, of_states(**columns))
    assert study.decisions("the weight of a respondent") == [
        "`wt`",
        "`design_weight` (`Design weight`)",
        "`poids` (`Poids`)",
    ]


@pytest.mark.parametrize(
    ("columns", "name"),
    [
        pytest.param(
            {
                "Who pays? [State]": ["Yes", "No", "", "No", "Yes", "Yes", "No", "Yes"],
                "Who pays? [Farms]": ["No", "Yes", "", "No", "Yes", "Yes", "Yes", "No"],
                "Who pays? [Other (please specify)]": ["", "", "a fund", "a bank", *["me"] * 1]
                + [""] * 3,
            },
            "Who pays? [Other (please specify)]",
            id="a column an option",
        ),
        pytest.param(
            {
                "pay": ["State", "No", "", "", "No", "State", "No", "State"],
                "pay[other]": ["", "", "a fund", "a bank", "me", "", "", ""],
            },
            "pay[other]",
            id="LimeSurvey, one choice",
        ),
        pytest.param(
            {
                "Q7": ["State", "No", "", "", "No", "State", "No", "State"],
                "Q7_5_TEXT": ["", "", "a fund", "a bank", "me", "", "", ""],
            },
            "Q7_5_TEXT",
            id="Qualtrics, one choice",
        ),
        pytest.param(
            {
                "Who pays? | Response": ["State", "No", "", "", "No", "State", "No", "State"],
                "Who pays? | Other (please specify)": ["", "", "a fund", "a bank", "me"] + [""] * 3,
            },
            "Who pays? | Other (please specify)",
            id="SurveyMonkey, one choice",
        ),
    ],
)
def test_rows_with_nothing_but_other_are_counted(
    tmp_path: Path, columns: dict[str, Sequence[str]], name: str
) -> None:
    (line,) = drafted(tmp_path, of_states(**columns)).decisions(OTHER_ONLY)
    assert f"2 rows have only `{name}`" in line


def test_nothing_is_asked_about_other_where_something_was_chosen(tmp_path: Path) -> None:
    columns = {"pay": ["State", "No"] * 4, "pay[other]": ["a fund", *[""] * 7]}
    assert not any(OTHER_ONLY in title for title in titles(drafted(tmp_path, of_states(**columns))))


def test_words_of_a_scale_are_ordered_and_asked_about_though_one_is_unknown(
    tmp_path: Path,
) -> None:
    answers = ["good", "so-so", "very bad", "very bad", "very bad", "bad", "good", "bad"]
    study = drafted(tmp_path, of_states(State=answers))
    assert study.options("state") == ["very bad", "bad", "good", "so-so"]
    (line,) = study.decisions("Are these answers ordered")
    assert line.endswith("`very bad`, `bad`, `good` and `so-so`")
    assert {row["appearance"] for row in study.rows("survey.csv")} == {""}


@pytest.mark.parametrize(
    "words", [("under 20", "20 to 40", "over 40"), ("muy malo", "malo", "muy bueno")]
)
def test_words_of_degree_are_asked_about(tmp_path: Path, words: tuple[str, ...]) -> None:
    study = drafted(tmp_path, of_states(Age=[*words, *words, *words[:2]]))
    assert len(study.decisions("Are these answers ordered")) == 1


def test_nothing_is_asked_about_the_order_of_names(tmp_path: Path) -> None:
    study = drafted(tmp_path, of_states(Kind=["red", "green", "blue", "blue"] * 2))
    assert not any("ordered" in title for title in titles(study))


def test_a_group_of_countries_is_called_so(tmp_path: Path) -> None:
    first = {"Country": ["France", "Germany", "Japan", "Italy", "Atlantis"], "Law": ["Yes"] * 5}
    second = {**first, "Country": ["Frankreich", "Deutschland", "JPN", "Italien", "Atlantis"]}
    study = drafted(tmp_path, first, second)
    (group,) = (row for row in study.rows("choices.csv") if row["list_name"] == "respondents")
    assert group["named"] == "countries"
    assert study.decisions("countries") == ["`States`: 8 of 9 names are those of countries"]
    assert all("5 ids stand in another cycle" in line for line in study.decisions("Who answered"))
    problems = problems_of(lambda: study.responses)
    assert [(one.row, one.value) for one in problems] == [(6, "Atlantis")] * 2


def test_made_up_states_are_no_countries(tmp_path: Path) -> None:
    study = drafted(tmp_path, of_states(Law=["Yes", "No"] * 4))
    assert {row["named"] for row in study.rows("choices.csv")} == {""}


def test_rows_that_were_not_handed_in_are_told_with_what_leaves_them_out(tmp_path: Path) -> None:
    when = ["2020-01-01 10:00:00"] * 6 + [""] * 2
    study = drafted(tmp_path, of_states(submitdate=when, Law=["Yes", "No"] * 4))
    (line,) = study.decisions("Did these respondents take part")
    assert "2 rows have no `submitdate`" in line
    condition = line.rpartition(": ")[2].strip("`")
    table = study.path / "codebook" / "sources.csv"
    header, row = table.read_text(encoding="utf-8").splitlines()
    assert header.endswith(",where")
    table.write_text(f"{header}\n{row}{condition}\n", encoding="utf-8")
    assert study.values("law") == ["yes", "no"] * 3


def test_options_that_could_be_one_are_asked_about(tmp_path: Path) -> None:
    answers = ["Y", "1", "Yes", "No", "N", "Yes", "Yes", "No"] * 2
    sexes = ["m", "male", "female", "f", "male", "female", "other", "male"] * 2
    ids = [f"r{number}" for number in range(16)]
    study = drafted(tmp_path, {"Respondent": ids, "Law": answers, "Sex": sexes})
    assert study.decisions("several spellings") == [
        "`law` (`Law`): `Yes`, `1` and `Y`",
        "`law` (`Law`): `No` and `N`",
        "`sex` (`Sex`): `f` and `female`",
        "`sex` (`Sex`): `m` and `male`",
    ]


def test_a_code_apart_is_told_as_what_it_is_kept_as(tmp_path: Path) -> None:
    grades = ["1", "2", "3", "4", "5", "97", "1", "2"] * 2
    columns = {"Respondent": [f"r{n}" for n in range(16)], "Grade": grades}
    study = drafted(tmp_path, columns)
    (line,) = study.decisions("numbers stand for missing")
    assert line.endswith("`97` (2 cells), each kept as an option")
    assert "97" in study.options("grade")


def test_headers_that_differ_by_letter_case_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", of_states(**{"Open?": ["Yes"] * 8, "OPEN?": ["No"] * 8}))
    problem = problem_of(lambda: init_study(tmp_path / "s", [Given(path, "2020", "States")]))
    assert (problem.file, problem.row, problem.column) == ("a.csv", 1, "OPEN?")
    assert "'Open?'" in problem.message
    assert not (tmp_path / "s").exists()


@pytest.mark.parametrize(
    "none", ["None of these", "Aucun", "Keine davon", "Ninguno", "Nessuno", "Нет", "Nothing"]
)
def test_an_option_that_says_that_there_is_none_is_asked_about(tmp_path: Path, none: str) -> None:
    study = drafted(
        tmp_path,
        of_states(
            **{
                "Checks [Audit]": ["Yes", "No"] * 4,
                "Checks [Visits]": ["No", "Yes"] * 4,
                f"Checks [{none}]": ["No", "No"] * 4,
            }
        ),
    )
    (line,) = study.decisions("chosen beside others")
    assert line.endswith(f"{none}`")
