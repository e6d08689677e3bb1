"""Which groups are tested: those that could all have answered, and those that the study names."""

from __future__ import annotations

from collections.abc import Iterable

from analysis.study.codebook import Codebook


def has_list(group: str, cycles: Iterable[str], book: Codebook) -> bool:
    """Tell whether it is known how many of a group could have answered in each of some cycles."""
    return all(book.eligible.get((cycle, group)) for cycle in cycles)


def why_not_tested(group: str, cycles: Iterable[str], book: Codebook) -> str:
    """Return why the answers of a group are described and not tested; empty where they are."""
    if has_list(group, cycles, book) or group in book.settings.tested:
        return ""
    label = book.respondents[group].label
    return f"described, not tested: the {label} that answered are no sample of any list"
