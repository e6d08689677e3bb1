"""What a record says of the study behind a report, so that two reports can be told apart."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from analysis.report.fresh.basis import digest
from analysis.study import Codebook, Study

if TYPE_CHECKING:
    from analysis.report.fresh.parts import Parts

SHARED = ("settings", "cycles", "respondents", "value_map")
NO_MEANING = ("file", "sha256")
"""What ``sources.csv`` says of a file that is no part of what its numbers mean."""


def about(study: Study) -> dict[str, Any]:
    """Return which study it is and how it is cited."""
    settings = study.codebook.settings
    return {
        "id": settings.form_id,
        "title": settings.title,
        "version": settings.version,
        "released": settings.released,
        "authors": settings.authors,
        "disclaimer": settings.disclaimer,
        "stamp": study.stamp,
    }


def meaning_of(book: Codebook, parts: Parts) -> dict[str, Any]:
    """Return digests of what the numbers of each item rest on.

    ``items`` has for each item one of what is declared of it and one of its printed findings;
    ``rests_on`` the items that decide what its numbers are shares of, and whether it is asked;
    ``indicators`` the item and the label of each indicator; ``shared`` a digest of each table of
    the codebook that has a part in all numbers.
    """
    sources = [
        {name: cell for name, cell in asdict(one).items() if name not in NO_MEANING}
        for one in book.sources.values()
    ]
    return {
        "items": {
            name: f"{declared[:8]} {parts.findings.get(name, '')[:8]}".strip()
            for name, declared in parts.codebook.items()
        },
        "rests_on": {
            name: sorted(found) for name in book.items if (found := _rests_on(book, parts, name))
        },
        "indicators": {name: [row.rule.item, row.label] for name, row in book.indicators.items()},
        "shared": {
            **{name: parts.shared[name] for name in SHARED},
            "sources": digest(json.dumps(sources, default=str))[:8],
        },
    }


def _rests_on(book: Codebook, parts: Parts, item: str) -> set[str]:
    """Items that have a part in the numbers of one, directly or by another."""
    found: set[str] = set()
    waiting = [item]
    while waiting:
        name = waiting.pop()
        bases = {
            book.indicators[row.base].rule.item
            for row in book.indicators.values()
            if row.rule.item == name and row.base in book.indicators
        }
        relevant = set(re.findall(r"\$\{([^}]+)\}", book.items[name].relevant))
        more = {*parts.bases.get(name, ()), *bases, *relevant} & set(book.items)
        waiting += more - found - {item}
        found |= more
    return (found | {book.settings.response_item} & set(book.items)) - {item}
