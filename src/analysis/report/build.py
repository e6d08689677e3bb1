"""Builds the report: decides, runs pages side by side, then puts all results in place at once.

Until the last page has ended nothing in the reports folder changes, so a build that is stopped
leaves the report as it was. A page that failed keeps the files of the build before.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from analysis.files import sha256
from analysis.report.fresh.basis import inputs_digest, package_files
from analysis.report.fresh.glance import is_as_written, is_whole, outline
from analysis.report.fresh.job import Job, prepare
from analysis.report.fresh.plan import Known
from analysis.report.outcome import (
    BUILD_ERROR,
    FRESH,
    RAN,
    SKIPPED,
    Outcome,
    PageError,
    exit_code,
)
from analysis.report.pages import PageMaker, Runner, index_of, run_page
from analysis.report.placing.guardian import Guardian, guarded
from analysis.report.placing.publish import staging_area
from analysis.report.progress import Progress, Quiet
from analysis.report.running.lease import Kernels, leasing, stop_kernels
from analysis.report.running.limits import USUAL, Limits
from analysis.report.running.pool import run_all
from analysis.report.running.signals import Interrupted, Stopped, stoppable
from analysis.report.running.warm import Nursery, can_fork
from analysis.report.timings import read_timings, write_timings
from analysis.report.writing import publish_all, write_pages
from analysis.study import Page, Study

NOT_REACHED = "the build was stopped before the page was reached."


@dataclass(frozen=True)
class BuildResult:
    """How a build ended: one outcome for each page asked for, in report order."""

    index: Path
    outcomes: tuple[Outcome, ...]

    @property
    def is_ok(self) -> bool:
        """Whether everything that was asked for was done."""
        return all(one.is_ok for one in self.outcomes)

    @property
    def exit_code(self) -> int:
        """The exit code of a command that did this; see `analysis.report.outcome.EXIT_CODES`."""
        return exit_code(self.outcomes)


@dataclass(frozen=True)
class Options:
    """How pages run.

    Attributes
    ----------
    jobs : pages that run at the same time; 0 for as many as there are processors.
    limits : what each may use.
    is_ordinary : whether every kernel starts as a new process, instead of being forked from one
        that has done the imports; the bytes are the same.
    """

    jobs: int = 0
    limits: Limits = USUAL
    is_ordinary: bool = False


DEFAULT = Options()


def build(
    study: Study,
    pages: Sequence[Page],
    parameters: Mapping[str, str],
    *,
    options: Options = DEFAULT,
    nursery: Nursery | None = None,
    progress: Progress | None = None,
) -> BuildResult:
    """Build pages of the report, and the index over all of them.

    Parameters
    ----------
    study : what the pages are about.
    pages : the pages to build.
    parameters : names and values as text, for every page that has them.
    options : how pages run.
    nursery : where kernels are forked, if one has been started; it ends with the last page.
    progress : told of each page as it starts and ends.

    Raises
    ------
    InputError
        When input or a parameter is wrong, or another build holds the folder; before any
        kernel starts, and nothing is overwritten.
    Interrupted
        When the build is asked to stop; nothing is published then.
    """
    job = prepare(Known.of(study), pages, parameters)

    @contextmanager
    def runner(guardian: Guardian) -> Iterator[Runner]:
        with _kernels(job, options, nursery, guardian) as kernels:
            yield partial(run_page, study.places, kernels)

    # A rehearsal lies in the folder of the report, which nobody may replace meanwhile.
    around = study.reports.parent if study.is_rehearsal else None
    return carry_out(job, runner, options=options, around=around, progress=progress)


def carry_out(
    job: Job,
    runner: Callable[[Guardian], AbstractContextManager[Runner]],
    *,
    options: Options = DEFAULT,
    around: Path | None = None,
    stop: Callable[[], None] = stop_kernels,
    progress: Progress | None = None,
) -> BuildResult:
    """Do a job: run pages, write them, and publish.

    Parameters
    ----------
    runner : what runs pages, for as long as they run; the guardian is to know what that starts.
    around : another reports folder that this one lies in, which nobody may hold meanwhile.
    stop : lets the runner come to an end when the build is asked to stop.

    Raises
    ------
    InputError
        When another build holds the folder.
    Interrupted
        When the build is asked to stop; nothing is published then.
    """
    study = job.study
    index = study.reports / index_of(study)
    if len(job.needing(FRESH)) == len(job.pages) and _is_up_to_date(job.known):
        return BuildResult(index, tuple(job.ending(())))
    with stoppable() as stopper, guarded() as guardian:
        try:
            with staging_area(study.reports, inside_of=around, guardian=guardian) as staging:
                processed = _tables(job.known)
                make = PageMaker(study, staging)
                with runner(guardian) as run:
                    ran = _run(job, make, run, options, progress or Quiet(), stop)
                written = write_pages(job, make, ran, jobs=_jobs(options))
                with stopper.held():
                    publish_all(job, make, written, processed)
            outcomes = written.outcomes
        except Interrupted as error:
            raise Interrupted(error.number, job.ending(error.outcomes)) from None
        except Stopped as error:
            skipped = job.ending((), PageError("", NOT_REACHED, kind=SKIPPED))
            raise Interrupted(error.number, skipped) from None
        except OSError as error:  # a full disk, a folder that nobody may write to
            told = PageError(type(error).__name__, str(error), kind=BUILD_ERROR)
            outcomes = job.ending((), told)
    write_timings(
        study.reports,
        {one.page: one.seconds for one in outcomes if one.is_ok and one.done == RAN},
    )
    return BuildResult(index, tuple(outcomes))


def _is_up_to_date(known: Known) -> bool:
    """Whether index, record and computed tables say what a build would say."""
    record = known.record
    return (
        record.get("inputs_digest") == inputs_digest(known.facts.inputs)
        and record.get("package") == package_files()
        and record.get("outline") == outline(known.study.pages)
        and is_whole(record, known.study.places)
    )


def _tables(known: Known) -> Mapping[str, str]:
    """Write the computed tables unless they are there; return the SHA-256 of each."""
    record, folder = known.record, known.study.processed
    if (
        record.get("inputs_digest") == inputs_digest(known.facts.inputs)
        and record.get("package") == package_files()
        and is_as_written(record.get("processed"), folder)
    ):
        processed: Mapping[str, str] = record["processed"]
        return processed
    from analysis.processed import write_tables

    files = write_tables(known.study, known.facts.results)
    return {file.name: sha256(file) for file in files}


@contextmanager
def _kernels(
    job: Job, options: Options, nursery: Nursery | None, guardian: Guardian
) -> Iterator[Kernels]:
    """Have kernels for as long as the block runs, if a page is to run."""
    if not job.needing(RAN):
        yield Kernels(options.limits)
        return
    if nursery is None and not options.is_ordinary and can_fork():
        nursery = Nursery()
    with leasing(options.limits, nursery, guardian) as kernels:
        if nursery:
            nursery.wait_ready()
        yield kernels


def _jobs(options: Options) -> int:
    return options.jobs or os.cpu_count() or 1


def _run(
    job: Job,
    make: PageMaker,
    runner: Runner,
    options: Options,
    progress: Progress,
    stop: Callable[[], None],
) -> dict[str, Outcome]:
    """Run every page that needs it."""
    to_run = job.needing(RAN)
    jobs = min(_jobs(options), max(len(to_run), 1))
    known = read_timings(job.study.reports)
    titles = {page.title: known[page.name] for page in to_run if page.name in known}
    progress.planned([page.title for page in to_run], len(job.pages) - len(to_run), titles, jobs)
    return run_all(
        to_run,
        lambda page: make.run(page, job.values[page.name], runner),
        discard=make.discard,
        jobs=jobs,
        stop=stop,
        progress=progress,
        known=known,
        reasons={name: one.reasons for name, one in job.plan.verdicts.items()},
    )
