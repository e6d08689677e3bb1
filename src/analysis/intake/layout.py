"""Which column of an export holds which question, as the codebook says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from analysis.intake.raw import RawTable
from analysis.intake.spelling import plain
from analysis.problems import Problem
from analysis.study.codebook import Codebook, SourceColumn
from analysis.study.exports import Export
from analysis.study.places import CODEBOOK, SYNTHETIC
from analysis.study.vocabulary import KEY_ITEMS, RESPONDENT_ID, SUBMITTED

COLUMNS = f"{CODEBOOK}/columns.csv"


@dataclass(frozen=True)
class Layout:
    """The headers of one export by what they hold.

    Attributes
    ----------
    keys : the headers of respondent id and time of submission, those that there are.
    items : for each item its headers by option; the option is empty where one column holds all.
        Items and options in the order of the codebook.
    """

    keys: Mapping[str, str]
    items: Mapping[str, Mapping[str, str]]

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

    Headers are compared without outer spaces and in one Unicode form.

    Returns
    -------
    Layout, list of Problem
        A problem for each header that the codebook does not name, each named header that is not
        there (unless the question was not asked), each item or header that is named twice, and
        for an export that must have a column of respondent ids, or must not, and is otherwise.
    """
    there = {plain(header): header for header in raw.header}
    named = [row for row in book.columns if row.is_in(export.cycle, export.respondents)]
    problems = _named_twice(named, book)
    problems += _barred(named, export)
    missing = [row for row in named if plain(row.column) not in there]
    lost = [row for row in missing if _is_needed(row, export, book)]
    known = {plain(row.column) for row in named} | {SYNTHETIC}
    unknown = [header for key, header in there.items() if key not in known]
    problems += [
        Problem(
            f"the column that holds {_what(row)} is missing; {COLUMNS} (row {row.row}) names it.",
            file=export.name,
            row=1,
            column=row.column,
            value=row.column,
            allowed=tuple(unknown) or raw.header,
        )
        for row in lost
    ]
    problems += [
        Problem(
            f"{COLUMNS} names no item for this column.",
            file=export.name,
            row=1,
            column=header,
            value=header,
            allowed=tuple(row.column for row in lost or named),
        )
        for header in unknown
    ]
    if export.has_ids and not any(row.item == RESPONDENT_ID for row in named):
        message = (
            f"no row says which column of {export.name} holds the {RESPONDENT_ID}. "
            "An anonymous survey has none; then has_ids is 'no' in sources.csv."
        )
        problems.append(Problem(message, file=COLUMNS, column="item", value="", allowed=raw.header))
    found = {
        (row.item, row.option): there[plain(row.column)]
        for row in named
        if row not in missing and _is_wanted(row, export)
    }
    return _layout(found, book), problems


def _layout(found: Mapping[tuple[str, str], str], book: Codebook) -> Layout:
    items: dict[str, Mapping[str, str]] = {}
    for name, item in book.items.items():
        options = ("", *book.choices.get(item.choice_list, ()))
        headers = {option: found[name, option] for option in options if (name, option) in found}
        if headers:
            items[name] = MappingProxyType(headers)
    keys = {key: found[key, ""] for key in KEY_ITEMS if (key, "") in found}
    return Layout(MappingProxyType(keys), MappingProxyType(items))


def _is_needed(row: SourceColumn, export: Export, book: Codebook) -> bool:
    """Whether an export must have the column: key columns, and questions that were asked."""
    if row.item in KEY_ITEMS:
        return _is_wanted(row, export)
    return book.items[row.item].is_asked(export.cycle, export.respondents)


def _is_wanted(row: SourceColumn, export: Export) -> bool:
    """Whether the column may be used: ids only where they are declared."""
    return export.has_ids or row.item != RESPONDENT_ID


def _barred(named: list[SourceColumn], export: Export) -> list[Problem]:
    message = (
        f"sources.csv says of {export.name} that it has no ids (has_ids), and this row that a "
        "column of it holds them. Say which cycle or group the row is for, or take it out."
    )
    barred = [row for row in named if not _is_wanted(row, export)]
    return [_problem(row, "item", row.item, message) for row in barred]


def _what(row: SourceColumn) -> str:
    return f"option {row.option!r} of {row.item!r}" if row.option else repr(row.item)


def _named_twice(named: list[SourceColumn], book: Codebook) -> list[Problem]:
    problems = []
    by_item: dict[tuple[str, str], SourceColumn] = {}
    by_column: dict[str, SourceColumn] = {}
    for row in named:
        first = by_item.setdefault((row.item, row.option), row)
        if first is not row:
            message = f"row {first.row} already names a column for {_what(row)} in this export."
            problems.append(_problem(row, "item", row.item, message))
        first = by_column.setdefault(plain(row.column), row)
        if first is not row:
            message = f"row {first.row} already says that this column holds {_what(first)}."
            problems.append(_problem(row, "column", row.column, message))
        item = book.items.get(row.item)
        if item is not None and item.type.startswith("select_multiple") and not row.option:
            message = f"{row.item!r} has several answers; it needs a row and a column an option."
            options = tuple(book.choices[item.choice_list])
            problems.append(_problem(row, "option", "", message, options))
    return problems


def _problem(
    row: SourceColumn, column: str, value: str, message: str, allowed: tuple[str, ...] = ()
) -> Problem:
    return Problem(message, file=COLUMNS, row=row.row, column=column, value=value, allowed=allowed)
