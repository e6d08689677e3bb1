"""Bytes to text: by the mark at the start, by what is declared, else UTF-8 and nothing guessed."""

from __future__ import annotations

import codecs
import re

from analysis.problems import Problem

SOURCES = "sources"

_MARKS = (
    ("utf-8", codecs.BOM_UTF8),
    ("utf-32", codecs.BOM_UTF32_LE),
    ("utf-32", codecs.BOM_UTF32_BE),
    ("utf-16", codecs.BOM_UTF16_LE),
    ("utf-16", codecs.BOM_UTF16_BE),
)
"""Byte-order marks; that of UTF-32 begins like that of UTF-16."""

CANDIDATES = ("windows-1252", "windows-1251", "windows-1250", "windows-1253", "mac-roman", "koi8-r")
"""What a file that is not UTF-8 may be; which one it is only a reader of the text can tell."""

_LINE_ENDS = re.compile(r"\r\n|\r|\n")
_EDGES = b',;\t|"\r\n'
_SAMPLE = 40
_BEGIN = 65_536


def decoded(content: bytes, declared: str, name: str) -> tuple[str, list[Problem]]:
    """Return the text of a file, without marks at its start.

    A byte-order mark decides, then what is declared. Without either, text whose every second byte
    is zero is UTF-16, and all else must be UTF-8: which of the encodings with one byte a letter was
    meant cannot be told from the bytes.

    Returns
    -------
    str, list of Problem
        Empty, and a problem, where the file is not of that encoding or its mark contradicts what
        is declared. Where nothing is declared, the problem shows what the first cell that is not
        UTF-8 would be in other encodings.
    """
    mark = next((known for known, mark in _MARKS if content.startswith(mark)), "")
    if mark and declared and mark != declared:
        message = f"the file begins with the mark of {mark}; {SOURCES} declares another encoding."
        return "", [Problem(message, file=name, column="encoding", value=declared, allowed=(mark,))]
    encoding = mark or declared
    if encoding in ("", "utf-16") and not mark:
        encoding = _by_zeros(content) or encoding or "utf-8"
    try:
        text = content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        return "", [_undecoded(content, encoding, error, name, is_declared=bool(mark or declared))]
    if declared and not declared.startswith("utf") and _is_utf_8(content):
        message = f"the file is UTF-8, but {SOURCES} declares another encoding."
        return "", [
            Problem(message, file=name, column="encoding", value=declared, allowed=("utf-8",))
        ]
    return text.lstrip("\ufeff"), []


def line_at(text: str) -> int:
    """Return the line that stands behind a text, the first one being 1."""
    return len(_LINE_ENDS.findall(text)) + 1


def _by_zeros(content: bytes) -> str:
    """UTF-16 without a mark, by the zeros in the bytes of plain letters, marks and line ends."""
    begin = content[: _BEGIN - _BEGIN % 2]
    even, odd = begin[0::2].count(0), begin[1::2].count(0)
    if len(content) % 2 or max(even, odd) * 10 < len(begin) // 2:
        return ""
    if odd > 10 * even:
        return "utf-16-le"
    return "utf-16-be" if even > 10 * odd else ""


def _is_utf_8(content: bytes) -> bool:
    if content.isascii():
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _undecoded(
    content: bytes, encoding: str, error: UnicodeDecodeError, name: str, *, is_declared: bool
) -> Problem:
    at = error.start
    line = line_at(content[:at].decode(encoding, errors="replace"))
    byte = repr(content[at : at + 1])[1:].strip("'")
    message = f"the file is not {encoding.upper()} (byte {at})"
    if is_declared:
        return Problem(f"{message}.", file=name, row=line, value=byte)
    cell = _cell_at(content, at)
    readings: dict[str, str] = {}
    for candidate in CANDIDATES:
        text = _read(content, cell, candidate)
        if text and text not in readings.values():
            readings[candidate] = text
    said = ", ".join(f"{text!r} as {candidate}" for candidate, text in readings.items())
    return Problem(
        f"{message}. Save it as CSV UTF-8, or name its encoding in {SOURCES} (encoding)"
        + (f": the cell reads {said}." if said else "."),
        file=name,
        row=line,
        value=byte,
        allowed=("utf-8", *readings),
    )


def _cell_at(content: bytes, at: int) -> bytes:
    """The cell around a byte, cut off where it is long."""
    before, behind = content[max(at - _SAMPLE, 0) : at], content[at : at + _SAMPLE]
    start = max(before.rfind(edge) for edge in _edges()) + 1
    ends = [found for edge in _edges() if (found := behind.find(edge)) >= 0]
    return before[start:] + behind[: min(ends, default=len(behind))]


def _edges() -> list[bytes]:
    return [_EDGES[place : place + 1] for place in range(len(_EDGES))]


def _read(content: bytes, cell: bytes, encoding: str) -> str:
    """The cell in an encoding, empty if the file cannot be of that one."""
    try:
        content.decode(encoding)
        text = cell.decode(encoding)
    except UnicodeDecodeError:
        return ""
    return text.strip() if text.isprintable() else ""
