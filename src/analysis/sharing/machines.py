"""Looks for what a report says of the machine that built it: paths, and who uses which computer."""

from __future__ import annotations

import getpass
import re
import socket
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from analysis.problems import Problem
from analysis.sharing.spots import Spot

PATH = re.compile(
    r"(?<![\w./:-])(?:~|/(?:home|Users|root|tmp|var|opt|mnt|media|srv|private|Volumes|workspace)"
    r"|/usr/(?:local|lib|share|home))/[\w.@~-]+"
    r"|file:/{1,3}[\w./~-]+"
    r"|(?<![A-Za-z])[A-Za-z]:[\\/](?:Users|Documents|Program|Windows|Temp|home)[\\/][\w.~-]*"
    r"|\\\\[\w.-]{2,}\\[\w$.-]+"
)
"""A path that starts at the root of a disk, below a folder that people or programs have."""

SAYS_NOTHING = frozenset(
    "root user users admin administrator runner ubuntu debian jovyan vagrant docker guest nobody "
    "localhost local host main build builder default server test data analysis report".split()
)
"""Names of users and computers that name nobody."""


def names_here(*folders: Path) -> dict[str, str]:
    """Return what a report must not say of this computer, each with what it is.

    Parameters
    ----------
    folders : of the study and the report.
    """
    found = {str(folder.resolve()): "the path of a folder here" for folder in folders}
    found |= {str(Path.home()): "the path of a home folder", sys.prefix: "the path of Python"}
    found[tempfile.gettempdir()] = "the path of the folder for temporary files"
    try:
        names = {getpass.getuser(): "the name of a user"}
    except (OSError, KeyError):  # a computer that does not know who works at it
        names = {}
    host = socket.gethostname()
    names |= {host: "the name of a computer", host.partition(".")[0]: "the name of a computer"}
    known = SAYS_NOTHING | {""}
    found |= {n: what for n, what in names.items() if n.casefold() not in known and len(n) > 2}
    return {name: what for name, what in found.items() if name not in ("/", "")}


def about_machines(spots: Iterable[Spot], names: dict[str, str]) -> Iterator[Problem]:
    """Yield every text that holds a path, or the name of a user or a computer."""
    known = [
        (re.compile(rf"(?<![\w]){re.escape(name)}(?![\w])"), what) for name, what in names.items()
    ]
    for spot in spots:
        path = PATH.search(spot.text)
        if path:
            yield spot.problem("a path of a computer stands here.", path[0])
            continue
        for pattern, what in known:
            found = pattern.search(spot.text)
            if found:
                yield spot.problem(f"{what} stands here.", found[0])
                break
