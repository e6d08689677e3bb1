"""Numbers, shares, dates and texts in the notations that people use, and cells made safe."""

from __future__ import annotations

import csv
import io
import re
import time
from pathlib import Path

import pandas as pd
import pytest
from exported import add_options, name_columns, put
from hypothesis import given
from hypothesis import strategies as st
from studies import ROOT
from surveys import SurveyFolder, as_csv, read_and_clean, survey

from analysis.described import numbers
from analysis.intake import read_record, replay
from analysis.intake.guard import guarded, unguarded
from analysis.intake.kinds import hint, kept
from analysis.intake.spelling import folded, trimmed
from analysis.observed import observed_counts
from analysis.processed import write_tables

TYPES = ("integer", "decimal", "date", "time", "datetime", "text")


def asked(folder: Path, kind: str, *cells: str) -> SurveyFolder:
    """A study with one question of a type, and one answer a respondent."""
    items = {"took_part": {"type": "select_one yes_no"}, "one": {"type": kind}}
    made = survey(folder, items=items)
    name_columns(made, ("respondent_id", "", "Who"), ("one", "", "One"))
    rows = [[f"S-{number}", cell] for number, cell in enumerate(cells, start=1)]
    put(made, as_csv(["Who", "One"], rows))
    return made


# Notations


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("integer", "12", "12"),
        ("integer", "12.0", "12"),
        ("integer", "-3.00", "-3"),
        ("integer", "007", "007"),
        ("integer", "1.5", None),
        ("integer", "1,0", None),
        ("integer", "1e3", None),
        ("integer", "45 %", None),
        ("integer", "\u0663", None),
        ("decimal", "0.45", "0.45"),
        ("decimal", "45", "45"),
        ("decimal", ".5", ".5"),
        ("decimal", "0,45", "0.45"),
        ("decimal", "-1,5", "-1.5"),
        ("decimal", "12,3456", "12.3456"),
        ("decimal", "0,450", "0.450"),
        ("decimal", "1,200", None),
        ("decimal", "1.200,5", None),
        ("decimal", "45%", "0.45"),
        ("decimal", "45 %", "0.45"),
        ("decimal", "45\u202f%", "0.45"),
        ("decimal", "12,5 %", "0.125"),
        ("decimal", "100 %", "1"),
        ("decimal", "0 %", "0"),
        ("decimal", "0.001%", "0.00001"),
        ("decimal", "1,200 %", None),
        ("decimal", "% 45", None),
        ("decimal", "45 % %", None),
        ("decimal", "%", None),
        ("decimal", "1e5", None),
        ("decimal", "nan", None),
        ("date", "2021-03-01", "2021-03-01"),
        ("date", "2021-03-01 00:00:00", "2021-03-01"),
        ("date", "2021-03-01T00:00:00.000", "2021-03-01"),
        ("date", "2021-03-01 10:00", None),
        ("date", "2021-02-30", None),
        ("date", "01/03/2021", None),
        ("date", "44256", None),
        ("time", "10:30", "10:30"),
        ("time", "10:30:00.000+02:00", "10:30:00.000+02:00"),
        ("time", "25:00", None),
        ("datetime", "2021-03-01T10:30:00.000+02:00", "2021-03-01T10:30:00.000+02:00"),
        ("datetime", "2021-03-01", "2021-03-01"),
        ("datetime", "March", None),
        ("text", "x\ny", "x\ny"),
        ("text", "'=1+1", "=1+1"),
        ("text", "'twas", "'twas"),
    ],
)
def test_an_answer_has_one_notation(kind: str, text: str, value: str | None) -> None:
    found = kept(kind, text)
    assert (found and found.text) == value
    assert found is None or bool(found.rule) == (found.text != text)


@given(st.decimals(min_value=-1000, max_value=1000, places=4))
def test_a_share_is_a_hundredth_of_its_percentage(number: object) -> None:
    for text in (f"{number} %", f"{number}%".replace(".", ",")):
        found = kept("decimal", text)
        assert found is not None
        assert float(found.text) == pytest.approx(float(str(number)) / 100, rel=1e-12)
        assert kept("decimal", found.text) == (found.text, "")


@given(st.sampled_from(TYPES), st.text(max_size=12))
def test_what_is_kept_is_kept_again(kind: str, text: str) -> None:
    found = kept(kind, text)
    if found is not None and kind != "text":
        assert kept(kind, found.text) == (found.text, "")


def test_the_ledger_says_how_an_answer_was_read(tmp_path: Path) -> None:
    cells = ["0,45", "45 %", " 0.45 ", "1.0"]
    done = read_and_clean(asked(tmp_path, "decimal", *cells))
    assert done.cleaned.problems == ()
    assert [done.cell(line, "One") for line in (2, 3, 4, 5)] == [
        *[("0.45", "answered")] * 3,
        ("1.0", "answered"),
    ]
    assert [done.rule(line, "One") for line in (2, 3, 4, 5)] == [
        *("decimal comma", "per cent: divided by 100", "outer spaces", ""),
    ]


def test_percentages_with_and_without_their_sign_are_not_mixed(tmp_path: Path) -> None:
    done = read_and_clean(asked(tmp_path, "decimal", "45 %", "45", "0.5", "", "150 %"))
    (problem,) = done.cleaned.problems
    assert (problem.row, problem.column, problem.value) == (3, "One", "45")
    assert "per cent sign" in problem.message


def test_numbers_without_any_sign_are_left_alone(tmp_path: Path) -> None:
    assert read_and_clean(asked(tmp_path, "decimal", "45", "0.5")).cleaned.problems == ()


def test_a_number_that_may_be_a_date_of_excel_is_told(tmp_path: Path) -> None:
    done = read_and_clean(asked(tmp_path, "date", "44256", "2021-03-01"))
    (problem,) = done.cleaned.problems
    assert (problem.row, problem.value) == (2, "44256")
    assert "how Excel stores 2021-03-01" in problem.message
    assert hint("date", "123") == hint("integer", "44256") == ""


@pytest.mark.parametrize("kind", TYPES)
def test_every_type_of_question_is_read(tmp_path: Path, kind: str) -> None:
    done = read_and_clean(asked(tmp_path, kind, "", "n/a"))
    assert done.cleaned.problems == ()
    assert [done.cell(line, "One")[1] for line in (2, 3)] == ["no_answer", "not_applicable"]


@pytest.mark.parametrize(
    "cell", [f"x{' ' * 130_000}x", f"{' ' * 65_000}%{' ' * 65_000}%", "9" * 131_000, "1," * 65_000]
)
def test_long_cells_are_read_quickly(cell: str) -> None:
    start = time.perf_counter()
    for kind in TYPES:
        kept(kind, trimmed(cell))
    folded(cell)
    guarded(cell)
    assert time.perf_counter() - start < 1


# Rankings, behind the cleaning


def test_a_ranking_is_counted_by_its_first_and_described_by_its_ranks(tmp_path: Path) -> None:
    items = {"took_part": {"type": "select_one yes_no"}, "order": {"type": "rank check"}}
    folder = survey(tmp_path, items=items)
    name_columns(folder, ("respondent_id", "", "Who"), ("order", "", "Order"))
    folder.study.add_row(
        "codebook/indicators.csv",
        indicator="audit_first",
        rule="${order} = 'audit'",
        label="Audits first",
        phrase="put audits first",
    )
    cells = ["audit;code", "code;audit", "code", "", "audit"]
    rows = [[f"S-{number}", cell] for number, cell in enumerate(cells, start=1)]
    put(folder, as_csv(["Who", "Order"], rows))
    table, book = folder.responses().table, folder.load().codebook
    (count,) = observed_counts(table, book, evidence="observed").query(
        "indicator == 'audit_first'"
    )["count"]
    assert count == 2
    described = numbers(table, book, evidence="observed").set_index("option")
    assert described.loc["audit", ["lowest", "median", "highest"]].tolist() == ["1", "1", "2"]
    assert described.loc["visit", "lowest"] is None or pd.isna(described.loc["visit", "lowest"])


# Cells that a spreadsheet would calculate


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+49 30 12", "'+49 30 12"),
        ("-x", "'-x"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("-1+1", "'-1+1"),
        ("'=1", "''=1"),
        ("-5", "-5"),
        ("+5.5", "+5.5"),
        ("-12,5 %", "-12,5 %"),
        ("-", "-"),
        ("", ""),
        ("a=1", "a=1"),
        ("'s-Hertogenbosch", "'s-Hertogenbosch"),
        ("'", "'"),
    ],
)
def test_a_cell_that_would_be_calculated_gets_an_apostrophe(text: str, written: str) -> None:
    assert guarded(text) == written
    assert unguarded(written) == text


@given(st.text("'=+-@\t\r\n\uff1d1a .%", max_size=8))
def test_what_is_guarded_is_read_back_and_never_a_formula(text: str) -> None:
    written = guarded(text)
    assert unguarded(written) == text
    assert written == text or written[0] == "'"
    if written[:1] in set("=+-@\t\r\n\uff1d") and len(written) > 1:
        float(written.rstrip("% ").replace(",", "").replace(".", "") or "0")


HOSTILE = ["=cmd|'/c calc'!A0", "'=1+1", "-x", "-5", "@a"]


def test_the_written_tables_are_safe_and_lead_back(tmp_path: Path) -> None:
    cells = [f" {cell}" for cell in HOSTILE]
    folder = asked(tmp_path, "text", *cells)
    folder.map_values(("", "-x", "quarantine", "nonsense"))
    loaded = folder.responses()
    study = folder.load()
    write_tables(study)
    for name in ("responses.csv", "ledger.csv", "quarantine.csv"):
        text = (study.processed / name).read_text(encoding="utf-8")
        found = {cell for row in csv.reader(io.StringIO(text)) for cell in row}
        assert not [cell for cell in found if cell[:1] in set("=+@-") and not _is_number(cell)]
    ledger = read_record(study.processed / "ledger.csv")
    quarantine = read_record(study.processed / "quarantine.csv")
    pd.testing.assert_frame_equal(ledger, loaded.ledger)
    pd.testing.assert_frame_equal(quarantine, loaded.quarantine)
    read = read_and_clean(folder)
    assert replay(read.raw, ledger, quarantine).equals(read.cleaned.table)


def test_written_responses_can_be_read_back(tmp_path: Path) -> None:
    folder = asked(tmp_path / "one", "text", *HOSTILE)
    table = folder.responses().table
    study = folder.load()
    write_tables(study)
    other = asked(tmp_path / "other", "text")
    other.study.write("codebook/sources.csv", other.study.read("codebook/sources.csv")[:1])
    content = (study.processed / "responses.csv").read_bytes()
    put(other, content, shape="long")
    assert other.responses().table.equals(table)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def test_a_spelling_of_a_number_is_mapped_for_its_own_question(tmp_path: Path) -> None:
    items = {
        "took_part": {"type": "select_one yes_no"},
        "one": {"type": "integer"},
        "two": {"type": "integer"},
    }
    folder = survey(tmp_path, items=items)
    name_columns(folder, ("respondent_id", "", "Who"), ("one", "", "One"), ("two", "", "Two"))
    folder.map_values(("one", "5+", "5", "five or more counted as five"))
    put(folder, as_csv(["Who", "One", "Two"], [["S-1", "5+", "3"], ["S-2", "4", "5+"]]))
    done = read_and_clean(folder)
    assert done.cell(2, "One") == ("5", "answered")
    assert "five or more" in done.rule(2, "One")
    # The row is about one question, and says nothing of the other.
    assert [(p.row, p.column) for p in done.cleaned.problems] == [(3, "Two")]


def test_a_number_is_mapped_to_a_number_only(tmp_path: Path) -> None:
    items = {"took_part": {"type": "select_one yes_no"}, "one": {"type": "integer"}}
    folder = survey(tmp_path, items=items)
    name_columns(folder, ("respondent_id", "", "Who"), ("one", "", "One"))
    folder.map_values(("one", "many", "lots", "not a number"), ("one", "none", "0", "none"))
    put(folder, as_csv(["Who", "One"], [["S-1", "none"]]))
    done = read_and_clean(folder)
    (problem,) = done.cleaned.problems
    assert (problem.file, problem.row, problem.value) == ("codebook/value_map.csv", 2, "lots")
    assert done.cell(2, "One") == ("0", "answered")


@pytest.mark.parametrize("raw", ["-99", "-99.0", "-99,00", "-99."])
@pytest.mark.parametrize("kind", ["integer", "decimal"])
def test_a_number_in_the_value_map_is_matched_by_its_value(
    tmp_path: Path, kind: str, raw: str
) -> None:
    cells = ["-99", "-99.0", "-99,0", " -99 ", "-099.000", "-9", "99", "-99.5"]
    folder = asked(tmp_path, kind, *cells)
    (folder.path / "codebook/respondents.csv").unlink()
    folder.map_values(("one", raw, "no_answer", "a code"))
    done = read_and_clean(folder)
    statuses = done.cleaned.statuses["One"].tolist()
    assert statuses[:7] == ["no_answer"] * 5 + ["answered"] * 2
    assert {done.rule(line, "One") for line in range(2, 7)} == {"value map: a code"}
    # No whole number, and another one than in the value map.
    assert [one.value for one in done.cleaned.problems] == ["-99.5"] * (kind == "integer")


def test_a_percentage_is_matched_with_percentages_only(tmp_path: Path) -> None:
    folder = asked(tmp_path, "decimal", "99 %", "99.0%", "0.99", "+5", "5")
    folder.map_values(
        ("one", "99%", "no_answer", "a code"), ("one", "+5", "not_applicable", "more than five")
    )
    statuses = read_and_clean(folder).cleaned.statuses["One"].tolist()
    assert statuses == [
        "no_answer",
        "no_answer",
        "answered",
        "not_applicable",
        "answered",
    ]


def test_one_number_in_the_value_map_means_one_thing(tmp_path: Path) -> None:
    folder = asked(tmp_path, "integer", "1")
    folder.map_values(("one", "-99", "no_answer", "a code"), ("one", "-99.0", "dont_know", "other"))
    (problem,) = read_and_clean(folder).cleaned.problems
    assert (problem.file, problem.row, problem.value) == ("codebook/value_map.csv", 3, "-99.0")


def test_the_code_of_an_option_may_be_written_with_decimals(tmp_path: Path) -> None:
    items = {
        "took_part": {"type": "select_one yes_no"},
        "one": {"type": "select_one code"},
        "two": {"type": "select_multiple code"},
    }
    folder = survey(tmp_path, items=items)
    add_options(folder, "code", **{"1": "Rarely", "2": "Often", "03": "Always"})
    name_columns(folder, ("respondent_id", "", "Who"), ("one", "", "One"), ("two", "", "Two", ";"))
    folder.map_values(("code", "9", "no_answer", "a code"))
    rows = [["1.0", "1.0;2.0"], ["2", "1"], ["9.0", "9.0"], ["3.0", "1.5"], ["2.5", "03.0"]]
    put(folder, as_csv(["Who", "One", "Two"], [[f"S-{n}", *row] for n, row in enumerate(rows, 1)]))
    done = read_and_clean(folder)
    assert done.cell(2, "One") == ("1", "answered")
    assert done.rule(2, "One") == "whole number without decimals"
    assert done.cell(2, "Two") == ("1 2", "answered")
    assert done.cell(4, "One") == done.cell(4, "Two") == ("no_answer", "no_answer")
    assert done.rule(4, "One") == "value map: a code"
    assert done.cell(6, "Two") == ("03", "answered")
    # Neither another spelling of a code that begins with a zero, nor a number between two.
    assert [(one.row, one.value) for one in done.cleaned.problems] == [
        (5, "3.0"),
        (6, "2.5"),
        (5, "1.5"),
    ]


def test_the_lines_of_the_readme_give_the_clean_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = asked(tmp_path, "decimal", "45 %", "0,5", "1")
    write_tables(folder.load())
    (code,) = re.findall("(?s)```python\n(.*?)```", (ROOT / "data/raw/README.md").read_text())
    monkeypatch.chdir(tmp_path)
    assert code.count('"my_survey"') == 1
    exec(code.replace("my_survey", str(folder.path)), {})
    assert "0.45" in capsys.readouterr().out
