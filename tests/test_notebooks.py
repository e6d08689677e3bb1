"""The notebooks: written in the house style, whole, and the same numbers wherever they run."""

import ast
import functools
import json
import re
import statistics
from pathlib import Path

import papermill
import pytest

from analysis import InputError, load_study
from analysis.display.exhibit import Exhibit
from analysis.display.gallery import Gallery
from analysis.display.statements import Headlines, Sentences
from analysis.parameter_cell import declared_parameters
from analysis.published import load_findings, published_counts
from analysis.report.running.kernels import ReportKernelManager

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
STUDY = load_study(ROOT / "data" / "raw", output=ROOT / "nowhere")
COMMON = {
    "study": str,
    "cycle": str,
    "baseline": str,
    "respondents": str,
    "denominator": str,
    "level": float,
}

every_notebook = pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)


def cells_of(notebook, kind):
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == kind]


def source_of(cell):
    return "".join(cell["source"])


ABOUT_THE_REPORT = ("07_methods", "08_limits", "explore")
"""Notebooks that have no cycle or group as a parameter."""


def is_tagged(cell):
    return "parameters" in cell["metadata"].get("tags", [])


def run_cells(notebook, **parameters):
    """Run the code cells of a notebook here; return what each cell shows."""
    names, shown = {}, []
    for cell in cells_of(notebook, "code"):
        tree = ast.parse(source_of(cell))
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, notebook.name, "exec"), names)
        if is_tagged(cell):
            names |= {"study": str(ROOT / "data" / "raw")} | parameters
        if last is not None:
            value = eval(compile(ast.Expression(last.value), notebook.name, "eval"), names)
            shown += list(value.exhibits) if isinstance(value, Gallery) else [value]
    return shown


def plain(exhibits):
    return "\n".join(str(one) for one in exhibits)


@every_notebook
def test_cells_are_short_and_hold_no_logic(notebook):
    code = [source_of(cell) for cell in cells_of(notebook, "code")]
    lengths = [len(source.splitlines()) for source in code]
    assert statistics.median(lengths) <= 5
    assert max(lengths) <= 20
    for source in code:
        assert not re.search(
            r"^\s*(def|class|for|while|if|%|!)|read_csv|open\(", source, re.MULTILINE
        ), source


@every_notebook
def test_there_is_as_much_prose_as_code(notebook):
    words = {
        kind: sum(len(source_of(cell).split()) for cell in cells_of(notebook, kind))
        for kind in ("markdown", "code")
    }
    assert words["markdown"] >= words["code"]


@every_notebook
def test_a_notebook_is_committed_without_outputs_and_with_stable_ids(notebook):
    content = json.loads(notebook.read_text(encoding="utf-8"))
    ids = [cell["id"] for cell in content["cells"]]
    assert len(set(ids)) == len(ids)
    assert content["metadata"]["kernelspec"]["name"] == "python3"
    for cell in cells_of(notebook, "code"):
        assert cell["outputs"] == []
        assert cell["execution_count"] is None


@every_notebook
def test_the_parameters_are_the_same_everywhere_each_with_a_comment(notebook):
    declared = {name: one.type for name, one in declared_parameters(notebook).items()}
    is_section = notebook.stem not in ABOUT_THE_REPORT
    assert COMMON.items() <= declared.items() if is_section else declared["study"] is str
    (cell,) = [one for one in cells_of(notebook, "code") if is_tagged(one)]
    assert all("  # " in line for line in source_of(cell).splitlines())


@pytest.mark.parametrize("page", STUDY.pages, ids=lambda page: page.name)
def test_every_finding_and_every_indicator_stands_on_its_page(page):
    shown = run_cells(page.notebook)
    text = plain(shown)
    findings = load_findings(STUDY)
    own = findings[findings["section"].isin(page.sections)]
    assert [one for one in own["finding_id"] if not re.search(rf"\b{one}\b", text)] == []
    said = "\n".join(str(one) for one in shown if isinstance(one, Sentences | Headlines))
    book = STUDY.codebook
    printed = set(published_counts(findings, book)["indicator"])
    unsaid = [
        name
        for name, indicator in book.indicators.items()
        if name in printed and book.section_of(name) in page.sections
        if indicator.phrase not in said and indicator.label not in said
    ]
    assert unsaid == []
    figures = [n for n, spec in book.figures.items() if spec.section in page.sections]
    names = [one.name for one in shown if isinstance(one, Exhibit)]
    assert set(figures) <= set(names)
    assert len(set(names)) == len(names)
    assert page.name == "07_methods" or any(isinstance(one, Headlines) for one in shown)


def run_or_refuse(page, parameters):
    try:
        return plain(run_cells(page.notebook, **parameters)), ""
    except InputError as error:
        return "", str(error)


@functools.cache
def default_text(page_name):
    (page,) = STUDY.pages_named([page_name])
    return plain(run_cells(page.notebook))


@pytest.mark.parametrize(
    "page",
    [one for one in STUDY.pages if one.name not in ABOUT_THE_REPORT],
    ids=lambda page: page.name,
)
@pytest.mark.parametrize(
    "parameters",
    [
        {"cycle": "2015/16"},
        {"respondents": "ngos"},
        {"denominator": "responding"},
        {"denominator": "answering"},
        {"denominator": "confiscation_law"},
        {"level": 0.5},
    ],
    ids=str,
)
def test_a_parameter_is_followed_or_refused_with_what_is_allowed(page, parameters):
    text, refusal = run_or_refuse(page, parameters)
    if refusal:
        assert page.name in refusal
        assert "Allowed: " in refusal
        return
    assert not re.search(r"\b(nan|None(?! of)|NA|inf)\b", text)
    assert text != default_text(page.name)


def test_the_words_never_call_a_difference_significant_nor_a_missing_yes_a_no():
    for page in STUDY.pages:
        for one in run_cells(page.notebook):
            if isinstance(one, Sentences | Headlines):
                text = str(one).lower()
                assert "significant" not in text
                assert "did not report" not in text
        prose = " ".join(source_of(cell) for cell in cells_of(page.notebook, "markdown"))
        assert "significan" not in prose.lower()


def test_prose_holds_no_number_that_a_finding_could_change():
    numbers = set()
    for page in STUDY.pages:
        if page.name == "07_methods":
            continue  # explains the reading rules with invented examples
        for cell in cells_of(page.notebook, "markdown"):
            text = re.sub(r"\d{4}/\d{2}|2016 report", "", source_of(cell))
            numbers |= {(page.name, number) for number in re.findall(r"\b\d+\b", text)}
    assert numbers == set()


def test_plain_papermill_gives_the_numbers_that_the_notebook_gives_here(tmp_path):
    notebook = ROOT / "notebooks" / "05_technology.ipynb"
    executed = papermill.execute_notebook(
        notebook,
        tmp_path / "out.ipynb",
        parameters={"denominator": "responding", "study": str(ROOT / "data" / "raw")},
        kernel_manager_class=ReportKernelManager,
        progress_bar=False,
        cwd=str(tmp_path),
    )
    outputs = [
        output["data"]["text/plain"]
        for cell in executed.cells
        for output in cell.get("outputs", [])
        if "analysis" in output.get("metadata", {})
    ]
    here = run_cells(notebook, denominator="responding")
    assert outputs == [str(one) for one in here]


def test_plain_papermill_refuses_a_parameter_that_the_notebook_does_not_have(tmp_path):
    with pytest.raises(papermill.PapermillExecutionError, match="Did you mean 'denominator'"):
        papermill.execute_notebook(
            ROOT / "notebooks" / "05_technology.ipynb",
            tmp_path / "out.ipynb",
            parameters={"denominatr": "responding"},
            kernel_manager_class=ReportKernelManager,
            progress_bar=False,
            cwd=str(ROOT),
        )
