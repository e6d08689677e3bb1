"""What one kernel may use, how it fares, and that nothing is left of it."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.report.outcome import INTERRUPTED, OUT_OF_MEMORY, TIMEOUT
from analysis.report.placing.guardian import Guardian
from analysis.report.running.limits import USUAL, Limits, size_words
from analysis.report.running.memory import memory_of
from analysis.report.running.strays import end_strays
from analysis.report.running.warm import Nursery

# A Unix socket path ends at about 100 characters; the names inside the folder need 20 of them.
LONGEST_FOLDER = 70
LOG = "kernel.log"

_running: set[Lease] = set()


@dataclass(frozen=True)
class Kernels:
    """How kernels are had.

    Attributes
    ----------
    limits : what each may use.
    nursery : where they are forked; without one, ordinary kernels are started.
    folder : short path below which each gets a folder; the usual one for temporary files if None.
    guardian : is told of each, so that none outlives a build that is killed.
    """

    limits: Limits = USUAL
    nursery: Nursery | None = None
    folder: Path | None = None
    guardian: Guardian | None = None


ORDINARY = Kernels()
"""Ordinary kernels with the usual limits."""


@dataclass(eq=False)
class Lease:
    """One kernel as the build sees it: what it may use, how it fares, and who ended it.

    Attributes
    ----------
    runtime : folder for its connection file, its sockets and what it writes outside of cells.
    environment : variables set for it beside the inherited ones.
    kernels : how it is had.
    ended_by : why the build itself ended it, as a kind of outcome; empty while it did not.
    """

    runtime: Path
    environment: Mapping[str, str]
    kernels: Kernels = ORDINARY
    process: Any = None
    ended_by: str = ""
    why: str = ""

    @property
    def limits(self) -> Limits:
        """What it may use."""
        return self.kernels.limits

    def started(self, process: Any) -> None:
        """Take note of its process, which leads a group of its own."""
        self.process = process
        if self.kernels.guardian:
            self.kernels.guardian.begun("group", process.pid)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Hold the kernel to its limits while the block runs, and end what is left of it then."""
        done = threading.Event()
        watcher = threading.Thread(target=self._watch, args=(done,), name="watch", daemon=True)
        _running.add(self)
        watcher.start()
        try:
            yield
        finally:
            done.set()
            watcher.join()
            self.sweep()
            if self.process is not None and self.kernels.guardian:
                self.kernels.guardian.done("group", self.process.pid)
            _running.discard(self)

    def end(self, kind: str, why: str) -> None:
        """End the kernel, with everything that it started."""
        if not self.ended_by:
            self.ended_by, self.why = kind, why
        self.sweep()

    def sweep(self) -> None:
        """End what is left of the kernel's group of processes, and what has left the group."""
        if self.process is None:
            return
        with suppress(OSError):
            if sys.platform == "win32":
                self.process.kill()
            else:  # every kernel is the leader of its own group
                os.killpg(self.process.pid, signal.SIGKILL)
        end_strays(f"IPYTHONDIR={self.runtime}{os.sep}")

    def _watch(self, done: threading.Event) -> None:
        """End the kernel when it takes too long or too much, until it is `done`."""
        deadline = time.monotonic() + self.limits.page if self.limits.page else None
        while not done.wait(0.05):
            if self.process is None or self.process.poll() is not None:
                continue
            if deadline and time.monotonic() > deadline:
                self.end(TIMEOUT, f"the page took longer than {self.limits.page} seconds.")
            elif self.limits.memory and memory_of(self.process.pid) > self.limits.memory:
                text = f"its kernel took more than {size_words(self.limits.memory)} of memory."
                self.end(OUT_OF_MEMORY, text)

    @property
    def last_words(self) -> str:
        """What the kernel wrote outside of cells."""
        with suppress(OSError):
            return (self.runtime / LOG).read_text(encoding="utf-8", errors="replace")
        return ""


@contextmanager
def leasing(limits: Limits, nursery: Nursery | None, guardian: Guardian) -> Iterator[Kernels]:
    """Have kernels for as long as the block runs; nothing of them nor of the nursery is left."""
    with tempfile.TemporaryDirectory(
        prefix="k-", dir=short_folder(), ignore_cleanup_errors=True
    ) as folder:
        held: list[tuple[str, str | int]] = [("folder", folder)]
        held += [("group", nursery.pid)] if nursery else []
        for kind, name in held:
            guardian.begun(kind, name)
        try:
            yield Kernels(limits, nursery, Path(folder), guardian)
        finally:
            if nursery:
                nursery.close()
    for kind, name in held:
        guardian.done(kind, name)


def stop_kernels() -> None:
    """End every kernel that this process has started and that still runs, with its children."""
    for lease in list(_running):
        lease.end(INTERRUPTED, "the build was stopped while the page ran.")


def short_folder() -> str | None:
    """Return a temporary folder short enough for sockets; None stands for the usual one."""
    too_long = len(tempfile.gettempdir()) > LONGEST_FOLDER
    return "/tmp" if too_long and sys.platform != "win32" else None
