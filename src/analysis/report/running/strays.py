"""Processes that a kernel started in groups of their own, found by what they inherited."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path


def end_strays(mark: str) -> None:
    """End every process whose environment holds a text; does nothing where nobody can tell.

    Parameters
    ----------
    mark : a text that stands in the environment of one kernel alone, with what it starts.
    """
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended, or it is not ours
            if mark.encode() in (folder / "environ").read_bytes():
                os.kill(int(folder.name), signal.SIGKILL)
