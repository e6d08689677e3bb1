"""Tests of how answers spread over categories, held against published and general formulas."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from scipy import stats

from analysis.statistics.composition import bhapkar, bowker, chi_square, stuart_maxwell
from analysis.statistics.inputs import NotEstimable
from analysis.statistics.paired import mcnemar_pvalue

stable = settings(deadline=None, derandomize=True, max_examples=200)

PAIRED = (stuart_maxwell, bhapkar, bowker)

# Unaided distance vision of 7477 women, right eye by left eye: Stuart (1955).
VISION = [[1520, 266, 124, 66], [234, 1512, 432, 78], [117, 362, 1772, 205], [36, 82, 179, 492]]
# Susceptibility of pathogens before and after therapy (Peterson et al. 2007), and diagnoses by two
# raters (Fleiss, Levin and Paik 2003, Table 13.6): chapter 9 of Fagerland, Lydersen and Laake
# (2017), Statistical Analysis of Contingency Tables.
PATHOGENS = [[596, 18, 6, 5], [0, 2, 0, 0], [0, 0, 42, 0], [11, 0, 0, 0]]
DIAGNOSES = [[35, 5, 0], [15, 20, 5], [10, 5, 5]]

tables = st.integers(2, 5).flatmap(
    lambda size: arrays(np.int64, (size, size), elements=st.integers(0, 4) | st.integers(0, 60))
)


@pytest.mark.parametrize(
    ("test", "table", "statistic", "df", "pvalue"),
    [
        # Agresti (2013), Categorical Data Analysis, chapter 11; Stuart (1955) for the first.
        (stuart_maxwell, VISION, 11.957, 3, 0.008),
        (bhapkar, VISION, 11.976, 3, 0.007),
        (bowker, VISION, 19.107, 6, 0.004),
        # Fagerland, Lydersen and Laake (2017), chapter 9.
        (stuart_maxwell, PATHOGENS, 26.250, 3, 0.000008),
        (bhapkar, PATHOGENS, 27.304, 3, 0.000005),
        (bowker, PATHOGENS, 26.250, 6, 0.000200),
        # Fleiss, Levin and Paik (2003), page 382.
        (stuart_maxwell, DIAGNOSES, 14.000, 2, 0.000912),
    ],
)
def test_the_published_examples_are_met(
    test: Any, table: list[list[int]], statistic: float, df: int, pvalue: float
) -> None:
    found = test(table)
    assert found.statistic == pytest.approx(statistic, abs=0.0005)
    assert found.df == df
    assert found.pvalue == pytest.approx(pvalue, abs=0.0005 if pvalue > 0.001 else 5e-7)


def general_inverse(counts: NDArray[np.int64], *, under_hypothesis: bool) -> tuple[float, int]:
    """Wald's statistic of all margins at once, with the generalised inverse of their covariance.

    From the respondents themselves: each moves one unit out of a category and one into another.
    """
    size = len(counts)
    steps = np.eye(size)[np.newaxis] - np.eye(size)[:, np.newaxis]
    moves = np.repeat(steps.reshape(-1, size), counts.ravel(), axis=0)
    total = moves.sum(axis=0)
    covariance = moves.T @ moves
    if len(moves) and not under_hypothesis:
        covariance -= np.outer(total, total) / len(moves)
    rank = int(np.linalg.matrix_rank(moves.T @ moves))
    return float(total @ np.linalg.pinv(covariance, rcond=1e-10) @ total), rank


@stable
@given(tables)
def test_stuart_maxwell_is_the_score_statistic_of_the_moves(counts: NDArray[np.int64]) -> None:
    found = stuart_maxwell(counts)
    statistic, rank = general_inverse(counts, under_hypothesis=True)
    assert found.statistic == pytest.approx(statistic, abs=1e-8)
    assert found.df == rank
    assert found.pvalue == (pytest.approx(stats.chi2.sf(statistic, rank)) if rank else 1.0)


@stable
@given(tables)
def test_bhapkar_is_the_wald_statistic_of_the_moves(counts: NDArray[np.int64]) -> None:
    score = stuart_maxwell(counts)
    if score.df and score.statistic > counts.sum() * (1 - 1e-9):
        with pytest.raises(NotEstimable, match="moved by the same step"):
            bhapkar(counts)
        return
    found = bhapkar(counts)
    statistic, rank = general_inverse(counts, under_hypothesis=False)
    assert found.statistic == pytest.approx(statistic, rel=1e-6, abs=1e-8)
    assert found.df == score.df == rank
    assert found.pvalue <= score.pvalue


@stable
@given(tables)
def test_bowker_sums_mcnemar_over_the_pairs(counts: NDArray[np.int64]) -> None:
    statistic = 0.0
    for i in range(len(counts)):
        for j in range(i):
            forth, back = int(counts[i, j]), int(counts[j, i])
            statistic += (forth - back) ** 2 / (forth + back) if forth + back else 0
    found = bowker(counts)
    assert found.statistic == pytest.approx(statistic)
    assert found.df == len(counts) * (len(counts) - 1) // 2
    assert found.pvalue == pytest.approx(stats.chi2.sf(statistic, found.df))


@stable
@given(st.integers(0, 30), st.integers(0, 9), st.integers(0, 9), st.integers(0, 30))
def test_with_two_categories_both_are_mcnemars_test(a: int, b: int, c: int, d: int) -> None:
    expected = mcnemar_pvalue(b, c, method="asymptotic")
    for test in (stuart_maxwell, bowker):
        assert test([[a, b], [c, d]]).pvalue == pytest.approx(expected)


@pytest.mark.parametrize("test", PAIRED)
@pytest.mark.parametrize("table", [VISION, PATHOGENS, DIAGNOSES])
def test_neither_the_order_of_categories_nor_the_direction_of_time_matters(
    test: Any, table: list[list[int]]
) -> None:
    counts, found = np.array(table), test(table)
    for order in permutations(range(len(counts))):
        assert test(counts[np.ix_(order, order)]) == pytest.approx(found)
    assert test(counts.T) == pytest.approx(found)


@pytest.mark.parametrize("test", [stuart_maxwell, bhapkar])
@pytest.mark.parametrize("position", range(4))
@pytest.mark.parametrize("stayers", [0, 7])
def test_a_category_that_nobody_entered_or_left_counts_for_nothing(
    test: Any, position: int, stayers: int
) -> None:
    padded = np.insert(np.insert(np.array(DIAGNOSES), position, 0, axis=0), position, 0, axis=1)
    padded[position, position] = stayers
    without = np.array(DIAGNOSES)
    without[0, 0] += stayers
    assert test(padded) == pytest.approx(test(without))


def test_groups_of_categories_without_moves_between_them_are_tested_together() -> None:
    # Two separate pairs: McNemar's statistics add up, each with its degree of freedom.
    counts = np.array([[5, 9, 0, 0], [1, 5, 0, 0], [0, 0, 5, 2], [0, 0, 6, 5]])
    found = stuart_maxwell(counts)
    assert (found.statistic, found.df) == (pytest.approx(64 / 10 + 16 / 8), 2)


@pytest.mark.parametrize("test", PAIRED)
@pytest.mark.parametrize("table", [[[4, 0], [0, 9]], [[0] * 3] * 3, np.diag([3, 0, 2, 1])])
def test_where_nobody_moved_the_statistic_is_0_and_p_is_1(test: Any, table: Any) -> None:
    found = test(table)
    assert (found.statistic, found.pvalue) == (0, 1)


def test_results_are_plain_numbers() -> None:
    for test in PAIRED:
        assert [type(part) for part in test(DIAGNOSES)] == [float, int, float]
    found = chi_square([3, 4, 0], [6, 1, 0])
    assert [type(part) for part in found] == [float, int, float, tuple, float]
    assert type(found.dropped[0]) is int


@pytest.mark.parametrize("test", PAIRED)
@pytest.mark.parametrize(
    ("table", "said"),
    [
        ([[1, 2, 3], [4, 5, 6]], r"square with two categories or more.*got shape \(2, 3\)"),
        ([[5]], r"got shape \(1, 1\)"),
        ([1, 2], r"got shape \(2,\)"),
        (np.zeros((2, 2, 2)), r"got shape \(2, 2, 2\)"),
        ([[1, -2], [3, 4]], "table must not be negative"),
        ([[1, 2.5], [3, 4]], "table must be a whole number"),
        ([[1, np.nan], [3, 4]], "table is missing"),
        ([[1, None], [3, 4]], "table is missing"),
        ([[1, "2"], [3, 4]], "table must be a whole number"),
        ([[1, 2], [3]], "table must hold whole numbers"),
    ],
)
def test_what_is_no_square_table_of_counts_is_refused(test: Any, table: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        test(table)


@pytest.mark.parametrize("test", PAIRED)
def test_a_frame_is_taken_by_position_once_its_labels_agree(test: Any) -> None:
    labels = ["often", "rarely", "never"]
    frame = pd.DataFrame(DIAGNOSES, index=labels, columns=labels)
    before = frame.copy()
    assert test(frame) == test(DIAGNOSES)
    pd.testing.assert_frame_equal(frame, before)
    with pytest.raises(ValueError, match=r"same labels in the same order.*'rarely', 'often'"):
        test(frame[["rarely", "often", "never"]])


def test_the_chi_square_of_a_published_example_is_met() -> None:
    # Party by sex: Agresti (2002), Categorical Data Analysis, Table 3.11: 7.01 with 2, P = 0.03.
    found = chi_square([279, 73, 225], [165, 47, 191])
    assert found.statistic == pytest.approx(7.01, abs=0.005)
    assert (found.df, found.dropped) == (2, ())
    assert found.pvalue == pytest.approx(0.03, abs=0.0005)
    assert found.smallest_expected == pytest.approx(120 * 403 / 980)


@stable
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 40)), min_size=1, max_size=6))
def test_chi_square_is_the_sum_over_the_used_categories(pairs: list[tuple[int, int]]) -> None:
    first, second = np.array(pairs).T
    if 0 in (first.sum(), second.sum()):
        with pytest.raises(NotEstimable, match="group has 0 answers"):
            chi_square(first, second)
        return
    n1, n2 = int(first.sum()), int(second.sum())
    used = [(a, b) for a, b in pairs if a + b]
    # Snedecor's form of the sum: squared differences of shares, each over its pooled count.
    statistic = sum((a / n1 - b / n2) ** 2 / (a + b) for a, b in used) * n1 * n2
    found = chi_square(first, second)
    assert found.statistic == pytest.approx(statistic, abs=1e-9)
    assert found.df == len(used) - 1
    assert found.dropped == tuple(i for i, pair in enumerate(pairs) if not sum(pair))
    least = min(sum(pair) for pair in used) * min(n1, n2) / (n1 + n2)
    assert found.smallest_expected == pytest.approx(least)
    assert found.pvalue == (pytest.approx(stats.chi2.sf(statistic, found.df)) if found.df else 1)


@pytest.mark.parametrize(
    ("counts1", "counts2", "said"),
    [
        ([1, 2], [1, 2, 3], r"same categories, got shapes \(2,\) and \(3,\)"),
        ([], [], r"same categories, got shapes \(0,\) and \(0,\)"),
        (3, 4, r"same categories, got shapes \(\) and \(\)"),
        ([1, -2], [1, 2], "counts1 must not be negative"),
        ([1, 2], [1, 0.5], "counts2 must be a whole number"),
        ([1, 2], [1, None], "counts2 is missing"),
    ],
)
def test_two_rows_that_do_not_fit_are_refused(counts1: Any, counts2: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        chi_square(counts1, counts2)


def test_labelled_rows_must_agree() -> None:
    first, second = pd.Series({"a": 1, "b": 5}), pd.Series({"a": 4, "b": 2})
    assert chi_square(first, second) == chi_square([1, 5], [4, 2])
    with pytest.raises(ValueError, match="counts1 and counts2 must carry the same labels"):
        chi_square(first, second[["b", "a"]])
