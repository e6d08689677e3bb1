"""Makes one page of the report from its notebook, in a folder where nobody reads yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from analysis.report.execute import execute
from analysis.report.exhibits import anchors_of, read_exhibits, read_notebook, write_exhibits
from analysis.report.export import ReportExporter
from analysis.report.frame import Frame, Link
from analysis.study import Page, Study


def index_of(study: Study) -> str:
    """Name of the first page of the report."""
    return f"{study.stamp}_index.html" if study.stamp else "index.html"


def frame_of(study: Study, there: set[str], *, print_folds: bool = False) -> Frame:
    """Return what stands around every page.

    Parameters
    ----------
    study : whose report it is.
    there : names of the pages that are there; the others are linked in the index.
    print_folds : whether data and code that are folded on screen are printed as well.
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
        print_folds=print_folds,
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


@dataclass(frozen=True)
class PageMaker:
    """Makes pages in the staging folder: first all notebooks run, then all HTML is written."""

    study: Study
    staging: Path

    def run(self, page: Page, parameters: Mapping[str, object]) -> None:
        """Run the notebook of a page; write it with its outputs, tables and figures."""
        executed = execute(
            _titled(nbformat.read(page.notebook, as_version=4), page),
            {**page.fixed, **parameters},
            folder=page.notebook.parent,
            environment=self.study.places.as_variables(),
        )
        tables, figures = self.staging / "tables" / page.name, self.staging / "figures" / page.name
        write_exhibits(read_exhibits(executed), tables=tables, figures=figures)
        notebook = self._notebook(page)
        notebook.parent.mkdir(exist_ok=True)
        nbformat.write(executed, notebook)

    def export(self, page: Page, frame: Frame, elsewhere: Mapping[str, str]) -> None:
        """Write the HTML of a page that has run."""
        current = [one.name for one in self.study.pages].index(page.name)
        resources = {
            "frame": replace(frame, current=current),
            "elsewhere": elsewhere,
            "metadata": {"name": page.name, "path": str(page.notebook.parent)},
        }
        source = nbformat.read(self._notebook(page), as_version=4)
        exporter = ReportExporter()  # type: ignore[no-untyped-call]
        html, _ = exporter.from_notebook_node(source, resources)
        (self.staging / f"{page.name}.html").write_text(html, encoding="utf-8")

    def anchors(self, there: set[str]) -> dict[str, str]:
        """Return the address of every id that our outputs give, on the first page that has it."""
        found: dict[str, str] = {}
        for page in self.study.pages:
            notebook = self._notebook(page)
            if not notebook.is_file():
                notebook = self.study.reports / "notebooks" / notebook.name
            if page.name in there and notebook.is_file():
                for anchor in anchors_of(read_notebook(notebook)):
                    found.setdefault(anchor, f"{page.name}.html#{anchor}")
        return found

    def _notebook(self, page: Page) -> Path:
        return self.staging / "notebooks" / f"{page.name}.ipynb"


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
