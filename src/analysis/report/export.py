"""Executed notebook to one self-contained HTML page: no script, no request, no side file.

Registered with nbconvert as `analysis_report`, so that this works as well, without a study:
`jupyter nbconvert --to analysis_report page.ipynb`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from traitlets import default

from analysis.report.allowed import visible
from analysis.report.arrange import make_page
from analysis.report.frame import TEMPLATE, Frame, security_policy, style


class ReportExporter(HTMLExporter):  # type: ignore[misc, unused-ignore]
    """Exports a page; inside a report, with its `Frame` as `resources["frame"]`.

    `resources["elsewhere"]` tells where the ids on other pages are, for links between pages;
    `resources["metadata"]` has the name of the page and the path of the notebook's folder.
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
            When a figure or table lacks what it needs, or a formula cannot be shown.
        """
        resources = dict(resources or {})
        frame: Frame = resources.get("frame") or Frame()
        elsewhere: Mapping[str, str] = resources.get("elsewhere") or {}
        about = resources.get("metadata", {})
        name = str(about.get("name", ""))
        page = make_page(nb, frame, elsewhere, name=name, folder=Path(about.get("path", "")))
        sheet = style(frame)
        resources |= {
            "page": page,
            "frame": frame,
            "style": sheet,
            "policy": security_policy(sheet),
        }
        html, resources = super().from_notebook_node(nbformat.from_dict(nb), resources, **kwargs)
        return visible(html), resources
