"""Which pages a change of the study concerns: those that show what has changed, and no others."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from studies import (
    CHOICES,
    FIGURES,
    FINDINGS,
    INDICATORS,
    ROOT,
    SECTIONS,
    SETTINGS,
    SURVEY,
    StudyFolder,
    copy_of_default,
    problems_of,
)

from analysis.reach import reach
from analysis.report.fresh.basis import is_of_export
from analysis.report.fresh.parts import AROUND
from analysis.report.fresh.plan import Facts, Known, Plan, make_plan
from analysis.report.fresh.verdicts import why_run
from analysis.study import Study

WHOLE = {"07_methods", "08_limits"}
OVERVIEW = {"00_overview", *WHOLE}
EVERY = {
    *OVERVIEW,
    *("01_prevention", "02_children", "03_protection"),
    *("04_prosecution", "05_technology", "06_training"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> StudyFolder:
    return copy_of_default(tmp_path_factory.mktemp("default"))


@pytest.fixture(scope="module")
def before(folder: StudyFolder) -> Plan:
    return plan_of(folder.load())


def known_of(study: Study) -> Known:
    return Known(study, Facts(study), {})


def plan_of(study: Study) -> Plan:
    return make_plan(known_of(study), study.pages, {})


@pytest.fixture
def edited(folder: StudyFolder, tmp_path: Path) -> StudyFolder:
    return copy_of_default(tmp_path)


def concerned(before: Plan, study: StudyFolder) -> set[str]:
    after = plan_of(study.load())
    return {
        name for name, one in after.bases.items() if one["study"] != before.bases[name]["study"]
    }


def swapped(study: StudyFolder) -> None:
    """Two items of one section change places."""
    header, *rows = study.read(SURVEY)
    names = [row[1] for row in rows]
    first, second = names.index("technology_training"), names.index("technology_procedures")
    rows[first], rows[second] = rows[second], rows[first]
    study.write(SURVEY, [header, *rows])


def quoted(study: StudyFolder) -> None:
    """The same table, written in another way."""
    for file in (SURVEY, FINDINGS):
        path = study.path / file
        rows = study.read(file)
        text = "\r\n".join(
            ",".join('"' + cell.replace('"', '""') + '"' for cell in r) for r in rows
        )
        path.write_text(f"\ufeff{text}\r\n", encoding="utf-8", newline="")


EDITS: dict[str, tuple[Callable[[StudyFolder], Any], set[str]]] = {
    "nothing": (lambda s: None, set()),
    "the label of an item": (
        lambda s: s.edit(SURVEY, "technology_training", label="Other words"),
        {"05_technology", *OVERVIEW},
    ),
    "a figure printed of an item": (
        lambda s: s.edit(FINDINGS, "Ia-14", value=17),
        {"01_prevention", *OVERVIEW},
    ),
    "what an indicator is called": (
        lambda s: s.edit(INDICATORS, "technology_training", label="Other words"),
        {"05_technology", *OVERVIEW},
    ),
    "the title of a figure": (
        lambda s: s.edit(FIGURES, "technology_measures", title="Other words"),
        {"05_technology", *WHOLE},
    ),
    "the question of a section": (
        lambda s: s.edit(SECTIONS, "I.a", question="Other words?"),
        {"01_prevention", *WHOLE},
    ),
    "the order of two items": (swapped, {"05_technology", *OVERVIEW}),
    "how a table is written": (quoted, WHOLE),
    "what stands around every page": (
        lambda s: s.edit(SETTINGS, s.read(SETTINGS)[1][0], disclaimer="Other words."),
        WHOLE,
    ),
    "what respondents are called": (
        lambda s: s.edit(CHOICES, "states", label="Countries"),
        EVERY,
    ),
}


@pytest.mark.parametrize("name", EDITS)
def test_a_change_concerns_the_pages_that_show_it(
    name: str, before: Plan, edited: StudyFolder
) -> None:
    edit, expected = EDITS[name]
    edit(edited)
    assert concerned(before, edited) == expected


def test_the_reason_names_the_item(before: Plan, edited: StudyFolder) -> None:
    edited.edit(SURVEY, "technology_training", label="Other words")
    edited.edit(FINDINGS, "Ia-14", value=17)
    after = plan_of(edited.load())

    def told(page: str) -> list[str]:
        return list(why_run(after.bases[page], before.bases[page], {}))

    assert told("05_technology") == [
        "what the codebook says of technology_training has changed",
    ]
    assert told("01_prevention") == ["a finding on supply_chain_law has changed"]
    assert told("08_limits") == [
        "the input file codebook/survey.csv has changed",
        "the input file findings.csv has changed",
    ]


def test_a_page_reaches_what_it_shows_by_itself_and_by_name(folder: StudyFolder) -> None:
    study = folder.load()
    (page,) = study.pages_named(["05"])
    call = "section = open_section('05_technology')\nsection.say('supply_chain_law')"
    plain = reach(study, page, ["from analysis import open_section", "section.count_table()"])
    named = reach(study, page, ["from analysis import open_section", call])
    assert not plain.is_whole
    assert "technology_training" in plain.items
    assert study.codebook.settings.response_item in plain.items
    assert "supply_chain_law" not in plain.items
    assert set(named.items) - set(plain.items) == {"supply_chain_law"}
    given = reach(study, page, ["section.say(extra)"], ["supply_chain_law"])
    assert set(given.items) - set(plain.items) == {"supply_chain_law"}
    assert not reach(study, page, ["view.headlines(*view.indicators[:3])"]).is_whole
    other = reach(study, page, ["section.lists('I.a')"])
    assert {"I.a"} == set(other.sections) - set(plain.sections)
    assert "supply_chain_law" in other.items


@pytest.mark.parametrize(
    "code",
    [
        "import pandas",
        "from analysis.study import load_study",
        "section.consistency()",
        "section.study",
        "view = section.results",
        "open('x')",
        "getattr(section, 'results')",
        "(lambda: 1)()",
        "%matplotlib inline",
        "!ls",
        "def f(): pass",
        "[section.say][0]('a')",
        "__import__('os')",
        "section.say('supply_chain_' + 'law')",
        "section.say(f'{name}_law')",
        "section.say('%s_law' % name)",
        "section.say(names['law'])",
        "section.say(section.indicators[0][2:])",
        "name = 'supply_chain'\nname += '_law'\nsection.say(name)",
        "section.say(str(b'supply_chain_law', 'utf-8'))",
        "read = open\nread('x')",
    ],
)
def test_code_that_does_anything_else_may_show_the_whole_study(
    folder: StudyFolder, code: str
) -> None:
    study = folder.load()
    (page,) = study.pages_named(["05"])
    assert reach(study, page, [code]).is_whole


def test_what_stands_around_a_page_is_not_read_by_what_stands_on_it() -> None:
    readers = [
        f"{file.name}: {node.attr}"
        for stage in ("display", "section", "comparisons", "published", "statistics")
        for file in (ROOT / "src" / "analysis" / stage).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr in AROUND
        and ast.unparse(node.value).endswith("settings")
    ]
    assert readers == []


def test_what_takes_part_in_a_run_makes_pages_run_again() -> None:
    package = ROOT / "src" / "analysis"
    needed, more = set[str](), {"report/running/execute.py", "report/running/nursery.py"}
    while more:
        needed |= more
        found = [
            node for file in more for node in ast.walk(ast.parse((package / file).read_text()))
        ]
        names = {n.module for n in found if isinstance(n, ast.ImportFrom) and n.module}
        files = {f"{n.removeprefix('analysis.').replace('.', '/')}.py" for n in names}
        more = {file for file in files if (package / file).is_file()} - needed
    assert "report/running/lease.py" in needed
    # What tells how a page fared and what cleans up has no part in what a page shows.
    apart = {"report/outcome.py", "report/placing/guardian.py"}
    assert {file for file in needed if is_of_export(file)} == apart


def test_a_parameter_goes_to_the_pages_that_have_it_and_to_one_at_least(
    folder: StudyFolder,
) -> None:
    study = folder.load()
    plan = make_plan(known_of(study), study.pages, {"level": "0.9"})
    assert {name for name, one in plan.bases.items() if one["parameters"]} == EVERY - WHOLE
    for pages, given in ((study.pages, "levle"), (study.pages_named(["07", "08"]), "level")):
        (problem,) = problems_of(lambda p=pages, g=given: make_plan(known_of(study), p, {g: "0.9"}))
        assert problem.value == given
        assert "no section that was asked for has" in problem.message
        assert "smallest_base" in problem.allowed


def test_digests_of_the_record_hold_while_what_they_rest_on_is_the_same(
    folder: StudyFolder, before: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = known_of(folder.load())
    record = json.loads(json.dumps({"digests": known.parts_as_record()}))

    def refuse(study: Study) -> None:
        raise AssertionError("nothing is to be computed")

    monkeypatch.setattr("analysis.results.compute_results", refuse)
    again = Known(known.study, Facts(known.study), record)
    assert again.parts == known.parts
    assert make_plan(again, known.study.pages, {}).bases == before.bases
    for name in record["digests"]["rests_on"]:
        other = {"digests": {**record["digests"], "rests_on": {name: "other"}}}
        with pytest.raises(AssertionError, match="nothing is to be computed"):
            _ = Known(known.study, Facts(known.study), other).parts


def test_the_same_study_has_the_same_digests_whoever_reads_it(folder: StudyFolder) -> None:
    first, second = (json.dumps(plan_of(folder.load()).bases) for _ in range(2))
    assert first == second
    assert str(folder.path) not in first
