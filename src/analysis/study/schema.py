"""The tables of a codebook: their files, columns and keys."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from analysis.study.codebook import (
    COMPARABILITY,
    DUPLICATE_RULES,
    FORMS,
    RESPONDENT_UNIT,
)
from analysis.study.tables import Column

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


def file_of(name: str) -> str:
    """Return what messages call a table of the codebook."""
    return f"codebook/{name}"
