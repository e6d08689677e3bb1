"""Kernels of a build: which interpreter they are, what they inherit, what they leave behind."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from analysis.report.outcome import INTERRUPTED, PageError
from analysis.report.running import lease
from analysis.report.running.execute import execute, normalised
from analysis.report.running.kernels import private_kernel


def notebook(*cells: str) -> nbformat.NotebookNode:
    page = new_notebook(metadata={"kernelspec": {"name": "no-such-kernel", "display_name": "x"}})
    page.cells = [
        new_markdown_cell("# Title", id="title"),
        new_code_cell("x: int = 1", id="p", metadata={"tags": ["parameters"]}),
        *(new_code_cell(source, id=f"cell-{i}") for i, source in enumerate(cells)),
    ]
    return page


LOOK = """\
import json, os, sys
from IPython import get_ipython
shell = get_ipython()
info = json.load(open(shell.kernel.parent.abs_connection_file))
print(json.dumps({"python": sys.executable, "history": shell.history_manager.enabled, "x": x,
                  "transport": info["transport"], "socket": len(info["ip"]),
                  "seed": os.environ["PYTHONHASHSEED"], "mine": os.environ["MINE"],
                  "folder": os.getcwd(), "backend": os.environ["MPLBACKEND"]}))
"""


def test_a_kernel_is_the_builds_own_interpreter_with_a_fixed_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MPLBACKEND", "Agg")
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    # Only what volunteers nothing is replaced in outputs, so look at the notebook before that.
    monkeypatch.setattr("analysis.report.running.execute.normalised", lambda made, **_: made)
    done = execute(notebook(LOOK), {"x": 2}, folder=tmp_path, environment={"MINE": "yes"})
    seen = json.loads(done.cells[-1].outputs[0].text)
    assert seen["python"] == sys.executable
    assert seen["transport"] == ("tcp" if sys.platform == "win32" else "ipc")
    assert seen["socket"] < 90
    assert seen["folder"] == str(tmp_path)
    assert (seen["history"], seen["seed"], seen["mine"], seen["x"]) == (False, "0", "yes", 2)
    assert seen["backend"].endswith("backend_inline")


@pytest.mark.skipif(sys.platform == "win32", reason="Unix sockets")
def test_a_temporary_folder_too_long_for_sockets_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / ("long" * 20)))
    with private_kernel({}) as (own, _):
        runtime = own.runtime
        assert runtime.is_dir()
        assert len(str(runtime)) < lease.LONGEST_FOLDER
    assert not runtime.exists()


def test_stopping_ends_every_kernel_that_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], start_new_session=True)
    held = lease.Lease(Path("nowhere"), {}, process=child)
    monkeypatch.setattr(lease, "_running", {held})
    lease.stop_kernels()
    assert child.wait(10) != 0
    assert held.ended_by == INTERRUPTED


def test_a_notebook_without_parameters_cell_counts_its_cells_all_the_same(tmp_path: Path) -> None:
    page = notebook("1", "oops")
    del page.cells[1]
    with pytest.raises(PageError) as caught:
        execute(page, {"x": 1}, folder=tmp_path, environment={})
    assert (caught.value.cell, caught.value.line, caught.value.error) == (2, "oops", "NameError")


def test_normalising_leaves_its_input_alone() -> None:
    page = notebook("1")
    page.metadata.papermill = {"start_time": "now", "parameters": {"x": 1}}
    page.cells[2].metadata.papermill = {"duration": 1}
    before = nbformat.writes(page)
    clean = normalised(page)
    assert nbformat.writes(page) == before
    assert clean.metadata.papermill == {"parameters": {"x": 1}}
    assert "papermill" not in clean.cells[2].metadata
