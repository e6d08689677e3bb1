"""What a research object says of itself to a person who opens the folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analysis.dictionary import TABLES
from analysis.publishing.contents import Contents
from analysis.publishing.data_package import credits_of, described, titled
from analysis.study import Study


def readme(study: Study, contents: Contents) -> str:
    """Return the README as Markdown."""
    return "\n".join(_lines(study, contents)) + "\n"


def _lines(study: Study, contents: Contents) -> Iterator[str]:
    settings = study.codebook.settings
    yield f"# {titled(study)}"
    yield ""
    yield described(study)
    yield ""
    yield f"Version {settings.version} of {settings.released}, by {settings.authors}."
    yield ""
    yield "Every column is described in `datapackage.json`; `ro-crate-metadata.json` says which"
    yield "software made the files, from which inputs and with which parameters."
    yield ""
    yield "## Tables"
    yield ""
    yield "| file | one row is | rows |"
    yield "|---|---|---|"
    for table in contents.tables:
        yield f"| `{table.path}` | {TABLES[table.name].grain} | {len(table.rows)} |"
    yield ""
    yield "An empty cell has no value; `reason` says why. Counts of few respondents stand as they"
    yield "are."
    yield ""
    yield "## Licence of each file"
    yield ""
    yield f"All files are under {settings.licence}, as the work of the authors. They rest on:"
    yield ""
    yield from _bullets(credits_of(study.codebook))
    yield ""
    yield "## What was left out"
    yield ""
    yield from _bullets(contents.left_out)


def _bullets(lines: Sequence[str]) -> Iterator[str]:
    yield from (f"- {line}" for line in lines)
