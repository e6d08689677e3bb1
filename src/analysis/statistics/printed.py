"""Which whole numbers a printed percentage or a loose word allows.

The idea is that of the GRIM test (Brown and Heathers 2017, Social Psychological and Personality
Science 8:363): with a small base most percentages cannot occur, so a printed one tells something
about the base and the count behind it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd

from analysis.statistics.checks import is_number

ROUNDINGS = ("round", "truncate")


def possible_counts(
    percent: float, *, denominators: Iterable[int], decimals: int = 0, rounding: str = "round"
) -> pd.DataFrame:
    """Return every count over every base that would be printed as `percent`.

    Parameters
    ----------
    percent : as printed, for example 40 for "40 %".
    denominators : the bases to try.
    decimals : digits printed behind the decimal point.
    rounding : ``round`` (a half may go up, or to the even digit) or ``truncate`` (cut off).

    Returns
    -------
    DataFrame
        One row a pair: ``denominator``, ``count``. No row where no count fits.

    Raises
    ------
    ValueError
        The percentage is no number from 0 to 100 or has more decimals than said, a base is not a
        positive whole number, or the rounding is unknown.

    Examples
    --------
    >>> possible_counts(40, denominators=[49, 57]).to_dict("records")
    [{'denominator': 57, 'count': 23}]
    """
    if rounding not in ROUNDINGS:
        raise ValueError(f"unknown rounding {rounding!r}; allowed: {', '.join(ROUNDINGS)}")
    if not _lies_between(0, percent, 100):
        raise ValueError(f"percent must lie between 0 and 100, got {percent!r}")
    if not _is_whole(decimals) or decimals < 0:
        raise ValueError(f"decimals must be a whole number from 0, got {decimals!r}")
    step = Fraction(1, 10 ** int(decimals))
    printed = _as_written(percent)
    if printed % step:
        raise ValueError(f"{percent!r} has more than {decimals} decimals")
    pairs = [
        (base, count)
        for base in _bases(denominators)
        for count in range(base + 1)
        if _prints_as(Fraction(100 * count, base), printed, step, rounding)
    ]
    return pd.DataFrame(pairs, columns=["denominator", "count"], dtype="int64")


def counts_within(low: float, high: float, *, denominators: Iterable[int]) -> pd.DataFrame:
    """Return every count whose share of a base lies from `low` up to `high` (shares, 0 to 1).

    Returns
    -------
    DataFrame
        One row a pair: ``denominator``, ``count``.

    Raises
    ------
    ValueError
        The shares are no numbers that rise between 0 and 1, or a base is not a positive whole
        number.

    Examples
    --------
    >>> counts_within(0.3, 0.4, denominators=[10]).to_dict("records")
    [{'denominator': 10, 'count': 3}, {'denominator': 10, 'count': 4}]
    """
    if not (_lies_between(0, low, 1) and _lies_between(0, high, 1) and low <= high):
        raise ValueError(f"shares must rise between 0 and 1, got {low!r} and {high!r}")
    ends = _as_written(low), _as_written(high)
    pairs = [
        (base, count)
        for base in _bases(denominators)
        for count in range(base + 1)
        if ends[0] <= Fraction(count, base) <= ends[1]
    ]
    return pd.DataFrame(pairs, columns=["denominator", "count"], dtype="int64")


def _bases(denominators: Iterable[int]) -> list[int]:
    try:
        bases = list(denominators)
    except TypeError as error:
        raise ValueError(f"denominators must be a list of bases, got {denominators!r}") from error
    for base in bases:
        if not _is_whole(base) or base < 1:
            raise ValueError(f"a base must be a whole number from 1, got {base!r}")
    return [int(base) for base in bases]


def _is_whole(value: Any) -> bool:
    return is_number(value) and math.isfinite(value) and value == int(value)


def _lies_between(low: int, value: Any, high: int) -> bool:
    is_one = is_number(value) or isinstance(value, Decimal)
    return is_one and math.isfinite(value) and low <= value <= high


def _as_written(value: Any) -> Fraction:
    """Return the decimal number that is meant: 0.1 is a tenth, not the float nearest to it."""
    return value if isinstance(value, Fraction) else Fraction(Decimal(str(value)))


def _prints_as(exact: Fraction, printed: Fraction, step: Fraction, rounding: str) -> bool:
    if rounding == "truncate":
        return printed <= exact < printed + step
    half = step / 2
    if exact == printed + half:
        return (printed / step) % 2 == 0
    return printed - half <= exact < printed + half
