"""Reads the codebook of a study, completes what it need not say, and holds it against itself."""

from __future__ import annotations

from pathlib import Path

from analysis.problems import refuse_any
from analysis.study.assembly import assembled
from analysis.study.codebook import Codebook
from analysis.study.declared import Tables, read_tables
from analysis.study.defaults import completed
from analysis.study.form import read_form
from analysis.study.made_figures import is_comparable, with_figures
from analysis.study.made_indicators import with_indicators
from analysis.study.references import reference_problems
from analysis.study.schema import KEYS
from analysis.study.tables import duplicates


def load_codebook(study: Path) -> Codebook:
    """Read and check the codebook of a study folder.

    Raises
    ------
    InputError
        With every problem found: a table or column missing, a name used that no table declares,
        a rule that is not of the form ``${item} = 'option'``, a name there twice.
    """
    declared = read_tables(study)
    form = read_form(declared)
    tables = completed(declared, form, study.resolve().name)
    problems = list(form.problems)
    for name, keys in KEYS.items():
        problems += duplicates(tables[name], tables.files[name], keys)
    problems += reference_problems(tables)
    refuse_any(list(dict.fromkeys(problems)))
    whole = with_figures(with_indicators(tables))
    return assembled(whole, form, tuple(_notes(whole)))


def _notes(tables: Tables) -> list[str]:
    """What no table says, what is done instead, and where it can be said."""
    files = tables.files
    notes = []
    if not tables.has("indicators.csv"):
        n = len(tables["indicators.csv"])
        notes.append(
            f"No indicators are declared ({files['indicators.csv']}), so each answer that can be "
            f"chosen is counted: {n} indicators."
        )
    if not any(tables["cycles.csv"]["eligible"]):
        notes.append(
            "Nobody says how many could have answered, so there are no shares of all. Where that "
            f"is known, write it into the column eligible of {files['cycles.csv']}."
        )
    cycles = list(dict.fromkeys(tables["cycles.csv"]["cycle"]))
    own = tables.rows("settings.csv")[0]["response_item"]
    items = [row for row in tables.rows("survey.csv") if row["name"] != own]
    if len(cycles) > 1 and not any(is_comparable(row, tables) for row in items):
        notes.append(
            f"Nobody says whether the questions of {cycles[-2]} and {cycles[-1]} can be compared, "
            "so no change is computed. Compare their wordings; then write identical, equivalent "
            f"or changed into the column comparability of {files['survey.csv']}, or what holds of "
            f"all the others into the column comparability of {files['settings.csv']}."
        )
    return notes
