"""All responses of a study, cleaned: the one entry to what respondents said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.intake.clean import Cleaned, clean
from analysis.intake.identity import spelled_in_two_ways
from analysis.intake.long import long_table
from analysis.intake.marker import marker_problems
from analysis.intake.raw import try_raw
from analysis.problems import InputError, Problem, refuse_any
from analysis.study import Study
from analysis.study.codebook import Mapped
from analysis.study.exports import Export, exports_of, roster_of


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
    """

    table: pd.DataFrame
    ledger: pd.DataFrame
    quarantine: pd.DataFrame
    is_synthetic: bool
    unused: tuple[Mapped, ...]


def load_responses(study: Study) -> Responses | None:
    """Read and clean every export of a study; None when there is none.

    Raises
    ------
    InputError
        With the problems of all exports.
    """
    exports, roster = _declared(study)
    if not exports:
        return None
    problems: list[Problem] = []
    cleaned = []
    for export in exports:
        raw, more = try_raw(export)
        problems += more
        if raw is None:
            continue
        problems += marker_problems(raw, is_rehearsal=study.is_rehearsal)
        cleaned.append(clean(raw, export, study.codebook, roster))
        problems += cleaned[-1].problems
    for group in study.codebook.respondents:
        if group not in roster:
            problems += spelled_in_two_ways(_ids(cleaned, group))
    # What is wrong with the codebook shows in every export and is said once.
    refuse_any(list(dict.fromkeys(problems)))
    unused = set(study.codebook.value_map).intersection(*(set(one.unused) for one in cleaned))
    return Responses(
        table=long_table(cleaned, study.codebook, roster),
        ledger=pd.concat([one.ledger for one in cleaned], ignore_index=True),
        quarantine=pd.concat([one.quarantine for one in cleaned], ignore_index=True),
        is_synthetic=study.is_rehearsal,
        unused=tuple(row for row in study.codebook.value_map if row in unused),
    )


def _declared(study: Study) -> tuple[tuple[Export, ...], dict[str, tuple[str, ...]]]:
    """The exports and the rosters; the problems of both in one error."""
    problems: list[Problem] = []
    exports: tuple[Export, ...] = ()
    roster: dict[str, tuple[str, ...]] = {}
    try:
        exports = exports_of(study)
    except InputError as error:
        problems += error.problems
    try:
        roster = dict(roster_of(study))
    except InputError as error:
        problems += error.problems
    refuse_any(problems)
    return exports, roster


def _ids(cleaned: Sequence[Cleaned], group: str) -> pd.DataFrame:
    """Where each id of a group stands."""
    parts = [
        pd.DataFrame(
            {
                "file": one.export.name,
                "row": one.table.index,
                "column": header,
                "value": one.table[header].to_numpy(),
            }
        )
        for one in cleaned
        if one.export.respondents == group and (header := one.layout.respondent_id) is not None
    ]
    empty = pd.DataFrame({name: [] for name in ("file", "row", "column", "value")})
    return pd.concat(parts, ignore_index=True) if parts else empty.astype("str")
