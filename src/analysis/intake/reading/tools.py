"""How the export of a survey tool is read, and which of its columns are no answers."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from analysis.intake.reading.heading import Heading
from analysis.intake.reading.known_tools import TOOLS_KNOWN, Tool
from analysis.intake.spelling import plain
from analysis.study.reading import ROW_NUMBER, SEPARATORS, Reading


def tool_of(reading: Reading) -> Tool:
    """Return what is known of the tool that an export comes from; nothing where nobody says."""
    return TOOLS_KNOWN.get(reading.tool, Tool(own=re.compile(r"(?!)")))


def heading_of(reading: Reading) -> Heading:
    """Return where the header of an export stands."""
    tool = tool_of(reading)
    rows = reading.header_rows or tool.header_rows
    return Heading(
        rows=rows,
        skipped=reading.skip_rows,
        has_questions=tool.has_questions and rows > 1,
        above=tool.above,
    )


def separator_of(declared: str, reading: Reading) -> str:
    """Return what stands between several answers in one cell.

    Parameters
    ----------
    declared : the word for it in ``columns.csv``, empty where that is left to the tool.

    Examples
    --------
    >>> separator_of("", Reading(tool="kobo")), separator_of("", Reading())
    (' ', ';')
    """
    return SEPARATORS[declared or tool_of(reading).separator]


def added_by_tool(
    headers: Iterable[str], used: Collection[str], several: Collection[str], reading: Reading
) -> set[str]:
    """Return the headers of the columns that are not answers but come from the tool.

    Parameters
    ----------
    headers : all headers of the export.
    used : those that hold an item.
    several : those of `used` that hold an item with several answers, or one option of it.

    Examples
    --------
    >>> headers = ["_uuid", "law", "checks", "checks/audit", "checks/code"]
    >>> sorted(added_by_tool(headers, ["law", "checks"], ["checks"], Reading(tool="kobo")))
    ['_uuid', 'checks/audit', 'checks/code']
    """
    tool = tool_of(reading)
    rest = [header for header in headers if header not in used]
    there = {*rest, *used}
    added = {h for h in rest if h == ROW_NUMBER or tool.own.fullmatch(plain(h))}
    if tool.beside is not None:
        added |= {header for header in rest if _is_beside(header, there, tool.beside)}
    if tool.repeats:
        whole = {header.rpartition("/")[0] for header in several}
        added |= {h for h in rest if h in whole or h.rpartition("/")[0] in several}
    return added


def _is_beside(header: str, there: Collection[str], suffix: re.Pattern[str]) -> bool:
    """Whether it is another header, perhaps behind an underscore, with one of some endings."""
    key = plain(header)
    ends = [match for match in suffix.finditer(key) if match.end() == len(key)]
    starts = [key[: match.start()] for match in ends]
    return any(start in there or start.removeprefix("_") in there for start in starts if start)
