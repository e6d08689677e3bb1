"""Reads the codebook tables of a study and holds them against each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

import pandas as pd

from analysis.frames import records
from analysis.problems import InputError, Problem, refuse_any
from analysis.study.codebook import (
    Codebook,
    FigureSpec,
    Indicator,
    Item,
    Mapped,
    Respondents,
    Section,
    Settings,
    Source,
    SourceColumn,
    Step,
)
from analysis.study.references import reference_problems
from analysis.study.rules import Rule
from analysis.study.schema import KEYS, OPTIONAL, TABLES, file_of
from analysis.study.tables import ROW, duplicates, read_table

T = TypeVar("T")


def load_codebook(folder: Path) -> Codebook:
    """Read and check the codebook in `folder`.

    Raises
    ------
    InputError
        With every problem found: a table or column missing, a name used that no table declares,
        a rule that is not of the form ``${item} = 'option'``, a name there twice.
    """
    tables = _read_all(folder)
    problems: list[Problem] = []
    for name, keys in KEYS.items():
        problems += duplicates(tables[name], file_of(name), keys)
    problems += reference_problems(tables)
    refuse_any(problems)
    return _assemble(tables)


def _read_all(folder: Path) -> dict[str, pd.DataFrame]:
    tables, problems = {}, []
    for name, columns in TABLES.items():
        if name in OPTIONAL and not (folder / name).is_file():
            empty = [*(column.name for column in columns), ROW]
            tables[name] = pd.DataFrame({column: pd.Series(dtype="str") for column in empty})
            continue
        try:
            tables[name] = read_table(folder / name, file_of(name), columns)
        except InputError as error:
            problems += error.problems
    refuse_any(problems)
    return tables


def _assemble(tables: Mapping[str, pd.DataFrame]) -> Codebook:
    def rows(name: str) -> list[dict[str, str]]:
        return [
            {str(key): str(value) for key, value in row.items()} for row in records(tables[name])
        ]

    def by(name: str, key: str, make: Callable[[dict[str, str]], T]) -> Mapping[str, T]:
        return MappingProxyType({row[key]: make(row) for row in rows(name)})

    cycles = tuple(dict.fromkeys(row["cycle"] for row in rows("cycles.csv")))
    choices: dict[str, dict[str, str]] = {}
    for row in rows("choices.csv"):
        choices.setdefault(row["list_name"], {})[row["name"]] = row["label"]
    setting = rows("settings.csv")[0]
    return Codebook(
        settings=Settings(
            title=setting["form_title"],
            form_id=setting["form_id"],
            version=setting["version"],
            released=setting["released"],
            description=setting["description"],
            disclaimer=setting["disclaimer"],
            authors=setting["authors"],
            response_item=setting["response_item"],
            duplicate_rule=setting["duplicate_rule"],
            families=setting["families"],
            adjustment=setting["adjustment"],
            tested=tuple(setting["tested"].split()),
            limits=setting["limits"],
        ),
        cycles=cycles,
        eligible=MappingProxyType(
            {
                (row["cycle"], row["respondents"]): int(row["eligible"])
                if row["eligible"]
                else None
                for row in rows("cycles.csv")
            }
        ),
        respondents=MappingProxyType(
            {
                row["name"]: Respondents(row["name"], row["label"], row["singular"] or row["label"])
                for row in rows("choices.csv")
                if row["list_name"] == "respondents"
            }
        ),
        bases=MappingProxyType(choices.get("base", {})),
        choices=MappingProxyType({k: MappingProxyType(v) for k, v in choices.items()}),
        offered=MappingProxyType(
            {
                (row["list_name"], row["name"]): tuple(row["offered"].split()) or cycles
                for row in rows("choices.csv")
            }
        ),
        crosswalk=MappingProxyType(
            {
                (r["item"], r["cycle"]): Step(
                    r["item"], r["cycle"], r["comparability"], r["wording"], r["reason"]
                )
                for r in rows("crosswalk.csv")
            }
        ),
        sections=by(
            "sections.csv",
            "section",
            lambda r: Section(r["section"], r["title"], r["question"], r["notebook"]),
        ),
        items=by("survey.csv", "name", _item),
        indicators=by(
            "indicators.csv",
            "indicator",
            lambda r: Indicator(
                name=r["indicator"],
                rule=Rule.parse(r["rule"]),
                base=r["base"],
                label=r["label"],
                phrase=r["phrase"],
                figures=tuple(r["figure"].split()),
            ),
        ),
        figures=by(
            "figures.csv",
            "figure",
            lambda r: FigureSpec(r["figure"], r["section"], r["form"], r["title"], r["note"]),
        ),
        sources=by(
            "sources.csv",
            "source",
            lambda r: Source(
                name=r["source"],
                title=r["title"],
                publisher=r["publisher"],
                year=r["year"],
                licence=r["licence"],
                citation=r["citation"],
                file=r["file"],
                sha256=r["sha256"],
                cycle=r["cycle"],
                respondents=r["respondents"],
            ),
        ),
        columns=tuple(
            SourceColumn(
                r["item"], r["option"], r["cycle"], r["respondents"], r["column"], int(r[ROW])
            )
            for r in rows("columns.csv")
        ),
        value_map=tuple(
            Mapped(r["list_name"], r["raw"], r["name"], r["reason"], int(r[ROW]))
            for r in rows("value_map.csv")
        ),
    )


def _item(row: dict[str, str]) -> Item:
    return Item(
        name=row["name"],
        type=row["type"],
        label=row["label"],
        section=row["section"],
        respondents=tuple(row["respondents"].split()),
        unit=row["unit"],
        asked=tuple(row["asked"].split()),
        comparability=row["comparability"],
        relevant=row["relevant"],
        is_paraphrase=row["is_paraphrase"] == "yes",
        row=int(row[ROW]),
    )
