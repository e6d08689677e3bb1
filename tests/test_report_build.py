"""Whole builds of toy pages: what is published, what is left alone, what is said."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path
from types import MappingProxyType, SimpleNamespace

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from analysis.problems import InputError
from analysis.report import build as building
from analysis.report.publish import publish, staging_area
from analysis.study import Page
from analysis.study.places import Places

SHOW = """\
from IPython.display import display
display({"image/svg+xml": "<svg xmlns='http://www.w3.org/2000/svg'/>", "text/csv": "a,b\\n<i>,1\\n",
         "text/plain": "figure"}, raw=True,
        metadata={"analysis": {"kind": "figure", "name": "laws", "caption": "Laws",
                               "alt": "16 of 57"}})
"""
HEADLINES = """\
from IPython.display import display
display({"application/vnd.analysis.headlines+json": {
    "headlines": [{"text": "16 of 57 <reported>", "evidence": "published", "findings": []}],
    "changes": [{"indicator": "laws", "text": "Laws", "verdict": "rise", "evidence": "derived",
                 "count_from": 10, "count_to": 16, "cycle_from": "one", "cycle_to": "two",
                 "change_low": 1, "change_high": 14}],
    "limits": ["Who moved."]}, "text/plain": "headlines"}, raw=True,
    metadata={"analysis": {"kind": "headlines"}})
"""


def write_page(folder: Path, name: str, *cells: str) -> Page:
    notebook = new_notebook(metadata={"kernelspec": {"name": "no-such-kernel", "display_name": ""}})
    notebook.cells = [
        new_markdown_cell(f"# Page {name}\n\nHow *many*?", id="title"),
        new_code_cell("level: float = 0.95", id="p", metadata={"tags": ["parameters"]}),
        *(new_code_cell(source, id=f"cell-{i}") for i, source in enumerate(cells)),
    ]
    file = folder / f"{name}.ipynb"
    nbformat.write(notebook, file)
    return Page(name=name, notebook=file, title=f"Page {name}", sections=(name,))


def toy_study(folder: Path, *pages: Page) -> SimpleNamespace:
    raw = folder / "raw"
    raw.mkdir(exist_ok=True)
    (raw / "findings.csv").write_text("finding\n")
    settings = SimpleNamespace(
        title="A survey & its cycles",
        description="What it is.",
        authors="A. Nother",
        disclaimer="Independent.",
        version="1",
        released="2026-01-15",
        limits="",
    )
    return SimpleNamespace(
        raw=raw,
        reports=folder / "reports",
        stamp="",
        pages=pages,
        places=Places(raw, folder / "processed", folder / "reports", folder),
        codebook=SimpleNamespace(settings=settings, sources=MappingProxyType({})),
        input_files=lambda: {"findings.csv": raw / "findings.csv"},
    )


def tree(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(autouse=True)
def _no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "write_tables", lambda study: [])
    monkeypatch.setattr(building, "check_parameters", lambda study, page, given: dict(given))


@pytest.fixture(autouse=True)
def temporary(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path_factory.mktemp("t")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_a_build_publishes_pages_exhibits_index_and_record(tmp_path: Path, temporary: Path) -> None:
    one = write_page(tmp_path, "one", HEADLINES, SHOW, "assert isinstance(level, float)")
    study = toy_study(tmp_path, one, write_page(tmp_path, "two", "1 + 1"))
    result = building.build(study, study.pages, {}, jobs=2)
    assert [(outcome.page, outcome.error) for outcome in result.outcomes] == [
        ("one", None),
        ("two", None),
    ]
    assert sorted(tree(study.reports)) == [
        "build.json",
        "figures/one/laws.svg",
        "index.html",
        "notebooks/one.ipynb",
        "notebooks/two.ipynb",
        "one.html",
        "tables/one/laws.csv",
        "two.html",
    ]
    index = (study.reports / "index.html").read_text()
    assert "16 of 57 &lt;reported&gt;" in index
    assert "+1 to +14" in index
    assert "Who moved." in index
    assert "How many?" in index
    assert not list(temporary.iterdir())


def test_two_builds_in_different_folders_give_the_same_bytes(tmp_path: Path) -> None:
    trees = []
    for name, jobs in (("a", 1), ("a_longer_name", 2)):
        folder = tmp_path / name
        folder.mkdir()
        noisy = "import os, sys, warnings\nwarnings.warn(os.getcwd())\nprint(object(), sys.prefix)"
        study = toy_study(
            folder, write_page(folder, "one", SHOW, noisy), write_page(folder, "two", "{'b', 'a'}")
        )
        assert building.build(study, study.pages, {"level": 0.5}, jobs=jobs).is_ok
        trees.append(tree(study.reports))
    assert trees[0] == trees[1]
    text = b"".join(trees[0].values()).decode()
    assert str(tmp_path) not in text
    assert sys.prefix not in text


FAILURES = {
    "exception": ("# divide\n1 / 0", "code cell 3 (# divide): ZeroDivisionError: division by zero"),
    "exit": ("import sys; sys.exit(0)", "code cell 3 (import sys; sys.exit(0)): SystemExit"),
    "killed": ("import os; os.kill(os.getpid(), 9)", "code cell 3 (import os;"),
    "bad input": (
        "from analysis.problems import *\nraise InputError(Problem('no such cycle.'))",
        "code cell 3 (from analysis.problems import *): no such cycle.",
    ),
}


@pytest.mark.parametrize("name", FAILURES)
def test_a_failing_page_keeps_its_earlier_output_and_is_named(
    name: str, tmp_path: Path, temporary: Path
) -> None:
    source, told = FAILURES[name]
    study = toy_study(tmp_path, write_page(tmp_path, "one", "0", source, "print('never')"))
    for file in ("one.html", "tables/one/t.csv", "figures/one/f.svg"):
        (study.reports / file).parent.mkdir(parents=True, exist_ok=True)
        (study.reports / file).write_text("<main id='main'>as before</main>")
    (study.reports / "notebooks").mkdir()
    (study.reports / "notebooks" / "one.ipynb").write_text('{"cells": []}')
    before = tree(study.reports)
    result = building.build(study, study.pages, {})
    assert not result.is_ok
    assert told in str(result.outcomes[0].error)
    after = tree(study.reports)
    changed = {file for file in before | after if before.get(file) != after.get(file)}
    assert changed == {"index.html", "build.json"}
    assert "FAILED in the last build" in after["index.html"].decode()
    assert "shown as of the build before" in after["index.html"].decode()
    assert not list(temporary.iterdir())


@pytest.mark.parametrize("tag", ["raises-exception", "skip-execution"])
def test_a_tag_cannot_hide_that_a_cell_failed_or_never_ran(tag: str, tmp_path: Path) -> None:
    page = write_page(tmp_path, "one", "1 / 0", "2")
    notebook = nbformat.read(page.notebook, as_version=4)
    notebook.cells[2].metadata["tags"] = [tag]
    nbformat.write(notebook, page.notebook)
    study = toy_study(tmp_path, page)
    (outcome,) = building.build(study, study.pages, {}).outcomes
    assert outcome.error is not None
    assert outcome.error.cell == 2


def test_other_pages_are_published_and_do_not_link_to_one_that_never_was(tmp_path: Path) -> None:
    study = toy_study(
        tmp_path, write_page(tmp_path, "one", "1"), write_page(tmp_path, "two", "1 / 0")
    )
    result = building.build(study, study.pages, {})
    assert [outcome.is_ok for outcome in result.outcomes] == [True, False]
    assert 'href="index.html#two"' in (study.reports / "one.html").read_text()
    assert "there is no earlier version to show" in result.index.read_text()
    assert not (study.reports / "two.html").exists()
    record = json.loads((study.reports / "build.json").read_text())
    assert [page["outcome"] for page in record["pages"]] == ["ok", "failed"]


def test_parameters_reach_the_page_with_their_type(tmp_path: Path) -> None:
    study = toy_study(tmp_path, write_page(tmp_path, "one", "assert level == 0.5, level"))
    assert building.build(study, study.pages, {"level": 0.5}).is_ok
    page = (study.reports / "one.html").read_text()
    assert "<td>0.5</td>" in page


def test_bad_parameters_of_all_pages_are_told_at_once_before_anything_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from analysis.problems import Problem

    def refuse(study: object, page: Page, given: object) -> None:
        raise InputError(Problem(f"{page.name} refuses."))

    monkeypatch.setattr(building, "check_parameters", refuse)
    study = toy_study(tmp_path, write_page(tmp_path, "one", "1"), write_page(tmp_path, "two", "1"))
    with pytest.raises(InputError, match=r"one refuses\.\ntwo refuses\."):
        building.build(study, study.pages, {})
    assert not study.reports.exists()


def test_a_second_build_on_the_same_folder_stops(tmp_path: Path) -> None:
    stopped = pytest.raises(InputError, match="another build")
    with staging_area(tmp_path), stopped, staging_area(tmp_path):
        pass
    assert not list(tmp_path.iterdir())


def test_litter_of_a_killed_build_is_removed_by_the_next(tmp_path: Path) -> None:
    (tmp_path / ".staging-dead").mkdir()
    with staging_area(tmp_path):
        pass
    assert not list(tmp_path.iterdir())


def test_publishing_is_undone_when_it_cannot_be_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports, staging = tmp_path / "reports", tmp_path / "staging"
    for folder in (reports, staging):
        (folder / "tables").mkdir(parents=True)
        (folder / "tables" / "t.csv").write_text(folder.name)
        (folder / "a.html").write_text(folder.name)
    (staging / "new.html").write_text("new")
    before = tree(reports)
    move = Path.replace

    def full(self: Path, target: Path) -> Path:
        if self == staging / "a.html":
            raise OSError(28, "No space left on device")
        return move(self, target)

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        publish(staging, reports, ["new.html", "tables", "a.html"])
    assert tree(reports) == before


def test_a_build_that_is_terminated_ends_its_kernels_and_changes_nothing(tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    script = textwrap.dedent(f"""
        import importlib.util, sys
        from pathlib import Path
        spec = importlib.util.spec_from_file_location("toys", {str(Path(__file__))!r})
        toys = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(toys)
        toys.building.write_tables = lambda study: []
        toys.building.check_parameters = lambda study, page, given: {{}}
        folder = Path({str(tmp_path)!r})
        cell = "import os\\nopen('pid', 'w').write(str(os.getpid()))\\nwhile True: 1"
        study = toys.toy_study(folder, toys.write_page(folder, "one", cell))
        toys.building.build(study, study.pages, {{}})
    """)
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-c", script], env={**os.environ, "TMPDIR": str(temporary)}
    )
    pid = tmp_path / "pid"
    deadline = time.monotonic() + 60
    while not (pid.is_file() and pid.read_text()) and time.monotonic() < deadline:
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 128 + signal.SIGTERM
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)
    assert not list(reports.iterdir())
    assert not list(temporary.iterdir())
