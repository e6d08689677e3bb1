"""Studies for the tests: a copy of the default one to spoil, and small ones made up in a line."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
import pytest

from analysis.problems import InputError, Problem
from analysis.published import load_findings
from analysis.results import Results, compute_results
from analysis.study import Study, load_study
from analysis.study.places import find_places

ROOT = Path(__file__).resolve().parent.parent
DEFAULT = ROOT / "data" / "raw"

FINDINGS = "findings.csv"
SURVEY = "codebook/survey.csv"
CHOICES = "codebook/choices.csv"
INDICATORS = "codebook/indicators.csv"
SECTIONS = "codebook/sections.csv"
CYCLES = "codebook/cycles.csv"
FIGURES = "codebook/figures.csv"
SETTINGS = "codebook/settings.csv"

KEY = {FINDINGS: "finding_id", SURVEY: "name", CHOICES: "name"}
"""The column that tells rows apart where it is not the first one."""


RIGHT: dict[tuple[tuple[str, bytes], ...], Study] = {}


@dataclass(frozen=True)
class StudyFolder:
    """A study folder under a temporary path; every edit returns the line that it touched."""

    path: Path

    def load(self, output: Path | None = None) -> Study:
        """Load the study; a codebook that has been read and found right is not read again."""
        files = sorted((self.path / "codebook").iterdir())
        content = tuple((file.name, file.read_bytes()) for file in files)
        if content not in RIGHT:
            RIGHT[content] = load_study(self.path)
        return replace(RIGHT[content], places=find_places(self.path, output))

    def findings(self) -> pd.DataFrame:
        return load_findings(self.load())

    def tables(self) -> Results:
        return compute_results(self.load())

    def read(self, file: str) -> list[list[str]]:
        with (self.path / file).open(encoding="utf-8-sig", newline="") as stream:
            return list(csv.reader(stream))

    def write(self, file: str, rows: Iterable[Iterable[str]]) -> None:
        with (self.path / file).open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows(rows)

    def edit(self, file: str, row: str, /, **cells: object) -> int:
        header, *rows = self.read(file)
        place = header.index(KEY.get(file, header[0]))
        index = next(i for i, cells_ in enumerate(rows) if cells_[place] == row)
        for column, value in cells.items():
            rows[index][header.index(column)] = str(value)
        self.write(file, [header, *rows])
        return index + 2

    def drop_row(self, file: str, row: str) -> int:
        header, *rows = self.read(file)
        place = header.index(KEY.get(file, header[0]))
        kept = [cells for cells in rows if cells[place] != row]
        assert len(kept) == len(rows) - 1
        self.write(file, [header, *kept])
        return next(i for i, cells in enumerate(rows) if cells[place] == row) + 2

    def add_row(self, file: str, /, **cells: object) -> int:
        header, *rows = self.read(file)
        assert set(cells) <= set(header)
        self.write(file, [header, *rows, [str(cells.get(name, "")) for name in header]])
        return len(rows) + 2

    def add_column(self, file: str, name: str, value: str = "") -> None:
        header, *rows = self.read(file)
        self.write(file, [[*header, name], *([*cells, value] for cells in rows)])

    def rename_column(self, file: str, old: str, new: str) -> None:
        header, *rows = self.read(file)
        self.write(file, [[new if name == old else name for name in header], *rows])

    def drop_column(self, file: str, name: str) -> None:
        rows = self.read(file)
        place = rows[0].index(name)
        self.write(file, [cells[:place] + cells[place + 1 :] for cells in rows])


def copy_of_default(folder: Path) -> StudyFolder:
    """An editable copy of the study that comes with the repository."""
    path = folder / "study"
    shutil.copytree(
        DEFAULT,
        path,
        ignore=shutil.ignore_patterns("responses", "rehearsal", "processed", "reports"),
    )
    return StudyFolder(path)


def small_study(
    folder: Path,
    *findings: Mapping[str, object],
    cycles: str = "a b",
    eligible: int | str = 20,
    items: Mapping[str, Mapping[str, str]] | None = None,
    indicators: Mapping[str, Mapping[str, str]] | None = None,
    response_item: str = "took_part",
) -> StudyFolder:
    """A made-up study: one section, one group, yes/no questions; an indicator for each yes.

    `items` and `indicators` give the cells that differ from that; so does each finding. A finding
    is about the question ``law`` in the last cycle, and counts.
    """
    names = cycles.split()
    study = StudyFolder(folder / "small")
    (study.path / "codebook").mkdir(parents=True)
    groups = [["respondents", "states", "States", "State"]]
    options = [["yes_no", "yes", "Yes", ""], ["yes_no", "no", "No", ""]]
    bases = [["base", "cases", "cases", ""], ["base", "remaining_cases", "cases left", ""]]
    tables: dict[str, list[list[str]]] = {
        SETTINGS: [
            "form_title form_id version released description disclaimer response_item".split(),
            ["Small", "small", "", "", "", "", response_item],
        ],
        CYCLES: [
            ["cycle", "respondents", "eligible"],
            *([name, "states", str(eligible)] for name in names),
        ],
        SECTIONS: [["section", "title", "question", "notebook"], ["s", "Laws", "", ""]],
        CHOICES: [["list_name", "name", "label", "singular"], *groups, *options, *bases],
        FIGURES: [["figure", "section", "form", "title", "note"]],
        "codebook/sources.csv": [
            "source title publisher year licence citation file sha256".split(),
        ],
    }
    questions: dict[str, Mapping[str, str]] = {"took_part": {"comparability": "identical"}}
    questions |= items if items is not None else {"law": {"comparability": "identical"}}
    survey = "type name label section respondents unit asked comparability relevant".split()
    base = {"type": "select_one yes_no", "section": "s", "respondents": "states", "asked": cycles}
    tables[SURVEY] = [survey]
    for name, cells in questions.items():
        full = {**base, "name": name, "label": f"{name}?", **cells}
        tables[SURVEY].append([full.get(column, "") for column in survey])
    counted: dict[str, Mapping[str, str]] = {
        name: {} for name, cells in questions.items() if "type" not in cells
    }
    counted |= indicators or {}
    header = "indicator rule base label phrase figure".split()
    tables[INDICATORS] = [header]
    for name, cells in counted.items():
        rule = f"${{{name}}} = 'yes'"
        full = {"indicator": name, "rule": rule, "label": name, "phrase": f"had {name}", **cells}
        tables[INDICATORS].append([full.get(column, "") for column in header])
    tables[FINDINGS] = [
        "finding_id section cycle respondents item measure qualifier value low high base "
        "as_printed statement origin locator option".split()
    ]
    for number, cells in enumerate(findings):
        full = {
            "finding_id": f"f{number}",
            "section": "s",
            "cycle": names[-1],
            "respondents": "states",
            "item": "law",
            "measure": "count",
            "qualifier": "exactly",
            "base": "participating",
            "as_printed": "x",
            "statement": "x",
            "origin": "survey",
            "locator": "p",
            "option": "yes",
            **cells,
        }
        tables[FINDINGS].append([str(full.get(column, "")) for column in tables[FINDINGS][0]])
    for file, rows in tables.items():
        study.write(file, rows)
    return study


def took_part(**counts: int) -> list[dict[str, object]]:
    """The findings that say how many answered, by cycle."""
    return [
        {"item": "took_part", "cycle": cycle, "value": count} for cycle, count in counts.items()
    ]


def problems_of(call: Callable[[], object]) -> list[Problem]:
    """What is wrong with the input of a call that must be refused."""
    with pytest.raises(InputError) as caught:
        call()
    assert caught.value.problems
    assert str(caught.value).splitlines() == [str(problem) for problem in caught.value.problems]
    return caught.value.problems


def problem_of(call: Callable[[], object]) -> Problem:
    """The one thing that is wrong."""
    (problem,) = problems_of(call)
    return problem
