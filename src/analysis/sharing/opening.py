"""A report as it was handed on: a folder or a bundle, with its record and its tables."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from analysis.problems import InputError, Problem, refuse_any
from analysis.report.record import RECORD, SCHEMA, Record
from analysis.sharing.archive import read_bundle
from analysis.sharing.shape import has_shape

Rows = list[list[str]]

HANDED_ON = re.compile(r"[\w.-]+\.html|(numbers|tables/[\w.-]+)/[\w.-]+\.csv")
"""Names of the pages and tables of a report."""


@dataclass(frozen=True)
class Report:
    """A report that is complete and as it was built.

    Attributes
    ----------
    record : what its build recorded.
    tables : the rows of each table by the name of its file, the header first.
    files : what is handed on of it, by name: pages, tables and record.
    """

    record: Record
    tables: Mapping[str, Rows]
    files: Mapping[str, bytes]

    @property
    def study(self) -> Mapping[str, Any]:
        """What the record says of the study."""
        found: Mapping[str, Any] = self.record["study"]
        return found

    @cached_property
    def pages(self) -> Mapping[str, Mapping[str, Any]]:
        """What the record says of each page that is there, by name."""
        return {one["page"]: one["shown"] for one in self.record["pages"]}

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """Title of each page, by name."""
        return {one["page"]: one["title"] for one in self.record["outline"]}


def open_report(path: Path) -> Report:
    """Open a reports folder or a bundle.

    Raises
    ------
    InputError
        When there is none, it is neither, a page of it failed or was never built, or a table is
        not as it was built.
    """
    if not path.exists():
        message = "there is no report; `analysis build` makes one."
        raise InputError(Problem(message, file=str(path)))
    if path.is_dir():
        name, read = str(path), _reader(path)
    else:
        name, files = path.name, read_bundle(path)
        read = files.get
    record = _record(read(RECORD), path, name)
    refuse_any(list(_incomplete(record, name)))
    hashes = _hashes(record)
    found = {file: read(file) for file in hashes}
    refuse_any(list(_damaged(found, hashes, name)))
    files = {file: content or b"" for file, content in found.items()}
    tables = {file: _rows(text, name) for file, text in files.items() if file.endswith(".csv")}
    return Report(record, tables, {**files, RECORD: read(RECORD) or b""})


def _reader(folder: Path) -> Callable[[str], bytes | None]:
    def read(name: str) -> bytes | None:
        file = folder / name
        return file.read_bytes() if file.is_file() else None

    return read


def _record(content: bytes | None, path: Path, name: str) -> Record:
    if content is None:
        inside = path / "reports"
        hint = f" Did you mean {str(inside)!r}?" if (inside / RECORD).is_file() else ""
        message = f"not a report: it holds no {RECORD}, which every build writes.{hint}"
        raise InputError(Problem(message, file=name))
    try:
        record = json.loads(content)
    except (ValueError, RecursionError):
        raise InputError(Problem(f"its {RECORD} cannot be read.", file=name)) from None
    known = isinstance(record, dict) and record.get("schema") == SCHEMA
    if not known or not isinstance(record.get("study"), dict) or "numbers" not in record:
        message = f"its {RECORD} is of another version of analysis; build the report again."
        raise InputError(Problem(message, file=name))
    if not has_shape(record):
        raise InputError(Problem(f"its {RECORD} is none that a build writes.", file=name))
    return dict(record)


def _incomplete(record: Record, name: str) -> Iterator[Problem]:
    """Yield a problem for each page that is not of this build."""
    known = {one["page"]: one for one in record["pages"]}
    for one in record["outline"]:
        page, entry = one["page"], known.get(one["page"], {})
        shown = entry.get("shown") or {}
        if entry.get("outcome") == "failed":
            message = f"the page {page} failed in its build; mend and build it first."
        elif not shown:
            message = f"the page {page} was never built; `analysis build` builds all."
        elif shown["inputs"] != record["inputs_digest"]:
            message = f"the page {page} was built from earlier input than the others; build it."
        else:
            continue
        yield Problem(message, file=name)


def _hashes(record: Record) -> dict[str, str]:
    """Return the SHA-256 of every page and table of a report, by file."""
    own = {**record["files"], **record["numbers"]}
    for entry in record["pages"]:
        own |= entry["shown"]["files"]
    return {file: found for file, found in own.items() if HANDED_ON.fullmatch(file)}


def _damaged(
    content: Mapping[str, bytes | None], hashes: Mapping[str, str], name: str
) -> Iterator[Problem]:
    for file, found in content.items():
        if found is None:
            message = f"{file} is missing; a build writes it again."
        elif hashlib.sha256(found).hexdigest() != hashes[file]:
            message = f"{file} is not as it was built, so nothing can be said about it."
        else:
            continue
        yield Problem(message, file=name)


def _rows(content: bytes, name: str) -> Rows:
    text = content.decode("utf-8-sig", errors="replace")
    try:
        return [row for row in csv.reader(io.StringIO(text)) if row]
    except csv.Error as error:
        raise InputError(Problem(f"a table cannot be read: {error}.", file=name)) from None
