"""Runs pages side by side, the longest first, and says how each one fared."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed

from analysis.report.outcome import BUILD_ERROR, INTERRUPTED, RAN, SKIPPED, Outcome, PageError
from analysis.report.progress import Progress
from analysis.report.running.signals import Interrupted, Stopped
from analysis.report.timings import longest_first
from analysis.study import Page

STOPPED = "the build was stopped before the page was published."


def run_all(
    pages: Sequence[Page],
    run: Callable[[Page], float],
    *,
    discard: Callable[[Page], None],
    jobs: int,
    stop: Callable[[], None],
    progress: Progress,
    known: Mapping[str, float],
    reasons: Mapping[str, tuple[str, ...]],
) -> dict[str, Outcome]:
    """Run pages, some at the same time, and return how each one fared.

    Parameters
    ----------
    run : runs one page and returns the seconds that took.
    discard : removes what a page that failed has left.
    jobs : how many run at the same time.
    stop : ends what runs; called until nothing does.
    known : how long pages took when they last ran.
    reasons : by page, why it runs.

    Raises
    ------
    Interrupted
        When the build is asked to stop, with how far each page had come.
    """

    def attempted(page: Page) -> Outcome:
        progress.started(page.title)
        return attempt(page, lambda: run(page), discard, reasons=reasons.get(page.name, ()))

    by_name = {page.name: page for page in pages}
    order = longest_first(list(by_name), known)
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        futures = {name: pool.submit(attempted, by_name[name]) for name in order}
        try:
            for future in as_completed(futures.values()):
                progress.finished(future.result())
        except BaseException as error:
            _stop(list(futures.values()), stop)
            if isinstance(error, Stopped):
                outcomes = [_when_stopped(page, futures[page.name]) for page in pages]
                raise Interrupted(error.number, outcomes) from None
            raise
    return {name: future.result() for name, future in futures.items()}


def attempt(
    page: Page,
    work: Callable[[], float | None],
    discard: Callable[[Page], None],
    *,
    done: str = RAN,
    reasons: tuple[str, ...] = (),
) -> Outcome:
    """Do one step for a page; whatever goes wrong stays with this page."""
    begun = time.monotonic()
    try:
        seconds = work()
    except PageError as error:
        told = error
    except Exception as error:
        # A defect of ours in one page must not take the others with it, nor pass unseen.
        told = PageError(type(error).__name__, str(error), kind=BUILD_ERROR)
    else:
        return Outcome(page.name, page.title, None, done, reasons, seconds or 0.0)
    discard(page)
    return Outcome(page.name, page.title, told, done, reasons, time.monotonic() - begun)


def _stop(futures: Sequence[Future[Outcome]], stop: Callable[[], None]) -> None:
    """End what runs and wait until no page runs any more."""
    for future in futures:
        future.cancel()
    while not all(future.done() for future in futures):
        stop()
        time.sleep(0.02)


def _when_stopped(page: Page, future: Future[Outcome]) -> Outcome:
    """Return how far a page had come when the build was stopped."""
    if future.cancelled():
        text = "the build was stopped before the page was reached."
        return Outcome(page.name, page.title, PageError("", text, kind=SKIPPED))
    outcome = future.result()
    if outcome.error:
        return outcome
    return Outcome(page.name, page.title, PageError("", STOPPED, kind=INTERRUPTED))
