"""Questions of different cycles that a person says are the same: the table of proposals, filled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.drafting.cells import Word
from analysis.drafting.matches import Match
from analysis.drafting.questions import Question, Spread
from analysis.drafting.text import label_of
from analysis.frames import Row, records
from analysis.intake.spelling import folded
from analysis.problems import Problem
from analysis.study.guard import guarded, unguarded
from analysis.study.tables import Column, read_table, row_problem

PROPOSALS = "same_questions.csv"
"""The proposals that lie beside ``TODO.md``."""

YES, NO = "yes", "no"

ENDS = (("cycle_from", "header_from"), ("cycle_to", "header_to"))
COLUMNS = (
    Column("same", allowed=("", YES, NO), must_exist=True),
    *(Column(name, required=True) for end in ENDS for name in end),
    *(Column(name, must_exist=False) for name in ("alike", "text_from", "text_to")),
)
HEADER = "same alike cycle_from header_from text_from cycle_to header_to text_to".split()


@dataclass(frozen=True)
class Pair:
    """A row of the table that says of two questions that they are one; `file` is its name."""

    row: Row
    file: str


def proposals_of(matches: Sequence[Match]) -> list[dict[str, str]]:
    """Return a row for each pair of questions that could be the same, for a person to decide."""
    return [
        {
            "same": "",
            "alike": f"{match.similarity:.0%}{', same code' if match.has_same_code else ''}",
            "cycle_from": match.first.cycles[0],
            "header_from": guarded(match.first.header),
            "text_from": label_of(match.first.text),
            "cycle_to": match.second.cycles[0],
            "header_to": guarded(match.second.header),
            "text_to": label_of(match.second.text),
        }
        for match in matches
    ]


def read_pairs(path: Path) -> list[Pair]:
    """Return the pairs of a filled table that say ``yes``.

    Raises
    ------
    InputError
        The table is not one of proposals, or `same` is neither ``yes`` nor ``no`` nor empty.
    """
    table = records(read_table(path, path.name, COLUMNS))
    return [Pair(row, path.name) for row in table if row["same"] == YES]


def joined(
    questions: Sequence[Question], pairs: Sequence[Pair]
) -> tuple[list[Question], list[Problem]]:
    """Make one question of each pair; it stands where the first one stood and keeps its name.

    Returns
    -------
    list of Question, list of Problem
        A problem for each pair that names a question that is not there, or questions that some
        cycle has both of, or of which only one has a column for each option.
    """
    found = list(questions)
    problems: list[Problem] = []
    for pair in pairs:
        ends, more = _ends(pair, found)
        problems += more
        if len(ends) < 2:
            continue
        first, second = sorted(ends, key=found.index)
        if first is second:
            continue
        if why := _cannot_join(first, second):
            problems.append(row_problem(pair.file, pair.row, "same", why))
            continue
        found[found.index(first)] = _one(first, second)
        found.remove(second)
    return found, problems


def _ends(pair: Pair, questions: Sequence[Question]) -> tuple[list[Question], list[Problem]]:
    """The two questions of a pair, those that there are."""
    ends, problems = [], []
    for cycle_column, column in ENDS:
        cycle = str(pair.row[cycle_column])
        there = {
            folded(header): question
            for question in questions
            for its_cycle, header in question.known_as
            if its_cycle == cycle
        }
        question = there.get(folded(unguarded(str(pair.row[column]))))
        if question is None:
            message = f"no question of {cycle} has this header."
            allowed = [one.header for one in there.values()]
            problems.append(row_problem(pair.file, pair.row, column, message, allowed))
        else:
            ends.append(question)
    return ends, problems


def _cannot_join(first: Question, second: Question) -> str:
    both = [cycle for cycle in first.cycles if cycle in second.cycles]
    if both:
        return f"{both[0]} has both questions, so they are not the same."
    if bool(first.spread) != bool(second.spread):
        return "only one of the two has a column for each option; join them in columns.csv."
    return ""


def _one(first: Question, second: Question) -> Question:
    return Question(
        header=first.header,
        name=first.name,
        text=first.text,
        columns=first.columns + second.columns,
        spread=_options(first, second),
        style=first.style,
        also=(*first.also, *second.known_as),
    )


def _options(first: Question, second: Question) -> tuple[Spread, ...]:
    """The options of both; those with the same label are one."""
    found: dict[str, Spread] = {}
    for option in (*first.spread, *second.spread):
        key = folded(option.label)
        before = found.get(key, Spread(option.label, (), ()))
        words: tuple[Word, ...] = (*before.words, *option.words)
        found[key] = Spread(before.label, before.columns + option.columns, words)
    return tuple(found.values())
