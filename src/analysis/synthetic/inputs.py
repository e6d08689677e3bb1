"""What the synthetic answers assume beside the printed figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from analysis.frames import records
from analysis.problems import Problem, refuse_any
from analysis.study import Study
from analysis.study.places import CODEBOOK
from analysis.study.tables import ROW, Column, duplicates, read_table, row_problem
from analysis.study.vocabulary import RESPONDENT_ID

ASSUMED = f"{CODEBOOK}/assumed.csv"
"""The table of what is assumed about single items; a study need not have it."""

ASSUMED_COLUMNS = (
    Column("item", required=True),
    Column("option"),
    Column("cycle"),
    Column("respondents", required=True),
    Column("value", required=True),
    Column("reason", required=True),
)

MEANINGS = {
    "seed": "start of the random numbers",
    "persistence": "share of an answer's givers that give it again in the next cycle, among those "
    "that answer both times, as far as the counts of both cycles allow",
    "dont_know": "chance of a don't-know, where the counts leave room",
    "blank": "chance of no answer, where the counts leave room",
    "not_applicable": "chance of a not-applicable, where the counts leave room",
    "untidy": "chance that an answer is written with stray spaces or in other letter case",
}


@dataclass(frozen=True)
class Inputs:
    """The inputs that hold for all items; every one is invented.

    Attributes
    ----------
    seed : start of the random numbers, from 0.
    persistence : share of the earlier givers of an answer that give it again, among those that
        answer the question in both cycles, as far as the counts of both cycles allow.
    overlap : how many of a group answer in one cycle and in the next, by group; a group that is
        not named gets a number two fifths of the way from the fewest possible to the most.
    dont_know, blank, not_applicable : chances of these in place of an answer, where the counts
        leave room.
    untidy : chance that an answer is written with stray spaces or in other letter case.
    """

    seed: int = 20201
    persistence: float = 0.85
    overlap: Mapping[str, int] = field(default_factory=dict)
    dont_know: float = 0.03
    blank: float = 0.05
    not_applicable: float = 0.01
    untidy: float = 0.06

    @property
    def missing(self) -> float:
        """Chance that a question which was put is not answered."""
        return self.dont_know + self.blank + self.not_applicable


def check_inputs(inputs: Inputs, groups: tuple[str, ...]) -> None:
    """Raise `InputError` with every input that is out of its range.

    >>> check_inputs(Inputs(persistence=0.5), ())
    """
    problems = []
    if inputs.seed < 0:
        message = "must be a whole number from 0."
        problems.append(Problem(message, column="seed", value=inputs.seed))
    for name in (one.name for one in fields(Inputs) if isinstance(one.default, float)):
        value = getattr(inputs, name)
        if not 0 <= value <= 1:
            problems.append(Problem("must lie between 0 and 1.", column=name, value=value))
    if inputs.missing > 1:
        message = "dont_know, blank and not_applicable together must not exceed 1."
        problems.append(Problem(message, value=round(inputs.missing, 6)))
    problems += [
        Problem("the codebook has no such group.", column="overlap", value=name, allowed=groups)
        for name in inputs.overlap
        if name not in groups
    ]
    refuse_any(problems)


@dataclass(frozen=True)
class Assumed:
    """A count that is assumed for one option, with its reason and its line of the table."""

    count: int
    reason: str
    row: int


Key = tuple[str, str, str, str]
"""Item, option, cycle and group of respondents."""


def load_assumed(study: Study) -> tuple[Mapping[Key, Assumed], Mapping[str, str]]:
    """Read the hand-edited table of assumed counts.

    Returns
    -------
    counts
        Assumed count by item, option, cycle and group.
    beginnings
        What the ids of a group's respondents begin with, where the table says so (in a row whose
        item is ``respondent_id``).

    Raises
    ------
    InputError
        With every name that the codebook does not have and every value that is no count.
    """
    if not (study.raw / ASSUMED).is_file():
        return {}, {}
    book = study.codebook
    table = read_table(study.raw / ASSUMED, ASSUMED, ASSUMED_COLUMNS)
    problems = duplicates(table, ASSUMED, ["item", "option", "cycle", "respondents"])
    counts: dict[Key, Assumed] = {}
    beginnings: dict[str, str] = {}
    for row in records(table):
        if row["respondents"] not in book.respondents:
            message = "the codebook has no such group."
            allowed = tuple(book.respondents)
            problems.append(row_problem(ASSUMED, row, "respondents", message, allowed))
        if row["item"] == RESPONDENT_ID:
            beginnings[row["respondents"]] = row["value"]
            continue
        item = book.items.get(row["item"])
        if item is None:
            message = "the codebook has no such item."
            problems.append(row_problem(ASSUMED, row, "item", message, tuple(book.items)))
            continue
        options = tuple(book.choices.get(item.choice_list, ()))
        asked = item.asked or book.cycles
        for column, words in (("option", options), ("cycle", asked)):
            if row[column] not in words:
                message = f"item {item.name!r} has no such {column}."
                problems.append(row_problem(ASSUMED, row, column, message, words))
        if not row["value"].isdecimal():
            problems.append(row_problem(ASSUMED, row, "value", "not a whole number from 0."))
            continue
        key = (row["item"], row["option"], row["cycle"], row["respondents"])
        counts[key] = Assumed(int(row["value"]), row["reason"], int(row[ROW]))
    refuse_any(problems)
    return counts, beginnings
