"""Reads the codebook tables of a study and holds them against each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import pandas as pd

from analysis.frames import records
from analysis.problems import InputError, Problem, refuse_any
from analysis.study.codebook import (
    COMPARABILITY,
    DUPLICATE_RULES,
    FORMS,
    KEY_ITEMS,
    MISSING,
    NOT_SELECTED,
    QUARANTINE,
    RESPONDENT_UNIT,
    SELECTED,
    SELECTED_LIST,
    WITH_OPTIONS,
    Codebook,
    FigureSpec,
    Indicator,
    Item,
    Mapped,
    Respondents,
    Rule,
    Section,
    Settings,
    Source,
    SourceColumn,
)
from analysis.study.tables import ROW, Column, duplicates, read_table, row_problem

XLSFORM_EXTRAS = (
    "hint",
    "guidance_hint",
    "required",
    "required_message",
    "constraint",
    "constraint_message",
    "appearance",
    "default",
    "calculation",
    "choice_filter",
    "read_only",
    "repeat_count",
    "parameters",
    "trigger",
)
"""Columns that a form tool writes into ``survey`` and that the analysis has no use for."""

T = TypeVar("T")

ITEM_TYPES = ("select_one", "select_multiple", "rank", "integer", "decimal", "date", "text")

TABLES: Mapping[str, tuple[Column, ...]] = MappingProxyType(
    {
        "settings.csv": (
            Column("form_title", required=True),
            Column("form_id", required=True),
            Column("version"),
            Column("released"),
            Column("description"),
            Column("disclaimer"),
            Column("authors", must_exist=False),
            Column("response_item"),
            Column("duplicate_rule", allowed=DUPLICATE_RULES, default="refuse", must_exist=False),
        ),
        "cycles.csv": (
            Column("cycle", required=True),
            Column("respondents", required=True),
            Column("eligible"),
        ),
        "sections.csv": (
            Column("section", required=True),
            Column("title", required=True),
            Column("question"),
            Column("notebook"),
        ),
        "choices.csv": (
            Column("list_name", required=True),
            Column("name", required=True),
            Column("label", required=True),
            Column("singular", must_exist=False),
        ),
        "survey.csv": (
            Column("type", required=True),
            Column("name", required=True),
            Column("label", required=True),
            Column("relevant"),
            Column("section"),
            Column("respondents"),
            Column("unit", default=RESPONDENT_UNIT),
            Column("asked"),
            Column("comparability", allowed=COMPARABILITY),
            Column("is_paraphrase", allowed=("yes", "no"), default="no", must_exist=False),
            *(Column(name, must_exist=False) for name in XLSFORM_EXTRAS),
        ),
        "indicators.csv": (
            Column("indicator", required=True),
            Column("rule", required=True),
            Column("base"),
            Column("label", required=True),
            Column("phrase", required=True),
            Column("figure"),
        ),
        "figures.csv": (
            Column("figure", required=True),
            Column("section", required=True),
            Column("form", required=True, allowed=FORMS),
            Column("title", required=True),
            Column("note"),
        ),
        "sources.csv": (
            Column("source", required=True),
            Column("title", required=True),
            Column("publisher"),
            Column("year"),
            Column("licence", required=True),
            Column("citation", required=True),
            Column("file"),
            Column("sha256"),
            Column("cycle", must_exist=False),
            Column("respondents", must_exist=False),
        ),
        "columns.csv": (
            Column("item", required=True),
            Column("option"),
            Column("cycle"),
            Column("respondents"),
            Column("column", required=True),
        ),
        "value_map.csv": (
            Column("list_name"),
            Column("raw", required=True),
            Column("name", required=True),
            Column("reason", required=True),
        ),
    }
)

OPTIONAL = ("columns.csv", "value_map.csv")
"""Tables that a study without exports does not need."""

KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "cycles.csv": ("cycle", "respondents"),
        "sections.csv": ("section",),
        "choices.csv": ("list_name", "name"),
        "survey.csv": ("name",),
        "indicators.csv": ("indicator",),
        "figures.csv": ("figure",),
        "sources.csv": ("source",),
        "columns.csv": ("column", "cycle", "respondents"),
        "value_map.csv": ("raw", "list_name"),
    }
)


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
        problems += duplicates(tables[name], _file(name), keys)
    problems += _reference_problems(tables)
    refuse_any(problems)
    return _assemble(tables)


def _file(name: str) -> str:
    return f"codebook/{name}"


def _read_all(folder: Path) -> dict[str, pd.DataFrame]:
    tables, problems = {}, []
    for name, columns in TABLES.items():
        if name in OPTIONAL and not (folder / name).is_file():
            empty = [*(column.name for column in columns), ROW]
            tables[name] = pd.DataFrame({column: pd.Series(dtype="str") for column in empty})
            continue
        try:
            tables[name] = read_table(folder / name, _file(name), columns)
        except InputError as error:
            problems += error.problems
    refuse_any(problems)
    return tables


def _reference_problems(tables: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Every name that is used must be declared by its table."""
    choices = tables["choices.csv"]
    lists = list(dict.fromkeys(choices["list_name"]))
    groups = list(choices.loc[choices["list_name"] == "respondents", "name"])
    cycles = list(dict.fromkeys(tables["cycles.csv"]["cycle"]))
    sections = list(tables["sections.csv"]["section"])
    items = list(tables["survey.csv"]["name"])
    indicators = list(tables["indicators.csv"]["indicator"])
    figures = list(tables["figures.csv"]["figure"])
    problems: list[Problem] = []

    def hold(table: str, column: str, allowed: list[str], *, several: bool = False) -> None:
        for row in records(tables[table]):
            words = str(row[column]).split() if several else [str(row[column])]
            problems.extend(
                Problem(
                    "no table of the codebook declares this name.",
                    file=_file(table),
                    row=int(row["_row"]),
                    column=column,
                    value=word,
                    allowed=allowed,
                )
                for word in words
                if word and word not in allowed
            )

    if len(tables["settings.csv"]) != 1:
        problems.append(Problem("there must be exactly one row.", file=_file("settings.csv")))
    hold("cycles.csv", "respondents", groups)
    hold("survey.csv", "section", sections)
    hold("survey.csv", "respondents", groups, several=True)
    hold("survey.csv", "asked", cycles, several=True)
    hold("indicators.csv", "base", indicators)
    hold("indicators.csv", "figure", figures, several=True)
    hold("figures.csv", "section", sections)
    hold("settings.csv", "response_item", items)
    hold("sources.csv", "cycle", cycles)
    hold("sources.csv", "respondents", groups)
    hold("columns.csv", "item", [*items, *KEY_ITEMS])
    hold("columns.csv", "cycle", cycles)
    hold("columns.csv", "respondents", groups)
    hold("value_map.csv", "list_name", [*lists, SELECTED_LIST])
    problems += _option_problems(tables)
    for row in records(tables["cycles.csv"]):
        if row["eligible"] and not row["eligible"].isdecimal():
            problems.append(
                row_problem(_file("cycles.csv"), row, "eligible", "not a whole number.")
            )
    problems += _type_problems(tables["survey.csv"], lists)
    problems += _rule_problems(tables)
    return problems


def _option_problems(tables: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Options named by columns and by the value map must be options of their list."""
    types = tables["survey.csv"].set_index("name")["type"].to_dict()
    options: dict[str, list[str]] = {SELECTED_LIST: [SELECTED, NOT_SELECTED]}
    for row in records(tables["choices.csv"]):
        options.setdefault(row["list_name"], []).append(row["name"])
    problems = []
    for row in records(tables["columns.csv"]):
        kind, _, choice_list = str(types.get(row["item"], "")).partition(" ")
        allowed = options.get(choice_list, []) if kind == "select_multiple" else []
        if row["option"] and row["option"] not in allowed:
            message = "not an option of an item with several answers."
            problems.append(row_problem(_file("columns.csv"), row, "option", message, allowed))
    everywhere = [name for names in options.values() for name in names]
    for row in records(tables["value_map.csv"]):
        own = options.get(row["list_name"], everywhere)
        allowed = [*own, *MISSING, QUARANTINE]
        if row["name"] not in allowed:
            message = "neither an option of the list nor a status."
            problems.append(row_problem(_file("value_map.csv"), row, "name", message, allowed))
    return problems


def _type_problems(survey: pd.DataFrame, lists: list[str]) -> list[Problem]:
    problems = []
    for row in records(survey):
        kind, _, choice_list = str(row["type"]).partition(" ")
        if kind not in ITEM_TYPES:
            message, allowed = "unknown type of question.", list(ITEM_TYPES)
        elif kind in WITH_OPTIONS and choice_list not in lists:
            message = f"{kind} needs a list_name of choices.csv behind it."
            allowed = [f"{kind} {name}" for name in lists]
        else:
            continue
        problems.append(row_problem(_file("survey.csv"), row, "type", message, allowed))
    return problems


def _rule_problems(tables: Mapping[str, pd.DataFrame]) -> list[Problem]:
    survey = tables["survey.csv"].set_index("name")["type"].to_dict()
    choices = tables["choices.csv"]
    problems: list[Problem] = []
    seen: dict[Rule, str] = {}
    for row in records(tables["indicators.csv"]):

        def problem(
            message: str, allowed: list[str] | None = None, row: dict[str, Any] = row
        ) -> Problem:
            return row_problem(_file("indicators.csv"), row, "rule", message, allowed or [])

        try:
            rule = Rule.parse(str(row["rule"]))
        except ValueError as error:
            problems.append(problem(f"{error}."))
            continue
        if rule.item not in survey:
            known = [f"${{{name}}} = '{rule.option}'" for name in survey]
            problems.append(problem("survey.csv has no item of that name.", known))
            continue
        choice_list = survey[rule.item].partition(" ")[2]
        options = list(choices.loc[choices["list_name"] == choice_list, "name"])
        if rule.option not in options:
            known = [f"${{{rule.item}}} = '{option}'" for option in options]
            problems.append(problem("the item has no such option.", known))
        if rule in seen:
            problems.append(problem(f"indicator {seen[rule]!r} counts the same answer already."))
        seen[rule] = row["indicator"]
    return problems


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
