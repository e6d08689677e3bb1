"""Does a share of the work in forks of this process, where that is safe."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from analysis.report.running.nursery import end_with_parent

TASKS = Path("/proc/self/task")

Key = TypeVar("Key", bound=Hashable)
Result = TypeVar("Result")


def shared_out(
    work: Mapping[Key, Callable[[], object]],
    here: Callable[[Key], Result],
    *,
    jobs: int,
    otherwise: Callable[[Key], Result],
) -> dict[Key, Result]:
    """Do pieces of work, some here and some in forks of this process.

    Parameters
    ----------
    work : the pieces, the longest first; each leaves files and no more.
    here : does one of them in this process.
    jobs : how many are done at the same time.
    otherwise : gives the result of one that was done in a fork. What fails there is done again
        here, where the reason is seen.
    """
    keys = list(work)
    shares = [keys[place::jobs] for place in range(jobs)] if _is_alone() else [keys]
    forks: dict[int, list[Key]] = {}
    try:
        for share in filter(None, shares[1:]):
            forks[_forked([work[key] for key in share])] = share
        results = {key: here(key) for key in shares[0]}
        while forks:
            pid, share = next(iter(forks.items()))
            _, status = os.waitpid(pid, 0)
            del forks[pid]
            is_done = status == 0
            results |= {key: otherwise(key) if is_done else here(key) for key in share}
    except BaseException:
        for pid in forks:
            with suppress(OSError):
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
        raise
    return {key: results[key] for key in keys}


def _forked(pieces: Sequence[Callable[[], object]]) -> int:
    """Do pieces of work in a fork of this process; it ends with 0 when all are done."""
    parent = os.getpid()
    gc.freeze()  # no collection in the fork copies what both share
    pid = -1
    try:
        pid = os.fork()
    finally:
        if pid:
            gc.unfreeze()
    if pid:
        return pid
    code = 1
    try:
        end_with_parent(parent)
        for piece in pieces:
            piece()
        code = 0
    finally:
        os._exit(code)


def _is_alone() -> bool:
    """Whether this process has no other thread, of Python or of a library."""
    if sys.platform != "linux":
        return False
    try:
        return len(list(TASKS.iterdir())) == 1
    except OSError:
        return False
