"""One section as bytes: all that it needs goes in, what it shows comes out.

Nothing else passes between who wants a section and who runs it, so that it can run in this process
or on a machine that shares no disk with this one.
"""

from __future__ import annotations

import io
import json
import posixpath
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from analysis.problems import listed
from analysis.report.fresh.basis import basis_of_environment
from analysis.report.fresh.job import Job
from analysis.report.lean import nbformat
from analysis.report.outcome import BUILD_ERROR, PageError
from analysis.report.pages import run_page
from analysis.report.running.lease import Kernels
from analysis.report.running.limits import Limits
from analysis.report.sweep.workplace import workplace
from analysis.study import Page
from analysis.study.places import Places

RAW, NOTEBOOKS, REQUEST = "data/raw", "notebooks", "request.json"
SHARED = ("python", "libraries", "package")
"""What both sides must have in common for the same bytes, as `basis_of_environment` names it."""


def pack(job: Job, page: Page, limits: Limits, *, is_ordinary: bool = False) -> bytes:
    """Return the task to run one page of a job."""
    request = {
        "page": {
            "name": page.name,
            "notebook": page.notebook.name,
            "title": page.title,
            "sections": page.sections,
            "fixed": dict(page.fixed),
        },
        "parameters": dict(job.values[page.name]),
        "limits": asdict(limits),
        "is_ordinary": is_ordinary,
        "is_rehearsal": job.study.is_rehearsal,
        "environment": _environment(),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(REQUEST, json.dumps(request))
        for name, file in _files(job, page):
            archive.write(file, name)
    return packed.getvalue()


def _files(job: Job, page: Page) -> Iterator[tuple[str, Path]]:
    """Yield the study, its notebooks and what its code names, each by its place in a project."""
    found = {f"{RAW}/{name}": file for name, file in job.study.input_files().items()}
    folder = page.notebook.parent
    found |= {f"{NOTEBOOKS}/{one.notebook.name}": one.notebook for one in job.study.pages}
    for name in job.plan.bases[page.name]["reads"]:
        place = posixpath.normpath(f"{NOTEBOOKS}/{name}")
        if not place.startswith("../"):
            found.setdefault(place, folder / name)
    yield from found.items()


def render(task: bytes) -> bytes:
    """Run a page as a task asks for it; return what `unpack` reads, whatever happened."""
    try:
        result = _rendered(task)
    except PageError as error:
        names = ("error", "message", "kind", "cell", "line")
        result = {"failed": {name: getattr(error, name) for name in names}}
    return json.dumps(result).encode()


def _rendered(task: bytes) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(task)) as archive:
        request = json.loads(archive.read(REQUEST))
        _check_same(request["environment"], _environment())
        kernels = workplace().kernels(Limits(**request["limits"]), request["is_ordinary"])
        with tempfile.TemporaryDirectory(prefix="task-", dir=kernels.folder) as folder:
            archive.extractall(folder)
            return _run(request, Path(folder), kernels)


def _run(request: Mapping[str, Any], project: Path, kernels: Kernels) -> dict[str, Any]:
    """Run the page that is asked for in a project that has been unpacked."""
    page = request["page"]
    places = Places(
        raw=project / RAW,
        processed=project / "data" / "processed",
        reports=project / "reports",
        notebooks=project / NOTEBOOKS,
        is_rehearsal=request["is_rehearsal"],
    )
    asked = Page(
        name=page["name"],
        notebook=project / NOTEBOOKS / page["notebook"],
        title=page["title"],
        sections=tuple(page["sections"]),
        fixed=page["fixed"],
    )
    executed, seconds = run_page(places, kernels, asked, request["parameters"])
    return {"notebook": nbformat.writes(executed), "seconds": seconds}


def unpack(result: bytes) -> tuple[nbformat.NotebookNode, float]:
    """Return the notebook with its outputs, and the seconds that running it took.

    Raises
    ------
    PageError
        When the page did not run to its end.
    """
    found = json.loads(result)
    if "failed" in found:
        raise PageError(**found["failed"])
    return nbformat.reads(found["notebook"], as_version=4), float(found["seconds"])


def _environment() -> dict[str, str]:
    found = basis_of_environment()
    return {name: str(found[name]) for name in SHARED}


def _check_same(wanted: Mapping[str, str], here: Mapping[str, str]) -> None:
    other = [name for name in SHARED if wanted[name] != here[name]]
    if other:
        text = f"the worker has another {listed(other)}; set it up from the same lock file."
        raise PageError("", text, kind=BUILD_ERROR)
