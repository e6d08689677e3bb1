"""Where the source can be held against itself, and what comes out."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from studies import FINDINGS, StudyFolder, copy_of_default, small_study, took_part

from analysis.published import load_findings
from analysis.published.consistency import Check, checks
from analysis.study import load_study

ROUNDED = "agrees if rounded, not if cut off"


def checks_of(study: StudyFolder) -> list[Check]:
    return checks(study.findings(), study.load().codebook)


@pytest.fixture(scope="module")
def own() -> dict[tuple[str, ...], Check]:
    """The checks of the default study by the findings that they hold against each other."""
    study = load_study()
    return {check.finding_ids: check for check in checks(load_findings(study), study.codebook)}


@pytest.mark.parametrize(
    ("ids", "words", "outcome"),
    [
        (
            "Ia-05 Ia-08 Ia-09 Ia-10",
            "11, 9 and 9 as parts of: Procurement policy",
            "no part is above it; that they add up to it does not make them exclude each other",
        ),
        (
            "IIIc-04",
            "5 as parts of: Provision on non-punishment",
            "cannot be held against it: the whole is not printed",
        ),
        ("IV-08 IV-09 IV-10 IV-15", "44, 30 and 5 as parts of", "no part is above it"),
        # 49 / 57 is 85.96 %: 86 if rounded, 85 if cut off.
        ("Ov-10 Ov-09", "86 % against 49 of 57", ROUNDED),
        ("Ov-21 Ov-24", "from 2%", "same figure"),
        ("Ov-22 Ov-25", "to 24%", "same figure"),
        ("Ia-13 Ia-06", "“nearly doubled” beside the text, “almost doubled” in it", "same figure"),
        ("Ib-05 Ib-02", "1/3 of States", "same figure"),
        # 29 / 57 is 50.9 % and 29 / 49 is 59.2 %; "barely half" is read as 5/12 to 7/12.
        (
            "IIIc-05 IIIc-06",
            "“Barely half” beside the text, “Just 29” in it",
            "29 of 57 is 51 %, which fits the words; "
            "29 of 49 is 59 %, which does not fit the words",
        ),
        ("V-06 V-09", "only 7 countries", "same figure"),
    ],
)
def test_the_checks_of_the_source(
    own: dict[tuple[str, ...], Check], ids: str, words: str, outcome: str
) -> None:
    check = own[tuple(ids.split())]
    assert words in check.what
    assert check.outcome == outcome


def test_the_source_allows_ten_checks(own: dict[tuple[str, ...], Check]) -> None:
    assert len(own) == 10


@pytest.mark.parametrize(
    ("row", "cells", "ids", "outcome"),
    [
        ("Ov-10", {"value": 85}, "Ov-10 Ov-09", "agrees if cut off"),
        ("Ov-10", {"value": 87}, "Ov-10 Ov-09", "does not agree"),
        ("Ov-09", {"value": 57}, "Ov-10 Ov-09", "does not agree"),
        ("Ia-13", {"value": 1.9}, "Ia-13 Ia-06", "not the same figure"),
        ("Ib-05", {"value": 0.25}, "Ib-05 Ib-02", "not the same figure"),
        ("Ia-08", {"value": 12}, "Ia-05 Ia-08 Ia-09 Ia-10", "no part is above it"),
    ],
)
def test_a_contradiction_is_reported(
    tmp_path: Path, row: str, cells: dict[str, object], ids: str, outcome: str
) -> None:
    study = copy_of_default(tmp_path)
    study.edit(FINDINGS, row, **cells)
    found = {check.finding_ids: check.outcome for check in checks_of(study)}
    assert found[tuple(ids.split())] == outcome


ITEMS: dict[str, dict[str, str]] = {"law": {"comparability": "identical"}, "part": {}}
BASE = {"indicators": {"part": {"base": "law"}}, "items": ITEMS}


def part(**cells: object) -> dict[str, object]:
    return {"item": "part", "base": "law", **cells}


def test_a_part_above_its_whole_is_reported(tmp_path: Path) -> None:
    # Loading refuses such a table; the check does not lean on that.
    study = small_study(tmp_path, *took_part(b=16), {"value": 9}, part(value=8), **BASE)
    findings = study.findings()
    findings.loc[findings["item"] == "part", ["value", "low", "high"]] = 10.0
    (check,) = checks(findings, study.load().codebook)
    assert check == Check("10 as parts of: law (9)", "a part is above its whole", ("f1", "f2"))


def test_parts_are_held_against_the_whole_of_their_own_cycle(tmp_path: Path) -> None:
    study = small_study(
        tmp_path,
        *took_part(a=18, b=16),
        *({"cycle": "a", "value": 3}, {"cycle": "b", "value": 9}),
        *(part(cycle="a", value=3), part(cycle="b", value=8)),
        **BASE,
    )
    assert [(check.what, check.outcome) for check in checks_of(study)] == [
        ("3 as parts of: law (3)", "no part is above it"),
        ("8 as parts of: law (9)", "no part is above it"),
    ]


@pytest.mark.parametrize(
    ("whole", "words"),
    [
        ({"low": 5, "high": 7, "qualifier": "about"}, "law (5 to 7)"),
        ({"value": 5, "qualifier": "at_least"}, "law (5)"),
    ],
)
def test_a_loosely_printed_whole_is_no_contradiction(
    tmp_path: Path, whole: dict[str, object], words: str
) -> None:
    study = small_study(tmp_path, *took_part(b=16), whole, part(value=6), **BASE)
    (check,) = checks_of(study)
    assert (check.what, check.outcome) == (f"6 as parts of: {words}", "no part is above it")


def test_a_loosely_printed_part_counts_with_its_lower_end(tmp_path: Path) -> None:
    loose = part(low=6, high=9, qualifier="about")
    study = small_study(tmp_path, *took_part(b=16), {"value": 7}, loose, **BASE)
    (check,) = checks_of(study)
    assert check.what == "6 to 9 as parts of: law (7)"
    assert check.outcome == "no part is above it"


def test_a_percentage_is_held_against_an_exact_count_only(tmp_path: Path) -> None:
    percent = {"measure": "percent", "qualifier": "about", "value": 30}
    loose = {"low": 5, "high": 7, "qualifier": "about"}
    assert checks_of(small_study(tmp_path / "a", *took_part(b=16), loose, percent)) == []
    exact = small_study(tmp_path / "b", *took_part(b=16), {"value": 6}, percent)
    (check,) = checks_of(exact)
    assert (check.what, check.outcome) == (
        "law?: 30 % against 6 of 20",
        "agrees if rounded or cut off",
    )


def test_a_call_out_is_held_against_the_text_of_its_own_cycle(tmp_path: Path) -> None:
    study = small_study(
        tmp_path,
        *took_part(a=18, b=16),
        {"cycle": "a", "value": 3},
        {"cycle": "b", "value": 9, "locator": "s, call-out"},
    )
    assert checks_of(study) == []


def test_a_count_and_a_percentage_are_not_held_against_each_other(tmp_path: Path) -> None:
    beside = {"measure": "percent", "qualifier": "about", "value": 45, "locator": "call-out"}
    beside |= {"base": "unstated"}
    (check,) = checks_of(small_study(tmp_path, *took_part(b=16), {"value": 9}, beside))
    assert check.outcome == "different measures; not held against each other"


def test_findings_are_left_as_they_are() -> None:
    study = load_study()
    findings = load_findings(study)
    before = findings.copy(deep=True)
    checks(findings, study.codebook)
    pd.testing.assert_frame_equal(findings, before)
