"""Toy reports: pages whose cells a test writes, on a study that needs no codebook."""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import MappingProxyType, ModuleType, SimpleNamespace
from typing import Any

import pytest

from analysis.report.lean import nbformat  # isort: skip - first, so that it takes no second
from analysis.report import build as building
from analysis.report.build import BuildResult, Options
from analysis.report.running.limits import USUAL, Limits
from analysis.report.running.warm import BARE, Nursery, can_fork
from analysis.study import Page
from analysis.study.places import Places, input_files

NOTEBOOKS = "notebooks"
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
COUNTED = """\
import pathlib
with pathlib.Path("..", "runs").open("a") as file: file.write("{name}\\n")
"""
"""A cell that leaves a mark whenever it runs."""


def write_page(folder: Path, name: str, *cells: str, text: str = "How *many*?") -> Page:
    new = nbformat.v4
    notebook = new.new_notebook(
        metadata={"kernelspec": {"name": "no-such-kernel", "display_name": ""}}
    )
    notebook.cells = [
        new.new_markdown_cell(f"# Page {name}\n\n{text}", id="title"),
        new.new_code_cell("level: float = 0.95", id="p", metadata={"tags": ["parameters"]}),
        *(new.new_code_cell(source, id=f"cell-{i}") for i, source in enumerate(cells)),
    ]
    file = folder / NOTEBOOKS / f"{name}.ipynb"
    file.parent.mkdir(exist_ok=True)
    nbformat.write(notebook, file)
    return Page(name=name, notebook=file, title=f"Page {name}", sections=(name,))


def counted(folder: Path, name: str, *cells: str, text: str = "How *many*?") -> Page:
    """A page that leaves a mark whenever it runs."""
    return write_page(folder, name, COUNTED.format(name=name), *cells, text=text)


def runs(folder: Path) -> list[str]:
    """Which counted pages have run since the last call, in order of name."""
    file = folder / "runs"
    marks = sorted(file.read_text().split()) if file.is_file() else []
    file.unlink(missing_ok=True)
    return marks


def toy_study(folder: Path, *pages: Page) -> Any:
    raw = folder / "raw"
    raw.mkdir(exist_ok=True)
    if not (raw / "findings.csv").is_file():
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
    places = Places(raw, folder / "processed", folder / "reports", folder / NOTEBOOKS)
    return SimpleNamespace(
        raw=raw,
        reports=places.reports,
        processed=places.processed,
        stamp="",
        is_rehearsal=False,
        pages=pages,
        places=places,
        codebook=SimpleNamespace(settings=settings, sources=MappingProxyType({}), cycles=()),
        input_files=lambda: input_files(places),
    )


class Kept(Nursery):
    """A nursery of bare kernels that builds share: each believes that it is its own."""

    _one: Kept | None = None

    @classmethod
    def get(cls) -> Kept:
        """Return the one that is there, or a new one where there is none or it has died."""
        if cls._one is None or cls._one.is_gone:
            cls._one = cls(BARE)
            atexit.register(Nursery.close, cls._one)
        return cls._one

    def close(self) -> None:
        """Go on: the next build wants it."""


def without_library(patch: Callable[[str, object], None]) -> None:
    """Let a build of toys do without what only a real study has; its kernels import no library."""

    def write(study: Any, results: object = None) -> list[Path]:
        study.processed.mkdir(exist_ok=True)
        file = study.processed / "counts.csv"
        file.write_text("a\n")
        return [file]

    whole = SimpleNamespace(is_whole=True)
    no_numbers: dict[str, object] = {"study": {}, "numbers": {}}
    patch("analysis.report.writing.write_numbers", lambda known, staging: (no_numbers, []))
    patch("analysis.processed.write_tables", write)
    patch("analysis.results.compute_results", lambda study: None)
    patch("analysis.report.build.Nursery", Kept.get)
    patch("analysis.reach.reach", lambda study, page, code, given: whole)
    patch(
        "analysis.parameters.check_parameters",
        lambda study, page, given, results=None: {
            name: float(value) for name, value in given.items()
        },
    )


def build(
    study: Any,
    parameters: dict[str, str] | None = None,
    *,
    pages: Sequence[Page] | None = None,
    jobs: int = 2,
    limits: Limits = USUAL,
    is_ordinary: bool = False,
) -> BuildResult:
    """Build a toy report."""
    options = Options(jobs, limits, is_ordinary)
    pages = study.pages if pages is None else pages
    return building.build(study, pages, parameters or {}, options=options)


def tree(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def report_of(study: Any) -> dict[str, bytes]:
    """The files of a report without what is said over all of them."""
    files = tree(study.reports)
    return {name: text for name, text in files.items() if name not in ("index.html", "build.json")}


def record_of(study: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((study.reports / "build.json").read_text())
    return found


SCRIPT = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
import toys
from analysis.report.running.signals import Interrupted
folder = Path(sys.argv[2])
toys.without_library(toys.instead)
files = sorted(folder.glob("notebooks/*.ipynb"))
study = toys.toy_study(folder, *map(toys.found, files))
exec(sys.argv[3])
try:
    result = toys.build(study, is_ordinary="ordinary" in sys.argv)
    outcomes, code = result.outcomes, result.exit_code
except Interrupted as stopped:
    outcomes, code = stopped.outcomes, stopped.code
for one in outcomes:
    print(one.page, one.word, one.error or "")
sys.exit(code)
"""


def instead(path: str, value: object) -> None:
    """Have one name of a module without importing it."""
    module, _, name = path.rpartition(".")
    setattr(sys.modules.setdefault(module, ModuleType(module)), name, value)


def found(notebook: Path) -> Page:
    """A page that an earlier process has written."""
    name = notebook.stem
    return Page(name=name, notebook=notebook, title=f"Page {name}", sections=(name,))


def start_build(
    folder: Path, *words: str, before: str = "pass", temporary: Path | None = None
) -> subprocess.Popen[str]:
    """Build the pages in a folder in a process of its own, in its own group.

    `before` is run in it before it builds.
    """
    temporary = temporary or folder / "tmp"
    temporary.mkdir(exist_ok=True)
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(Path(__file__).parent), str(folder), before, *words],
        env={**os.environ, "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


TEMPORARY = "import tempfile; tempfile.mkdtemp()"


def waiting(folder: Path, name: str) -> Page:
    """A page that writes the number of its kernel into a file and goes on for ever.

    It has a temporary folder, as a library has that is ended between two of its lines.
    """
    note = f"open('../' + {name!r} + '.pid', 'w').write(str(os.getpid()))"
    return write_page(folder, name, f"import os, time\n{TEMPORARY}\n{note}\ntime.sleep(99)")


def pid_in(folder: Path, name: str) -> int:
    """The number that a waiting page wrote, once it has."""
    file = folder / f"{name}.pid"
    assert wait_for(lambda: file.is_file() and file.read_text()), "the page never ran"
    return int(file.read_text())


def wait_for(condition: Callable[[], object], seconds: float = 60) -> bool:
    """Wait until something holds; False when it never does."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


def is_running(pid: int) -> bool:
    """Whether a process runs; one that has ended and that nobody has asked about does not."""
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (ProcessLookupError, FileNotFoundError):
        return False
    return state != "Z"


def descendants(pid: int) -> set[int]:
    """Every process that has `pid` among its ancestors."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int(
                    (entry / "stat").read_text().rpartition(")")[2].split()[1]
                )
            except (OSError, IndexError, ValueError):
                continue
    own = {pid}
    while more := {child for child, parent in parents.items() if parent in own} - own:
        own |= more
    return own - {pid}


needs_fork = pytest.mark.skipif(not can_fork(), reason="no kernel is forked here")
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
SIGTERM_CODE = 128 + signal.SIGTERM
