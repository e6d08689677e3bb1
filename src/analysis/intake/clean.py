"""One raw export to one clean table: every change in a ledger, every refusal in a quarantine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.intake.answers import Answers, Meaning, tidied
from analysis.intake.cleaned import Cleaned, Part
from analysis.intake.doubts import doubts
from analysis.intake.duplicates import Submissions, superseded
from analysis.intake.identity import ids_from_lines, read_ids, spelled_ids
from analysis.intake.layout import Layout, layout_of
from analysis.intake.ledger import changed, ledger_of, quarantine_of
from analysis.intake.listed import Listed
from analysis.intake.matching import Vocabulary, no_answer_if, vocabulary
from analysis.intake.raw import RawTable
from analysis.intake.routing import consistent, fill_spread, route
from analysis.intake.several import by_option, is_ranking
from analysis.intake.subset import within
from analysis.intake.tidy import clean_long
from analysis.problems import Problem
from analysis.study.codebook import Codebook, Item
from analysis.study.exports import Export
from analysis.study.roster import Roster


def clean(raw: RawTable, export: Export, book: Codebook, roster: Roster) -> Cleaned:
    """Clean one export as the codebook says.

    Parameters
    ----------
    raw : the export as text.
    roster : who could have answered.
    """
    inside, outside, problems = within(raw, export)
    clean_shape = clean_long if export.is_long else _clean_wide
    cleaned = clean_shape(inside, export, book, roster)
    return replace(cleaned, outside=outside, problems=(*problems, *cleaned.problems))


def _clean_wide(raw: RawTable, export: Export, book: Codebook, roster: Roster) -> Cleaned:
    layout, problems = layout_of(raw, export, book)
    questions: dict[str, Answers] = {}
    lines = raw.table.index.to_numpy()
    for item, option, header in layout.headers:
        words = _words(book.items[item], option, layout.separators.get(header, ""), book)
        missing = raw.missing.get(header, frozenset())
        questions[header] = Answers.read(
            raw.table[header], partial(_meaning, words=words, missing=missing)
        )
        problems += words.problems
        problems += doubts(raw.file, lines, header, questions[header], words)
    questions = consistent(questions, layout, book)
    questions, more = route(questions, layout, export, book)
    problems += more
    questions = fill_spread(questions, layout)
    keys = {header: Answers.read(raw.table[header], tidied) for header in layout.keys.values()}
    dropped: Mapping[int, str] = {}
    if layout.respondent_id is not None:
        ids, more = read_ids(
            raw,
            layout.respondent_id,
            roster.get((export.cycle, export.respondents)),
            named=book.respondents[export.respondents].named,
            spelled=spelled_ids(book),
        )
        problems += more
        keys[layout.respondent_id] = ids
        submissions = _submissions(raw, layout, keys, questions)
        dropped, more = superseded(submissions, book.settings.duplicate_rule)
        problems += more
    return _cleaned(raw, export, layout, {**keys, **questions}, dropped, problems, book)


def _meaning(cell: str, *, words: Vocabulary | Listed, missing: frozenset[str]) -> Meaning:
    return no_answer_if(missing, words.meaning(cell))


def _words(item: Item, option: str, separator: str, book: Codebook) -> Vocabulary | Listed:
    words = vocabulary(item, option, book)
    if not separator:
        return words
    options = book.choices[item.choice_list]
    exclusive = frozenset(one for one in options if (item.choice_list, one) in book.exclusive)
    return Listed(words, separator, tuple(options), exclusive, is_ranking(item))


def _cleaned(
    raw: RawTable,
    export: Export,
    layout: Layout,
    columns: Mapping[str, Answers],
    dropped: Mapping[int, str],
    problems: Sequence[Problem],
    book: Codebook,
) -> Cleaned:
    is_kept = np.ones(len(raw.table), dtype=np.bool_)
    is_kept[list(dropped)] = False
    lines = raw.table.index.to_numpy()[is_kept]
    kept = {header: columns[header].at(is_kept) for header in raw.header if header in columns}
    table = changed(raw.table.loc[is_kept], kept)
    statuses = {
        header: pd.Series(kept[header].statuses, index=table.index, dtype="str")
        for _, _, header in layout.headers
    }
    rows = _dropped_rows(raw, layout, columns, dropped)
    cells = quarantine_of(raw.file, lines, kept)
    quarantine = pd.concat([rows, cells], ignore_index=True).sort_values("row", kind="stable")
    used = {mapping for answers in columns.values() for mapping in answers.mappings}
    return Cleaned(
        export=export,
        parts=_parts(export, layout, kept, lines, book),
        table=table,
        statuses=pd.DataFrame(statuses, index=table.index),
        ledger=ledger_of(raw.file, lines, kept),
        quarantine=quarantine.reset_index(drop=True),
        problems=tuple(problems),
        unused=tuple(mapping for mapping in book.value_map if mapping not in used),
    )


def _parts(
    export: Export,
    layout: Layout,
    columns: Mapping[str, Answers],
    lines: NDArray[np.int64],
    book: Codebook,
) -> tuple[Part, ...]:
    """The one part of an export; none where a key is missing that should be there."""
    header = layout.respondent_id
    if export.has_ids and header is None:
        return ()
    cycle, group = export.cycle, export.respondents
    ids = columns[header].after if header else ids_from_lines(group, cycle, lines)
    return (
        Part(
            cycle=cycle,
            respondents=group,
            id_header=header or "",
            ids=ids,
            lines=lines,
            took_part=np.ones(len(lines), dtype=np.bool_),
            items={
                item: by_option(
                    {option: columns[one] for option, one in options.items()},
                    book.items[item],
                    book,
                    cycle,
                )
                for item, options in layout.items.items()
            },
        ),
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
        cells=raw.table[header].to_numpy(dtype=object),
        submitted_header=layout.submitted or "",
        submitted=keys[layout.submitted].after if layout.submitted else None,
        n_answered=n_answered,
        content=content,
    )
