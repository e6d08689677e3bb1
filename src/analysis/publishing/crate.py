"""The research object as an RO-Crate: every file, its licence, and the run that it comes from."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from analysis.dictionary import TABLES
from analysis.publishing.contents import PROVENANCE, REPORT, Table
from analysis.publishing.data_package import described, licence_of, titled
from analysis.report.fresh.basis import DISTRIBUTION
from analysis.report.record import RECORD
from analysis.study import Study

FILE = "ro-crate-metadata.json"
SPECIFICATION = "https://w3id.org/ro/crate/1.1"
KINDS = {
    ".csv": "text/csv",
    ".html": "text/html",
    ".json": "application/json",
    ".md": "text/markdown",
}
RUN, SOFTWARE, LOCK = "#build", f"#{DISTRIBUTION}", "#requirements.lock"

Json = dict[str, Any]


def crate(
    study: Study,
    record: Mapping[str, Any],
    tables: Sequence[Table],
    files: Mapping[str, bytes],
) -> Json:
    """Return the metadata of the crate.

    Parameters
    ----------
    record : what the last build wrote.
    tables : the tables among the files.
    files : every other file of the object by its path, with its content.
    """
    settings = study.codebook.settings
    contents = {**files, **{table.path: table.content for table in tables}}
    about = {table.path: table for table in tables}
    licence = licence_of(study)
    sources = [
        {
            "@id": f"#source/{one.name}",
            "@type": "CreativeWork",
            "name": one.title,
            "publisher": one.publisher,
            "datePublished": one.year,
            "license": one.licence,
            "citation": one.citation,
        }
        for one in study.codebook.sources.values()
    ]
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": titled(study),
        "description": described(study),
        "datePublished": settings.released,
        "version": settings.version,
        "license": _id(licence["path"]),
        "author": _id("#authors"),
        "publisher": _id("#authors"),
        "hasPart": [_id(path) for path in sorted(contents)],
        "isBasedOn": [_id(one["@id"]) for one in sources],
        "mentions": [_id(RUN)],
    }
    entities: list[Json] = [
        {
            "@id": FILE,
            "@type": "CreativeWork",
            "conformsTo": _id(SPECIFICATION),
            "about": _id("./"),
        },
        root,
        {
            "@id": licence["path"],
            "@type": "CreativeWork",
            "name": licence["title"],
            "description": f"Licence {licence['name']} of the SPDX list.",
        },
        {"@id": "#authors", "@type": "Organization", "name": settings.authors},
        *(_file(path, contents[path], about.get(path), licence) for path in sorted(contents)),
        *sources,
        *_run(record, sorted(contents)),
    ]
    return {"@context": f"{SPECIFICATION}/context", "@graph": [_plain(one) for one in entities]}


def _id(name: str) -> Json:
    return {"@id": name}


def _plain(entity: Json) -> Json:
    """An entity as the specification wants it: nothing blank, and one value without a list."""
    return {
        key: value[0] if isinstance(value, list) and len(value) == 1 else value
        for key, value in entity.items()
        if value not in ("", [])
    }


def _file(path: str, content: bytes, table: Table | None, licence: Json) -> Json:
    return {
        "@id": path,
        "@type": "File",
        "name": TABLES[table.name].title if table else PurePosixPath(path).name,
        "description": f"One row is {TABLES[table.name].grain}." if table else _said(path),
        "encodingFormat": KINDS[PurePosixPath(path).suffix],
        "contentSize": str(len(content)),
        "sha256": hashlib.sha256(content).hexdigest(),
        "license": _id(licence["path"]),
    }


def _said(path: str) -> str:
    """What a file is that is no table."""
    folder, name = PurePosixPath(path).parts[0], PurePosixPath(path).name
    if folder == REPORT:
        return "A page of the report; it opens in any browser, without a network."
    return {
        RECORD: "What the report was built from and with, as the build recorded it.",
        "README.md": "What this is, and what was left out.",
        "datapackage.json": "The tables as a Frictionless Data Package: columns, types, limits.",
    }[name]


def _run(record: Mapping[str, Any], paths: Sequence[str]) -> list[Json]:
    """The build: what ran, on what, with which parameters, and what came out."""
    inputs = [
        {
            "@id": f"#input/{name}",
            "@type": "CreativeWork",
            "name": name,
            "description": "An input of the build, known by its hash.",
            "sha256": digest,
        }
        for name, digest in record["inputs"].items()
    ]
    parameters = [
        {
            "@id": f"#parameter/{entry['page']}/{name}",
            "@type": "PropertyValue",
            "name": f"{name} of the page {entry['page']}",
            "value": value,
        }
        for entry in record["pages"]
        for name, value in sorted((entry["shown"] or {}).get("parameters", {}).items())
    ]
    libraries = [
        {
            "@id": f"#{name}",
            "@type": "SoftwareApplication",
            "name": name,
            "version": version,
        }
        for name, version in record["versions"].items()
        if name != DISTRIBUTION
    ]
    software = {
        "@id": SOFTWARE,
        "@type": "SoftwareApplication",
        "name": DISTRIBUTION,
        "version": record["versions"][DISTRIBUTION],
        "softwareRequirements": [_id(one["@id"]) for one in libraries],
    }
    lock = {
        "@id": LOCK,
        "@type": "CreativeWork",
        "name": "requirements.lock",
        "description": "The pinned versions of all packages, known by its hash.",
        "sha256": record["lock"],
    }
    made = [path for path in paths if PurePosixPath(path).parts[0] in ("data", REPORT)]
    run = {
        "@id": RUN,
        "@type": "CreateAction",
        "name": record["command"],
        "description": "The last build of the report, of which the tables are as well.",
        "instrument": _id(SOFTWARE),
        "object": [_id(one["@id"]) for one in (*inputs, *parameters)],
        "result": [_id(path) for path in made],
        "subjectOf": _id(f"{PROVENANCE}/{RECORD}"),
    }
    if record["lock"]:
        software["softwareRequirements"].append(_id(LOCK))
    return [run, software, *libraries, *([lock] if record["lock"] else []), *inputs, *parameters]
