"""Change among pairs, held against exact arithmetic, other solutions and published examples."""

from __future__ import annotations

from fractions import Fraction
from math import comb, erfc, inf, sqrt
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep

from analysis.statistics import mcnemar_pvalue, paired_difference_interval

stable = settings(deadline=None, derandomize=True, max_examples=100)
METHODS = ("tango", "newcombe")
Table = tuple[int, int, int, int]

# Published tables as both, lost, gained, neither, and what the source calls them.
BENTUR = (1, 1, 7, 12)  # airway hyper-responsiveness: Fagerland, Lydersen and Laake 2013, 2014
# Complete response: Fagerland, Lydersen and Laake 2017, Statistical Analysis of Contingency Tables.
CAVO = (59, 6, 16, 80)
PAIRS = st.tuples(*[st.integers(0, 19)] * 4)


def z_of(level: float) -> float:
    return NormalDist().inv_cdf((1 + level) / 2)


# McNemar's test.


def exact_mcnemar(gained: int, lost: int) -> tuple[Fraction, Fraction]:
    """The exact and the mid-p value in rational arithmetic."""
    moved, fewer = gained + lost, min(gained, lost)
    if moved == 0:
        return Fraction(1), Fraction(1)
    ways = [comb(moved, k) for k in range(fewer + 1)]
    exact = min(Fraction(2 * sum(ways), 2**moved), Fraction(1))
    point = Fraction(ways[-1], 2**moved)
    return exact, exact - point if gained != lost else 1 - point / 2


def test_mcnemars_p_values_are_those_of_exact_arithmetic() -> None:
    gained, lost = np.meshgrid(range(31), range(31))
    found = zip(
        gained.ravel().tolist(),
        lost.ravel().tolist(),
        mcnemar_pvalue(gained, lost, method="exact").ravel(),
        mcnemar_pvalue(gained, lost).ravel(),
        strict=True,
    )
    for b, c, exact, mid_p in found:
        expected = [float(p) for p in exact_mcnemar(b, c)]
        assert (exact, mid_p) == pytest.approx(expected, rel=1e-12, abs=0), (b, c)


@pytest.mark.parametrize(
    ("table", "exact", "mid_p", "asymptotic"),
    [
        # Fagerland et al. 2013 and its supplement on the mid-p value.
        (BENTUR, 0.0703, 0.0391, 0.0339),
        # Fagerland et al. 2017, as their R package contingencytables prints them.
        (CAVO, 0.052479, 0.034690, 0.033006),
    ],
)
def test_mcnemars_p_values_are_the_published_ones(
    table: Table, exact: float, mid_p: float, asymptotic: float
) -> None:
    _, lost, gained, _ = table
    published = {"exact": exact, "mid_p": mid_p, "asymptotic": asymptotic}
    for method, value in published.items():
        digits = 6 if table == CAVO else 4
        assert round(mcnemar_pvalue(gained, lost, method=method), digits) == value


@pytest.mark.parametrize("method", ["mid_p", "exact", "asymptotic"])
def test_nobody_moved_gives_1_and_the_direction_does_not_matter(method: str) -> None:
    assert mcnemar_pvalue(0, 0, method=method) == 1
    assert type(mcnemar_pvalue(0, 0, method=method)) is float
    table = mcnemar_pvalue([[0], [3], [9]], [0, 3, 9], method=method)
    assert table.shape == (3, 3)
    assert (table == table.T).all()


def test_with_equal_counts_only_the_mid_p_value_is_below_1() -> None:
    assert mcnemar_pvalue([1, 2], [1, 2]).tolist() == [0.75, 1 - 6 / 16 / 2]
    for method in ("exact", "asymptotic"):
        assert mcnemar_pvalue([1, 2], [1, 2], method=method).tolist() == [1, 1]


@pytest.mark.parametrize(("gained", "lost"), [(5, 2), (0, 4), (40, 20), (3, 3)])
def test_the_asymptotic_p_value_is_that_of_the_squared_difference(gained: int, lost: int) -> None:
    statistic = (gained - lost) ** 2 / (gained + lost)
    expected = erfc(sqrt(statistic / 2))
    assert mcnemar_pvalue(gained, lost, method="asymptotic") == pytest.approx(expected, rel=1e-12)


# Intervals for the change.


@pytest.mark.parametrize(
    ("method", "table", "level", "low", "high"),
    [
        # Papers are cited as R packages quote them in their tests: ratesci where none is named.
        # Tango 1998, two examples.
        ("tango", (4, 3, 9, 16), 0.95, -0.027, 0.390),
        ("tango", (43, 1, 0, 0), 0.90, -0.096, 0.037),
        # Agresti and Min 2005 (Stat Med 24:729).
        ("tango", (53, 8, 16, 9), 0.95, -0.020, 0.207),
        # Fagerland, Lydersen and Laake 2014 (Stat Med 33:2850).
        ("tango", BENTUR, 0.95, 0.026, 0.517),
        ("newcombe", BENTUR, 0.95, 0.026, 0.507),
        # Fagerland et al. 2017, as their R package contingencytables prints them.
        ("tango", CAVO, 0.95, 0.0054, 0.1240),
        ("newcombe", CAVO, 0.95, 0.0046, 0.1186),
        # Newcombe 1998 (Stat Med 17:2635), method 10.
        ("newcombe", (20, 2, 12, 16), 0.95, 0.0562, 0.3292),
        # Tang et al. 2010, an example of paired data.
        ("tango", (8, 1, 3, 2), 0.95, -0.1670, 0.4327),
        ("newcombe", (8, 1, 3, 2), 0.95, -0.1574, 0.4136),
        # Chang et al. 2024, on continuity corrections.
        ("tango", (7, 2, 25, 68), 0.95, 0.139, 0.321),
        ("newcombe", (7, 2, 25, 68), 0.95, 0.133, 0.318),
        # Altman et al. 2000, Statistics with Confidence, p. 52, as biostatUZH quotes it.
        ("newcombe", (14, 0, 5, 22), 0.95, 0.011, 0.226),
        # R package PropCIs, scoreci.mp(25, 28, 618) at 90 %.
        ("tango", (0, 25, 28, 565), 0.90, -0.0148, 0.0247),
    ],
)
def test_the_intervals_are_the_published_ones(
    method: str, table: Table, level: float, low: float, high: float
) -> None:
    digits = max(len(str(abs(end))) - 2 for end in (low, high))
    found = paired_difference_interval(*table, method=method, level=level)
    assert found == pytest.approx((low, high), abs=0.5 * 10**-digits + 1e-9)
    # A fall is the mirror image.
    both, lost, gained, neither = table
    mirrored = paired_difference_interval(both, gained, lost, neither, method=method, level=level)
    assert mirrored == pytest.approx((-high, -low), abs=0.5 * 10**-digits + 1e-9)


def share_lost(change: float, gained: int, lost: int, pairs: int) -> float:
    """The likeliest share that lost when the change is given, by halving on the likelihood."""
    rest = pairs - gained - lost

    def slope(share: float) -> float:
        def part(count: int, probability: float) -> float:
            return 0 if count == 0 else inf if probability <= 0 else count / probability

        return (
            part(gained, share + change)
            + part(lost, share)
            - 2 * part(rest, 1 - 2 * share - change)
        )

    low, high = max(0.0, -change), (1 - change) / 2
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if slope(middle) > 0 else (low, middle)
    return (low + high) / 2


def score_interval(gained: int, lost: int, pairs: int, level: float) -> tuple[float, float]:
    """The changes that the score test keeps, from the estimate outwards, by halving."""
    estimate, z = (gained - lost) / pairs, z_of(level)

    def is_kept(change: float) -> bool:
        share = share_lost(change, gained, lost, pairs)
        variance = pairs * max(2 * share + change * (1 - change), 0)
        return abs(gained - lost - pairs * change) <= z * sqrt(variance)

    ends = []
    for inner, outer in ((estimate, -1.0), (estimate, 1.0)):
        # The outermost of a grid that is kept, then the place between it and the next.
        grid = [outer + (inner - outer) * step / 64 for step in range(65)]
        first = next(i for i, change in enumerate(grid) if i == 64 or is_kept(change))
        kept, thrown = grid[first], grid[max(first - 1, 0)]
        for _ in range(60):
            middle = (kept + thrown) / 2
            kept, thrown = (middle, thrown) if is_kept(middle) else (kept, middle)
        ends.append(kept)
    return ends[0], ends[1]


@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
@pytest.mark.parametrize("pairs", [1, 2, 5, 9])
def test_tangos_interval_is_what_the_score_test_keeps(pairs: int, level: float) -> None:
    for gained in range(pairs + 1):
        for lost in range(pairs - gained + 1):
            if gained == lost == 0 or pairs in (gained, lost):
                continue  # the estimate itself has no variance: see the edges below
            found = paired_difference_interval(0, lost, gained, pairs - gained - lost, level=level)
            expected = score_interval(gained, lost, pairs, level)
            assert found == pytest.approx(expected, abs=1e-7), (gained, lost)


@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.999])
@pytest.mark.parametrize("pairs", [1, 2, 7, 49, 57, 5000])
def test_tangos_interval_has_a_closed_form_at_its_edges(pairs: int, level: float) -> None:
    # Worked out by hand: the quadratic factors where nobody or everybody moved.
    z2 = z_of(level) ** 2
    for both in (0, pairs // 2, pairs):
        found = paired_difference_interval(both, 0, 0, pairs - both, level=level)
        assert found == pytest.approx((-z2 / (pairs + z2), z2 / (pairs + z2)), rel=1e-12)
    gained = paired_difference_interval(0, 0, pairs, 0, level=level)
    assert gained == pytest.approx(((pairs - z2) / (pairs + z2), 1), rel=1e-12)
    assert gained[1] == 1
    lost = paired_difference_interval(0, pairs, 0, 0, level=level)
    assert lost == (-1, -gained[0])


@stable
@given(PAIRS, st.sampled_from([0.5, 0.9, 0.95, 0.99]))
def test_tangos_interval_leaves_out_0_exactly_where_mcnemars_test_rejects(
    table: Table, level: float
) -> None:
    _, lost, gained, _ = table
    low, high = paired_difference_interval(*table, level=level)
    p = mcnemar_pvalue(gained, lost, method="asymptotic")
    assume(abs(p - (1 - level)) > 1e-9)
    assert (low > 0 or high < 0) == (p < 1 - level)


@stable
@given(PAIRS)
def test_tangos_interval_does_not_ask_in_what_the_others_agree(table: Table) -> None:
    both, lost, gained, neither = table
    swapped = paired_difference_interval(neither, lost, gained, both)
    assert paired_difference_interval(*table) == swapped


def independent(table: Table) -> tuple[float, float]:
    """Newcombe's interval as if the two cycles had nothing to do with each other."""
    both, lost, gained, _ = table
    n = sum(table)
    low, high = confint_proportions_2indep(
        both + gained, n, both + lost, n, method="newcomb", compare="diff"
    )
    return low, high


@pytest.mark.parametrize("table", [(9, 0, 0, 0), (4, 0, 6, 0), (3, 1, 2, 1), (5, 2, 4, 3)])
def test_where_phi_is_0_newcombes_interval_is_that_of_independent_samples(table: Table) -> None:
    # A share is 1, or the numerator of phi is from 0 to half the pairs.
    found = paired_difference_interval(*table, method="newcombe")
    assert found == pytest.approx(independent(table), abs=1e-12)


def test_where_all_pairs_disagree_newcombes_interval_is_wider_than_of_independent_samples() -> None:
    low, high = paired_difference_interval(0, 2, 5, 0, method="newcombe")
    ends = independent((0, 2, 5, 0))
    assert low < ends[0] - 0.01
    assert high > ends[1] + 0.01


def test_newcombes_correction_moves_phi_towards_0_only_from_above() -> None:
    # By hand, both shares 9 of 18: 36 - 9 less half of 18 is left of the numerator of the first,
    # nothing is taken from the second, and of the third, 25 - 16, nothing is left.
    z = z_of(0.95)
    half = z * sqrt(18 / 4 + z**2 / 4) / (18 + z**2)
    for table, phi in (((6, 3, 3, 6), 18 / 81), ((3, 6, 6, 3), -27 / 81), ((5, 4, 4, 5), 0)):
        high = sqrt(2 * half**2 * (1 - phi))
        found = paired_difference_interval(*table, method="newcombe")
        assert found == pytest.approx((-high, high), rel=1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_no_pair_leaves_every_change_open(method: str) -> None:
    assert paired_difference_interval(0, 0, 0, 0, method=method) == (-1, 1)
    low, high = paired_difference_interval([0, 5], 0, [0, 2], 0, method=method)
    assert (low[0], high[0]) == (-1, 1)
    assert (low[1], high[1]) == paired_difference_interval(5, 0, 2, 0, method=method)


@pytest.mark.parametrize("method", METHODS)
def test_one_pair_gives_a_wide_interval(method: str) -> None:
    low, high = paired_difference_interval(0, 0, 1, 0, method=method)
    assert -0.6 < low < -0.1
    assert high == 1
    low, high = paired_difference_interval(1, 0, 0, 0, method=method)
    assert -low == high == pytest.approx(0.793, abs=5e-4)


@stable
@given(PAIRS, st.sampled_from(METHODS), st.floats(0.01, 0.99))
def test_the_interval_holds_the_estimate_and_grows_with_the_level(
    table: Table, method: str, level: float
) -> None:
    both, lost, gained, neither = table
    assume(sum(table) > 0)
    low, high = paired_difference_interval(*table, method=method, level=level)
    estimate = (gained - lost) / sum(table)
    assert -1 <= low <= estimate + 1e-12
    assert estimate - 1e-12 <= high <= 1
    wider = paired_difference_interval(*table, method=method, level=(1 + level) / 2)
    assert wider[0] <= low + 1e-12
    assert high <= wider[1] + 1e-12
    mirrored = paired_difference_interval(both, gained, lost, neither, method=method, level=level)
    assert mirrored == pytest.approx((-high, -low), abs=1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_arrays_broadcast_and_scalars_stay_scalars(method: str) -> None:
    low, high = paired_difference_interval([[1], [2]], 1, [7, 8, 9], 12, method=method)
    assert low.shape == high.shape == (2, 3)
    one = paired_difference_interval(2, 1, 9, 12, method=method)
    assert (low[1, 2], high[1, 2]) == one
    assert [type(end) for end in one] == [float, float]
    assert paired_difference_interval([], [], [], [], method=method)[0].shape == (0,)


def test_the_arrays_given_stay_as_they_are() -> None:
    given_ = [np.array([1, 2]), np.array([1, 0]), np.array([7, 3]), np.array([12, 5])]
    before = [array.copy() for array in given_]
    for method in METHODS:
        paired_difference_interval(*given_, method=method)
    mcnemar_pvalue(given_[2], given_[1])
    assert all((a == b).all() for a, b in zip(given_, before, strict=True))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"both": -1}, "both must not be negative, got -1"),
        ({"lost": 1.5}, r"lost must be a whole number, got 1\.5"),
        ({"gained": None}, "gained is missing"),
        ({"neither": float("nan")}, "neither is missing"),
        ({"neither": pd.NA}, "neither is missing"),
        ({"both": "three"}, "both must be a whole number, got 'three'"),
        ({"level": 95}, "level must lie between 0 and 1, got 95"),
        ({"level": 0}, "level must lie between 0 and 1, got 0"),
        ({"level": "0.95"}, "level must lie between 0 and 1"),
        ({"method": "wald"}, "unknown method 'wald'; allowed: tango, newcombe"),
    ],
)
def test_wrong_input_is_named(change: dict[str, Any], words: str) -> None:
    right: dict[str, Any] = {"both": 1, "lost": 1, "gained": 7, "neither": 12}
    with pytest.raises(ValueError, match=words):
        paired_difference_interval(**{**right, **change})


@pytest.mark.parametrize(
    ("values", "method", "words"),
    [
        ((-1, 2), "exact", "gained must not be negative"),
        ((1, 2.5), "mid_p", "lost must be a whole number"),
        ((1, None), "mid_p", "lost is missing"),
        ((1, 2), "chi", "unknown method 'chi'; allowed: mid_p, exact, asymptotic"),
    ],
)
def test_wrong_input_to_mcnemars_test_is_named(
    values: tuple[Any, Any], method: str, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        mcnemar_pvalue(*values, method=method)
