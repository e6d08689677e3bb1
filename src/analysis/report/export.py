"""Executed notebook to one self-contained HTML page: no script, no request, no side file.

Registered with nbconvert as `analysis_report`, so that this works as well, without a study:
`jupyter nbconvert --to analysis_report page.ipynb`.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import nbformat
from nbconvert.exporters import HTMLExporter
from nbconvert.filters import strip_ansi
from nbformat import NotebookNode
from traitlets import default

from analysis.report.exhibits import (
    KINDS,
    Exhibit,
    as_text,
    meta_of,
    read_exhibits,
    read_parameters,
)
from analysis.report.frame import TEMPLATE, Frame, security_policy, style
from analysis.report.markup import Anchors, Prose, csv_table, inspect, numbered, relink
from analysis.report.outcome import PageError

INJECTED = "injected-parameters"
RUN_ANCHOR = "how-this-page-was-made"


class ReportExporter(HTMLExporter):  # type: ignore[misc, unused-ignore]
    """Exports a page; inside a report, with its `Frame` as `resources["frame"]`.

    `resources["elsewhere"]` tells where the ids on other pages are, for links between pages.
    """

    export_from_notebook = "Report page"

    @default("template_name")
    def _template_name_default(self) -> str:
        return TEMPLATE.name

    @default("extra_template_basedirs")
    def _default_extra_template_basedirs(self) -> list[str]:
        return [str(TEMPLATE.parent)]

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kwargs: Any
    ) -> tuple[str, dict[str, Any]]:
        """Return the page and the resources.

        Raises
        ------
        PageError
            When a figure or table lacks what it needs, or a cell holds what a page must not.
        """
        resources = dict(resources or {})
        frame: Frame = resources.get("frame") or Frame()
        elsewhere: Mapping[str, str] = resources.get("elsewhere") or {}
        page = nbformat.from_dict(nb)
        prose, anchors = _prepare(page, frame, elsewhere)
        sheet = style(frame.stamp)
        name = resources.get("metadata", {}).get("name", "")
        resources["page"] = {
            "title": prose.title or name,
            "contents": prose.contents,
            "places": {**elsewhere, **{anchor: f"#{anchor}" for anchor in anchors}},
            "parameters": read_parameters(page),
            "run_anchor": RUN_ANCHOR,
            "style": sheet,
            "policy": security_policy(sheet),
            "frame": frame,
        }
        html, resources = super().from_notebook_node(page, resources, **kwargs)
        return html, resources


@dataclass(frozen=True)
class _Piece:
    """A piece of markup: where it comes from, and the node that holds it for the template."""

    place: str
    holder: NotebookNode
    key: str = "html"


def _prepare(
    page: NotebookNode, frame: Frame, elsewhere: Mapping[str, str]
) -> tuple[Prose, set[str]]:
    """Turn sources and outputs into the markup that the template only has to place.

    Returns
    -------
    The rendered prose with its title and headings, and every id on the page.
    """
    exhibits = read_exhibits(page)
    anchors = {RUN_ANCHOR, "main", "contents", *(one.anchor for one in exhibits)}
    prose = Prose(Anchors(anchors))
    pieces: list[_Piece] = []
    code = 0
    for position, cell in enumerate(page.cells, start=1):
        if cell.cell_type == "markdown":
            cell["html"] = prose.render(cell.source)
            pieces.append(_Piece(f"cell {position} (text)", cell))
        elif cell.cell_type == "code":
            is_injected = INJECTED in cell.metadata.get("tags", [])
            code += not is_injected
            cell["label"] = "Parameters given to this run" if is_injected else f"Code {code}"
            for output in cell.outputs:
                is_exhibit = meta_of(output).get("kind") in KINDS
                key = _show(output, exhibits.pop(0) if is_exhibit else None)
                if key:
                    pieces.append(_Piece(f"code cell {code}", output, key))
    _check(pieces, anchors)
    _link(pieces, anchors, frame, elsewhere)
    return prose, anchors


def _show(output: NotebookNode, exhibit: Exhibit | None) -> str:
    """Prepare one output for the template; return the key of the HTML in it, if there is any."""
    if exhibit is not None:
        output["exhibit"] = exhibit
        caption = f"Data of {exhibit.label.lower()}"
        if exhibit.kind == "figure":
            output["picture"] = base64.b64encode(exhibit.data["image/svg+xml"].encode()).decode()
            output["folded"] = csv_table(exhibit.data["text/csv"], caption)
            return "folded"
        output["html"] = numbered(exhibit.data["text/html"], exhibit.label)
        if not output["html"]:
            text = f"table {exhibit.name!r} has no <caption>."
            raise PageError("ExhibitError", text, cell=exhibit.cell)
        return "html"
    if output.output_type == "stream":
        output["plain"] = strip_ansi(as_text(output.text))
        return ""
    data: Mapping[str, Any] = output.get("data", {})
    if "text/html" in data and meta_of(output):
        output["html"] = as_text(data["text/html"])
        return "html"
    # HTML of other libraries carries styles and unescaped cells; their plain text does not.
    output["plain"] = strip_ansi(as_text(data.get("text/plain", "")))
    return ""


def _check(pieces: Sequence[_Piece], anchors: set[str]) -> None:
    """Raise when a piece holds what the page must not; add the ids found to `anchors`."""
    for piece in pieces:
        found = inspect(piece.holder[piece.key])
        if found.problems:
            text = f"{piece.place} holds {', '.join(found.problems)}."
            raise PageError("UnsafeContent", text)
        for anchor in found.ids:
            if anchor in anchors:
                raise PageError("DuplicateAnchor", f"{piece.place} repeats the id {anchor!r}.")
            anchors.add(anchor)


def _link(
    pieces: Sequence[_Piece], anchors: set[str], frame: Frame, elsewhere: Mapping[str, str]
) -> None:
    """Point links at the page that holds their target.

    A page that stands alone or lacks some of its report loses links; in a whole report a lost
    link is an error.
    """
    if not frame.pages:
        return
    lost: dict[str, str] = {}
    for piece in pieces:
        piece.holder[piece.key], missing = relink(piece.holder[piece.key], anchors, elsewhere)
        lost.update(dict.fromkeys(missing, piece.place))
    if lost and frame.is_complete:
        places = ", ".join(f"#{anchor} ({place})" for anchor, place in lost.items())
        raise PageError("LostLink", f"no page of the report has the target of {places}.")
