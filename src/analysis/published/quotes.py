"""Holds the quoted figures of the findings table against the document they come from."""

from __future__ import annotations

import re
from pathlib import Path

from analysis.problems import InputError, Problem, nearest
from analysis.published.findings import load_findings
from analysis.study import Study
from analysis.study.places import FINDINGS


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
    for number, (quote, finding_id) in enumerate(
        load_findings(study)[["as_printed", "finding_id"]].itertuples(index=False), start=2
    ):
        if plain(quote) not in text:
            near = nearest(plain(quote), [s[:60] for s in sentences])
            problems.append(
                Problem(
                    f"{finding_id} quotes words that {document.name} does not contain"
                    + (f"; the nearest are {near!r}." if near else "."),
                    file=FINDINGS,
                    row=number,
                    column="as_printed",
                    value=quote,
                )
            )
    return problems


def plain(text: str) -> str:
    """Return the text without emphasis marks and with single spaces, quotes straightened.

    >>> plain("a **very**  bold   word’s")
    "a very bold word's"
    """
    text = text.replace("**", "").replace("\\", "")
    return re.sub(r"\s+", " ", text.replace("’", "'").replace("“", '"').replace("”", '"')).strip()
