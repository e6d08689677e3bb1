"""What the rows of ``columns.csv`` cannot say together about the columns of one export."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from analysis.intake.raw import RawTable
from analysis.intake.several import has_several, in_several_ways
from analysis.intake.spelling import folded, plain
from analysis.problems import Problem
from analysis.study.codebook import Codebook, SourceColumn
from analysis.study.exports import Export
from analysis.study.vocabulary import IGNORED, RESPONDENT_ID


def what(row: SourceColumn) -> str:
    """Return what a column holds, for messages.

    >>> what(SourceColumn("checks", "audit", "", "", "Checks [Audits]", 2))
    "option 'audit' of 'checks'"
    """
    return f"option {row.option!r} of {row.item!r}" if row.option else repr(row.item)


def is_wanted(row: SourceColumn, export: Export) -> bool:
    """Tell whether a column may be used: ids only where they are declared."""
    return export.has_ids or row.item != RESPONDENT_ID


def naming_problems(rows: Iterable[SourceColumn], export: Export, book: Codebook) -> list[Problem]:
    """Return what cannot be meant by the rows about one export.

    A problem for each item, option or header that is named twice, each item whose columns are named
    in two ways, each separator where no cell holds several answers, and each column of ids in an
    export that is said to have none.
    """
    problems = []
    by_item: dict[tuple[str, str], SourceColumn] = {}
    by_column: dict[str, SourceColumn] = {}
    options: dict[str, list[str]] = {}
    for row in rows:
        first = by_item.setdefault((row.item, row.option), row)
        if first is not row and row.item != IGNORED:
            message = f"row {first.row} already names a column for {what(row)} in this export."
            problems.append(_problem(row, "item", row.item, message, book))
        elif first is row:
            options.setdefault(row.item, []).append(row.option)
            problems += _ways(row, options[row.item], book)
        first = by_column.setdefault(plain(row.column), row)
        if first is not row:
            message = f"row {first.row} already says that this column holds {what(first)}."
            problems.append(_problem(row, "column", row.column, message, book))
        if not is_wanted(row, export):
            message = (
                f"sources says of {export.name} that it has no ids (has_ids), and this row "
                "that a column of it holds them. Say which cycle or group the row is for, or take "
                "it out."
            )
            problems.append(_problem(row, "item", row.item, message, book))
    return problems


def alike_problems(rows: Iterable[SourceColumn], raw: RawTable) -> list[Problem]:
    """Return a problem for each header that differs from another one by letter case only.

    Parameters
    ----------
    rows : what the columns of the export hold.
    """
    first: dict[str, SourceColumn] = {}
    problems = []
    for row in rows:
        other = first.setdefault(folded(row.column), row)
        if plain(other.column) != plain(row.column):
            message = (
                f"the header differs from {other.column!r} by letter case or Unicode form only, "
                f"and one holds {what(other)}, the other {what(row)}; rename one of them."
            )
            problems.append(
                Problem(message, file=raw.file, row=raw.top, column=row.column, value=row.column)
            )
    return problems


def _ways(row: SourceColumn, options: list[str], book: Codebook) -> Iterator[Problem]:
    """What is wrong with how the columns of an item are named."""
    item = book.items.get(row.item)
    is_whole = item is not None and has_several(item) and not row.option
    if row.separator and not is_whole:
        message = "only a column with several answers in one cell has a separator."
        yield _problem(row, "separator", row.separator, message, book)
    if item is not None and in_several_ways([options[0], row.option]):
        message = (
            f"another row names a column of {row.item!r} in another way; an item has one column "
            "for all answers, or one an option, or a ranking one a rank."
        )
        yield _problem(row, "option", row.option, message, book)


def _problem(row: SourceColumn, column: str, value: str, message: str, book: Codebook) -> Problem:
    file = book.files["columns.csv"]
    return Problem(message, file=file, row=row.row, column=column, value=value)
