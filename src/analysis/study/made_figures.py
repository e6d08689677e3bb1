"""Figures for a codebook that declares none: each section's answers, and what can be compared."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from analysis.study.declared import Tables
from analysis.study.defaults import blank, unused
from analysis.study.made_indicators import in_a_line, options_of, yes_of
from analysis.study.rules import Rule
from analysis.study.vocabulary import COMPARABLE, RESPONDENT_UNIT

SEVERAL = "One can give several answers, so the bars do not add up."

Item = Mapping[str, Any]
"""A row of the table ``survey``."""


def with_figures(tables: Tables) -> Tables:
    """Return the tables with figures, where the codebook has no table of them.

    A section has one figure of its questions of which one answer is counted, one of each other
    question, and one of what can be compared with the cycle before; the section that asks who
    answered has one of that. Where figures are declared and indicators are not, each joins the bars
    and changes of its section.
    """
    if not tables.has("figures.csv"):
        return _figures(tables)
    return tables if tables.has("indicators.csv") else _in_figures(tables)


def _figures(tables: Tables) -> Tables:
    indicators = [dict(row) for row in tables.rows("indicators.csv")]
    by_section = _by_section(tables)
    figures: list[dict[str, Any]] = []
    for section, own in by_section.items():
        for name, form, title, note, members in _figures_of(section, own, tables):
            name = unused(name, {row["figure"] for row in figures})
            figures.append(
                blank(
                    "figures.csv", figure=name, section=section, form=form, title=title, note=note
                )
            )
            for row in indicators:
                if row["indicator"] in members:
                    row["figure"] = f"{row['figure']} {name}".strip()
    return tables.having("figures.csv", figures).having("indicators.csv", indicators)


def _by_section(tables: Tables) -> dict[str, list[tuple[Item, dict[str, Any]]]]:
    """The indicators, each with its item, by the section that they stand in."""
    items = {row["name"]: row for row in tables.rows("survey.csv")}
    found: dict[str, list[tuple[Item, dict[str, Any]]]] = {
        row["section"]: [] for row in tables.rows("sections.csv")
    }
    for row in tables.rows("indicators.csv"):
        item = items[Rule.parse(row["rule"]).item]
        if item["unit"] == RESPONDENT_UNIT and item["section"] in found:
            found[item["section"]].append((item, row))
    return found


def _figures_of(
    section: str, own: Sequence[tuple[Item, Mapping[str, Any]]], tables: Tables
) -> Iterator[tuple[str, str, str, str, set[str]]]:
    """Name, form, title, note and indicators of each figure of a section."""
    asked_all = tables.rows("settings.csv")[0]["response_item"]
    code = re.sub(r"\W+", "_", section).strip("_")
    turnout = {row["indicator"] for item, row in own if item["name"] == asked_all}
    if turnout:
        yield "who_answered", "strip", "Who answered", "", turnout
    by_item: dict[str, tuple[Item, set[str]]] = {}
    for item, row in own:
        if item["name"] != asked_all:
            by_item.setdefault(item["name"], (item, set()))[1].add(row["indicator"])
    alone = [(item, names) for item, names in by_item.values() if len(names) == 1]
    if alone:
        is_yes = all(yes_of(options_of(item, tables)) for item, _ in alone)
        title = "Answered with yes" if is_yes else "What was answered"
        yield f"{code}_answers", "bars", title, "", set().union(*(names for _, names in alone))
    for name, (item, names) in by_item.items():
        if len(names) > 1:
            note = SEVERAL if item["type"].startswith("select_multiple") else ""
            yield f"{name}_answers", "bars", in_a_line(item["label"]), note, names
    parts = [names for item, names in by_item.values() if is_comparable(item, tables)]
    compared: set[str] = set().union(*parts)
    if compared:
        yield f"{code}_changes", "dumbbell", "What can be compared", "", compared


def is_comparable(item: Item, tables: Tables) -> bool:
    """Tell whether somebody says that a question can be compared in at least one cycle."""
    steps = [row for row in tables.rows("crosswalk.csv") if row["item"] == item["name"]]
    n_cycles = len(set(tables["cycles.csv"]["cycle"]))
    return n_cycles > 1 and any(row["comparability"] in COMPARABLE for row in (item, *steps))


def _in_figures(tables: Tables) -> Tables:
    """Put indicators that were made into the declared figures of their section."""
    items = {row["name"]: row for row in tables.rows("survey.csv")}
    rows = [dict(row) for row in tables.rows("indicators.csv")]
    for row in rows:
        section = items[Rule.parse(row["rule"]).item]["section"]
        own = [one for one in tables.rows("figures.csv") if one["section"] == section]
        names = [one["figure"] for one in own if one["form"] in ("bars", "dumbbell", "bounds")]
        row["figure"] = " ".join(names)
    return tables.having("indicators.csv", rows)
