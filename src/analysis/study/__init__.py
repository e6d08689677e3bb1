"""What the researcher declares: a folder with a codebook, findings and responses."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from analysis.problems import InputError, Problem
from analysis.study.codebook import Codebook
from analysis.study.places import (
    SYNTHETIC,
    Places,
    find_places,
    input_files,
)

GENERIC_NOTEBOOK = "section"
"""The notebook that renders a section which names none of its own."""

INTERACTIVE = ("explore",)
"""Notebooks for looking around, which are no page of a report."""

__all__ = ["Codebook", "Page", "Study", "load_study"]


@dataclass(frozen=True)
class Page:
    """One page of the report: a notebook and the sections that it renders.

    `fixed` holds the parameters that this page always sets.
    """

    name: str
    notebook: Path
    title: str
    sections: tuple[str, ...]
    fixed: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Study:
    """A study folder that has been read and checked."""

    places: Places
    codebook: Codebook
    pages: tuple[Page, ...]

    @property
    def raw(self) -> Path:
        """Folder of findings, codebook and exports."""
        return self.places.raw

    @property
    def processed(self) -> Path:
        """Folder that computed tables are written to."""
        return self.places.processed

    @property
    def reports(self) -> Path:
        """Folder that the report is written to."""
        return self.places.reports

    @property
    def is_rehearsal(self) -> bool:
        """Whether the answers are the invented ones."""
        return self.places.is_rehearsal

    @property
    def is_invented(self) -> bool:
        """Whether the answers are made up: in a rehearsal, or in a study that says so."""
        return self.is_rehearsal or self.codebook.settings.is_invented

    @property
    def stamp(self) -> str:
        """The word that all results carry; empty unless they are invented."""
        return SYNTHETIC if self.is_invented else ""

    def input_files(self) -> dict[str, Path]:
        """Every input file by its name inside the study, in order of name."""
        return input_files(self.places)

    def pages_named(self, names: Sequence[str]) -> tuple[Page, ...]:
        """Return the pages that `names` mean, all of them when there are none.

        A page is named by its file ("01_prevention"), number ("01"), word ("prevention") or a
        section on it ("I.a").

        Raises
        ------
        InputError
            For every name that means no page, with the nearest one.
        """
        by_word = {word: page for page in self.pages for word in words_for(page)}
        unknown = [name for name in names if name not in by_word]
        if unknown:
            allowed = [word for page in self.pages for word in (page.name, *page.sections)]
            raise InputError(
                Problem("no section of that name.", value=name, allowed=tuple(allowed))
                for name in unknown
            )
        wanted = [by_word[name] for name in names]
        return tuple(page for page in self.pages if not names or page in wanted)


def load_study(
    study: str | Path | None = None, *, output: str | Path | None = None, rehearse: bool = False
) -> Study:
    """Read and check a study folder.

    Parameters
    ----------
    study : the folder with ``codebook/`` or ``codebook.xlsx``, and perhaps ``findings.csv``; empty
        for the default study.
    output : folder for results instead of the default place.
    rehearse : whether to take the invented answers in ``rehearsal/`` instead of real ones, as for
        the folder ``rehearsal`` of a study itself.

    Raises
    ------
    InputError
        With every problem of the codebook.
    """
    places = find_places(study, output)
    if rehearse and not places.is_rehearsal:
        places = places.rehearsed()
    if not places.raw.is_dir():
        raise InputError(Problem("there is no such study folder.", value=str(study)))
    from analysis.study.loading import load_codebook  # so that a name alone costs no pandas

    codebook = load_codebook(places.raw)
    pages = _pages(codebook, places.notebooks)
    if places.is_rehearsal or codebook.settings.is_invented:
        pages = tuple(
            replace(page, name=f"{SYNTHETIC}_{page.name}", title=f"{SYNTHETIC}: {page.title}")
            for page in pages
        )
    return Study(places, codebook, pages)


def _pages(codebook: Codebook, notebooks: Path) -> tuple[Page, ...]:
    """One page a notebook, in the order in which the sections first name it."""
    found = {path.stem for path in notebooks.glob("*.ipynb")}
    available = sorted(found.difference(INTERACTIVE))
    pages: dict[str, Page] = {}
    problems = []
    for section in codebook.sections.values():
        notebook = section.notebook or GENERIC_NOTEBOOK
        if notebook not in available:
            problems.append(
                Problem(
                    f"section {section.code!r} names no notebook of a report.",
                    file=codebook.files["sections.csv"],
                    column="notebook",
                    value=notebook,
                    allowed=available,
                )
            )
        name = section.notebook or re.sub(r"\W+", "_", section.code).strip("_")
        if section.notebook and name in pages:
            page = pages[name]
            pages[name] = replace(page, sections=(*page.sections, section.code))
            continue
        if name in pages:
            problems.append(
                Problem(
                    f"two sections would be written to the same page {name!r}.",
                    file=codebook.files["sections.csv"],
                    column="section",
                    value=section.code,
                )
            )
        path = notebooks / f"{notebook}.ipynb"
        pages[name] = Page(
            name=name,
            notebook=path,
            title=(_heading(path) if section.notebook else "") or section.title,
            sections=(section.code,),
            fixed={} if section.notebook else {"section": section.code},
        )
    if problems:
        raise InputError(problems)
    return tuple(pages.values())


def _heading(notebook: Path) -> str:
    """The first heading of a notebook; empty where it has none or cannot be read."""
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        first = "".join(cells[0]["source"]) if cells else ""
    except (OSError, ValueError, KeyError):
        return ""
    return first.partition("\n")[0].lstrip("# ") if first.startswith("# ") else ""


def words_for(page: Page) -> tuple[str, ...]:
    """Return every word that means a page: its name, number and word, and its sections."""
    name = page.name.removeprefix(f"{SYNTHETIC}_")
    number, _, word = name.partition("_")
    return (page.name, name, *page.sections, *((number, word) if number.isdigit() else ()))
