"""JupyterLab on the notebooks of a study, with the interpreter that runs this."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager
from traitlets import default

from analysis.problems import InputError, Problem
from analysis.study.places import PACKAGE, Places, find_places, has_codebook

FIRST_NOTEBOOK = "explore.ipynb"
QUIET = (
    "--ServerApp.kernel_spec_manager_class=analysis.lab.OwnKernel",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
)
"""What JupyterLab is told: the right kernel, and to leave the network alone."""


class OwnKernel(KernelSpecManager):
    """Offers one kernel: the interpreter of this process, whatever kernelspecs are installed."""

    @default("kernel_dirs")
    def _no_others(self) -> list[str]:
        return []


def lab_places(study: str | Path | None) -> Places:
    """Return the places of a study, with a notebooks folder that can be written to.

    The notebooks of an installed package are copied into a folder ``notebooks``: of the study if
    one is named, else of the working folder. A notebook that is there is left as it is.

    Raises
    ------
    InputError
        The folder is not a study.
    """
    places = find_places(study)
    if not has_codebook(places.raw):
        message = "there is no study in this folder: it has no codebook."
        raise InputError(Problem(message, value=str(study or places.raw)))
    if not places.notebooks.is_relative_to(PACKAGE):
        return places
    target = (places.raw if study else Path.cwd()) / "notebooks"
    target.mkdir(parents=True, exist_ok=True)
    for notebook in sorted(places.notebooks.glob("*.ipynb")):
        if not (target / notebook.name).exists():
            shutil.copyfile(notebook, target / notebook.name)
    return replace(places, notebooks=target)


def lab_arguments(places: Places, options: Sequence[str] = ()) -> list[str]:
    """Return the arguments that JupyterLab is started with; `options` of the person come last."""
    is_there = (places.notebooks / FIRST_NOTEBOOK).is_file()
    page = f"/lab/tree/{FIRST_NOTEBOOK}" if is_there else "/lab"
    return [
        f"--ServerApp.root_dir={places.notebooks}",
        f"--LabApp.default_url={page}",
        *QUIET,
        *options,
    ]


def run_lab(places: Places, options: Sequence[str] = ()) -> None:
    """Run JupyterLab until it is ended; its kernels find the study in their environment."""
    from jupyterlab.labapp import LabApp

    os.environ.update(places.as_variables())
    LabApp.launch_instance(lab_arguments(places, options))
