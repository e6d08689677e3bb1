"""Packages of requirements-extra.lock: a test without one is skipped, or fails where CI is set."""

from __future__ import annotations

import importlib.util
import os

import pytest


def needs(*modules: str) -> None:
    """Skip the test unless all modules are installed."""
    missing = [name for name in modules if importlib.util.find_spec(name) is None]
    if not missing:
        return
    told = f"not installed: {', '.join(missing)}; python tools/setup_venv.py --extra"
    if os.environ.get("CI"):
        pytest.fail(told)
    pytest.skip(told)
