"""Two independent samples, held against published tables, brute force and other software."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import comb
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep

from analysis.statistics.independent import (
    INTERVALS,
    TESTS,
    difference_interval,
    independent_pvalue,
)

stable = settings(deadline=None, derandomize=True, max_examples=150)

Table = tuple[int, int, int, int]


def every_table(nobs1: int, nobs2: int) -> np.ndarray:
    """Every table of two samples of these sizes, one column a table."""
    pairs = product(range(nobs1 + 1), range(nobs2 + 1))
    return np.array([(x1, nobs1, x2, nobs2) for x1, x2 in pairs]).T


@st.composite
def tables(draw: st.DrawFn, most: int = 80) -> Table:
    nobs1, nobs2 = draw(st.integers(1, most)), draw(st.integers(1, most))
    return draw(st.integers(0, nobs1)), nobs1, draw(st.integers(0, nobs2)), nobs2


def other_way_round(table: Table) -> Table:
    return (*table[2:], *table[:2])


def yes_for_no(table: Table) -> Table:
    x1, n1, x2, n2 = table
    return n1 - x1, n1, n2 - x2, n2


@pytest.mark.parametrize(
    ("method", "table", "low", "high"),
    [
        # Newcombe 1998 (Stat Med 17:873), Table II, methods 10 and 6. He takes the first less the
        # second sample, so his second comes first here.
        ("newcombe", (48, 80, 56, 70), 0.0524, 0.3339),
        ("newcombe", (3, 10, 9, 10), 0.1705, 0.8090),
        ("newcombe", (2, 7, 6, 7), 0.0582, 0.8062),
        ("newcombe", (0, 29, 5, 56), -0.0381, 0.1926),
        ("newcombe", (0, 20, 0, 10), -0.1611, 0.2775),
        ("newcombe", (0, 10, 0, 10), -0.2775, 0.2775),
        ("newcombe", (0, 20, 10, 10), 0.6791, 1),
        ("newcombe", (0, 10, 10, 10), 0.6075, 1),
        ("miettinen_nurminen", (48, 80, 56, 70), 0.0528, 0.3382),
        ("miettinen_nurminen", (3, 10, 9, 10), 0.1700, 0.8406),
        ("miettinen_nurminen", (2, 7, 6, 7), 0.0342, 0.8534),
        ("miettinen_nurminen", (0, 29, 5, 56), -0.0326, 0.1933),
        ("miettinen_nurminen", (0, 20, 0, 10), -0.1658, 0.2844),
        ("miettinen_nurminen", (0, 10, 0, 10), -0.2879, 0.2879),
        ("miettinen_nurminen", (0, 20, 10, 10), 0.7156, 1),
        ("miettinen_nurminen", (0, 10, 10, 10), 0.6636, 1),
        # Fagerland, Lydersen and Laake 2017 (Statistical Analysis of Contingency Tables), chapter
        # 4: Perondi 2004 (7 of 34, 1 of 34) and Ritland 2007 (0 of 16, 15 of 72), first less
        # second, as printed by the R package contingencytables.
        ("agresti_caffo", (1, 34, 7, 34), 0.0116, 0.3217),
        ("newcombe", (1, 34, 7, 34), 0.0189, 0.3404),
        ("miettinen_nurminen", (15, 72, 0, 16), -0.3164, -0.0056),
    ],
)
def test_the_published_intervals_come_out_to_the_last_digit(
    method: str, table: Table, low: float, high: float
) -> None:
    found = difference_interval(*table, method=method)
    assert [round(end, 4) for end in found] == [low, high]


@pytest.mark.parametrize(
    ("method", "name"), [("newcombe", "newcomb"), ("agresti_caffo", "agresti-caffo")]
)
@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.999])
def test_statsmodels_gives_the_same_interval(method: str, name: str, level: float) -> None:
    # It takes the first less the second sample.
    x1, n1, x2, n2 = every_table(9, 14)
    expected = confint_proportions_2indep(x2, n2, x1, n1, method=name, alpha=1 - level)
    found = difference_interval(x1, n1, x2, n2, method=method, level=level)
    np.testing.assert_allclose(found, np.clip(expected, -1, 1), rtol=0, atol=1e-13)


def most_likely(table: np.ndarray, difference: np.ndarray) -> np.ndarray:
    """The first share at which the likelihood is highest, given the difference, by halving.

    The log-likelihood is concave, so its slope changes its sign once.
    """
    x1, n1, x2, n2 = table
    low, high = np.maximum(0, -difference), np.minimum(1, 1 - difference)
    for _ in range(100):
        p1 = (low + high) / 2
        p2 = p1 + difference
        with np.errstate(divide="ignore", invalid="ignore"):
            parts = (x1 / p1, -(n1 - x1) / (1 - p1), x2 / p2, -(n2 - x2) / (1 - p2))
            slope = sum(
                np.where(many == 0, 0, part)
                for many, part in zip((x1, n1 - x1, x2, n2 - x2), parts, strict=True)
            )
        low, high = np.where(slope > 0, p1, low), np.where(slope > 0, high, p1)
    return (low + high) / 2


def score(table: np.ndarray, difference: np.ndarray) -> np.ndarray:
    """The statistic of Miettinen and Nurminen 1985, equation 8."""
    x1, n1, x2, n2 = table
    p1 = most_likely(table, difference)
    p2 = np.clip(p1 + difference, 0, 1)
    variance = (p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2) * (n1 + n2) / (n1 + n2 - 1)
    away = x2 / n2 - x1 / n1 - difference
    return np.where(away == 0, 0, away / np.sqrt(np.maximum(variance, 1e-300)))


@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
@pytest.mark.parametrize("sizes", [(1, 1), (1, 5), (7, 4), (10, 10), (52, 49)])
def test_the_score_interval_holds_the_differences_that_brute_force_does_not_reject(
    sizes: tuple[int, int], level: float
) -> None:
    table = every_table(*sizes)
    table = table[:, :: max(1, table.shape[1] // 200)]
    quantile = stats.norm.ppf((1 + level) / 2)
    ends = difference_interval(*table, method="miettinen_nurminen", level=level)
    seen = table[2] / table[3] - table[0] / table[1]
    for end, sign in zip(ends, (1, -1), strict=True):
        is_open = np.abs(seen + sign) > 1e-12
        statistic = score(table, end) * sign
        np.testing.assert_allclose(statistic[is_open], quantile, rtol=1e-7)
        np.testing.assert_array_equal(end[~is_open], -sign)
    for difference in np.linspace(-0.999, 0.999, 41):
        is_kept = np.abs(score(table, np.full(seen.shape, difference))) <= quantile
        assert (is_kept == ((ends[0] <= difference) & (difference <= ends[1]))).all()


def test_the_score_interval_leaves_out_0_where_the_chi_square_test_rejects() -> None:
    # At 0 the statistic is Pearson's chi-square times (n - 1) / n.
    x1, n1, x2, n2 = every_table(12, 9)
    n, yes = n1 + n2, x1 + x2
    spread = np.maximum(n1 * n2 * yes * (n - yes), 1)
    square = n * (x1 * n2 - x2 * n1) ** 2 / spread * (n - 1) / n
    low, high = difference_interval(x1, n1, x2, n2, method="miettinen_nurminen")
    assert (((low > 0) | (high < 0)) == (square > stats.chi2.ppf(0.95, 1))).all()
    assert 0 < (square > stats.chi2.ppf(0.95, 1)).sum() < square.size


@pytest.mark.parametrize("method", INTERVALS)
def test_all_and_none_and_single_answers_give_an_interval_within_minus_1_and_1(method: str) -> None:
    for sizes in ((1, 1), (1, 30), (30, 1), (20, 20)):
        x1, n1, x2, n2 = table = every_table(*sizes)
        low, high = difference_interval(*table, method=method)
        assert ((low >= -1) & (high <= 1) & (low < high)).all()
        none_then_all, all_then_none = (x1 == 0) & (x2 == n2), (x1 == n1) & (x2 == 0)
        assert high[none_then_all] == 1
        assert low[all_then_none] == -1


@pytest.mark.parametrize("method", INTERVALS)
@pytest.mark.parametrize("table", [(0, 0, 3, 5), (3, 5, 0, 0), (0, 0, 0, 0)])
def test_with_no_answers_in_a_sample_nothing_is_known_of_the_difference(
    method: str, table: Table
) -> None:
    assert difference_interval(*table, method=method) == (-1.0, 1.0)


@stable
@given(tables(), st.floats(0.5, 0.999), st.sampled_from(INTERVALS))
def test_the_interval_mirrors_and_grows_with_the_level(
    table: Table, level: float, method: str
) -> None:
    low, high = difference_interval(*table, method=method, level=level)
    for mirrored in (other_way_round(table), yes_for_no(table)):
        found = difference_interval(*mirrored, method=method, level=level)
        assert found == pytest.approx((-high, -low), abs=1e-9)
    wider = difference_interval(*table, method=method, level=(1 + level) / 2)
    assert -1 <= wider[0] <= low <= high <= wider[1] <= 1
    if method != "agresti_caffo":  # which is drawn towards 0
        assert low - 1e-12 <= table[2] / table[3] - table[0] / table[1] <= high + 1e-12


@pytest.mark.parametrize(
    ("method", "least"), [("newcombe", 0.90), ("miettinen_nurminen", 0.92), ("agresti_caffo", 0.9)]
)
def test_the_interval_covers_the_truth_about_as_often_as_its_level_says(
    method: str, least: float
) -> None:
    x1, n1, x2, n2 = table = every_table(15, 20)
    low, high = difference_interval(*table, method=method)
    coverage = []
    for p1, p2 in product(np.linspace(0.02, 0.98, 25), repeat=2):
        weights = stats.binom.pmf(x1, n1, p1) * stats.binom.pmf(x2, n2, p2)
        coverage.append(weights[(low <= p2 - p1) & (p2 - p1 <= high)].sum())
    assert min(coverage) > least
    assert 0.945 < np.mean(coverage) < 0.97


def exact_fisher(x1: int, n1: int, x2: int, n2: int) -> tuple[Fraction, Fraction]:
    """Fisher's p-value and the probability of the table, in rational arithmetic."""
    yes = x1 + x2
    ways = {x: comb(n1, x) * comb(n2, yes - x) for x in range(max(0, yes - n2), min(n1, yes) + 1)}
    everything = comb(n1 + n2, yes)
    tail = sum(many for many in ways.values() if many <= ways[x1])
    return Fraction(tail, everything), Fraction(ways[x1], everything)


@pytest.mark.parametrize("sizes", [(1, 1), (3, 4), (6, 6), (10, 7), (1, 20)])
def test_fishers_p_value_is_that_of_exact_arithmetic(sizes: tuple[int, int]) -> None:
    table = every_table(*sizes)
    expected = [exact_fisher(*row) for row in table.T.tolist()]
    p = independent_pvalue(*table, method="fisher")
    np.testing.assert_allclose(p, [float(tail) for tail, _ in expected], rtol=1e-12)
    mid = independent_pvalue(*table, method="fisher_mid_p")
    half = [float(tail - point / 2) for tail, point in expected]
    np.testing.assert_allclose(mid, half, rtol=1e-12)


@pytest.mark.parametrize(
    "table", [(10, 52, 16, 49), (16, 52, 29, 49), (25, 57, 25, 57), (0, 200, 9, 150)]
)
def test_fishers_p_value_is_exact_for_larger_samples(table: Table) -> None:
    tail, point = exact_fisher(*table)
    assert independent_pvalue(*table, method="fisher") == pytest.approx(float(tail), rel=1e-11)
    mid = independent_pvalue(*table, method="fisher_mid_p")
    assert mid == pytest.approx(float(tail - point / 2), rel=1e-11)


@pytest.mark.parametrize(
    ("table", "fisher", "mid"),
    [
        # Fagerland, Lydersen and Laake 2017, chapter 4: Lampasona 2013 and Ritland 2007, and a
        # table from the tests of the R package contingencytables.
        ((9, 13, 4, 14), 0.05698, 0.03914),
        ((0, 16, 15, 72), 0.06287, 0.04466),
        ((745, 748, 127, 129), None, 0.09193),
        # Fisher's tea tasting: 34 of 70 ways, less half of the 16 of 70 of the observed table.
        ((3, 4, 1, 4), 0.48571, 0.37143),
        # Fisher's twins, in the help page of R's fisher.test.
        ((2, 12, 15, 18), 0.00054, None),
    ],
)
def test_the_published_p_values_come_out_to_the_last_digit(
    table: Table, fisher: float | None, mid: float | None
) -> None:
    for method, expected in (("fisher", fisher), ("fisher_mid_p", mid)):
        if expected is not None:
            assert round(independent_pvalue(*table, method=method), 5) == expected


def test_scipy_gives_the_same_fisher_p_value_among_52_and_49() -> None:
    x1, n1, x2, n2 = table = every_table(52, 49)[:, ::23]
    expected = [
        stats.fisher_exact([[a, b - a], [c, d - c]]).pvalue for a, b, c, d in table.T.tolist()
    ]
    np.testing.assert_allclose(
        independent_pvalue(x1, n1, x2, n2, method="fisher"), expected, rtol=1e-11
    )


def brute_boschloo(x1: int, n1: int, x2: int, n2: int) -> float:
    """Both one-sided tests over a fine grid of common shares, the smaller one doubled."""
    shares = np.linspace(0, 1, 2001)[:, np.newaxis, np.newaxis]
    first, second = np.arange(n1 + 1)[:, np.newaxis], np.arange(n2 + 1)
    weights = stats.binom.pmf(first, n1, shares) * stats.binom.pmf(second, n2, shares)
    results = []
    for sign in (1, -1):
        statistic = np.array(
            [[one_sided_fisher(a, n1, b, n2, sign) for b in second] for a in first[:, 0]]
        )
        region = statistic <= statistic[x1, x2]
        results.append((weights * region).sum(axis=(1, 2)).max())
    return float(min(1, 2 * min(results)))


def one_sided_fisher(x1: int, n1: int, x2: int, n2: int, sign: int) -> Fraction:
    yes = int(x1 + x2)
    xs = range(max(0, yes - n2), min(n1, yes) + 1)
    tail = sum(comb(n1, x) * comb(n2, yes - x) for x in xs if sign * (x1 - x) >= 0)
    return Fraction(tail, comb(n1 + n2, yes))


@pytest.mark.parametrize("sizes", [(1, 1), (2, 5), (6, 6), (9, 4)])
def test_boschloos_p_value_is_that_of_brute_force(sizes: tuple[int, int]) -> None:
    table = every_table(*sizes)
    expected = [brute_boschloo(*row) for row in table.T.tolist()]
    found = independent_pvalue(*table, method="boschloo")
    np.testing.assert_allclose(found, expected, rtol=2e-5)


@pytest.mark.parametrize(
    ("table", "one_sided"),
    [
        # The R package Exact (method "boschloo", nuisance parameter searched in steps of 1e-8).
        ((2, 10, 7, 9), 0.009886142),
        ((5, 25, 16, 41), 0.05827348),
        ((43, 53, 40, 79), 0.0001615562),
        ((5, 6, 0, 4), 0.006865367),
    ],
)
def test_boschloos_p_value_is_twice_the_one_sided_one_of_r(table: Table, one_sided: float) -> None:
    found = independent_pvalue(*table, method="boschloo")
    assert found == pytest.approx(2 * one_sided, abs=1e-8)


@settings(stable, max_examples=40)
@given(tables(most=15))
def test_boschloo_is_never_above_twice_the_smaller_one_sided_fisher(table: Table) -> None:
    one_sided = min(one_sided_fisher(*table, sign) for sign in (1, -1))
    p = independent_pvalue(*table, method="boschloo")
    assert 0 < p <= min(1, 2 * float(one_sided)) + 1e-9


@stable
@given(tables(most=57), st.sampled_from(TESTS[:2]))
def test_the_samples_swapped_or_yes_and_no_give_the_same_p_value(table: Table, test: str) -> None:
    p = independent_pvalue(*table, method=test)
    assert 0 < p <= 1
    for same in (other_way_round(table), yes_for_no(table)):
        assert independent_pvalue(*same, method=test) == pytest.approx(p, rel=1e-11)


@settings(stable, max_examples=20)
@given(tables(most=12))
def test_the_same_holds_for_boschloo(table: Table) -> None:
    p = independent_pvalue(*table, method="boschloo")
    for same in (other_way_round(table), yes_for_no(table)):
        assert independent_pvalue(*same, method="boschloo") == p


@pytest.mark.parametrize(
    ("method", "most"), [("fisher", 0.05), ("boschloo", 0.05), ("fisher_mid_p", 0.06)]
)
def test_a_true_null_hypothesis_is_rejected_about_as_often_as_it_should_be(
    method: str, most: float
) -> None:
    x1, n1, x2, n2 = table = every_table(10, 13)
    rejected = independent_pvalue(*table, method=method) <= 0.05
    sizes = [
        (stats.binom.pmf(x1, n1, p) * stats.binom.pmf(x2, n2, p))[rejected].sum()
        for p in np.linspace(0.01, 0.99, 99)
    ]
    assert 0.02 < max(sizes) <= most


@pytest.mark.parametrize("method", TESTS)
@pytest.mark.parametrize("table", [(0, 0, 3, 5), (3, 5, 0, 0), (0, 0, 0, 0)])
def test_with_no_answers_in_a_sample_the_p_value_is_1(method: str, table: Table) -> None:
    assert independent_pvalue(*table, method=method) == 1.0


@pytest.mark.parametrize("table", [(0, 10, 0, 20), (10, 10, 20, 20), (0, 1, 0, 1)])
def test_where_all_answers_are_alike_nothing_speaks_against_no_difference(table: Table) -> None:
    found = [independent_pvalue(*table, method=method) for method in TESTS]
    assert dict(zip(TESTS, found, strict=True)) == {"fisher": 1, "boschloo": 1, "fisher_mid_p": 0.5}


def test_the_defaults_are_newcombe_and_the_mid_p_test() -> None:
    table = (10, 52, 16, 49)
    assert difference_interval(*table) == difference_interval(*table, method="newcombe")
    assert independent_pvalue(*table) == independent_pvalue(*table, method="fisher_mid_p")


def test_arrays_broadcast_and_scalars_stay_scalars() -> None:
    for method in INTERVALS:
        low, high = difference_interval([[1], [2]], 5, [1, 0, 3], [4, 0, 4], method=method)
        assert low.shape == high.shape == (2, 3)
        single = difference_interval(2, 5, np.int64(3), 4.0, method=method)
        assert (low[1, 2], high[1, 2]) == single
        assert [type(end) for end in single] == [float, float]
        assert difference_interval([], [], [], [], method=method)[0].shape == (0,)
    for method in TESTS:
        p = independent_pvalue([[1], [2]], 5, [1, 0, 3], [4, 0, 4], method=method)
        assert p.shape == (2, 3)
        assert p[1, 2] == independent_pvalue(2, 5, 3, 4, method=method)
        assert type(independent_pvalue(2, 5, np.int64(3), 4.0, method=method)) is float
        assert independent_pvalue([], [], [], [], method=method).shape == (0,)


@pytest.mark.parametrize("function", [difference_interval, independent_pvalue])
@pytest.mark.parametrize(
    ("given_", "words"),
    [
        ({"count1": 6}, "count1 must not be above nobs1, got 6 of 5"),
        ({"count2": 8}, "count2 must not be above nobs2, got 8 of 7"),
        ({"count1": -1}, "count1 must not be negative, got -1"),
        ({"nobs2": 6.5}, "nobs2 must be a whole number, got 6.5"),
        ({"nobs1": None}, "nobs1 is missing"),
        ({"count2": "3"}, "count2 must be a whole number, got '3'"),
        ({"method": "wald"}, r"unknown method 'wald'; allowed: (newcombe|fisher_mid_p), "),
    ],
)
def test_wrong_input_is_named(function: Any, given_: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        function(**{"count1": 1, "nobs1": 5, "count2": 3, "nobs2": 7, **given_})


@pytest.mark.parametrize("level", [0, 1, 95, float("nan"), None, "0.95"])
def test_a_level_outside_0_to_1_is_named(level: Any) -> None:
    with pytest.raises(ValueError, match=f"level must lie between 0 and 1, got {level!r}"):
        difference_interval(1, 5, 3, 7, level=level)
