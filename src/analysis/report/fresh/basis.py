"""What a page rests on, as digests that can be compared; read without any heavy import."""

from __future__ import annotations

import ast
import hashlib
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from analysis.files import sha256
from analysis.plain import is_plain
from analysis.report.comments import comments_file
from analysis.study.places import Places, has_codebook

PACKAGE = Path(__file__).resolve().parents[2]
LOCK_FILES = (
    PACKAGE / "resources" / "requirements.lock",
    PACKAGE.parents[1] / "requirements.lock",
)

LEFT_OUT = re.compile(
    r"^(checking|lab|report/pdf|__main__)\.py|^(changes|cli|dictionary|drafting|publishing|sharing)/|__pycache__"
)
OF_RUNS = re.compile(r"report/(running/|fresh/|(__init__|build|lean|pages)\.py$)")
"""What of `analysis.report` has a part in what a notebook shows; the rest writes pages."""

DISTRIBUTION = "thb-survey-report"
LIBRARIES = (
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

PICTURE = re.compile(r"""\]\(([^)\s]+)|\ssrc=["']([^"']+)""")
QUOTED = re.compile(r"""["']([^"'\n]+)["']|([^\s"']+\.ipynb)\b""")
"""What may name a file in a cell that is not all Python."""

Basis = dict[str, Any]


def digest(*parts: str | bytes) -> str:
    """Return a short digest of texts or bytes, each kept apart from the next."""
    made = hashlib.sha256()
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        made.update(f"{len(content)}:".encode() + content)
    return made.hexdigest()[:16]


def basis_of_notebook(file: Path) -> tuple[Basis, list[str]]:
    """Return the digests of a notebook, and the source of its code cells.

    ``code`` has one digest for each code cell, with spaces between them; ``prose`` is one for all
    that is no code; ``reads`` has one for each file that the code may read. What is no notebook
    has one digest; the page that runs it says what is wrong.
    """
    content = file.read_bytes()
    try:
        return _basis_of(json.loads(content), file.parent)
    except (ValueError, TypeError, KeyError, AttributeError):
        return {"code": digest(content)[:8], "prose": "", "reads": {}}, []


def _basis_of(notebook: Any, folder: Path) -> tuple[Basis, list[str]]:
    code, prose, sources = [], [], []
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        rest = {name: cell[name] for name in cell if name not in ("source", "outputs")}
        if cell["cell_type"] == "code":
            tags = cell.get("metadata", {}).get("tags", [])
            code.append(digest(source, json.dumps(tags))[:8])
            sources.append(source)
            rest.pop("execution_count", None)
        else:
            rest["source"] = source
            rest["pictures"] = dict(_pictures(source, folder))
        prose.append(rest)
    around = {name: notebook[name] for name in notebook if name != "cells"}
    text = json.dumps([prose, around], sort_keys=True)
    reads = files_read(sources, folder)
    return {"code": " ".join(code), "prose": digest(text), "reads": reads}, sources


def files_read(sources: Sequence[str], folder: Path) -> dict[str, str]:
    """Return a digest of each file that code may read, by its name as seen from the folder.

    Code that does nothing but call a section reads the files whose names stand in it as one text.
    Any other may also read whatever lies beside the notebook, other notebooks apart: modules, what
    these import, files whose names are put together.
    """
    found = {name for source in sources for name in _names(source) if _is_file(folder / name)}
    if not all(map(is_plain, sources)):
        found.update(_beside(folder))
    return {name: sha256(folder / name)[:16] for name in sorted(found)}


def _names(source: str) -> Iterator[str]:
    """What in a cell may be the name of a file."""
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except SyntaxError:
        yield from (quoted or name for quoted, name in QUOTED.findall(source))
        return
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _beside(folder: Path) -> Iterator[str]:
    """Every file in the folder and below that is not hidden, no notebook and of no other study."""
    for path in folder.iterdir():
        if path.name.startswith((".", "__pycache__")) or path.suffix == ".ipynb":
            continue
        if path.is_file():
            yield path.name
        elif path.is_dir() and not path.is_symlink() and not has_codebook(path):
            yield from (f"{path.name}/{name}" for name in _beside(path))


def _pictures(text: str, folder: Path) -> Iterator[tuple[str, str]]:
    """Files beside the notebook that its text shows."""
    for found in PICTURE.finditer(text):
        name = found[1] or found[2]
        if _is_file(folder / name):
            yield name, sha256(folder / name)[:16]


def _is_file(path: Path) -> bool:
    try:
        return len(path.name) < 256 and path.is_file()
    except (OSError, ValueError):
        return False


@cache
def package_files() -> Mapping[str, str]:
    """Return a digest of each file of the package that pages rest on, by its path inside.

    What works on a report once it is built is left out, and so is the study that an installed
    package carries.
    """
    files = (path for path in PACKAGE.rglob("*") if path.is_file())
    named = {path.relative_to(PACKAGE).as_posix(): path for path in files}
    return {n: sha256(path)[:16] for n, path in sorted(named.items()) if not LEFT_OUT.search(n)}


def is_of_export(name: str) -> bool:
    """Whether a file of the package only has a part in writing pages.

    >>> is_of_export("report/export.py"), is_of_export("report/running/execute.py")
    (True, False)
    """
    return name.startswith("report/") and not OF_RUNS.match(name)


def basis_of_environment() -> Basis:
    """Return the digests of package, lock file, Python and libraries.

    ``package`` is of what has a part in running pages, ``template`` of what writes them.
    """
    files = package_files()
    runs = {name: found for name, found in files.items() if not is_of_export(name)}
    writes = {name: found for name, found in files.items() if is_of_export(name)}
    return {
        "package": digest(json.dumps(runs)),
        "template": digest(json.dumps(writes)),
        "lock": (lock_digest() or "")[:16],
        "python": ".".join(map(str, sys.version_info[:3])),
        "libraries": digest(json.dumps(versions())),
    }


def basis_of_comments(places: Places) -> Basis:
    """Return the digest of what reviewers said of a report, which only has a part in writing."""
    file = comments_file(places)
    return {"comments": sha256(file)[:16] if file else ""}


@cache
def lock_digest() -> str | None:
    """SHA-256 of the lock file; None where there is none."""
    return next((sha256(file) for file in LOCK_FILES if file.is_file()), None)


@cache
def versions() -> Mapping[str, str]:
    """Versions of Python and of the libraries that results depend on.

    They are read from the names of the folders that an installer leaves beside a library, which
    takes a thousandth of the time that asking for each takes.
    """
    found = {"python": ".".join(map(str, sys.version_info[:3]))}
    wanted = {_key(name): name for name in LIBRARIES}
    for place in reversed(sys.path):
        for folder in _info_folders(Path(place or ".")):
            name, _, rest = folder.rpartition(".")[0].partition("-")
            if _key(name) in wanted:
                found[wanted[_key(name)]] = rest
    return {name: found[name] for name in ("python", *LIBRARIES) if name in found}


def _info_folders(place: Path) -> list[str]:
    try:
        return [entry.name for entry in place.iterdir() if entry.suffix == ".dist-info"]
    except OSError:
        return []


def _key(name: str) -> str:
    return re.sub(r"[-_.]+", "_", name).lower()


def inputs_digest(hashes: Mapping[str, str]) -> str:
    """Return one digest of the hashes of all input files."""
    return hashlib.sha256(json.dumps(dict(hashes)).encode()).hexdigest()
