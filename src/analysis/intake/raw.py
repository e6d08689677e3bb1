"""Reads one export exactly as it is, as text, and holds it to its hash."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from analysis.intake.reading.cells import Cells
from analysis.intake.reading.labelled import read_labelled
from analysis.intake.reading.limits import MOST_BYTES
from analysis.intake.reading.sheets import read_sheet
from analysis.intake.reading.text import read_text
from analysis.intake.reading.tools import heading_of
from analysis.problems import Problem, refuse_any
from analysis.study.exports import Export
from analysis.study.reading import LABELLED_ENDINGS, READABLE, SHEET_ENDINGS

IMPORT_ID = '{"ImportId":'
"""How each cell of the third header row of Qualtrics begins."""

LINE = "row"
"""Name of the index of raw and clean tables: the line of the file that a row begins on."""


@dataclass(frozen=True)
class RawTable:
    """An export as text.

    Attributes
    ----------
    file : name of the export inside the study.
    table : one row a submission, one text column a header as it is written; the index, named
        ``row``, is the line of the file that a text editor or Excel shows, in an SPSS or Stata
        file the number of the case.
    top : the line of the header; None where it has none.
    questions : the text of the question by header, where the file has it beside the header.
    missing : by header, the cells that an SPSS or Stata file declares missing.
    """

    file: str
    table: pd.DataFrame
    top: int | None = 1
    questions: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def header(self) -> tuple[str, ...]:
        """The headers as written, in their order."""
        return tuple(str(name) for name in self.table.columns)


def read_raw(export: Export) -> RawTable:
    """Read an export: delimited text, an Excel workbook, or an SPSS or Stata file.

    Raises
    ------
    InputError
        With everything that is wrong: the file is missing, of another format, empty, too large, or
        not what its hash was taken of; a header is empty or there twice; a row has too many or
        too few cells; what stands between cells, the encoding or the sheet cannot be told.
    """
    raw, problems = try_raw(export)
    refuse_any(problems)
    if raw is None:
        raise AssertionError("an export that cannot be read has a problem")
    return raw


def try_raw(export: Export) -> tuple[RawTable | None, list[Problem]]:
    """Read as `read_raw` does, and return what can be read beside what is wrong."""
    problem = _unreadable(export)
    if problem is not None:
        return None, [problem]
    content = export.path.read_bytes()
    problems = _altered(export, content)
    found, more = _read(export, content)
    if found is None:
        return None, [*problems, *more]
    index = pd.Index(found.lines, dtype="int64", name=LINE)
    by_header = dict(zip(found.header, found.columns, strict=True))
    table = pd.DataFrame(by_header, index=index, dtype="str")
    raw = RawTable(export.name, table, found.top, found.questions, found.missing)
    return raw, [*problems, *_more_header(raw, export)]


def _read(export: Export, content: bytes) -> tuple[Cells | None, list[Problem]]:
    ending, reading = export.path.suffix.lower(), export.reading
    if ending in LABELLED_ENDINGS:
        return read_labelled(export.path, export.name, reading)
    if ending in SHEET_ENDINGS:
        return read_sheet(content, export.name, reading, heading_of(reading))
    if content.startswith(b"PK\x03\x04"):
        message = "the file is a workbook or an archive, not text; give it its own ending (.xlsx)."
        return None, [Problem(message, file=export.name)]
    return read_text(content, export.name, reading, heading_of(reading))


def _unreadable(export: Export) -> Problem | None:
    """What keeps the file from being read at all."""
    ending = export.path.suffix.lower()
    if ending not in READABLE:
        message = "this format cannot be read; save the export as .xlsx or as CSV UTF-8."
        return Problem(message, file=export.name, value=export.path.suffix, allowed=READABLE)
    if not export.path.is_file():
        return _missing(export)
    size = export.path.stat().st_size
    if size > MOST_BYTES:
        message = f"the file has {size:,} bytes; at most {MOST_BYTES:,} are read."
        return Problem(message, file=export.name)
    return None


def _missing(export: Export) -> Problem:
    folder = export.path.parent
    siblings = tuple(sorted(path.name for path in folder.glob("*")))
    return Problem(
        "the export is missing.", file=export.name, value=export.path.name, allowed=siblings
    )


def _more_header(raw: RawTable, export: Export) -> list[Problem]:
    """Rows of the header that would be taken for submissions."""
    begin = raw.table.iloc[:2, :1]
    return [
        Problem(
            "the row belongs to the header, as Qualtrics writes it; say so in sources (tool).",
            file=export.name,
            row=int(str(line)),
            column="tool",
            value=export.reading.tool,
            allowed=("qualtrics",),
        )
        for line, cells in begin.iterrows()
        if str(cells.iloc[0]).startswith(IMPORT_ID)
    ]


def _altered(export: Export, content: bytes) -> list[Problem]:
    found, expected = hashlib.sha256(content).hexdigest(), export.sha256.strip().lower()
    if found == expected:
        return []
    message = (
        "the export was altered after its hash was taken; put the original back, or its new hash "
        "into sources."
    )
    return [Problem(message, file=export.name, column="sha256", value=found, allowed=(expected,))]
