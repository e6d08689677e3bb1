"""Two submissions of one respondent: which one counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.intake.spelling import plain
from analysis.problems import Problem
from analysis.study.vocabulary import SUBMITTED

REFUSE, LATEST, MOST_COMPLETE = "refuse", "latest", "most_complete"

TIMES = "a date and time in ISO 8601, or a whole number"


@dataclass(frozen=True)
class Submissions:
    """What decides between submissions, one entry a row of an export.

    Attributes
    ----------
    file, lines, header : where they stand, and the column of the ids.
    ids : who answered, empty where unknown. `cells` are the ids as the export writes them.
    submitted : when, as text; None where the export does not say. `submitted_header` is its column.
    n_answered : how many questions have an answer.
    content : the clean cells of a row, to tell whether two submissions say the same.
    """

    file: str
    lines: NDArray[np.int64]
    header: str
    ids: NDArray[np.object_]
    cells: NDArray[np.object_]
    submitted_header: str
    submitted: NDArray[np.object_] | None
    n_answered: NDArray[np.int64]
    content: Callable[[int], tuple[str, ...]]


def superseded(rows: Submissions, rule: str) -> tuple[Mapping[int, str], list[Problem]]:
    """Return which submissions another one of the same respondent replaces.

    Parameters
    ----------
    rule : ``refuse`` makes each repeat a problem; ``latest`` keeps the last one submitted;
        ``most_complete`` the one with the most questions answered, the later of two equals.

    Returns
    -------
    dict, list of Problem
        The reason for each position that goes to the quarantine. Submissions that the rule cannot
        tell apart are a problem, unless they say the same: then the first one stays.
    """
    ids = pd.Series(rows.ids)
    repeated = ids[ids.duplicated(keep=False) & (ids != "")]
    dropped: dict[int, str] = {}
    problems: list[Problem] = []
    for _, group in repeated.groupby(repeated, sort=False):
        positions = [int(at) for at in group.index]
        kept, more = _kept(positions, rows, rule)
        problems += more
        if kept is not None:
            reason = f"duplicate submission ({rule}); row {rows.lines[kept]} is kept"
            dropped |= {at: reason for at in positions if at != kept}
    return dropped, problems


def _kept(
    positions: Sequence[int], rows: Submissions, rule: str
) -> tuple[int | None, list[Problem]]:
    if rule == REFUSE:
        first = rows.lines[positions[0]]
        message = (
            f"a second submission; the first one stands in row {first}. Remove one, or set a "
            f"duplicate_rule ({LATEST} or {MOST_COMPLETE}) in settings."
        )
        return None, [_problem(rows, at, message) for at in positions[1:]]
    best = list(positions)
    if rule == MOST_COMPLETE:
        most = max(rows.n_answered[at] for at in best)
        best = [at for at in best if rows.n_answered[at] == most]
    if len(best) > 1 and (rule == LATEST or rows.submitted is not None):
        best, problems = _latest(best, rows)
        if problems:
            return None, problems
    if len({rows.content(at) for at in best}) > 1:
        message = f"the rule {rule!r} cannot tell this submission from row {rows.lines[best[0]]}."
        return None, [_problem(rows, at, message) for at in best[1:]]
    return best[0], []


def _latest(positions: Sequence[int], rows: Submissions) -> tuple[list[int], list[Problem]]:
    """Those submitted last, several where the times are equal."""
    if rows.submitted is None:
        message = f"the rule {LATEST!r} needs a column of the export that holds {SUBMITTED!r}."
        return [], [_problem(rows, at, message) for at in positions[1:]]
    texts = [str(rows.submitted[at]) for at in positions]
    try:
        times = _times(texts)
    except (TypeError, ValueError):
        message = "it cannot be told which of two submissions of one respondent is the later one."
        return [], [
            Problem(
                message,
                file=rows.file,
                row=int(rows.lines[at]),
                column=rows.submitted_header,
                value=text,
                allowed=(TIMES,),
            )
            for at, text in zip(positions, texts, strict=True)
        ]
    last = max(times)
    return [at for at, time in zip(positions, times, strict=True) if time == last], []


def _times(texts: Sequence[str]) -> list[float]:
    """Times as numbers that sort; `ValueError` or `TypeError` where they cannot be compared."""
    if all(text.isascii() and text.isdigit() for text in texts):
        return [float(text) for text in texts]
    times = [datetime.fromisoformat(text) for text in texts]
    start = times[0]
    return [(time - start).total_seconds() for time in times]


def _problem(rows: Submissions, at: int, message: str) -> Problem:
    """What is wrong with a submission, with its id as it is written and, if otherwise, as read."""
    cell, name = str(rows.cells[at]), str(rows.ids[at])
    return Problem(
        message if plain(cell) == name else f"{message} It is read as {name!r}.",
        file=rows.file,
        row=int(rows.lines[at]),
        column=rows.header,
        value=cell,
    )
