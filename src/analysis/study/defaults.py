"""What a codebook need not say: its tables, completed from the form and the list of cycles."""

from __future__ import annotations

import re
from collections.abc import Container
from typing import Any

from analysis.study.declared import Tables
from analysis.study.form import OTHER, OTHER_LABEL, Form
from analysis.study.schema import TABLES
from analysis.study.tables import ROW

RESPONDENTS = "respondents"
"""The list of choices that names the groups of respondents; the one group where it is missing."""

TOOK_PART = "took_part"
"""The question who took part, which follows from the exports and need not be asked."""


def completed(tables: Tables, form: Form, title: str) -> Tables:
    """Return the tables with everything that follows from the form, or from nothing said.

    Parameters
    ----------
    title : what the study is called where its settings do not say.

    Returns
    -------
    Tables
        Settings in one row; the groups of respondents in ``choices`` and in each cycle; a section
        for each outermost group of the form; the items of the form. Indicators and figures are
        made in steps of their own.
    """
    tables = _settings(tables, title)
    tables = _choices(tables, form)
    tables = _cycles(tables)
    tables = _survey(tables, form)
    tables = _sections(tables, form)
    return _with_took_part(tables)


def unused(name: str, taken: Container[str]) -> str:
    """Return the name, longer by as many underscores as it takes to be a new one.

    >>> unused("law", {"law", "law_"})
    'law__'
    """
    while name in taken:
        name += "_"
    return name


def blank(table: str, **cells: object) -> dict[str, Any]:
    """Return a row of a table with its defaults and some cells."""
    return {**{column.name: column.default for column in TABLES[table]}, ROW: 1, **cells}


def _settings(tables: Tables, title: str) -> Tables:
    rows = [dict(row) for row in tables.rows("settings.csv")] or [blank("settings.csv")]
    for row in rows:
        row["form_title"] = row["form_title"] or title
        row["form_id"] = row["form_id"] or re.sub(r"\W+", "_", title).strip("_").lower()
    return tables.having("settings.csv", rows)


def _choices(tables: Tables, form: Form) -> Tables:
    rows = [{**row, "label": row["label"] or row["name"]} for row in tables.rows("choices.csv")]
    there = {(row["list_name"], row["name"]) for row in rows}
    lists = {name for name, _ in there}
    rows += [
        blank("choices.csv", list_name=name, name=OTHER, label=OTHER_LABEL)
        for name in form.with_other
        if name in lists and (name, OTHER) not in there
    ]
    if RESPONDENTS not in lists:
        named = dict.fromkeys(row["respondents"] for row in tables.rows("cycles.csv"))
        own = [name for name in named if name and name != RESPONDENTS]
        rows += [
            blank("choices.csv", list_name=RESPONDENTS, name=name, label=name) for name in own
        ] or [
            blank(
                "choices.csv",
                list_name=RESPONDENTS,
                name=RESPONDENTS,
                label="Respondents",
                singular="Respondent",
            )
        ]
    return tables.having("choices.csv", rows)


def _groups(tables: Tables) -> list[str]:
    choices = tables.rows("choices.csv")
    return [row["name"] for row in choices if row["list_name"] == RESPONDENTS]


def _cycles(tables: Tables) -> Tables:
    if tables.has("cycles.csv", "respondents"):
        return tables
    rows = [
        {**row, "respondents": group}
        for row in tables.rows("cycles.csv")
        for group in _groups(tables)
    ]
    return tables.having("cycles.csv", rows)


def _survey(tables: Tables, form: Form) -> Tables:
    level = tables.rows("settings.csv")[0]["comparability"]
    rows = [{**row, "comparability": row["comparability"] or level} for row in form.items]
    return tables.having("survey.csv", rows)


def _sections(tables: Tables, form: Form) -> Tables:
    rows = [{**row, "title": row["title"] or row["section"]} for row in tables.rows("sections.csv")]
    made = dict(form.sections)
    if not tables.has("sections.csv"):
        codes = dict.fromkeys(row["section"] for row in form.items if row["section"])
        made = {code: made.get(code, code) for code in codes}
    declared = {row["section"] for row in rows}
    rows += [
        blank("sections.csv", section=code, title=title)
        for code, title in made.items()
        if code not in declared
    ]
    return tables.having("sections.csv", rows)


def _with_took_part(tables: Tables) -> Tables:
    """Ask who took part, where the settings name no item that says so and something is counted."""
    settings = tables.rows("settings.csv")
    sections = [row["section"] for row in tables.rows("sections.csv")]
    has_none = tables.has("indicators.csv") and not tables.rows("indicators.csv")
    if settings[0]["response_item"] or has_none or not sections:
        return tables
    survey, choices = tables.rows("survey.csv"), tables.rows("choices.csv")
    name = unused(TOOK_PART, {row["name"] for row in survey})
    list_name = unused(TOOK_PART, {row["list_name"] for row in choices})
    asked = dict.fromkeys(row["cycle"] for row in tables.rows("cycles.csv"))
    everywhere = {"asked": asked, "respondents": _groups(tables)}
    item = blank(
        "survey.csv",
        type=f"select_one {list_name}",
        name=name,
        label="Took part",
        section=sections[0],
        comparability="identical",
        **{
            key: " ".join(all_) for key, all_ in everywhere.items() if tables.has("survey.csv", key)
        },
    )
    options = {"yes": "Took part", "no": "Did not take part"}
    told = [{**settings[0], "response_item": name}, *settings[1:]]
    tables = tables.having("settings.csv", told).having("survey.csv", [item, *survey])
    rows = [
        blank("choices.csv", list_name=list_name, name=option, label=label)
        for option, label in options.items()
    ]
    return tables.having("choices.csv", [*choices, *rows])
