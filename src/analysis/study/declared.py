"""The tables of a codebook as they stand in its folder or its workbook, held to their columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.frames import Row, records
from analysis.problems import InputError, Problem, nearest, refuse_any
from analysis.study.grids import Grid, read_csv
from analysis.study.labels import in_one_language, is_meant, languages
from analysis.study.places import CODEBOOK, WORKBOOK
from analysis.study.schema import NEEDED, TABLES, XLSFORM
from analysis.study.tables import as_frame, held, row_problem
from analysis.study.workbook import read_workbook

BESIDE = ("respondents.csv", "assumed.csv")
"""Files in ``codebook/`` that are no tables of the codebook itself."""


@dataclass(frozen=True)
class Tables:
    """The tables of a codebook, all of them: without a row where the codebook has none.

    Attributes
    ----------
    frames : each table by the name of its file (``survey.csv``), in the columns of
        `analysis.study.schema.TABLES` and ``_row``.
    files : what messages call each.
    given : the columns that are written there; no entry for a table that the codebook has not.
    """

    frames: Mapping[str, pd.DataFrame]
    files: Mapping[str, str]
    given: Mapping[str, frozenset[str]]

    def __getitem__(self, table: str) -> pd.DataFrame:
        return self.frames[table]

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Return the rows of a table."""
        return records(self.frames[table])

    def has(self, table: str, column: str = "") -> bool:
        """Tell whether the codebook has a table, or a column of it."""
        return table in self.given and (not column or column in self.given[table])

    def having(self, table: str, rows: Sequence[Row]) -> Tables:
        """Return the same with other rows in one table."""
        frame = as_frame(rows, TABLES[table])
        return replace(self, frames={**self.frames, table: frame})

    def problem(
        self, table: str, row: Row, column: str, message: str, allowed: Sequence[object] = ()
    ) -> Problem:
        """Return the problem of one cell."""
        return row_problem(self.files[table], row, column, message, allowed)


def read_tables(study: Path) -> Tables:
    """Read the codebook of a study: CSV files in ``codebook/``, or one workbook.

    Raises
    ------
    InputError
        There is none, or both; or with every problem of every table by itself.
    """
    workbook = _workbook_of(study)
    grids, problems = _from_workbook(workbook) if workbook else _from_folder(study / CODEBOOK)
    place = f"{WORKBOOK}, sheet " if workbook else f"{CODEBOOK}/"
    files = {
        name: grids[name].name if name in grids else place + _written(name, workbook)
        for name in TABLES
    }
    settings = grids.get("settings.csv")
    wanted = _language(settings) if settings else ""
    frames, given = {}, {}
    for name, columns in TABLES.items():
        grid = grids.get(name)
        if grid is None:
            frames[name] = as_frame([], columns)
            continue
        if name in XLSFORM:
            grid = _as_form(grid, wanted)
        try:
            frames[name] = held(grid, columns, has_others=name in XLSFORM)
            given[name] = frozenset(grid.header)
        except InputError as error:
            problems += error.problems
    refuse_any([*problems, *_language_problems(grids, wanted, files["settings.csv"])])
    return Tables(frames, files, given)


def _workbook_of(study: Path) -> Path | None:
    """The workbook that holds the codebook, None where its tables are CSV files."""
    folder = study / CODEBOOK
    workbooks = [path for path in (study / WORKBOOK, folder / WORKBOOK) if path.is_file()]
    tables = [name for name in TABLES if (folder / name).is_file()]
    named = [path.relative_to(study).as_posix() for path in workbooks]
    if len(workbooks) > 1 or (workbooks and tables):
        both = f"{CODEBOOK}/{tables[0]}" if tables else named[1]
        message = f"there is {both} as well; a study has one codebook, so take one of them away."
        raise InputError(Problem(message, file=named[0]))
    if not workbooks and not folder.is_dir():
        others = sorted(path.name for path in study.glob("*.xls*") if path.name[0] != "~")
        message = f"there is no codebook: neither a folder {CODEBOOK}/ nor a workbook {WORKBOOK}."
        message += f" Is it {others[0]}? Then name it {WORKBOOK}." if others else ""
        raise InputError(Problem(message, file=study.name))
    return workbooks[0] if workbooks else None


def _from_folder(folder: Path) -> tuple[dict[str, Grid], list[Problem]]:
    grids: dict[str, Grid] = {}
    problems = _misnamed(
        {path.name: f"{CODEBOOK}/{path.name}" for path in sorted(folder.glob("*.csv"))}
    )
    for name in TABLES:
        if name not in NEEDED and not (folder / name).is_file():
            continue
        try:
            grids[name] = read_csv(folder / name, f"{CODEBOOK}/{name}")
        except InputError as error:
            problems += error.problems
    return grids, problems


def _from_workbook(path: Path) -> tuple[dict[str, Grid], list[Problem]]:
    sheets = {f"{title}.csv": grid for title, grid in read_workbook(path).items()}
    problems = _misnamed({name: grid.name for name, grid in sheets.items()})
    titles = tuple(grid.name.rpartition(" ")[2] for grid in sheets.values())
    for name in NEEDED:
        if name not in sheets:
            sheet = _written(name, path)
            message = f"the sheet {sheet!r} is missing or empty."
            if name == "cycles.csv":
                message += " One column, cycle, with a row a cycle is enough."
            problems.append(Problem(message, file=path.name, value=sheet, allowed=titles))
    return {name: grid for name, grid in sheets.items() if name in TABLES}, problems


def _misnamed(there: Mapping[str, str]) -> list[Problem]:
    """Tables with a name that reads like that of one which is not there."""
    absent = [name.removesuffix(".csv") for name in TABLES if name not in there]
    return [
        Problem(
            "no table of the codebook has this name.",
            file=place,
            value=name.removesuffix(".csv"),
            allowed=absent,
        )
        for name, place in there.items()
        if name not in (*TABLES, *BESIDE) and nearest(name.removesuffix(".csv"), absent)
    ]


def _written(name: str, workbook: Path | None) -> str:
    return name.removesuffix(".csv") if workbook else name


def _as_form(grid: Grid, wanted: str) -> Grid:
    """A table of a form in one language, its headers spelled in one way."""
    header = tuple("list_name" if column == "list name" else column for column in grid.header)
    return in_one_language(replace(grid, header=header), wanted)


def _language(settings: Grid) -> str:
    """The language that a form names as its own."""
    place = dict(zip(settings.header, range(len(settings.header)), strict=True))
    cells = settings.rows[0][1] if settings.rows else ()
    at = place.get("default_language", len(cells))
    return cells[at] if at < len(cells) else ""


def _language_problems(grids: Mapping[str, Grid], wanted: str, file: str) -> list[Problem]:
    known = [one for name in XLSFORM if name in grids for one in languages(grids[name])]
    plain = all("label" in grids[name].header for name in XLSFORM[:2] if name in grids)
    if not wanted or not known or plain or any(is_meant(one, wanted) for one in known):
        return []
    return [
        Problem(
            "no column of labels is in this language.",
            file=file,
            row=grids["settings.csv"].rows[0][0],
            column="default_language",
            value=wanted,
            allowed=tuple(dict.fromkeys(known)),
        )
    ]
