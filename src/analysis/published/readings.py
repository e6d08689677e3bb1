"""How a printed figure or a loose word is read as a range. The rules stand here and nowhere else.

The loosest meaning that the words can bear is taken, so that nothing is claimed that the source
does not say:

- a printed percentage may have been rounded or cut off: 40 % is 39.5 up to, not including, 41;
- "about" a simple fraction is anything nearer to it than to the next of 0, 1/4, 1/3, 1/2, 2/3,
  3/4 and 1: "one third" is 7/24 to 5/12;
- "more than" and "less than" exclude the figure, "at least" and "at most" include it;
- a ratio "about 3" is nearer to 3 than to 2 or 4; "nearly doubled" (less than 2) is nearer to 2
  than to 1, so 1.5 up to, not including, 2;
- a count or amount "exactly" is itself; a count "about" has the range that its row gives.
"""

from __future__ import annotations

import math
from fractions import Fraction

SIMPLE_FRACTIONS = tuple(
    Fraction(*pair) for pair in ((0, 1), (1, 4), (1, 3), (1, 2), (2, 3), (3, 4), (1, 1))
)


def range_of(measure: str, qualifier: str, value: float) -> tuple[float, float]:
    """Return the lowest and highest number that a printed figure can stand for.

    Parameters
    ----------
    measure, qualifier, value : as in the findings table; `value` in the printed unit.

    Returns
    -------
    low, high
        In the printed unit. Open ends are given by their limit; an end without one is infinite.

    Examples
    --------
    >>> range_of("percent", "about", 40)
    (39.5, 41.0)
    >>> low, high = range_of("fraction", "about", 0.3333)
    >>> round(low, 4), round(high, 4)
    (0.2917, 0.4167)
    >>> range_of("count", "at_least", 11)
    (11.0, inf)
    """
    number = float(value)
    bottom, top = _limits(measure)
    if qualifier in ("at_least", "more_than"):
        return number, top
    if qualifier == "at_most":
        return bottom, number
    if qualifier == "less_than":
        return (max(bottom, number - 0.5) if measure == "ratio" else bottom), number
    if measure == "percent":
        return max(bottom, number - 0.5), min(top, number + 1)
    if qualifier == "about" and measure == "fraction":
        return _between_simple_fractions(number)
    if qualifier == "about" and measure == "ratio":
        return max(bottom, number - 0.5), number + 0.5
    return number, number


def earlier_counts(
    later: int, ratio_low: float, ratio_high: float, *, qualifier: str = "less_than"
) -> tuple[int, float]:
    """Return the range of the earlier count when the later one is `ratio` times as large.

    The lower ratio is included unless the `qualifier` is ``more_than``; the upper one only where
    it is ``exactly`` or ``at_most``. A ratio from 0 leaves the earlier count without an upper end.

    Examples
    --------
    "Nearly doubled to 29", and "more than doubled to 30":

    >>> earlier_counts(29, 1.5, 2), earlier_counts(30, 2, math.inf, qualifier="more_than")
    ((15, 19), (1, 14))
    """
    least = Fraction(later) / Fraction(ratio_high) if math.isfinite(ratio_high) else Fraction(0)
    lowest = math.ceil(least)
    if lowest == least and qualifier not in ("exactly", "at_most"):
        lowest += 1
    if ratio_low == 0:
        return lowest, math.inf
    most = Fraction(later) / Fraction(ratio_low)
    highest = math.floor(most)
    if highest == most and qualifier == "more_than":
        highest -= 1
    return lowest, highest


def nearest_simple_fraction(value: float) -> Fraction:
    """Return the simple fraction that a printed one stands for.

    >>> nearest_simple_fraction(0.3333)
    Fraction(1, 3)
    """
    return min(SIMPLE_FRACTIONS, key=lambda fraction: abs(float(fraction) - value))


def _limits(measure: str) -> tuple[float, float]:
    tops = {"percent": 100.0, "fraction": 1.0}
    return 0.0, tops.get(measure, math.inf)


def _between_simple_fractions(value: float) -> tuple[float, float]:
    near = nearest_simple_fraction(value)
    own = SIMPLE_FRACTIONS.index(near)
    below = SIMPLE_FRACTIONS[max(own - 1, 0)]
    above = SIMPLE_FRACTIONS[min(own + 1, len(SIMPLE_FRACTIONS) - 1)]
    return float((below + near) / 2), float((near + above) / 2)
