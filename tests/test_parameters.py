"""The parameters of a page: declared in its notebook, typed, checked before anything runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from studies import (
    SECTIONS,
    SURVEY,
    copy_of_default,
    problem_of,
    problems_of,
    small_study,
    took_part,
)

from analysis.parameter_cell import declared_parameters, refuse_injected
from analysis.parameters import (
    Choices,
    check_parameters,
    indicators_on,
    resolve,
)
from analysis.results import Results, compute_results
from analysis.study import Page, Study

DEFAULTS: dict[str, object] = {
    "cycle": "latest",
    "baseline": "previous",
    "respondents": "states",
    "denominator": "participating",
    "level": 0.95,
}


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return copy_of_default(tmp_path_factory.mktemp("default")).load()


@pytest.fixture(scope="module")
def tables(study: Study) -> Results:
    return compute_results(study)


def page_of(study: Study, name: str) -> Page:
    (page,) = study.pages_named([name])
    return page


def write_notebook(folder: Path, *cells: str | dict[str, Any], tag: str = "parameters") -> Path:
    """A notebook whose first cell carries the tag."""
    made = [
        {"cell_type": "code", "metadata": {"tags": [tag] if i == 0 else []}, "source": cell}
        if isinstance(cell, str)
        else cell
        for i, cell in enumerate(cells)
    ]
    file = folder / "toy.ipynb"
    file.write_text(json.dumps({"cells": made, "nbformat": 4}), encoding="utf-8")
    return file


def test_a_parameter_has_a_name_a_type_and_a_default(tmp_path: Path) -> None:
    source = 'a: str = "x"  # words\nb: int = -1\nc: float = 0.5\nd: bool = True\n'
    declared = declared_parameters(write_notebook(tmp_path, source, "e: int = 1"))
    assert {name: (one.type, one.default) for name, one in declared.items()} == {
        "a": (str, "x"),
        "b": (int, -1),
        "c": (float, 0.5),
        "d": (bool, True),
    }


def test_a_parameter_is_declared_alike_in_every_notebook(study: Study) -> None:
    declared = {page.name: declared_parameters(page.notebook) for page in study.pages}
    seen: dict[str, object] = {}
    for name, parameters in declared.items():
        for parameter in parameters.values():
            assert seen.setdefault(parameter.name, parameter) == parameter, name
        # The methods speak about the source as a whole; nothing there depends on a choice.
        if name not in ("07_methods", "08_limits"):
            assert {"study", *DEFAULTS} <= set(parameters), name
    assert {name: seen[name].default for name in DEFAULTS} == DEFAULTS  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "line",
    [
        "a = 1",
        "a: int",
        "a: list = []",
        "a: str = name",
        "a: str = str(1)",
        "a: float = 1 / 2",
        "a: str = f'{1}'",
        "import os",
        "print(1)",
    ],
)
def test_what_is_not_a_typed_literal_is_refused_with_its_line(tmp_path: Path, line: str) -> None:
    file = write_notebook(tmp_path, f"ok: int = 1\n{line}\n")
    problem = problem_of(lambda: declared_parameters(file))
    assert (problem.file, problem.value) == ("toy.ipynb", line)
    assert "`name: type = literal`" in problem.message


@pytest.mark.parametrize("source", ["%matplotlib inline\n", "a: int = \n", "a: int = (1\n"])
def test_a_parameter_cell_that_python_cannot_read_is_refused(tmp_path: Path, source: str) -> None:
    file = write_notebook(tmp_path, source)
    assert problem_of(lambda: declared_parameters(file)).file == "toy.ipynb"


def test_exactly_one_cell_must_be_tagged(tmp_path: Path) -> None:
    none = write_notebook(tmp_path, "a: int = 1", tag="other")
    assert "0 are" in problem_of(lambda: declared_parameters(none)).message
    tagged = {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": ["b: int = 1"]}
    two = write_notebook(tmp_path, "a: int = 1", tagged)
    assert "2 are" in problem_of(lambda: declared_parameters(two)).message


@pytest.mark.parametrize("content", ["", "{}", "not json", '{"cells": [}'])
def test_a_file_that_is_no_notebook_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "toy.ipynb"
    file.write_text(content)
    problem = problem_of(lambda: declared_parameters(file))
    assert (problem.file, problem.message) == ("toy.ipynb", "this is not a notebook.")


def given(study: Study, name: str, /, **values: str) -> dict[str, Any]:
    return check_parameters(study, page_of(study, name), values)


def test_values_of_the_command_line_are_typed(study: Study) -> None:
    values = {"cycle": "2020/21", "denominator": "responding", "level": "0.9"}
    typed = given(study, "01", **values)
    assert typed == {"cycle": "2020/21", "denominator": "responding", "level": 0.9}
    assert given(study, "07_methods", smallest_base="50") == {"smallest_base": 50}
    assert given(study, "01") == {}


@pytest.mark.parametrize(
    ("page", "name", "value", "nearest"),
    [
        ("01_prevention", "cycel", "2020/21", "cycle"),
        ("01_prevention", "basline", "previous", "baseline"),
        ("01_prevention", "smallest_base", "44", None),
        ("01_prevention", "study", "x", None),
        ("07_methods", "smalest_base", "44", "smallest_base"),
    ],
)
def test_an_unknown_parameter_is_refused_with_the_nearest(
    study: Study, page: str, name: str, value: str, nearest: str | None
) -> None:
    problem = problem_of(lambda: given(study, page, **{name: value}))
    assert problem.value == name
    assert page in problem.message
    assert "study" not in problem.allowed
    if nearest:
        assert problem.suggestion == nearest


@pytest.mark.parametrize(
    ("page", "name", "value", "nearest"),
    [
        ("01_prevention", "cycle", "2020/2021", "2020/21"),
        ("01_prevention", "cycle", "2015/16x", "2015/16"),
        ("01_prevention", "denominator", "particpating", "participating"),
        ("01_prevention", "denominator", "procurement_polcy", "procurement_policy"),
        ("01_prevention", "respondents", "state", "states"),
        ("01_prevention", "baseline", "2015/61", "2015/16"),
    ],
)
def test_an_unknown_value_is_refused_with_the_nearest(
    study: Study, page: str, name: str, value: str, nearest: str
) -> None:
    problem = problem_of(lambda: given(study, page, **{name: value}))
    assert (problem.value, problem.suggestion) == (value, nearest)
    assert page in problem.message
    assert name in problem.message


@pytest.mark.parametrize(
    ("page", "name", "value"),
    [
        # Technology was new: no earlier cycle is known to have asked anything.
        ("05_technology", "baseline", "2015/16"),
        ("06_training", "baseline", "2015/16"),
        # No figure of an NGO on measures for children.
        ("02_children", "respondents", "ngos"),
        # The whole of another section.
        ("02_children", "denominator", "confiscation_law"),
        ("00_overview", "denominator", "confiscation_law"),
        # No figure of the earlier cycle.
        ("05_technology", "cycle", "2015/16"),
        # Not earlier than the cycle.
        ("01_prevention", "baseline", "2020/21"),
        ("01_prevention", "baseline", "latest"),
    ],
)
def test_a_value_that_cannot_apply_to_the_page_is_refused(
    study: Study, page: str, name: str, value: str
) -> None:
    problem = problem_of(lambda: given(study, page, **{name: value}))
    assert problem.value == value
    assert page in problem.message


@pytest.mark.parametrize(
    ("page", "name", "value"),
    [
        ("04_prosecution", "denominator", "confiscation_law"),
        ("01_prevention", "denominator", "procurement_policy"),
        ("01_prevention", "baseline", "2015/16"),
        ("03_protection", "respondents", "ngos"),
        ("01_prevention", "cycle", "2015/16"),
        ("05_technology", "baseline", "previous"),
    ],
)
def test_a_value_that_applies_is_accepted(study: Study, page: str, name: str, value: str) -> None:
    assert given(study, page, **{name: value}) == {name: value}


@pytest.mark.parametrize("level", ["0", "1", "-0.5", "95", "nan", "inf"])
def test_a_level_outside_0_to_1_is_refused(study: Study, level: str) -> None:
    problem = problem_of(lambda: given(study, "01", level=level))
    assert "level must be a number between 0 and 1" in problem.message


@pytest.mark.parametrize("level", ["x", "", "95 %", "0,95", "True"])
def test_a_level_that_is_no_number_is_refused(study: Study, level: str) -> None:
    problem = problem_of(lambda: given(study, "01", level=level))
    assert "level must be of type float" in problem.message


@pytest.mark.parametrize("level", [True, False, "0.9", None, float("nan"), 0, 1])
def test_a_level_of_a_notebook_must_be_a_number_too(
    study: Study, tables: Results, level: object
) -> None:
    page = page_of(study, "01")
    values = {**DEFAULTS, "level": level}
    problem = problem_of(lambda: resolve(study, page, tables.totals, values))
    assert "level must be a number between 0 and 1" in problem.message


@pytest.mark.parametrize("value", ["4.5", "x", ""])
def test_a_whole_number_must_be_one(study: Study, value: str) -> None:
    problem = problem_of(lambda: given(study, "07", smallest_base=value))
    assert "smallest_base must be of type int" in problem.message


@pytest.mark.parametrize(("text", "value"), [("true", True), ("False", False), ("yes", None)])
def test_a_truth_value_is_true_or_false(tmp_path: Path, text: str, value: bool | None) -> None:
    source = "flag: bool = False\n" + "".join(
        f"{name}: {type(default).__name__} = {default!r}\n" for name, default in DEFAULTS.items()
    )
    study = small_study(tmp_path, *took_part(a=18, b=16), {"value": 3}).load()
    page = Page("toy", write_notebook(tmp_path, source), "Toy", ("s",))
    if value is None:
        problem = problem_of(lambda: check_parameters(study, page, {"flag": text}))
        assert "flag must be of type bool" in problem.message
    else:
        assert check_parameters(study, page, {"flag": text}) == {"flag": value}


def test_all_wrong_parameters_are_told_together(study: Study) -> None:
    found = problems_of(lambda: given(study, "01", cycel="x", level="y", cycle="2020/21"))
    assert [problem.value for problem in found] == ["cycel", "y"]
    found = problems_of(lambda: given(study, "01", cycle="x", respondents="y", level="7"))
    assert [problem.value for problem in found] == ["x", "y", 7.0]


def test_what_a_page_always_sets_cannot_be_given(tmp_path: Path) -> None:
    study = small_study(tmp_path, *took_part(a=18, b=16), {"value": 3}).load()
    problem = problem_of(lambda: given(study, "s", section="x"))
    assert problem.value == "section"
    assert "section" not in problem.allowed


def resolved(study: Study, tables: Results, page: str, **values: object) -> Choices:
    return resolve(study, page_of(study, page), tables.totals, {**DEFAULTS, **values})


def test_latest_and_previous_are_cycles(study: Study, tables: Results) -> None:
    assert resolved(study, tables, "01_prevention") == Choices(
        cycle="2020/21",
        baseline="2015/16",
        respondents="states",
        denominator="participating",
        level=0.95,
    )
    assert resolved(study, tables, "01_prevention", cycle="2015/16").baseline == ""


def test_previous_is_nothing_where_no_earlier_cycle_asked(study: Study, tables: Results) -> None:
    assert resolved(study, tables, "05_technology").baseline == ""
    assert resolved(study, tables, "06_training").baseline == ""


def four_cycles(folder: Path, comparability: str) -> Study:
    """A question of cycles a, b and d, in a section of its own."""
    turnout = took_part(a=18, b=17, d=16)
    counts = [{"cycle": cycle, "value": 3, "section": "t"} for cycle in "abd"]
    item = {"comparability": comparability, "asked": "a b d"}
    found = small_study(folder, *turnout, *counts, cycles="a b c d", items={"law": item})
    found.add_row(SECTIONS, section="t", title="The law")
    found.edit(SURVEY, "law", section="t")
    return found.load()


def test_previous_is_the_last_cycle_that_asked(tmp_path: Path) -> None:
    study = four_cycles(tmp_path, "identical")
    results = compute_results(study)
    assert resolved(study, results, "t").baseline == "b"
    assert resolved(study, results, "t", baseline="a").baseline == "a"
    assert resolved(study, results, "t", cycle="b").baseline == "a"
    problem = problem_of(lambda: resolved(study, results, "t", baseline="c"))
    assert problem.value == "c"
    assert tuple(problem.allowed) == ("a", "b")


def test_a_page_of_new_questions_has_nothing_to_compare_with(tmp_path: Path) -> None:
    study = four_cycles(tmp_path, "new")
    results = compute_results(study)
    assert resolved(study, results, "t").baseline == ""
    problem = problem_of(lambda: resolved(study, results, "t", baseline="a"))
    assert "nothing that an earlier cycle is known to have asked" in problem.message


def test_without_a_name_the_first_group_is_meant(study: Study, tables: Results) -> None:
    assert resolved(study, tables, "01_prevention", respondents="").respondents == "states"


def test_a_page_speaks_about_its_sections_and_an_overview_about_all(study: Study) -> None:
    book = study.codebook
    for name in ("01_prevention", "03_protection", "05_technology"):
        page = page_of(study, name)
        own = tuple(n for n in book.indicators if book.section_of(n) in page.sections)
        assert own == indicators_on(study, page)
    assert indicators_on(study, page_of(study, "00_overview")) == tuple(book.indicators)
    assert indicators_on(study, page_of(study, "07_methods")) == tuple(book.indicators)


def test_checking_parameters_reports_bad_findings_first(tmp_path: Path) -> None:
    folder = copy_of_default(tmp_path)
    folder.edit("findings.csv", "Ia-14", value="x")
    assert problem_of(lambda: given(folder.load(), "01")).row is not None
    folder.edit(SECTIONS, "II", notebook="nowhere")
    assert problem_of(folder.load).file == SECTIONS


DECLARED = ("study", "cycle", "level")


def injected(*cells: str, tmp_path: Path) -> None:
    notebook = write_notebook(
        tmp_path, 'study: str = ""\ncycle: str = "latest"\nlevel: float = 0.95\n'
    )
    declared = declared_parameters(notebook)
    assert tuple(declared) == DECLARED
    refuse_injected(declared, list(cells))


def test_what_papermill_put_in_must_be_declared(tmp_path: Path) -> None:
    cell = '# Parameters\ncycle = "2020/21"\nlevel = 0.9\n'
    injected("", cell, "x = 1", tmp_path=tmp_path)
    wrong = '# Parameters\ncycel = "2020/21"\nlevle = 0.9\n'
    found = problems_of(lambda: injected("", wrong, tmp_path=tmp_path))
    assert [problem.value for problem in found] == ["cycel", "levle"]
    assert [problem.suggestion for problem in found] == ["cycle", "level"]


def test_other_cells_may_set_what_they_like(tmp_path: Path) -> None:
    injected(
        "cycel = 1", "%matplotlib inline", "# Parameters of mine\ncycel = 1", tmp_path=tmp_path
    )


def test_what_is_no_notebook_has_no_parameters_and_says_so(tmp_path: Path) -> None:
    file = tmp_path / "toy.ipynb"
    for content in ("{", "[1, 2]", "{}"):
        file.write_text(content)
        assert "not a notebook" in problem_of(lambda: declared_parameters(file)).message
