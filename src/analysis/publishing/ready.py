"""What keeps a study from being published: a report that is not of today, things not said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from analysis._version import __version__
from analysis.files import sha256
from analysis.problems import Problem
from analysis.report.fresh.basis import DISTRIBUTION
from analysis.report.record import RECORD
from analysis.study import Study

SETTINGS = "settings.csv"
SPDX = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*")
"""How an identifier of the SPDX list of licences looks."""

AGAIN = "Build it again: analysis build."


def problems_of(study: Study, record: Mapping[str, Any]) -> list[Problem]:
    """Return everything that keeps a study from being published.

    Parameters
    ----------
    record : what the last build wrote; empty where there was none.
    """
    if study.is_rehearsal:
        return [Problem("a rehearsal is not published; name the study itself.")]
    report = [*_stale(study, record)] if record else [_not_built()]
    return [*report, *_unsaid(study)]


def _not_built() -> Problem:
    return Problem("the report was not built yet. Build it first: analysis build.", file=RECORD)


def _stale(study: Study, record: Mapping[str, Any]) -> Iterator[Problem]:
    """Where the report differs from what a build would give now."""
    built_by = record["versions"].get(DISTRIBUTION)
    if built_by != __version__:
        message = f"the report was built by another version. {AGAIN}"
        yield Problem(message, file=RECORD, value=built_by, allowed=(__version__,))
    inputs = study.input_files()
    changed = [name for name in inputs if record["inputs"].get(name) != sha256(inputs[name])]
    gone = [name for name in record["inputs"] if name not in inputs]
    for name in (*changed, *gone):
        yield Problem(f"the file changed since the report was built. {AGAIN}", file=name)
    entries = {entry["page"]: entry for entry in record["pages"]}
    for page in study.pages:
        entry = entries.get(page.name, {})
        shown = entry.get("shown") or {}
        if not (study.reports / f"{page.name}.html").is_file() or not shown:
            yield Problem(f"the page was not built. {AGAIN}", file=f"{page.name}.html")
        elif entry["outcome"] != "ok":
            message = "the page failed in the last build; mend that first."
            yield Problem(message, file=f"{page.name}.html")
        elif shown["inputs"] != record["inputs_digest"]:
            message = f"the page is of an earlier build than the others. {AGAIN}"
            yield Problem(message, file=f"{page.name}.html")


def _unsaid(study: Study) -> Iterator[Problem]:
    """What a published study has to say of itself."""
    settings = study.codebook.settings
    file = study.codebook.files.get(SETTINGS, f"codebook/{SETTINGS}")
    if not SPDX.fullmatch(settings.licence):
        message = (
            "say under which licence the findings, the codebook and the tables may be used, as "
            "an SPDX identifier such as CC-BY-4.0."
        )
        yield Problem(message, file=file, column="licence", value=settings.licence)
    if not _is_day(settings.released):
        message = "say of which day this release is, as year-month-day."
        yield Problem(message, file=file, column="released", value=settings.released)
    for column, value, what in (
        ("version", settings.version, "which version this is, such as 1.0.0."),
        ("authors", settings.authors, "who made it."),
        ("description", settings.description, "in a sentence or two what it is about."),
    ):
        if not value:
            yield Problem(f"say {what}", file=file, column=column)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
