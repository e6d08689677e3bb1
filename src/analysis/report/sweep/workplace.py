"""Where a process runs tasks: one nursery and one guardian, kept from task to task."""

from __future__ import annotations

import atexit
import threading
from contextlib import ExitStack
from dataclasses import replace

from analysis.report.placing.guardian import guarded
from analysis.report.running.lease import Kernels, leasing
from analysis.report.running.limits import Limits
from analysis.report.running.warm import Nursery, can_fork


class Workplace:
    """What tasks of one process share; safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held = ExitStack()
        self._made: dict[bool, Kernels] = {}

    def kernels(self, limits: Limits, is_ordinary: bool) -> Kernels:
        """Return how a task has its kernel."""
        with self._lock:
            if is_ordinary not in self._made:
                nursery = None if is_ordinary or not can_fork() else Nursery()
                guardian = self._held.enter_context(guarded())
                made = self._held.enter_context(leasing(limits, nursery, guardian))
                self._made[is_ordinary] = made
            return replace(self._made[is_ordinary], limits=limits)

    def close(self) -> None:
        """End the nursery, and remove what is left."""
        self._held.close()


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
