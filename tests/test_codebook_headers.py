"""Which column of an export holds which question where no table says so: by name or label."""

from __future__ import annotations

from pathlib import Path

import pytest
from codebooks import KOBO, SMALLEST, Rows, book_of

from analysis.study.codebook import Codebook
from analysis.study.headers import Recognised, recognise
from analysis.study.tools import of_a_tool

NAMES = ["respondent_id", "law", "services/hotline", "services/shelter", "staff"]
PLACES = {
    "respondent_id": ("respondent_id", ""),
    "law": ("law", ""),
    "services/hotline": ("services", "hotline"),
    "services/shelter": ("services", "shelter"),
    "staff": ("staff", ""),
}


def found(header: list[str], book: Codebook, cycle: str = "2022") -> Recognised:
    group = next(iter(book.respondents))
    return recognise(header, book, file="responses/a.csv", cycle=cycle, respondents=group)


def places(recognised: Recognised) -> dict[str, tuple[str, str]]:
    return {row.column: (row.item, row.option) for row in recognised.columns}


@pytest.fixture
def book(tmp_path: Path) -> Codebook:
    return book_of(tmp_path, SMALLEST)


def test_columns_are_recognised_by_the_names_of_their_questions(book: Codebook) -> None:
    assert found(NAMES, book) == recognise(
        NAMES, book, file="responses/a.csv", cycle="2022", respondents="respondents"
    )
    assert places(found(NAMES, book)) == PLACES
    assert found(NAMES, book).problems == ()
    assert found(NAMES, book).passed_over == ()


@pytest.mark.parametrize(
    "way", ["services/{}", "services_{}", "services.{}", "services[{}]", "services___{}"]
)
def test_an_option_has_its_column_in_the_spelling_of_many_tools(book: Codebook, way: str) -> None:
    header = [*NAMES[:2], way.format("hotline"), way.format("shelter"), "staff"]
    assert list(places(found(header, book)).values()).count(("services", "hotline")) == 1
    assert found(header, book).problems == ()


@pytest.mark.parametrize("way", ["{}/{}", "{} [{}]", "{}[{}]"])
def test_columns_are_recognised_by_labels_too(book: Codebook, way: str) -> None:
    asked = "Which services are offered?"
    header = [
        "respondent_id",
        "Is there a law?",
        way.format(asked, "Hotline"),
        way.format(asked, "Shelter"),
        "How many staff?",
    ]
    assert list(places(found(header, book)).values()) == [
        *list(PLACES.values())[1:],
        PLACES["respondent_id"],
    ]
    assert found(header, book).problems == ()


def test_spaces_line_breaks_case_and_unicode_form_do_not_matter(tmp_path: Path) -> None:
    survey: Rows = [["type", "name", "label"], ["integer", "cafés", "How many\ncafés?"]]
    book = book_of(tmp_path, {**SMALLEST, "survey": survey})
    for header in (" Cafe\u0301s ", "HOW MANY CAFÉS?", "How  many cafe\u0301s?"):
        recognised = found(["respondent_id", header], book)
        assert places(recognised)[header] == ("cafés", "")


def test_the_column_with_all_answers_is_passed_over_where_each_has_its_own(book: Codebook) -> None:
    recognised = found([*NAMES, "services"], book)
    assert places(recognised) == PLACES
    assert recognised.passed_over == ("services",)
    joined = found(["respondent_id", "law", "services", "staff"], book)
    assert places(joined)["services"] == ("services", "")
    assert (joined.passed_over, joined.problems) == ((), ())


def test_an_export_of_kobotoolbox_with_its_groups_is_recognised_whole(tmp_path: Path) -> None:
    book = book_of(tmp_path, KOBO)
    header = [
        *("start", "end", "respondent_id", "welcome", "law/has_law", "law/has_fines"),
        *("care/services", "care/services/hotline", "care/services/shelter", "care/services/other"),
        *("care/services_other", "care/staffing/staff", "care/staffing/share"),
        *("care/spot", "care/_spot_latitude", "care/_spot_longitude", "care/_spot_altitude"),
        *("care/_spot_precision", "total", "remarks", "__version__", "_id", "_uuid"),
        *("_submission_time", "_validation_status", "_notes", "_status", "_submitted_by"),
        *("_tags", "_index", "meta/instanceID"),
    ]
    recognised = found(header, book)
    assert places(recognised) == {
        "respondent_id": ("respondent_id", ""),
        "_submission_time": ("submitted_at", ""),
        "law/has_law": ("has_law", ""),
        "law/has_fines": ("has_fines", ""),
        "care/services/hotline": ("services", "hotline"),
        "care/services/shelter": ("services", "shelter"),
        "care/services/other": ("services", "other"),
        "care/services_other": ("services_other", ""),
        "care/staffing/staff": ("staff", ""),
        "care/staffing/share": ("share", ""),
        "remarks": ("remarks", ""),
    }
    assert set(recognised.passed_over) == set(header) - set(places(recognised))
    assert recognised.problems == ()


def test_an_export_of_odk_central_is_recognised_whole(tmp_path: Path) -> None:
    book = book_of(tmp_path, KOBO)
    header = [
        *("SubmissionDate", "start", "end", "respondent_id", "law-has_law", "law-has_fines"),
        *("care-services", "care-services/hotline", "care-services/shelter"),
        *("care-services/other", "care-services_other", "care-staffing-staff"),
        *("care-staffing-share", "care-spot-Latitude", "care-spot-Longitude"),
        *("care-spot-Altitude", "care-spot-Accuracy", "total", "remarks", "meta-instanceID"),
        *("KEY", "SubmitterID", "SubmitterName", "AttachmentsPresent", "AttachmentsExpected"),
        *("Status", "ReviewState", "DeviceID", "Edits", "FormVersion"),
    ]
    recognised = found(header, book)
    assert len(recognised.columns) == 11
    assert places(recognised)["SubmissionDate"] == ("submitted_at", "")
    assert set(recognised.passed_over) == set(header) - set(places(recognised))
    assert recognised.problems == ()


def test_an_export_of_limesurvey_is_recognised_whole(book: Codebook) -> None:
    own = ["id", "submitdate", "lastpage", "startlanguage", "seed"]
    asked = ["respondent_id", "law", "services[hotline]", "services[shelter]", "staff"]
    recognised = found([*own, *asked], book)
    assert places(recognised)["submitdate"] == ("submitted_at", "")
    assert set(recognised.passed_over) == {"id", "lastpage", "startlanguage", "seed"}


@pytest.mark.parametrize("header", ["id", "Status", "seed", "KEY", "token", "Who"])
def test_a_common_word_is_no_column_of_a_tool_by_itself(book: Codebook, header: str) -> None:
    recognised = found([*NAMES, header], book)
    assert recognised.passed_over == ()
    assert header not in places(recognised)
    assert of_a_tool({header.lower()}) == frozenset()


def test_a_question_that_no_column_holds_is_told_with_the_nearest_header(book: Codebook) -> None:
    (problem,) = found([*NAMES[:-1], "staf"], book).problems
    assert (problem.file, problem.row, problem.value) == ("responses/a.csv", 1, "staff")
    assert problem.suggestion == "staf"
    assert "codebook/columns.csv" in problem.message


def test_an_option_that_no_column_holds_is_told(book: Codebook) -> None:
    (problem,) = found(["respondent_id", "law", "services/hotline", "staff"], book).problems
    assert problem.value == "services/shelter"


def test_a_question_that_the_cycle_was_not_asked_is_not_looked_for(tmp_path: Path) -> None:
    survey = [
        ["type", "name", "label", "asked"],
        ["select_one yes_no", "law", "Is there a law?", "2018 2022"],
        ["integer", "staff", "How many staff?", "2022"],
    ]
    book = book_of(tmp_path, {**SMALLEST, "survey": survey})
    assert found(["respondent_id", "law"], book, "2018").problems == ()
    assert places(found(["respondent_id", "law", "staff"], book, "2018")).get("staff") is None


def test_an_option_that_could_not_be_chosen_is_not_looked_for(tmp_path: Path) -> None:
    choices = [[*row, "2022" if row[1] == "shelter" else ""] for row in SMALLEST["choices"][1:]]
    choices = [[*SMALLEST["choices"][0], "offered"], *choices]
    book = book_of(tmp_path, {**SMALLEST, "choices": choices})
    header = ["respondent_id", "law", "services/hotline", "staff"]
    assert found(header, book, "2018").problems == ()
    assert len(found(header, book, "2022").problems) == 1
    assert "services/shelter" not in places(found(NAMES, book, "2018"))


def test_a_header_of_two_questions_is_refused_with_both(tmp_path: Path) -> None:
    survey = [
        ["type", "name", "label"],
        ["text", "law_why", "Why?"],
        ["text", "fines_why", "Why?"],
    ]
    book = book_of(tmp_path, {**SMALLEST, "survey": survey})
    recognised = found(["respondent_id", "Why?"], book)
    (problem,) = recognised.problems
    assert "could hold law_why or fines_why" in problem.message
    assert places(recognised) == {"respondent_id": ("respondent_id", "")}
    assert recognised.passed_over == ("Why?",)


def test_a_name_is_surer_than_an_option_and_an_option_than_a_label(tmp_path: Path) -> None:
    survey = [
        ["type", "name", "label"],
        ["select_multiple service", "care", "care_shelter"],
        ["text", "care_hotline", "Which hotline?"],
    ]
    book = book_of(tmp_path, {**SMALLEST, "survey": survey})
    header = ["respondent_id", "care/hotline", "care_hotline", "care_shelter"]
    assert places(found(header, book)) == {
        "respondent_id": ("respondent_id", ""),
        "care/hotline": ("care", "hotline"),
        "care_hotline": ("care_hotline", ""),
        "care_shelter": ("care", "shelter"),
    }


def test_what_the_codebook_names_leads_and_the_rest_is_recognised(tmp_path: Path) -> None:
    columns = [["item", "cycle", "column"], ["law", "2022", "Q1"], ["respondent_id", "", "Country"]]
    book = book_of(tmp_path, {**SMALLEST, "columns": columns})
    named = found(["Country", "Q1", "law", "staff"], book)
    assert places(named) == {"staff": ("staff", "")}
    assert named.problems == ()
    whole = found(["Country", *NAMES[1:]], book, "2018")
    assert places(whole) == {
        name: place for name, place in PLACES.items() if place[0] != "respondent_id"
    }


def test_an_export_has_one_column_for_when_it_was_sent(book: Codebook) -> None:
    recognised = found([*NAMES, "_submission_time", "submitted_at"], book)
    assert places(recognised)["submitted_at"] == ("submitted_at", "")
    assert recognised.passed_over == ("_submission_time",)
