"""Lets one build at a time write to a folder, by a lock that ends with its process."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from analysis.problems import InputError, Problem

LOCK = ".lock"


@contextmanager
def locked(folder: Path | None, *, is_shared: bool = False) -> Iterator[None]:
    """Hold a folder for as long as the block runs, alone or with others that share it.

    Nothing is written into the folder for that, except on systems that cannot lock a folder. None,
    and a folder that is not there, is nothing to hold.

    Raises
    ------
    InputError
        When another build holds it.
    """
    if folder is None or not folder.is_dir():
        yield
        return
    target = folder if sys.platform != "win32" else folder / LOCK
    while True:
        handle = _opened(target)
        if not _try_lock(handle, is_shared=is_shared):
            os.close(handle)
            text = "another build is writing to this folder; wait for it or choose --output."
            raise InputError(Problem(text, file=str(folder)))
        # The folder may have been replaced between our open and our lock.
        with suppress(FileNotFoundError):
            if os.path.samestat(target.stat(), os.fstat(handle)):
                break
        os.close(handle)
    try:
        yield
    finally:
        os.close(handle)
        if sys.platform == "win32":
            with suppress(OSError):
                target.unlink()


def _opened(target: Path) -> int:
    if sys.platform == "win32":
        return os.open(target, os.O_RDWR | os.O_CREAT)
    return os.open(target, os.O_RDONLY)


def _try_lock(handle: int, *, is_shared: bool) -> bool:
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(handle, (fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError as error:
        # Some network file systems lock no folders; two builds at once are then not noticed.
        return error.errno not in (errno.EWOULDBLOCK, errno.EACCES)
    return True
