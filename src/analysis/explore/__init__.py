"""Exploring a study with controls: what to look at is chosen, the library answers."""

from __future__ import annotations

from pathlib import Path

from analysis.desk import load_study
from analysis.explore.controls import Explorer
from analysis.explore.model import Model

__all__ = ["Explorer", "open_explorer"]


def open_explorer(study: str | Path = "", *, indicator: str = "") -> Explorer:
    """Open a study with controls, at its surest change.

    Parameters
    ----------
    study : the study folder; empty for the default study.
    indicator : where to begin instead.

    Raises
    ------
    InputError
        The study has a problem, or there is no such indicator.
    """
    return Explorer(Model(load_study(study), place=str(study)), indicator=indicator)
