"""Computed tables as CSV files in ``data/processed``, refreshed when an input has changed."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd

from analysis._version import __version__
from analysis.files import replace_file
from analysis.intake import Responses
from analysis.intake.guard import guarded_table
from analysis.results import Results, compute_results
from analysis.study import Study
from analysis.study.places import SYNTHETIC

TABLES = ("indicator_counts.csv", "comparisons.csv", "sensitivity.csv")
STAMP = ".inputs.sha256"
"""The file that says from which inputs the tables were computed."""


def write_tables(study: Study, results: Results | None = None) -> list[Path]:
    """Write the computed tables of a study and return their files.

    `results` are the tables, where they have been computed already. A file whose content would
    stay the same is left alone. Each file is written beside its place and moved there, so that a
    reader never sees half of one.

    Raises
    ------
    InputError
        With every problem of the findings table; nothing is written then.
    """
    digest = _inputs_digest(study)
    tables = tables_of(results or compute_results(study))
    study.processed.mkdir(parents=True, exist_ok=True)
    files = []
    for name, table in tables.items():
        target = study.processed / name
        replace_file(target, table.to_csv(index=False, lineterminator="\n").encode())
        files.append(target)
    replace_file(study.processed / STAMP, digest)
    return files


def _inputs_digest(study: Study) -> bytes:
    digest = hashlib.sha256(__version__.encode())
    for name, path in study.input_files().items():
        digest.update(name.encode() + path.read_bytes())
    return digest.hexdigest().encode()


def tables_of(results: Results) -> dict[str, pd.DataFrame]:
    """Return every table that is written, by the name of its file.

    What respondents wrote is guarded against spreadsheets that would take it for a formula; see
    `analysis.intake.guard`.
    """
    tables = {
        "indicator_counts.csv": results.counts,
        "comparisons.csv": results.comparisons,
        "sensitivity.csv": results.sensitivity,
    }
    if results.responses is not None:
        tables |= {
            "responses.csv": guarded_table(_marked(results.responses), ("value",)),
            "ledger.csv": guarded_table(results.responses.ledger, ("column", "before", "after")),
            "quarantine.csv": guarded_table(results.responses.quarantine, ("column", "value")),
            "moves.csv": results.moves,
            "panel.csv": results.panel,
            "trends.csv": results.trends,
            "distributions.csv": results.distributions,
            "numbers.csv": results.numbers,
            "scales.csv": results.scales,
            "replication.csv": results.replication,
        }
    return tables


def _marked(responses: Responses) -> pd.DataFrame:
    """The responses, with a column that keeps invented ones from being read as real."""
    table = responses.table
    return table.assign(**{SYNTHETIC: SYNTHETIC}) if responses.is_synthetic else table


def refresh_tables(study: Study) -> None:
    """Write the computed tables if one is missing or an input has changed since they were written.

    Where nothing can be written, as in a study inside an installed package, nothing happens: the
    notebooks compute from the inputs and do not need the files.
    """
    stamp = study.processed / STAMP
    are_there = all((study.processed / name).is_file() for name in (STAMP, *TABLES))
    if are_there and stamp.read_bytes() == _inputs_digest(study):
        return
    try:
        write_tables(study)
    except OSError:
        return
