"""Computed tables as CSV files in ``data/processed``, refreshed when an input has changed."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

import pandas as pd

from analysis._version import __version__
from analysis.comparisons import comparisons
from analysis.indicators import indicator_counts
from analysis.published import load_findings
from analysis.study import Study


def computed_tables(study: Study) -> dict[str, pd.DataFrame]:
    """Return every computed table of a study by the name of its file.

    Raises
    ------
    InputError
        With every problem of the findings table.
    """
    findings = load_findings(study)
    return {
        "indicator_counts.csv": indicator_counts(findings, study.codebook),
        "comparisons.csv": comparisons(findings, study.codebook),
    }


def write_tables(study: Study) -> list[Path]:
    """Write the computed tables of a study and return their files.

    A file whose content would stay the same is left alone. Each file is written beside its place
    and moved there, so that a reader never sees half of one.

    Raises
    ------
    InputError
        With every problem of the findings table; nothing is written then.
    """
    tables = computed_tables(study)
    study.processed.mkdir(parents=True, exist_ok=True)
    files = []
    for name, table in tables.items():
        target = study.processed / name
        _replace(target, table.to_csv(index=False, lineterminator="\n").encode())
        files.append(target)
    return files


def _replace(target: Path, content: bytes) -> None:
    if target.is_file() and target.read_bytes() == content:
        return
    handle, beside = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(beside).chmod(0o644)
        Path(beside).replace(target)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


STAMP = ".inputs.sha256"


def refresh_tables(study: Study) -> None:
    """Write the computed tables if an input has changed since they were written.

    Where nothing can be written, as in a study inside an installed package, nothing happens: the
    notebooks compute from the inputs and do not need the files.
    """
    digest = hashlib.sha256(__version__.encode())
    for name, path in study.input_files().items():
        digest.update(name.encode() + path.read_bytes())
    stamp = study.processed / STAMP
    if stamp.is_file() and stamp.read_text() == digest.hexdigest():
        return
    try:
        write_tables(study)
        _replace(stamp, digest.hexdigest().encode())
    except OSError:
        return
