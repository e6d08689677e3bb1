"""What a person sees while a report is built: a bar on a terminal, plain lines in a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import NoReturn, Protocol, Self

from tqdm import tqdm

from analysis.report.outcome import Outcome
from analysis.report.timings import longest_first, time_left


class Progress(Protocol):
    """Told of each page as it starts and as it ends; pages run at the same time."""

    def planned(
        self, titles: Sequence[str], fresh: int, known: Mapping[str, float], jobs: int
    ) -> None:
        """Take note of what will run, of how many are up to date, and of how long it took."""

    def started(self, title: str) -> None:
        """Take note that a page has started."""

    def finished(self, outcome: Outcome) -> None:
        """Take note of how a page has ended."""


class Quiet:
    """Shows nothing."""

    def planned(
        self, titles: Sequence[str], fresh: int, known: Mapping[str, float], jobs: int
    ) -> None:
        """Show nothing."""

    def started(self, title: str) -> None:
        """Show nothing."""

    def finished(self, outcome: Outcome) -> None:
        """Show nothing."""


class Shown:
    """Shows on standard error what runs, why, and how long it may still take.

    `label` stands before every line.
    """

    def __init__(self, label: str = "") -> None:
        self._label = label
        self._done = 0
        self._jobs = 1
        self._waiting: list[str] = []
        self._running: dict[str, float] = {}
        self._known: Mapping[str, float] = {}
        self._bar: tqdm[NoReturn] | None = None
        self._total = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.close()

    def planned(
        self, titles: Sequence[str], fresh: int, known: Mapping[str, float], jobs: int
    ) -> None:
        """Say what will run, and how long that took the last time."""
        self._total, self._jobs, self._known = len(titles), jobs, known
        self._waiting = longest_first(titles, known)
        if not titles:
            return
        told = f"{len(titles)} section{'s' * (len(titles) != 1)} to run, {fresh} up to date"
        left = self._left()
        sys.stderr.write(f"{self._label}{told}{f', about {left:.0f} s' if left else ''}\n")
        sys.stderr.flush()
        tqdm.monitor_interval = 0  # no thread that only looks after bars
        self._bar = tqdm(
            total=len(titles),
            unit="section",
            bar_format="{n_fmt}/{total_fmt} |{bar:20}| {desc}",
            disable=not sys.stderr.isatty(),
            leave=False,
        )

    def started(self, title: str) -> None:
        """Name the page in the bar."""
        self._running[title] = time.monotonic()
        if title in self._waiting:
            self._waiting.remove(title)
        self._describe()

    def finished(self, outcome: Outcome) -> None:
        """Move the bar, or write a line."""
        self._done += 1
        self._running.pop(outcome.title, None)
        self._describe()
        if self._bar is not None:
            self._bar.update()
        if self._bar is None or self._bar.disable:
            why = f" ({'; '.join(outcome.reasons)})" if outcome.reasons else ""
            ended = f"FAILED, {outcome.word}" if outcome.error else f"ran, {outcome.seconds:.1f} s"
            line = f"{self._label}[{self._done}/{self._total}] {outcome.title}: {ended}{why}\n"
            sys.stderr.write(line)
            sys.stderr.flush()

    def _describe(self) -> None:
        if self._bar is not None:
            left = self._left()
            text = ", ".join(list(self._running))
            self._bar.set_description_str(f"{text}; about {left:.0f} s left" if left else text)

    def _left(self) -> float:
        """Seconds that are left, by how long the pages took the last time."""
        now = time.monotonic()
        known = dict(self._known)
        for title, begun in list(self._running.items()):
            known[title] = max(known.get(title, 0) - (now - begun), 0)
        return time_left([*self._running, *self._waiting], known, self._jobs)
