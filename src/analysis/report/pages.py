"""Makes one page of the report from its notebook, in a folder where nobody reads yet."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from analysis.report.comments import Comment
from analysis.report.exhibits import anchors_of, read_exhibits, read_notebook, write_exhibits
from analysis.report.export import ReportExporter
from analysis.report.frame import Frame, Link
from analysis.report.fresh.basis import digest
from analysis.report.outcome import PageError
from analysis.report.running.execute import execute, with_outputs_of
from analysis.report.running.lease import Kernels
from analysis.study import Page, Study
from analysis.study.places import Places


def index_of(study: Study) -> str:
    """Name of the first page of the report."""
    return f"{study.stamp}_index.html" if study.stamp else "index.html"


def frame_of(study: Study, there: set[str], comments: Sequence[Comment] = ()) -> Frame:
    """Return what stands around every page.

    Parameters
    ----------
    study : whose report it is.
    there : names of the pages that are there; the others are linked in the index.
    comments : what reviewers said of it.
    """
    settings = study.codebook.settings
    index = index_of(study)
    links = tuple(
        Link(page.title, f"{page.name}.html" if page.name in there else f"{index}#{page.name}")
        for page in study.pages
    )
    limits = next(
        (
            link
            for link, page in zip(links, study.pages, strict=True)
            if settings.limits in page.sections
        ),
        None,
    )
    return Frame(
        report=f"{study.stamp} rehearsal: {settings.title}" if study.stamp else settings.title,
        index=index,
        stamp=study.stamp,
        authors=settings.authors,
        disclaimer=settings.disclaimer,
        version=settings.version,
        released=settings.released,
        pages=links,
        limits=limits,
        comments=tuple(comments),
    )


def files_of(page: str) -> tuple[str, ...]:
    """Files and folders of one page below the reports folder."""
    return (
        f"{page}.html",
        f"{page}.pdf",
        f"notebooks/{page}.ipynb",
        f"tables/{page}",
        f"figures/{page}",
    )


Runner = Callable[[Page, Mapping[str, object]], tuple[NotebookNode, float]]
"""Runs a page with parameters; returns its notebook with outputs, and the seconds that took."""


def run_page(
    places: Places, kernels: Kernels, page: Page, parameters: Mapping[str, object]
) -> tuple[NotebookNode, float]:
    """Run the notebook of a page on the study at `places`; the first two make it a `Runner`.

    Raises
    ------
    PageError
        When it did not run to its end.
    """
    begun = time.monotonic()
    executed = execute(
        _source(page),
        {**page.fixed, **parameters},
        folder=page.notebook.parent,
        environment=places.as_variables(),
        kernels=kernels,
    )
    return executed, time.monotonic() - begun


@dataclass(frozen=True)
class PageMaker:
    """Makes pages in the staging folder: first all notebooks run, then all HTML is written."""

    study: Study
    staging: Path

    def run(self, page: Page, parameters: Mapping[str, object], runner: Runner) -> float:
        """Write the notebook of a page as it ran, with tables and figures; return the seconds."""
        executed, seconds = runner(page, parameters)
        self._write(page, executed)
        return seconds

    def rewrite(self, page: Page) -> None:
        """Put the text of a notebook around the outputs that its code gave when it last ran."""
        source = _source(page)
        before = nbformat.read(self._published(page), as_version=4)
        self._write(page, with_outputs_of(before, source))

    def take_over(self, page: str) -> None:
        """Take the notebook of a page as it was published, to write its HTML again."""
        notebook = self.staging / "notebooks" / f"{page}.ipynb"
        if not notebook.is_file():
            notebook.parent.mkdir(exist_ok=True)
            shutil.copyfile(self.study.reports / "notebooks" / notebook.name, notebook)

    def size(self, page: str) -> int:
        """Return the size of a page's notebook, which tells how long writing the page takes."""
        return (self.staging / "notebooks" / f"{page}.ipynb").stat().st_size

    def export(self, page: Page, frame: Frame, elsewhere: Mapping[str, str]) -> None:
        """Write the HTML of a page that has run."""
        current = [one.name for one in self.study.pages].index(page.name)
        resources = {
            "frame": replace(frame, current=current),
            "elsewhere": elsewhere,
            "metadata": {"name": page.name, "path": str(page.notebook.parent)},
        }
        source = nbformat.read(self._notebook(page), as_version=4)
        html, _ = self._exporter.from_notebook_node(source, resources)
        (self.staging / f"{page.name}.html").write_text(html, encoding="utf-8")

    def discard(self, page: Page) -> None:
        """Remove what a step that failed has left of a page."""
        for name in files_of(page.name):
            path = self.staging / name
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)

    @cached_property
    def _exporter(self) -> ReportExporter:
        return ReportExporter()  # type: ignore[no-untyped-call]

    def _write(self, page: Page, executed: NotebookNode) -> None:
        """Write an executed notebook with its tables and figures."""
        tables, figures = self.staging / "tables" / page.name, self.staging / "figures" / page.name
        write_exhibits(read_exhibits(executed), tables=tables, figures=figures)
        notebook = self._notebook(page)
        notebook.parent.mkdir(exist_ok=True)
        nbformat.write(executed, notebook)

    def anchors(self, there: set[str]) -> dict[str, str]:
        """Return the address of every id that our outputs give, on the first page that has it."""
        found: dict[str, str] = {}
        for page in self.study.pages:
            notebook = self._notebook(page)
            if not notebook.is_file():
                notebook = self._published(page)
            if page.name in there and notebook.is_file():
                for anchor in anchors_of(read_notebook(notebook)):
                    found.setdefault(anchor, f"{page.name}.html#{anchor}")
        return found

    def _notebook(self, page: Page) -> Path:
        return self.staging / "notebooks" / f"{page.name}.ipynb"

    def _published(self, page: Page) -> Path:
        return self.study.reports / "notebooks" / f"{page.name}.ipynb"


def digest_of_frame(frame: Frame, elsewhere: Mapping[str, str]) -> str:
    """Return a digest of what stands around every page."""
    return digest(repr(frame), repr(sorted(elsewhere.items())))


def _source(page: Page) -> NotebookNode:
    """The notebook of a page as it was written by a person."""
    try:
        notebook = nbformat.read(page.notebook, as_version=4)
        nbformat.validate(notebook)
    except Exception as error:  # each kind of damage raises an error of its own
        first = str(error).strip().partition("\n")[0][:200]
        text = f"{page.notebook.name} is no notebook of format 4: {first}"
        raise PageError("NotebookError", text) from error
    if not any(cell.cell_type == "code" for cell in notebook.cells):
        raise PageError("NotebookError", f"{page.notebook.name} has no code cell.")
    return _titled(notebook, page)


def _titled(notebook: NotebookNode, page: Page) -> NotebookNode:
    """Give a notebook the title of its page: the generic one has none, a rehearsal says so."""
    opening = notebook.cells[0]
    heading, _, _ = opening.source.partition("\n")
    if heading.startswith("# "):
        _, _, prose = opening.source.partition("\n")
        opening.source = f"# {page.title}\n{prose}"
    return notebook


def built_before(study: Study) -> set[str]:
    """Names of the pages that the reports folder holds."""
    return {one.name for one in study.pages if (study.reports / f"{one.name}.html").is_file()}
