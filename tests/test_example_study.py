"""The example study: every type of question, three cycles, two groups, six kinds of file."""

from __future__ import annotations

import csv
import importlib.util
import shutil
from collections import Counter
from pathlib import Path
from types import ModuleType

import openpyxl
import pyreadstat
import pytest
from answered import numbers, only
from studies import ROOT

from analysis.results import Results, compute_results
from analysis.study import load_study

EXAMPLE = ROOT / "examples" / "libraries"
RAW = EXAMPLE / "responses"
STATUS = "answered dont_know no_answer not_applicable not_asked unit_nonresponse".split()


@pytest.fixture(scope="module")
def found() -> Results:
    return compute_results(load_study(EXAMPLE))


def sundays() -> dict[str, dict[str, str]]:
    """Who said what about Sundays, read from the raw files by other code than the package's."""
    with (RAW / "libraries_2016.csv").open(encoding="cp1252", newline="") as file:
        first = {
            row["Library"]: row["Is the library open on Sundays?"]
            for row in csv.DictReader(file, delimiter=";")
        }
    sheet = openpyxl.load_workbook(RAW / "libraries_2019.xlsx")["Answers"]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    place = rows[0].index("Is the library open on Sundays?")
    second = {str(row[0]): str(row[place]) for row in rows[1:]}
    frame, _ = pyreadstat.read_sav(str(RAW / "libraries_2022.sav"), apply_value_formats=True)
    third = dict(zip(frame["library"], frame["sunday"].astype(str), strict=True))
    return {"2016": first, "2019": second, "2022": third}


def test_counts_and_moves_are_those_of_other_code(found: Results) -> None:
    said = sundays()
    for earlier, later in (("2016", "2019"), ("2016", "2022"), ("2019", "2022")):
        row = only(
            found.comparisons,
            indicator="sunday",
            respondents="libraries",
            cycle_from=earlier,
            cycle_to=later,
        )
        both = said[earlier].keys() & said[later].keys()
        moves = Counter((said[earlier][town], said[later][town]) for town in both)
        assert numbers(row, "count_from", "count_to", "n_paired", "gained", "lost") == [
            list(said[earlier].values()).count("Yes"),
            list(said[later].values()).count("Yes"),
            len(both),
            moves["No", "Yes"],
            moves["Yes", "No"],
        ]


def test_every_status_adds_up_to_all_that_could_have_answered(found: Results) -> None:
    columns = [f"n_{status}" for status in STATUS]
    for table in (found.distributions, found.numbers):
        libraries = table[table["respondents"] == "libraries"]
        assert set(libraries[columns].sum(axis="columns")) == {24}
    readers = found.distributions[found.distributions["respondents"] == "readers"]
    totals = readers[columns].sum(axis="columns").groupby(readers["cycle"]).unique()
    assert {cycle: list(sizes) for cycle, sizes in totals.items()} == {
        "2016": [40],
        "2019": [55],
        "2022": [47],
    }


def test_what_changed_in_the_questionnaire_is_no_change_of_the_answers(found: Results) -> None:
    reasons = {
        (row["indicator"], row["cycle_from"], row["cycle_to"]): row["reason"]
        for row in found.comparisons.to_dict("records")
        if row["verdict"] == "not comparable"
    }
    changed = "the question changed between 2019 and 2022: asks for devices too"
    assert reasons == {
        ("reservation", "2016", "2022"): changed,
        ("reservation", "2019", "2022"): changed,
        ("devices", "2016", "2019"): "the question was new in 2019",
        ("devices", "2016", "2022"): "the question was new in 2019",
        ("repair", "2016", "2022"): "the answer “repair café” could not be chosen in 2022",
        ("repair", "2019", "2022"): "the answer “repair café” could not be chosen in 2022",
    }


def test_readers_are_asked_anew_and_described_only(found: Results) -> None:
    own = found.comparisons[found.comparisons["respondents"] == "readers"]
    assert set(own["design"]) == {"independent samples"}
    assert own["p_value"].isna().all()
    assert own["change_low"].isna().all()


def test_nothing_of_it_is_called_observed(found: Results) -> None:
    tables = (found.counts, found.comparisons, found.distributions, found.numbers, found.scales)
    for table in tables:
        assert set(table["evidence"]) == {"synthetic"}
    study = load_study(EXAMPLE)
    assert study.stamp == "SYNTHETIC"
    assert all(page.name.startswith("SYNTHETIC_") for page in study.pages)


def test_ranks_are_places_of_options(found: Results) -> None:
    own = found.numbers[(found.numbers["item"] == "wishes") & (found.numbers["cycle"] == "2016")]
    assert list(own["option"]) == ["rooms", "hours", "books"]
    # The places of three options add up to six, so their means do.
    assert own["mean"].sum() == pytest.approx(6)


def make_example() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_example", ROOT / "tools/make_example.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_files_are_those_that_the_script_makes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = make_example()
    copy = tmp_path / "libraries"
    shutil.copytree(EXAMPLE / "codebook", copy / "codebook")
    monkeypatch.setattr(script, "STUDY", copy)
    script.main()
    for folder in ("responses", "codebook"):
        made = {path.name: path.read_bytes() for path in (copy / folder).iterdir()}
        kept = {path.name: path.read_bytes() for path in (EXAMPLE / folder).iterdir()}
        assert made == kept
