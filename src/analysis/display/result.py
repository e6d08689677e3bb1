"""The answer to a question asked in a notebook: words, a picture, a table, the rows behind them."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import escape
from typing import Any

import pandas as pd

from analysis.display.exhibit import Bundle, Figure, Table
from analysis.display.statements import Box, Sentences
from analysis.frames import records
from analysis.study.places import SYNTHETIC

STYLE = """
.analysis-result { max-width: 60em; line-height: 1.4; color: inherit; }
.analysis-result p { margin: .5em 0; }
.analysis-result img { max-width: 100%; display: block; margin: .5em 0; }
.analysis-result table { border-collapse: collapse; margin: .7em 0; font-size: .92em; }
.analysis-result th, .analysis-result td { padding: .3em .9em .3em 0; text-align: left;
  vertical-align: top; border: 0; border-bottom: 1px solid #8886; background: none; }
.analysis-result thead th { border-bottom-color: currentColor; }
.analysis-result caption { caption-side: top; text-align: left; font-weight: 600; }
.analysis-result small, .analysis-result .note { font-size: .88em; opacity: .8; }
.analysis-result a { text-decoration: underline; color: var(--jp-content-link-color, inherit); }
.analysis-result code { user-select: all; font-size: .9em; }
.analysis-result .warning { border-left: 4px solid #b45f06; padding: .4em .8em; }
"""
"""Looks right on a light and on a dark page, in JupyterLab and in VS Code."""

SAID = ("finding_id", "as_printed", "locator")
"""What a result tells of the findings that it rests on."""


@dataclass(frozen=True)
class Result:
    """What a study says about one thing.

    It shows itself in a notebook and as text; work goes on with `frame`.

    Attributes
    ----------
    title : what it is about.
    base : whose answers these are and how many, in words; empty where nobody is counted.
    sentences : the same in words.
    table : the numbers as people read them, with n and evidence.
    frame : the numbers as they are computed; its columns are those of the table it is cut from.
    figure : a picture, or why there is none; None where none belongs to it.
    sources : what the source prints of it and where: `SAID`.
    warning : what to think of before it is passed on; empty for nearly all.
    """

    title: str
    base: str
    sentences: Sentences
    table: Table | Box
    frame: pd.DataFrame
    figure: Figure | Box | None = None
    sources: pd.DataFrame | None = None
    warning: str = ""

    @property
    def evidence(self) -> tuple[str, ...]:
        """What the numbers rest on."""
        return self.table.evidence if isinstance(self.table, Table) else ()

    @property
    def text(self) -> str:
        """The sentences, one a line, without their sources."""
        return "\n".join(sentence.text for sentence in self.sentences.sentences)

    def marked(self) -> Result:
        """Return the same with the word SYNTHETIC in all its parts, and without the source."""
        return replace(
            self,
            title=f"{SYNTHETIC}, not a finding: {self.title}",
            sentences=self.sentences.marked(),
            table=self.table.marked(),
            frame=self.frame.assign(**{SYNTHETIC: SYNTHETIC}),
            figure=self.figure.marked() if self.figure is not None else None,
            sources=None,
        )

    def html(self) -> str:
        """Return all of it as one piece of HTML that needs nothing else, every text escaped."""
        # A picture has the title in it.
        title = (
            "" if isinstance(self.figure, Figure) else f"<strong>{escape(self.title)}</strong><br>"
        )
        parts = [
            _picture(self.figure),
            f"<p>{title}<small>{escape(self._about())}</small></p>",
            f'<p class="warning">{escape(self.warning)}</p>' if self.warning else "",
            *(f"<p>{escape(text)}</p>" for text in self.text.splitlines()),
            _table(self.table),
            _sources(self.sources),
        ]
        return f'<style>{STYLE}</style><div class="analysis-result">{"".join(parts)}</div>'

    def _about(self) -> str:
        """The n and the evidence in one line."""
        rests_on = f"evidence: {', '.join(self.evidence)}" if self.evidence else ""
        return "; ".join(text for text in (self.base, rests_on) if text)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Bundle:
        about = {"kind": "result", "evidence": list(self.evidence)}
        return {"text/html": self.html(), "text/plain": str(self)}, {"analysis": about}

    def __repr__(self) -> str:
        return str(self)

    def __str__(self) -> str:
        parts = [self.title, self._about(), self.warning, str(self.sentences), str(self.table)]
        return "\n".join(part for part in parts if part)


def sources_of(findings: pd.DataFrame, ids: Mapping[str, Any] | tuple[str, ...]) -> pd.DataFrame:
    """Return what the source prints of some findings and where."""
    own = findings[findings["finding_id"].isin(list(ids))]
    return own[list(SAID)].reset_index(drop=True)


def _picture(figure: Figure | Box | None) -> str:
    if figure is None:
        return ""
    if isinstance(figure, Box):
        return _box(figure)
    image = base64.b64encode(figure.png()).decode()
    alt = escape(figure.alt, quote=True)
    return f'<img alt="{alt}" src="data:image/png;base64,{image}">'


def _table(table: Table | Box) -> str:
    if isinstance(table, Box):
        return _box(table)
    note = f'<p class="note">{escape(table.note)}</p>' if table.note else ""
    return f"{table.html(is_linked=False)}{note}"


def _box(box: Box) -> str:
    return f'<p class="note">{escape(str(box))}</p>'


def _sources(sources: pd.DataFrame | None) -> str:
    if sources is None or sources.empty:
        return ""
    told = "; ".join(
        f"{row['finding_id']}: “{row['as_printed']}”, {row['locator']}" for row in records(sources)
    )
    return f'<p class="note">In the source: {escape(told)}.</p>'
