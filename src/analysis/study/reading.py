"""How the file of an export is read, in the words of ``sources.csv`` and ``columns.csv``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

TOOLS = ("limesurvey", "eusurvey", "kobo", "odk", "qualtrics", "surveymonkey")
"""Survey tools whose exports are known: their header rows, separators and own columns."""

DELIMITERS: Mapping[str, str] = MappingProxyType(
    {"comma": ",", ",": ",", "semicolon": ";", ";": ";", "tab": "\t", "pipe": "|", "|": "|"}
)
"""What can stand between the cells of a text file, by the words for it."""

SEPARATORS: Mapping[str, str] = MappingProxyType(
    {**DELIMITERS, "space": " ", "newline": "\n", "slash": "/", "/": "/"}
)
"""What can stand between several answers in one cell, by the words for it."""

ENCODINGS = (
    *("utf-8", "utf-16", "utf-32"),
    *("windows-1250", "windows-1251", "windows-1252", "windows-1253", "windows-1254"),
    *("windows-1255", "windows-1256", "windows-1257", "windows-1258"),
    *("iso-8859-1", "iso-8859-2", "iso-8859-5", "iso-8859-7", "iso-8859-9", "iso-8859-15"),
    *("koi8-r", "koi8-u", "mac-roman", "mac-cyrillic", "ibm850", "ibm852", "ibm866"),
    *("shift_jis", "euc-jp", "euc-kr", "big5", "gb18030"),
)
"""Encodings of text files that can be declared."""

TEXT_ENDINGS = (".csv", ".tsv", ".tab", ".txt")
SHEET_ENDINGS = (".xlsx", ".xlsm")
LABELLED_ENDINGS = (".sav", ".zsav", ".dta")
"""Endings of the files that can be read: text, Excel, and SPSS and Stata with their labels."""

READABLE = (*TEXT_ENDINGS, *SHEET_ENDINGS, *LABELLED_ENDINGS)


@dataclass(frozen=True)
class Reading:
    """What ``sources.csv`` says of how a file is to be read; empty where the file itself tells.

    Attributes
    ----------
    tool : one of `TOOLS`.
    delimiter, encoding : of a text file, one of `DELIMITERS` and one of `ENCODINGS`.
    sheet : which sheet of a workbook.
    header_rows : how many rows the header takes; 0 for as many as the tool writes.
    skip_rows : how many rows of the file stand above the header, blank ones among them.
    has_labels : whether the value labels of an SPSS or Stata file are read, not its codes.
    """

    tool: str = ""
    delimiter: str = ""
    encoding: str = ""
    sheet: str = ""
    header_rows: int = 0
    skip_rows: int = 0
    has_labels: bool = True


ROW_NUMBER = "(row number)"
"""What a first column is called that holds row numbers and has no header, as R and pandas write."""
