"""Writes a research object: all of it beside its place, then moved there at once."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

from analysis.problems import InputError, Problem, refuse_any
from analysis.publishing.contents import contents_of
from analysis.publishing.crate import FILE as CRATE
from analysis.publishing.crate import crate
from analysis.publishing.data_package import FILE as DATA_PACKAGE
from analysis.publishing.data_package import data_package
from analysis.publishing.readme import readme
from analysis.publishing.ready import problems_of
from analysis.report.record import read_record
from analysis.results import compute_results
from analysis.study import Study

FOLDER = "package"
README = "README.md"


def package_study(study: Study) -> list[Path]:
    """Write the research object of a study and return its files.

    It goes into the folder ``package`` beside the report. The tables are those of the report,
    computed again from the same inputs; nothing in them says what a single respondent answered.

    Raises
    ------
    InputError
        When the report was not built or is not of the present inputs, when the settings do not
        say what a published study must, or when the folder holds something else; nothing is
        written then.
    """
    record = read_record(study.reports)
    refuse_any(problems_of(study, record))
    target = study.reports.parent / (f"{study.stamp}_{FOLDER}" if study.stamp else FOLDER)
    _refuse_other(target)
    contents = contents_of(study, compute_results(study))
    files = {
        **contents.others,
        README: readme(study, contents).encode(),
        DATA_PACKAGE: _json(data_package(study, contents.tables)),
    }
    files[CRATE] = _json(crate(study, record, contents.tables, files))
    files |= {table.path: table.content for table in contents.tables}
    _write(target, files)
    return [target / name for name in sorted(files)]


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def _refuse_other(target: Path) -> None:
    is_ours = (target / CRATE).is_file() and (target / DATA_PACKAGE).is_file()
    if target.exists() and not is_ours and any(target.iterdir()):
        message = "the folder holds something else, and nothing is overwritten. Move it away."
        raise InputError(Problem(message, file=target.name))


def _write(target: Path, files: Mapping[str, bytes]) -> None:
    """Write all files beside the folder, then put them in its place; on any error put it back."""
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as scratch:
        made, before = Path(scratch) / "made", Path(scratch) / "before"
        for name, content in files.items():
            path = made / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        if target.exists():
            target.rename(before)
        try:
            made.rename(target)
        except BaseException:
            if before.exists():
                before.rename(target)
            raise
