"""What the `build` and `why` commands do: look first, then load only what is needed."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.report.fresh.glance import Glance, glance
from analysis.report.fresh.verdicts import Verdict
from analysis.report.outcome import EXPORTED, FRESH, INTERRUPTED, RAN, Outcome
from analysis.report.running.environment import NO_THREADS
from analysis.report.running.limits import Limits
from analysis.report.running.signals import Interrupted, Stopped, stoppable
from analysis.report.running.warm import Nursery, can_fork
from analysis.study.places import Places, find_places

if TYPE_CHECKING:
    from analysis.report.build import BuildResult, Options
    from analysis.report.sweep.run import SweepResult
    from analysis.study import Study

WOULD = {RAN: "would run", EXPORTED: "would be written again", FRESH: "is up to date"}


@dataclass(frozen=True)
class Asked:
    """What a command was asked for: a study, where its report goes, sections and parameters."""

    study: Path | None
    output: Path | None
    sections: Sequence[str]
    parameters: Mapping[str, str]
    rehearse: bool

    @property
    def places(self) -> Places:
        """The folders of the study."""
        places = find_places(self.study, self.output)
        return places.rehearsed() if self.rehearse and not places.is_rehearsal else places

    def look(self) -> Glance:
        """Return what can be said at first sight."""
        return glance(self.places, self.sections, self.parameters)

    def load(self) -> Study:
        """Load the study."""
        from analysis.study import load_study

        return load_study(self.study, output=self.output, rehearse=self.rehearse)


@dataclass(frozen=True)
class Printing:
    """The paper that pages are printed on, and whether what is folded is printed too."""

    paper: str
    has_folds: bool


Say = Callable[[object], object]


@dataclass(frozen=True)
class How:
    """How many sections run at the same time, what each may use, and how kernels are had."""

    jobs: int
    limits: Limits
    is_ordinary: bool
    pdf: Printing | None = None

    def options(self) -> Options:
        """The same as a build takes it."""
        from analysis.report.build import Options

        return Options(self.jobs, self.limits, self.is_ordinary)


def run_build(asked: Asked, how: How, say: Say) -> int:
    """Build a report, say how that went, and return the exit code.

    Raises
    ------
    InputError
        When input, a parameter or the name of a section is wrong.
    """
    if how.pdf:
        from analysis.report.pdf import find_browser

        find_browser()
    seen = asked.look()
    try:
        with stoppable():
            if seen.nothing_to_do:
                index, outcomes, code = asked.places.reports / seen.index, seen.outcomes, 0
            else:
                result = _loaded_and_built(asked, how, seen)
                index, outcomes, code = result.index, result.outcomes, result.exit_code
            _say_all(say, outcomes, index)
            _print(outcomes, index, how.pdf, say)
    except Interrupted as stopped:
        for line in summary(stopped.outcomes):
            say(line)
        say(f"Stopped; {asked.places.reports} is as it was before.")
        return int(stopped.code or 1)
    except Stopped as stopped:
        return _say_stopped(say, stopped)
    return code


def _loaded_and_built(asked: Asked, how: How, seen: Glance) -> BuildResult:
    with ExitStack() as stack:
        nursery = None
        if seen.runs and not how.is_ordinary and can_fork():
            nursery = Nursery()  # does its imports while we do ours
            stack.callback(nursery.close)
        os.environ.update(NO_THREADS)  # a process without threads can be forked
        from analysis.report import lean  # noqa: F401 - before anything that imports nbformat
        from analysis.report.build import build
        from analysis.report.progress import Shown

        loaded = asked.load()
        pages = loaded.pages_named(asked.sections)
        with Shown() as progress:
            return build(
                loaded,
                pages,
                asked.parameters,
                options=how.options(),
                nursery=nursery,
                progress=progress,
            )


def _print(outcomes: Sequence[Outcome], index: Path, printing: Printing | None, say: Say) -> None:
    """Print the pages that are there and the index, if that was asked for."""
    if printing is None:
        return
    from analysis.report.pdf import print_report

    names = [index.stem, *(one.page for one in outcomes if one.is_ok)]
    files = print_report(index.parent, names, paper=printing.paper, has_folds=printing.has_folds)
    say(f"{files[0]} and {len(files) - 1} more PDF files")


def run_sweep(asked: Asked, file: Path, how: How, say: Say, *, dask: str = "") -> int:
    """Build a report for each row of a table, say how that went, and return the exit code.

    Raises
    ------
    InputError
        When the table or other input is wrong.
    """
    try:
        with stoppable(), ExitStack() as shown:
            result = _loaded_and_swept(asked, file, how, dask, shown)
    except Interrupted as stopped:
        say("Stopped; reports that were not complete are as they were before.")
        return int(stopped.code or 1)
    except Stopped as stopped:
        return _say_stopped(say, stopped)
    for name, outcomes in result.outcomes.items():
        failed = [one for one in outcomes if not one.is_ok]
        say(f"{name}  {_tally(outcomes)}")
        for line in table(failed):
            say(f"    {line}")
    say(result.index)
    return result.exit_code


def _loaded_and_swept(
    asked: Asked, file: Path, how: How, dask: str, shown: ExitStack
) -> SweepResult:
    from analysis.report import lean  # noqa: F401 - before anything that imports nbformat
    from analysis.report.progress import Shown
    from analysis.report.sweep.run import sweep

    return sweep(
        asked.load(),
        file,
        options=how.options(),
        dask=dask,
        progress=lambda row: shown.enter_context(Shown(f"{row.title}: ")),
    )


def _tally(outcomes: Sequence[Outcome]) -> str:
    """Count what became of sections.

    >>> _tally([Outcome("a", "A"), Outcome("b", "B"), Outcome("c", "C", done=FRESH)])
    '2 ran, 1 up to date'
    """
    words = [f"FAILED: {one.word}" if one.error else one.word for one in outcomes]
    return ", ".join(f"{words.count(word)} {word}" for word in dict.fromkeys(words))


def explain(asked: Asked) -> Iterator[str]:
    """Yield what each section would need if it were built now, with every reason.

    Raises
    ------
    InputError
        When input or the name of a section is wrong.
    """
    seen = asked.look()
    verdicts, titles = seen.verdicts, seen.titles
    if verdicts is None:
        from analysis.report.fresh.plan import Known, make_plan

        loaded = asked.load()
        pages = loaded.pages_named(asked.sections)
        known = Known.of(loaded)
        plan = make_plan(known, pages, asked.parameters)
        verdicts = {page.name: plan.verdicts[page.name] for page in pages}
        titles = {page.name: page.title for page in pages}
    for name, one in verdicts.items():
        yield _explained(titles.get(name, name), one)


def _explained(title: str, verdict: Verdict) -> str:
    lines = [f"{title} {WOULD[verdict.needs]}{':' if verdict.reasons else '.'}"]
    return "\n".join([*lines, *(f"  {reason}" for reason in verdict.reasons)])


def _say_all(say: Say, outcomes: Sequence[Outcome], index: Path) -> None:
    for line in summary(outcomes):
        say(line)
    say(index)


def _say_stopped(say: Say, stopped: Stopped) -> int:
    """Say what ended the command before the first page or after the last one."""
    name = signal.Signals(stopped.number).name
    say(f"FAILED: {INTERRUPTED} by {name}; nothing of the report is half done.")
    return 128 + stopped.number


def summary(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Yield a table of the sections, and what to do about those that failed."""
    yield from table(outcomes)
    failed = [one.page for one in outcomes if not one.is_ok]
    if failed:
        yield f"{len(failed)} of {len(outcomes)} failed; earlier versions of these are unchanged."
        yield f"Once it is mended: analysis build {' '.join(failed)}"


def table(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Yield what became of each section, and why."""
    width = max((len(one.title) for one in outcomes), default=0)
    for one in outcomes:
        word = f"FAILED: {one.word}" if one.error else one.word
        took = f", {one.seconds:.1f} s" if one.done == RAN and not one.error else ""
        yield f"{one.title:{width}}  {word}{took}"
        if one.error is not None:
            yield from (f"    {line}" for line in str(one.error).splitlines())
        elif one.reasons:
            yield f"    {'; '.join(one.reasons)}"
