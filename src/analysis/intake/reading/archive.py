"""What is inside a workbook before it is opened: its size unpacked, formulas, merged cells."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO

from analysis.intake.reading.limits import MOST_BYTES, MOST_PARTS, PACKED_AT_MOST, SLACK
from analysis.problems import Problem

OLD_EXCEL = bytes.fromhex("d0cf11e0a1b11ae1")
"""How an old Excel file begins, and a new one that needs a password."""

_PIECE, _OVERLAP = 1_000_000, 300
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_MERGED = re.compile(
    rb"<(?:\w+:)?mergeCell\b[^<>]{0,200}\bref=[\"']([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})[\"']"
)
_DECLARED = tuple(
    word.encode(encoding)
    for word in ("<!DOCTYPE", "<!ENTITY")
    for encoding in ("ascii", "utf-16-le", "utf-16-be")
)


@dataclass(frozen=True)
class Part:
    """One file inside a workbook.

    Attributes
    ----------
    has_formulas : whether it is a sheet with a formula in it.
    merged : the first and last row, and the first and last column, of cells that are merged; the
        first row and column are 1.
    """

    has_formulas: bool = False
    merged: tuple[tuple[int, int, int, int], ...] = ()


def opened(content: bytes, name: str) -> tuple[Mapping[str, Part], list[Problem]]:
    """Look into a workbook, which is a zip archive.

    Returns
    -------
    dict, list of Problem
        The parts by name; none, and a problem, where the file is no such archive, needs a
        password, is larger than it may be, or declares a document type, as no workbook does.
    """
    if content.startswith(OLD_EXCEL):
        message = "an old Excel file, or one with a password; save it as .xlsx without one."
        return {}, [Problem(message, file=name)]
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            problem = _too_large(archive, name)
            if problem is not None:
                return {}, [problem]
            parts = {one.filename: _part(archive, one) for one in archive.infolist()}
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError) as error:
        return {}, [unreadable(name, error)]
    except Exception as error:
        # Whatever a damaged archive makes the unpacking stumble over, it is not a workbook.
        return {}, [unreadable(name, error)]
    declaring = [part for part, found in parts.items() if found is None]
    if declaring:
        message = f"the part {declaring[0]} declares a document type, which no workbook does."
        return {}, [Problem(message, file=name)]
    return {part: found for part, found in parts.items() if found is not None}, []


def unreadable(name: str, error: Exception) -> Problem:
    """Return the problem of a file that is not what its ending says."""
    said = str(error) or type(error).__name__
    return Problem(f"the file cannot be read as an Excel workbook: {said}.", file=name)


def _too_large(archive: zipfile.ZipFile, name: str) -> Problem | None:
    parts = archive.infolist()
    total = sum(one.file_size for one in parts)
    if len(parts) > MOST_PARTS:
        message = f"the workbook has {len(parts):,} parts; at most {MOST_PARTS:,} are read."
        return Problem(message, file=name)
    if total > MOST_BYTES:
        message = f"the workbook has {total:,} bytes unpacked; at most {MOST_BYTES:,} are read."
        return Problem(message, file=name)
    for one in parts:
        if one.flag_bits & 1:
            message = "the workbook needs a password; save it without one."
            return Problem(message, file=name)
        if one.file_size > SLACK + PACKED_AT_MOST * one.compress_size:
            times = one.file_size // max(one.compress_size, 1)
            message = (
                f"the part {one.filename} is {times:,} times larger unpacked; more than "
                f"{PACKED_AT_MOST} times is taken for an attack. Save the workbook again."
            )
            return Problem(message, file=name)
    return None


def _part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Part | None:
    """What is in a part; None where it declares a document type."""
    if not part.filename.lower().endswith((".xml", ".rels", ".vml")):
        return Part()
    has_formulas = False
    merged: dict[tuple[int, int, int, int], None] = {}
    for piece in _pieces(archive, part):
        if any(word in piece for word in _DECLARED):
            return None
        has_formulas = has_formulas or _FORMULA.search(piece) is not None
        for match in _MERGED.finditer(piece):
            left, top, right, bottom = (group.decode() for group in match.groups())
            merged[int(top), int(bottom), _number(left), _number(right)] = None
    return Part(has_formulas, tuple(merged))


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The content piece by piece; each begins with the end of the one before."""
    with archive.open(part) as stream:
        rest = b""
        while piece := stream.read(_PIECE):
            yield rest + piece
            rest = piece[-_OVERLAP:]


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
