"""The header of a file: the rows that it takes, and one header a column from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from analysis.intake.spelling import plain, trimmed

JOINT = " | "
"""What stands between the cells of several header rows in one header."""

Row = tuple[int, list[str]]
"""The line of the file that a row begins on, and its cells."""


@dataclass(frozen=True)
class Heading:
    """Where the header of a file stands.

    Attributes
    ----------
    rows : how many rows it takes.
    skipped : how many rows of the file stand above it, blank ones among them.
    has_questions : whether the first row alone is the header and the second the questions.
    above : what the rows begin with that a tool writes above the header.
    spans : by line, the first and last places of cells that are merged; in a file without any, a
        blank cell of a header of several rows belongs to the cell on its left.
    """

    rows: int = 1
    skipped: int = 0
    has_questions: bool = False
    above: tuple[str, ...] = ()
    spans: Mapping[int, Sequence[tuple[int, int]]] = field(default_factory=dict)


def header_rows(body: Iterator[Row], heading: Heading) -> list[Row]:
    """Take the rows of the header from the rows of a file, and those above it."""
    above: list[Row] = []
    for line, cells in body:
        if line <= heading.skipped:
            continue
        if above or plain(cells[0]) not in heading.above:
            above.append((line, cells))
        if len(above) == heading.rows:
            break
    return above


def headers_of(above: Sequence[Row], heading: Heading) -> tuple[list[str], dict[str, str]]:
    """Return one header a column from the rows that it takes, and the question by header."""
    width = max(len(cells) for _, cells in above)
    even = [[*cells, *[""] * (width - len(cells))] for _, cells in above]
    if heading.has_questions or len(even) == 1:
        texts = even[1] if len(even) > 1 else []
        return even[0], dict(zip(even[0], texts, strict=False))
    spans = {line: heading.spans.get(line, ()) for line, _ in above}
    for (line, _), cells in zip(above[:-1], even[:-1], strict=True):
        places = [place for first, last in spans[line] for place in range(first + 1, last + 1)]
        for place in places if any(spans.values()) else range(1, width):
            if place < width and not trimmed(cells[place]):
                cells[place] = cells[place - 1]
    return [JOINT.join(_different(parts)) for parts in zip(*even, strict=True)], {}


def _different(parts: Iterable[str]) -> list[str]:
    """The cells above a column, each once and without spaces; a header has to be typed again."""
    return list(dict.fromkeys(text for part in parts if (text := trimmed(part))))
