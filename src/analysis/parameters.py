"""The parameters of a section: typed, checked before anything runs, and what they mean."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.parameter_cell import declared_parameters, own_parameters
from analysis.problems import Problem, refuse_any
from analysis.published.findings import DENOMINATORS
from analysis.study import Page, Study

if TYPE_CHECKING:
    from analysis.results import Results

LATEST = "latest"
PREVIOUS = "previous"
FIRST = ""
"""Stands for the first group of respondents that the codebook names."""

DEFAULTS: Mapping[str, object] = MappingProxyType(
    {
        "cycle": LATEST,
        "baseline": PREVIOUS,
        "respondents": FIRST,
        "denominator": "participating",
        "level": 0.95,
    }
)
"""What a page shows when nothing else is asked for."""


@dataclass(frozen=True)
class Choices:
    """What a page can be asked for, resolved: no ``latest`` or ``previous`` left.

    `baseline` is empty where the page has nothing to compare with.
    """

    cycle: str
    baseline: str
    respondents: str
    denominator: str
    level: float


def check_parameters(
    study: Study, page: Page, given: Mapping[str, str], *, results: Results | None = None
) -> dict[str, Any]:
    """Return the parameters given on the command line, typed and checked for one page.

    Parameters
    ----------
    given : names and values as text.
    results : the tables of the study, where they have been computed already.

    Raises
    ------
    InputError
        With every problem: an unknown name, a value of the wrong type, a value that is not known
        or cannot apply to this page.
    """
    declared = declared_parameters(page.notebook)
    own = own_parameters(page)
    problems, typed = [], {}
    for name, text in given.items():
        if name not in own:
            message = f"{page.name} has no parameter {name!r}."
            problems.append(Problem(message, value=name, allowed=own))
            continue
        try:
            typed[name] = _typed(text, declared[name].type)
        except ValueError:
            kind = declared[name].type.__name__
            message = f"{page.name}: parameter {name} must be of type {kind}."
            problems.append(Problem(message, value=text))
    refuse_any(problems)
    defaults = {name: declared[name].default for name in own}
    if results is None:
        from analysis.results import compute_results

        results = compute_results(study)
    resolve(study, page, results.totals, {**defaults, **typed})
    return typed


def _typed(text: str, kind: type) -> object:
    if kind is bool:
        if text.lower() not in ("true", "false"):
            raise ValueError(text)
        return text.lower() == "true"
    return kind(text)


def resolve(
    study: Study, page: Page, printed: pd.DataFrame, values: Mapping[str, object]
) -> Choices:
    """Return what the parameters of a page mean.

    Parameters
    ----------
    printed : what `analysis.published.published_counts` returns for the study.
    values : any of ``cycle``, ``baseline``, ``respondents``, ``denominator`` and ``level``; others
        are not looked at.

    Raises
    ------
    InputError
        With every value that is unknown, of the wrong type, or cannot apply to this page.
    """
    values = {**DEFAULTS, **values}
    book = study.codebook
    scope = indicators_on(study, page)
    printed = printed[printed["indicator"].isin(scope)]
    problems = []

    def hold(name: str, value: object, allowed: tuple[str, ...], why: str) -> None:
        if value not in allowed:
            problems.append(Problem(f"{page.name}, {name}: {why}", value=value, allowed=allowed))

    cycle = book.cycles[-1] if values["cycle"] == LATEST else values["cycle"]
    hold("cycle", cycle, book.cycles, "unknown cycle.")
    groups = tuple(g for g in book.respondents if g in set(printed["respondents"]))
    group = values["respondents"] or next(iter(book.respondents))
    hold("respondents", group, groups or tuple(book.respondents), "no figure of this group here.")
    if not problems:
        there = set(printed[printed["respondents"] == group]["cycle"])
        with_figures = tuple(c for c in book.cycles if c in there)
        if len(printed):
            hold("cycle", cycle, with_figures, f"no figure of {group} of this cycle here.")
    own = [name for name in scope if book.section_of(name) in page.sections]
    bases = tuple(dict.fromkeys(b for name in own if (b := book.indicators[name].base)))
    hold("denominator", values["denominator"], (*DENOMINATORS, *bases), "no such denominator here.")
    problems += _level_problems(page, values["level"])
    baseline = ""
    if not problems:
        earlier = book.cycles[: book.cycles.index(str(cycle))]
        asked = tuple(
            c
            for c in earlier
            if any(
                c in book.item_of(n).asked and book.item_of(n).comparability != "new" for n in scope
            )
        )
        if values["baseline"] == PREVIOUS:
            baseline = asked[-1] if asked else ""
        elif not asked:
            message = (
                f"{page.name} has nothing that an earlier cycle is known to have asked; "
                "leave baseline out."
            )
            problems.append(Problem(message, value=values["baseline"]))
        else:
            hold("baseline", values["baseline"], asked, "not an earlier cycle that asked this.")
            baseline = str(values["baseline"])
    refuse_any(problems)
    return Choices(
        cycle=str(cycle),
        baseline=baseline,
        respondents=str(group),
        denominator=str(values["denominator"]),
        level=float(str(values["level"])),
    )


def _level_problems(page: Page, level: object) -> list[Problem]:
    is_number = isinstance(level, int | float) and not isinstance(level, bool)
    if is_number and math.isfinite(level) and 0 < level < 1:  # type: ignore[arg-type,operator]
        return []
    message = f"{page.name}: level must be a number between 0 and 1, for example 0.95."
    return [Problem(message, value=level)]


def indicators_on(study: Study, page: Page) -> tuple[str, ...]:
    """Names of the indicators that a page speaks about; all of them for a page across sections."""
    book = study.codebook
    own = tuple(name for name in book.indicators if book.section_of(name) in page.sections)
    shows_all = any(
        figure.section in page.sections and not book.in_figure(name)
        for name, figure in book.figures.items()
    )
    return tuple(book.indicators) if shows_all or not own else own
