"""Codebooks for the tests: a few tables as CSV files, or a workbook as a form tool writes it."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook

from analysis.study.codebook import Codebook
from analysis.study.loading import load_codebook

Rows = Sequence[Sequence[object]]

SMALLEST: Mapping[str, Rows] = {
    "survey": [
        ["type", "name", "label"],
        ["select_one yes_no", "law", "Is there a law?"],
        ["select_multiple service", "services", "Which services are offered?"],
        ["integer", "staff", "How many staff?"],
    ],
    "choices": [
        ["list_name", "name", "label"],
        ["yes_no", "yes", "Yes"],
        ["yes_no", "no", "No"],
        ["service", "hotline", "Hotline"],
        ["service", "shelter", "Shelter"],
    ],
    "cycles": [["cycle"], ["2018"], ["2022"]],
}
"""Two tables of a form and a list of cycles: all that a codebook needs."""

KOBO: Mapping[str, Rows] = {
    "survey": [
        ["type", "name", "label::English (en)", "label::Français (fr)", "relevant", "required"],
        ["start", "start", None, None, None, None],
        ["end", "end", None, None, None, None],
        ["text", "respondent_id", "Who answers?", "Qui répond ?", None, True],
        ["note", "welcome", "Welcome", "Bienvenue", None, False],
        ["begin_group", "law", "Law and policy", "Droit", None, None],
        ["select_one yn", "has_law", "Is there a law?", "Y a-t-il une loi ?", None, True],
        ["select_one yn", "has_fines", "Are there fines?", None, "${has_law} = 'yes'", None],
        ["end_group", None, None, None, None, None],
        ["begin_group", "care", "Care", "Soins", "${has_law} = 'yes'", None],
        ["select_multiple service or_other", "services", "Which services?", None, None, None],
        ["begin_group", "staffing", None, None, "selected(${services}, 'shelter')", None],
        ["integer", "staff", "How many staff?", None, None, None],
        ["range", "share", "Which share of them is trained?", None, None, None],
        ["end_group", None, None, None, None, None],
        ["geopoint", "spot", "Where?", None, None, None],
        ["end_group", None, None, None, None, None],
        ["calculate", "total", None, None, None, None],
        ["text", "remarks", None, None, None, None],
    ],
    "choices": [
        ["list_name", "name", "label::English (en)", "label::Français (fr)", "order"],
        ["yn", "yes", "Yes", "Oui", 1.0],
        ["yn", "no", "No", "Non", 2.0],
        ["service", "hotline", "Hotline", None, None],
        ["service", "shelter", "Shelter", None, None],
    ],
    "settings": [["form_title", "version", "style"], ["City survey", 2022.0, "pages"]],
    "cycles": [["cycle", "eligible"], [2018, 20], [2022.0, 20]],
}
"""A form as KoboToolbox lets one download it, and a sheet of cycles."""


def with_cell(
    tables: Mapping[str, Rows], sheet: str, row: int, column: int, cell: object
) -> dict[str, Rows]:
    """The same tables with another cell; rows and columns are counted from 1."""
    rows = [list(one) for one in tables[sheet]]
    rows[row - 1][column - 1] = cell
    return {**tables, sheet: rows}


def as_workbook(folder: Path, tables: Mapping[str, Rows], name: str = "codebook.xlsx") -> Path:
    """A study folder with its codebook in one workbook."""
    study = folder / "my_survey"
    (study / name).parent.mkdir(parents=True, exist_ok=True)
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in tables.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    book.save(study / name)
    return study


def as_folder(folder: Path, tables: Mapping[str, Rows]) -> Path:
    """A study folder with its codebook in CSV files."""
    study = folder / "my_survey"
    (study / "codebook").mkdir(parents=True)
    for name, rows in tables.items():
        with (study / "codebook" / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([as_written(cell) for cell in row] for row in rows)
    return study


def as_written(cell: object) -> object:
    """A cell as somebody types it into a text file: 1, not 1.0."""
    return f"{cell:g}" if isinstance(cell, float) else cell


def book_of(folder: Path, tables: Mapping[str, Rows]) -> Codebook:
    """The codebook that some CSV files make."""
    return load_codebook(as_folder(folder, tables))
