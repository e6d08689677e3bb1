"""Builds the report of every row of a sweep, and the page that shows them side by side."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from nbformat import NotebookNode

from analysis.problems import InputError, Problem, refuse_any
from analysis.report.build import NOT_REACHED, BuildResult, Options, carry_out
from analysis.report.fresh.job import Job, prepare
from analysis.report.fresh.plan import Facts, Known
from analysis.report.outcome import CRASH, RAN, SKIPPED, Outcome, PageError, exit_code
from analysis.report.pages import Runner, index_of
from analysis.report.placing.guardian import Guardian
from analysis.report.placing.lock import locked
from analysis.report.progress import Progress
from analysis.report.record import RECORD
from analysis.report.running.signals import Interrupted, Stopped, stoppable
from analysis.report.sweep.index import write_index
from analysis.report.sweep.rows import SECTIONS, Row, read_rows
from analysis.report.sweep.task import pack, unpack
from analysis.report.sweep.workers import Promise, Workers, dask_workers, own_workers
from analysis.study import Page, Study, load_study
from analysis.study.places import SWEEP


@dataclass(frozen=True)
class SweepResult:
    """How a sweep ended: its index, and by row one outcome for each page asked for."""

    index: Path
    outcomes: Mapping[str, tuple[Outcome, ...]]

    @property
    def exit_code(self) -> int:
        """The exit code of a command that did this, by the first page that failed."""
        return exit_code(one for row in self.outcomes.values() for one in row)


def sweep(
    study: Study,
    file: Path,
    *,
    options: Options,
    dask: str = "",
    progress: Callable[[Row], Progress],
) -> SweepResult:
    """Build a report for each row of a table, each in a folder of its own.

    Parameters
    ----------
    study : of all rows that name no other; the folder ``sweep`` in its reports takes the results.
    file : the table; see `analysis.report.sweep.rows.read_rows`.
    options : how pages run; `jobs` of them at the same time over all rows.
    dask : address of the scheduler of a cluster that runs them; empty for this machine.
    progress : gives for each row who is told of its pages.

    Raises
    ------
    InputError
        With every problem of the table, before anything runs; or when another build holds the
        folder, or no cluster answers.
    Interrupted
        When the sweep is asked to stop; the reports that are complete by then have been published.
    """
    folder = study.reports.resolve() / SWEEP / file.stem
    rows = read_rows(file, study.pages)
    jobs = _prepared(rows, study, folder, file)
    results: dict[str, BuildResult] = {}
    try:
        with stoppable(), _held(study, folder), _workers(options, dask) as workers:
            promises = {row.name: _submitted(job, workers, options) for row, job in jobs}
            for row, job in jobs:
                results[row.name] = carry_out(
                    job,
                    _handing_over(promises[row.name]),
                    options=replace(options, jobs=len(job.pages)),
                    stop=workers.stop,
                    progress=progress(row),
                )
                write_index(folder, study, [(one, made.study) for one, made in jobs])
            _remove_others(folder, rows)
    except Stopped as stopped:
        raise Interrupted(stopped.number, ()) from None
    return SweepResult(
        folder / index_of(study), {name: one.outcomes for name, one in results.items()}
    )


def _prepared(rows: Sequence[Row], study: Study, folder: Path, file: Path) -> list[tuple[Row, Job]]:
    """Return what there is to do for each row; tell all problems of all rows at once."""
    facts: dict[Path | None, Facts] = {None: Facts(study)}
    found, problems = [], list[Problem]()
    for row in rows:
        try:
            if row.study not in facts:
                facts[row.study] = Facts(load_study(row.study, rehearse=study.is_rehearsal))
            known = facts[row.study].study
            own = replace(known, places=replace(known.places, reports=folder / row.name))
            pages = own.pages_named(row.sections)
            job = prepare(Known.of(own, facts[row.study]), pages, row.parameters)
        except InputError as error:
            problems += [_placed(one, row, file) for one in error.problems]
        else:
            if job.study.stamp != study.stamp:
                text = "invented and real answers cannot stand side by side."
                problems.append(Problem(text, file.name, row.line, "study"))
            found.append((row, job))
    refuse_any(problems)
    return found


def _placed(problem: Problem, row: Row, file: Path) -> Problem:
    """Say in which cell of the table a problem stands, if it is not one of another file."""
    if problem.file:
        return problem
    cells = {name: (name, text) for name, text in row.parameters.items()} | {SECTIONS: row.sections}
    holding = [name for name, words in cells.items() if str(problem.value) in words]
    named = [name for name in row.parameters if name in re.findall(r"\w+", problem.message)]
    column = next(iter([*holding, *named]), "")
    return replace(problem, file=file.name, row=row.line, column=column)


@contextmanager
def _held(study: Study, folder: Path) -> Iterator[None]:
    """Let nobody else write to the folder, nor replace the reports that it lies in."""
    reports = study.reports.resolve()
    reports.mkdir(parents=True, exist_ok=True)
    with ExitStack() as held:
        if study.is_rehearsal:
            held.enter_context(locked(reports.parent, is_shared=True))
        held.enter_context(locked(reports, is_shared=True))
        folder.mkdir(parents=True, exist_ok=True)
        held.enter_context(locked(folder))
        yield


@contextmanager
def _workers(options: Options, dask: str) -> Iterator[Workers]:
    made = dask_workers(dask) if dask else own_workers(options.jobs or os.cpu_count() or 1)
    with made as workers:
        yield workers


def _submitted(job: Job, workers: Workers, options: Options) -> dict[str, Promise]:
    """Let the pages of a job run that need it."""
    return {
        page.name: workers.submit(pack(job, page, options.limits, is_ordinary=options.is_ordinary))
        for page in job.needing(RAN)
    }


def _handing_over(
    promises: Mapping[str, Promise],
) -> Callable[[Guardian], AbstractContextManager[Runner]]:
    """Return a runner that waits for what workers send."""

    def run(page: Page, _: Mapping[str, object]) -> tuple[NotebookNode, float]:
        try:
            result = promises[page.name].result()
        except CancelledError:
            raise PageError("", NOT_REACHED, kind=SKIPPED) from None
        except Exception as error:  # the worker, not the page
            raise PageError(type(error).__name__, str(error), kind=CRASH) from error
        return unpack(result)

    return lambda _: nullcontext(run)


def _remove_others(folder: Path, rows: Sequence[Row]) -> None:
    """Remove the reports of rows that are no longer in the table."""
    names = {row.name for row in rows}
    for path in folder.iterdir():
        if path.name not in names and (path / RECORD).is_file():
            shutil.rmtree(path, ignore_errors=True)
