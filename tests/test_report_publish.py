"""Putting a report in place: all of it or nothing, by one build at a time."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from toys import on_linux, tree, wait_for

from analysis.problems import InputError
from analysis.report.placing import publish as publishing
from analysis.report.placing.janitor import recover
from analysis.report.placing.lock import locked
from analysis.report.placing.publish import publish, staging_area

NAMES = ["a.html", "new.html", "tables/a", "gone.html", "build.json"]
KEEP = ["b.html", "tables", "rehearsal"]


@pytest.fixture(params=["swapped", "moved"])
def how(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Whether the system lets two folders change places in one step."""
    if request.param == "moved":
        monkeypatch.setattr(publishing, "_exchanging_call", lambda: None)
    return str(request.param)


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """A report, its rehearsal, and what somebody else has put there."""
    folder = tmp_path / "out" / "reports"
    for name in ("a.html", "b.html", "gone.html", "build.json", "tables/a/1.csv", "tables/b/1.csv"):
        write(folder / name, "old")
    write(folder / "rehearsal" / "index.html", "SYNTHETIC")
    write(folder / "notes" / "mine.txt", "mine")
    return folder


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def stage(staging: Path) -> None:
    for name in ("a.html", "new.html", "build.json", "tables/a/2.csv"):
        write(staging / name, "new")


EXPECTED = {
    "a.html": b"new",
    "b.html": b"old",
    "build.json": b"new",
    "new.html": b"new",
    "notes/mine.txt": b"mine",
    "rehearsal/index.html": b"SYNTHETIC",
    "tables/a/2.csv": b"new",
    "tables/b/1.csv": b"old",
}


def test_what_is_named_is_replaced_and_the_rest_stays(how: str, reports: Path) -> None:
    reports.chmod(0o750)
    with staging_area(reports) as staging:
        stage(staging)
        publish(staging, reports, NAMES, keep=KEEP)
    assert tree(reports) == EXPECTED
    assert names(reports.parent) == ["reports"]
    assert reports.stat().st_mode & 0o777 == 0o750


def test_what_stays_is_the_same_file(reports: Path) -> None:
    before = (reports / "b.html").stat().st_ino
    with staging_area(reports) as staging:
        stage(staging)
        publish(staging, reports, NAMES, keep=KEEP)
    assert (reports / "b.html").stat().st_ino == before


def test_without_a_report_one_is_made(how: str, tmp_path: Path) -> None:
    reports = tmp_path / "deep" / "reports"
    with staging_area(reports) as staging:
        assert list(reports.iterdir()) == []
        stage(staging)
        publish(staging, reports, NAMES, keep=KEEP)
    assert set(tree(reports)) == {"a.html", "new.html", "build.json", "tables/a/2.csv"}


def test_nothing_is_left_of_a_build_that_publishes_nothing(reports: Path) -> None:
    before = tree(reports)

    def build() -> None:
        with staging_area(reports) as staging:
            stage(staging)
            raise KeyError

    with pytest.raises(KeyError):
        build()
    assert tree(reports) == before
    assert names(reports.parent) == ["reports"]


def test_publishing_is_undone_when_it_cannot_be_finished(
    reports: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "_exchanging_call", lambda: None)
    before = tree(reports)
    replace = Path.replace

    def full(self: Path, target: Path) -> Path:
        if self.name == "new.html" and target.parent == reports:
            raise OSError(28, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", full)

    def build() -> None:
        with staging_area(reports) as staging:
            stage(staging)
            publish(staging, reports, NAMES, keep=KEEP)

    with pytest.raises(OSError, match="No space"):
        build()
    assert tree(reports) == before
    assert names(reports.parent) == ["reports"]


def test_a_folder_that_nothing_can_be_written_beside_is_worked_in(
    reports: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = publishing.tempfile.mkdtemp

    def refuse(**options: object) -> str:
        if options["dir"] == reports.parent:
            raise PermissionError
        return str(made(**options))

    monkeypatch.setattr(publishing.tempfile, "mkdtemp", refuse)
    with staging_area(reports) as staging:
        assert staging.is_relative_to(reports)
        stage(staging)
        publish(staging, reports, NAMES, keep=KEEP)
    assert tree(reports) == EXPECTED


# Publishes in a process that ends itself, as `kill -9` does, before its Nth step on the disk, and
# does the same while it recovers, until a step is reached that does not come.
KILLED = """
import os, shutil, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import test_report_publish as here
from analysis.report.placing import janitor, publish
from analysis.report.placing.publish import staging_area

folder, how = Path(sys.argv[2]), sys.argv[3]
if how == "moved":
    publish._exchanging_call = lambda: None

def dying(function, count):
    def step(*arguments, **options):
        count[0] -= 1
        if count[0] < 0:
            os.kill(os.getpid(), 9)
        return function(*arguments, **options)
    return step

def fork(work, steps):
    pid = os.fork()
    if pid == 0:
        count = [steps]
        for owner, name in ((Path, "replace"), (Path, "rename"), (os, "link"), (Path, "mkdir"),
                            (publish, "_exchange"), (shutil, "rmtree"), (Path, "write_text")):
            setattr(owner, name, dying(getattr(owner, name), count))
        janitor.move = dying(janitor.move, count)
        work()
        os._exit(0)
    return os.waitpid(pid, 0)[1] == 0

def publish_all():
    with staging_area(reports) as staging:
        here.stage(staging)
        publish.publish(staging, reports, here.NAMES, keep=here.KEEP)

def recover():
    with staging_area(reports):
        pass

steps, is_done, seen = 0, False, set()
while not is_done:
    reports = folder / str(steps) / "reports"
    shutil.copytree(sys.argv[4], reports)
    before = here.tree(reports)
    is_done = fork(publish_all, steps)
    at_once = here.tree(reports)
    if how == "swapped":
        assert at_once in (before, here.EXPECTED) or missing(at_once), (steps, at_once)
    again = 0
    while not fork(recover, again):
        again += 1
    after = here.tree(reports)
    assert after in (before, here.EXPECTED), (steps, again, after)
    assert here.names(reports.parent) == ["reports"], steps
    seen.add(after == here.EXPECTED)
    steps += 1
assert seen == {True, False}, seen
print(steps)
"""


@on_linux
@pytest.mark.parametrize("way", ["swapped", "moved"])
def test_killed_at_any_step_the_next_build_puts_all_back_or_leaves_all_new(
    way: str, reports: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "killed"
    folder.mkdir()
    script = KILLED.replace(
        "steps, is_done",
        textwrap.dedent("""
        def missing(files):
            # what is no part of the report is moved one by one, behind the rest
            own = {name: text for name, text in here.EXPECTED.items() if name != "notes/mine.txt"}
            return files == own

        steps, is_done"""),
        1,
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(Path(__file__).parent), str(folder), way, str(reports)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 10


def test_litter_of_a_killed_build_is_removed_by_the_next(reports: Path) -> None:
    before = tree(reports)
    (reports / ".staging-deadbeef").mkdir()
    (reports.parent / ".reports.building-deadbeef").mkdir()
    (reports.parent / ".reports.building-deadbeef" / "new").mkdir()
    others = [".other-dead", ".reports-backup", ".reports.building-of-mine", "reports[1]"]
    for other in others:
        (reports.parent / other).mkdir()
    with staging_area(reports):
        pass
    assert tree(reports) == before
    assert names(reports.parent) == sorted([*others, "reports"])


def test_builds_of_folders_that_begin_alike_keep_apart(tmp_path: Path) -> None:
    with staging_area(tmp_path / "reports-2024") as one, staging_area(tmp_path / "reports") as two:
        assert one.is_dir()
        assert two.is_dir()


@on_linux
def test_a_janitor_cleans_up_as_soon_as_the_build_is_killed(reports: Path, tmp_path: Path) -> None:
    sleeper = subprocess.Popen(["sleep", "99"], start_new_session=True)
    litter = tmp_path / "litter"
    litter.mkdir()
    (reports / ".staging-deadbeef").mkdir()
    script = textwrap.dedent("""
        import os, sys
        from analysis.report.placing.guardian import Guardian
        guardian = Guardian()
        guardian.begun("group", sys.argv[1])
        guardian.begun("folder", sys.argv[2])
        guardian.begun("reports", sys.argv[3])
        guardian.begun("folder", sys.argv[4])
        guardian.done("folder", sys.argv[4])
        print(guardian._process.pid, flush=True)
        os.kill(os.getpid(), 9)
    """)
    words = [str(sleeper.pid), str(litter), str(reports), str(tmp_path / "out")]
    done = subprocess.run(
        [sys.executable, "-c", script, *words], capture_output=True, text=True, check=False
    )
    assert sleeper.wait(10) == -signal.SIGKILL
    left = [litter, reports / ".staging-deadbeef", Path("/proc") / done.stdout.strip()]
    assert wait_for(lambda: not any(path.exists() for path in left), 10)
    assert (reports / "a.html").exists()


def test_a_second_build_on_the_same_folder_stops(tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    stopped = pytest.raises(InputError, match="another build")
    with staging_area(reports), stopped, staging_area(reports):
        pass
    assert list(tmp_path.iterdir()) == [reports]
    with staging_area(reports):
        pass


def test_report_and_rehearsal_are_not_built_at_the_same_time(tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    rehearsal = reports / "rehearsal"
    rehearsal.mkdir(parents=True)
    for first, second in (
        (staging_area(reports), staging_area(rehearsal, inside_of=reports)),
        (staging_area(rehearsal, inside_of=reports), staging_area(reports)),
    ):
        with first, pytest.raises(InputError, match="another build"), second:
            pass


def test_a_lock_holds_the_folder_that_is_there_now(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    with locked(first):
        first.rename(tmp_path / "away")
        second.rename(first)
        with locked(first):
            pass
    recover(first)
