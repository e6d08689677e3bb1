"""`build.json`: from what, with what and how the report was built; no times, paths or people."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis.report.fresh.basis import (
    Basis,
    inputs_digest,
    lock_digest,
    package_files,
    versions,
)
from analysis.report.outcome import Outcome

RECORD = "build.json"
SCHEMA = 2

Record = dict[str, Any]


def read_record(reports: Path) -> Record:
    """Return what the build before wrote; empty when there was none or it cannot be read."""
    try:
        record = json.loads((reports / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) and record.get("schema") == SCHEMA else {}


def entry_of(record: Record, page: str) -> Record:
    """Return what a record says of a page; empty when it says nothing."""
    return next((one for one in record.get("pages", []) if one["page"] == page), {})


def make_record(
    inputs: Mapping[str, str],
    outcomes: Sequence[Outcome],
    parameters: Mapping[str, str],
    *,
    before: Record,
    pages: Iterable[str],
    bases: Mapping[str, Basis] | None = None,
    files: Mapping[str, Mapping[str, str]] | None = None,
) -> Record:
    """Describe a build.

    Parameters
    ----------
    inputs : SHA-256 of every input file by its name, as it was when the build began.
    outcomes : one for each page that this build was asked for.
    parameters : as given on the command line.
    before : record of the build before; pages not asked for keep their entry.
    pages : every page of the study in order.
    bases : by page, what it rests on; a page that was not asked for is in it when it would not
        have changed.
    files : by page that was written, the SHA-256 of each of its files.
    """
    digest = inputs_digest(inputs)
    bases, files = bases or {}, files or {}
    entries = {entry["page"]: entry for entry in before.get("pages", [])}
    for name in bases.keys() & entries.keys():
        shown = {**(entries[name].get("shown") or {}), "inputs": digest, "basis": bases[name]}
        entries[name] = {**entries[name], "shown": shown}
    for one in outcomes:
        shown = entries.get(one.page, {}).get("shown")
        if one.error is None:
            kept = (shown or {}).get("files", {})
            shown = {
                "inputs": digest,
                "parameters": dict(bases.get(one.page, {}).get("parameters", parameters)),
                "basis": bases.get(one.page, {}),
                "files": dict(files.get(one.page, kept)),
            }
        entries[one.page] = {"page": one.page, **_outcome(one), "shown": shown}
    return {
        "schema": SCHEMA,
        "command": command([one.page for one in outcomes], list(pages), parameters),
        "versions": dict(versions()),
        "lock": lock_digest(),
        "inputs": dict(inputs),
        "inputs_digest": digest,
        "pages": [entries[name] for name in pages if name in entries],
        "package": dict(package_files()),
    }


def write_record(record: Record, file: Path) -> None:
    """Write a record so that equal records give equal bytes."""
    text = json.dumps(record, indent=1, ensure_ascii=False)
    file.write_text(text + "\n", encoding="utf-8")


def command(built: Sequence[str], pages: Sequence[str], parameters: Mapping[str, str]) -> str:
    """Return the command that makes the same pages again.

    >>> command(["b"], ["a", "b"], {"level": "0.9"})
    'analysis build b -p level=0.9'
    """
    words = ["analysis", "build", *(built if set(built) != set(pages) else [])]
    for name, value in sorted(parameters.items()):
        words += ["-p", f"{name}={value}"]
    return shlex.join(words)


def _outcome(one: Outcome) -> Record:
    if one.error is None:
        return {"outcome": "ok"}
    error = one.error
    return {
        "outcome": "failed",
        "kind": error.kind,
        "cell": error.cell,
        "line": error.line,
        "error": error.error,
        "message": error.message,
    }
