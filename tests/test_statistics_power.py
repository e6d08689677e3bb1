"""Power, held against rational arithmetic over every table, simulation and published values."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import comb, factorial
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.statistics.independent import TESTS, independent_pvalue
from analysis.statistics.paired import METHODS, mcnemar_pvalue
from analysis.statistics.power import independent_power, paired_power, smallest_detectable_change

few = settings(deadline=None, derandomize=True, max_examples=30)

shares = st.fractions(0, 1, max_denominator=20)


def mcnemar_exact(gained: int, lost: int, method: str) -> Fraction:
    """The exact and mid-p tests in rational arithmetic."""
    moved, fewer = gained + lost, min(gained, lost)
    point = Fraction(comb(moved, fewer), 2**moved)
    tail = Fraction(sum(comb(moved, k) for k in range(fewer + 1)), 2**moved)
    two_sided = min(Fraction(1), 2 * tail)
    if method == "exact" or moved == 0:
        return two_sided
    return 1 - point / 2 if gained == lost else two_sided - point


def fisher_exact(x1: int, n1: int, x2: int, n2: int, method: str) -> Fraction:
    """Fisher's test, ordered by probability, and its mid-p, in rational arithmetic."""
    yes = x1 + x2
    ways = {k: comb(n1, k) * comb(n2, yes - k) for k in range(max(0, yes - n2), min(n1, yes) + 1)}
    p = Fraction(sum(w for w in ways.values() if w <= ways[x1]), comb(n1 + n2, yes))
    return p - Fraction(ways[x1], 2 * comb(n1 + n2, yes)) if method == "fisher_mid_p" else p


def paired_by_hand(g: Fraction, lo: Fraction, n: int, method: str, alpha: Fraction) -> Fraction:
    total = Fraction(0)
    for gained, lost in product(range(n + 1), repeat=2):
        stayed = n - gained - lost
        if stayed >= 0 and mcnemar_exact(gained, lost, method) <= alpha:
            ways = factorial(n) // (factorial(gained) * factorial(lost) * factorial(stayed))
            total += ways * g**gained * lo**lost * (1 - g - lo) ** stayed
    return total


def independent_by_hand(
    p1: Fraction, n1: int, p2: Fraction, n2: int, method: str, alpha: Fraction
) -> Fraction:
    total = Fraction(0)
    for x1, x2 in product(range(n1 + 1), range(n2 + 1)):
        if fisher_exact(x1, n1, x2, n2, method) <= alpha:
            first = comb(n1, x1) * p1**x1 * (1 - p1) ** (n1 - x1)
            total += first * comb(n2, x2) * p2**x2 * (1 - p2) ** (n2 - x2)
    return total


@few
@given(
    shares, shares, st.integers(0, 14), st.sampled_from(["mid_p", "exact"]),
    st.sampled_from(["0.9", "0.95", "0.9375", "0.5"]),
)  # fmt: skip
def test_paired_power_adds_up_every_outcome(
    first: Fraction, second: Fraction, nobs: int, method: str, level: str
) -> None:
    gained, lost = first, second * (1 - first)
    found = paired_power(float(gained), float(lost), nobs=nobs, method=method, level=float(level))
    expected = paired_by_hand(gained, lost, nobs, method, 1 - Fraction(level))
    assert found == pytest.approx(float(expected), rel=1e-9, abs=1e-12)


@few
@given(
    shares, st.integers(1, 9), shares, st.integers(1, 9),
    st.sampled_from(["fisher", "fisher_mid_p"]), st.sampled_from(["0.9", "0.95", "0.8"]),
)  # fmt: skip
def test_independent_power_adds_up_every_outcome(
    p1: Fraction, n1: int, p2: Fraction, n2: int, method: str, level: str
) -> None:
    found = independent_power(float(p1), n1, float(p2), n2, method=method, level=float(level))
    expected = independent_by_hand(p1, n1, p2, n2, method, 1 - Fraction(level))
    assert found == pytest.approx(float(expected), rel=1e-9, abs=1e-12)


def test_a_pvalue_of_exactly_the_significance_level_rejects() -> None:
    # Five gained and none lost: exact p is 1/16. Three of three against none of three: p is 1/10.
    assert paired_power(1, 0, nobs=5, method="exact", level=0.9375) == 1
    assert paired_power(1, 0, nobs=5, method="exact", level=0.9376) == 0
    assert independent_power(0, 3, 1, 3, method="fisher", level=0.9) == 1
    assert independent_power(0, 3, 1, 3, method="fisher", level=0.9001) == 0


def test_the_published_power_of_mcnemars_exact_test_is_met() -> None:
    # G*Power 3.1 manual, section 5, after O'Brien (2002): 50 pairs, .32 against .08 discordant,
    # one-sided 5 %: power .839. Two-sided at 10 % hardly adds rejections the wrong way.
    found = paired_power(0.32, 0.08, nobs=50, method="exact", level=0.9)
    assert found == pytest.approx(0.839, abs=5e-4)


def test_the_published_power_of_fishers_exact_test_is_met() -> None:
    # Mathews (2010), Sample Size Calculations, section 4.3.2.1: shares .01 and .05 of 80 each,
    # one-sided 5 %, power .211135. With equal groups the two-sided test at 10 % has both tails.
    found = independent_power(0.01, 80, 0.05, 80, method="fisher", level=0.9)
    counts = np.arange(81)
    chances = np.outer(stats.binom.pmf(counts, 80, 0.01), stats.binom.pmf(counts, 80, 0.05))
    pvalues = independent_pvalue(counts[:, None], 80, counts, 80, method="fisher")
    wrong = chances[(pvalues <= 0.1) & (counts[:, None] > counts)].sum()
    assert found - wrong == pytest.approx(0.211135, abs=5e-7)


@pytest.mark.parametrize("method", METHODS)
def test_simulated_panels_are_detected_as_often(method: str) -> None:
    drawn = np.random.default_rng(20240611).multinomial(45, [0.25, 0.08, 0.67], size=40_000)
    share = np.mean(mcnemar_pvalue(drawn[:, 0], drawn[:, 1], method=method) <= 0.05)
    found = paired_power(0.25, 0.08, nobs=45, method=method)
    assert found == pytest.approx(share, abs=4 * np.sqrt(0.25 / 40_000))


def test_simulated_groups_are_detected_as_often() -> None:
    generator = np.random.default_rng(20240611)
    first, second = generator.binomial(52, 0.2, 20_000), generator.binomial(49, 0.45, 20_000)
    share = np.mean(independent_pvalue(first, 52, second, 49) <= 0.05)
    assert independent_power(0.2, 52, 0.45, 49) == pytest.approx(
        share, abs=4 * np.sqrt(0.25 / 20_000)
    )


@few
@given(st.floats(0, 0.5), st.integers(1, 60))
def test_without_a_change_the_exact_tests_reject_no_more_often_than_they_may(
    share: float, nobs: int
) -> None:
    assert paired_power(share, share, nobs=nobs, method="exact") <= 0.05 + 1e-12
    assert independent_power(share, nobs, share, 30, method="fisher") <= 0.05 + 1e-12


@pytest.mark.parametrize("method", TESTS)
def test_the_groups_swapped_or_yes_and_no_swapped_have_the_same_power(method: str) -> None:
    found = independent_power(0.1, 8, 0.7, 6, method=method)
    assert independent_power(0.7, 6, 0.1, 8, method=method) == pytest.approx(found)
    assert independent_power(0.9, 8, 0.3, 6, method=method) == pytest.approx(found)
    assert paired_power(0.1, 0.4, nobs=20) == pytest.approx(paired_power(0.4, 0.1, nobs=20))


def test_boschloos_test_is_at_least_as_powerful_as_the_doubled_fisher_tail() -> None:
    # Boschloo (1970): uniformly so, tail by tail; here the doubled tails of both.
    counts = np.indices((9, 9))
    tail = [stats.hypergeom.cdf(*np.broadcast_arrays(x, 16, counts.sum(axis=0), 8)) for x in counts]
    doubled = np.minimum(2 * np.minimum(*tail), 1)
    chances = np.outer(stats.binom.pmf(range(9), 8, 0.15), stats.binom.pmf(range(9), 8, 0.8))
    fisher = chances[doubled <= 0.05 * (1 + 1e-9)].sum()
    assert independent_power(0.15, 8, 0.8, 8, method="boschloo") >= fisher > 0.5


def test_arrays_broadcast_and_scalars_stay_scalars() -> None:
    grid = paired_power([[0.1], [0.3]], [0.0, 0.1, 0.2], nobs=30)
    assert grid.shape == (2, 3)
    assert grid[1, 2] == paired_power(0.3, 0.2, nobs=30)
    assert paired_power(0.3, 0.1, nobs=[20, 40]).tolist() == sorted(
        paired_power(0.3, 0.1, nobs=n) for n in (20, 40)
    )
    assert independent_power([0.1, 0.2], 20, 0.5, [[10], [30]]).shape == (2, 2)
    assert type(paired_power(0.3, 0.1, nobs=np.int64(5))) is float
    assert type(independent_power(0.3, 5, 0.5, 5)) is float
    assert paired_power([], 0.1, nobs=5).shape == (0,)
    assert paired_power(0.7, 0.3, nobs=0) == 0
    assert paired_power(0, 0, nobs=20) == 0


@pytest.mark.parametrize(
    ("count1", "nobs", "lost", "power"), [(16, 49, 0, 0.8), (16, 49, 3, 0.8), (5, 30, 1, 0.9)]
)
@pytest.mark.parametrize("method", [None, "exact"])
def test_the_smallest_paired_change_is_the_first_that_reaches_the_power(
    count1: int, nobs: int, lost: int, power: float, method: str | None
) -> None:
    found = smallest_detectable_change(
        count1, nobs, nobs, design="paired", lost=lost, power=power, method=method
    )
    assert found is not None
    net = found.count2 - count1
    powers = [
        paired_power((lost + gain) / nobs, lost / nobs, nobs=nobs, method=method or "mid_p")
        for gain in range(1, net + 1)
    ]
    assert max(powers[:-1]) < power <= powers[-1] == found.power
    assert found.change_pp == pytest.approx(100 * net / nobs)


@pytest.mark.parametrize(("count1", "nobs1", "nobs2"), [(10, 52, 49), (0, 52, 49), (7, 20, 45)])
@pytest.mark.parametrize("method", [None, "fisher"])
def test_the_smallest_independent_change_is_the_first_that_reaches_the_power(
    count1: int, nobs1: int, nobs2: int, method: str | None
) -> None:
    found = smallest_detectable_change(count1, nobs1, nobs2, design="independent", method=method)
    assert found is not None
    powers = {
        count2: independent_power(
            count1 / nobs1, nobs1, count2 / nobs2, nobs2, method=method or "fisher_mid_p"
        )
        for count2 in range(nobs2 + 1)
        if count2 * nobs1 > count1 * nobs2
    }
    assert found.count2 == min(count2 for count2, reached in powers.items() if reached >= 0.8)
    assert found.power == powers[found.count2]
    assert found.change_pp == pytest.approx(100 * (found.count2 / nobs2 - count1 / nobs1))


def test_the_change_of_a_panel_that_only_gains_is_that_of_a_binomial() -> None:
    # Mid-p rejects from five gained and none lost on (1/32 against 1/16 for four).
    found = smallest_detectable_change(0, 49, 49, design="paired")
    assert found is not None
    chance = [stats.binom.sf(4, 49, gain / 49) for gain in (found.count2 - 1, found.count2)]
    assert chance[0] < 0.8 <= chance[1] == pytest.approx(found.power)


@pytest.mark.parametrize("count1", [46, 49])
def test_where_no_rise_can_be_detected_there_is_none(count1: int) -> None:
    assert paired_power((49 - count1) / 49, 0, nobs=49) < 0.8
    assert smallest_detectable_change(count1, 49, 49, design="paired") is None
    assert independent_power(count1 / 49, 49, 1, 49) < 0.8
    assert smallest_detectable_change(count1, 49, 49, design="independent") is None
    assert smallest_detectable_change(count1 - 20, 49, 49, design="independent") is not None


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        ({"gained_share": 1.2}, "gained_share must lie between 0 and 1, got 1.2"),
        ({"lost_share": -0.1}, "lost_share must lie between 0 and 1, got -0.1"),
        ({"lost_share": None}, "lost_share must lie between 0 and 1, got nan"),
        ({"gained_share": "0.3"}, "gained_share must hold numbers of one shape, got '0.3'"),
        ({"gained_share": 0.7, "lost_share": 0.4}, "must not add up to more than 1"),
        ({"nobs": 5.5}, "nobs must be a whole number"),
        ({"nobs": -5}, "nobs must not be negative"),
        ({"method": "fisher"}, "allowed: mid_p, exact, asymptotic"),
        ({"method": ["mid_p"]}, "allowed: mid_p, exact, asymptotic"),
        ({"level": 95}, "level must lie between 0 and 1"),
    ],
)
def test_what_is_no_panel_is_refused(given_: dict[str, Any], said: str) -> None:
    arguments = {"gained_share": 0.3, "lost_share": 0.1, "nobs": 20} | given_
    with pytest.raises(ValueError, match=said):
        paired_power(**arguments)


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        ({"share1": 1.2}, "share1 must lie between 0 and 1, got 1.2"),
        ({"share2": np.nan}, "share2 must lie between 0 and 1, got nan"),
        ({"nobs1": 0.5}, "nobs1 must be a whole number"),
        ({"nobs2": None}, "nobs2 is missing"),
        ({"method": "mid_p"}, "allowed: fisher_mid_p, fisher, boschloo"),
        ({"level": 0}, "level must lie between 0 and 1"),
    ],
)
def test_what_are_no_two_groups_is_refused(given_: dict[str, Any], said: str) -> None:
    arguments = {"share1": 0.3, "nobs1": 9, "share2": 0.1, "nobs2": 8} | given_
    with pytest.raises(ValueError, match=said):
        independent_power(**arguments)


@pytest.mark.parametrize(
    ("counts", "options", "said"),
    [
        ((50, 49, 49), {}, "count1 must not be above nobs1, got 50 of 49"),
        ((5, 49, 48), {}, "nobs1 and nobs2 must be equal when paired, got 49 and 48"),
        ((5, 49, 49), {"lost": 6}, "lost must not be above count1, got 6 of 5"),
        ((5, 49, 49), {"design": "independent", "lost": 1}, "lost is for the paired design only"),
        ((5, 49, 49), {"design": "panel"}, "allowed: paired, independent"),
        ((5, 49, 49), {"method": "fisher"}, "allowed: mid_p, exact, asymptotic"),
        ((5, 49, 49), {"power": 1}, "power must be one number between 0 and 1"),
        ((5, 49, 49), {"power": 80}, "power must lie between 0 and 1, got 80"),
        ((5, 49, 49), {"level": 1}, "level must lie between 0 and 1"),
        ((0, 0, 0), {}, "nobs1 and nobs2 must be at least 1, got 0 and 0"),
        (([5, 6], 49, 49), {}, "must be single numbers, got an array"),
        ((5.5, 49, 49), {}, "count1 must be a whole number"),
    ],
)
def test_what_has_no_smallest_change_is_refused(
    counts: Any, options: dict[str, Any], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        smallest_detectable_change(*counts, **({"design": "paired"} | options))
