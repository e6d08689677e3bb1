"""SPSS and Stata files: codes with their labels, and why an answer is missing."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date, datetime, time
from functools import partial
from pathlib import Path
from typing import Any

from analysis.intake.reading.cells import Cells, shown
from analysis.intake.reading.encoding import SOURCES
from analysis.intake.reading.limits import MOST_CELLS, MOST_CHARACTERS
from analysis.problems import Problem
from analysis.study.reading import Reading


def read_labelled(path: Path, name: str, reading: Reading) -> tuple[Cells | None, list[Problem]]:
    """Read an SPSS or Stata file; the line of a row is the number of its case, from 1.

    A value is read as its label, or without one as the number without needless zeros. A missing
    value of the user (SPSS), or an extended one (Stata ``.a`` to ``.z``), has its label or its
    code too, so that the value map says what it means, and stands in `Cells.missing`; a missing
    value of the system is blank. Dates and times are ISO 8601. `Cells.questions` has the labels of
    the variables.

    Returns
    -------
    Cells or None, list of Problem
        None where the file cannot be read, or has no variable or case. A problem for each label
        that two codes in use share, since it cannot be told which of them is meant.
    """
    try:
        columns, meta = _read(path, reading)
    except _TooLargeError as error:
        return None, [Problem(str(error), file=name)]
    except Exception as error:
        # Whatever a damaged file makes the reader stumble over, it cannot be read.
        kind = "a Stata" if path.suffix.lower() == ".dta" else "an SPSS"
        said = (str(error) or type(error).__name__).rstrip(".")
        message = f"the file cannot be read as {kind} file: {said}."
        if isinstance(error, UnicodeDecodeError) or "encoding" in said:
            message += f" Its encoding can be named in {SOURCES} (encoding)."
        return None, [Problem(message, file=name)]
    header = [str(one) for one in meta.column_names]
    size = len(next(iter(columns.values()), []))
    if not header or not size:
        return None, [Problem("the file has no variable or no case.", file=name)]
    found = Cells(None, 0, header, [], list(range(1, size + 1)), _questions(meta))
    problems: list[Problem] = []
    for variable in header:
        values = list(columns[variable])
        letters = frozenset(map(str, meta.missing_user_values.get(variable, ())))
        labels = dict(meta.variable_value_labels.get(variable, {})) if reading.has_labels else {}
        text = _once(partial(_text, labels=labels, letters=letters))
        found.columns.append([text(value) for value in values])
        ranges = meta.missing_ranges.get(variable, ())
        missing = frozenset(text(one) for one in set(values) if _is_missing(one, ranges, letters))
        if missing:
            found.missing[variable] = missing
        problems += _shared(values, labels, variable, name)
    problems += _too_long(found, name)
    return (None, problems) if problems else (found, [])


class _TooLargeError(Exception):
    """The file has more cells than are read."""


def _read(path: Path, reading: Reading) -> tuple[Mapping[str, Sequence[Any]], Any]:
    # Slow to import, and most studies have no such file.
    import pyreadstat

    read: Callable[..., Any] = (
        pyreadstat.read_dta if path.suffix.lower() == ".dta" else pyreadstat.read_sav
    )
    encoding = reading.encoding.upper() or None
    _, meta = read(path, metadataonly=True, encoding=encoding)
    columns = max(int(meta.number_columns or 0), 1)
    if int(meta.number_rows or 0) * columns > MOST_CELLS:
        size = f"{meta.number_rows:,} cases of {columns:,} variables"
        raise _TooLargeError(f"{size} are more than {MOST_CELLS:,} cells; that is no survey.")
    limit = MOST_CELLS // columns + 1
    cells, meta = read(
        path, user_missing=True, output_format="dict", encoding=encoding, row_limit=limit
    )
    if len(next(iter(cells.values()), [])) == limit:
        raise _TooLargeError(f"more than {MOST_CELLS:,} cells; that is no survey.")
    return cells, meta


def _questions(meta: Any) -> dict[str, str]:
    labels = meta.column_names_to_labels
    return {str(name): str(label) for name, label in labels.items() if label}


def _once(text: Callable[[Any], str]) -> Callable[[Any], str]:
    """The same function, asked once for each value."""
    known: dict[Hashable, str] = {}

    def cached(value: Any) -> str:
        key = (type(value), value)
        if key not in known:
            known[key] = text(value)
        return known[key]

    return cached


def _text(value: Any, labels: Mapping[Any, str], letters: frozenset[str]) -> str:
    if value is None or value != value:
        return ""
    label = labels.get(value)
    if label:
        return str(label)
    if isinstance(value, str):
        return f".{value}" if value in letters else value
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    number = float(value)
    if math.isinf(number):
        return repr(number)
    return str(int(number)) if number.is_integer() and abs(number) < 1e16 else repr(number)


def _is_missing(value: Any, ranges: Sequence[Mapping[str, Any]], letters: frozenset[str]) -> bool:
    """Whether the file declares the value missing: by a range of SPSS or a letter of Stata."""
    if isinstance(value, str) and value in letters:
        return True
    if value is None or isinstance(value, date | time):
        return False
    return any(
        isinstance(value, str) == isinstance(one["lo"], str) and one["lo"] <= value <= one["hi"]
        for one in ranges
    )


def _shared(
    values: Sequence[Any], labels: Mapping[Any, str], variable: str, name: str
) -> list[Problem]:
    """Labels that stand for two codes, both in use."""
    by_label: dict[str, list[Any]] = {}
    for code, label in labels.items():
        by_label.setdefault(str(label), []).append(code)
    twice = {label: codes for label, codes in by_label.items() if label and len(codes) > 1}
    if not twice:
        return []
    used = {value for value in values if isinstance(value, Hashable)}
    return [
        Problem(
            f"the codes {' and '.join(_text(one, {}, frozenset()) for one in codes)} have the "
            f"same label; labels = no in {SOURCES} reads the codes.",
            file=name,
            column=variable,
            value=label,
        )
        for label, codes in twice.items()
        if len(used.intersection(codes)) > 1
    ]


def _too_long(found: Cells, name: str) -> list[Problem]:
    message = f"the cell has more than the {MOST_CHARACTERS:,} characters that are read."
    problems = [
        Problem(message, file=name, row=line, column=header)
        for header, column in zip(found.header, found.columns, strict=True)
        for line, cell in zip(found.lines, column, strict=True)
        if len(cell) > MOST_CHARACTERS
    ]
    return shown(problems, "cells like it")
