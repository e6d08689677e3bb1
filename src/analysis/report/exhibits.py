"""What an executed notebook shows: its figures, tables and headlines, read from the outputs.

Everything here works on the notebook as plain data, so that the index needs neither papermill
nor nbformat to read a page that was built before.
"""

from __future__ import annotations

import ast
import base64
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.report.outcome import PageError

HEADLINES = "application/vnd.analysis.headlines+json"
KINDS = {"figure": "Figure", "table": "Table"}
NEEDED = {
    "figure": ("image/svg+xml", "text/csv"),
    "table": ("text/html", "text/csv"),
}
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


@dataclass(frozen=True)
class Exhibit:
    """A figure or table of one page.

    Attributes
    ----------
    kind, name, number : `name` is unique on the page; `number` counts the exhibits of its kind
        from 1 in reading order.
    cell : position of its cell among the notebook's code cells, from 1.
    data : content by MIME type, as text.
    meta : the `analysis` metadata: caption, alt, note, evidence, findings.
    """

    kind: str
    name: str
    number: int
    cell: int
    data: Mapping[str, str]
    meta: Mapping[str, Any]

    @property
    def label(self) -> str:
        """How a reader cites it, e.g. "Figure 2"."""
        return f"{KINDS[self.kind]} {self.number}"

    @property
    def anchor(self) -> str:
        """Its id in the HTML page."""
        return f"{self.kind}-{self.name}"


@dataclass(frozen=True)
class Headlines:
    """What a page gives to the index; see the executed notebook's headlines output."""

    headlines: list[dict[str, Any]] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    limits: list[str] = field(default_factory=list)
    answered: list[dict[str, Any]] = field(default_factory=list)


def read_notebook(file: Path) -> dict[str, Any]:
    """Read an executed notebook as plain data."""
    notebook: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return notebook


def as_text(value: str | list[str]) -> str:
    """Join a multi-line string, which a notebook file stores as a list of lines."""
    return value if isinstance(value, str) else "".join(value)


def outputs(notebook: Mapping[str, Any]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each rich output with the number of its cell among the code cells, from 1."""
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    own = 0
    for cell in code:
        own += "injected-parameters" not in cell["metadata"].get("tags", [])
        for output in cell["outputs"]:
            if "data" in output:
                yield own, output


def meta_of(output: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the library says about an output; empty for outputs of anyone else."""
    meta = output.get("metadata", {}).get("analysis", {})
    is_own = isinstance(meta, Mapping) and isinstance(meta.get("kind"), str)
    return dict(meta) if is_own else {}


def read_exhibits(notebook: Mapping[str, Any]) -> list[Exhibit]:
    """Return the library's figures and tables of an executed notebook in reading order.

    Raises
    ------
    PageError
        When one has no name, caption, alt text or data, or a name that is taken.
    """
    found: list[Exhibit] = []
    for cell, output in outputs(notebook):
        meta = meta_of(output)
        kind = meta.get("kind")
        if kind not in KINDS:
            continue
        number = 1 + sum(one.kind == kind for one in found)
        data = {
            mime: as_text(value)
            for mime, value in output["data"].items()
            if isinstance(value, (str, list))
        }
        exhibit = Exhibit(kind, str(meta.get("name", "")), number, cell, data, meta)
        problem = _problem(exhibit, found)
        if problem:
            named = f"{kind} {exhibit.name!r}" if exhibit.name else exhibit.label
            raise PageError("ExhibitError", f"{named} {problem}", cell=cell)
        found.append(exhibit)
    return found


def _problem(exhibit: Exhibit, earlier: list[Exhibit]) -> str:
    """Say what keeps a figure or table from being published; empty when nothing does."""
    if not NAME.fullmatch(exhibit.name):
        return "needs a name of letters, digits, '-' and '_'."
    for one in earlier:
        if one.name == exhibit.name:
            return f"has the name of an earlier {one.kind} on this page (code cell {one.cell})."
    words = ("caption", "alt") if exhibit.kind == "figure" else ("caption",)
    missing = [word for word in words if not str(exhibit.meta.get(word) or "").strip()]
    missing += [mime for mime in NEEDED[exhibit.kind] if not exhibit.data.get(mime)]
    return f"has no {' and no '.join(missing)}." if missing else ""


def write_exhibits(exhibits: list[Exhibit], *, tables: Path, figures: Path) -> None:
    """Write the data of every exhibit into `tables` and every picture into `figures`."""
    for one in exhibits:
        _write(tables / f"{one.name}.csv", one.data["text/csv"].encode())
        if one.kind == "figure":
            _write(figures / f"{one.name}.svg", one.data["image/svg+xml"].encode())
            if "image/png" in one.data:
                _write(figures / f"{one.name}.png", base64.b64decode(one.data["image/png"]))


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def anchors_of(notebook: Mapping[str, Any]) -> list[str]:
    """Return the ids in the HTML outputs of the library: what other pages may link to."""
    pieces = [
        as_text(output["data"].get("text/html", ""))
        for _, output in outputs(notebook)
        if meta_of(output)
    ]
    return re.findall(r"""\sid=["']([^"']+)["']""", "".join(pieces))


def read_headlines(notebook: Mapping[str, Any]) -> Headlines:
    """Collect the headlines, changes and limits that a page hands to the index."""
    found = Headlines()
    for _, output in outputs(notebook):
        content = output["data"].get(HEADLINES, {})
        found.headlines.extend(_entries(content, "headlines", dict))
        found.changes.extend(_entries(content, "changes", dict))
        found.limits.extend(_entries(content, "limits", str))
        found.answered.extend(_entries(content, "answered", dict))
    return found


def _entries(content: Any, name: str, kind: type) -> list[Any]:
    """One list of the headlines output; what is not as the library writes it is left out."""
    found = content.get(name) if isinstance(content, Mapping) else None
    return [one for one in found if isinstance(one, kind)] if isinstance(found, list) else []


def read_parameters(notebook: Mapping[str, Any]) -> dict[str, object]:
    """Return the values that the page ran with: its defaults, and those given over them."""
    values: dict[str, object] = {}
    for tag in ("parameters", "injected-parameters"):
        for cell in notebook["cells"]:
            if tag in cell["metadata"].get("tags", []):
                values |= dict(_assignments(as_text(cell["source"])))
    return values


def _assignments(source: str) -> Iterator[tuple[str, object]]:
    target: ast.expr
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.Assign):
            target, value = statement.targets[0], statement.value
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
            target, value = statement.target, statement.value
        else:
            continue
        try:
            yield ast.unparse(target), ast.literal_eval(value)
        except ValueError:
            yield ast.unparse(target), ast.unparse(value)


def read_question(notebook: Mapping[str, Any]) -> str:
    """Return the first paragraph under the page's title, as Markdown; empty without one."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            blocks = re.split(r"\n\s*\n", as_text(cell["source"]).strip())
            texts = [block for block in blocks if not block.startswith("#")]
            return " ".join(texts[0].split()) if texts else ""
    return ""
