"""Holds the tables of a codebook against each other: every name that is used must be declared."""

from __future__ import annotations

from typing import Any

from analysis.problems import Problem
from analysis.study.declared import Tables
from analysis.study.rules import Rule
from analysis.study.vocabulary import (
    IGNORED,
    KEY_ITEMS,
    MISSING,
    NOT_SELECTED,
    QUARANTINE,
    RANKED_AT,
    RESPONDENT_ID,
    SELECTED,
    SELECTED_LIST,
    SEVERAL,
    TEXT,
    WITH_OPTIONS,
)


def reference_problems(tables: Tables) -> list[Problem]:
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
        for row in tables.rows(table):
            words = str(row[column]).split() if several else [str(row[column])]
            problems.extend(
                Problem(
                    "no table of the codebook declares this name.",
                    file=tables.files[table],
                    row=int(row["_row"]),
                    column=column,
                    value=word,
                    allowed=tuple(allowed),
                )
                for word in words
                if word and word not in allowed
            )

    if len(tables["settings.csv"]) != 1:
        problems.append(
            Problem("there must be exactly one row.", file=tables.files["settings.csv"])
        )
    hold("cycles.csv", "respondents", groups)
    hold("survey.csv", "section", sections)
    hold("survey.csv", "respondents", groups, several=True)
    hold("survey.csv", "asked", cycles, several=True)
    hold("indicators.csv", "base", indicators)
    hold("indicators.csv", "figure", figures, several=True)
    hold("figures.csv", "section", sections)
    hold("settings.csv", "response_item", items)
    hold("settings.csv", "tested", groups, several=True)
    hold("settings.csv", "limits", sections)
    hold("choices.csv", "offered", cycles, several=True)
    hold("crosswalk.csv", "item", items)
    hold("crosswalk.csv", "cycle", cycles)
    hold("sources.csv", "cycle", cycles)
    hold("sources.csv", "respondents", groups)
    hold("columns.csv", "item", [*items, *KEY_ITEMS, IGNORED])
    hold("columns.csv", "cycle", cycles)
    hold("columns.csv", "respondents", groups)
    hold(
        "value_map.csv",
        "list_name",
        [*lists, SELECTED_LIST, *_without_options(tables), RESPONDENT_ID],
    )
    problems += _option_problems(tables)
    problems += _id_problems(tables)
    problems += _eligible_problems(tables, groups)
    problems += _threshold_problems(tables)
    problems += _type_problems(tables, lists)
    problems += _rule_problems(tables)
    return problems


def _eligible_problems(tables: Tables, groups: list[str]) -> list[Problem]:
    """How many could have answered is a whole number, of one group."""
    problems = {}
    for row in tables.rows("cycles.csv"):
        if row["eligible"] and not row["eligible"].isdecimal():
            message = "not a whole number."
        elif row["eligible"] and not tables.has("cycles.csv", "respondents") and len(groups) > 1:
            message = "of which group? A column respondents says so, with a row a cycle and group."
        else:
            continue
        problems[row["_row"]] = tables.problem("cycles.csv", row, "eligible", message)
    return list(problems.values())


def _threshold_problems(tables: Tables) -> list[Problem]:
    """The smallest count that may be shared is a whole number."""
    message = "not a whole number from 0."
    return [
        tables.problem("settings.csv", row, "cell_threshold", message)
        for row in tables.rows("settings.csv")
        if not row["cell_threshold"].isdecimal()
    ]


def _option_problems(tables: Tables) -> list[Problem]:
    """Options named by columns and by the value map must be options of their list."""
    types = tables["survey.csv"].set_index("name")["type"].to_dict()
    options: dict[str, list[str]] = {SELECTED_LIST: [SELECTED, NOT_SELECTED]}
    for row in tables.rows("choices.csv"):
        options.setdefault(row["list_name"], []).append(row["name"])
    problems = []
    for row in tables.rows("columns.csv"):
        kind, _, choice_list = str(types.get(row["item"], "")).partition(" ")
        allowed = options.get(choice_list, []) if kind in SEVERAL else []
        if kind == "rank" and RANKED_AT.fullmatch(row["option"]):
            continue
        if row["option"] and row["option"] not in allowed:
            message = "not an option of an item with several answers."
            problems.append(tables.problem("columns.csv", row, "option", message, allowed))
    everywhere = [name for names in options.values() for name in names]
    without_options = _without_options(tables)
    for row in tables.rows("value_map.csv"):
        if row["list_name"] in (*without_options, RESPONDENT_ID):
            # What an answer to it looks like, and who there is, is known where exports are read.
            continue
        own = options.get(row["list_name"], everywhere)
        allowed = [*own, *MISSING, QUARANTINE]
        if row["name"] not in allowed:
            message = "neither an option of the list nor a status."
            problems.append(tables.problem("value_map.csv", row, "name", message, allowed))
    return problems


def _id_problems(tables: Tables) -> list[Problem]:
    """A spelling of an id means one respondent, and not that there is no answer."""
    first: dict[str, str] = {}
    problems = []
    for row in tables.rows("value_map.csv"):
        if row["list_name"] != RESPONDENT_ID:
            continue
        meant = first.setdefault(row["raw"].strip().casefold(), row["name"])
        if row["name"] in (*MISSING, QUARANTINE):
            message = "this is not the name of a respondent."
        elif row["name"] != meant:
            message = f"the same spelling already means {meant!r}."
        else:
            continue
        problems.append(tables.problem("value_map.csv", row, "name", message))
    return problems


def _without_options(tables: Tables) -> list[str]:
    """The questions that are answered with a number or a date."""
    return [
        str(row["name"])
        for row in tables.rows("survey.csv")
        if str(row["type"]).partition(" ")[0] not in (*WITH_OPTIONS, TEXT)
    ]


def _type_problems(tables: Tables, lists: list[str]) -> list[Problem]:
    """A question with options names the list of them."""
    problems = []
    for row in tables.rows("survey.csv"):
        kind, _, choice_list = str(row["type"]).partition(" ")
        if kind in WITH_OPTIONS and choice_list not in lists:
            message = f"{kind} needs a list_name of {tables.files['choices.csv']} behind it."
            allowed = [f"{kind} {name}" for name in lists]
            problems.append(tables.problem("survey.csv", row, "type", message, allowed))
    return problems


def _rule_problems(tables: Tables) -> list[Problem]:
    survey = tables["survey.csv"].set_index("name")["type"].to_dict()
    choices = tables["choices.csv"]
    problems: list[Problem] = []
    seen: dict[Rule, str] = {}
    for row in tables.rows("indicators.csv"):

        def problem(
            message: str, allowed: list[str] | None = None, row: dict[str, Any] = row
        ) -> Problem:
            return tables.problem("indicators.csv", row, "rule", message, allowed or [])

        try:
            rule = Rule.parse(str(row["rule"]))
        except ValueError as error:
            problems.append(problem(f"{error}."))
            continue
        if rule.item not in survey:
            known = [f"${{{name}}} = '{rule.option}'" for name in survey]
            problems.append(
                problem(f"{tables.files['survey.csv']} has no item of that name.", known)
            )
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
