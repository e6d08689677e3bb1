"""The cells of a notebook as a page needs them: named, numbered, and what to leave out."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.report.exhibits import HEADLINES, as_text

INJECTED = "injected-parameters"
SETTING_UP = {"parameters", INJECTED}


@dataclass
class Cell:
    """One cell.

    Attributes
    ----------
    place : how an error names it.
    label, anchor : how the page names a code cell, and its id.
    outputs : each with its position among all outputs of the notebook.
    is_left_out : whether the page does without it.
    """

    source: str
    place: str
    is_prose: bool
    label: str = ""
    anchor: str = ""
    outputs: Sequence[tuple[int, Mapping[str, Any]]] = ()
    attachments: Mapping[str, Any] | None = None
    tags: frozenset[str] = frozenset()
    is_left_out: bool = False

    @property
    def opens_part(self) -> bool:
        """Whether a part of the notebook begins here, below its title."""
        return self.is_prose and bool(re.match(r"\s*#{1,6} ", self.source))

    @property
    def is_for_notebook(self) -> bool:
        """Whether who reads the page gets what it holds elsewhere: above or at the end."""
        has_headlines = any(HEADLINES in output.get("data", {}) for _, output in self.outputs)
        return has_headlines or bool(self.tags & SETTING_UP)


def read_cells(notebook: Mapping[str, Any]) -> list[Cell]:
    """Return the cells of a notebook in order, raw ones left out.

    Prose that only introduces the parameters or the headlines speaks to who works in the notebook:
    the page shows these in their own places.
    """
    cells = list(_read(notebook))
    for part in _parts(cells):
        if _is_for_notebook(part):
            for cell in part:
                cell.is_left_out = cell.is_prose
    return cells


def _read(notebook: Mapping[str, Any]) -> Iterator[Cell]:
    code = 0
    positions = itertools.count()
    for position, cell in enumerate(notebook["cells"], start=1):
        source = as_text(cell["source"])
        if cell["cell_type"] == "markdown":
            place = f"cell {position} (text)"
            yield Cell(source, place, True, attachments=cell.get("attachments"))
        elif cell["cell_type"] == "code":
            tags = frozenset(cell["metadata"].get("tags", []))
            code += INJECTED not in tags
            is_given = INJECTED in tags
            yield Cell(
                source,
                f"code cell {code}",
                False,
                label="Parameters given to this run" if is_given else f"Code {code}",
                anchor="code-given" if is_given else f"code-{code}",
                outputs=[(next(positions), output) for output in cell["outputs"]],
                tags=tags,
            )


def _parts(cells: Sequence[Cell]) -> Iterator[list[Cell]]:
    """Yield the cells from one heading to the next."""
    part: list[Cell] = []
    for cell in cells:
        if cell.opens_part and part:
            yield part
            part = []
        part.append(cell)
    yield part


def _is_for_notebook(part: Sequence[Cell]) -> bool:
    """Whether a part only introduces what the page shows elsewhere, in a paragraph at most."""
    prose = [cell.source for cell in part if cell.is_prose]
    if not prose or not part[0].opens_part or prose[0].lstrip().startswith("# "):
        return False
    blocks = re.split(r"\n\s*\n", "\n\n".join(prose).strip())
    texts = [block for block in blocks if not re.fullmatch(r"#.*", block)]
    code = [cell for cell in part if not cell.is_prose]
    shows_nothing = all(cell.is_for_notebook or not cell.outputs for cell in code)
    return len(texts) <= 1 and shows_nothing and any(cell.is_for_notebook for cell in code)
