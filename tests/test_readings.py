"""How a printed figure or a loose word is read as a range."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.published.findings import NUMBERS, QUALIFIERS
from analysis.published.readings import SIMPLE_FRACTIONS, earlier_counts, range_of
from analysis.statistics import possible_counts

stable = settings(deadline=None, derandomize=True, max_examples=200)


@pytest.mark.parametrize(
    ("measure", "qualifier", "value", "expected"),
    [
        # Rounded or cut off: from 39.5 up to, not including, 41.
        ("percent", "about", 40, (39.5, 41)),
        ("percent", "exactly", 24, (23.5, 25)),
        ("percent", "about", 0, (0, 1)),
        ("percent", "about", 100, (99.5, 100)),
        ("percent", "at_least", 40, (40, 100)),
        ("percent", "less_than", 40, (0, 40)),
        ("fraction", "about", 0.3333, (7 / 24, 5 / 12)),
        ("fraction", "about", 0.5, (5 / 12, 7 / 12)),
        ("fraction", "about", 0.25, (1 / 8, 7 / 24)),
        ("fraction", "about", 1, (7 / 8, 1)),
        ("fraction", "about", 0, (0, 1 / 8)),
        ("fraction", "more_than", 0.5, (0.5, 1)),
        ("fraction", "at_most", 0.5, (0, 0.5)),
        ("fraction", "exactly", 0.5, (0.5, 0.5)),
        ("ratio", "about", 3, (2.5, 3.5)),
        ("ratio", "less_than", 2, (1.5, 2)),
        ("ratio", "more_than", 2, (2, math.inf)),
        ("ratio", "exactly", 2, (2, 2)),
        ("count", "exactly", 16, (16, 16)),
        ("count", "at_least", 11, (11, math.inf)),
        ("count", "at_most", 11, (0, 11)),
        ("count", "about", 20, (20, 20)),
        ("amount", "more_than", 20, (20, math.inf)),
        ("percent_change", "exactly", 10, (10, 10)),
    ],
)
def test_the_reading_rules(
    measure: str, qualifier: str, value: float, expected: tuple[float, float]
) -> None:
    assert range_of(measure, qualifier, value) == pytest.approx(expected)


@stable
@given(st.sampled_from(NUMBERS), st.sampled_from(QUALIFIERS), st.integers(0, 1000))
def test_the_range_holds_the_figure_and_keeps_within_what_can_be(
    measure: str, qualifier: str, number: int
) -> None:
    top = {"percent": 100.0, "fraction": 1.0}.get(measure, math.inf)
    value = number / 1000 if measure == "fraction" else number % 101
    low, high = range_of(measure, qualifier, value)
    assert 0 <= low <= high <= top
    assert low <= value <= high or (measure, qualifier) == ("fraction", "about")


@stable
@given(st.sampled_from(SIMPLE_FRACTIONS), st.integers(0, 1000))
def test_about_a_simple_fraction_is_whatever_is_nearest_to_it(named: Fraction, number: int) -> None:
    low, high = range_of("fraction", "about", round(float(named), 4))
    share = Fraction(number, 1000)
    distance = {other: abs(other - share) for other in SIMPLE_FRACTIONS}
    if distance[named] < min(d for other, d in distance.items() if other != named):
        assert low <= share <= high
    elif low < share < high:
        raise AssertionError(f"{share} is nearer to another fraction than {named}")


@pytest.mark.parametrize("percent", [0, 24, 40, 85, 100])
def test_the_range_of_a_percentage_is_what_rounding_or_cutting_off_can_print(percent: int) -> None:
    low, high = range_of("percent", "about", percent)
    bases = range(1, 80)
    printed = {
        (int(base), int(count))
        for rounding in ("round", "truncate")
        for base, count in possible_counts(
            percent, denominators=bases, rounding=rounding
        ).itertuples(index=False)
    }
    within = {
        (base, count)
        for base in bases
        for count in range(base + 1)
        if Fraction(low) <= Fraction(100 * count, base) < (101 if percent == 100 else high)
    }
    assert printed == within


def test_nearly_doubled_to_29_leaves_15_to_19() -> None:
    # 29 / 19 = 1.53 is nearer to 2 than to 1 and 29 / 15 = 1.93 below 2; 29 / 20 = 1.45 is not.
    assert earlier_counts(29, 1.5, 2) == (15, 19)


@stable
@given(st.integers(1, 60), st.sampled_from(QUALIFIERS), st.integers(1, 8), st.integers(0, 8))
def test_the_range_of_an_earlier_count_holds_every_count_that_the_ratio_allows(
    later: int, qualifier: str, quarters: int, more: int
) -> None:
    low = Fraction(quarters, 4)
    high = low if qualifier == "exactly" else low + Fraction(more + 1, 4)

    def is_within(ratio: Fraction) -> bool:
        above = ratio > low if qualifier == "more_than" else ratio >= low
        return above and (ratio <= high if qualifier in ("exactly", "at_most") else ratio < high)

    lowest, highest = earlier_counts(later, float(low), float(high), qualifier=qualifier)
    allowed = [count for count in range(1, 5 * later) if is_within(Fraction(later, count))]
    assert list(range(lowest, int(highest) + 1)) == allowed


def test_a_ratio_without_an_upper_or_lower_end_leaves_the_count_open_there() -> None:
    assert earlier_counts(30, 2, math.inf, qualifier="more_than") == (1, 14)
    assert earlier_counts(30, 2, math.inf, qualifier="at_least") == (1, 15)
    assert earlier_counts(30, 0, 0.5, qualifier="at_most") == (60, math.inf)
