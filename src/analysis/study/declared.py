"""The tables of a codebook as they stand in its folder or its workbook, held to their columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.frames import Row, records
from analysis.problems import InputError, Problem, refuse_any
from analysis.study.grids import Grid
from analysis.study.labels import in_one_language, is_meant, languages
from analysis.study.places import CODEBOOK
from analysis.study.schema import ALIASES, TABLES, XLSFORM
from analysis.study.tables import Column, as_frame, held, read_table, row_problem
from analysis.study.workbook import read_workbook
from analysis.study.written import workbook_of, written


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
    _rows: dict[str, list[dict[str, Any]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __getitem__(self, table: str) -> pd.DataFrame:
        return self.frames[table]

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Return the rows of a table, the same list each time; not to be changed."""
        if table not in self._rows:
            self._rows[table] = records(self.frames[table])
        return self._rows[table]

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
    found = written(study)
    grids, files, problems = found.grids, found.files, list(found.problems)
    settings = grids.get("settings.csv")
    wanted = _language(settings) if settings else ""
    frames, given = {}, {}
    for name, columns in TABLES.items():
        grid = grids.get(name)
        if grid is None:
            frames[name] = as_frame([], columns)
            continue
        if name in XLSFORM:
            grid = _as_form(grid, ALIASES[name], wanted)
        try:
            frames[name] = held(grid, columns, has_others=name in XLSFORM)
            given[name] = frozenset(grid.header)
        except InputError as error:
            problems += error.problems
    refuse_any([*problems, *_language_problems(grids, wanted, files["settings.csv"])])
    return Tables(frames, files, given)


def read_one(study: Path, name: str, columns: Sequence[Column]) -> tuple[pd.DataFrame, str] | None:
    """Read one table of the codebook, or one that stands beside it.

    Parameters
    ----------
    name : ``sources.csv``, ``respondents.csv``, ...: a file in ``codebook/``, or a sheet.

    Returns
    -------
    DataFrame, str
        The table, and what messages call it; None where there is neither file nor sheet.

    Raises
    ------
    InputError
        As `analysis.study.tables.held`.
    """
    file = study / CODEBOOK / name
    if file.is_file():
        return read_table(file, f"{CODEBOOK}/{name}", columns), f"{CODEBOOK}/{name}"
    workbook = workbook_of(study)
    grid = read_workbook(workbook).get(name.removesuffix(".csv")) if workbook else None
    return (held(grid, columns), grid.name) if grid else None


def _as_form(grid: Grid, aliases: Mapping[str, str], wanted: str) -> Grid:
    """A table of a form in one language, its headers spelled in one way."""
    header = [
        aliases[column] if column in aliases and aliases[column] not in grid.header else column
        for column in grid.header
    ]
    return in_one_language(replace(grid, header=tuple(header)), wanted)


def _language(settings: Grid) -> str:
    """The language that a form names as its own."""
    place = dict(zip(settings.header, range(len(settings.header)), strict=True))
    cells = settings.rows[0][1] if settings.rows else ()
    at = place.get("default_language", len(cells))
    language = cells[at] if at < len(cells) else ""
    return "" if language == "default" else language


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
