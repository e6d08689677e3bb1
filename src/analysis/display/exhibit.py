"""What a notebook shows: figures and tables that carry their own caption, evidence and data.

Each displays itself in JupyterLab and leaves in the notebook all that the report needs, under the
metadata key ``analysis``.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any, Self

import pandas as pd
from matplotlib.figure import Figure as Drawing

from analysis.display.style import picture_of, pictures_of
from analysis.frames import records
from analysis.study.places import SYNTHETIC

Bundle = tuple[dict[str, Any], dict[str, Any]]


EVIDENCE = ("published", "derived", "observed", "synthetic")


def with_arithmetic(evidence: set[str]) -> tuple[str, ...]:
    """Return the evidence of numbers shown together with what was computed from them.

    >>> with_arithmetic({"published"}), with_arithmetic({"observed"})
    (('published', 'derived'), ('observed',))
    """
    printed = {"published", "derived"} if evidence & {"published", "derived"} else set()
    return tuple(sorted((evidence | printed) - {""}, key=EVIDENCE.index))


def finding_links(ids: Iterable[str]) -> str:
    """Return links to findings, as HTML."""
    return ", ".join(f'<a href="#{escape(i, quote=True)}">{escape(i)}</a>' for i in ids)


@dataclass(frozen=True)
class Exhibit:
    """What all exhibits have: a name unique in the notebook, words, data and where it is from."""

    name: str
    caption: str
    note: str
    data: pd.DataFrame
    evidence: tuple[str, ...]
    finding_ids: tuple[str, ...]

    def about(self, kind: str, **more: object) -> dict[str, Any]:
        """Return the metadata that the report reads."""
        return {
            "analysis": {
                "kind": kind,
                "name": self.name,
                "caption": self.caption,
                "note": self.note,
                "evidence": list(self.evidence),
                "findings": list(self.finding_ids),
                **more,
            }
        }

    def marked(self) -> Self:
        """Return the same with the word SYNTHETIC in name, caption and every row of the data."""
        columns = [name for name in self.data.columns if name != "Findings"]
        return replace(
            self,
            name=f"{SYNTHETIC}_{self.name}",
            caption=f"{SYNTHETIC}, not a finding: {self.caption}",
            data=self.data.assign(**{SYNTHETIC: SYNTHETIC})[[SYNTHETIC, *columns]],
            evidence=("synthetic",),
            finding_ids=(),
        )

    def csv(self) -> str:
        """Return the data as CSV text."""
        return self.data.to_csv(index=False, lineterminator="\n")


@dataclass(frozen=True)
class Figure(Exhibit):
    """A drawing with its alt text and the data behind it."""

    alt: str
    drawing: Drawing
    stamp: str = ""

    def marked(self) -> Self:
        """Return the same with the word SYNTHETIC in words, data and all over the picture."""
        return replace(
            super().marked(), alt=f"{SYNTHETIC}, not a finding. {self.alt}", stamp=SYNTHETIC
        )

    @cached_property
    def pictures(self) -> Mapping[str, bytes]:
        """The drawing as files, by ending; made once, since drawing again moves it by a hair."""
        return pictures_of(self.drawing, stamp=self.stamp)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Bundle:
        data = {
            "image/png": base64.b64encode(self.pictures["png"]).decode(),
            "image/svg+xml": self.pictures["svg"].decode(),
            "text/csv": self.csv(),
            "text/plain": str(self),
        }
        return data, self.about("figure", alt=self.alt)

    def png(self) -> bytes:
        """Return the drawing as a picture for the screen, without making the other files."""
        return picture_of(self.drawing, stamp=self.stamp)

    def __str__(self) -> str:
        return f"{self.caption}\n{self.alt}"

    def save(self, path: str) -> None:
        """Write the drawing to a file ending in ``.svg`` or ``.png``."""
        Path(path).write_bytes(self.pictures[Path(path).suffix[1:]])


@dataclass(frozen=True)
class Table(Exhibit):
    """A table as people read it; `anchor` names the column whose cells others link to."""

    anchor: str = ""

    def html(self, *, is_linked: bool = True) -> str:
        """Return the table as HTML, every cell escaped; its findings are links if `is_linked`."""
        columns = list(self.data.columns)
        head = "".join(f'<th scope="col">{escape(str(name))}</th>' for name in columns)
        body = "".join(self._row(row, is_linked) for row in records(self.data.astype(object)))
        return (
            f"<table><caption>{escape(self.caption)}</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        )

    def _row(self, row: Mapping[Any, object], is_linked: bool) -> str:
        cells = []
        for position, (name, value) in enumerate(row.items()):
            text = "" if value is None or value is pd.NA or value != value else str(value)
            content = escape(text)
            if name == "Findings" and is_linked:
                content = finding_links(text.split())
            if name == self.anchor:
                mark = escape(text, quote=True)
                cells.append(f'<th scope="row" id="{mark}">{content}</th>')
            elif position == 0:
                cells.append(f'<th scope="row">{content}</th>')
            else:
                cells.append(f"<td>{content}</td>")
        return f"<tr>{''.join(cells)}</tr>"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Bundle:
        data = {
            "text/html": self.html(),
            "text/csv": self.csv(),
            "text/plain": str(self),
        }
        return data, self.about("table")

    def __str__(self) -> str:
        return f"{self.caption}\n{self.data.to_string(index=False)}"
