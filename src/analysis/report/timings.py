"""How long pages took in earlier builds: a private note beside the reports, never part of them."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from analysis.files import replace_file

FOLDER = "thb-survey-report"


def read_timings(reports: Path) -> dict[str, float]:
    """Return the seconds that each page took when it last ran; empty when nobody knows."""
    try:
        found = json.loads(_file(reports).read_text(encoding="utf-8"))
        return {str(page): float(seconds) for page, seconds in found.items()}
    except (OSError, ValueError, AttributeError, TypeError, RuntimeError):
        return {}


def write_timings(reports: Path, seconds: Mapping[str, float]) -> None:
    """Remember how long pages took; where nothing can be written, nothing is remembered."""
    with suppress(OSError, RuntimeError):
        file = _file(reports)
        known = {**read_timings(reports), **{page: round(s, 2) for page, s in seconds.items()}}
        replace_file(file, json.dumps(known, indent=1).encode())


def longest_first(pages: Sequence[str], known: Mapping[str, float]) -> list[str]:
    """Return pages in an order that lets several at a time end early: the longest first.

    Those that nobody has timed come before all others.

    >>> longest_first(["a", "b", "c"], {"a": 1, "b": 2})
    ['c', 'b', 'a']
    """
    return sorted(pages, key=lambda page: -known.get(page, float("inf")))


def time_left(pages: Sequence[str], known: Mapping[str, float], jobs: int) -> float:
    """Return the seconds that pages will take, in their order and `jobs` at a time.

    What is not known is taken to be the mean of what is.

    >>> time_left(["a", "b", "c"], {"a": 3, "b": 1, "c": 1}, 2)
    3.0
    """
    own = [known[page] for page in pages if page in known]
    mean = sum(own) / len(own) if own else 0.0
    busy = [0.0] * max(jobs, 1)
    for page in pages:
        first = busy.index(min(busy))
        busy[first] += known.get(page, mean)
    return max(busy)


def _file(reports: Path) -> Path:
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home())
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    name = hashlib.sha256(str(reports.resolve()).encode()).hexdigest()[:16]
    return base / FOLDER / f"{name}.json"
