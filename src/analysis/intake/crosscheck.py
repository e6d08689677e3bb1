"""What the exports of a study must not say against each other, the lists or the codebook."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import pandas as pd

from analysis.intake.cleaned import Cleaned, Part
from analysis.intake.identity import spelled_in_two_ways
from analysis.problems import Problem
from analysis.study.codebook import Codebook
from analysis.study.roster import Roster
from analysis.study.vocabulary import RESPONDENT_ID


def joint_problems(cleaned: Sequence[Cleaned], book: Codebook, roster: Roster) -> list[Problem]:
    """Return what no export shows by itself.

    A problem for each export with answers of a cycle and group that another one has, or with rows
    of a file whose answers another one reads from the same columns; with answers
    of more respondents than the codebook says could answer; without ids though there is a list of
    all that could have answered; and for each id that two exports spell in two ways or that looks
    as if it were made from a row.
    """
    held = [(one.export.name, part) for one in cleaned for part in one.parts]
    problems = [
        *_repeated(held),
        *_read_twice(cleaned),
        *_listed(held, roster),
        *_too_many(held, book, roster),
    ]
    for group in book.respondents:
        own = [(name, part) for name, part in held if part.respondents == group]
        if group not in {listed for _, listed in roster}:
            problems += spelled_in_two_ways(_ids(own))
        problems += _as_if_made(own)
    return problems


Held = Sequence[tuple[str, Part]]
"""What all exports hold, each part with the name of its export."""


def _repeated(held: Held) -> list[Problem]:
    first: dict[tuple[str, str], str] = {}
    problems = []
    for name, part in held:
        other = first.setdefault((part.cycle, part.respondents), name)
        if other != name:
            message = f"{other} has answers of {part.respondents} in {part.cycle} already."
            problems.append(Problem(message, file=name))
    return problems


def _read_twice(cleaned: Sequence[Cleaned]) -> list[Problem]:
    """Exports of one file that read the same cells: whose answers they are, nobody knows."""
    problems = []
    for first, second in combinations(cleaned, 2):
        if first.export.name != second.export.name or first.export.is_long:
            continue
        rows = first.table.index.intersection(second.table.index)
        columns = first.statuses.columns.intersection(second.statuses.columns)
        if not len(rows) or not len(columns):
            continue
        one = first.export
        message = (
            f"the row belongs to {one.respondents} in {one.cycle} as well (row {one.row} of the "
            "same table), and both read this column; let where part the rows, or the table "
            "columns the headers."
        )
        problems.append(Problem(message, file=one.name, row=int(rows[0]), column=str(columns[0])))
    return problems


def _listed(held: Held, roster: Roster) -> list[Problem]:
    """Exports without ids of a group that has a list."""
    return [
        Problem(
            f"there is a list of all {part.respondents} that could have answered, and an export "
            "without ids cannot be held to it. Take them off the list.",
            file=name,
            column="has_ids",
            value="no",
        )
        for name, part in held
        if not part.id_header and (part.cycle, part.respondents) in roster
    ]


def _too_many(held: Held, book: Codebook, roster: Roster) -> list[Problem]:
    """Exports of more respondents than there are; where there is a list, it tells which."""
    problems = []
    for name, part in held:
        eligible = book.eligible.get((part.cycle, part.respondents))
        found = len(set(part.ids))
        if (
            eligible is not None
            and found > eligible
            and (part.cycle, part.respondents) not in roster
        ):
            message = f"cycles has {eligible} {part.respondents} in {part.cycle}, the export"
            problems.append(Problem(f"{message} {found}.", file=name))
    return problems


def _ids(held: Held) -> pd.DataFrame:
    """Where each id that holds for all cycles stands."""
    parts = [
        pd.DataFrame({"file": name, "row": part.lines, "column": part.id_header, "value": part.ids})
        for name, part in held
        if part.id_header
    ]
    empty = pd.DataFrame({name: [] for name in ("file", "row", "column", "value")})
    return pd.concat(parts, ignore_index=True) if parts else empty.astype("str")


def _as_if_made(held: Held) -> list[Problem]:
    made = {word for _, part in held if not part.id_header for word in part.ids}
    return [
        Problem(
            f"this {RESPONDENT_ID} is the one made for a row of an export without ids.",
            file=name,
            row=int(line),
            column=part.id_header,
            value=str(word),
        )
        for name, part in held
        if part.id_header and made
        for word, line in zip(part.ids, part.lines, strict=True)
        if word in made
    ]
