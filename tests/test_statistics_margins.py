"""What margins tell about change, held against every table that they allow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cache
from itertools import product
from math import comb
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.statistics import (
    change_bounds,
    fewest_moved,
    margin_ranges,
    mcnemar_bounds,
    mcnemar_pvalue,
    overlap_bounds,
    overlap_pvalue,
    overlap_range,
    paired_difference_interval,
    paired_interval_bounds,
)

stable = settings(deadline=None, derandomize=True, max_examples=25)
Margins = tuple[int, int, int, int]
Cells = tuple[int, int, int, int, int, int, int, int]
METHODS = ("tango", "newcombe")
SINGLES = ("only1_yes", "only1_no", "only2_yes", "only2_no")

# Yes-counts of the two cycles of which the source prints both: OSCE (2022), In Brief, I.a.
LAWS = (10, 52, 16, 49)
FEES = (16, 52, 29, 49)


def tables(margins: Margins, overlap: int) -> Iterator[Cells]:
    """Every table of those that answered both times, with those that answered once."""
    count1, nobs1, count2, nobs2 = margins
    for both, lost, gained in product(range(overlap + 1), repeat=3):
        cells = (
            both,
            lost,
            gained,
            overlap - both - lost - gained,
            count1 - both - lost,
            nobs1 - overlap - count1 + both + lost,
            count2 - both - gained,
            nobs2 - overlap - count2 + both + gained,
        )
        if min(cells) >= 0:
            yield cells


def overlaps(margins: Margins, population: int) -> list[int]:
    """Every overlap of the two cycles, by where the answers of the later one can lie."""
    _, nobs1, _, nobs2 = margins
    return [m for m in range(nobs1 + 1) if 0 <= nobs2 - m <= population - nobs1]


def all_margins(population: int) -> list[Margins]:
    answers = [(c, n) for n in range(population + 1) for c in range(n + 1)]
    return [(*first, *second) for first, second in product(answers, repeat=2)]


@cache
def mcnemar(gained: int, lost: int) -> tuple[Fraction, Fraction]:
    """The exact and the mid-p value in rational arithmetic."""
    moved, fewer = gained + lost, min(gained, lost)
    if moved == 0:
        return Fraction(1), Fraction(1)
    ways = [comb(moved, k) for k in range(fewer + 1)]
    exact = min(Fraction(2 * sum(ways), 2**moved), Fraction(1))
    point = Fraction(ways[-1], 2**moved)
    return exact, exact - point if gained != lost else 1 - point / 2


@cache
def interval(table: tuple[int, int, int, int], method: str) -> tuple[float, float]:
    low, high = paired_difference_interval(*table, method=method)
    return low, high


@cache
def pvalues(population: int) -> dict[Cells, float]:
    """The overlap p-value of every table of a population, in one call."""
    cells = sorted({c for m in all_margins(population) for c in feasible(m, population)})
    first, singles = np.array(cells).T[:4], np.array(cells).T[4:]
    found = overlap_pvalue(*first, **dict(zip(SINGLES, singles, strict=True)))
    return dict(zip(cells, found.tolist(), strict=True))


def feasible(margins: Margins, population: int, overlap: int | None = None) -> list[Cells]:
    known = overlaps(margins, population) if overlap is None else [overlap]
    return [cells for m in known for cells in tables(margins, m)]


def ends(values: Iterable[Any]) -> tuple[float, float]:
    listed = list(values)
    return float(min(listed)), float(max(listed))


def brute_force(cells: list[Cells], population: int) -> list[float]:
    """The fewest moved and the range of everything else over the tables, one by one."""
    found: list[float] = [min(c[1] + c[2] for c in cells)]
    for which in (0, 1):
        found += ends(mcnemar(c[2], c[1])[which] for c in cells)
    found += ends(pvalues(population)[c] for c in cells)
    for method, end in product(METHODS, (0, 1)):
        found += ends(interval(c[:4], method)[end] for c in cells)
    return found


def fast(margins: Any, population: int, overlap: Any = None) -> list[Any]:
    known = {"population": population, "overlap": overlap}
    return [
        fewest_moved(*margins, **known),
        *mcnemar_bounds(*margins, **known),
        *overlap_bounds(*margins, **known),
        *(end for m in METHODS for end in paired_interval_bounds(*margins, method=m, **known)),
    ]


def assert_same(found: list[float], expected: list[float], case: Any) -> None:
    # The number that moved and the p-values to the last digits, the shares to 12 places.
    assert found[:7] == pytest.approx(expected[:7], rel=1e-11, abs=0), case
    assert found[7:] == pytest.approx(expected[7:], abs=1e-12), case


@pytest.mark.parametrize("population", range(8))
def test_with_the_overlap_unknown_all_ranges_are_those_of_every_table(population: int) -> None:
    cases = all_margins(population)
    found = np.array(fast(np.array(cases).T, population)).T
    for margins, values in zip(cases, found, strict=True):
        expected = brute_force(feasible(margins, population), population)
        assert_same(values.tolist(), expected, margins)


@pytest.mark.parametrize("population", range(8))
def test_with_the_overlap_known_all_ranges_are_those_of_its_tables(population: int) -> None:
    cases = [(m, overlap) for m in all_margins(population) for overlap in overlaps(m, population)]
    margins = np.array([m for m, _ in cases]).T
    found = np.array(fast(margins, population, [overlap for _, overlap in cases])).T
    for (one, overlap), values in zip(cases, found, strict=True):
        expected = brute_force(feasible(one, population, overlap), population)
        assert_same(values.tolist(), expected, (one, overlap))


def as_arrays(margins: Margins, overlap: int) -> Any:
    """The same as `tables`, for an overlap of which there are too many to list one by one."""
    count1, nobs1, count2, nobs2 = margins
    both, lost, gained = np.indices((overlap + 1,) * 3).reshape(3, -1)
    yes1, yes2 = both + lost, both + gained
    cells = np.stack(
        [
            both,
            lost,
            gained,
            overlap - both - lost - gained,
            count1 - yes1,
            nobs1 - overlap - count1 + yes1,
            count2 - yes2,
            nobs2 - overlap - count2 + yes2,
        ]
    )
    return cells[:, (cells >= 0).all(axis=0)]


def brute_force_by_array(margins: Margins, population: int, overlap: int | None) -> list[float]:
    known = overlaps(margins, population) if overlap is None else [overlap]
    cells = np.concatenate([as_arrays(margins, m) for m in known], axis=1)
    both, lost, gained, neither = cells[:4]
    found = [float((lost + gained).min())]
    for method in ("exact", "mid_p"):
        found += ends(mcnemar_pvalue(gained, lost, method=method))
    singles = dict(zip(SINGLES, cells[4:], strict=True))
    found += ends(overlap_pvalue(both, lost, gained, neither, **singles))
    for method in METHODS:
        for end in paired_difference_interval(both, lost, gained, neither, method=method):
            found += ends(end)
    return found


@st.composite
def margins_of_57(draw: st.DrawFn) -> Margins:
    nobs1, nobs2 = draw(st.integers(0, 57)), draw(st.integers(47, 57))
    count1, count2 = draw(st.integers(0, nobs1)), draw(st.integers(0, nobs2))
    is_swapped = draw(st.booleans())
    return (count2, nobs2, count1, nobs1) if is_swapped else (count1, nobs1, count2, nobs2)


@stable
@given(margins_of_57(), st.data())
def test_the_same_holds_among_57(margins: Margins, data: st.DataObject) -> None:
    overlap = data.draw(st.none() | st.sampled_from(overlaps(margins, 57)))
    expected = brute_force_by_array(margins, 57, overlap)
    assert_same(fast(margins, 57, overlap), expected, (margins, overlap))


@pytest.mark.parametrize("overlap", [None, 44, 47, 49])
@pytest.mark.parametrize("margins", [LAWS, FEES])
def test_the_published_pairs_have_the_ranges_of_all_their_tables(
    margins: Margins, overlap: int | None
) -> None:
    expected = brute_force_by_array(margins, 57, overlap)
    assert_same(fast(margins, 57, overlap), expected, margins)


def test_the_published_pairs_give_what_a_hand_works_out() -> None:
    # Fees: of 44 that answered twice all 29 later yes can be among them, and 8 of the 16 earlier
    # yes must: 21 gains. Or all 16 earlier and no more than 24 later yes, different respondents:
    # 24 gains and 16 losses.
    fees = mcnemar_bounds(*FEES, population=57)
    assert fees.exact_min == 2 * 0.5**21
    assert fees.mid_p_min == 0.5**21
    tail = sum(comb(40, k) for k in range(17)) / 2**40
    assert fees.exact_max == pytest.approx(2 * tail, rel=1e-12)
    assert fees.mid_p_max == pytest.approx(2 * tail - comb(40, 16) / 2**40, rel=1e-12)
    # Laws: from 1 to 14 more; with 1 more the exact p-value is 1 however many moved.
    laws = mcnemar_bounds(*LAWS, population=57)
    assert (laws.exact_min, laws.exact_max) == (2 * 0.5**14, 1)
    assert laws.mid_p_min == 0.5**14


@pytest.mark.parametrize(("margins", "least"), [(LAWS, 1), (FEES, 8)])
def test_fewest_moved_is_the_least_certain_change_of_the_published_pairs(
    margins: Margins, least: int
) -> None:
    # What is certain of the whole population must have happened among those seen twice.
    assert fewest_moved(*margins, population=57) == least
    assert change_bounds(*margins, population=57)[0] == least


def test_the_mid_p_value_at_no_net_change_is_an_exception() -> None:
    # Everybody answered twice and one said yes each time: nobody moved, or one each way.
    full = mcnemar_bounds(1, 2, 1, 2, population=2)
    assert full == (1, 1, 0.75, 1)
    # With 2 of 4 it falls to .75 with one each way and rises from there.
    assert mcnemar_bounds(2, 4, 2, 4, population=4) == (1, 1, 0.75, 1)
    # Nobody can have moved.
    assert mcnemar_bounds(0, 4, 0, 4, population=4) == (1, 1, 1, 1)


@pytest.mark.parametrize(
    ("nobs1", "nobs2", "population", "expected"),
    [
        (52, 49, 57, (44, 49)),
        (57, 57, 57, (57, 57)),
        (20, 30, 57, (0, 20)),
        (30, 27, 57, (0, 27)),
        (0, 57, 57, (0, 0)),
        (0, 0, 0, (0, 0)),
    ],
)
def test_the_range_of_the_overlap(
    nobs1: int, nobs2: int, population: int, expected: tuple[int, int]
) -> None:
    found = overlap_range(nobs1, nobs2, population=population)
    assert found == expected
    assert [type(end) for end in found] == [int, int]
    assert ends(overlaps((0, nobs1, 0, nobs2), population)) == expected


def test_nobody_seen_twice_says_nothing() -> None:
    for margins, population in (((0, 0, 0, 0), 0), ((0, 0, 0, 0), 9), ((2, 4, 0, 0), 9)):
        assert fewest_moved(*margins, population=population) == 0
        assert mcnemar_bounds(*margins, population=population) == (1, 1, 1, 1)
        assert overlap_bounds(*margins, population=population) == (1, 1)
        assert paired_interval_bounds(*margins, population=population) == (-1, -1, 1, 1)
    assert mcnemar_bounds(0, 4, 4, 4, population=9, overlap=0) == (1, 1, 1, 1)
    low, high = overlap_bounds(0, 4, 4, 4, population=9, overlap=0)
    assert low == high < 0.01


def test_everybody_seen_twice_leaves_only_who_moved_open() -> None:
    # The change is known, so only the two ends of those that moved against it differ.
    bounds = paired_interval_bounds(3, 9, 5, 9, population=9)
    narrow = paired_difference_interval(3, 0, 2, 4)
    wide = paired_difference_interval(0, 3, 5, 1)
    assert bounds == pytest.approx((wide[0], narrow[0], narrow[1], wide[1]), abs=1e-15)
    assert fewest_moved(3, 9, 5, 9, population=9) == 2
    with_it = paired_interval_bounds(3, 9, 5, 9, population=9, overlap=9)
    assert with_it == bounds


@stable
@given(margins_of_57())
def test_an_unknown_overlap_is_the_union_of_the_known_ones(margins: Margins) -> None:
    known = overlaps(margins, 57)
    mcnemars = np.array(mcnemar_bounds(*margins, population=57, overlap=known))
    once = mcnemar_bounds(*margins, population=57)
    assert once == pytest.approx(
        [end(row) for end, row in zip((min, max, min, max), mcnemars, strict=True)], rel=1e-12
    )
    low, high = overlap_bounds(*margins, population=57, overlap=known)
    assert overlap_bounds(*margins, population=57) == (low.min(), high.max())


@stable
@given(margins_of_57())
def test_the_cycles_swapped_and_the_answers_renamed_give_the_mirror_image(
    margins: Margins,
) -> None:
    count1, nobs1, count2, nobs2 = margins
    swapped = (count2, nobs2, count1, nobs1)
    renamed = (nobs1 - count1, nobs1, nobs2 - count2, nobs2)
    intervals = paired_interval_bounds(*margins, population=57)
    mirror = (-intervals[3], -intervals[2], -intervals[1], -intervals[0])
    for other in (swapped, renamed):
        assert fewest_moved(*other, population=57) == fewest_moved(*margins, population=57)
        mcnemars = mcnemar_bounds(*other, population=57)
        assert mcnemars == mcnemar_bounds(*margins, population=57)
        assert overlap_bounds(*other, population=57) == pytest.approx(
            overlap_bounds(*margins, population=57), rel=1e-9
        )
        found = paired_interval_bounds(*other, population=57)
        assert found == pytest.approx(mirror, abs=1e-12)


def test_the_tables_may_come_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = ([10, 3, 0, 4], [12, 8, 0, 9], [2, 5, 3, 4], [11, 9, 4, 9])
    expected = [paired_interval_bounds(*counts, population=14, method=m) for m in METHODS]
    for rows in (1, 7, 100):
        monkeypatch.setattr(margin_ranges, "ROWS", rows)
        found = [paired_interval_bounds(*counts, population=14, method=m) for m in METHODS]
        assert all((f == e).all() for f, e in zip(np.array(found), np.array(expected), strict=True))


def test_no_part_holds_the_tables_of_an_earlier_one(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []

    def recorded(*cells: Any, **options: Any) -> tuple[Any, Any]:
        sizes.append(np.size(cells[0]))
        return paired_difference_interval(*cells, **options)

    monkeypatch.setattr(margin_ranges, "ROWS", 1)
    monkeypatch.setattr(margin_ranges, "paired_difference_interval", recorded)
    paired_interval_bounds(6, 12, 5, 11, population=20, method="newcombe")
    # Of one overlap m at most the yes of either cycle, from 0 to m, are open.
    assert len(sizes) > 9
    assert max(sizes) <= 7 * 6


def test_the_level_is_that_of_the_interval() -> None:
    found = paired_interval_bounds(3, 9, 5, 9, population=9, level=0.8)
    assert found.low_max == paired_difference_interval(3, 0, 2, 4, level=0.8)[0]


FUNCTIONS = {
    "fewest_moved": fewest_moved,
    "mcnemar_bounds": mcnemar_bounds,
    "overlap_bounds": overlap_bounds,
    "paired_interval_bounds": paired_interval_bounds,
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_arrays_broadcast_and_scalars_stay_scalars(name: str) -> None:
    def values(found: Any) -> list[Any]:
        return list(found) if isinstance(found, tuple) else [found]

    function = FUNCTIONS[name]
    table = values(function([[10], [16]], 52, [16, 29, 30], 49, population=57))
    assert [part.shape for part in table] == [(2, 3)] * len(table)
    one = values(function(16, 52, 29, 49, population=57))
    assert [part[1, 1] for part in table] == pytest.approx(one, rel=1e-12)
    assert {type(part) for part in one} == {int if name == "fewest_moved" else float}
    known = values(function(10, 52, 16, 49, population=57, overlap=[44, 49]))
    assert [part.shape for part in known] == [(2,)] * len(known)
    empty = values(function([], 52, [], 49, population=57))
    assert [part.shape for part in empty] == [(0,)] * len(empty)
    counts = [np.array([10, 16]), np.array([52, 52]), np.array([16, 29]), np.array([49, 49])]
    before = [array.copy() for array in counts]
    function(*counts, population=57)
    assert all((a == b).all() for a, b in zip(counts, before, strict=True))


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"count1": 53}, "count1 must not be above nobs1, got 53 of 52"),
        ({"count2": [16, 50]}, "count2 must not be above nobs2, got 50 of 49"),
        ({"nobs1": 58}, "nobs1 must not be above population, got 58 of 57"),
        ({"nobs2": 60}, "nobs2 must not be above population, got 60 of 57"),
        ({"population": 51}, "nobs1 must not be above population, got 52 of 51"),
        ({"count1": -1}, "count1 must not be negative, got -1"),
        ({"nobs2": 48.5}, r"nobs2 must be a whole number, got 48\.5"),
        ({"count2": None}, "count2 is missing"),
        ({"count2": pd.NA}, "count2 is missing"),
        ({"population": float("nan")}, "population is missing"),
        ({"population": "57"}, "population must be a whole number, got '57'"),
        ({"overlap": 43}, "overlap must lie between 44 and 49 .* among 57, got 43"),
        ({"overlap": 50}, "overlap must lie between 44 and 49 .* among 57, got 50"),
        ({"overlap": [44, 50]}, "overlap must lie between 44 and 49 .* among 57, got 50"),
        ({"overlap": 44.5}, r"overlap must be a whole number, got 44\.5"),
        ({"overlap": float("nan")}, "overlap is missing"),
    ],
)
def test_wrong_input_is_named(name: str, change: dict[str, Any], words: str) -> None:
    right: dict[str, Any] = {"count1": 10, "nobs1": 52, "count2": 16, "nobs2": 49, "population": 57}
    with pytest.raises(ValueError, match=words):
        FUNCTIONS[name](**{**right, **change})


@pytest.mark.parametrize("counts", [LAWS, ([], 52, [], 49)])
def test_a_wrong_method_or_level_is_named_even_without_a_table(counts: Any) -> None:
    with pytest.raises(ValueError, match="unknown method 'wald'; allowed: tango, newcombe"):
        paired_interval_bounds(*counts, population=57, method="wald")
    with pytest.raises(ValueError, match="level must lie between 0 and 1, got 95"):
        paired_interval_bounds(*counts, population=57, level=95)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ((58, 1, 57), "nobs1 must not be above population, got 58 of 57"),
        ((1, 58, 57), "nobs2 must not be above population, got 58 of 57"),
        ((1, 1, None), "population is missing"),
    ],
)
def test_wrong_input_to_the_range_of_the_overlap_is_named(
    values: tuple[Any, Any, Any], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        overlap_range(values[0], values[1], population=values[2])
