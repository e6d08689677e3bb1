"""All responses of a study, cleaned: the one entry to what respondents said."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.intake.clean import clean
from analysis.intake.cleaned import Cleaned, quarantine_of_all
from analysis.intake.crosscheck import joint_problems
from analysis.intake.long import long_table
from analysis.intake.marker import marker_problems
from analysis.intake.raw import RawTable, try_raw
from analysis.problems import InputError, Problem, refuse_any
from analysis.study import Study
from analysis.study.codebook import Mapped
from analysis.study.exports import Export, exports_of
from analysis.study.reading import Reading
from analysis.study.roster import Roster, roster_of


@dataclass(frozen=True)
class Responses:
    """The responses of a study and what was done to them.

    Attributes
    ----------
    table : what `analysis.intake.long.long_table` returns.
    ledger : one row a changed cell: ``file, row, column, before, after, rule``.
    quarantine : one row a refused cell, or a refused submission (column empty):
        ``file, row, column, value, reason``.
    is_synthetic : whether the answers are invented.
    unused : the rows of the value map that decided about no cell of any export.
    without_key : group and cycle of all answers that carry no id. Their ``respondent_id`` in
        `table` is made from a row and tells submissions apart, nothing more.
    """

    table: pd.DataFrame
    ledger: pd.DataFrame
    quarantine: pd.DataFrame
    is_synthetic: bool
    unused: tuple[Mapped, ...]
    without_key: frozenset[tuple[str, str]]


def load_responses(study: Study) -> Responses | None:
    """Read and clean every export of a study; None when there is none.

    Raises
    ------
    InputError
        With the problems of all exports.
    """
    found = cleaned_exports(study)
    if found is None:
        return None
    cleaned, roster = [one for _, one in found.exports], found.roster
    # What is wrong with the codebook shows in every export and is said once.
    refuse_any(list(dict.fromkeys(found.problems)))
    unused = set(study.codebook.value_map).intersection(*(set(one.unused) for one in cleaned))
    parts = [part for one in cleaned for part in one.parts]
    return Responses(
        table=long_table(parts, study.codebook, roster),
        ledger=pd.concat([one.ledger for one in cleaned], ignore_index=True),
        quarantine=quarantine_of_all(cleaned),
        is_synthetic=study.is_invented,
        unused=tuple(row for row in study.codebook.value_map if row in unused),
        without_key=frozenset(
            (part.respondents, part.cycle) for part in parts if not part.id_header
        ),
    )


@dataclass(frozen=True)
class CleanedExports:
    """Every export of a study that can be read, as it is and cleaned, and all that is wrong."""

    exports: tuple[tuple[RawTable, Cleaned], ...]
    roster: Roster
    problems: tuple[Problem, ...]


def cleaned_exports(study: Study) -> CleanedExports | None:
    """Read and clean every export of a study, whatever is wrong; None when there is none.

    Raises
    ------
    InputError
        The exports or the list of respondents are not declared as they must be.
    """
    exports, roster = _declared(study)
    if not exports:
        return None
    read: dict[tuple[str, Reading], tuple[RawTable | None, list[Problem]]] = {}
    problems: list[Problem] = []
    cleaned = []
    for export in exports:
        key = export.name, export.reading
        if key not in read:
            read[key] = try_raw(export)
        raw, more = read[key]
        problems += more
        if raw is None:
            continue
        problems += marker_problems(raw, is_rehearsal=study.is_invented)
        cleaned.append((raw, clean(raw, export, study.codebook, roster)))
        problems += cleaned[-1][1].problems
    problems += joint_problems([one for _, one in cleaned], study.codebook, roster)
    return CleanedExports(tuple(cleaned), roster, tuple(problems))


def _declared(study: Study) -> tuple[tuple[Export, ...], Roster]:
    """The exports and the rosters; the problems of both in one error."""
    problems: list[Problem] = []
    exports: tuple[Export, ...] = ()
    roster: Roster = {}
    try:
        exports = exports_of(study)
    except InputError as error:
        problems += error.problems
    try:
        roster = roster_of(study)
    except InputError as error:
        problems += error.problems
    refuse_any(problems)
    return exports, roster
