"""What goes wrong in a build: its name, what it leaves alone, and what it leaves behind."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest
from toys import (
    build,
    counted,
    descendants,
    is_running,
    on_linux,
    pid_in,
    report_of,
    runs,
    start_build,
    toy_study,
    tree,
    wait_for,
    waiting,
    without_library,
    write_page,
)

from analysis.report.outcome import (
    BUILD_ERROR,
    CODE_ERROR,
    CRASH,
    EXIT_CODES,
    INTERRUPTED,
    OUT_OF_MEMORY,
    SKIPPED,
    TIMEOUT,
    Outcome,
    PageError,
    exit_code,
)
from analysis.report.placing.publish import staging_area
from analysis.report.running.limits import Limits
from analysis.report.running.warm import BARE, Nursery


@pytest.fixture(autouse=True)
def _no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    without_library(monkeypatch.setattr)


LIMITS = Limits(cell=5, page=6, memory=600 << 20)
FAILURES = {
    "exception": (
        CODE_ERROR,
        ["# divide\n1 / 0"],
        "code cell 3 (# divide): ZeroDivisionError: division by zero",
    ),
    "exit": (CODE_ERROR, ["import sys; sys.exit(0)"], "code cell 3 (import sys; sys.exit(0)): Sys"),
    "refused": (
        CODE_ERROR,
        ["from analysis.problems import *\nraise InputError(Problem('no such cycle.'))"],
        "code cell 3 (from analysis.problems import *): no such cycle.",
    ),
    "killed": (CRASH, ["import os; os.kill(os.getpid(), 9)"], "SIGKILL"),
    "left": (CRASH, ["import os; os._exit(0)"], "ended by itself with exit code 0"),
    "broken": (CRASH, ["import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"], "SIGSEGV"),
    "slow_cell": (TIMEOUT, ["while True: pass"], "(while True: pass): the cell took longer than 5"),
    "slow_page": (
        TIMEOUT,
        ["import time", *(f"time.sleep(1)  # {n}" for n in range(9))],
        "the page took longer than 6 seconds",
    ),
    "too_much": (OUT_OF_MEMORY, ["x = bytearray(1 << 30)"], "code cell 3 (x = bytearray("),
    "more": (OUT_OF_MEMORY, ["x = []\nwhile True: x.append(b'1' * (32 << 20))"], "3 (x = [])"),
}


@pytest.fixture(scope="module")
def failed(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A report of which every page fails in its own way, built over an earlier one."""
    folder = tmp_path_factory.mktemp("failed")
    temporary = tmp_path_factory.mktemp("t")
    pages = [
        write_page(folder, name, "0", *cells, "print('never')")
        for name, (_, cells, _) in FAILURES.items()
    ]
    study = toy_study(folder, *pages)
    for page in pages:
        for file in (
            f"{page.name}.html",
            f"tables/{page.name}/t.csv",
            f"figures/{page.name}/f.svg",
        ):
            (study.reports / file).parent.mkdir(parents=True, exist_ok=True)
            (study.reports / file).write_text("<main id='main'>as before</main>")
        (study.reports / "notebooks").mkdir(exist_ok=True)
        (study.reports / "notebooks" / f"{page.name}.ipynb").write_text('{"cells": []}')
    study.before = report_of(study)
    with pytest.MonkeyPatch.context() as patch:
        without_library(patch.setattr)
        patch.setattr("tempfile.tempdir", str(temporary))
        study.result = build(study, limits=LIMITS, jobs=4)
    study.litter = list(temporary.iterdir())
    return study


@pytest.mark.parametrize("name", FAILURES)
def test_a_failure_has_a_kind_and_names_cell_and_cause(failed: Any, name: str) -> None:
    kind, _, told = FAILURES[name]
    (outcome,) = [one for one in failed.result.outcomes if one.page == name]
    assert outcome.error is not None
    assert (outcome.error.kind, outcome.word) == (kind, kind)
    assert told in str(outcome.error)


def test_pages_that_fail_keep_their_earlier_output(failed: Any) -> None:
    assert report_of(failed) == failed.before
    index = (failed.reports / "index.html").read_text()
    assert index.count("FAILED in the last build") >= len(FAILURES)
    assert "shown as of the build before" in index
    assert not failed.litter


def test_the_first_page_that_failed_decides_the_exit_code(failed: Any) -> None:
    assert failed.result.exit_code == EXIT_CODES[CODE_ERROR]
    kinds = (SKIPPED, CRASH, CODE_ERROR)
    ended = [Outcome(kind, kind, PageError("", "", kind=kind)) for kind in kinds]
    assert exit_code([Outcome("one", "One"), *ended]) == EXIT_CODES[CRASH]
    assert exit_code(ended[:1]) == EXIT_CODES[SKIPPED]
    assert exit_code([Outcome("one", "One")]) == 0
    assert len({*EXIT_CODES.values()} - {0, 1, 2}) == len(EXIT_CODES)


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)], ids=["SIGTERM", "Ctrl-C"]
)
@on_linux
def test_a_build_that_is_stopped_ends_its_kernels_and_changes_nothing(
    tmp_path: Path, number: signal.Signals, code: int
) -> None:
    study = toy_study(tmp_path, write_page(tmp_path, "one", "1"), write_page(tmp_path, "two", "1"))
    build(study)
    before = tree(study.reports)
    waiting(tmp_path, "one")
    counted(tmp_path, "two")
    with start_build(tmp_path) as process:
        own = pid_in(tmp_path, "one"), *descendants(process.pid)
        os.killpg(process.pid, number)  # as a terminal does
        told, _ = process.communicate(timeout=30)
    assert process.returncode == code, told
    assert f"one {INTERRUPTED} code cell 2 (import os, time): the build was" in told
    assert tree(study.reports) == before
    assert not [pid for pid in own if is_running(pid)]
    assert litter(tmp_path) == []


def litter(folder: Path) -> list[Path]:
    """What no build should leave behind."""
    hidden = [p for p in folder.rglob(".*") if p.name != ".ipynb_checkpoints"]
    return [*(folder / "tmp").iterdir(), *hidden]


@pytest.mark.parametrize("kernels", ["forked", "ordinary"])
@on_linux
def test_a_build_that_is_killed_leaves_nothing_and_the_next_runs_what_is_missing(
    tmp_path: Path, kernels: str
) -> None:
    study = toy_study(tmp_path, counted(tmp_path, "one"), write_page(tmp_path, "two", "1"))
    build(study)
    before = tree(study.reports)
    runs(tmp_path)
    waiting(tmp_path, "two")
    with start_build(tmp_path, kernels) as process:
        own = pid_in(tmp_path, "two"), *descendants(process.pid)
        process.kill()
        process.wait()
    assert tree(study.reports) == before
    assert wait_for(lambda: not [pid for pid in own if is_running(pid)], 10)
    assert wait_for(lambda: not litter(tmp_path), 10)
    study = toy_study(tmp_path, study.pages[0], counted(tmp_path, "two"))
    assert build(study).is_ok
    assert runs(tmp_path) == ["two"]


@on_linux
def test_after_a_failure_the_next_build_runs_exactly_what_failed(tmp_path: Path) -> None:
    cell = "import os; assert os.path.exists('../mended')"
    names = ("one", "two", "three")
    pages = [counted(tmp_path, name, *([cell] if name == "two" else [])) for name in names]
    study = toy_study(tmp_path, *pages)
    assert [one.word for one in build(study).outcomes] == ["ran", CODE_ERROR, "ran"]
    assert runs(tmp_path) == ["one", "three", "two"]
    assert [one.word for one in build(study).outcomes] == ["up to date", CODE_ERROR, "up to date"]
    (tmp_path / "mended").touch()
    (one, two, three) = build(study).outcomes
    assert (one.word, two.word, three.word) == ("written again", "ran", "written again")
    assert "failed in the last build" in two.reasons[0]
    assert runs(tmp_path) == ["two", "two"]
    assert not build(study).outcomes[1].reasons


@on_linux
@pytest.mark.parametrize("is_ordinary", [False, True])
def test_a_process_that_a_cell_started_ends_with_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_ordinary: bool
) -> None:
    monkeypatch.setattr("analysis.report.build.Nursery", lambda: Nursery(BARE))
    cell = (
        "import subprocess\n"
        "for new in (False, True):\n"
        "    child = subprocess.Popen(['sleep', '99'], start_new_session=new)\n"
        "    print(child.pid, file=open(f'../{new}.pid', 'w'))"
    )
    study = toy_study(tmp_path, write_page(tmp_path, "one", cell))
    assert build(study, is_ordinary=is_ordinary).is_ok
    for name in ("False", "True"):
        assert not is_running(int((tmp_path / f"{name}.pid").read_text()))


@on_linux
def test_a_full_disk_fails_the_pages_that_it_concerns_and_changes_nothing(tmp_path: Path) -> None:
    study = toy_study(tmp_path, write_page(tmp_path, "one", "1"), write_page(tmp_path, "two", "2"))
    build(study)
    before = report_of(study)
    write_page(tmp_path, "one", "print('1' * 60_000)")
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))"
    process = start_build(tmp_path, before=limit)
    told, _ = process.communicate(timeout=60)
    assert process.returncode == EXIT_CODES[BUILD_ERROR], told
    assert f"one {BUILD_ERROR} OSError: [Errno 27] File too large" in told
    assert report_of(study) == before
    assert litter(tmp_path) == []


@on_linux
def test_where_nothing_can_be_written_every_page_fails_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = toy_study(tmp_path, write_page(tmp_path, "one", "1"), write_page(tmp_path, "two", "2"))

    def full(*arguments: object, **options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("analysis.report.build.staging_area", full)
    result = build(study)
    assert [one.word for one in result.outcomes] == [BUILD_ERROR, BUILD_ERROR]
    assert "No space left on device" in str(result.outcomes[0].error)
    assert result.exit_code == EXIT_CODES[BUILD_ERROR]


def test_a_second_build_on_the_same_folder_says_so_and_stops(tmp_path: Path) -> None:
    study = toy_study(tmp_path, write_page(tmp_path, "one", "1"))
    with staging_area(study.reports):
        process = start_build(tmp_path)
        told, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "another build is writing to this folder" in told


@pytest.mark.parametrize("content", ["{ no json", "", "[1, 2]", '{"cells": []}', "{}"])
def test_what_is_no_notebook_fails_alone_and_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    without_library(monkeypatch.setattr)
    study = toy_study(tmp_path, counted(tmp_path, "one"), counted(tmp_path, "two"))
    assert build(study).is_ok
    before = (study.reports / "one.html").read_bytes()
    study.pages[0].notebook.write_text(content)
    one, two = build(study).outcomes
    assert (one.word, two.word) == (CODE_ERROR, "up to date")
    assert one.error is not None
    assert "one.ipynb" in one.error.message
    assert (study.reports / "one.html").read_bytes() == before
