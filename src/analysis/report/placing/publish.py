"""Puts finished files in place: all of them or none, by one build at a time.

The new report is put together in a folder beside the old one, and then both change places in one
step that cannot be seen half done. Where the system has no such step, files are moved one by one
with a journal, by which a build that is killed in between is undone.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from analysis.report.placing.guardian import Guardian
from analysis.report.placing.janitor import (
    INSIDE,
    JOURNAL,
    NEW,
    OWN,
    REPLACED,
    WORKPLACE,
    hand_over,
    move,
    recover,
    undo,
)
from analysis.report.placing.lock import locked

AT_FDCWD, RENAME_EXCHANGE, RENAME_SWAP = -100, 2, 2


@contextmanager
def staging_area(
    reports: Path, *, inside_of: Path | None = None, guardian: Guardian | None = None
) -> Iterator[Path]:
    """Hold `reports` for one build and give it a folder to write in.

    Parameters
    ----------
    reports : the folder to hold.
    inside_of : another reports folder that it lies in; nobody may hold that one meanwhile.
    guardian : is told, so that a build that is killed leaves nothing behind.

    Raises
    ------
    InputError
        When another build holds the folder.
    """
    reports.mkdir(parents=True, exist_ok=True)
    reports = reports.resolve()
    with locked(inside_of, is_shared=True), locked(reports), _told(guardian, reports):
        recover(reports)
        workplace = _workplace(reports)
        try:
            staging = workplace / NEW
            staging.mkdir()
            yield staging
        finally:
            shutil.rmtree(workplace, ignore_errors=True)


@contextmanager
def _told(guardian: Guardian | None, reports: Path) -> Iterator[None]:
    if guardian:
        guardian.begun("reports", reports)
    try:
        yield
    finally:
        if guardian:
            guardian.done("reports", reports)


def _workplace(reports: Path) -> Path:
    """Make a working folder beside the reports, or in them where nothing can be written beside."""
    try:
        beside = tempfile.mkdtemp(prefix=WORKPLACE.format(reports.name), dir=reports.parent)
    except OSError:
        return Path(tempfile.mkdtemp(prefix=INSIDE, dir=reports))
    return Path(beside)


def publish(
    staging: Path, reports: Path, names: Sequence[str], *, keep: Collection[str] = ()
) -> None:
    """Put files and folders from `staging` in place of those in `reports`: all of them or none.

    Parameters
    ----------
    staging : what `staging_area` gave.
    reports : the folder that readers look into.
    names : paths below both. What is not in `staging` is removed from `reports`.
    keep : names of folders in `reports` that belong to the report as well and stay.
    """
    reports = reports.resolve()
    if staging.parent.parent != reports and _swap_in(staging, reports, names, keep):
        return
    _move_in(staging, reports, names)


def _swap_in(staging: Path, reports: Path, names: Sequence[str], keep: Collection[str]) -> bool:
    """Let a complete new folder and the old one change places; False where that cannot be."""
    own = {Path(name).parts[0] for name in names} | set(keep)
    try:
        for entry in reports.iterdir():
            if entry.name in own:
                _carry(entry, staging / entry.name, {Path(name) for name in names}, reports)
        shutil.copymode(reports, staging)
        (staging.parent / OWN).write_text(json.dumps(sorted(own)), encoding="utf-8")
        with locked(staging):
            _exchange(staging, reports)
            hand_over(staging.parent, reports)
    except _CannotError:
        return False
    return True


def _carry(old: Path, new: Path, replaced: Collection[Path], reports: Path) -> None:
    """Take a file or folder over into the new report, except for what is replaced there."""
    if old.relative_to(reports) in replaced:
        return
    if old.is_dir() and not old.is_symlink():
        new.mkdir(exist_ok=True)
        shutil.copymode(old, new)
        for entry in old.iterdir():
            _carry(entry, new / entry.name, replaced, reports)
        return
    try:
        os.link(old, new, follow_symlinks=False)  # the same file, so not one byte can differ
    except FileExistsError:
        return
    except OSError:
        shutil.copy2(old, new, follow_symlinks=False)


class _CannotError(OSError):
    """Raised where two folders cannot change places in one step."""


def _exchange(first: Path, second: Path) -> None:
    """Let two folders change places in one step."""
    step = _exchanging_call()
    if step is None:
        raise _CannotError(errno.ENOSYS, "no such call")
    if step(os.fsencode(first), os.fsencode(second)) != 0:
        code = ctypes.get_errno()
        raise _CannotError(code, os.strerror(code))


def _exchanging_call() -> Callable[[bytes, bytes], int] | None:
    if sys.platform == "win32":
        return None
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "darwin":
            rename = library.renamex_np
            return lambda first, second: int(rename(first, second, RENAME_SWAP))
        at = library.renameat2
        return lambda first, second: int(at(AT_FDCWD, first, AT_FDCWD, second, RENAME_EXCHANGE))
    return None


def _move_in(staging: Path, reports: Path, names: Sequence[str]) -> None:
    """Move files one by one; on any error, and after being killed, all are put back."""
    inside = staging.parent
    if inside.parent != reports:
        inside = Path(tempfile.mkdtemp(prefix=INSIDE, dir=reports))
        shutil.move(staging, inside / NEW)
    try:
        with (inside / JOURNAL).open("w", encoding="utf-8") as journal:
            for name in names:
                is_new = (inside / NEW / name).exists()
                journal.write(f"{'+' if is_new else '-'}{name}\n")
                journal.flush()
                move(reports / name, inside / REPLACED / name)
                move(inside / NEW / name, reports / name)
        (inside / JOURNAL).unlink()  # from here on there is nothing to undo
    except BaseException:
        undo(inside, reports)
        raise
    finally:
        shutil.rmtree(inside, ignore_errors=True)
