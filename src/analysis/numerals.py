"""How numbers are written."""

from __future__ import annotations

MINUS = "\N{MINUS SIGN}"


def signed(number: float) -> str:
    """Return a change with its sign.

    >>> signed(3), signed(-3), signed(0)
    ('+3', '−3', '0')
    """
    return f"{number:+g}".replace("-", MINUS) if number else "0"
