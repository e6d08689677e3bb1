"""The words that a reader of a report needs, each explained once for report and documentation."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("glossary.csv")


@dataclass(frozen=True)
class Term:
    """A word and what it means, in a sentence or two."""

    word: str
    meaning: str


def glossary() -> tuple[Term, ...]:
    """Return every term, in alphabetical order.

    >>> [term.word for term in glossary()][:3]
    ['answering', 'base', 'blank']
    """
    with FILE.open(encoding="utf-8", newline="") as stream:
        return tuple(Term(row["term"], row["meaning"]) for row in csv.DictReader(stream))
