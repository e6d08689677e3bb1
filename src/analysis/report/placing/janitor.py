"""Puts a reports folder right after a build that was killed, and ends what that build had started.

A build starts this file as a script and tells it what it has begun. When the build ends without
taking that back, which is when it was killed, the janitor does what the build would have done.
Only the standard library is used, so that it is there at once.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import sys
import time
from pathlib import Path

WORKPLACE, INSIDE = ".{}.building-", ".staging-"
"""How the folders that a build works in begin: beside the reports folder, or in it."""

MADE = r"[a-z0-9_]{8}"
"""How they end: what `tempfile.mkdtemp` puts behind a prefix."""

OWN, JOURNAL = "own.json", "journal"
NEW, REPLACED = "new", "replaced"
LOCK_SECONDS = 5


def recover(reports: Path) -> None:
    """Undo what a killed build has left half done, and remove its working folders.

    Whoever calls this holds the lock of the folder. Called again after it was itself interrupted,
    it goes on where it stopped.
    """
    for inside in _made(INSIDE, reports):
        undo(inside, reports)
        shutil.rmtree(inside, ignore_errors=True)
    for workplace in _made(WORKPLACE.format(reports.name), reports.parent):
        hand_over(workplace, reports)
        shutil.rmtree(workplace, ignore_errors=True)


def _made(prefix: str, folder: Path) -> list[Path]:
    """The working folders that builds have made under a prefix, and no others."""
    name = re.compile(re.escape(prefix) + MADE)
    return [one for one in folder.iterdir() if name.fullmatch(one.name) and one.is_dir()]


def hand_over(workplace: Path, reports: Path) -> None:
    """Move to the new reports folder what was in the old one and is no part of a report.

    Before both have changed places there is nothing of that kind in the workplace.
    """
    try:
        own = set(json.loads((workplace / OWN).read_text(encoding="utf-8")))
        entries = list((workplace / NEW).iterdir())
    except (OSError, ValueError):
        return
    for entry in entries:
        if entry.name not in own and not (reports / entry.name).exists():
            with contextlib.suppress(OSError):
                entry.rename(reports / entry.name)


def undo(inside: Path, reports: Path) -> None:
    """Put back what was replaced, by the journal of who did it.

    Each line is a name with a sign before it: ``+`` for one that is new or replaced, ``-`` for one
    that was to go.
    """
    try:
        lines = (inside / JOURNAL).read_text(encoding="utf-8").splitlines()
    except OSError:
        return
    for line in reversed(lines):
        sign, name = line[:1], line[1:]
        new, old, place = inside / NEW / name, inside / REPLACED / name, reports / name
        if sign == "+" and not new.exists():
            move(place, new)
        if old.exists():
            move(old, place)


def move(source: Path, target: Path) -> None:
    """Move a file or folder where there is one."""
    if source.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        source.replace(target)


def main() -> None:
    """Take note of what a build has begun until it ends; then end what is left of it."""
    begun: dict[str, set[str]] = {"group": set(), "folder": set(), "reports": set()}
    for line in sys.stdin:
        with contextlib.suppress(ValueError):  # a line that was cut off says nothing
            kind, name, is_begun = json.loads(line)
            (begun[kind].add if is_begun else begun[kind].discard)(name)
    for number in begun["group"]:
        with contextlib.suppress(OSError):
            os.killpg(int(number), signal.SIGKILL)
    for folder in begun["folder"]:
        shutil.rmtree(folder, ignore_errors=True)
    for reports in begun["reports"]:
        _recover_alone(Path(reports))


def _recover_alone(reports: Path) -> None:
    """Recover unless another build has begun; that one recovers before it does anything else."""
    import fcntl

    deadline = time.monotonic() + LOCK_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            handle = os.open(reports, os.O_RDONLY)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                recover(reports)
                return
            finally:
                os.close(handle)
        time.sleep(0.05)


if __name__ == "__main__":
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, signal.SIG_IGN)
    main()
