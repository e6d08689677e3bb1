"""A survey report that rebuilds itself: findings, responses, indicators, comparisons, pages.

Names are loaded when they are first used, so that the command line starts at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from analysis._version import __version__

if TYPE_CHECKING:
    from analysis.desk import OpenStudy, Result, load_study
    from analysis.explore import open_explorer
    from analysis.problems import InputError, Problem
    from analysis.section import Section, open_section
    from analysis.study import Study

_HOME = {
    "InputError": "analysis.problems",
    "OpenStudy": "analysis.desk",
    "Problem": "analysis.problems",
    "Result": "analysis.desk",
    "Section": "analysis.section",
    "Study": "analysis.study",
    "load_study": "analysis.desk",
    "open_explorer": "analysis.explore",
    "open_section": "analysis.section",
}

__all__ = [
    "InputError",
    "OpenStudy",
    "Problem",
    "Result",
    "Section",
    "Study",
    "__version__",
    "load_study",
    "open_explorer",
    "open_section",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
