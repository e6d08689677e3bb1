"""Numbers, colours and paths of SVG files in as few characters as show the same."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable

HUNDREDTHS = 100
NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?")


def shortened(value: str) -> str:
    """Round the numbers of an attribute and shorten its colours."""
    if value.startswith("#") and value[1::2] == value[2::2]:
        return f"#{value[1::2]}"
    if value.startswith(("#", "url(")):
        return value
    digits = 5 if "scale" in value else 2
    rounded = NUMBER.sub(lambda number: number_text(round(float(number[0]), digits)), value)
    return re.sub(r"\) +", ")", rounded)


def number_text(number: float) -> str:
    """Write a number in as few characters as five decimals need.

    >>> number_text(-0.5), number_text(12.0)
    ('-.5', '12')
    """
    text = f"{number:.5f}".rstrip("0").rstrip(".")
    return re.sub(r"^(-?)0\.", r"\1.", "0" if text == "-0" else text)


def relative(path: str, scale: float) -> str:
    """Return a path of M, L, Q, C and z in relative commands, rounded to 1/`scale`.

    The steps are those between rounded points, so that no error adds up.

    >>> relative("M 10 10 L 12 10 L 12 14.256 z", 100)
    'M10 10h2v4.26z'
    """
    unit = HUNDREDTHS if scale == HUNDREDTHS else 1
    written, last = "", (0, 0)
    for command, text in re.findall(r"([MLQCz])([^MLQCz]*)", path):
        numbers = [round(float(number) * scale) for number in NUMBER.findall(text)]
        points = list(zip(numbers[::2], numbers[1::2], strict=True))
        if command == "M":
            written += "M" + _joined(points[0], unit)
        elif command == "L":
            x, y = points[0][0] - last[0], points[0][1] - last[1]
            if x and y:
                written += "l" + _joined((x, y), unit)
            elif x or y:
                written += ("h" if x else "v") + _joined([x or y], unit)
        elif command == "z":
            written += "z"
        else:
            steps = [(x - last[0], y - last[1]) for x, y in points]
            written += command.lower() + _joined(itertools.chain(*steps), unit)
        last = points[-1] if points else last
    return written


def _joined(numbers: Iterable[int], unit: int) -> str:
    texts = [number_text(number / unit) for number in numbers]
    return "".join(
        text if text.startswith("-") or not index else f" {text}"
        for index, text in enumerate(texts)
    )
