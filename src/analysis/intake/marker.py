"""Invented answers carry a mark in every row; real ones must not."""

from __future__ import annotations

from analysis.intake.raw import RawTable
from analysis.intake.spelling import folded
from analysis.problems import Problem
from analysis.study.places import REHEARSAL, SYNTHETIC


def is_marked(raw: RawTable) -> bool:
    """Tell whether an export says that its answers are invented."""
    return any(folded(header) == folded(SYNTHETIC) for header in raw.header)


def marker_problems(raw: RawTable, *, is_rehearsal: bool) -> list[Problem]:
    """Return what keeps an export out of a build of invented, or of real, answers."""
    marked = [header for header in raw.header if folded(header) == folded(SYNTHETIC)]
    if not is_rehearsal:
        message = f"invented answers among real ones; they belong into {REHEARSAL}/."
        return [
            Problem(message, file=raw.file, row=1, column=header, value=header) for header in marked
        ]
    if SYNTHETIC not in marked:
        message = f"real answers in a rehearsal: invented ones have a column {SYNTHETIC!r}."
        found = marked[0] if marked else ""
        return [
            Problem(
                message,
                file=raw.file,
                row=1,
                column=SYNTHETIC,
                value=found,
                allowed=(SYNTHETIC,),
            )
        ]
    cells = raw.table[SYNTHETIC]
    wrong = cells[cells != SYNTHETIC]
    return [
        Problem(
            "real answers in a rehearsal: every row of invented ones carries the mark.",
            file=raw.file,
            row=int(str(line)),
            column=SYNTHETIC,
            value=cell,
            allowed=(SYNTHETIC,),
        )
        for line, cell in wrong.items()
    ]
