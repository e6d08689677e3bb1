"""Tells a janitor what a build has begun, so that it can clean up when the build is killed."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from analysis.report.placing import janitor

END_SECONDS = 10


class Guardian:
    """A janitor at work, or nobody where the system has no such thing (Windows)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process = None
        if sys.platform != "win32":
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", str(janitor.__file__)],
                stdin=subprocess.PIPE,
                start_new_session=True,
                cwd="/",
            )

    def begun(self, kind: str, name: str | int | Path) -> None:
        """Tell of a ``group`` of processes, a temporary ``folder`` or a ``reports`` folder."""
        self._tell(kind, str(name), is_begun=True)

    def done(self, kind: str, name: str | int | Path) -> None:
        """Take it back."""
        self._tell(kind, str(name), is_begun=False)

    def _tell(self, kind: str, name: str, *, is_begun: bool) -> None:
        if self._process is not None and self._process.stdin is not None:
            line = json.dumps([kind, name, is_begun]).encode() + b"\n"
            with self._lock, suppress(OSError):  # without a janitor all else goes on
                self._process.stdin.write(line)
                self._process.stdin.flush()

    def close(self) -> None:
        """Let the janitor go; what was not taken back is cleaned up."""
        if self._process is not None and self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.close()
            try:
                self._process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


@contextmanager
def guarded() -> Iterator[Guardian]:
    """Have a janitor for as long as the block runs."""
    guardian = Guardian()
    try:
        yield guardian
    finally:
        guardian.close()
