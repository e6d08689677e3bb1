"""The methods on counts, held against brute force, exact arithmetic and published examples."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from functools import cache, partial
from itertools import product
from math import comb
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.statistics import (
    change_bounds,
    count_bounds,
    counts_within,
    possible_counts,
    proportion_interval,
    tipping_point,
)

finite_interval = partial(proportion_interval, method="hypergeometric")

stable = settings(deadline=None, derandomize=True, max_examples=150)

# Yes-counts of the two cycles of which the source prints both: OSCE (2022), In Brief, I.a.
LAWS = (10, 52, 16, 49)
FEES = (16, 52, 29, 49)


@cache
def possible_totals(count: int, nobs: int, population: int) -> frozenset[int]:
    """Yes among everybody, over every way in which the silent ones could have answered."""
    silent = population - nobs
    if silent <= 8:
        return frozenset(count + sum(said) for said in product((0, 1), repeat=silent))
    return frozenset(range(count, count + silent + 1))


def possible_changes(count1: int, nobs1: int, count2: int, nobs2: int, population: int) -> set[int]:
    return {
        later - earlier
        for earlier in possible_totals(count1, nobs1, population)
        for later in possible_totals(count2, nobs2, population)
    }


def blanks_until_open(count1: int, nobs1: int, count2: int, nobs2: int, population: int) -> int:
    """Turn respondents who said no into silent ones, one by one, until the sign can be either."""
    changes = possible_changes(count1, nobs1, count2, nobs2, population)
    if min(changes) <= 0 <= max(changes):
        return 0
    is_rise = min(changes) > 0
    for blanks in range(population + 1):
        left1, left2 = (nobs1 - blanks, nobs2) if is_rise else (nobs1, nobs2 - blanks)
        changes = possible_changes(count1, left1, count2, left2, population)
        if min(changes) <= 0 <= max(changes):
            return blanks
    raise AssertionError("the direction can never stay certain when nobody answered")


def answers(population: int) -> list[tuple[int, int]]:
    """Every pair of yes and answers that a population allows."""
    return [(count, nobs) for nobs in range(population + 1) for count in range(nobs + 1)]


@st.composite
def answered(draw: st.DrawFn, population: int) -> tuple[int, int]:
    nobs = draw(st.integers(0, population))
    return draw(st.integers(0, nobs)), nobs


@pytest.mark.parametrize("population", range(8))
def test_the_bounds_of_a_count_are_reached_and_never_passed(population: int) -> None:
    for count, nobs in answers(population):
        totals = possible_totals(count, nobs, population)
        assert count_bounds(count, nobs, population=population) == (min(totals), max(totals))


@pytest.mark.parametrize("population", range(8))
def test_the_bounds_of_a_change_and_its_tipping_point_are_those_of_every_completion(
    population: int,
) -> None:
    pairs = list(product(answers(population), repeat=2))
    counts = np.array([(c1, n1, c2, n2) for (c1, n1), (c2, n2) in pairs]).T
    lows, highs = change_bounds(*counts, population=population)
    blanks = tipping_point(*counts, population=population)
    for index, ((c1, n1), (c2, n2)) in enumerate(pairs):
        changes = possible_changes(c1, n1, c2, n2, population)
        assert (lows[index], highs[index]) == (min(changes), max(changes))
        assert blanks[index] == blanks_until_open(c1, n1, c2, n2, population)


@stable
@given(answered(57), answered(57))
def test_the_same_holds_among_57(first: tuple[int, int], second: tuple[int, int]) -> None:
    changes = possible_changes(*first, *second, 57)
    assert change_bounds(*first, *second, population=57) == (min(changes), max(changes))
    assert tipping_point(*first, *second, population=57) == blanks_until_open(*first, *second, 57)


@stable
@given(answered(57), answered(57))
def test_the_cycles_swapped_give_the_mirror_image(
    first: tuple[int, int], second: tuple[int, int]
) -> None:
    low, high = change_bounds(*first, *second, population=57)
    assert change_bounds(*second, *first, population=57) == (-high, -low)
    forth = tipping_point(*first, *second, population=57)
    assert tipping_point(*second, *first, population=57) == forth


@pytest.mark.parametrize(("pair", "bounds", "blanks"), [(LAWS, (1, 14), 1), (FEES, (8, 21), 8)])
def test_the_published_pairs_give_what_the_design_states(
    pair: tuple[int, int, int, int], bounds: tuple[int, int], blanks: int
) -> None:
    # Worked out by hand from the two printed pairs of counts.
    assert change_bounds(*pair, population=57) == bounds
    assert tipping_point(*pair, population=57) == blanks
    fall = (*pair[2:], *pair[:2])
    assert change_bounds(*fall, population=57) == (-bounds[1], -bounds[0])
    assert tipping_point(*fall, population=57) == blanks


def test_arrays_broadcast_and_scalars_stay_scalars() -> None:
    low, high = change_bounds([10, 16], 52, [16, 29], 49, population=57)
    assert (low.tolist(), high.tolist()) == ([1, 8], [14, 21])
    assert tipping_point([[10], [16]], 52, [16, 29], 49, population=57).shape == (2, 2)
    assert [type(end) for end in change_bounds(*LAWS, population=57)] == [int, int]
    assert type(tipping_point(*LAWS, population=57)) is int
    assert [type(end) for end in count_bounds(1.0, np.int64(2), population=3)] == [int, int]
    low, high = finite_interval([0, 16], [49, 49], population=57)
    assert low.shape == high.shape == (2,)
    assert (low[1], high[1]) == finite_interval(16, 49, population=57)
    assert [type(end) for end in finite_interval(16, 49, population=57)] == [float, float]
    assert finite_interval([], [], population=57)[0].shape == (0,)


def exact_tails(count: int, nobs: int, yes: int, population: int) -> tuple[Fraction, Fraction]:
    """P(X >= count) and P(X <= count) when `nobs` of the population are drawn, exactly."""
    ways = [comb(yes, x) * comb(population - yes, nobs - x) for x in range(nobs + 1)]
    return (
        Fraction(sum(ways[count:]), comb(population, nobs)),
        Fraction(sum(ways[: count + 1]), comb(population, nobs)),
    )


def exact_interval(count: int, nobs: int, population: int, level: float) -> tuple[int, int]:
    """The numbers of yes that neither one-sided test rejects, in rational arithmetic."""
    tail = (1 - Fraction(str(level))) / 2
    kept = [
        yes
        for yes in range(population + 1)
        if min(exact_tails(count, nobs, yes, population)) > tail
    ]
    return min(kept), max(kept)


@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.99])
@pytest.mark.parametrize("population", range(1, 11))
def test_the_interval_is_that_of_exact_arithmetic(population: int, level: float) -> None:
    pairs = answers(population)
    counts, nobs = np.array(pairs).T
    low, high = finite_interval(counts, nobs, population=population, level=level)
    found = zip((low * population).round(9), (high * population).round(9), strict=True)
    assert list(found) == [exact_interval(*pair, population, level) for pair in pairs]


@pytest.mark.parametrize(("count", "nobs"), [(0, 49), (1, 52), (16, 49), (29, 49), (49, 49)])
@pytest.mark.parametrize("level", [0.8, 0.95])
def test_the_interval_is_exact_among_57(count: int, nobs: int, level: float) -> None:
    low, high = finite_interval(count, nobs, population=57, level=level)
    assert (round(low * 57, 9), round(high * 57, 9)) == exact_interval(count, nobs, 57, level)


@pytest.mark.parametrize(("population", "nobs"), [(5, 3), (9, 4), (12, 10), (57, 49), (57, 52)])
def test_the_interval_covers_the_truth_as_often_as_its_level_says(
    population: int, nobs: int
) -> None:
    level = Fraction(95, 100)
    ends = [finite_interval(c, nobs, population=population) for c in range(nobs + 1)]
    for yes in range(population + 1):
        covered = sum(
            comb(yes, count) * comb(population - yes, nobs - count)
            for count, (low, high) in enumerate(ends)
            if round(low * population) <= yes <= round(high * population)
        )
        assert Fraction(covered, comb(population, nobs)) >= level


@pytest.mark.parametrize(
    ("count", "nobs", "low", "high"),
    [
        # Newcombe 1998 (Stat Med 17:857), Table I, Clopper-Pearson ("exact") method: what the
        # interval comes to when the population is much larger than the number of answers.
        (81, 263, 0.2527, 0.3676),
        (15, 148, 0.0578, 0.1617),
        (0, 20, 0.0, 0.1684),
        (1, 29, 0.0009, 0.1776),
    ],
)
def test_among_very_many_it_is_the_clopper_pearson_interval(
    count: int, nobs: int, low: float, high: float
) -> None:
    found = finite_interval(count, nobs, population=200_000)
    assert found == pytest.approx((low, high), abs=0.0003)


def test_the_edges_of_the_interval() -> None:
    assert finite_interval(0, 49, population=57)[0] == 0
    assert finite_interval(49, 49, population=57)[1] == 1
    assert finite_interval(16, 57, population=57) == (16 / 57, 16 / 57)
    assert finite_interval(0, 0, population=57) == (0, 1)
    assert finite_interval(0, 0, population=0) == (0, 1)


@stable
@given(answered(57), st.floats(0.01, 0.99))
def test_the_interval_holds_what_was_seen_and_keeps_within_the_worst_case(
    pair: tuple[int, int], level: float
) -> None:
    low, high = finite_interval(*pair, population=57, level=level)
    least, most = count_bounds(*pair, population=57)
    assert least - 1e-9 <= low * 57 <= high * 57 <= most + 1e-9
    wider = finite_interval(*pair, population=57, level=(1 + level) / 2)
    assert wider[0] <= low
    assert high <= wider[1]


COUNTED: dict[str, Callable[..., Any]] = {
    "count_bounds": lambda c, n, whole: count_bounds(c, n, population=whole),
    "change_bounds": lambda c, n, whole: change_bounds(1, 2, c, n, population=whole),
    "earlier": lambda c, n, whole: change_bounds(c, n, 1, 2, population=whole),
    "tipping_point": lambda c, n, whole: tipping_point(1, 2, c, n, population=whole),
    "proportion_interval": lambda c, n, whole: finite_interval(c, n, population=whole),
}


@pytest.mark.parametrize("method", COUNTED)
@pytest.mark.parametrize(
    ("values", "words"),
    [
        ((-1, 5, 9), "count must not be negative, got -1"),
        ((1, -5, 9), "nobs must not be negative, got -5"),
        ((1.5, 5, 9), "count must be a whole number, got 1.5"),
        ((1, 5, float("inf")), "population must be a whole number, got inf"),
        ((float("nan"), 5, 9), "count is missing"),
        ((1, None, 9), "nobs is missing"),
        ((6, 5, 9), "count must not be above nobs, got 6 of 5"),
        ((1, 10, 9), "nobs must not be above population, got 10 of 9"),
        (([1, 6], 5, 9), "count must not be above nobs, got 6 of 5"),
    ],
)
def test_a_wrong_count_is_named(method: str, values: tuple[Any, ...], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        COUNTED[method](*values)


@pytest.mark.parametrize("level", [0, 1, -0.5, 95, float("nan")])
def test_a_level_outside_0_to_1_is_named(level: float) -> None:
    with pytest.raises(ValueError, match=f"level must lie between 0 and 1, got {level}"):
        finite_interval(1, 2, population=3, level=level)


def test_an_unknown_method_and_a_missing_population_are_named() -> None:
    with pytest.raises(ValueError, match=r"unknown method 'wald'; allowed: .*hypergeometric"):
        proportion_interval(1, 2, method="wald", population=3)
    with pytest.raises(ValueError, match="needs the size of the population"):
        finite_interval(1, 2)


BASES = range(1, 58)


@cache
def printed_by_decimal(decimals: int, rounding: str) -> dict[Decimal, set[tuple[int, int]]]:
    """Every count of every base under the percentages that decimal arithmetic prints for it."""
    modes = {"round": (ROUND_HALF_UP, ROUND_HALF_EVEN), "truncate": (ROUND_DOWN,)}[rounding]
    found: dict[Decimal, set[tuple[int, int]]] = {}
    with localcontext() as context:
        context.prec = 60
        for base in BASES:
            for count in range(base + 1):
                exact = Decimal(100 * count) / Decimal(base)
                for mode in modes:
                    printed = exact.quantize(Decimal(1).scaleb(-decimals), rounding=mode)
                    found.setdefault(printed, set()).add((base, count))
    return found


@pytest.mark.parametrize("rounding", ["round", "truncate"])
@pytest.mark.parametrize(("decimals", "step"), [(0, 3), (1, 35)])
def test_possible_counts_are_those_that_decimal_arithmetic_prints(
    rounding: str, decimals: int, step: int
) -> None:
    expected = printed_by_decimal(decimals, rounding)
    seen = 0
    top = 100 * 10**decimals
    for number in (*range(0, top, step), top):
        percent = Decimal(number).scaleb(-decimals)
        table = possible_counts(
            float(percent), denominators=BASES, decimals=decimals, rounding=rounding
        )
        pairs = list(table.itertuples(index=False, name=None))
        assert pairs == sorted(expected.get(percent, set()))
        seen += len(pairs)
    assert seen > len(BASES)


def test_a_half_may_have_been_rounded_up_or_to_the_even_digit() -> None:
    # 1 of 8 is 12.5 %, 3 of 8 is 37.5 %, 1 of 40 is 2.5 %.
    def counts(percent: float, base: int) -> list[int]:
        return list(possible_counts(percent, denominators=[base])["count"])

    assert counts(12, 8) == counts(13, 8) == [1]
    assert (counts(37, 8), counts(38, 8)) == ([], [3])
    assert counts(2, 40) == counts(3, 40) == [1]


def test_of_49_and_57_forty_percent_fits_only_57_and_eighty_five_neither() -> None:
    # Worked out by hand, by rounding: 85 % fits 46, 47 and 48.
    assert list(possible_counts(40, denominators=[49, 57])["denominator"]) == [57]
    assert possible_counts(85, denominators=[49, 57]).empty
    rounded = possible_counts(85, denominators=range(44, 58))
    assert {46, 47, 48} <= set(rounded["denominator"])
    cut = possible_counts(85, denominators=range(44, 58), rounding="truncate")
    assert cut.loc[cut["denominator"] == 49, "count"].tolist() == [42]


@pytest.mark.parametrize(
    ("given_", "words"),
    [
        ({"percent": 101}, "percent must lie between 0 and 100, got 101"),
        ({"percent": -1}, "percent must lie between 0 and 100, got -1"),
        ({"percent": float("nan")}, "percent must lie between 0 and 100, got nan"),
        ({"percent": 12.5}, "12.5 has more than 0 decimals"),
        ({"rounding": "floor"}, "unknown rounding 'floor'; allowed: round, truncate"),
        ({"decimals": -1}, "decimals must be a whole number from 0, got -1"),
        ({"denominators": [0]}, "a base must be a whole number from 1, got 0"),
        ({"denominators": [49.5]}, "a base must be a whole number from 1, got 49.5"),
    ],
)
def test_a_wrong_percentage_is_named(given_: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        possible_counts(**{"percent": 40, "denominators": [49], **given_})


@stable
@given(st.integers(1, 57), st.integers(0, 100), st.integers(0, 100))
def test_counts_within_a_range_are_those_whose_share_lies_in_it(
    base: int, one: int, other: int
) -> None:
    low, high = sorted((one / 100, other / 100))
    found = counts_within(low, high, denominators=[base])["count"].tolist()
    ends = Fraction(str(low)), Fraction(str(high))
    assert found == [c for c in range(base + 1) if ends[0] <= Fraction(c, base) <= ends[1]]


@pytest.mark.parametrize("ends", [(0.5, 0.4), (-0.1, 0.4), (0.5, 1.1), (float("nan"), 1)])
def test_a_range_of_shares_must_rise_between_0_and_1(ends: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="shares must rise between 0 and 1"):
        counts_within(*ends, denominators=[10])
