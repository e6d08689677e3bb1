"""One raw export to one clean table: every change in a ledger, every refusal in a quarantine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.intake.answers import Answers, Meaning, respelled, stacked
from analysis.intake.duplicates import Submissions, superseded
from analysis.intake.identity import read_ids
from analysis.intake.layout import Layout, layout_of
from analysis.intake.matching import unmapped, vocabulary
from analysis.intake.raw import RawTable
from analysis.intake.routing import fill_spread, route
from analysis.intake.spelling import trimmed
from analysis.problems import Problem
from analysis.study.codebook import Codebook, Mapped
from analysis.study.exports import Export


@dataclass(frozen=True)
class Cleaned:
    """What cleaning made of one export.

    Attributes
    ----------
    export, layout : which export, and which of its columns holds what.
    table : the raw table with its columns and lines; cells hold option codes, statuses, numbers
        and texts; without the submissions in the quarantine.
    statuses : the status of every cell of a question; lines and headers as in `table`.
    ledger : one row a changed cell: ``file, row, column, before, after, rule``. Without the
        submissions in the quarantine, which keep their raw cells.
    quarantine : one row a refused cell or, with an empty column and the respondent as value, a
        refused submission: ``file, row, column, value, reason``.
    problems : what must be put right before the answers can be used.
    unused : the rows of the value map that decided about no cell.
    """

    export: Export
    layout: Layout
    table: pd.DataFrame
    statuses: pd.DataFrame
    ledger: pd.DataFrame
    quarantine: pd.DataFrame
    problems: tuple[Problem, ...]
    unused: tuple[Mapped, ...]


def clean(
    raw: RawTable, export: Export, book: Codebook, roster: Mapping[str, Sequence[str]]
) -> Cleaned:
    """Clean one export as the codebook says.

    Parameters
    ----------
    raw : the export as text.
    roster : the ids of all that could have answered, by group; no entry without a list.
    """
    layout, problems = layout_of(raw, export, book)
    questions: dict[str, Answers] = {}
    for item, option, header in layout.headers:
        words = vocabulary(book.items[item], option, book)
        questions[header] = Answers.read(raw.table[header], words.meaning)
        problems += [*words.problems, *unmapped(raw, header, questions[header], words)]
    questions, more = route(questions, layout, export, book)
    problems += more
    questions = fill_spread(questions, layout)
    keys = {header: Answers.read(raw.table[header], _trimmed) for header in layout.keys.values()}
    dropped: Mapping[int, str] = {}
    if layout.respondent_id is not None:
        ids, more = read_ids(raw, layout.respondent_id, roster.get(export.respondents))
        problems += more
        keys[layout.respondent_id] = ids
        submissions = _submissions(raw, layout, keys, questions)
        dropped, more = superseded(submissions, book.settings.duplicate_rule)
        problems += more
    used = {mapping for answers in questions.values() for mapping in answers.mappings}
    return _cleaned(
        raw,
        export,
        layout,
        {**keys, **questions},
        dropped,
        tuple(problems),
        tuple(mapping for mapping in book.value_map if mapping not in used),
    )


def _cleaned(
    raw: RawTable,
    export: Export,
    layout: Layout,
    columns: Mapping[str, Answers],
    dropped: Mapping[int, str],
    problems: tuple[Problem, ...],
    unused: tuple[Mapped, ...],
) -> Cleaned:
    is_kept = np.ones(len(raw.table), dtype=np.bool_)
    is_kept[list(dropped)] = False
    lines = raw.table.index.to_numpy()[is_kept]
    kept = {
        header: Answers(columns[header].meanings, columns[header].codes[is_kept])
        for header in raw.header
        if header in columns
    }
    table = raw.table.loc[is_kept].assign(
        **{header: pd.Series(one.after, index=lines, dtype="str") for header, one in kept.items()}
    )
    statuses = {
        header: pd.Series(kept[header].statuses, index=table.index, dtype="str")
        for _, _, header in layout.headers
    }
    ledger = stacked(
        raw.file,
        lines,
        tuple(kept.items()),
        lambda one: one.before != one.after,
        {
            "before": lambda one: one.before,
            "after": lambda one: one.after,
            "rule": lambda one: one.rule,
        },
    )
    cells = stacked(
        raw.file,
        lines,
        tuple(kept.items()),
        lambda one: bool(one.reason),
        {"value": lambda one: one.before, "reason": lambda one: one.reason},
    )
    rows = _dropped_rows(raw, layout, columns, dropped)
    quarantine = pd.concat([rows, cells], ignore_index=True).sort_values("row", kind="stable")
    return Cleaned(
        export,
        layout,
        table,
        pd.DataFrame(statuses, index=table.index),
        ledger,
        quarantine.reset_index(drop=True),
        problems,
        unused,
    )


def _dropped_rows(
    raw: RawTable, layout: Layout, columns: Mapping[str, Answers], dropped: Mapping[int, str]
) -> pd.DataFrame:
    at = sorted(dropped)
    ids = [str(columns[layout.respondent_id or ""].after[position]) for position in at]
    texts = {
        "file": [raw.file] * len(at),
        "column": [""] * len(at),
        "value": ids,
        "reason": [dropped[position] for position in at],
    }
    frame = pd.DataFrame({name: pd.Series(cells, dtype="str") for name, cells in texts.items()})
    frame.insert(1, "row", raw.table.index.to_numpy()[at])
    return frame


def _trimmed(cell: str) -> Meaning:
    text = trimmed(cell)
    return Meaning(cell, text, rule=respelled(cell, text))


def _submissions(
    raw: RawTable, layout: Layout, keys: Mapping[str, Answers], questions: Mapping[str, Answers]
) -> Submissions:
    header = layout.respondent_id or ""
    n_answered = np.zeros(len(raw.table), dtype=np.int64)
    for options in layout.items.values():
        n_answered += np.logical_or.reduce([questions[one].is_answered for one in options.values()])

    def content(at: int) -> tuple[str, ...]:
        return tuple(one.meanings[one.codes[at]].after for one in questions.values())

    return Submissions(
        file=raw.file,
        lines=raw.table.index.to_numpy(),
        header=header,
        ids=keys[header].after,
        submitted_header=layout.submitted or "",
        submitted=keys[layout.submitted].after if layout.submitted else None,
        n_answered=n_answered,
        content=content,
    )
