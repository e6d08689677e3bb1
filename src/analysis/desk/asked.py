"""What is asked of a study at the desk: checked, and every word such as ``latest`` resolved."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.parameters import DEFAULTS, LATEST, PREVIOUS, Choices
from analysis.problems import Problem, refuse_any
from analysis.published.findings import DENOMINATORS
from analysis.study.codebook import Codebook

METHODS = {
    "bounds": "all that is possible",
    "sensitivity": "what the verdict hangs on",
    "tests": "what tests would say",
}
"""Ways to look at a change, and what each shows."""


def groups_of(names: Sequence[str], book: Codebook) -> tuple[str, ...]:
    """Return who was asked about any of some indicators; everybody where none is named."""
    asked = {group for name in names for group in book.item_of(name).respondents}
    return tuple(group for group in book.respondents if group in asked or not names)


def denominators_of(names: Sequence[str], book: Codebook) -> tuple[str, ...]:
    """Return the bases that a share can be taken over."""
    bases = (book.indicators[name].base for name in names)
    return (*DENOMINATORS, *dict.fromkeys(filter(None, bases)))


def earlier_cycles(cycle: str, book: Codebook) -> tuple[str, ...]:
    """Return the cycles before one, the first one first."""
    return book.cycles[: book.cycles.index(cycle)]


def choices_of(
    names: Sequence[str],
    book: Codebook,
    *,
    cycle: str = LATEST,
    baseline: str = PREVIOUS,
    respondents: str = "",
    denominator: str = str(DEFAULTS["denominator"]),
) -> Choices:
    """Return what is asked of some indicators, of all where none is named.

    Raises
    ------
    InputError
        With every name that the study does not know, or that cannot apply, and the nearest one.
    """
    problems = [
        Problem(
            "unknown indicator.", column="indicator", value=name, allowed=tuple(book.indicators)
        )
        for name in names
        if name not in tuple(book.indicators)
    ]
    refuse_any(problems)
    cycle = book.cycles[-1] if cycle == LATEST else cycle
    groups = groups_of(names, book)
    group = respondents or groups[0]
    hold = [
        ("cycle", cycle, book.cycles, "unknown cycle."),
        ("respondents", group, groups, "no such group was asked this."),
        ("denominator", denominator, denominators_of(names, book), "no such base here."),
    ]
    if cycle in book.cycles:
        before = earlier_cycles(cycle, book)
        baseline = (before[-1] if before else "") if baseline == PREVIOUS else baseline
        if baseline or before:
            hold.append(("baseline", baseline, before, f"not a cycle before {cycle}."))
    problems = [
        Problem(why, column=name, value=value, allowed=tuple(allowed))
        for name, value, allowed, why in hold
        if value not in allowed
    ]
    refuse_any(problems)
    level = DEFAULTS["level"]
    assert isinstance(level, float)
    return Choices(cycle, baseline, group, denominator, level)
