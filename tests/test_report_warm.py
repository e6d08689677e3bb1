"""Forked kernels: as clean as new processes, and gone when they should be."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from toys import descendants, is_running, needs_fork, on_linux, wait_for

from analysis.report.running import lease
from analysis.report.running.execute import execute
from analysis.report.running.lease import Kernels
from analysis.report.running.limits import Limits, limits_from, parse_size
from analysis.report.running.warm import BARE, Nursery, NurseryError

LOOK = """\
import json, os, random, signal, sys, tempfile, threading, warnings
import numpy, pandas
from IPython import get_ipython

def option(name):
    value = pandas.get_option(name)
    return value if isinstance(value, (int, str, bool, float, type(None))) else str(type(value))

from pandas._config.config import _registered_options as names
print(json.dumps({
    "options": {name: option(name) for name in names},
    "argv": [word for word in sys.argv if not word.startswith(("/tmp", "/var"))][1:-1],
    "program": os.path.basename(sys.argv[0]),
    "path": sys.path,
    "folder": os.getcwd(),
    "main": sys.modules["__main__"].__name__,
    "variables": {
        name: text for name, text in os.environ.items()
        if name not in (
            "JPY_PARENT_PID", "JPY_SESSION_NAME", "IPYTHONDIR", "TMPDIR", "_", "SHLVL"
        )
    },
    "temporary": tempfile.gettempdir() == os.environ["TMPDIR"],
    "signals": [str(signal.getsignal(n)).split(" at ")[0] for n in (2, 10, 15, 17)],
    "group": os.getpgid(0) == os.getpid(),
    "session": os.getsid(0) == os.getpid(),
    "hash": hash("a text"),
    "interactive": get_ipython().history_manager.enabled,
    "filters": len(warnings.filters) > 0,
    "executable": sys.executable,
    "flags": str(sys.flags),
    "threads": sorted(t.name.partition("-")[0] for t in threading.enumerate()),
    "stdin": sys.stdin.read(),
}))
"""


def notebook(*cells: str) -> nbformat.NotebookNode:
    page = new_notebook()
    page.cells = [
        new_code_cell("x: int = 1", id="p", metadata={"tags": ["parameters"]}),
        *(new_code_cell(source, id=f"cell-{i}") for i, source in enumerate(cells)),
    ]
    return page


def said(folder: Path, *cells: str, nursery: Nursery | None, **options: Any) -> str:
    """What a notebook of these cells prints in its last cell."""
    made = Kernels(nursery=nursery, **options)
    done = execute(notebook(*cells), {}, folder=folder, environment={"MINE": "1"}, kernels=made)
    return str(done.cells[-1].outputs[0].text)


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    """Where kernels are forked that have imported pandas."""
    made = Nursery((*BARE, "pandas", "analysis.section"))
    yield made
    made.close()
    assert not is_running(made.pid)


@needs_fork
def test_a_forked_kernel_is_like_a_new_one(
    nursery: Nursery, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONWARNINGS", "error")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr("analysis.report.running.execute.normalised", lambda made, **_: made)
    forked = json.loads(said(tmp_path, LOOK, nursery=nursery))
    ordinary = json.loads(said(tmp_path, LOOK, nursery=None))
    assert forked == ordinary
    assert forked["options"]["display.max_columns"] == 20
    assert forked["variables"]["COLUMNS"] == "80"
    assert forked["temporary"]
    assert "PYTHONWARNINGS" not in forked["variables"]


@needs_fork
def test_a_kernel_knows_nothing_of_another(nursery: Nursery, tmp_path: Path) -> None:
    look = "print('mine' in dir(), hasattr(os, 'mine'), 'left' in os.environ, os.getpid())"
    spoil = "import os\nmine = os.mine = 1\nos.environ['left'] = '1'"
    first = said(tmp_path, spoil, look, nursery=nursery).split()
    second = said(tmp_path, "import os", look, nursery=nursery).split()
    assert (first[:3], second[:3]) == (["True"] * 3, ["False"] * 3)
    assert first[3] != second[3]


@needs_fork
def test_kernels_draw_other_random_numbers(nursery: Nursery, tmp_path: Path) -> None:
    draw = "import numpy, random\nprint(numpy.random.random(), random.random())"
    drawn = [said(tmp_path, draw, nursery=nursery).split() for _ in range(2)]
    assert drawn[0][0] != drawn[1][0]
    assert drawn[0][1] != drawn[1][1]


@on_linux
@needs_fork
def test_a_kernel_holds_nothing_of_the_process_it_was_forked_from(
    nursery: Nursery, tmp_path: Path
) -> None:
    look = (
        "import os\n"
        "def real(number):\n"
        "    try: return os.readlink(f'/proc/self/fd/{number}')\n"
        "    except OSError: return ''\n"
        "print(sum(real(number).startswith('socket:') for number in os.listdir('/proc/self/fd')))"
    )
    forked, ordinary = (int(said(tmp_path, look, nursery=one)) for one in (nursery, None))
    assert forked <= ordinary
    own = Path("/proc", str(nursery.pid))
    held = [str(file.readlink()) for file in (own / "fd").iterdir()]
    assert sum(name.startswith("socket:") for name in held) == 1
    assert len(list((own / "task").iterdir())) == 1


@on_linux
@needs_fork
def test_a_nursery_ends_with_its_client_and_takes_its_kernels_along(tmp_path: Path) -> None:
    script = f"""
import sys, time
from pathlib import Path
from analysis.report.running.warm import BARE, Nursery
nursery = Nursery(BARE)
kernel = nursery.fork(["-f", {str(tmp_path / "kernel.json")!r}], environment={{}},
                      folder=Path("."), log=Path({str(tmp_path / "log")!r}))
print(nursery.pid, kernel.pid, flush=True)
time.sleep(99)
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as client:
        assert client.stdout is not None
        pids = [int(word) for word in client.stdout.readline().split()]
        assert all(map(is_running, pids))
        client.kill()
    assert wait_for(lambda: not any(map(is_running, pids)), 10)


@needs_fork
def test_a_nursery_tells_how_a_kernel_ended(tmp_path: Path) -> None:
    nursery = Nursery(BARE)
    try:
        options: Any = {"environment": {}, "folder": tmp_path, "log": tmp_path / "log"}
        kernel = nursery.fork(["-f", str(tmp_path / "k.json")], **options)
        assert kernel.poll() is None
        with pytest.raises(subprocess.TimeoutExpired):
            kernel.wait(0.01)
        kernel.kill()
        assert kernel.wait(10) == kernel.poll() == -signal.SIGKILL
        kernel = nursery.fork(["-f", str(tmp_path / "k.json")], **options)
        os.killpg(nursery.pid, signal.SIGKILL)
        assert kernel.wait(10) == -signal.SIGKILL
        assert wait_for(lambda: nursery.is_gone)
        with pytest.raises(NurseryError, match="has ended"):
            nursery.fork(["-f", "k.json"], **options)
        assert said(tmp_path, "print(1 + 1)", nursery=nursery) == "2\n"  # an ordinary kernel
    finally:
        nursery.close()


@needs_fork
def test_a_process_with_threads_is_not_forked(tmp_path: Path) -> None:
    (tmp_path / "threaded.py").write_text(
        "from threading import Thread\nfrom time import sleep\n"
        "Thread(target=sleep, args=(99,), daemon=True).start()"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
        nursery = Nursery(("threaded", "no_such_module"))
    try:
        with pytest.raises(NurseryError, match="2 threads run"):
            nursery.fork(["-f", "k"], environment={}, folder=tmp_path, log=tmp_path / "log")
    finally:
        nursery.close()


def test_a_size_is_read_with_its_unit_and_nothing_else() -> None:
    assert (parse_size("1k"), parse_size("1.5".replace(".5", "MB"))) == (1024, 1 << 20)
    with pytest.raises(ValueError, match="write it like"):
        parse_size("a lot")
    with pytest.raises(ValueError, match="a lot"):
        limits_from(memory="a lot")
    assert limits_from(cell=0) == Limits(cell=0)


@pytest.mark.soak
@pytest.mark.parametrize("way", ["forked", "ordinary"])
def test_many_kernels_eight_at_a_time_all_run_and_leave_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    nursery = Nursery() if way == "forked" else None
    count = 500 if nursery else 100

    def run(number: int) -> str:
        return said(tmp_path, f"print({number})", nursery=nursery)

    with ThreadPoolExecutor(8) as pool:
        printed = list(pool.map(run, range(count)))
    assert printed == [f"{number}\n" for number in range(count)]
    left = descendants(nursery.pid) if nursery else set()
    if nursery:
        assert not nursery.is_gone
        nursery.close()
    assert not left
    assert not descendants(os.getpid())
    assert not list(tmp_path.iterdir())
    assert not lease._running
