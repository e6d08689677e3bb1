"""Intervals for one proportion, held against published tables, exact sums and other software."""

from __future__ import annotations

from fractions import Fraction
from math import comb
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from analysis.statistics.proportion import METHODS, proportion_interval

stable = settings(deadline=None, derandomize=True, max_examples=150)

# Those that need no population.
INFINITE = [method for method in METHODS if method != "hypergeometric"]
TABLES = np.array([(count, nobs) for nobs in range(1, 41) for count in range(nobs + 1)]).T


@st.composite
def answered(draw: st.DrawFn, most: int = 300) -> tuple[int, int]:
    nobs = draw(st.integers(1, most))
    return draw(st.integers(0, nobs)), nobs


@pytest.mark.parametrize(
    ("method", "pair", "low", "high"),
    [
        # Newcombe 1998 (Stat Med 17:857), Table I: methods 3, 4, 5 and 6.
        ("wilson", (81, 263), 0.2553, 0.3662),
        ("wilson", (15, 148), 0.0624, 0.1605),
        ("wilson", (0, 20), 0, 0.1611),
        ("wilson", (1, 29), 0.0061, 0.1718),
        ("wilson_cc", (81, 263), 0.2535, 0.3682),
        ("wilson_cc", (15, 148), 0.0598, 0.1644),
        ("wilson_cc", (0, 20), 0, 0.2005),
        ("wilson_cc", (1, 29), 0.0018, 0.1963),
        ("clopper_pearson", (81, 263), 0.2527, 0.3676),
        ("clopper_pearson", (15, 148), 0.0578, 0.1617),
        ("clopper_pearson", (0, 20), 0, 0.1684),
        ("clopper_pearson", (1, 29), 0.0009, 0.1776),
        ("mid_p", (81, 263), 0.2544, 0.3658),
        ("mid_p", (15, 148), 0.0601, 0.1581),
        ("mid_p", (0, 20), 0, 0.1391),
        ("mid_p", (1, 29), 0.0017, 0.1585),
        # Fagerland, Lydersen and Laake 2017 (Statistical Analysis of Contingency Tables), chapter
        # 2, as printed by the R package contingencytables.
        ("wilson", (13, 16), 0.5699, 0.9341),
        ("wilson_cc", (13, 16), 0.5369, 0.9503),
        ("clopper_pearson", (13, 16), 0.5435, 0.9595),
        ("mid_p", (13, 16), 0.5699, 0.9500),
    ],
)
def test_the_published_examples_come_out_to_the_last_digit(
    method: str, pair: tuple[int, int], low: float, high: float
) -> None:
    found = proportion_interval(*pair, method=method)
    assert [round(end, 4) for end in found] == [low, high]


@pytest.mark.parametrize(
    ("method", "name"),
    [("wilson", "wilson"), ("clopper_pearson", "beta"), ("agresti_coull", "agresti_coull")],
)
@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.999])
def test_statsmodels_gives_the_same_interval(method: str, name: str, level: float) -> None:
    with np.errstate(all="ignore"):
        expected = proportion_confint(*TABLES, alpha=1 - level, method=name)
    found = proportion_interval(*TABLES, method=method, level=level)
    np.testing.assert_allclose(found, np.clip(expected, 0, 1), rtol=0, atol=1e-13)


@pytest.mark.parametrize("level", [0.9, 0.95])
def test_scipy_gives_the_same_interval_with_continuity_correction(level: float) -> None:
    low, high = proportion_interval(*TABLES, method="wilson_cc", level=level)
    for index, (count, nobs) in enumerate(TABLES.T.tolist()):
        test = stats.binomtest(count, nobs)
        found = test.proportion_ci(confidence_level=level, method="wilsoncc")
        assert (low[index], high[index]) == pytest.approx((found.low, found.high), abs=1e-13)


def exact_tails(count: int, nobs: int, share: float) -> tuple[Fraction, Fraction]:
    """P(X > count) and P(X = count) of a binomial, in rational arithmetic."""
    yes = Fraction(share)
    terms = [comb(nobs, x) * yes**x * (1 - yes) ** (nobs - x) for x in range(count, nobs + 1)]
    return sum(terms[1:], start=Fraction(0)), terms[0]


@pytest.mark.parametrize("level", [0.9, 0.95, 0.99])
@pytest.mark.parametrize(("method", "weight"), [("clopper_pearson", 1.0), ("mid_p", 0.5)])
@pytest.mark.parametrize(
    ("count", "nobs"), [(1, 1), (1, 2), (1, 29), (7, 10), (16, 49), (15, 148), (148, 148)]
)
def test_at_the_lower_end_the_exact_tail_is_half_of_what_the_level_leaves(
    method: str, weight: float, count: int, nobs: int, level: float
) -> None:
    low, _ = proportion_interval(count, nobs, method=method, level=level)
    _, mirrored = proportion_interval(nobs - count, nobs, method=method, level=level)
    above, equal = exact_tails(count, nobs, low)
    assert float(above + Fraction(weight) * equal) == pytest.approx((1 - level) / 2, rel=1e-11)
    assert mirrored == pytest.approx(1 - low, abs=1e-15)


@pytest.mark.parametrize("nobs", [1, 5, 20, 57, 1000])
def test_the_mid_p_interval_of_none_has_a_closed_form(nobs: int) -> None:
    # Half of (1 - share) ** nobs is half of 1 - level.
    low, high = proportion_interval(0, nobs, method="mid_p", level=0.95)
    assert (low, high) == (0, pytest.approx(1 - 0.05 ** (1 / nobs), abs=1e-14))


@pytest.mark.parametrize(("method", "correction"), [("wilson", 0.0), ("wilson_cc", 0.5)])
def test_at_its_ends_the_score_statistic_is_the_normal_quantile(
    method: str, correction: float
) -> None:
    count, nobs = TABLES[:, TABLES[0] > 0]
    low, _ = proportion_interval(count, nobs, method=method, level=0.9)
    statistic = (count - correction - nobs * low) / np.sqrt(nobs * low * (1 - low))
    np.testing.assert_allclose(statistic, stats.norm.ppf(0.95), rtol=1e-9)


@pytest.mark.parametrize("method", INFINITE)
def test_the_ends_are_exact_where_nobody_or_everybody_said_yes(method: str) -> None:
    for nobs in (1, 2, 20, 57, 100_000):
        none, every = (proportion_interval(c, nobs, method=method) for c in (0, nobs))
        assert none[0] == 0
        assert every[1] == 1
        assert 0 < none[1] == pytest.approx(1 - every[0], abs=1e-15)
    low, high = proportion_interval([0, 3, 0], [3, 3, 0], method=method)
    assert (low[[0, 2]].tolist(), high[1:].tolist()) == ([0, 0], [1, 1])


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("level", [0.01, 0.95, 0.999999])
def test_of_no_answers_nothing_is_known(method: str, level: float) -> None:
    whole = {"population": 57} if method == "hypergeometric" else {}
    assert proportion_interval(0, 0, method=method, level=level, **whole) == (0.0, 1.0)


@stable
@given(answered(), st.floats(0.5, 0.999), st.sampled_from(INFINITE))
def test_the_interval_holds_the_estimate_and_grows_with_the_level(
    pair: tuple[int, int], level: float, method: str
) -> None:
    count, nobs = pair
    low, high = proportion_interval(count, nobs, method=method, level=level)
    assert 0 <= low <= high <= 1
    assert low - 1e-12 <= count / nobs <= high + 1e-12
    wider = proportion_interval(count, nobs, method=method, level=(1 + level) / 2)
    assert wider[0] <= low
    assert high <= wider[1]
    mirrored = proportion_interval(nobs - count, nobs, method=method, level=level)
    assert mirrored == pytest.approx((1 - high, 1 - low), abs=1e-12)


@stable
@given(answered(), st.floats(0.5, 0.999))
def test_a_correction_only_widens_and_half_a_probability_only_narrows(
    pair: tuple[int, int], level: float
) -> None:
    def ends(method: str) -> tuple[float, float]:
        return proportion_interval(*pair, method=method, level=level)

    for narrow, wide in (("wilson", "wilson_cc"), ("mid_p", "clopper_pearson")):
        assert ends(wide)[0] <= ends(narrow)[0] + 1e-15
        assert ends(narrow)[1] <= ends(wide)[1] + 1e-15


@pytest.mark.parametrize("method", INFINITE)
def test_one_more_yes_moves_both_ends_up(method: str) -> None:
    low, high = proportion_interval(np.arange(50), 49, method=method)
    # Agresti-Coull cuts the first ends at 0 and the last at 1.
    assert (np.diff(low[low > 0]) > 0).all()
    assert (np.diff(high[high < 1]) > 0).all()


@pytest.mark.parametrize(
    ("method", "least", "mean"),
    [
        # Brown, Cai and DasGupta 2001: exact methods never fall below the level, the others
        # scatter about it.
        ("clopper_pearson", 0.95, (0.965, 0.99)),
        ("wilson_cc", 0.94, (0.965, 0.99)),
        ("agresti_coull", 0.92, (0.95, 0.975)),
        ("mid_p", 0.91, (0.95, 0.97)),
        ("wilson", 0.83, (0.945, 0.965)),
    ],
)
@pytest.mark.parametrize("nobs", [12, 49])
def test_the_interval_covers_the_truth_as_often_as_the_method_promises(
    method: str, least: float, mean: tuple[float, float], nobs: int
) -> None:
    counts = np.arange(nobs + 1)
    low, high = proportion_interval(counts, nobs, method=method)
    shares = np.linspace(0.001, 0.999, 999)[:, np.newaxis]
    held = (low <= shares) & (shares <= high)
    coverage = (stats.binom.pmf(counts, nobs, shares) * held).sum(axis=1)
    assert coverage.min() >= least - 1e-9
    assert mean[0] <= coverage.mean() <= mean[1]


def test_wilson_is_the_default() -> None:
    assert proportion_interval(16, 49) == proportion_interval(16, 49, method="wilson")


def test_arrays_broadcast_and_scalars_stay_scalars() -> None:
    for method in INFINITE:
        low, high = proportion_interval([[0], [16]], [49, 57], method=method)
        assert low.shape == high.shape == (2, 2)
        assert (low[1, 0], high[1, 0]) == proportion_interval(16, 49, method=method)
        single = proportion_interval(np.int64(16), 49.0, method=method)
        assert [type(end) for end in single] == [float, float]
        assert proportion_interval([], [], method=method)[0].shape == (0,)


@pytest.mark.parametrize("method", INFINITE)
def test_a_population_that_is_not_used_is_refused(method: str) -> None:
    with pytest.raises(ValueError, match=f"{method!r} does not use a population, got 57"):
        proportion_interval(16, 49, method=method, population=57)


@pytest.mark.parametrize(
    ("given_", "words"),
    [
        ({"method": "wald"}, "unknown method 'wald'; allowed: wilson, wilson_cc, .*hypergeometric"),
        ({"method": None}, "unknown method None"),
        ({"method": "hypergeometric"}, "needs the size of the population"),
        ({"level": 95}, "level must lie between 0 and 1, got 95"),
        ({"level": "0.95"}, "level must lie between 0 and 1, got '0.95'"),
        ({"count": 6}, "count must not be above nobs, got 6 of 5"),
        ({"count": None}, "count is missing"),
        ({"nobs": "5"}, "nobs must be a whole number, got '5'"),
        ({"nobs": [5, 2.5]}, "nobs must be a whole number, got 2.5"),
    ],
)
def test_wrong_input_is_named(given_: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        proportion_interval(**{"count": 1, "nobs": 5, **given_})


def test_nothing_that_is_given_is_changed() -> None:
    counts, nobs = np.array([1, 2]), np.array([5, 5])
    for method in INFINITE:
        proportion_interval(counts, nobs, method=method)
    assert (counts.tolist(), nobs.tolist()) == ([1, 2], [5, 5])
