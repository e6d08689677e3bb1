"""Lets Ctrl-C and requests to terminate unwind a build once, and not while it publishes."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from analysis.report.outcome import Outcome

NAMES = ("SIGINT", "SIGTERM", "SIGHUP")
STOPPING = [getattr(signal, name) for name in NAMES if hasattr(signal, name)]


class Stopped(BaseException):
    """Raised in the main thread when the build is asked to stop."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(number)


class Interrupted(SystemExit):
    """Raised by a build that was stopped: nothing was published.

    Attributes
    ----------
    code : exit code, 128 and the number of the signal: 130 for Ctrl-C, 143 for SIGTERM.
    outcomes : one for each page that was asked for.
    """

    def __init__(self, number: int, outcomes: Sequence[Outcome]) -> None:
        self.number, self.outcomes = number, tuple(outcomes)
        super().__init__(128 + number)


class Stopper:
    """Turns the first signal into `Stopped`; while it is held, signals are taken note of only."""

    def __init__(self) -> None:
        self._is_held = False
        self._has_stopped = False

    def __call__(self, number: int, _: FrameType | None) -> None:
        """Take a signal."""
        if not (self._is_held or self._has_stopped):
            self._has_stopped = True
            raise Stopped(number)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let nothing stop the block: what it does is short and is not to be half done."""
        self._is_held = True
        try:
            yield
        finally:
            self._is_held = False


@contextmanager
def stoppable() -> Iterator[Stopper]:
    """Listen to signals while the block runs, where this is the main thread."""
    stopper = Stopper()
    if threading.current_thread() is not threading.main_thread():
        yield stopper
        return
    heard = [number for number in STOPPING if signal.getsignal(number) != signal.SIG_IGN]  # nohup
    before = {number: signal.signal(number, stopper) for number in heard}
    try:
        yield stopper
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
