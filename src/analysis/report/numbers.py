"""The numbers behind a report, as plain tables with the ids of the codebook.

They lie in `numbers/` of the reports folder and hold no row of a single respondent, so that two
reports can be compared, and a report can be shared, without the study.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.files import sha256
from analysis.report.exhibits import read_notebook, read_parameters
from analysis.report.fresh.basis import inputs_digest, package_files
from analysis.report.fresh.glance import is_as_written
from analysis.report.identity import about, meaning_of
from analysis.report.outcome import FRESH, Outcome
from analysis.report.record import Record, entry_of

if TYPE_CHECKING:
    from analysis.report.fresh.plan import Known
    from analysis.results import Results

NUMBERS = "numbers"
"""The folder; it is also what the record calls the hashes of its files."""

TABLES = {
    "findings": "findings",
    "indicator_counts": "counts",
    "comparisons": "comparisons",
    "sensitivity": "sensitivity",
    "trends": "trends",
    "distributions": "distributions",
    "numbers": "numbers",
    "scales": "scales",
    "panel": "panel",
    "replication": "replication",
}
"""Each table and the one of `analysis.results.Results` it is made of: those of no respondent."""

OF_ONE = ["lowest", "highest"]
"""Columns whose numbers are answers of single respondents."""

OF_FINDINGS = (
    "finding_id cycle respondents item option measure qualifier value low high base".split()
)


def write_numbers(known: Known, staging: Path) -> tuple[Record, list[str]]:
    """Write the tables into a new report, unless those of the report before hold.

    Returns
    -------
    dict, list of str
        What the record says of study and tables, and the names that change in the reports folder.
    """
    before = {name: known.record.get(name, {}) for name in ("study", NUMBERS)}
    if (
        known.record.get("inputs_digest") == inputs_digest(known.facts.inputs)
        and known.record.get("package") == package_files()
        and is_as_written(before[NUMBERS], known.study.reports)
    ):
        return before, []
    told = about(known.study)
    files = dict(_written(known.facts.results, staging, known.study.stamp))
    return {
        "study": told | meaning_of(known.study.codebook, known.parts),
        NUMBERS: {name: sha256(file) for name, file in files.items()},
    }, [NUMBERS]


def _written(results: Results, staging: Path, stamp: str) -> Iterator[tuple[str, Path]]:
    for name, attribute in TABLES.items():
        table = getattr(results, attribute)
        if name == "findings":
            table = table[OF_FINDINGS]
        table = table.drop(columns=OF_ONE, errors="ignore")
        if len(table) == 0 or (name == "findings" and stamp):  # no printed number is invented
            continue
        file = staging / NUMBERS / f"{stamp}{'_' if stamp else ''}{name}.csv"
        file.parent.mkdir(exist_ok=True)
        table.to_csv(file, index=False, lineterminator="\n")
        yield file.relative_to(staging).as_posix(), file


def with_values(
    record: Record, before: Record, staging: Path, outcomes: Sequence[Outcome]
) -> Record:
    """Return a record that says of each page with which values it ran.

    ``values`` are all its parameters with those that were not given; ``setting`` are the places
    among its code cells of those that hold them.
    """
    done = {one.page for one in outcomes if one.is_ok and one.done != FRESH}
    for entry in record["pages"]:
        shown = entry.get("shown")
        file = staging / "notebooks" / f"{entry['page']}.ipynb"
        if shown and entry["page"] in done and file.is_file():
            notebook = read_notebook(file)
            values = read_parameters(notebook)
            shown["values"] = {name: str(value) for name, value in values.items()}
            shown["setting"] = _setting(notebook)
        elif shown:
            past = entry_of(before, entry["page"]).get("shown") or {}
            shown |= {name: past[name] for name in ("values", "setting") if name in past}
    return record


def _setting(notebook: Mapping[str, Any]) -> list[int]:
    code = (cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    tags = [cell["metadata"].get("tags", []) for cell in code]
    own = [found for found in tags if "injected-parameters" not in found]
    return [place for place, found in enumerate(own) if "parameters" in found]
