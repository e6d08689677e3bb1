"""The tables as a Frictionless Data Package: each column with its type, meaning and limits."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from analysis.dictionary import TABLES, Described, described_columns
from analysis.publishing.contents import Table
from analysis.study import Study
from analysis.study.codebook import Codebook

FILE = "datapackage.json"
PROFILE = "tabular-data-package"
SPDX_PAGE = "https://spdx.org/licenses/{}.html"
LINKS: Mapping[str, tuple[str, str]] = {
    "indicator": ("indicators", "indicator"),
    "item": ("items", "item"),
}
"""Columns that name a row of another table: its name, and the column there."""

Json = dict[str, Any]


def data_package(study: Study, tables: Sequence[Table]) -> Json:
    """Return the descriptor of a Data Package.

    Parameters
    ----------
    tables : the tables of the research object.
    """
    settings = study.codebook.settings
    names = {table.name for table in tables}
    return {
        "profile": PROFILE,
        "name": _slug(settings.form_id),
        "title": titled(study),
        "description": described(study),
        "version": settings.version,
        "licenses": [licence_of(study)],
        "contributors": [{"title": settings.authors, "role": "author"}],
        "sources": [{"title": line} for line in credits_of(study.codebook)],
        "resources": [_resource(table, study, names) for table in tables],
    }


def titled(study: Study) -> str:
    """Return the title of the study; one with invented answers says so."""
    title = study.codebook.settings.title
    return f"{study.stamp}: {title}" if study.stamp else title


def described(study: Study) -> str:
    """Return what the study is about, and its disclaimer."""
    settings = study.codebook.settings
    invented = "All answers are invented; nothing in it is a finding." if study.stamp else ""
    return " ".join(filter(None, (settings.description, settings.disclaimer, invented)))


def licence_of(study: Study) -> Json:
    """Return the licence of what the study itself makes."""
    name = study.codebook.settings.licence
    return {"name": name, "path": SPDX_PAGE.format(name), "title": name}


def credits_of(book: Codebook) -> list[str]:
    """Return how each source is cited and under which licence it is, each line once."""
    lines = [
        f"{one.citation.rstrip('.')}. Licence: {one.licence.rstrip('.')}."
        for one in book.sources.values()
    ]
    return list(dict.fromkeys(lines))


def _resource(table: Table, study: Study, names: set[str]) -> Json:
    about = TABLES[table.name]
    content = table.content
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": table.path,
        "title": about.title,
        "description": f"One row is {about.grain}.",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "licenses": [licence_of(study)],
        "schema": _schema(table, study.codebook, names),
    }


def _schema(table: Table, book: Codebook, names: set[str]) -> Json:
    keys = TABLES[table.name].keys
    fields = [
        _field(one, table, book) for one in described_columns(table.name, map(str, table.rows))
    ]
    links = [
        {"fields": [column], "reference": {"resource": target, "fields": [there]}}
        for column, (target, there) in LINKS.items()
        if column in table.rows and target in names and target != table.name
    ]
    return {
        "fields": fields,
        "missingValues": [""],
        **({"primaryKey": list(keys)} if keys else {}),
        **({"foreignKeys": links} if links else {}),
    }


def _field(one: Described, table: Table, book: Codebook) -> Json:
    words = _words(one, book)
    constraints: Json = {}
    if one.name in TABLES[table.name].keys and not (table.rows[one.name] == "").any():
        constraints["required"] = True
    if words:
        constraints["enum"] = list(words)
    for name, end in (("minimum", one.low), ("maximum", one.high)):
        if end:
            constraints[name] = int(end) if one.type == "integer" else float(end)
    field: Json = {"name": one.name, "type": one.type, "description": one.description}
    if one.type == "boolean":
        field |= {"trueValues": ["True"], "falseValues": ["False"]}
    if any(label != word for word, label in words.items()):
        field["categories"] = [{"value": word, "label": label} for word, label in words.items()]
    return {**field, "constraints": constraints} if constraints else field


def _words(one: Described, book: Codebook) -> Mapping[str, str]:
    """The words that a column can hold, with their labels."""
    named: Mapping[str, Mapping[str, str]] = {
        "indicators": {name: row.label for name, row in book.indicators.items()},
        "items": {name: row.label for name, row in book.items.items()},
        "groups": {name: row.label for name, row in book.respondents.items()},
        "cycles": {name: name for name in book.cycles},
        "sections": {code: row.title for code, row in book.sections.items()},
    }
    return named.get(one.values) or {word: word for word in one.words}


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-")
