"""Cells of a column that nobody can tell the meaning of, as problems."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from analysis.intake.answers import Answers, first_of_each
from analysis.intake.kinds import PER_CENT
from analysis.intake.reading.limits import EXAMPLES
from analysis.problems import Problem
from analysis.study.vocabulary import ANSWERED, MISSING


class Words(Protocol):
    """What may stand in a column."""

    @property
    def allowed(self) -> tuple[str, ...]:
        """What an answer may be, for messages."""

    def hint(self, cell: str) -> str:
        """Return what a cell that is not known may be, as a sentence; mostly nothing."""


def doubts(
    file: str, lines: NDArray[np.int64], header: str, answers: Answers, words: Words
) -> list[Problem]:
    """Return a problem for each cell that cannot be told the meaning of.

    These are cells whose spelling, or a part of it, nothing explains; values that the file
    declares missing, of which nothing says why; and numbers above 1 in a column of which other
    cells have a per cent sign. Of one spelling in one column, the first 3 cells are listed and the
    others counted.
    """
    return [
        *_declared_missing(file, lines, header, answers),
        *_unmapped(file, lines, header, answers, words),
        *_mixed_shares(file, lines, header, answers),
    ]


def _declared_missing(
    file: str, lines: NDArray[np.int64], header: str, answers: Answers
) -> list[Problem]:
    message = (
        "the file declares this value missing, so it is no answer; say in value_map what it means."
    )
    at = answers.holds(lambda one: one.is_declared_missing)
    return _named(at, message, MISSING, file, lines, header, answers)


def _named(
    at: NDArray[np.bool_],
    message: str,
    allowed: tuple[str, ...],
    file: str,
    lines: NDArray[np.int64],
    header: str,
    answers: Answers,
) -> list[Problem]:
    """A problem for the first cells of each spelling, which tell how many more there are."""
    return [
        Problem(
            f"{message}{also}",
            file=file,
            row=int(lines[cell]),
            column=header,
            value=answers.meanings[answers.codes[cell]].before,
            allowed=allowed,
        )
        for cell, also in first_of_each(answers.codes, np.flatnonzero(at), EXAMPLES)
    ]


def _unmapped(
    file: str, lines: NDArray[np.int64], header: str, answers: Answers, words: Words
) -> list[Problem]:
    by_spelling: dict[str, list[int]] = {}
    for code, meaning in enumerate(answers.meanings):
        if meaning.is_unmapped:
            for spelling in meaning.unknown or (meaning.before,):
                by_spelling.setdefault(spelling, []).append(code)
    problems = []
    for spelling, codes in by_spelling.items():
        at = np.flatnonzero(np.isin(answers.codes, codes))
        said = " ".join(filter(None, ("", words.hint(spelling))))
        message = f"nothing says what this answer means; a row in value_map can.{said}"
        for cell, also in first_of_each(np.zeros_like(answers.codes), at, EXAMPLES):
            problems.append(
                Problem(
                    f"{message}{also}",
                    file=file,
                    row=int(lines[cell]),
                    column=header,
                    value=spelling,
                    allowed=words.allowed,
                )
            )
    return problems


def _mixed_shares(
    file: str, lines: NDArray[np.int64], header: str, answers: Answers
) -> list[Problem]:
    """Whether a number beside shares is a percentage as well, nobody knows."""
    if not any(one.rule == PER_CENT for one in answers.meanings):
        return []
    message = (
        "other cells of the column have a per cent sign and are read as shares; is this number a "
        "percentage as well?"
    )
    is_large = answers.holds(
        lambda one: one.status == ANSWERED and one.rule != PER_CENT and abs(float(one.after)) > 1
    )
    allowed = ("a share from 0 to 1", "a percentage with its sign")
    return _named(is_large, message, allowed, file, lines, header, answers)
