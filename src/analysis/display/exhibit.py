"""What a notebook shows: things that carry their own caption, evidence and data.

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

from analysis.display.style import pictures_of
from analysis.frames import records
from analysis.study.places import SYNTHETIC

Bundle = tuple[dict[str, Any], dict[str, Any]]

EVIDENCE = ("published", "derived", "observed", "synthetic")
HEADLINES_MIME = "application/vnd.analysis.headlines+json"


def with_arithmetic(evidence: set[str]) -> tuple[str, ...]:
    """Return the evidence of numbers shown together with what was computed from them.

    >>> with_arithmetic({"published"}), with_arithmetic({"observed"})
    (('published', 'derived'), ('observed',))
    """
    printed = {"published", "derived"} if evidence & {"published", "derived"} else set()
    return tuple(sorted(evidence | printed, key=EVIDENCE.index))


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

    def __str__(self) -> str:
        return f"{self.caption}\n{self.alt}"

    def save(self, path: str) -> None:
        """Write the drawing to a file ending in ``.svg`` or ``.png``."""
        Path(path).write_bytes(self.pictures[Path(path).suffix[1:]])


@dataclass(frozen=True)
class Gallery:
    """Several figures of one call, each displayed as if it stood alone."""

    figures: tuple[Figure | Box, ...]

    def marked(self) -> Gallery:
        """Return the same with every figure marked as SYNTHETIC."""
        return Gallery(tuple(figure.marked() for figure in self.figures))

    def _ipython_display_(self) -> None:
        from IPython.display import display

        for figure in self.figures:
            display(figure)  # type: ignore[no-untyped-call]


@dataclass(frozen=True)
class Table(Exhibit):
    """A table as people read it; `anchor` names the column whose cells others link to."""

    anchor: str = ""

    def html(self) -> str:
        """Return the table as HTML, every cell escaped."""
        columns = list(self.data.columns)
        head = "".join(f'<th scope="col">{escape(str(name))}</th>' for name in columns)
        body = "".join(self._row(row) for row in records(self.data.astype(object)))
        return (
            f"<table><caption>{escape(self.caption)}</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        )

    def _row(self, row: Mapping[Any, object]) -> str:
        cells = []
        for position, (name, value) in enumerate(row.items()):
            text = "" if value is None or value is pd.NA or value != value else str(value)
            content = escape(text)
            if name == "Findings":
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


@dataclass(frozen=True)
class Sentence:
    """One statement about one indicator, with its evidence and the findings it rests on."""

    text: str
    evidence: str
    finding_ids: tuple[str, ...]

    def adding(self, text: str) -> Sentence:
        """Return the statement with more text behind it."""
        return replace(self, text=f"{self.text} {text}".strip())

    def marked(self) -> Sentence:
        """Return the statement with the word SYNTHETIC before it."""
        return Sentence(f"{SYNTHETIC}, not a finding: {self.text}", "synthetic", ())

    def html(self) -> str:
        """Return the statement as HTML."""
        source = f" {finding_links(self.finding_ids)}" if self.finding_ids else ""
        badge = f'<span class="evidence {self.evidence}">{self.evidence}</span>'
        if not self.evidence:
            return f'<p class="sentence">{escape(self.text)}</p>'
        return f'<p class="sentence">{escape(self.text)} <small>{badge}{source}</small></p>'

    def plain(self) -> str:
        """Return the statement as text."""
        if not self.evidence:
            return self.text
        rests = f", {', '.join(self.finding_ids)}" if self.finding_ids else ""
        return f"{self.text} [{self.evidence}{rests}]"


@dataclass(frozen=True)
class Sentences:
    """Statements shown together."""

    sentences: tuple[Sentence, ...]

    def marked(self) -> Sentences:
        """Return the same with the word SYNTHETIC before every statement."""
        return Sentences(tuple(sentence.marked() for sentence in self.sentences))

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Bundle:
        ids = list(dict.fromkeys(i for s in self.sentences for i in s.finding_ids))
        evidence = list(dict.fromkeys(s.evidence for s in self.sentences))
        data = {
            "text/html": "".join(s.html() for s in self.sentences),
            "text/plain": str(self),
        }
        return data, {"analysis": {"kind": "sentence", "evidence": evidence, "findings": ids}}

    def __str__(self) -> str:
        return "\n".join(s.plain() for s in self.sentences)


@dataclass(frozen=True)
class Box:
    """A notice that stands in the place of what cannot be shown."""

    title: str
    text: str
    command: str

    def marked(self) -> Box:
        """Return the same with the word SYNTHETIC in its title."""
        return replace(self, title=f"{SYNTHETIC} rehearsal. {self.title}")

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Bundle:
        command = f"<p><code>{escape(self.command)}</code></p>" if self.command else ""
        html = (
            f'<aside class="box"><p><strong>{escape(self.title)}</strong></p>'
            f"<p>{escape(self.text)}</p>{command}</aside>"
        )
        return {"text/html": html, "text/plain": str(self)}, {"analysis": {"kind": "box"}}

    def __str__(self) -> str:
        return f"{self.title}: {self.text} {self.command}".strip()


@dataclass(frozen=True)
class Headlines:
    """What the index page takes from a section."""

    sentences: tuple[Sentence, ...]
    changes: tuple[Mapping[str, object], ...]
    answered: tuple[Mapping[str, object], ...] = ()
    limits: tuple[str, ...] = ()

    def marked(self) -> Headlines:
        """Return the same with the word SYNTHETIC in every headline and every change."""
        changes = [
            {
                **change,
                "indicator": f"{SYNTHETIC}: {change['indicator']}",
                "text": f"{SYNTHETIC}, not a finding: {change['text']}",
                "evidence": "synthetic",
                "findings": [],
            }
            for change in self.changes
        ]
        answered = [
            {**row, "respondents": f"{SYNTHETIC} {row['respondents']}"} for row in self.answered
        ]
        return replace(
            self,
            sentences=tuple(sentence.marked() for sentence in self.sentences),
            changes=tuple(changes),
            answered=tuple(answered),
        )

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Bundle:
        record = {
            "headlines": [
                {"text": s.text, "evidence": s.evidence, "findings": list(s.finding_ids)}
                for s in self.sentences
            ],
            "changes": [dict(change) for change in self.changes],
            "answered": [dict(row) for row in self.answered],
            "limits": list(self.limits),
        }
        items = "".join(f"<li>{escape(text)}</li>" for text in self._texts())
        data = {
            HEADLINES_MIME: record,
            "text/html": f'<ul class="headlines">{items}</ul>',
            "text/plain": str(self),
        }
        return data, {"analysis": {"kind": "headlines"}}

    def _texts(self) -> list[str]:
        return [*(sentence.text for sentence in self.sentences), *self.limits]

    def __str__(self) -> str:
        return "\n".join(self._texts())
