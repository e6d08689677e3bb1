"""The tables of a codebook: their files, columns and keys."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from analysis.study.reading import DELIMITERS, ENCODINGS, SEPARATORS, TOOLS
from analysis.study.tables import Column
from analysis.study.vocabulary import (
    ADJUSTMENTS,
    COMPARABILITY,
    COMPARABLE,
    DUPLICATE_RULES,
    FAMILIES,
    FORMS,
    NAMINGS,
    RESPONDENT_UNIT,
    SHAPES,
)

TABLES: Mapping[str, tuple[Column, ...]] = MappingProxyType(
    {
        "settings.csv": (
            Column("form_title", must_exist=False),
            Column("form_id", must_exist=False),
            Column("version", must_exist=False),
            Column("released", must_exist=False),
            Column("description", must_exist=False),
            Column("disclaimer", must_exist=False),
            Column("authors", must_exist=False),
            Column("licence", must_exist=False),
            Column("response_item", must_exist=False),
            Column("duplicate_rule", allowed=DUPLICATE_RULES, default="refuse", must_exist=False),
            Column("families", allowed=FAMILIES, default="section", must_exist=False),
            Column("adjustment", allowed=ADJUSTMENTS, default="holm", must_exist=False),
            Column("tested", must_exist=False),
            Column("limits", must_exist=False),
            Column("comparability", allowed=COMPARABLE, must_exist=False),
            Column("default_language", must_exist=False),
            Column("invented", allowed=("yes", "no"), default="no", must_exist=False),
            Column("cell_threshold", default="5", must_exist=False),
        ),
        "cycles.csv": (
            Column("cycle", required=True),
            Column("respondents", required=True, must_exist=False),
            Column("eligible", must_exist=False),
        ),
        "sections.csv": (
            Column("section", required=True),
            Column("title", must_exist=False),
            Column("question", must_exist=False),
            Column("notebook", must_exist=False),
        ),
        "choices.csv": (
            Column("list_name", required=True),
            Column("name", required=True),
            Column("label", must_exist=False),
            Column("singular", must_exist=False),
            Column("named", allowed=NAMINGS, must_exist=False),
            Column("offered", must_exist=False),
            Column("exclusive", allowed=("yes", "no"), default="no", must_exist=False),
        ),
        "survey.csv": (
            Column("type", required=True),
            Column("name"),
            Column("label", must_exist=False),
            Column("relevant", must_exist=False),
            Column("appearance", must_exist=False),
            Column("section", must_exist=False),
            Column("respondents", must_exist=False),
            Column("unit", default=RESPONDENT_UNIT, must_exist=False),
            Column("asked", must_exist=False),
            Column("comparability", allowed=COMPARABILITY, must_exist=False),
            Column("is_paraphrase", allowed=("yes", "no"), default="no", must_exist=False),
            Column("disabled", must_exist=False),
        ),
        "crosswalk.csv": (
            Column("item", required=True),
            Column("cycle", required=True),
            Column("comparability", allowed=COMPARABILITY),
            Column("wording", must_exist=False),
            Column("reason", must_exist=False),
        ),
        "indicators.csv": (
            Column("indicator", required=True),
            Column("rule", required=True),
            Column("base", must_exist=False),
            Column("label", required=True),
            Column("phrase", required=True),
            Column("figure", must_exist=False),
        ),
        "figures.csv": (
            Column("figure", required=True),
            Column("section", required=True),
            Column("form", required=True, allowed=FORMS),
            Column("title", required=True),
            Column("note", must_exist=False),
        ),
        "sources.csv": (
            Column("source", required=True),
            Column("title", required=True),
            Column("publisher", must_exist=False),
            Column("year", must_exist=False),
            Column("licence", required=True),
            Column("citation", required=True),
            Column("file", must_exist=False),
            Column("sha256", must_exist=False),
            Column("cycle", must_exist=False),
            Column("respondents", must_exist=False),
            Column("has_ids", allowed=("yes", "no"), default="yes", must_exist=False),
            Column("shape", allowed=SHAPES, default="wide", must_exist=False),
            Column("tool", allowed=TOOLS, must_exist=False),
            Column("delimiter", allowed=tuple(DELIMITERS), must_exist=False),
            Column("encoding", allowed=ENCODINGS, must_exist=False),
            Column("sheet", must_exist=False),
            Column("header_rows", must_exist=False),
            Column("skip_rows", must_exist=False),
            Column("labels", allowed=("yes", "no"), default="yes", must_exist=False),
            Column("where", must_exist=False),
        ),
        "columns.csv": (
            Column("item", required=True),
            Column("option", must_exist=False),
            Column("cycle", must_exist=False),
            Column("respondents", must_exist=False),
            Column("column", required=True),
            Column("separator", allowed=tuple(SEPARATORS), must_exist=False),
        ),
        "value_map.csv": (
            Column("list_name", must_exist=False),
            Column("raw", required=True),
            Column("name", required=True),
            Column("reason", required=True),
        ),
    }
)


NEEDED = ("survey.csv", "choices.csv", "cycles.csv")
"""The tables that every codebook has; `analysis.study.defaults` makes up for the others."""

XLSFORM = ("survey.csv", "choices.csv", "settings.csv")
"""The tables of a form. A form tool may have put columns of its own there."""

ALIASES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "survey.csv": {
            "caption": "label",
            "command": "type",
            "relevance": "relevant",
            "value": "name",
        },
        "choices.csv": {"caption": "label", "list name": "list_name", "value": "name"},
        "settings.csv": {"set form title": "form_title", "set form id": "form_id"},
    }
)
"""Headers as older forms write them."""


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
