"""Exports of any format in a made-up study, with what its sources declare about them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import Workbook
from studies import CHOICES, problem_of, problems_of
from surveys import COLUMNS, SurveyFolder, survey

from analysis.intake import RawTable, read_raw
from analysis.problems import Problem
from analysis.study.exports import Export, exports_of
from analysis.study.reading import Reading

HEAD = ("Who", "Is there a law?", "Remarks")
ROW = ("S-1", "Yes", "none")


@dataclass(frozen=True)
class Exported:
    """One export."""

    export: Export

    def read(self) -> RawTable:
        return read_raw(self.export)

    def problem(self) -> Problem:
        return problem_of(self.read)

    def problems(self) -> list[Problem]:
        return problems_of(self.read)

    def rows(self) -> list[list[str]]:
        return self.read().table.to_numpy().tolist()


def exported(folder: Path, content: bytes, ending: str = ".csv", **reading: Any) -> Exported:
    """An export by itself; `reading` is what the sources would declare of it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"states_b{ending}"
    path.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    name = f"responses/{path.name}"
    return Exported(Export(name, path, digest, "b", "states", reading=Reading(**reading)))


def put(folder: SurveyFolder, content: bytes, ending: str = ".csv", **declared: object) -> str:
    """Put an export into a study; `declared` are cells of its line in the sources."""
    name = f"responses/states_b{ending}"
    (folder.path / "responses").mkdir(exist_ok=True)
    (folder.path / name).write_bytes(content)
    folder.register(name, cycle="b", group="states")
    for column, value in declared.items():
        if column not in folder.study.read(folder.sources)[0]:
            folder.study.add_column(folder.sources, column)
        folder.study.edit(folder.sources, name, **{column: value})
    return name


def declared_problem(folder: Path, content: bytes, ending: str = ".csv", **declared: object) -> Any:
    """What is wrong with what the sources declare of an export."""
    made = survey(folder)
    put(made, content, ending, **declared)
    return problem_of(lambda: exports_of(made.load()))


def workbook(*sheets: Sequence[Sequence[Any]], titles: Sequence[str] = ()) -> Workbook:
    """A workbook in memory, one sheet for each list of rows."""
    book = Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(titles[number] if titles else f"Sheet{number + 1}")
        for row in rows:
            sheet.append(list(row))
    return book


def saved(book: Workbook) -> bytes:
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def name_columns(folder: SurveyFolder, *rows: Sequence[str]) -> None:
    """Say which columns there are, each as item, option, header and perhaps separator."""
    folder.study.write(
        COLUMNS,
        [
            ["item", "option", "cycle", "respondents", "column", "separator"],
            *([row[0], row[1], "", "", row[2], *(row[3:] or ("",))] for row in rows),
        ],
    )


def add_options(folder: SurveyFolder, list_name: str, **labels: str) -> None:
    for name, label in labels.items():
        folder.study.add_row(CHOICES, list_name=list_name, name=name, label=label)


def answers_of(table: pd.DataFrame, item: str, who: str) -> dict[str, tuple[str, str]]:
    """Status and value of an item by option, for one respondent."""
    own = table[(table["item"] == item) & (table["respondent_id"] == who)]
    pairs = zip(own["status"], own["value"], strict=True)
    return dict(zip(own["option"], pairs, strict=True))
