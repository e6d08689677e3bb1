"""`build.json`: from what, with what and how the report was built; no times, paths or people."""

from __future__ import annotations

import hashlib
import json
import platform
import shlex
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from analysis.report.outcome import Outcome

RECORD = "build.json"
SCHEMA = 1
DISTRIBUTION = "thb-survey-report"
PACKAGES = (
    DISTRIBUTION,
    "ipykernel",
    "matplotlib",
    "nbclient",
    "nbconvert",
    "numpy",
    "pandas",
    "papermill",
    "scipy",
    "seaborn",
    "statsmodels",
)
PACKAGE = Path(__file__).resolve().parents[1]
LOCK_FILES = (
    PACKAGE / "resources" / "requirements.lock",
    PACKAGE.parents[1] / "requirements.lock",
)

Record = dict[str, Any]


def read_record(reports: Path) -> Record:
    """Return what the build before wrote; empty when there was none or it cannot be read."""
    try:
        record = json.loads((reports / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) and record.get("schema") == SCHEMA else {}


def make_record(
    inputs: Mapping[str, Path],
    outcomes: Sequence[Outcome],
    parameters: Mapping[str, str],
    *,
    before: Record,
    pages: Iterable[str],
) -> Record:
    """Describe a build.

    Parameters
    ----------
    inputs : every input file by name.
    outcomes : one for each page that this build was asked for.
    parameters : as given on the command line.
    before : record of the build before; pages not asked for keep their entry.
    pages : every page of the study in order.
    """
    hashes = {name: sha256(file) for name, file in sorted(inputs.items())}
    digest = hashlib.sha256(json.dumps(hashes).encode()).hexdigest()
    earlier = {entry["page"]: entry for entry in before.get("pages", [])}
    entries = dict(earlier)
    for one in outcomes:
        shown = {"inputs": digest, "parameters": dict(parameters)}
        if one.error is not None:
            shown = earlier.get(one.page, {}).get("shown")
        entries[one.page] = {"page": one.page, **_outcome(one), "shown": shown}
    return {
        "schema": SCHEMA,
        "command": command([one.page for one in outcomes], list(pages), parameters),
        "versions": versions(),
        "lock": next((sha256(file) for file in LOCK_FILES if file.is_file()), None),
        "inputs": hashes,
        "inputs_digest": digest,
        "pages": [entries[name] for name in pages if name in entries],
    }


def write_record(record: Record, file: Path) -> None:
    """Write a record so that equal records give equal bytes."""
    text = json.dumps(record, indent=2, ensure_ascii=False)
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


def versions() -> dict[str, str]:
    """Versions of Python and of the packages that results depend on."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def sha256(file: Path) -> str:
    """Return the SHA-256 of a file's content."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _outcome(one: Outcome) -> Record:
    if one.error is None:
        return {"outcome": "ok"}
    error = one.error
    return {
        "outcome": "failed",
        "cell": error.cell,
        "line": error.line,
        "error": error.error,
        "message": error.message,
    }
