"""The z test for partially overlapping samples, held against raw answers and a worked example."""

from __future__ import annotations

from itertools import product
from math import erfc, sqrt
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportions_ztest

from analysis.statistics import overlap_pvalue

stable = settings(deadline=None, derandomize=True, max_examples=150)
Cells = tuple[int, int, int, int, int, int, int, int]
NAMES = ("both", "lost", "gained", "neither", "only1_yes", "only1_no", "only2_yes", "only2_no")
# Derrick, Dobson-Mckittrick, Toher and White 2015 (JAQM 10(3)): 15 pairs, 9 and 6 singles.
DERRICK = (8, 1, 3, 3, 5, 4, 6, 0)
CELLS = st.tuples(*[st.integers(0, 9)] * 8)


def pvalue(cells: Cells) -> Any:
    return overlap_pvalue(**dict(zip(NAMES, cells, strict=True)))


def from_answers(cells: Cells) -> float:
    """The p-value by the definition of z8, from one 0 or 1 for every answer."""
    both, lost, gained, neither, only1_yes, only1_no, only2_yes, only2_no = cells
    first = [1] * (both + lost) + [0] * (gained + neither)
    second = [1] * both + [0] * lost + [1] * gained + [0] * neither
    all1 = first + [1] * only1_yes + [0] * only1_no
    all2 = second + [1] * only2_yes + [0] * only2_no
    if not all1 or not all2:
        return 1.0
    pooled = float(np.mean(all1 + all2))
    varies = len(set(first)) == len(set(second)) == 2
    phi = float(np.corrcoef(first, second)[0, 1]) if varies else 0.0
    unit = pooled * (1 - pooled)
    n1, n2 = len(all1), len(all2)
    variance = unit / n1 + unit / n2 - 2 * phi * unit * len(first) / (n1 * n2)
    difference = float(np.mean(all2) - np.mean(all1))
    if abs(difference) < 1e-12:
        return 1.0
    return erfc(abs(difference) / sqrt(variance) / sqrt(2))


def test_the_published_example_is_met() -> None:
    # Also the example of their R package Partiallyoverlapping: p = .053.
    assert round(pvalue(DERRICK), 3) == 0.053
    assert pvalue(DERRICK) == pytest.approx(from_answers(DERRICK), rel=1e-12)


def test_every_small_table_is_that_of_its_answers() -> None:
    tables = list(product(range(3), repeat=8))
    found = pvalue(tuple(np.array(tables).T))
    for cells, p in list(zip(tables, found, strict=True))[::7]:
        assert p == pytest.approx(from_answers(cells), rel=1e-9), cells


@stable
@given(CELLS)
def test_a_table_is_that_of_its_answers(cells: Cells) -> None:
    assert pvalue(cells) == pytest.approx(from_answers(cells), rel=1e-9)
    assert 0 <= pvalue(cells) <= 1


@stable
@given(CELLS)
def test_neither_the_order_of_the_cycles_nor_the_name_of_an_answer_matters(cells: Cells) -> None:
    both, lost, gained, neither, yes1, no1, yes2, no2 = cells
    p = pvalue(cells)
    assert pvalue((both, gained, lost, neither, yes2, no2, yes1, no1)) == pytest.approx(p)
    assert pvalue((neither, gained, lost, both, no1, yes1, no2, yes2)) == pytest.approx(p)


@pytest.mark.parametrize("singles", [(5, 4, 6, 1), (10, 42, 16, 33), (0, 3, 2, 0), (3, 0, 1, 2)])
def test_without_pairs_it_is_the_z_test_of_independent_samples(
    singles: tuple[int, int, int, int],
) -> None:
    yes1, no1, yes2, no2 = singles
    _, expected = proportions_ztest([yes1, yes2], [yes1 + no1, yes2 + no2])
    assert pvalue((0, 0, 0, 0, *singles)) == pytest.approx(expected, rel=1e-9)


def test_without_singles_it_is_the_z_test_of_pairs() -> None:
    # By hand: equal shares of yes in the pool, phi = (6 * 6 - 2 * 6) / sqrt(8 * 12 * 12 * 8) = 1/4.
    assert pvalue((6, 2, 6, 6, 0, 0, 0, 0)) == pytest.approx(
        erfc((4 / 20) / sqrt(0.25 * 2 / 20 * (1 - 1 / 4)) / sqrt(2)), rel=1e-12
    )


@pytest.mark.parametrize(
    "cells",
    [
        (0, 0, 0, 0, 0, 0, 0, 0),
        (0, 0, 0, 0, 4, 3, 0, 0),  # nobody in the later cycle
        (0, 0, 0, 0, 0, 0, 4, 3),
        (5, 0, 0, 0, 2, 0, 3, 0),  # all said yes
        (0, 0, 0, 5, 0, 2, 0, 3),  # all said no
        (5, 0, 0, 0, 0, 0, 0, 0),
        (4, 0, 0, 7, 0, 0, 0, 0),  # nobody moved
        (2, 3, 3, 1, 0, 0, 0, 0),  # as many gained as lost
        (0, 0, 0, 0, 1, 2, 2, 4),  # one third each
        (1, 0, 0, 1, 1, 1, 3, 3),
    ],
)
def test_nothing_to_compare_and_equal_shares_give_exactly_1(cells: Cells) -> None:
    assert pvalue(cells) == 1
    assert type(pvalue(cells)) is float


@pytest.mark.parametrize(
    "cells",
    [(5, 0, 0, 0, 0, 3, 0, 0), (5, 0, 2, 0, 1, 3, 4, 0), (0, 4, 0, 3, 1, 1, 2, 2)],
)
def test_pairs_that_all_say_the_same_in_a_cycle_count_as_uncorrelated(cells: Cells) -> None:
    both, lost, gained, neither, yes1, no1, yes2, no2 = cells
    apart = (0, 0, 0, 0, both + lost + yes1, gained + neither + no1)
    expected = pvalue((*apart, both + gained + yes2, lost + neither + no2))
    assert pvalue(cells) == pytest.approx(expected, rel=1e-12)
    assert pvalue(cells) < 1


def test_agreement_among_the_pairs_sharpens_the_test_and_disagreement_blunts_it() -> None:
    # The margins are the same in all three.
    agree = pvalue((5, 0, 2, 5, 2, 6, 7, 2))
    none = pvalue((3, 2, 4, 3, 2, 6, 7, 2))
    disagree = pvalue((0, 5, 7, 0, 2, 6, 7, 2))
    assert agree < none < disagree


def test_arrays_broadcast_and_stay_as_they_are() -> None:
    gained = np.array([[3], [4]])
    before = gained.copy()
    singles = {"only1_yes": 5, "only1_no": 4, "only2_yes": [6, 5, 4], "only2_no": 0}
    found = overlap_pvalue(8, 1, gained, 3, **singles)
    assert found.shape == (2, 3)
    assert found[0, 0] == pvalue(DERRICK)
    assert (gained == before).all()
    nothing = overlap_pvalue([], 1, 1, 1, only1_yes=1, only1_no=1, only2_yes=1, only2_no=1)
    assert nothing.shape == (0,)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("value", "words"),
    [
        (-1, "must not be negative, got -1"),
        (0.5, r"must be a whole number, got 0\.5"),
        (None, "is missing"),
        (float("nan"), "is missing"),
        (pd.NA, "is missing"),
        ("two", "must be a whole number, got 'two'"),
    ],
)
def test_a_wrong_count_is_named(name: str, value: Any, words: str) -> None:
    right: dict[str, Any] = dict(zip(NAMES, DERRICK, strict=True))
    with pytest.raises(ValueError, match=f"{name} {words}"):
        overlap_pvalue(**{**right, name: value})
