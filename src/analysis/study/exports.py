"""Which exports of a survey tool a study has, and who could have answered."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from analysis.frames import Row, records
from analysis.problems import Problem, refuse_any
from analysis.study.conditions import Condition, clauses_of, parse
from analysis.study.declared import read_one
from analysis.study.guard import unguarded
from analysis.study.places import CODEBOOK, REHEARSAL, RESPONSES
from analysis.study.reading import (
    LABELLED_ENDINGS,
    READABLE,
    SHEET_ENDINGS,
    TEXT_ENDINGS,
    Reading,
)
from analysis.study.schema import TABLES
from analysis.study.tables import ROW, Column, read_table, row_problem
from analysis.study.vocabulary import LONG

if TYPE_CHECKING:
    from analysis.study import Study

SOURCES = "sources.csv"
ROSTER = "respondents.csv"
EXPORT_ENDINGS = (*(one for one in READABLE if one != ".txt"), ".xls", ".xlsb", ".ods", ".por")
"""Endings of files that are taken for exports, whether they can be read or not."""

MOST_HEADER_ROWS, MOST_ROWS_ABOVE = 10, 100
INVENTED = "invented.csv"


@dataclass(frozen=True)
class Export:
    """One file of answers: those of one group in one cycle, or of several if it is a long one.

    Attributes
    ----------
    name : its path inside the study folder.
    sha256 : the hash of its content when it was put there.
    cycle, respondents : whose answers it has; empty where the rows of a long export say so.
    has_ids : whether the id of a respondent is the same in every cycle. Where it is not, nobody
        can be followed from one cycle to another.
    is_long : whether a row is an answer, not a submission.
    table, row : the line that declares it, as messages call it.
    where : what holds of the rows that belong to the study, about its headers; None for all rows.
    reading : how its file is read.
    """

    name: str
    path: Path
    sha256: str
    cycle: str
    respondents: str
    has_ids: bool = True
    is_long: bool = False
    where: Condition | None = None
    table: str = f"{CODEBOOK}/{SOURCES}"
    row: int | None = None
    reading: Reading = field(default_factory=Reading)

    @property
    def asked_of(self) -> tuple[str, ...]:
        """The headers that `where` is about."""
        return tuple(one.item for one in clauses_of(self.where)) if self.where else ()


def exports_of(study: Study) -> tuple[Export, ...]:
    """Return the exports that the sources of a study name, in their order.

    A rehearsal has its own ``rehearsal/sources.csv``; all else stands in the table ``sources`` of
    the codebook, a study without one has no exports.

    Raises
    ------
    InputError
        A line names a file but not its hash or, unless it is a long one, its cycle and group, or
        the file lies outside the folder that it belongs in, or two lines name the same cycle and
        group, or a line says of how to read the file what cannot be; or ``responses`` holds a file
        that no line names.
    """
    folder = REHEARSAL if study.is_rehearsal else RESPONSES
    found = beside(study, SOURCES, TABLES[SOURCES])
    if found is None and study.is_rehearsal:
        return ()
    sources, table = found or (pd.DataFrame(), f"{CODEBOOK}/{SOURCES}")
    rows = [row for row in records(sources) if row["file"]]
    problems: list[Problem] = []
    for row in rows:
        said_by_line = ("sha256",) if row["shape"] == LONG else ("cycle", "respondents", "sha256")
        problems += [
            row_problem(table, row, column, "an export needs its cycle, group and hash.")
            for column in said_by_line
            if not row[column]
        ]
        problems += _place_problems(study, folder, table, row)
        problems += _reading_problems(table, row) + _where_problems(table, row)
    problems += _repeats(table, rows)
    problems += _unnamed(study, folder, {row["file"] for row in rows}, table)
    refuse_any(problems)
    return tuple(
        Export(
            name=row["file"],
            path=study.raw / row["file"],
            sha256=row["sha256"],
            cycle=row["cycle"],
            respondents=row["respondents"],
            has_ids=row["has_ids"] == "yes",
            is_long=row["shape"] == LONG,
            where=parse(row["where"]) if row["where"] else None,
            table=table,
            row=int(str(row[ROW])),
            reading=_reading(row),
        )
        for row in rows
    )


def beside(study: Study, name: str, columns: Sequence[Column]) -> tuple[pd.DataFrame, str] | None:
    """A table that a rehearsal has of its own, else that of the codebook; and what it is called."""
    if not study.is_rehearsal:
        return read_one(study.raw, name, columns)
    file = f"{REHEARSAL}/{name}"
    if not (study.raw / file).is_file():
        return None
    return read_table(study.raw / file, file, columns), file


def _place_problems(study: Study, folder: str, table: str, row: Row) -> list[Problem]:
    """A file that is not in the folder for it, or only a link to one elsewhere."""
    inside, path = study.raw.resolve() / folder, study.raw.resolve() / row["file"]
    if path.resolve().is_relative_to(inside):
        return []
    message = f"the file must lie in {folder}/."
    if Path(os.path.normpath(path)).is_relative_to(inside):
        message = f"a link leads out of {folder}/; {message}"
    return [row_problem(table, row, "file", message)]


def _reading(row: Row) -> Reading:
    return Reading(
        tool=row["tool"],
        delimiter=row["delimiter"],
        encoding=row["encoding"],
        sheet=unguarded(row["sheet"]),
        header_rows=int(row["header_rows"] or 0),
        skip_rows=int(row["skip_rows"] or 0),
        has_labels=row["labels"] == "yes",
    )


def _reading_problems(table: str, row: Row) -> list[Problem]:
    """What a line says of how to read its file and cannot be meant."""
    problems = []
    for column, least, most in (
        ("header_rows", 1, MOST_HEADER_ROWS),
        ("skip_rows", 0, MOST_ROWS_ABOVE),
    ):
        text = row[column]
        if text and not (text.isdecimal() and least <= int(text) <= most):
            message = f"not a whole number from {least} to {most}."
            problems.append(row_problem(table, row, column, message))
    ending = Path(row["file"]).suffix.lower()
    if ending not in READABLE:
        return problems
    for column, usual, endings, what in (
        ("sheet", "", SHEET_ENDINGS, "sheets"),
        ("delimiter", "", TEXT_ENDINGS, "delimiters"),
        ("encoding", "", (*TEXT_ENDINGS, *LABELLED_ENDINGS), "encodings to choose from"),
        ("header_rows", "", (*TEXT_ENDINGS, *SHEET_ENDINGS), "header rows"),
        ("skip_rows", "", (*TEXT_ENDINGS, *SHEET_ENDINGS), "rows above the header"),
        ("labels", "yes", LABELLED_ENDINGS, "value labels"),
    ):
        if row[column] != usual and ending not in endings:
            message = f"a {ending} file has no {what}; leave it empty."
            problems.append(row_problem(table, row, column, message))
    return problems


def _where_problems(table: str, row: Row) -> list[Problem]:
    """A condition that is not in the notation of rules."""
    if row["where"]:
        try:
            condition = parse(row["where"])
            wrong = [one for one in clauses_of(condition) if not one.is_possible]
            if wrong:
                message = "only a number can be larger or smaller."
                return [row_problem(table, row, "where", message)]
        except ValueError as error:
            message = f"{error}; items are headers of the export."
            return [row_problem(table, row, "where", message)]
    return []


def _repeats(table: str, rows: list[dict[str, object]]) -> list[Problem]:
    """As far as the lines themselves say whose answers an export has."""
    seen: set[tuple[object, object]] = set()
    problems = []
    for row in rows:
        key = (row["cycle"], row["respondents"])
        if not all(key):
            continue
        if key in seen:
            message = "another export of the same cycle and group stands further up."
            problems.append(row_problem(table, row, "file", message))
        seen.add(key)
    return problems


def _unnamed(study: Study, folder: str, named: set[str], table: str) -> list[Problem]:
    there = {
        path.relative_to(study.raw).as_posix()
        for path in (study.raw / folder).glob("**/*")
        if path.is_file() and path.name[0] != "." and path.suffix.lower() in EXPORT_ENDINGS
    }
    own = {f"{folder}/{SOURCES}", f"{folder}/{ROSTER}", f"{folder}/{INVENTED}"}
    return [
        Problem(f"the file has no line in {table}.", file=name)
        for name in sorted(there - named - own)
    ]
