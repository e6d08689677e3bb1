"""A project of its own to run the command in: a small study, and the notebook that renders it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from studies import ROOT, small_study, took_part


def analysis(*words: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder."""
    return subprocess.run(
        [sys.executable, "-m", "analysis", *words],
        cwd=folder,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def make_project(folder: Path) -> Path:
    """Write a project with one section, `s`, on one question, and return its folder."""
    study = small_study(
        folder, *took_part(a=15, b=18), {"value": 9}, {"cycle": "a", "value": 4}, eligible=20
    )
    (folder / "data").mkdir()
    study.path.rename(folder / "data" / "raw")
    (folder / "notebooks").mkdir()
    shutil.copy(ROOT / "notebooks" / "section.ipynb", folder / "notebooks")
    return folder
