"""What the notebooks of a report show, with the evidence of each piece."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.files import sha256
from analysis.problems import Problem
from analysis.report.evidence import as_list
from analysis.report.exhibits import HEADLINES, as_text, meta_of, read_notebook
from analysis.sharing.opening import Report
from analysis.sharing.small import OBSERVED, Told

WORDLESS = frozenset(("box", "gallery"))
"""Pieces of the library without a number."""


@dataclass
class Shown:
    """What rests on observed answers, and what nobody can tell.

    Attributes
    ----------
    tables : files of the tables that rest on answers.
    told : words that stand with them.
    unknown : outputs that are not of the library.
    """

    tables: set[str] = field(default_factory=set)
    told: list[Told] = field(default_factory=list)
    unknown: list[Problem] = field(default_factory=list)


def shown_in(report: Report, folder: Path) -> Shown:
    """Return what the executed notebooks of a report show.

    Parameters
    ----------
    folder : the reports folder, which holds the notebooks.
    """
    found = Shown()
    for page, shown in report.pages.items():
        name = f"notebooks/{page}.ipynb"
        file = folder / name
        if not file.is_file() or sha256(file) != shown["files"].get(name):
            message = f"{name} is not as it was built; build the page again."
            found.unknown.append(Problem(message, file=name))
            continue
        _read(page, read_notebook(file), found)
    return found


def _read(page: str, notebook: Mapping[str, Any], found: Shown) -> None:
    html = f"{page}.html"
    own = 0
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        own += "injected-parameters" not in cell["metadata"].get("tags", [])
        for output in cell["outputs"]:
            meta = meta_of(output)
            kind = meta.get("kind")
            if kind in ("figure", "table"):
                if OBSERVED in meta.get("evidence", []):
                    found.tables.add(f"tables/{page}/{meta['name']}.csv")
                    found.told += _words(html, f"{kind}-{meta['name']}", meta)
            elif kind == "headlines":
                found.told += _headlines(html, output["data"].get(HEADLINES, {}))
            elif kind == "sentence":
                if OBSERVED in meta.get("evidence", []):
                    text = as_text(output["data"].get("text/plain", ""))
                    found.told += [Told(html, f"code-{own}", one) for one in text.splitlines()]
            elif kind not in WORDLESS:
                message = (
                    f"code cell {own} shows something that the library did not make; nobody can "
                    "tell whether it holds answers."
                )
                found.unknown.append(Problem(message, file=html))


def _words(html: str, element: str, meta: Mapping[str, Any]) -> Iterator[Told]:
    for name in ("alt", "caption", "note"):
        if meta.get(name):
            yield Told(html, element, str(meta[name]))


def _headlines(html: str, content: Mapping[str, Any]) -> Iterator[Told]:
    for row in (*content.get("headlines", ()), *content.get("changes", ())):
        if OBSERVED in as_list(row.get("evidence")):
            yield Told(html, "headlines", str(row.get("text", "")))
