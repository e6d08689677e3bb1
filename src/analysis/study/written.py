"""Where the tables of a codebook are written: CSV files in a folder, or sheets of one workbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from analysis.problems import InputError, Problem, nearest
from analysis.study.grids import Grid, read_csv
from analysis.study.places import CODEBOOK, WORKBOOK
from analysis.study.schema import NEEDED, TABLES
from analysis.study.workbook import read_workbook

ENOUGH = {"cycles.csv": " One column, cycle, with a row a cycle is enough."}
"""What to put into a table that is missing."""

BESIDE = ("respondents.csv", "assumed.csv")
"""Files in ``codebook/`` that are no tables of the codebook itself."""


@dataclass(frozen=True)
class Written:
    """The tables that a codebook has.

    Attributes
    ----------
    grids : by the name of the file (``survey.csv``); no entry for a table that is not there.
    files : what messages call each table, whether it is there or not.
    problems : what is wrong before a table is looked at: one that is missing, damaged, misnamed.
    """

    grids: Mapping[str, Grid]
    files: Mapping[str, str]
    problems: tuple[Problem, ...]


def written(study: Path) -> Written:
    """Find and read the tables of a codebook.

    Raises
    ------
    InputError
        There is no codebook, or there are two; or a workbook cannot be read.
    """
    workbook = workbook_of(study)
    place = f"{WORKBOOK}, sheet " if workbook else f"{CODEBOOK}/"
    files = {
        name: f"{place}{name.removesuffix('.csv')}" if workbook else f"{place}{name}"
        for name in TABLES
    }
    grids, problems = _from_workbook(workbook) if workbook else _from_folder(study / CODEBOOK)
    files |= {name: grid.name for name, grid in grids.items()}
    return Written(grids, files, tuple(problems))


def workbook_of(study: Path) -> Path | None:
    """Return the workbook that holds the codebook, None where its tables are CSV files.

    Raises
    ------
    InputError
        There is no codebook, or there are two.
    """
    folder = study / CODEBOOK
    workbooks = [path for path in (study / WORKBOOK, folder / WORKBOOK) if path.is_file()]
    tables = [name for name in TABLES if (folder / name).is_file()]
    named = [path.relative_to(study).as_posix() for path in workbooks]
    if len(workbooks) > 1 or (workbooks and tables):
        both = f"{CODEBOOK}/{tables[0]}" if tables else named[1]
        message = f"there is {both} as well; a study has one codebook, so take one of them away."
        raise InputError(Problem(message, file=named[0]))
    if not workbooks and not any(folder.glob("*.csv")):
        others = [*study.glob("*.xls*"), *folder.glob("*.xls*"), *study.glob("*.ods")]
        names = sorted(path.relative_to(study).as_posix() for path in others if path.name[0] != "~")
        message = f"there is no codebook: neither tables in {CODEBOOK}/ nor a workbook {WORKBOOK}."
        message += f" Is it {names[0]}? Then save it as {WORKBOOK}." if names else ""
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
            is_there = (folder / name).is_file()
            problems += [
                one if is_there else replace(one, message=one.message + ENOUGH.get(name, ""))
                for one in error.problems
            ]
    return grids, problems


def _from_workbook(path: Path) -> tuple[dict[str, Grid], list[Problem]]:
    sheets = {f"{title}.csv": grid for title, grid in read_workbook(path).items()}
    problems = _misnamed({name: grid.name for name, grid in sheets.items()})
    titles = tuple(name.removesuffix(".csv") for name in sheets)
    for name in NEEDED:
        if name not in sheets:
            sheet = name.removesuffix(".csv")
            message = f"the sheet {sheet!r} is missing or empty.{ENOUGH.get(name, '')}"
            problems.append(Problem(message, file=path.name, value=sheet, allowed=titles))
    return {name: grid for name, grid in sheets.items() if name in TABLES}, problems


def _misnamed(there: Mapping[str, str]) -> list[Problem]:
    """Tables with a name that reads like that of one which need not be there and is not."""
    optional = [name for name in TABLES if name not in NEEDED]
    absent = [name.removesuffix(".csv") for name in optional if name not in there]
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
