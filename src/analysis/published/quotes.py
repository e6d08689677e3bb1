"""Holds the quoted figures of the findings table against the document they come from."""

from __future__ import annotations

import re
from pathlib import Path

from analysis.frames import records
from analysis.problems import InputError, Problem, nearest
from analysis.published.findings import COLUMNS, load_findings
from analysis.study import Study
from analysis.study.places import FINDINGS
from analysis.study.tables import ROW, read_table


def check_source(study: Study, document: Path) -> list[Problem]:
    """Return a problem for each quoted figure that the document does not contain.

    Parameters
    ----------
    study : the study whose findings are checked.
    document : the source as text, UTF-8. Line breaks and marks of emphasis do not count.

    Raises
    ------
    InputError
        The document is missing or is not UTF-8 text.
    """
    try:
        text = plain(document.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            Problem(f"cannot be read as UTF-8 text: {type(error).__name__}.", file=str(document))
        ) from error
    sentences = re.split(r"(?<=[.:;–])\s", text)
    problems = []
    findings = load_findings(study)
    table = read_table(study.raw / FINDINGS, FINDINGS, COLUMNS) if len(findings) else findings
    for row in records(table):
        quote, finding_id = str(row["as_printed"]), row["finding_id"]
        if not _stands_in(plain(quote), text):
            near = nearest(plain(quote), [s[:60] for s in sentences])
            problems.append(
                Problem(
                    f"{finding_id} quotes words that {document.name} does not contain"
                    + (f"; the nearest are {near!r}." if near else "."),
                    file=FINDINGS,
                    row=int(row[ROW]),
                    column="as_printed",
                    value=quote,
                )
            )
    return problems


def _stands_in(quote: str, text: str) -> bool:
    """Look a quote up; a number at its edge must not be part of a longer one ("2" in "23")."""
    before = "(?<![0-9])" if quote[:1].isdecimal() else ""
    after = "(?![0-9])" if quote[-1:].isdecimal() else ""
    return re.search(before + re.escape(quote) + after, text) is not None


def plain(text: str) -> str:
    """Return the text without emphasis marks and with single spaces, quotes straightened.

    >>> plain("a **very**  bold   word’s")
    "a very bold word's"
    """
    text = text.replace("**", "").replace("\\", "")
    return re.sub(r"\s+", " ", text.replace("’", "'").replace("“", '"').replace("”", '"')).strip()
