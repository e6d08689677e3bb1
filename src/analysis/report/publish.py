"""Puts finished files in place: all of them or none, by one build at a time."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from analysis.problems import InputError, Problem

LOCK = ".lock"
STAGING = ".staging-"


@contextmanager
def staging_area(reports: Path) -> Iterator[Path]:
    """Hold `reports` for one build and give it a folder to write in, beside the results.

    Raises
    ------
    InputError
        When another build holds the folder.
    """
    reports.mkdir(parents=True, exist_ok=True)
    with _locked(reports / LOCK):
        for litter in reports.glob(f"{STAGING}*"):  # of a build that was killed
            shutil.rmtree(litter, ignore_errors=True)
        staging = Path(tempfile.mkdtemp(prefix=STAGING, dir=reports))
        try:
            yield staging
        finally:
            shutil.rmtree(staging, ignore_errors=True)


def publish(staging: Path, reports: Path, names: Sequence[str]) -> None:
    """Move files and folders from `staging` into `reports`; on any error put all back.

    Parameters
    ----------
    staging, reports : folders on one file system.
    names : paths below both. What is not in `staging` is removed from `reports`.
    """
    backup = Path(tempfile.mkdtemp(prefix="replaced-", dir=staging))
    begun: list[str] = []
    try:
        for name in names:
            begun.append(name)
            _move(reports / name, backup / name)
            _move(staging / name, reports / name)
    except BaseException:
        for name in reversed(begun):
            if (backup / name).exists() or not (staging / name).exists():
                _remove(reports / name)
            _move(backup / name, reports / name)
        raise


def _move(source: Path, target: Path) -> None:
    if source.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        source.replace(target)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    """Hold a lock that ends with the process, however it ends, and leaves no file behind."""
    while True:
        handle = file.open("a+b")
        if not _try_lock(handle):
            handle.close()
            text = "another build is writing to this folder; wait for it or choose --output."
            raise InputError(Problem(text, file=str(file.parent)))
        # The holder before us may have removed the file between our open and our lock.
        with suppress(FileNotFoundError):
            if os.path.samestat(file.stat(), os.fstat(handle.fileno())):
                break
        handle.close()
    try:
        yield
    finally:
        with suppress(OSError):  # an open file cannot be removed on Windows
            file.unlink()
        handle.close()


def _try_lock(handle: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
