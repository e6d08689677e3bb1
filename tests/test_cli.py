"""The command line: what it accepts, what it prints, how it exits."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result

from analysis.cli import main
from analysis.problems import InputError, Problem
from analysis.report.build import BuildResult, Options
from analysis.report.fresh.glance import Glance
from analysis.report.outcome import Outcome, PageError
from analysis.report.running.limits import Limits
from analysis.report.running.signals import Interrupted, Stopper


def run(*words: str) -> Result:
    return CliRunner().invoke(main, words)


@pytest.mark.parametrize(
    "command", [[], ["init"], ["build"], ["data"], ["check"], ["package"], ["comments", "import"]]
)
def test_help_of_every_command_shows_an_example(command: list[str]) -> None:
    result = run(*command, "--help")
    assert result.exit_code == 0
    assert "Example" in result.output
    assert f"analysis {' '.join(command)}".strip() in result.output


def test_version_is_told() -> None:
    assert run("--version").output.startswith("analysis, version ")


def test_an_unknown_command_or_option_gets_the_nearest() -> None:
    assert "No such command 'biuld'. Did you mean 'build'?" in run("biuld").output
    names = "build, bundle, changes, check, comments, data, init, lab, package, synthesize, why"
    assert f"There are: {names}." in run("xyz").output
    assert "Did you mean '--study'?" in run("build", "--studdy", "x").output
    assert run("biuld").exit_code == 2


@pytest.mark.parametrize("text", ["cycle", "=2020", "a=1"])
def test_a_parameter_must_read_name_equals_value_once(text: str) -> None:
    result = run("build", "-p", "a=1", "-p", text)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A study and a build that only note how they were called."""
    called: dict[str, Any] = {"outcomes": (Outcome("one", "One", seconds=1.5),)}
    study = SimpleNamespace(pages_named=lambda names: ("one",), reports=Path("reports"))

    def load(
        folder: Path | None, *, output: Path | None = None, rehearse: bool = False
    ) -> SimpleNamespace:
        called.update(study=folder, output=output)
        return study

    def build(study: Any, pages: Any, parameters: Any, **more: Any) -> BuildResult:
        called.update(parameters=parameters, options=more["options"])
        if isinstance(called["outcomes"], BaseException):
            raise called["outcomes"]
        return BuildResult(Path("reports/index.html"), called["outcomes"])

    monkeypatch.setattr("analysis.study.load_study", load)
    monkeypatch.setattr("analysis.report.build.build", build)
    monkeypatch.setattr("analysis.report.command.can_fork", lambda: False)
    monkeypatch.setattr("analysis.report.command.glance", lambda *arguments: Glance())
    return called


def test_a_build_ends_with_the_place_of_the_index(toy: dict[str, Any]) -> None:
    limits = ["--cell-timeout", "5", "--timeout", "0", "--memory", "2G", "--ordinary-kernels"]
    result = run("build", "--study", "s", "--output", "o", "--jobs", "3", "-p", "a=b=c", *limits)
    assert result.exit_code == 0
    assert result.stdout.splitlines() == ["One  ran, 1.5 s", str(Path("reports/index.html"))]
    assert toy["parameters"] == {"a": "b=c"}
    assert (toy["study"], toy["output"]) == (Path("s"), Path("o"))
    assert toy["options"] == Options(3, Limits(5, 0, 2 << 30), is_ordinary=True)


def test_a_failed_section_is_named_with_cell_and_error(toy: dict[str, Any]) -> None:
    error = PageError("KeyError", "'x'", cell=4, line="section.figure()")
    toy["outcomes"] = (Outcome("one", "One"), Outcome("two", "Second", error))
    result = run("build")
    assert result.exit_code == 3
    assert (
        "Second  FAILED: CODE ERROR\n    code cell 4 (section.figure()): KeyError: 'x'"
        in result.stdout
    )
    assert "Once it is mended: analysis build two" in result.stdout
    assert result.stdout.splitlines()[-1] == str(Path("reports/index.html"))


def test_bad_input_is_told_without_a_traceback(toy: dict[str, Any]) -> None:
    toy["outcomes"] = InputError(Problem("unknown cycle.", value="2021", allowed=["2020"]))
    result = run("build")
    assert result.exit_code == 2
    assert result.stderr.endswith(
        "Error: unknown cycle. Got '2021'. Allowed: 2020. Did you mean '2020'?\n"
    )
    assert result.stdout == ""


def test_what_is_wrong_in_a_file_of_the_study_has_a_code_of_its_own(toy: dict[str, Any]) -> None:
    toy["outcomes"] = InputError([Problem("wrong.", value="x"), Problem("empty.", file="a.csv")])
    assert run("build").exit_code == 1
    toy["outcomes"] = InputError(Problem("wrong.", value="x"))
    assert run("build").exit_code == 2


@pytest.mark.parametrize("command", [[], ["check"]])
def test_help_says_what_each_exit_code_means(command: list[str]) -> None:
    lines = [line.strip() for line in run(*command, "--help").output.splitlines()]
    place = lines.index("Exit codes:")
    assert [line.split()[0] for line in lines[place + 1 : place + 6]] == [
        "0",
        "1",
        "2",
        "3-8",
        "130",
    ]


def test_init_needs_a_file_and_a_folder(tmp_path: Path) -> None:
    for words in ([], ["no-such-file.csv"], [str(tmp_path)]):
        assert run("init", *words, "--study", str(tmp_path / "s")).exit_code == 2
    assert "Missing option '--study'" in run("init", __file__).output


def test_a_build_that_was_stopped_says_how_far_it_came(toy: dict[str, Any]) -> None:
    ended = Outcome("one", "One", PageError("", "it was stopped.", kind="INTERRUPTED"))
    toy["outcomes"] = Interrupted(15, [ended])
    result = run("build")
    assert result.exit_code == 143
    assert "One  FAILED: INTERRUPTED\n    it was stopped.\n" in result.stdout


@pytest.mark.parametrize("words", [[], ["--sweep", "rows.csv"]], ids=["report", "sweep"])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_build_that_is_stopped_before_a_page_was_reached_says_so(
    monkeypatch: pytest.MonkeyPatch,
    toy: dict[str, Any],
    number: signal.Signals,
    code: int,
    words: list[str],
) -> None:
    before = signal.getsignal(number)

    def load(*_: Any, **__: Any) -> None:
        assert isinstance(signal.getsignal(number), Stopper)  # else the signal ends the tests
        signal.raise_signal(number)

    monkeypatch.setattr("analysis.study.load_study", load)
    result = run("build", *words)
    assert result.exit_code == code
    told = f"FAILED: INTERRUPTED by {number.name}; nothing of the report is half done.\n"
    assert result.output == told
    assert signal.getsignal(number) == before


def test_ctrl_c_ends_with_a_line_and_its_own_code(toy: dict[str, Any]) -> None:
    toy["outcomes"] = KeyboardInterrupt()
    result = run("build")
    assert result.exit_code == 130
    assert "the report is as it was before" in result.stderr


def test_an_unknown_study_folder_is_an_input_error() -> None:
    for command in ("build", "data", "check"):
        result = run(command, "--study", "no-such-folder")
        assert result.exit_code == 2
        assert "no such study folder" in result.stderr


def test_python_dash_m_is_the_same_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "analysis", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("analysis, version ")
