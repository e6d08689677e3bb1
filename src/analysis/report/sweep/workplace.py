"""Where a process runs tasks: one nursery and one guardian, kept from task to task."""

from __future__ import annotations

import atexit
import tempfile
import threading
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path

from analysis.report.placing.guardian import Guardian, guarded
from analysis.report.running.lease import Kernels, short_folder
from analysis.report.running.limits import Limits
from analysis.report.running.warm import Nursery, can_fork


class Workplace:
    """What tasks of one process share; safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held = ExitStack()

    def kernels(self, limits: Limits, is_ordinary: bool) -> Kernels:
        """Return how a task has its kernel."""
        with self._lock:
            nursery = None if is_ordinary else self._nursery
            return Kernels(limits, nursery, self._folder, self._guardian)

    def close(self) -> None:
        """End the nursery, and remove what is left."""
        self._held.close()

    @cached_property
    def _guardian(self) -> Guardian:
        return self._held.enter_context(guarded())

    @cached_property
    def _folder(self) -> Path:
        made = tempfile.TemporaryDirectory(
            prefix="k-", dir=short_folder(), ignore_cleanup_errors=True
        )
        self._guardian.begun("folder", made.name)
        self._held.callback(self._guardian.done, "folder", made.name)
        return Path(self._held.enter_context(made))

    @cached_property
    def _nursery(self) -> Nursery | None:
        if not can_fork():
            return None
        nursery = Nursery()
        self._guardian.begun("group", nursery.pid)
        self._held.callback(self._guardian.done, "group", nursery.pid)
        self._held.callback(nursery.close)
        return nursery


_lock = threading.Lock()
_own: list[Workplace] = []


def workplace() -> Workplace:
    """Return the workplace of this process; it ends with the process or by `leave`."""
    with _lock:
        if not _own:
            _own.append(Workplace())
            atexit.register(leave)
        return _own[0]


def leave() -> None:
    """End the workplace of this process."""
    with _lock:
        while _own:
            _own.pop().close()
