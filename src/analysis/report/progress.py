"""What a person sees while a report is built: a bar on a terminal, plain lines in a log."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Protocol, Self

from tqdm import tqdm

from analysis.report.outcome import Outcome


class Progress(Protocol):
    """Told of each page as it starts and as it ends; pages run at the same time."""

    def started(self, title: str) -> None:
        """Take note that a page has started."""

    def finished(self, outcome: Outcome) -> None:
        """Take note of how a page has ended."""


class Quiet:
    """Shows nothing."""

    def started(self, title: str) -> None:
        """Show nothing."""

    def finished(self, outcome: Outcome) -> None:
        """Show nothing."""


class Shown:
    """Shows the progress of `total` pages on standard error."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._running: list[str] = []
        self._bar = tqdm(
            total=total,
            unit="section",
            bar_format="{n_fmt}/{total_fmt} |{bar:20}| {desc}",
            disable=not sys.stderr.isatty(),
            leave=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.close()

    def started(self, title: str) -> None:
        """Name the page in the bar."""
        self._running.append(title)
        self._bar.set_description_str(", ".join(self._running))

    def finished(self, outcome: Outcome) -> None:
        """Move the bar, or write a line."""
        self._done += 1
        self._running.remove(outcome.title)
        self._bar.set_description_str(", ".join(self._running))
        self._bar.update()
        if self._bar.disable:
            verdict = "ran" if outcome.is_ok else "FAILED"
            sys.stderr.write(f"[{self._done}/{self._total}] {outcome.title}: {verdict}\n")
            sys.stderr.flush()
