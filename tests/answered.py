"""Small studies whose responses are given as a table in the test: who said what in which cycle."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from studies import CHOICES, CYCLES, SETTINGS, StudyFolder, small_study

from analysis.frames import records
from analysis.results import Results, compute_results
from analysis.study import load_study

Answers = Mapping[str, Mapping[str, str]]
"""By unit, what it said to ``law``, or to each item as ``law=yes fines=no``."""


def answered(
    folder: Path,
    cycles: Mapping[str, Answers],
    *,
    population: int = 0,
    items: Mapping[str, Mapping[str, str]] | None = None,
    group: str = "states",
    has_ids: bool = True,
    settings: Mapping[str, str] | None = None,
) -> StudyFolder:
    """A study with one export a cycle.

    Parameters
    ----------
    cycles : by cycle and unit, what it said to each item; a blank is a blank, a unit that is not
        there did not take part.
    population : how many could have answered; 0 for no list.
    has_ids : whether the exports say who answered.
    """
    names = list(dict.fromkeys(i for said in cycles.values() for u in said.values() for i in u))
    study = small_study(
        folder,
        cycles=" ".join(cycles),
        eligible=population or "",
        items=items or {name: {"comparability": "identical"} for name in names},
    )
    if group != "states":
        study.edit(CHOICES, "states", name=group, label="NGOs", singular="NGO")
        for table in (CYCLES, "codebook/survey.csv"):
            rows = study.read(table)
            study.write(table, [[group if c == "states" else c for c in row] for row in rows])
    for column, value in (settings or {}).items():
        study.add_column(SETTINGS, column, value)
    columns = [["item", "option", "cycle", "respondents", "column"]]
    columns += [[name, "", "", "", f"{name}?"] for name in names]
    columns += [["respondent_id", "", "", "", "Who"]] * has_ids
    sources = ["source title publisher year licence citation file sha256 cycle respondents".split()]
    sources[0].append("has_ids")
    (study.path / "responses").mkdir()
    for cycle, said in cycles.items():
        name = f"responses/{cycle}.csv"
        asked = [n for n in names if any(n in unit for unit in said.values())]
        header = [*(["Who"] * has_ids), *(f"{n}?" for n in asked)]
        lines = [
            [*([unit] * has_ids), *(own.get(n, "") for n in asked)] for unit, own in said.items()
        ]
        study.write(name, [header, *lines])
        digest = hashlib.sha256((study.path / name).read_bytes()).hexdigest()
        line = [cycle, "Answers", "", "", "not public", "own", name, digest, cycle, group]
        sources.append([*line, "yes" if has_ids else "no"])
    study.write("codebook/columns.csv", columns)
    study.write("codebook/sources.csv", sources)
    study.write(
        "codebook/value_map.csv",
        [
            ["list_name", "raw", "name", "reason"],
            ["", "?", "dont_know", "as the form says"],
            ["", "-", "not_applicable", "as the form says"],
        ],
    )
    if population and has_ids:
        units = sorted({unit for said in cycles.values() for unit in said})
        units += [f"silent {n}" for n in range(population - len(units))]
        roster = [["respondent_id", "respondents"], *([unit, group] for unit in units)]
        study.write("codebook/respondents.csv", roster)
    return study


def said(pattern: str, item: str = "law") -> dict[str, dict[str, str]]:
    """Answers of units 1, 2, ...: ``y`` yes, ``n`` no, ``b`` blank, ``?`` don't know, ``.`` absent.

    ``-`` says that the question does not apply.

    >>> said("y.")
    {'U01': {'law': 'yes'}}
    """
    words = {"y": "yes", "n": "no", "b": "", "?": "?", "-": "-"}
    return {
        f"U{number:02d}": {item: words[letter]}
        for number, letter in enumerate(pattern, 1)
        if letter != "."
    }


def results_of(study: StudyFolder) -> Results:
    return compute_results(load_study(study.path))


def change(results: Results, indicator: str = "law", **place: str) -> dict[str, Any]:
    """The one row of the comparison table of an indicator."""
    return only(results.comparisons, indicator=indicator, **place)


def only(table: pd.DataFrame, **place: str) -> dict[str, Any]:
    for column, value in place.items():
        table = table[table[column] == value]
    (row,) = records(table)
    return dict(row)


def numbers(row: Mapping[str, Any], *names: str) -> list[Any]:
    return [None if pd.isna(row[name]) else row[name] for name in names]


def lines(table: pd.DataFrame, *columns: str) -> Sequence[tuple[Any, ...]]:
    return list(table[list(columns)].itertuples(index=False, name=None))
