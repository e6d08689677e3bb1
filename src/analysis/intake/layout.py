"""Which column of an export holds which question, as the codebook says."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from analysis.intake.naming import alike_problems, is_wanted, naming_problems, what
from analysis.intake.raw import RawTable
from analysis.intake.reading.cells import shown
from analysis.intake.reading.tools import added_by_tool, separator_of
from analysis.intake.several import has_several
from analysis.intake.spelling import plain
from analysis.problems import Problem
from analysis.study.codebook import Codebook, SourceColumn
from analysis.study.exports import Export
from analysis.study.headers import recognise
from analysis.study.places import SYNTHETIC
from analysis.study.vocabulary import (
    IGNORED,
    KEY_ITEMS,
    RANKED_AT,
    RESPONDENT_ID,
    SUBMITTED,
)

SHORT = 120
"""So many characters of a question are shown."""


@dataclass(frozen=True)
class Layout:
    """The headers of one export by what they hold.

    Attributes
    ----------
    keys : the headers of respondent id and time of submission, those that there are.
    items : for each item its headers by option; the option is empty where one column holds all,
        and a rank (``#1``) where it holds the option of that rank. Items and options in the order
        of the codebook.
    separators : what stands between several answers in one cell, by header.
    """

    keys: Mapping[str, str]
    items: Mapping[str, Mapping[str, str]]
    separators: Mapping[str, str] = field(default_factory=dict)

    @property
    def respondent_id(self) -> str | None:
        """Header of the column that says who answered."""
        return self.keys.get(RESPONDENT_ID)

    @property
    def submitted(self) -> str | None:
        """Header of the column that says when."""
        return self.keys.get(SUBMITTED)

    @property
    def headers(self) -> tuple[tuple[str, str, str], ...]:
        """Every column of a question, as item, option and header."""
        return tuple(
            (item, option, header)
            for item, options in self.items.items()
            for option, header in options.items()
        )


def layout_of(raw: RawTable, export: Export, book: Codebook) -> tuple[Layout, list[Problem]]:
    """Find the columns that the codebook names for an export.

    Headers are compared without outer spaces and in one Unicode form. Columns that the codebook
    says are ignored, that a condition on the rows is about, and those that the survey tool adds by
    itself, are passed over. Others are recognised by the names and labels of questions and options
    (`analysis.study.headers`).

    Returns
    -------
    Layout, list of Problem
        A problem for each header that the codebook does not name, each named header that is not
        there (unless the question was not asked), each item or header that is named twice, each
        that differs from another one by letter case only, and for an export that must have a
        column of respondent ids, or must not, and is otherwise.
    """
    there = {plain(header): header for header in raw.header}
    in_export = [row for row in book.columns if row.is_in(export.cycle, export.respondents)]
    named = [row for row in in_export if row.item != IGNORED]
    problems = naming_problems(in_export, export, book)
    missing = [row for row in named if plain(row.column) not in there]
    lost = [row for row in missing if _is_needed(row, export, book)]
    left_out = _left_out(there, in_export)
    said = recognise(
        [header for key, header in there.items() if key not in left_out],
        book,
        file=export.name,
        cycle=export.cycle,
        respondents=export.respondents,
    )
    found = [*(row for row in named if plain(row.column) in there), *said.columns]
    left_out |= {plain(header) for header in said.passed_over}
    unknown = _unknown(there, found, left_out, export, book)
    problems += [*said.problems, *alike_problems(found, raw)]
    columns = book.files["columns.csv"]
    missing_columns = [
        Problem(
            f"the column that holds {what(row)} is missing; {columns} (row {row.row}) names it.",
            file=export.name,
            row=raw.top,
            column=row.column,
            value=row.column,
            allowed=tuple(unknown) or raw.header,
        )
        for row in lost
    ]
    problems += shown(missing_columns, "columns missing")
    problems += shown(
        [
            Problem(
                f"{columns} names no item for this column{_question(header, raw)}.",
                file=export.name,
                row=raw.top,
                column=header,
                value=header,
                allowed=tuple(row.column for row in lost or named),
            )
            for header in unknown
        ],
        f"such columns; the item {IGNORED!r} leaves columns out, also all that begin alike (x*).",
    )
    if export.has_ids and not any(row.item == RESPONDENT_ID for row in [*named, *found]):
        message = (
            f"no row says which column of {export.name} holds the {RESPONDENT_ID}. "
            "An anonymous survey has none; then has_ids is 'no' in sources."
        )
        problems.append(Problem(message, file=columns, column="item", value="", allowed=raw.header))
    wanted = {
        (row.item, row.option): there[plain(row.column)] for row in found if is_wanted(row, export)
    }
    separators = {
        there[plain(row.column)]: separator_of(row.separator, export.reading)
        for row in found
        if row.item in book.items and has_several(book.items[row.item]) and not row.option
    }
    return _layout(wanted, separators, book), problems


def _layout(
    found: Mapping[tuple[str, str], str], separators: Mapping[str, str], book: Codebook
) -> Layout:
    items: dict[str, Mapping[str, str]] = {}
    for name, item in book.items.items():
        ranks = sorted(
            (option for one, option in found if one == name and RANKED_AT.fullmatch(option)),
            key=lambda option: int(option[1:]),
        )
        options = ("", *book.choices.get(item.choice_list, ()), *ranks)
        headers = {option: found[name, option] for option in options if (name, option) in found}
        if headers:
            items[name] = MappingProxyType(headers)
    keys = {key: found[key, ""] for key in KEY_ITEMS if (key, "") in found}
    return Layout(MappingProxyType(keys), MappingProxyType(items), MappingProxyType(separators))


def _left_out(there: Mapping[str, str], rows: list[SourceColumn]) -> set[str]:
    """The headers that the codebook leaves out, whole or by how they begin."""
    over = {plain(row.column) for row in rows if row.item == IGNORED}
    starts = tuple(one.removesuffix("*") for one in over if one.endswith("*"))
    return {key for key in there if key == SYNTHETIC or key in over or key.startswith(starts)}


def _unknown(
    there: Mapping[str, str],
    found: list[SourceColumn],
    left_out: Collection[str],
    export: Export,
    book: Codebook,
) -> list[str]:
    """The headers that nobody explains."""
    used = {plain(row.column) for row in found}
    several = {
        plain(row.column)
        for row in found
        if row.item in book.items and has_several(book.items[row.item])
    }
    asked_of = {plain(header) for header in export.asked_of}
    by_tool = added_by_tool(there, used, several, export.reading)
    known = {*used, *left_out, *asked_of, *by_tool}
    return [header for key, header in there.items() if key not in known]


def _question(header: str, raw: RawTable) -> str:
    """The question of a column, where the export has it beside the header."""
    text = raw.questions.get(header, "")
    return f" ({text[:SHORT]!r})" if text and plain(text) != plain(header) else ""


def _is_needed(row: SourceColumn, export: Export, book: Codebook) -> bool:
    """Whether an export must have the column: key columns, and questions that were asked."""
    if row.item in KEY_ITEMS:
        return is_wanted(row, export)
    return book.items[row.item].is_asked(export.cycle, export.respondents)
