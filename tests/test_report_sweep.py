"""A report for each row of a table of parameters: here, or on machines that share no disk."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from projects import analysis, make_project
from studies import DEFAULT
from toys import (
    NOTEBOOKS,
    descendants,
    is_running,
    on_linux,
    pid_in,
    toy_study,
    tree,
    wait_for,
    without_library,
    write_page,
)

from analysis.problems import InputError
from analysis.report.build import Options, build
from analysis.report.fresh.job import Job, prepare
from analysis.report.fresh.plan import Known
from analysis.report.outcome import BUILD_ERROR, CODE_ERROR, EXIT_CODES, PageError
from analysis.report.progress import Quiet
from analysis.report.running.limits import USUAL
from analysis.report.sweep import task as tasks
from analysis.report.sweep.rows import read_rows
from analysis.report.sweep.run import SweepResult, sweep
from analysis.report.sweep.task import pack, render, unpack
from analysis.report.sweep.workers import dask_workers, own_workers
from analysis.report.sweep.workplace import leave
from analysis.study import load_study

TABLE = """\
name,denominator,level
of all,participating,
"of those, answering",responding,0.9
"""


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a sweep of two rows, built here, and with its report."""
    folder = make_project(tmp_path_factory.mktemp("project"))
    (folder / "bases.csv").write_text(TABLE)
    done = analysis("build", "--sweep", "bases.csv", folder=folder)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "of-all  1 ran",
        "of-those-answering  1 ran",
        str(folder / "reports" / "sweep" / "bases" / "index.html"),
    ]
    return folder


@pytest.fixture
def copy(swept: Path, tmp_path: Path) -> Path:
    """The same in a folder where a test may change it."""
    return Path(shutil.copytree(swept, tmp_path / "copy"))


def sweep_of(folder: Path) -> Path:
    return folder / "reports" / "sweep" / "bases"


def sweep_in(folder: Path, table: str = "bases.csv", **options: Any) -> SweepResult:
    """Build the sweep of a project in this process."""
    study = load_study(folder / "data" / "raw")
    return sweep(study, folder / table, options=Options(), progress=lambda _: Quiet(), **options)


def words_of(result: SweepResult) -> dict[str, list[str]]:
    return {row: [one.word for one in outcomes] for row, outcomes in result.outcomes.items()}


def test_each_row_has_the_report_that_its_parameters_give(swept: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    shutil.copytree(swept, own, ignore=shutil.ignore_patterns("reports", "processed"))
    study = load_study(own / "data" / "raw")
    given = {"denominator": "responding", "level": "0.9"}
    assert build(study, study.pages, given, options=Options(is_ordinary=True)).is_ok
    assert tree(own / "reports") == tree(sweep_of(swept) / "of-those-answering")
    assert sorted(path.name for path in sweep_of(swept).iterdir()) == [
        "index.html",
        "of-all",
        "of-those-answering",
    ]


def test_the_first_page_shows_the_numbers_of_all_rows_side_by_side(swept: Path) -> None:
    page = (sweep_of(swept) / "index.html").read_text()
    for text in (
        '<a href="of-all/index.html">of all</a>',
        '<a href="of-those-answering/s.html">of those, answering</a>',
        "9 of the 20",
        "9 of the 18",
        '<td data-label="Level">0.9</td>',
        '<td data-label="Level">the default</td>',
    ):
        assert text in page
    assert page.count("+5</td>") == 2
    assert str(swept) not in page


def test_a_sweep_with_nothing_to_do_changes_nothing(copy: Path) -> None:
    before = tree(sweep_of(copy))
    result = sweep_in(copy)
    assert words_of(result) == {"of-all": ["up to date"], "of-those-answering": ["up to date"]}
    assert tree(sweep_of(copy)) == before


def test_a_sweep_follows_its_table_and_names_what_failed(copy: Path) -> None:
    notebook = copy / "notebooks" / "section.ipynb"
    cells = json.loads(notebook.read_text(encoding="utf-8"))
    last = cells["cells"][-1]
    last["source"] = "assert denominator != 'responding'\n" + "".join(last["source"])
    notebook.write_text(json.dumps(cells), encoding="utf-8")
    (copy / "bases.csv").write_text("\n".join([*TABLE.splitlines()[::2], "more,participating,"]))
    before = (sweep_of(copy) / "of-those-answering" / "s.html").read_bytes()
    result = sweep_in(copy)
    assert words_of(result) == {"of-those-answering": [CODE_ERROR], "more": ["ran"]}
    assert result.exit_code == EXIT_CODES[CODE_ERROR]
    assert "AssertionError" in str(result.outcomes["of-those-answering"][0].error)
    names = sorted(path.name for path in sweep_of(copy).iterdir())
    assert names == ["index.html", "more", "of-those-answering"]
    assert "<strong>FAILED</strong>: Laws" in result.index.read_text()
    assert (sweep_of(copy) / "of-those-answering" / "s.html").read_bytes() == before


WRONG = {
    "name,denominater\na,b\n": ["row 1", "'denominater'", "Did you mean 'denominator'?"],
    "denominator\nrespondin\n": ["row 2, column denominator", "Did you mean 'responding'?"],
    "level\n7\n0.9\n": ["row 2, column level", "between 0 and 1"],
    "sections\nt\n": ["row 2, column sections", "no section of that name"],
    "name,level\na,0.9\nA,0.8\n": ["row 3, column name", "row 2 has the same name"],
    "level\n0.9\n0.9\n": ["row 3, column name", "the same parameters and no name"],
    "name\n///\n": ["row 2, column name", "letters or digits"],
    "study\nelse\n": ["row 2, column study", "no such study folder"],
    "name\n": ["has no rows"],
}


@pytest.mark.parametrize("table", WRONG)
def test_a_wrong_table_is_told_by_cell_before_anything_runs(swept: Path, table: str) -> None:
    (swept / "wrong.csv").write_text(table)
    with pytest.raises(InputError) as raised:
        sweep_in(swept, "wrong.csv")
    for text in ("wrong.csv", *WRONG[table]):
        assert text in str(raised.value)
    assert not (swept / "reports" / "sweep" / "wrong").exists()


def test_a_row_without_a_name_is_called_by_what_it_asks_for(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("cycle,sections,denominator\n2020/21,01 02,\n,,responding\n,03,\n")
    rows = read_rows(file, load_study(DEFAULT).pages)
    assert [row.name for row in rows] == ["2020-21-01-02", "responding", "03"]
    assert rows[0].parameters == {"cycle": "2020/21"}
    assert rows[0].sections == ("01", "02")


def test_a_sweep_takes_parameters_and_sections_from_its_table_alone(swept: Path) -> None:
    for words in (("--sweep", "bases.csv", "s"), ("--dask", "tcp://nowhere:1")):
        done = analysis("build", *words, folder=swept)
        assert (done.returncode, done.stdout) == (2, "")
        assert "from its table" in done.stderr


@pytest.fixture
def job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Job:
    """Pages that look at what is beside them."""
    without_library(monkeypatch.setattr)
    (tmp_path / NOTEBOOKS).mkdir()
    (tmp_path / NOTEBOOKS / "beside.txt").write_text("beside")
    look = "import os\nprint(open('beside.txt').read(), open('../data/raw/findings.csv').read())"
    pages = [
        write_page(tmp_path, "one", look, "print(level)"),
        write_page(tmp_path, "two", "1 / 0"),
        write_page(tmp_path, "three", "import os; os._exit(1)"),
    ]
    study = toy_study(tmp_path, *pages)
    return prepare(Known.of(study), pages, {"level": "0.5"})


def test_a_task_holds_all_that_a_page_needs_and_gives_what_it_shows(job: Job) -> None:
    one, two, three = (pack(job, page, USUAL, is_ordinary=True) for page in job.pages)
    names = zipfile.ZipFile(BytesIO(one)).namelist()
    assert {"request.json", "notebooks/beside.txt", "data/raw/findings.csv"} <= {*names}
    for path in job.study.raw.parent.iterdir():  # nothing of it is needed any more
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    notebook, seconds = unpack(render(one))
    assert notebook.cells[-1].outputs[0].text == "0.5\n"
    assert notebook.cells[-2].outputs[0].text == "beside finding\n\n"
    assert seconds > 0
    with pytest.raises(PageError, match="ZeroDivisionError") as failed:
        unpack(render(two))
    assert (failed.value.kind, failed.value.cell) == (CODE_ERROR, 2)
    with pytest.raises(PageError, match="exit code 1"):
        unpack(render(three))
    leave()


def test_a_worker_with_another_library_refuses(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    one = pack(job, job.pages[0], USUAL)
    there = dict.fromkeys(tasks.SHARED, "1")
    monkeypatch.setattr(tasks, "_environment", lambda: there)
    with pytest.raises(PageError, match="another python, libraries and package") as refused:
        unpack(render(one))
    assert refused.value.kind == BUILD_ERROR


@on_linux
def test_own_workers_that_are_stopped_leave_no_kernel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_library(monkeypatch.setattr)
    cell = f"import os, time\nopen({str(tmp_path / 'one.pid')!r}, 'w').write(str(os.getpid()))\n"
    page = write_page(tmp_path, "one", f"{cell}time.sleep(99)")
    job = prepare(Known.of(toy_study(tmp_path, page)), [page], {})
    task = pack(job, page, USUAL, is_ordinary=True)
    with own_workers(1) as workers:
        promises = [workers.submit(task) for _ in range(3)]
        kernel = pid_in(tmp_path, "one")
    assert not is_running(kernel)
    assert all(promise.done() for promise in promises)  # type: ignore[attr-defined]


@dataclass
class Cluster:
    """A scheduler and two workers, each in a folder of its own."""

    folder: Path
    address: str = ""
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, *words: str, name: str) -> subprocess.Popen[bytes]:
        own = self.folder / name
        (own / "tmp").mkdir(parents=True)
        with (own / "log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "dask", *words, "--no-dashboard"],
                cwd=own,
                env={**os.environ, "TMPDIR": str(own / "tmp")},
                stdout=log,
                stderr=log,
            )


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    made = Cluster(tmp_path / "cluster")
    file = tmp_path / "scheduler.json"
    words = ("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file))
    scheduler = made.start(*words, name="scheduler")
    try:
        assert wait_for(lambda: file.is_file() and file.read_text())
        made.address = json.loads(file.read_text())["address"]
        for name in ("first", "second"):
            words = ("worker", made.address, "--no-nanny", "--nthreads", "1", "--name", name)
            made.workers.append(made.start(*words, name=name))
        yield made
    finally:
        for process in (*made.workers, scheduler):
            process.kill()
            process.wait()


@on_linux
def test_a_cluster_gives_the_same_bytes_and_a_lost_worker_costs_only_its_task(
    cluster: Cluster, swept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed")
    other = tmp_path / "other"
    shutil.copytree(swept, other, ignore=shutil.ignore_patterns("reports", "processed"))
    assert sweep_in(other, dask=cluster.address).exit_code == 0
    assert tree(sweep_of(other)) == tree(sweep_of(swept))

    without_library(monkeypatch.setattr)
    marks = tmp_path / "marks"
    marks.mkdir()
    mark = f"import os, time\nopen({str(marks)!r} + f'/{{level}}-{{os.getpid()}}', 'w')\n"
    slow = f"{mark}while level == 0.1 and len(os.listdir({str(marks)!r})) < 5: time.sleep(0.05)"
    page = write_page(tmp_path, "one", slow, "print(level)")
    study = toy_study(tmp_path, page)
    with dask_workers(cluster.address) as workers:
        levels = ["0.1", "0.2", "0.3", "0.4"]
        packed = [pack(prepare(Known.of(study), [page], {"level": x}), page, USUAL) for x in levels]
        promises = [workers.submit(one) for one in packed]
        assert wait_for(lambda: len(list(marks.iterdir())) == 4)  # all but the first can end
        (kernel,) = [int(path.name.split("-")[1]) for path in marks.glob("0.1-*")]
        lost = next(w for w in cluster.workers if kernel in descendants(w.pid))
        lost.send_signal(signal.SIGKILL)
        notebooks = [unpack(promise.result())[0] for promise in promises]
    assert [one.cells[-1].outputs[0].text for one in notebooks] == [f"{x}\n" for x in levels]
    assert sorted(path.name[:3] for path in marks.iterdir()) == ["0.1", *levels]
    left = cluster.folder / ("first" if lost is cluster.workers[0] else "second") / "tmp"
    assert wait_for(lambda: not is_running(kernel) and not list(left.glob("k-*")), 10)
