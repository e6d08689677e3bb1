"""Builds the report: checks, runs the pages side by side, then puts all results in place at once.

Until the last page has ended nothing in the reports folder changes, so a build that is stopped
leaves the report as it was. A page that failed keeps the files of the build before.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType
from typing import NoReturn

from analysis.parameters import check_parameters
from analysis.problems import InputError, Problem, refuse_any
from analysis.processed import write_tables
from analysis.report.index import read_entry, render_index
from analysis.report.kernels import stop_kernels
from analysis.report.outcome import Outcome, PageError
from analysis.report.pages import PageMaker, built_before, files_of, frame_of, index_of
from analysis.report.progress import Progress, Quiet
from analysis.report.publish import publish, staging_area
from analysis.report.record import RECORD, make_record, read_record, write_record
from analysis.study import Page, Study


@dataclass(frozen=True)
class BuildResult:
    """How a build ended: one outcome for each page asked for, in report order."""

    index: Path
    outcomes: tuple[Outcome, ...]

    @property
    def is_ok(self) -> bool:
        """Whether everything that was asked for was done."""
        return all(one.is_ok for one in self.outcomes)


def build(
    study: Study,
    pages: Sequence[Page],
    parameters: Mapping[str, str],
    *,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> BuildResult:
    """Build pages of the report, and the index over all of them.

    Parameters
    ----------
    study : what the pages are about.
    pages : the pages to build.
    parameters : names and values as text, for every page.
    jobs : pages that run at the same time; as many as there are processors when None.
    progress : told of each page as it starts and ends.

    Raises
    ------
    InputError
        When input or a parameter is wrong, or another build holds the folder; before any
        kernel starts, and nothing is overwritten.
    """
    values = _check_all(study, pages, parameters)
    with _ended_by_sigterm(), staging_area(study.reports) as staging:
        write_tables(study)
        make = PageMaker(study, staging)
        ran = _run_all(make, pages, values, jobs or os.cpu_count() or 1, progress or Quiet())
        outcomes = _export_all(make, pages, ran)
        names = _write_summary(study, staging, outcomes, parameters)
        publish(staging, study.reports, names)
    return BuildResult(study.reports / index_of(study), tuple(outcomes))


def _check_all(
    study: Study, pages: Sequence[Page], parameters: Mapping[str, str]
) -> dict[str, dict[str, object]]:
    """Check the parameters of every page and tell all problems at once."""
    values, problems = {}, list[Problem]()
    for page in pages:
        try:
            values[page.name] = check_parameters(study, page, parameters)
        except InputError as error:
            problems += [one for one in error.problems if one not in problems]
    refuse_any(problems)
    return values


def _run_all(
    make: PageMaker,
    pages: Sequence[Page],
    values: Mapping[str, Mapping[str, object]],
    jobs: int,
    progress: Progress,
) -> list[Outcome]:
    """Run every page, some at the same time, and say how each one fared, in their order."""

    def run(page: Page) -> Outcome:
        progress.started(page.title)
        return _attempt(page, lambda: make.run(page, values[page.name]))

    with ThreadPoolExecutor(max_workers=jobs) as pool:
        futures = [pool.submit(run, page) for page in pages]
        try:
            for future in as_completed(futures):
                progress.finished(future.result())
        except BaseException:
            _stop(futures)
            raise
    return [future.result() for future in futures]


def _export_all(make: PageMaker, pages: Sequence[Page], ran: Sequence[Outcome]) -> list[Outcome]:
    """Write the HTML of every page that ran; pages link to each other, so all must have run."""
    outcomes = list(ran)
    while True:
        there = {one.page for one in outcomes if one.is_ok} | built_before(make.study)
        frame, elsewhere = frame_of(make.study, there), make.anchors(there)
        exported = [
            _attempt(page, partial(make.export, page, frame, elsewhere)) if one.is_ok else one
            for page, one in zip(pages, outcomes, strict=True)
        ]
        if there == {one.page for one in exported if one.is_ok} | built_before(make.study):
            return exported
        outcomes = exported  # what was linked is not there after all


def _attempt(page: Page, work: Callable[[], None]) -> Outcome:
    """Do one step for a page; whatever goes wrong stays with this page."""
    try:
        work()
    except PageError as error:
        return Outcome(page.name, page.title, error)
    except Exception as error:
        # A defect of ours in one page must not take the others with it, nor pass unseen.
        return Outcome(page.name, page.title, PageError(type(error).__name__, str(error)))
    return Outcome(page.name, page.title)


def _stop(futures: Sequence[Future[Outcome]]) -> None:
    """End all kernels and wait until no page runs any more."""
    for future in futures:
        future.cancel()
    while not all(future.done() for future in futures):
        stop_kernels()
        time.sleep(0.1)


def _write_summary(
    study: Study, staging: Path, outcomes: Sequence[Outcome], parameters: Mapping[str, str]
) -> list[str]:
    """Write record and index; return the names of all that is ready to be published."""
    names = [page.name for page in study.pages]
    before = read_record(study.reports)
    inputs = study.input_files()
    record = make_record(inputs, outcomes, parameters, before=before, pages=names)
    write_record(record, staging / RECORD)
    done = {one.page for one in outcomes if one.is_ok}
    entries = [
        read_entry(page.name, page.title, staging if page.name in done else study.reports, record)
        for page in study.pages
    ]
    html = render_index(
        frame_of(study, {one.name for one in entries if one.anchors}),
        entries,
        record,
        description=study.codebook.settings.description,
        citations=[one.citation for one in study.codebook.sources.values()],
    )
    (staging / index_of(study)).write_text(html, encoding="utf-8")
    published = [file for name in names if name in done for file in files_of(name)]
    return [*published, index_of(study), RECORD]


@contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """Let a request to terminate unwind like Ctrl-C, so that kernels and litter go."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def unwind(number: int, _: FrameType | None) -> NoReturn:
        raise SystemExit(128 + number)

    previous = signal.signal(signal.SIGTERM, unwind)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous)
