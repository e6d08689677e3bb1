"""JupyterLab: where it is opened, with which kernel, and what a researcher sees there."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import running_browser
from click.testing import CliRunner
from labs import DIALOG, Lab, running_server
from studies import DEFAULT, ROOT, problem_of, small_study

from analysis.cli import main
from analysis.cli.shared import WRONG_USE
from analysis.lab import OwnKernel, lab_arguments, lab_places
from analysis.study.places import find_places

SEEN = "document.querySelector('.widget-html-content .analysis-result')"


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package without a checkout around it; returns the working folder."""
    package = tmp_path / "site-packages" / "analysis"
    (package / "resources" / "notebooks").mkdir(parents=True)
    for name in ("explore", "section"):
        (package / "resources" / "notebooks" / f"{name}.ipynb").write_text(name)
    (package / "resources" / "study" / "codebook").mkdir(parents=True)
    for module in ("analysis.study.places", "analysis.lab"):
        monkeypatch.setattr(f"{module}.PACKAGE", package)
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return work


def test_in_a_checkout_it_opens_the_notebooks_themselves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    places = lab_places(None)
    assert places.notebooks == ROOT / "notebooks"
    assert places.raw == DEFAULT
    assert list(tmp_path.iterdir()) == []


def test_another_study_is_handed_to_the_notebooks(tmp_path: Path) -> None:
    study = small_study(tmp_path)
    places = lab_places(study.path)
    assert places.raw == study.path.resolve()
    assert places.notebooks == ROOT / "notebooks"


def test_from_an_installed_package_the_notebooks_are_copied(installed: Path) -> None:
    places = lab_places(None)
    assert places.notebooks == installed / "notebooks"
    assert {file.stem for file in places.notebooks.iterdir()} == {"explore", "section"}


def test_copied_notebooks_go_into_the_study_and_keep_what_was_changed(installed: Path) -> None:
    study = small_study(installed)
    first = lab_places(study.path)
    assert first.notebooks == study.path / "notebooks"
    (first.notebooks / "explore.ipynb").write_text("changed")
    assert (lab_places(study.path).notebooks / "explore.ipynb").read_text() == "changed"


def test_a_folder_without_a_study_is_refused(tmp_path: Path) -> None:
    problem = problem_of(lambda: lab_places(tmp_path / "nowhere"))
    assert problem.value == str(tmp_path / "nowhere")
    run = CliRunner().invoke(main, ["lab", "--study", str(tmp_path / "nowhere")])
    assert run.exit_code == WRONG_USE
    assert "no codebook" in run.output


def test_it_opens_at_the_notebook_to_explore_with(installed: Path) -> None:
    places = lab_places(None)
    arguments = lab_arguments(places, ["--port", "9000"])
    assert f"--ServerApp.root_dir={places.notebooks}" in arguments
    assert "--LabApp.default_url=/lab/tree/explore.ipynb" in arguments
    assert arguments[-2:] == ["--port", "9000"]
    (places.notebooks / "explore.ipynb").unlink()
    assert "--LabApp.default_url=/lab" in lab_arguments(places)


def test_the_only_kernel_is_this_interpreter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = tmp_path / "kernels" / "python3"
    wrong.mkdir(parents=True)
    spec = {"argv": ["/elsewhere/python"], "display_name": "Python 3", "language": "python"}
    (wrong / "kernel.json").write_text(json.dumps(spec))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    kernels = OwnKernel()
    assert list(kernels.get_all_specs()) == ["python3"]
    assert kernels.get_kernel_spec("python3").argv[0] == sys.executable


def test_the_command_hands_the_study_over_and_passes_options_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = small_study(tmp_path)
    seen = {}

    def launch(arguments: list[str]) -> None:
        seen["arguments"] = arguments
        seen["raw"] = str(find_places().raw)

    monkeypatch.setattr("jupyterlab.labapp.LabApp.launch_instance", launch)
    monkeypatch.setattr(os, "environ", os.environ.copy())
    options = ["lab", "--study", str(study.path), "--no-browser", "--", "--port", "9000"]
    run = CliRunner().invoke(main, options)
    assert run.exit_code == 0, run.output
    assert seen["raw"] == str(study.path.resolve())
    assert seen["arguments"][-3:] == ["--no-browser", "--port", "9000"]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of its own, so that nothing is saved into this one."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    left_out = shutil.ignore_patterns("responses", "rehearsal")
    shutil.copytree(DEFAULT, folder / "data" / "raw", ignore=left_out)
    return folder


@pytest.fixture(scope="module")
def lab(project: Path) -> Iterator[Lab]:
    with running_browser() as browser, running_server(project) as server:
        yield Lab(server["url"], server["token"], browser)


def keep(lab: Lab, name: str) -> None:
    """Keep a picture of the window in the folder SCREENSHOTS, if that variable is set."""
    if folder := os.environ.get("SCREENSHOTS"):
        Path(folder, f"{name}.png").write_bytes(lab.browser.picture())


def choose(lab: Lab, label: str, words: str) -> None:
    """Set the control with a label to the option with some words."""
    lab.browser.ask(
        f"""(() => {{
        const control = [...document.querySelectorAll('.widget-dropdown')].find(
            one => one.querySelector('label').textContent === {label!r});
        const select = control.querySelector('select');
        const texts = [...select.options].map(one => one.text.replaceAll('\u00a0', ' '));
        select.selectedIndex = texts.indexOf({words!r});
        select.dispatchEvent(new Event('change', {{bubbles: true}}));
        }})()"""
    )


@pytest.mark.browser
def test_a_researcher_explores_in_jupyterlab(lab: Lab) -> None:
    lab.open("explore.ipynb")
    assert lab.run_all() == []
    lab.until(f"!!{SEEN} && !!{SEEN}.querySelector('img')")
    image, words = f"{SEEN}.querySelector('img').src", f"{SEEN}.textContent"
    first = lab.browser.ask(image)
    assert "between 8 and 21" in lab.browser.ask(words)
    lab.browser.ask("document.querySelector('.widget-text input').focus()")
    lab.browser.call("Input.insertText", text="supply chain reporting")
    lab.until(f"{words}.includes('16 of the 57 States')")
    second = lab.browser.ask(image)
    choose(lab, "Share of", "those that took part")
    lab.until(f"{words}.includes('16 of the 49 States')")
    third = lab.browser.ask(image)
    choose(lab, "Show", "what the verdict hangs on")
    lab.until(f"{words}.includes('those without an answer meant yes')")
    assert len({first, second, third, lab.browser.ask(image)}) == 4
    assert lab.browser.ask("document.querySelector('a[download]').href").startswith("data:text/csv")
    keep(lab, "explore")
    assert lab.browser.ask(DIALOG) == ""
    assert lab.browser.told("Runtime.exceptionThrown") == []


@pytest.mark.browser
def test_a_section_runs_in_jupyterlab_and_follows_its_raw_data(lab: Lab, project: Path) -> None:
    computed = project / "data" / "processed" / "indicator_counts.csv"
    computed.unlink(missing_ok=True)
    lab.open("05_technology.ipynb")
    assert lab.run_all() == []
    assert lab.browser.ask("document.querySelectorAll('.jp-OutputArea-output img').length") > 0
    assert computed.is_file()
    keep(lab, "section")
    assert lab.browser.ask(DIALOG) == ""
