"""Imports run one way, and the package knows no study by name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from studies import ROOT

from analysis.study import load_study

SOURCE = ROOT / "src" / "analysis"

# What each stage may import of the package, in the order in which data flows. A stage is a module
# of src/analysis or a folder of that name.
ALLOWED: Mapping[str, frozenset[str]] = {
    stage: frozenset(names.split())
    for stage, names in {
        "_version": "",
        "problems": "",
        "frames": "",
        "files": "",
        "numerals": "",
        "study": "problems frames",
        "statistics": "",
        "intake": "study problems frames",
        "drafting": "intake study problems frames files",
        "published": "study statistics problems frames",
        "synthetic": "published study problems frames",
        "observed": "published study frames",
        "panel": "observed study",
        "described": "observed study",
        "indicators": "observed published study statistics frames",
        "comparisons": "panel observed indicators study statistics problems frames",
        "replication": "",
        "results": (
            "replication comparisons described panel indicators observed intake published "
            "study problems"
        ),
        "checking": "results published intake study problems frames",
        "parameter_cell": "study problems",
        "parameters": "parameter_cell results published study problems frames",
        "processed": "results intake study files _version",
        "display": (
            "results parameters comparisons indicators published study statistics problems frames "
            "numerals"
        ),
        "desk": (
            "display processed parameters results comparisons indicators published study "
            "problems frames"
        ),
        # Controls over the desk.
        "explore": "desk display parameters intake comparisons study frames",
        "lab": "study problems",
        "section": (
            "display processed parameter_cell parameters results comparisons indicators published "
            "study problems frames"
        ),
        "plain": "",
        "reach": "parameters plain study",
        # Knows pages and files, not what is on them.
        "report": (
            "reach plain processed parameter_cell parameters results intake study problems frames "
            "files numerals _version"
        ),
        # A report that has been built, handed on, and compared with another one.
        "sharing": "report results intake study problems files",
        "changes": "sharing report study problems files numerals",
        # What is published of a study.
        "dictionary": "study",
        "publishing": "report results processed dictionary study problems files _version",
        "cli": (
            "changes sharing publishing checking report lab synthetic processed results "
            "published drafting study problems _version"
        ),
        "__main__": "cli",
        # The names of the package itself, loaded when they are first used.
        "": "desk explore section study problems _version",
    }.items()
}

# Modules of one stage that keep apart.
APART = [("display.figures", "display.tables"), ("display.figures", "display.rows")]

# Libraries that one stage only is to know.
ONLY_IN = {
    "matplotlib": {"display"},
    "seaborn": {"display"},
    "scipy": {"statistics"},
    "statsmodels": {"statistics"},
    "papermill": {"report"},
    "nbconvert": {"report"},
    "nbformat": {"report"},
    "jupyter_client": {"report", "lab"},
    "jinja2": {"report", "changes"},
    "tqdm": {"report"},
    "distributed": {"report"},
    "click": {"cli"},
    "ipywidgets": {"explore"},
    "jupyterlab": {"lab"},
    "babel": {"intake"},
    "openpyxl": {"study", "intake"},
    "pyreadstat": {"intake"},
}


def modules(source: Path) -> dict[str, str]:
    """The text of every module by its name inside the package; the package itself is ``""``."""
    return {
        ".".join(file.relative_to(source).with_suffix("").parts)
        .removesuffix("__init__")
        .removesuffix("."): file.read_text(encoding="utf-8")
        for file in sorted(source.rglob("*.py"))
    }


def imported(name: str, text: str, known: Iterable[str]) -> set[str]:
    """Everything that a module imports anywhere in it, each under its full name.

    A name taken from a package counts as the module of that name where there is one.
    """
    known = {f"analysis.{other}".rstrip(".") for other in known}
    here = f"analysis.{name}".rstrip(".").split(".")
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = [*here[: len(here) - node.level], *([node.module] if node.module else [])]
            origin = ".".join(base) if node.level else str(node.module)
            for alias in node.names:
                whole = f"{origin}.{alias.name}"
                found.add(whole if whole in known else origin)
    return found


def stage_of(module: str) -> str:
    return module.partition(".")[0]


def violations(source: Path) -> list[str]:
    """Every import that runs against the direction, as ``module -> module``."""
    texts = modules(source)
    wrong = []
    for name, text in texts.items():
        for target in sorted(imported(name, text, texts)):
            top, _, inner = target.partition(".")
            if top != "analysis":
                if stage_of(name) not in ONLY_IN.get(top, {stage_of(name)}):
                    wrong.append(f"{name} -> {top}")
                continue
            own, other = stage_of(name), stage_of(inner)
            is_apart = any({name, inner} == set(pair) for pair in APART)
            if is_apart or (own != other and other not in ALLOWED.get(own, ())):
                wrong.append(f"{name} -> {inner or 'analysis'}")
    return wrong


def test_imports_run_one_way() -> None:
    assert violations(SOURCE) == []


def test_every_stage_has_its_place_in_the_order() -> None:
    assert {stage_of(name) for name in modules(SOURCE)} <= set(ALLOWED)
    # Raises when two stages may import each other.
    TopologicalSorter(ALLOWED).prepare()


def test_no_module_imports_itself_by_a_detour() -> None:
    texts = modules(SOURCE)
    graph = {
        name: {
            target.removeprefix("analysis").removeprefix(".")
            for target in imported(name, text, texts)
            if target.startswith("analysis.")
        }
        - {name}
        for name, text in texts.items()
        if name != ""
    }
    TopologicalSorter(graph).prepare()


def test_nobody_imports_the_command_line() -> None:
    assert [stage for stage, names in ALLOWED.items() if "cli" in names] == ["__main__"]


def test_names_are_loaded_from_modules_that_have_them() -> None:
    import analysis

    for name in analysis.__all__:
        assert getattr(analysis, name) is not None
    assert set(analysis._HOME) | {"__version__"} == set(analysis.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        getattr(analysis, "nothing")  # noqa: B009 - the plain form is a type error


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        (
            "study/loading.py",
            "from analysis.indicators import turnout",
            "study.loading -> indicators",
        ),
        ("statistics/bounds.py", "import analysis.problems", "statistics.bounds -> problems"),
        ("statistics/bounds.py", "from analysis import frames", "statistics.bounds -> frames"),
        (
            "published/counts.py",
            "from analysis.comparisons import x",
            "published.counts -> comparisons",
        ),
        (
            "comparisons.py",
            "from analysis.display.figures import x",
            "comparisons -> display.figures",
        ),
        (
            "display/tables.py",
            "from analysis.display import figures",
            "display.tables -> display.figures",
        ),
        ("display/figures.py", "from . import tables", "display.figures -> display.tables"),
        ("report/build.py", "from analysis.indicators import x", "report.build -> indicators"),
        ("report/build.py", "from analysis import statistics", "report.build -> statistics"),
        ("report/build.py", "from ..section import Section", "report.build -> section"),
        ("section.py", "def f():\n    from analysis.cli import main", "section -> cli"),
        ("section.py", "from analysis import open_section", "section -> analysis"),
        ("indicators.py", "import matplotlib.pyplot as plt", "indicators -> matplotlib"),
        ("display/rows.py", "from scipy.stats import norm", "display.rows -> scipy"),
    ],
)
def test_an_import_against_the_direction_is_found(
    tmp_path: Path, file: str, text: str, expected: str
) -> None:
    for name in modules(SOURCE):
        empty = tmp_path / Path(*name.split("."))
        path = empty / "__init__.py" if (SOURCE / empty.relative_to(tmp_path)).is_dir() else None
        path = path or empty.with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (tmp_path / file).write_text(text)
    assert violations(tmp_path) == [expected]


def names_of_the_default_study() -> set[str]:
    book = load_study().codebook
    return {*book.cycles, *book.items, *book.indicators, *book.sources, "OSCE", *STATES}


# Some of the 57 participating States, those among them that the source names.
STATES = (
    "Albania Armenia Austria Azerbaijan Belarus Belgium Canada Croatia Finland France Georgia "
    "Germany Greece Italy Kazakhstan Kyrgyzstan Moldova Mongolia Norway Poland Serbia Spain "
    "Switzerland Tajikistan Turkmenistan Ukraine Uzbekistan"
).split()


def names_said(text: str, names: Iterable[str]) -> set[str]:
    """The names that stand in a text as words of their own."""
    return {name for name in names if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)}


def test_no_name_of_the_default_study_stands_in_the_package() -> None:
    names = names_of_the_default_study()
    assert {"2020/21", "supply_chain_law", "OSCE", "Norway"} <= names
    files = [p for p in SOURCE.rglob("*") if p.suffix in (".py", ".j2", ".css", ".json")]
    found = {
        f"{file.relative_to(SOURCE)}: {name}"
        for file in files
        for name in names_said(file.read_text(encoding="utf-8"), names)
    }
    assert found == set()


def test_a_name_is_found_as_a_word_of_its_own() -> None:
    names = ("2020/21", "supply_chain_law", "OSCE")
    text = 'cycle = "2020/21"; the OSCE; supply_chain_laws'
    assert names_said(text, names) == {"2020/21", "OSCE"}
