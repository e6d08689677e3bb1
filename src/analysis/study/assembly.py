"""From the rows of the tables to the codebook: each class one row of one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeVar

from analysis.study.codebook import (
    Codebook,
    FigureSpec,
    Indicator,
    Item,
    Mapped,
    Respondents,
    Section,
    Source,
    SourceColumn,
    Step,
)
from analysis.study.declared import Tables
from analysis.study.form import Form
from analysis.study.guard import unguarded
from analysis.study.rules import Rule
from analysis.study.settings import Settings
from analysis.study.tables import ROW
from analysis.study.vocabulary import ORDERED

T = TypeVar("T")


def assembled(tables: Tables, form: Form, notes: tuple[str, ...]) -> Codebook:
    """Return the codebook that complete and right tables declare."""

    def rows(name: str) -> list[dict[str, str]]:
        return [{key: str(value) for key, value in row.items()} for row in tables.rows(name)]

    def by(name: str, key: str, make: Callable[[dict[str, str]], T]) -> Mapping[str, T]:
        return MappingProxyType({row[key]: make(row) for row in rows(name)})

    cycles = tuple(dict.fromkeys(row["cycle"] for row in rows("cycles.csv")))
    groups = tuple(row["name"] for row in rows("choices.csv") if row["list_name"] == "respondents")
    # A survey without these columns asks everything of everybody.
    everywhere = {
        column: names
        for column, names in {"asked": cycles, "respondents": groups}.items()
        if not tables.has("survey.csv", column)
    }
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
            licence=setting["licence"],
            response_item=setting["response_item"],
            duplicate_rule=setting["duplicate_rule"],
            families=setting["families"],
            adjustment=setting["adjustment"],
            tested=tuple(setting["tested"].split()),
            limits=setting["limits"],
            comparability=setting["comparability"],
            is_invented=setting["invented"] == "yes",
            cell_threshold=int(setting["cell_threshold"]),
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
                row["name"]: Respondents(
                    row["name"], row["label"], row["singular"] or row["label"], row["named"]
                )
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
        items=by("survey.csv", "name", lambda r: _item(r, everywhere)),
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
                r["item"],
                r["option"],
                r["cycle"],
                r["respondents"],
                unguarded(r["column"]),
                int(r[ROW]),
                r["separator"],
            )
            for r in rows("columns.csv")
        ),
        value_map=tuple(
            Mapped(r["list_name"], unguarded(r["raw"]), r["name"], r["reason"], int(r[ROW]))
            for r in rows("value_map.csv")
        ),
        within=MappingProxyType(form.groups),
        left_out=MappingProxyType(form.left_out),
        files=MappingProxyType(dict(tables.files)),
        notes=notes,
        exclusive=frozenset(
            (r["list_name"], r["name"]) for r in rows("choices.csv") if r["exclusive"] == "yes"
        ),
    )


def _item(row: dict[str, str], everywhere: Mapping[str, tuple[str, ...]]) -> Item:
    return Item(
        name=row["name"],
        type=row["type"],
        label=row["label"],
        section=row["section"],
        respondents=everywhere.get("respondents", tuple(row["respondents"].split())),
        unit=row["unit"],
        asked=everywhere.get("asked", tuple(row["asked"].split())),
        comparability=row["comparability"],
        relevant=row["relevant"],
        is_paraphrase=row["is_paraphrase"] == "yes",
        row=int(row[ROW]),
        is_ordered=ORDERED in row["appearance"].split() and row["type"].startswith("select_one"),
    )
