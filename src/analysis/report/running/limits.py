"""How long a page may take and how much memory its kernel may have."""

from __future__ import annotations

import re
from dataclasses import dataclass

from analysis.problems import InputError, Problem

UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}


@dataclass(frozen=True)
class Limits:
    """What one page may use; 0 stands for no limit.

    Attributes
    ----------
    cell : seconds for one cell.
    page : seconds for all cells of a page together, its kernel's start included.
    memory : bytes of memory for the kernel of a page.
    """

    cell: int = 600
    page: int = 3600
    memory: int = 4 << 30


USUAL = Limits()


def limits_from(
    *, cell: int | None = None, page: int | None = None, memory: str | None = None
) -> Limits:
    """Return limits with the values that are given over the usual ones.

    Raises
    ------
    InputError
        When the memory is not a size.

    >>> limits_from(cell=5, memory="1G")
    Limits(cell=5, page=3600, memory=1073741824)
    """
    given = {"cell": cell, "page": page}
    try:
        size = {} if memory is None else {"memory": parse_size(memory)}
    except ValueError as error:
        raise InputError(Problem(str(error), column="--memory")) from None
    return Limits(**{name: n for name, n in given.items() if n is not None}, **size)


def parse_size(text: str) -> int:
    """Return the bytes that a size stands for.

    Raises
    ------
    ValueError
        When the text is not a whole number with one of the units K, M, G and T, or without.

    >>> parse_size("512M"), parse_size("2G"), parse_size("0")
    (536870912, 2147483648, 0)
    """
    match = re.fullmatch(r"(\d+)\s*([KMGT]?)(?:i?B)?", text.strip(), re.IGNORECASE)
    if not match:
        raise ValueError(f"{text!r} is not a size; write it like 512M or 4G.")
    return int(match[1]) * UNITS[match[2].upper()]


def size_words(size: int) -> str:
    """Write a size with the largest unit that leaves a whole number.

    >>> size_words(4 << 30), size_words(1536 << 20)
    ('4 GB', '1536 MB')
    """
    for unit in ("T", "G", "M", "K"):
        if size and size % UNITS[unit] == 0:
            return f"{size // UNITS[unit]} {unit}B"
    return f"{size} bytes"
