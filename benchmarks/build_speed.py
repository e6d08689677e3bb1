"""How fast the report is built, beside other ways to build it and beside what cannot be beaten.

Everything is measured in one run on one machine, so that ratios can be compared between machines::

    python benchmarks/build_speed.py            # the median of three runs of each way
    python benchmarks/build_speed.py --quick    # one run of each

The other ways are what people do with the same notebooks: a shell loop of papermill and nbconvert,
one process that does the same in sequence, and a pool of two ordinary kernels; with ``--peers``
snakemake and jupyter-book as well, once they are installed beside the package::

    python -m pip install snakemake "jupyter-book<2"

What cannot be beaten is the time for the imports once, and then for all cells and exports alone,
divided by the number of processors.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHANGED = "05_technology.ipynb"

SEQUENCE = """
import sys
from pathlib import Path
from concurrent.futures import ThreadPoolExecutor
import papermill
from nbconvert.exporters import HTMLExporter
import nbformat

target, workers = Path(sys.argv[1]), int(sys.argv[2])

def build(notebook):
    done = target / notebook.name
    papermill.execute_notebook(notebook, done, cwd=str(notebook.parent), progress_bar=False)
    html, _ = HTMLExporter().from_notebook_node(nbformat.read(done, as_version=4))
    done.with_suffix(".html").write_text(html, encoding="utf-8")

with ThreadPoolExecutor(workers) as pool:
    list(pool.map(build, map(Path, sys.argv[3:])))
"""

LIMIT = """
import json, sys, time
from pathlib import Path
began = time.perf_counter()
import ipykernel.ipkernel, ipykernel.kernelapp, ipykernel.zmqshell
from analysis.report import lean
from analysis.report.build import build
from analysis.report.pages import PageMaker, frame_of
from analysis.study import load_study
import analysis.section, seaborn
import matplotlib.backends.backend_agg, matplotlib.backends.backend_svg
imports = time.perf_counter() - began

from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
study = load_study()
shell = InteractiveShell.instance()
sources = [
    ["".join(cell["source"]) for cell in json.loads(page.notebook.read_text())["cells"]
     if cell["cell_type"] == "code"]
    for page in study.pages
]
began = time.perf_counter()
for cells in sources:
    with capture_output():
        for cell in cells:
            shell.run_cell(cell).raise_error()
cells = time.perf_counter() - began

there = {page.name for page in study.pages}
staging = Path(sys.argv[1])
make = PageMaker(study, staging)
for page in study.pages:
    make.take_over(page.name)
frame, elsewhere = frame_of(study, there), make.anchors(there)
began = time.perf_counter()
for page in study.pages:
    make.export(page, frame, elsewhere)
exports = time.perf_counter() - began
print(json.dumps([imports, cells, exports]))
"""

SNAKEFILE = """
names = {names}
rule all:
    input: expand("html/{{name}}.html", name=names)
rule page:
    input: "notebooks/{{name}}.ipynb", "data/raw/findings.csv"
    output: "html/{{name}}.html"
    shell:
        "{python} -m papermill --cwd notebooks {{input[0]}} html/{{wildcards.name}}.ipynb && "
        "{python} -m nbconvert --to html html/{{wildcards.name}}.ipynb"
"""


@dataclass
class Project:
    """A copy of the study and its notebooks, to build in."""

    folder: Path
    changes: int = 0
    notebooks: list[Path] = field(default_factory=list)

    def __post_init__(self) -> None:
        shutil.copytree(ROOT / "notebooks", self.folder / "notebooks")
        without = shutil.ignore_patterns("responses", "rehearsal")
        shutil.copytree(ROOT / "data" / "raw", self.folder / "data" / "raw", ignore=without)
        self.notebooks = sorted((self.folder / "notebooks").glob("0*.ipynb"))

    def run(self, *words: str | Path) -> str:
        """Run a command in the project and return what it prints."""
        done = subprocess.run(
            [str(word) for word in words],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"{words} failed:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
        return done.stdout

    def edit(self, kind: str) -> None:
        """Change the last cell of a kind in one notebook, each time in another way."""
        self.changes += 1
        file = self.folder / "notebooks" / CHANGED
        notebook = json.loads(file.read_text(encoding="utf-8"))
        cell = [cell for cell in notebook["cells"] if cell["cell_type"] == kind][-1]
        mark = f"\n# {self.changes}" if kind == "code" else f"\n\nChange {self.changes}."
        cell["source"] = ["".join(cell["source"]) + mark]
        file.write_text(json.dumps(notebook, indent=1), encoding="utf-8")

    def empty(self, name: str) -> Path:
        """Return a folder of the project, without what was in it."""
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder


def shell_loop(project: Project) -> None:
    """Build each page by a papermill and an nbconvert of its own."""
    target = project.empty("loop")
    for notebook in project.notebooks:
        done = target / notebook.name
        quiet = ("--no-progress-bar", "--cwd", notebook.parent)
        project.run(sys.executable, "-m", "papermill", *quiet, notebook, done)
        project.run(sys.executable, "-m", "nbconvert", "--to", "html", done)


def pool_of(workers: int) -> Callable[[Project], None]:
    """Build all pages in one process, with some ordinary kernels at a time."""

    def build(project: Project) -> None:
        target = project.empty("pool")
        words = (str(target), str(workers), *map(str, project.notebooks))
        project.run(sys.executable, "-c", SEQUENCE, *words)

    return build


def analysis(project: Project) -> None:
    """Build by the command of this package."""
    project.run(sys.executable, "-m", "analysis", "build", *JOBS)


def forget(project: Project) -> None:
    """Remove everything that this package has built."""
    for name in ("reports", "data/processed"):
        shutil.rmtree(project.folder / name, ignore_errors=True)


JOBS: list[str] = []


def program(name: str) -> str:
    """Return the program of this name beside the Python that runs this."""
    return str(Path(sys.executable).with_name(name))


def snakemake(project: Project) -> None:
    """Build by a Snakefile with a rule for a page."""
    names = [notebook.stem for notebook in project.notebooks]
    text = SNAKEFILE.format(names=names, python=sys.executable)
    file = project.folder / "Snakefile"
    if not file.is_file():
        file.write_text(text, encoding="utf-8")
    project.run(program("snakemake"), "--cores", str(os.cpu_count() or 1), "--quiet", "all")


def jupyter_book(project: Project) -> None:
    """Build by jupyter-book with its cache of executed notebooks."""
    folder = project.folder / "notebooks"
    if not (folder / "_toc.yml").is_file():
        chapters = "".join(f"- file: {path.stem}\n" for path in project.notebooks[1:])
        root = project.notebooks[0].stem
        (folder / "_toc.yml").write_text(f"format: jb-book\nroot: {root}\nchapters:\n{chapters}")
        (folder / "_config.yml").write_text("title: x\nexecute:\n  execute_notebooks: cache\n")
    project.run(program("jupyter-book"), "build", folder)


PEERS: dict[str, Callable[[Project], None]] = {
    "snakemake": snakemake,
    "jupyter-book": jupyter_book,
}


def missing_peers() -> list[str]:
    """Return what has to be installed before the peers can be measured."""
    versions = {"snakemake": "", "jupyter-book": "<2"}
    found = {name: installed_version(name) for name in versions}
    return [
        f"{name}{wanted}"
        for name, wanted in versions.items()
        if not found[name] or (wanted and int(found[name].partition(".")[0]) > 1)
    ]


def installed_version(name: str) -> str:
    """Return the version of a distribution; empty without one."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def measured(
    project: Project,
    build: Callable[[Project], None],
    repeats: int,
    before: Callable[[Project], None] | None = None,
) -> float:
    """Return the median of the seconds that a build takes; what goes before it does not count."""
    seconds = []
    for _ in range(repeats):
        if before:
            before(project)
        began = time.perf_counter()
        build(project)
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)


def limit(project: Project, repeats: int) -> tuple[float, float, float]:
    """Return the seconds for imports, cells and exports, each by itself in one warm process."""
    found = [
        json.loads(
            project.run(sys.executable, "-c", LIMIT, project.empty("limit")).splitlines()[-1]
        )
        for _ in range(repeats)
    ]
    imports, cells, exports = (statistics.median(one) for one in zip(*found, strict=True))
    return imports, cells, exports


def ways(project: Project, repeats: int, *, peers: bool) -> Iterator[tuple[str, float]]:
    """Yield every way to build with the seconds that it takes."""
    yield "shell loop of papermill and nbconvert", measured(project, shell_loop, min(repeats, 1))
    yield "one process in sequence", measured(project, pool_of(1), min(repeats, 2))
    yield "pool of two ordinary kernels", measured(project, pool_of(2), repeats)
    for name in PEERS if peers else ():
        build = PEERS[name]
        yield f"{name}, cold", measured(project, build, 1)
        yield f"{name}, nothing changed", measured(project, build, repeats)
        code = measured(project, build, repeats, lambda one: one.edit("code"))
        yield f"{name}, one cell changed", code
    yield "analysis build, cold", measured(project, analysis, repeats, forget)
    yield "analysis build, nothing changed", measured(project, analysis, repeats)
    for what, kind in (("one cell", "code"), ("only prose", "markdown")):
        seconds = measured(project, analysis, repeats, lambda one, kind=kind: one.edit(kind))  # type: ignore[misc]
        yield f"analysis build, {what} changed", seconds


def machine() -> str:
    """Return what the figures depend on."""
    model = platform.processor() or platform.machine()
    file = Path("/proc/cpuinfo")
    if file.is_file():
        lines = file.read_text(encoding="utf-8").splitlines()
        model = next((line.partition(": ")[2] for line in lines if "model name" in line), model)
    load = f", load before {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{model}, {os.cpu_count()} processors, Python {platform.python_version()}{load}"


def main() -> None:
    """Measure everything and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="one run of each way")
    parser.add_argument("--repeats", type=int, default=3, help="runs of each way (3)")
    parser.add_argument("--peers", action="store_true", help="snakemake and jupyter-book as well")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="sections at a time")
    given = parser.parse_args()
    if given.peers and (missing := missing_peers()):
        parser.error(f"--peers needs {' and '.join(missing)} beside the package.")
    repeats = 1 if given.quick else given.repeats
    JOBS[:] = ["--jobs", str(given.jobs)]
    print(machine(), flush=True)
    with tempfile.TemporaryDirectory(prefix="speed-") as folder:
        project = Project(Path(folder) / "project")
        analysis(project)  # fills caches of fonts and bytecode, which no way shall pay for alone
        imports, cells, exports = limit(project, repeats)
        bound = imports + (cells + exports) / given.jobs
        print(
            textwrap.fill(
                f"limit on {given.jobs} processors: {imports:.2f} s of imports + ({cells:.2f} s of "
                f"cells + {exports:.2f} s of exports) / {given.jobs} = {bound:.2f} s",
                width=100,
            )
        )
        found = {}
        for name, seconds in ways(project, repeats, peers=given.peers):
            found[name] = seconds
            loop = found["shell loop of papermill and nbconvert"]
            pool = found.get("pool of two ordinary kernels")
            ratios = [f"{seconds / loop:6.3f} of the loop"]
            ratios += [f"{seconds / pool:5.2f} of the pool"] if pool else [""]
            ratios += [f"{seconds / bound:5.2f} of the limit"]
            print(
                f"{name:40} {seconds:7.2f} s  {ratios[0]}  {ratios[1]:17}  {ratios[2]}", flush=True
            )
        for what in ("cold", "nothing changed", "one cell changed") if given.peers else ():
            best = min(found[f"{name}, {what}"] for name in PEERS)
            print(f"{what}: {found[f'analysis build, {what}'] / best:.2f} of the best peer")


if __name__ == "__main__":
    main()
