"""Exports as survey tools write them, and columns that are left out."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from exported import answers_of, exported, name_columns, put, saved, workbook
from surveys import COLUMNS, HEADER, ID, LAW, MAPPED, SurveyFolder, answers, as_csv, survey

from analysis.intake import Responses, load_responses
from analysis.intake.layout import layout_of
from analysis.intake.raw import RawTable, read_raw
from analysis.intake.reading.limits import SHOWN
from analysis.intake.reading.tools import added_by_tool, heading_of, separator_of
from analysis.problems import InputError, Problem
from analysis.study.exports import exports_of
from analysis.study.reading import TOOLS, Reading

KEYS = (("respondent_id", "", "Who"), ("law", "", "law"))


@pytest.fixture
def folder(tmp_path: Path) -> SurveyFolder:
    return survey(tmp_path)


def problems_in(folder: SurveyFolder) -> list[Problem]:
    try:
        load_responses(folder.load())
    except InputError as error:
        return error.problems
    return []


def only(folder: SurveyFolder, *columns: Sequence[str]) -> Responses:
    """The responses of a study that asks some of its questions only."""
    name_columns(folder, *columns)
    header, *rows = folder.study.read("codebook/survey.csv")
    asked = {row[0] for row in columns} | {"took_part"}
    kept = [row for row in rows if row[header.index("name")] in asked]
    folder.study.write("codebook/survey.csv", [header, *kept])
    if "fines" not in asked:
        folder.study.drop_row("codebook/indicators.csv", "fines")
    return folder.responses()


# Columns that are left out


def test_ignored_columns_are_left_out_by_name_and_by_how_they_begin(folder: SurveyFolder) -> None:
    header = [*HEADER, "IP", "meta/id", "meta/version"]
    folder.put([*answers(), "10.0.0.1", "x", "y"], header=header)
    file = "codebook/columns.csv"
    rows = folder.study.read(file)
    folder.study.write(
        file, [*rows, ["ignored", "", "", "", "IP"], ["ignored", "", "b", "states", "meta/*"]]
    )
    assert len(folder.responses().table) > 0
    written = folder.responses()
    everything = f"{written.table.to_csv()}{written.ledger.to_csv()}"
    assert "10.0.0.1" not in everything


def test_what_is_ignored_in_another_cycle_is_not_ignored_here(folder: SurveyFolder) -> None:
    folder.put([*answers(), "x"], header=[*HEADER, "IP"])
    rows = folder.study.read(COLUMNS)
    folder.study.write(COLUMNS, [*rows, ["ignored", "", "a", "", "IP"]])
    (problem,) = problems_in(folder)
    assert (problem.column, problem.value) == ("IP", "IP")


def test_a_column_with_an_item_is_read_though_a_pattern_covers_it(folder: SurveyFolder) -> None:
    folder.put(answers(law="Oui"))
    rows = folder.study.read(COLUMNS)
    folder.study.write(COLUMNS, [*rows, ["ignored", "", "", "", "I*"]])
    assert answers_of(folder.responses().table, "law", "S-1") == {"": ("answered", "yes")}


def test_a_column_cannot_be_ignored_and_hold_an_item(folder: SurveyFolder) -> None:
    folder.put(answers())
    rows = folder.study.read(COLUMNS)
    folder.study.write(COLUMNS, [*rows, ["ignored", "", "b", "", LAW]])
    problem = problems_in(folder)[0]
    assert (problem.file, problem.column, problem.value) == (COLUMNS, "column", LAW)


def test_many_unknown_columns_are_counted_and_told_what_to_do(folder: SurveyFolder) -> None:
    more = [f"extra {number}" for number in range(50)]
    folder.put([*answers(), *more], header=[*HEADER, *more])
    problems = problems_in(folder)
    assert [problem.value for problem in problems] == more[:SHOWN]
    assert "30 more such columns" in problems[-1].message
    assert "'ignored'" in problems[-1].message


def test_ten_thousand_unknown_columns_are_told_in_seconds(folder: SurveyFolder) -> None:
    more = [f"Question {number}, which nobody has ever heard of" for number in range(10_000)]
    folder.put([*answers(), *["Yes"] * len(more)], header=[*HEADER, *more])
    start = time.perf_counter()
    problems = problems_in(folder)
    assert len("\n".join(map(str, problems))) < 20_000
    assert time.perf_counter() - start < 8
    assert len(problems) == SHOWN


@pytest.mark.parametrize(("one", "other"), [("A law?", "A LAW?"), ("Straße", "STRASSE")])
def test_headers_that_look_alike_and_hold_two_things_are_refused(
    folder: SurveyFolder, one: str, other: str
) -> None:
    header = [ID, "When", one, other, *HEADER[4:]]
    folder.name_columns(header)
    folder.put(answers(), header=header)
    (problem,) = problems_in(folder)
    assert (problem.row, problem.column) == (1, other)
    assert "one holds 'law', the other 'fines'" in problem.message


def test_headers_that_look_alike_are_fine_where_one_is_ignored(folder: SurveyFolder) -> None:
    folder.put([*answers(), "x"], header=[*HEADER, LAW.upper()])
    rows = folder.study.read(COLUMNS)
    folder.study.write(COLUMNS, [*rows, ["ignored", "", "", "", LAW.upper()]])
    assert problems_in(folder) == []


# Tools


OWN = {
    "limesurvey": (
        "id|submitdate|lastpage|startlanguage|seed|token|startdate|datestamp|ipaddr|refurl|"
        "interviewtime|groupTime12|lawTime|Response ID|Date submitted|IP address|"
        "id. Response ID|submitdate. Date submitted|Group time: Laws"
    ),
    "eusurvey": "Invitation Number|Contribution ID|User Name|Creation Date|Last Update|Languages",
    "kobo": (
        "_id|_uuid|_submission_time|_validation_status|_notes|_status|_submitted_by|__version__|"
        "_tags|_index|start|end|today|username|deviceid|formhub/uuid|meta/instanceID|"
        "meta/rootUuid|_law_latitude|law_URL"
    ),
    "odk": (
        "SubmissionDate|KEY|SubmitterID|SubmitterName|AttachmentsPresent|AttachmentsExpected|"
        "Status|ReviewState|DeviceID|Edits|FormVersion|meta-instanceID|instanceID|start|end|"
        "law-Latitude"
    ),
    "qualtrics": (
        "StartDate|EndDate|Status|IPAddress|Progress|Duration (in seconds)|Finished|RecordedDate|"
        "ResponseId|RecipientLastName|RecipientEmail|ExternalReference|LocationLatitude|"
        "DistributionChannel|UserLanguage|Q_RecaptchaScore|Q1_DO|FL_5_DO_BL_3"
    ),
    "surveymonkey": (
        "Respondent ID|Collector ID|Start Date|End Date|IP Address|Email Address|First Name|"
        "Last Name|Custom Data 1|respondent_id|date_modified|custom_2"
    ),
}
OTHERS = "law2|Status of the law|_1_Is_there_a_law|time|freeTime|q/x|end_of_law|Q_law|Identity"


@pytest.mark.parametrize("tool", TOOLS)
def test_what_a_tool_adds_is_known_and_nothing_else(tool: str) -> None:
    own, others = OWN[tool].split("|"), OTHERS.split("|")
    assert added_by_tool([*own, *others, "law"], ["law"], [], Reading(tool=tool)) == set(own)
    assert added_by_tool([*own, *others, "law"], ["law"], [], Reading()) == set()


@pytest.mark.parametrize("tool", TOOLS)
def test_what_a_tool_adds_can_hold_an_item_all_the_same(tool: str) -> None:
    own = OWN[tool].split("|")
    added = added_by_tool(own, [own[0]], [], Reading(tool=tool))
    assert own[0] not in added


@pytest.mark.parametrize(
    ("tool", "rows", "separator"),
    [
        ("", 1, ";"),
        ("limesurvey", 1, ";"),
        ("eusurvey", 1, ";"),
        ("kobo", 1, " "),
        ("odk", 1, " "),
        ("qualtrics", 3, ","),
        ("surveymonkey", 2, ";"),
    ],
)
def test_a_tool_says_how_its_file_is_read(tool: str, rows: int, separator: str) -> None:
    reading = Reading(tool=tool)
    assert heading_of(reading).rows == rows
    assert heading_of(Reading(tool=tool, header_rows=1)).rows == 1
    assert separator_of("", reading) == separator
    assert separator_of("pipe", reading) == "|"


def qualtrics() -> bytes:
    header = ["StartDate", "ResponseId", "Q1", "Q2", "Q2_DO"]
    texts = ["Start Date", "Response ID", "Is there\na law?", "Which checks?", "Which - Order"]
    imports = [json.dumps({"ImportId": name}, separators=(",", ":")) for name in header]
    rows = [["2021-03-01", "S-1", "Yes", "Audits,A code", "1|2"], ["2021", "S-2", "No", "", ""]]
    return as_csv(header, [texts, imports, *rows])


def test_qualtrics(folder: SurveyFolder) -> None:
    name = put(folder, qualtrics(), tool="qualtrics")
    columns = [
        ("respondent_id", "", "ResponseId"),
        ("law", "", "Q1"),
        ("checks", "", "Q2"),
    ]
    done = only(folder, *columns)
    assert set(done.ledger["row"]) == {5, 6}
    assert answers_of(done.table, "checks", "S-1") == {
        "audit": ("answered", "selected"),
        "code": ("answered", "selected"),
        "visit": ("answered", "not_selected"),
    }
    raw = read_raw(exports_of(folder.load())[0])
    assert (raw.file, raw.questions["Q1"]) == (name, "Is there\na law?")


def test_qualtrics_without_its_name_is_recognised_by_its_third_row(tmp_path: Path) -> None:
    problem = exported(tmp_path, qualtrics()).problem()
    # The second row takes two lines of the file.
    assert (problem.row, problem.column, problem.allowed) == (4, "tool", ("qualtrics",))


def test_surveymonkey(folder: SurveyFolder) -> None:
    rows = [
        ["", "", "Response", "Audits", "A code", "Visits"],
        ["S-1", "10.0.0.1", "Yes", "Audits", "", ""],
    ]
    header = ["Respondent ID", "IP Address", "Is there a law?", "Which checks?", "", ""]
    put(folder, as_csv(header, rows), tool="surveymonkey")
    done = only(
        folder,
        ("respondent_id", "", "Respondent ID"),
        ("law", "", "Is there a law? | Response"),
        ("checks", "audit", "Which checks? | Audits"),
        ("checks", "code", "Which checks? | A code"),
        ("checks", "visit", "Which checks? | Visits"),
    )
    assert answers_of(done.table, "law", "S-1") == {"": ("answered", "yes")}
    assert answers_of(done.table, "checks", "S-1")["audit"] == ("answered", "selected")


@pytest.mark.parametrize("single", [True, False])
def test_kobo_has_all_answers_in_one_cell_and_a_column_each(
    folder: SurveyFolder, single: bool
) -> None:
    header = ["start", "Who", "g/law", "g/checks", *(f"g/checks/{o}" for o in ("audit", "code"))]
    header += ["g/checks/visit", "_id", "_uuid", "_submission_time", "__version__"]
    stream = io.StringIO(newline="")
    row = ["2021", "S-1", "yes", "visit audit", "1", "0", "1", "7", "u", "2021", "v"]
    blank = ["2021", "S-2", "", "", "", "", "", "8", "u", "2021", "v"]
    for cells in (header, row, blank):
        stream.write(";".join(f'"{cell}"' for cell in cells) + "\n")
    put(folder, stream.getvalue().encode(), tool="kobo")
    folder.map_values(*MAPPED, ("selected", "1", "selected", "how the tool writes it"))
    several = (
        [("checks", "", "g/checks")]
        if single
        else [("checks", o, f"g/checks/{o}") for o in ("audit", "code", "visit")]
    )
    done = only(folder, ("respondent_id", "", "Who"), ("law", "", "g/law"), *several)
    assert answers_of(done.table, "checks", "S-1") == {
        "audit": ("answered", "selected"),
        "code": ("answered", "not_selected"),
        "visit": ("answered", "selected"),
    }
    assert set(answers_of(done.table, "checks", "S-2").values()) == {("no_answer", "")}


def test_odk_central_names_groups_with_a_hyphen(folder: SurveyFolder) -> None:
    header = ["SubmissionDate", "g-Who", "g-law", "meta-instanceID", "KEY", "Status"]
    put(folder, as_csv(header, [["2021", "S-1", "yes", "u", "u", ""]]), tool="odk")
    done = only(folder, ("respondent_id", "", "g-Who"), ("law", "", "g-law"))
    assert answers_of(done.table, "law", "S-1") == {"": ("answered", "yes")}


def test_limesurvey_names_answers_in_brackets(folder: SurveyFolder) -> None:
    header = ["id", "submitdate", "token", "Q1", "Q2[SQ001]", "Q2[SQ002]", "Q2[SQ003]", "Q1Time"]
    rows = [["1", "2021-03-01 10:00:00", "S-1", "Yes", "X", "", "N/A", "3.2"]]
    put(folder, as_csv(header, rows), tool="limesurvey")
    done = only(
        folder,
        ("respondent_id", "", "token"),
        ("law", "", "Q1"),
        *(("checks", o, f"Q2[SQ00{n}]") for n, o in enumerate(("audit", "code", "visit"), 1)),
    )
    assert answers_of(done.table, "checks", "S-1") == {
        "audit": ("answered", "selected"),
        "code": ("answered", "not_selected"),
        "visit": ("not_applicable", ""),
    }


@pytest.mark.parametrize("gap", [True, False])
def test_eusurvey_has_two_rows_above_the_header(folder: SurveyFolder, gap: bool) -> None:
    rows = [
        ["Alias", "thb-2021"],
        ["Export Date", "2021-06-01"],
        *([[]] if gap else []),
        ["Who", "Is there a law?", "Which checks?", "Contribution Id", "Languages"],
        ["S-1", "Yes", "Audits; Visits", "abc", "EN"],
    ]
    put(folder, saved(workbook(rows, titles=["Content"])), ".xlsx", tool="eusurvey")
    done = only(
        folder,
        ("respondent_id", "", "Who"),
        ("law", "", "Is there a law?"),
        ("checks", "", "Which checks?"),
    )
    assert answers_of(done.table, "checks", "S-1")["visit"] == ("answered", "selected")
    assert set(done.ledger["row"]) == {5 if gap else 4}


def test_an_unknown_tool_is_named(folder: SurveyFolder) -> None:
    put(folder, as_csv(HEADER, [answers()]), tool="kobotoolbox")
    (problem,) = problems_in(folder)
    assert (problem.column, problem.value) == ("tool", "kobotoolbox")
    assert problem.allowed == TOOLS


def test_a_layout_of_a_table_without_anything_named_lists_all(folder: SurveyFolder) -> None:
    folder.put(answers())
    study = folder.load()
    (export,) = exports_of(study)
    raw = read_raw(export)
    empty = RawTable(raw.file, raw.table[[ID]])
    layout, problems = layout_of(empty, export, study.codebook)
    assert dict(layout.items) == {}
    assert len(problems) == len(HEADER) - 1


# Columns that name themselves


def test_a_study_without_columns_reads_an_export_that_names_its_questions(tmp_path: Path) -> None:
    made = survey(tmp_path)
    (made.path / COLUMNS).unlink()
    header = ["respondent_id", "Law?", "fines", "checks", "staff", "remarks", "_uuid"]
    put(made, as_csv(header, [["S-1", "Oui", "no", "audit visit", "12", "none", "u"]]), tool="kobo")
    table = made.responses().table
    assert answers_of(table, "law", "S-1") == {"": ("answered", "yes")}
    assert answers_of(table, "checks", "S-1")["visit"] == ("answered", "selected")


def test_a_column_that_is_left_out_is_not_recognised(folder: SurveyFolder) -> None:
    header = [*HEADER[:-1], "remarks"]
    folder.put(answers(), header=header)
    rows = [row for row in folder.study.read(COLUMNS) if row[0] != "remarks"]
    folder.study.write(COLUMNS, [*rows, ["ignored", "", "", "", "rem*"]])
    assert answers_of(folder.responses().table, "remarks", "S-1") == {}
