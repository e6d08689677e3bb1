"""Agreement of rankings, held against the definitions, Friedman's test and published examples."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, permutations
from math import sqrt
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.statistics.inputs import NotEstimable
from analysis.statistics.ranking import kendall_tau, kendall_w

stable = settings(deadline=None, derandomize=True, max_examples=150)

# Lightness and panel score of nine lots of tuna: Hollander and Wolfe (1973), page 187.
LIGHTNESS = [44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2, 60.1]
PANEL = [2.6, 3.1, 2.5, 5.0, 3.6, 4.0, 5.2, 2.8, 3.8]

# Anxiety of 20 persons, by three raters: R packages irr and DescTools.
ANXIETY = [
    [3, 3, 3, 4, 5, 5, 2, 3, 5, 2, 2, 6, 1, 5, 2, 2, 1, 2, 4, 3],
    [3, 6, 4, 6, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4],
    [2, 1, 4, 4, 3, 2, 1, 6, 1, 1, 1, 2, 3, 3, 1, 1, 3, 3, 2, 2],
]

# Ways of rounding first base, 22 players: Hollander and Wolfe (1973), page 140.
ROUNDING = np.array(
    (
        "5.40 5.50 5.55 5.85 5.70 5.75 5.20 5.60 5.50 5.55 5.50 5.40 5.90 5.85 5.70 "
        "5.45 5.55 5.60 5.40 5.40 5.35 5.45 5.50 5.35 5.25 5.15 5.00 5.85 5.80 5.70 "
        "5.25 5.20 5.10 5.65 5.55 5.45 5.60 5.35 5.45 5.05 5.00 4.95 5.50 5.50 5.40 "
        "5.45 5.55 5.50 5.55 5.55 5.35 5.45 5.50 5.55 5.50 5.45 5.25 5.65 5.60 5.40 "
        "5.70 5.65 5.55 6.30 6.30 6.25"
    ).split(),
    dtype=float,
).reshape(22, 3)


def tau_b(first: Any, second: Any) -> float:
    """Kendall (1945): concordant less discordant pairs, over the pairs not tied in either."""
    signs = [
        (np.sign(a - c), np.sign(b - d))
        for (a, b), (c, d) in combinations(zip(first, second, strict=True), 2)
    ]
    untied = sqrt(sum(a != 0 for a, _ in signs) * sum(b != 0 for _, b in signs))
    return float(sum(a * b for a, b in signs) / untied)


def test_the_published_tau_is_met() -> None:
    # R's cor.test: tau 0.4444444, one-sided exact p 0.05972.
    found = kendall_tau(LIGHTNESS, PANEL)
    assert found.tau == pytest.approx(0.4444444, abs=5e-8)
    assert found.pvalue == pytest.approx(2 * 0.05972, abs=1e-5)


@stable
@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=2, max_size=12))
def test_tau_is_that_of_all_pairs(pairs: list[tuple[int, int]]) -> None:
    first, second = zip(*pairs, strict=True)
    assume(len(set(first)) > 1 < len(set(second)))
    found = kendall_tau(first, second)
    assert found.tau == pytest.approx(tau_b(first, second))
    assert 0 <= found.pvalue <= 1
    assert kendall_tau(second, first) == pytest.approx(found)
    opposite = kendall_tau(first, [-score for score in second])
    assert opposite == pytest.approx((-found.tau, found.pvalue))


@pytest.mark.parametrize("second", [(2, 1, 3, 5, 4, 6), (4, 6, 5, 2, 3, 1), (3, 1, 6, 2, 5, 4)])
def test_without_ties_p_counts_the_permutations(second: tuple[int, ...]) -> None:
    first = range(1, 7)
    found = kendall_tau(first, second)
    taus = [tau_b(first, other) for other in permutations(first)]
    assert found.pvalue == pytest.approx(np.mean([abs(t) >= abs(found.tau) - 1e-9 for t in taus]))


def test_the_published_concordances_are_met() -> None:
    # DescTools: KendallW(anxiety, TRUE) is 0.5396569; irr prints Chisq(19) = 30.8.
    anxiety = kendall_w(ANXIETY)
    assert anxiety.w == pytest.approx(0.5396569, abs=5e-8)
    assert anxiety.statistic == pytest.approx(30.8, abs=0.05)
    assert anxiety.df == 19
    # R's friedman.test: chi-squared 11.1429, df 2, p 0.003805.
    rounding = kendall_w(ROUNDING)
    assert rounding.statistic == pytest.approx(11.1429, abs=5e-5)
    assert (rounding.w, rounding.df) == (pytest.approx(11.1429 / 44, abs=5e-6), 2)
    assert rounding.pvalue == pytest.approx(0.003805, abs=5e-7)
    # Siegel (1956), Nonparametric Statistics, chapter 9: s = 25.5 and W = .16.
    siegel = kendall_w([[1, 6, 3, 2, 5, 4], [1, 5, 6, 4, 2, 3], [6, 3, 2, 5, 4, 1]])
    assert siegel.w == pytest.approx(12 * 25.5 / (9 * (6**3 - 6)))


@stable
@given(
    st.integers(2, 6).flatmap(
        lambda items: st.lists(
            st.lists(st.integers(1, 4), min_size=items, max_size=items), min_size=2, max_size=6
        )
    )
)
def test_w_is_that_of_the_textbook_and_of_friedman(rankings: list[list[int]]) -> None:
    raters, items = len(rankings), len(rankings[0])
    if all(len(set(row)) == 1 for row in rankings):
        with pytest.raises(NotEstimable, match="every rater puts all items level"):
            kendall_w(rankings)
        return
    found = kendall_w(rankings)
    # Siegel and Castellan (1988), chapter 9: from squared rank sums and tied groups.
    sums = sum(stats.rankdata(row) for row in rankings)
    ties = sum(size**3 - size for row in rankings for size in Counter(row).values())
    above = 12 * sum(sums**2) - 3 * raters**2 * items * (items + 1) ** 2
    w = above / (raters**2 * items * (items**2 - 1) - raters * ties)
    assert found.w == pytest.approx(w, abs=1e-12)
    assert 0 <= found.w <= 1 + 1e-12
    assert (found.statistic, found.df) == (pytest.approx(raters * (items - 1) * w), items - 1)
    if items > 2:
        friedman = stats.friedmanchisquare(*np.array(rankings).T)
        assert found.statistic == pytest.approx(friedman.statistic)
        assert found.pvalue == pytest.approx(friedman.pvalue)


def test_full_agreement_is_1_and_a_change_of_scale_is_none() -> None:
    assert kendall_w([[1, 2, 3, 4]] * 3).w == pytest.approx(1)
    assert kendall_w([[1, 2, 3, 4], [4, 3, 2, 1]]) == (0, 0, 3, 1)
    scores = [[10, 200, 3000], [0.1, 0.3, 0.2]]
    assert kendall_w(scores) == kendall_w([[1, 2, 3], [1, 3, 2]])
    assert kendall_tau(LIGHTNESS, PANEL) == kendall_tau(np.exp(np.array(LIGHTNESS) - 50), PANEL)


def test_frames_are_taken_left_as_they_were_and_results_are_plain_numbers() -> None:
    frame = pd.DataFrame(ANXIETY)
    before = frame.copy()
    assert kendall_w(frame) == kendall_w(ANXIETY)
    assert [type(part) for part in kendall_w(frame)] == [float, float, int, float]
    found = kendall_tau(pd.Series(LIGHTNESS), pd.Series(PANEL))
    assert [type(part) for part in found] == [float, float]
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize(
    ("first", "second", "kind", "said"),
    [
        ([1, 1, 1], [1, 2, 3], NotEstimable, "the first ranking puts all items level"),
        ([1, 2, 3], [2, 2, 2], NotEstimable, "the second ranking puts all items level"),
        ([1], [1], NotEstimable, "there are 1 items to rank, 2 are needed"),
        ([1, 2], [1, 2, 3], ValueError, r"same items, got shapes \(2,\) and \(3,\)"),
        ([[1, 2]], [[1, 2]], ValueError, r"same items, got shapes \(1, 2\) and \(1, 2\)"),
        ([1, None], [1, 2], ValueError, "first must hold a finite number for every item"),
        ([1, 2], [1, np.inf], ValueError, "second must hold a finite number for every item"),
        (["a", "b"], [1, 2], ValueError, "first must hold numbers of one shape, got 'a'"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    first: Any, second: Any, kind: type[ValueError], said: str
) -> None:
    with pytest.raises(kind, match=said):
        kendall_tau(first, second)


@pytest.mark.parametrize(
    ("rankings", "said"),
    [
        ([[1, 2, 3]], r"two raters .* got shape \(1, 3\)"),
        ([[1], [1]], r"two items .* got shape \(2, 1\)"),
        ([1, 2, 3], r"got shape \(3,\)"),
        ([[1, 2], [2, pd.NA]], "rankings must hold a finite number for every item"),
        ([[1, 2], [2]], "rankings must hold numbers of one shape"),
    ],
)
def test_what_is_no_table_of_rankings_is_refused(rankings: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        kendall_w(rankings)
