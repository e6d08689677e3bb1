"""Reads exports of which nobody has said how: survey tool, separator and sheet are guessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from analysis.intake import RawTable
from analysis.intake.raw import try_raw
from analysis.intake.reading.sheets import rows_above
from analysis.intake.reading.tools import added_by_tool
from analysis.problems import Problem
from analysis.study.exports import Export
from analysis.study.reading import SHEET_ENDINGS, TOOLS, Reading

ENOUGH = 3
"""So many columns of its own tell a tool: single ones, such as `id`, have any name."""

GUESSED = ("delimiter", "sheet")
"""What is guessed where a file leaves it open: the word by which most cells are read."""


NOTHING = "submission"
"""What is said of a sheet with no row below its header: that it has none."""


class Read(NamedTuple):
    """An export with what is known of its `reading`; what can be read of it, and what is wrong.

    `other_sheets` are those that look like answers too and are not read.
    """

    export: Export
    raw: RawTable | None
    problems: list[Problem]
    other_sheets: tuple[str, ...] = ()


def read_export(export: Export, encoding: str = "") -> Read:
    """Read an export as its `reading` says, and for the rest as well as its content tells how.

    Parameters
    ----------
    encoding : of a text file that is not UTF-8.
    """
    found = _read(export)
    if found.problems and encoding and export.path.suffix.lower() not in SHEET_ENDINGS:
        found = _read(_as(export, encoding=encoding))
    for name in GUESSED:
        found = _with_most_cells(found, name)
    return _as_its_tool_writes(_below_titles(found))


def _as(export: Export, **said: str | int) -> Export:
    return replace(export, reading=replace(export.reading, **said))  # type: ignore[arg-type]


def _read(export: Export) -> Read:
    return Read(export, *try_raw(export))


def _with_most_cells(found: Read, name: str) -> Read:
    """Read again with each word that the file leaves open, if that is what is wrong."""
    export = found.export
    if getattr(export.reading, name):
        return found
    wrong = (one.allowed for one in found.problems if one.column == name)
    words: Sequence[object] = next(wrong, ())
    reads = [_below_titles(_read(_as(export, **{name: str(word)}))) for word in words]
    right = [read for read in reads if read.raw is not None and not read.problems]
    best = max(right, key=lambda read: read.raw.table.size if read.raw else 0, default=found)
    others = (read for read in reads if read is not best and name == "sheet")
    return best._replace(
        other_sheets=tuple(read.export.reading.sheet for read in others if _may_be_answers(read))
    )


def _may_be_answers(read: Read) -> bool:
    """Whether a sheet has rows below several headers, or something that cannot be read as it is."""
    if read.raw is not None:
        return len(read.raw.table) > 0 and len(read.raw.header) > 1
    return not any(NOTHING in one.message for one in read.problems)


def _below_titles(found: Read) -> Read:
    """Read a sheet again without the rows of one cell above its header, if they are wrong."""
    export, reading = found.export, found.export.reading
    is_said = reading.skip_rows or reading.header_rows
    if found.raw is not None or is_said or export.path.suffix.lower() not in SHEET_ENDINGS:
        return found
    above = rows_above(export.path.read_bytes(), export.name, reading)
    return _read(_as(export, skip_rows=above)) if above else found


def _as_its_tool_writes(found: Read) -> Read:
    """Read again as the tool writes of whose own columns there are most, if there are enough."""
    export, raw, problems, others = found
    best, most = "", ENOUGH - 1
    for tool in TOOLS:
        # Where the header is broken without the tool, reading it as the tool writes can mend it.
        is_right = raw is not None and not problems
        seen = raw if is_right else try_raw(_as(export, tool=tool))[0]
        number = len(added_by_tool(seen.header, (), (), Reading(tool=tool))) if seen else 0
        if number > most:
            best, most = tool, number
    return _read(_as(export, tool=best))._replace(other_sheets=others) if best else found
