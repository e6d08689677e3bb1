"""The variables that every kernel gets, whoever builds, so that everyone gets the same bytes."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path

NO_THREADS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""Keeps the libraries below numpy from starting threads as they are imported."""

ENVIRONMENT = {
    **NO_THREADS,
    "COLUMNS": "80",
    "LC_ALL": "C.UTF-8",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "TZ": "UTC",
}
NOT_INHERITED = (
    "LINES",
    "PYTHONBREAKPOINT",
    "PYTHONDEVMODE",
    "PYTHONINSPECT",
    "PYTHONOPTIMIZE",
    "PYTHONSTARTUP",
    "PYTHONWARNINGS",
)


@cache
def fixed_environment() -> Mapping[str, str]:
    """Return the variables that a kernel gets over those that it inherits."""
    found = importlib.util.find_spec("matplotlib")
    own = Path(str(found and found.origin)).parent / "mpl-data" / "matplotlibrc"
    return {**ENVIRONMENT, "MATPLOTLIBRC": str(own)}  # not the one of who builds


def nursery_environment() -> dict[str, str]:
    """Return all variables of the process that kernels are forked from."""
    inherited = {name: text for name, text in os.environ.items() if name not in NOT_INHERITED}
    return {**inherited, **fixed_environment()}
