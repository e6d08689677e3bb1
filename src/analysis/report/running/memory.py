"""How much memory a kernel has, and a limit that the system holds it to."""

from __future__ import annotations

import contextlib
import os
import sys
from importlib import import_module
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


def memory_of(pid: int) -> int:
    """Return the bytes of memory that a process holds; 0 when it has ended or nobody can tell."""
    statistics = Path(f"/proc/{pid}/statm")
    with contextlib.suppress(OSError, IndexError, ValueError):
        return int(statistics.read_text(encoding="ascii").split()[1]) * PAGE
    with contextlib.suppress(Exception):  # not on Linux, or it has just ended
        return int(import_module("psutil").Process(pid).memory_info().rss)
    return 0


def limit_memory_of(pid: int, size: int) -> None:
    """Let a process have no more than `size` bytes of data, where the system can hold that."""
    if size and sys.platform == "linux":
        import resource

        with contextlib.suppress(OSError, ValueError):
            resource.prlimit(pid, resource.RLIMIT_DATA, (size, size))
