"""Builds by the command as a researcher types it: the same bytes, and nothing done twice."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from built import built_report
from projects import analysis, make_project
from studies import DEFAULT, ROOT, SURVEY, StudyFolder
from toys import tree

from analysis.report.build import Options, build
from analysis.report.outcome import CODE_ERROR, EXIT_CODES
from analysis.report.pages import files_of
from analysis.study import load_study

ELSEWHERE = {
    "TZ": "Asia/Tokyo",
    "LC_ALL": "C",
    "LANG": "de_DE",
    "PYTHONHASHSEED": "77",
    "HOME": "/",
    "USER": "somebody",
    "COLUMNS": "240",
    "PYTHONWARNINGS": "always",
}
"""What another person may have set on another machine."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that has been built."""
    folder = make_project(tmp_path_factory.mktemp("project"))
    done = analysis("build", folder=folder)
    assert done.returncode == 0, done.stderr
    assert "Laws  ran" in done.stdout
    assert "1 section to run, 0 up to date" in done.stderr
    return folder


def test_the_same_study_gives_the_same_bytes_wherever_and_however_it_is_built(
    project: Path, tmp_path: Path
) -> None:
    other = tmp_path / "another name" / "of a folder"
    shutil.copytree(project / "data" / "raw", other / "data" / "raw")
    shutil.copytree(project / "notebooks", other / "notebooks")
    done = analysis("build", "--jobs", "1", "--ordinary-kernels", folder=other, **ELSEWHERE)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("\n") == 2
    for place in ("reports", "data/processed"):
        assert tree(project / place) == tree(other / place)
    assert "build.json" in tree(other / "reports")


@pytest.mark.soak
def test_the_whole_report_and_its_rehearsal_have_the_same_bytes_everywhere(tmp_path: Path) -> None:
    ways = {"a": ((), {}), "another name/of a folder": (("--jobs", "1"), ELSEWHERE)}
    trees = []
    for name, (words, variables) in ways.items():
        folder = tmp_path / name
        without = shutil.ignore_patterns("responses")
        shutil.copytree(DEFAULT, folder / "data" / "raw", ignore=without)
        shutil.copytree(ROOT / "notebooks", folder / "notebooks")
        for more in ((), ("--rehearse", "01", "07")):
            done = analysis("build", *words, *more, folder=folder, **variables)
            assert done.returncode == 0, done.stdout
        trees.append([tree(folder / "reports"), tree(folder / "data" / "processed")])
    assert trees[0] == trees[1]


def test_a_page_of_the_report_is_the_same_forked_or_not(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    study = load_study(DEFAULT, output=tmp_path)
    (page,) = study.pages_named(["06"])
    result = build(study, [page], {}, options=Options(is_ordinary=True))
    assert result.is_ok, result.outcomes
    forked = built_report(tmp_path_factory)
    for name in files_of(page.name):
        if not name.endswith((".html", ".pdf")):  # which link to pages that are there
            place = forked / name
            same = place.is_file() and place.read_bytes() == (study.reports / name).read_bytes()
            assert same or tree(place) == tree(study.reports / name) != {}
    assert tree(forked.parent / "processed") == tree(study.processed)


def test_with_nothing_to_do_nothing_heavy_is_imported_and_nothing_is_touched(
    project: Path,
) -> None:
    before = {path: path.stat() for path in (project / "reports").rglob("*")}
    script = (
        "import sys\n"
        "from analysis.cli import main\n"
        "try: main(['build'])\n"
        "finally: print(sorted(sys.modules.keys() & set(sys.argv[1:])))"
    )
    heavy = ["pandas", "numpy", "nbformat", "papermill", "nbconvert", "jupyter_client", "zmq"]
    done = subprocess.run(
        [sys.executable, "-c", script, *heavy, "matplotlib", "scipy", "IPython", "tqdm", "jinja2"],
        cwd=project,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == [
        "Laws  up to date",
        str(project / "reports" / "index.html"),
        "[]",
    ]
    after = {path: path.stat() for path in (project / "reports").rglob("*")}
    assert before.keys() == after.keys()
    for path, stat in before.items():
        assert (stat.st_ino, stat.st_mtime_ns) == (after[path].st_ino, after[path].st_mtime_ns)


def test_why_names_the_cause(project: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(project, copy)
    assert analysis("why", "s", folder=copy).stdout == "Laws is up to date.\n"
    told = analysis("why", "s", "-p", "level=0.9", folder=copy).stdout
    assert told == "Laws would run:\n  the parameter level is 0.9, it was the default\n"
    notebook = copy / "notebooks" / "section.ipynb"
    text = notebook.read_text(encoding="utf-8")
    notebook.write_text(text.replace("view.trends()", "view.trends() "), encoding="utf-8")
    assert "has changed" in analysis("why", "s", folder=copy).stdout
    notebook.write_text(text, encoding="utf-8")
    StudyFolder(copy / "data" / "raw").edit(SURVEY, "law", label="A law, then?")
    told = analysis("why", "s", folder=copy).stdout
    assert told == "Laws would run:\n  what the codebook says of law has changed\n"
    done = analysis("why", "prevention", folder=copy)
    assert done.returncode != 0
    assert "no section of that name" in done.stderr


def test_a_section_that_fails_is_named_and_has_its_exit_code(project: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(project, copy)
    before = (copy / "reports" / "s.html").read_bytes()
    notebook = copy / "notebooks" / "section.ipynb"
    cells = json.loads(notebook.read_text(encoding="utf-8"))
    cells["cells"][-1]["source"] = ["1 / 0"]
    notebook.write_text(json.dumps(cells), encoding="utf-8")
    done = analysis("build", folder=copy)
    assert done.returncode == EXIT_CODES[CODE_ERROR]
    assert "Laws  FAILED: CODE ERROR" in done.stdout
    assert "(1 / 0): ZeroDivisionError" in done.stdout
    assert "Once it is mended: analysis build s" in done.stdout
    assert (copy / "reports" / "s.html").read_bytes() == before
