"""Two groups on ordered levels, held against pairs of respondents, SciPy and published examples."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import optimize, special, stats

from analysis.statistics.inputs import NotEstimable
from analysis.statistics.ordinal import brunner_munzel, mann_whitney, ordered_logit

stable = settings(deadline=None, derandomize=True, max_examples=100)
few = settings(deadline=None, derandomize=True, max_examples=25)

METHODS = (mann_whitney, brunner_munzel, ordered_logit)

# Pain scores 1 to 5 on the third day after surgery, treatments Y and N: Brunner and Munzel (2000).
PAIN = ([11, 2, 0, 1, 0], [3, 1, 4, 2, 1])
# Postoperative nausea, and restrictiveness of placement: Fagerland, Lydersen and Laake (2017),
# Statistical Analysis of Contingency Tables, chapter 6.
NAUSEA = ([14, 10, 3, 2], [11, 7, 8, 4])
PLACEMENT = ([8, 28, 72, 126], [46, 73, 69, 86])

levels = st.lists(
    st.tuples(st.integers(0, 3) | st.integers(0, 25), st.integers(0, 3) | st.integers(0, 25)),
    min_size=2,
    max_size=5,
)


def answers(counts: Any) -> NDArray[np.int64]:
    """Each respondent's level."""
    return np.repeat(np.arange(len(counts)), counts)


def superiority(counts1: Any, counts2: Any) -> float:
    """Over every pair of respondents: won by the second, ties half."""
    first, second = answers(counts1), answers(counts2)
    return float(np.mean((np.sign(second[:, None] - first) + 1) / 2))


def split(pairs: list[tuple[int, int]]) -> tuple[list[int], list[int]]:
    first, second = zip(*pairs, strict=True)
    return list(first), list(second)


@stable
@given(levels)
def test_mann_whitney_is_the_tie_corrected_normal_approximation(
    pairs: list[tuple[int, int]],
) -> None:
    c1, c2 = split(pairs)
    n1, n2 = sum(c1), sum(c2)
    if 0 in (n1, n2):
        with pytest.raises(NotEstimable, match="group has 0 answers, 1 are needed"):
            mann_whitney(c1, c2)
        return
    found = mann_whitney(c1, c2)
    assert found.superiority == pytest.approx(superiority(c1, c2))
    assert found.statistic == pytest.approx(found.superiority * n1 * n2)
    assert (found.n1, found.n2) == (n1, n2)
    # The variance of a rank sum when n2 of all midranks are drawn without replacement.
    ranks = stats.rankdata(np.concatenate([answers(c1), answers(c2)]))
    variance = n1 * n2 / (n1 + n2) * np.var(ranks, ddof=1)
    away = max(abs(found.statistic - n1 * n2 / 2) - 0.5, 0)
    expected = 2 * stats.norm.sf(away / np.sqrt(variance)) if variance else 1
    assert found.pvalue == pytest.approx(min(expected, 1))


@pytest.mark.parametrize(
    ("pair", "exact"), [(NAUSEA, 0.14950), (([7, 5, 1, 1], [5, 3, 4, 2]), 0.23854)]
)
def test_the_published_exact_rank_test_is_met_and_the_approximation_comes_close(
    pair: Any, exact: float
) -> None:
    # Fagerland, Lydersen and Laake (2017), chapter 6, and their R package contingencytables:
    # the exact conditional linear rank test with midranks.
    assert mann_whitney(*pair, method="exact").pvalue == pytest.approx(exact, abs=5e-6)
    assert mann_whitney(*pair).pvalue == pytest.approx(exact, abs=0.01)


@few
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=4).filter(
        lambda pairs: all(map(sum, zip(*pairs, strict=True)))
    )
)
def test_the_exact_p_counts_every_way_of_dealing_the_answers(pairs: list[tuple[int, int]]) -> None:
    c1, c2 = split(pairs)
    ranks = stats.rankdata(np.concatenate([answers(c1), answers(c2)]))
    observed = ranks[: sum(c1)].sum()
    sums = np.array([sum(drawn) for drawn in combinations(ranks.tolist(), sum(c1))])
    expected = min(1, 2 * min(np.mean(sums <= observed), np.mean(sums >= observed)))
    assert mann_whitney(c1, c2, method="exact").pvalue == pytest.approx(expected)


def test_exact_is_for_small_groups_and_agrees_with_the_approximation_in_larger_ones() -> None:
    large = ([20, 30, 25, 15, 10], [15, 20, 25, 25, 15])
    exact, rough = (mann_whitney(*large, method=method) for method in ("exact", "asymptotic"))
    assert exact.pvalue == pytest.approx(rough.pvalue, rel=0.005)
    with pytest.raises(ValueError, match="exact is for 200 answers or fewer, got 201"):
        mann_whitney([20, 31, 25, 15, 10], large[1], method="exact")
    with pytest.raises(ValueError, match="allowed: asymptotic, exact"):
        mann_whitney(*large, method="auto")


def test_the_published_pain_scores_are_met() -> None:
    # R package lawstat, brunner.munzel.test, following Neubert and Brunner (2007).
    found = brunner_munzel(*PAIN)
    assert found.statistic == pytest.approx(3.1375, abs=5e-5)
    assert found.df == pytest.approx(17.683, abs=5e-4)
    assert found.pvalue == pytest.approx(0.005786, abs=5e-7)
    assert found.superiority == pytest.approx(0.788961, abs=5e-7)
    assert (found.low, found.high) == pytest.approx((0.5952169, 0.9827052), abs=5e-8)
    assert (found.n1, found.n2) == (14, 11)


@stable
@given(levels)
def test_brunner_munzel_is_scipys_where_the_variance_is_not_zero(
    pairs: list[tuple[int, int]],
) -> None:
    c1, c2 = split(pairs)
    if min(sum(c1), sum(c2)) < 2:
        with pytest.raises(NotEstimable, match="2 are needed"):
            brunner_munzel(c1, c2)
        return
    share = superiority(c1, c2)
    alike = len({*answers(c1).tolist(), *answers(c2).tolist()}) == 1
    if share in (0, 1) or alike:
        with pytest.raises(NotEstimable, match="everybody is on one" if alike else "lies above"):
            brunner_munzel(c1, c2)
        return
    found = brunner_munzel(c1, c2)
    expected = stats.brunnermunzel(answers(c1), answers(c2))
    assert found.superiority == pytest.approx(share)
    assert found.statistic == pytest.approx(expected.statistic, abs=1e-9)
    assert found.pvalue == pytest.approx(expected.pvalue, abs=1e-9)
    assert 0 <= found.low <= share <= found.high <= 1
    # The interval holds a half exactly where the test does not reject it.
    assert (found.low <= 0.5 <= found.high) == (found.pvalue >= 0.05)


def test_a_level_asks_for_a_wider_or_narrower_interval() -> None:
    wide, narrow = brunner_munzel(*PAIN, level=0.99), brunner_munzel(*PAIN, level=0.5)
    assert wide.low < narrow.low < narrow.high < wide.high == 1
    wide_odds, narrow_odds = ordered_logit(*PAIN, level=0.99), ordered_logit(*PAIN, level=0.5)
    assert wide_odds.low < narrow_odds.low < narrow_odds.high < wide_odds.high


def test_the_published_odds_ratios_are_met() -> None:
    # Fagerland, Lydersen and Laake (2017), chapter 6: OR 0.318 (0.228 to 0.444); Z 1.472 in size,
    # P = 0.14097.
    found = ordered_logit(*PLACEMENT)
    assert found[:3] == pytest.approx((0.318, 0.228, 0.444), abs=5e-4)
    nausea = ordered_logit(*NAUSEA)
    assert nausea.pvalue == pytest.approx(0.14097, abs=5e-6)
    error = np.log(nausea.high / nausea.low) / (2 * 1.959964)
    assert np.log(nausea.odds_ratio) / error == pytest.approx(1.472, abs=5e-4)


@few
@given(*[st.integers(1, 60)] * 4)
def test_with_two_levels_it_is_the_odds_ratio_of_the_table(a: int, b: int, c: int, d: int) -> None:
    found = ordered_logit([a, b], [c, d])
    ratio, error = a * d / (b * c), np.sqrt(1 / a + 1 / b + 1 / c + 1 / d)  # Woolf (1955)
    assert found.odds_ratio == pytest.approx(ratio, rel=1e-6)
    reach = np.exp(1.959963985 * error)
    assert (found.low, found.high) == pytest.approx((ratio / reach, ratio * reach), rel=1e-4)
    assert found.pvalue == pytest.approx(2 * stats.norm.sf(abs(np.log(ratio)) / error), rel=1e-3)


def proportional_odds(counts1: list[int], counts2: list[int]) -> tuple[float, float]:
    """The log odds ratio and its standard error, from the score equations themselves."""
    both = np.array([counts1, counts2], dtype=float)
    both = both[:, both.sum(axis=0) > 0]
    cuts = both.shape[1] - 1

    def score(parameters: NDArray[np.float64]) -> NDArray[np.float64]:
        below = special.expit(parameters[:-1] - parameters[-1] * np.array([[0], [1]]))
        chance = np.diff(below, prepend=0, append=1, axis=1)
        weight = both / chance
        by_cut = below * (1 - below) * (weight[:, :-1] - weight[:, 1:])
        return np.append(by_cut.sum(axis=0), -by_cut[1].sum())

    shares = both.sum(axis=0).cumsum()[:-1] / both.sum()
    # Towards the answer in short steps, since the score means nothing where cuts are out of order.
    at = np.append(special.logit(shares), 0.0)
    for _ in range(200):
        information = -optimize.approx_fprime(at, score, 1e-7)
        step = np.linalg.solve(information, score(at))
        while (np.diff((at + step)[:-1]) <= 0).any() or np.abs(step).max() > 1:
            step /= 2
        at = at + step
        if np.abs(step).max() < 1e-11:
            break
    h = 1e-5
    columns = [(score(at + e) - score(at - e)) / (2 * h) for e in h * np.eye(cuts + 1)]
    return float(at[-1]), float(np.sqrt(np.linalg.inv(-np.array(columns))[-1, -1]))


@pytest.mark.parametrize(
    ("counts1", "counts2"),
    [
        NAUSEA,
        PLACEMENT,
        PAIN,
        ([3, 22, 175], [4, 2, 4]),  # Newton's method alone ends at an odds ratio of 1e34 here
        ([2, 0, 2, 1, 3], [39, 9, 2, 0, 0]),
        ([193, 0, 7], [2, 0, 1]),
        ([1, 0, 5, 9, 20, 2], [0, 3, 1, 15, 9, 0]),
    ],
)
def test_it_solves_the_score_equations(counts1: list[int], counts2: list[int]) -> None:
    found = ordered_logit(counts1, counts2)
    estimate, error = proportional_odds(counts1, counts2)
    assert found.odds_ratio == pytest.approx(np.exp(estimate), rel=1e-6)
    reach = np.exp(1.959963985 * error)
    ends = np.exp(estimate) / reach, np.exp(estimate) * reach
    assert (found.low, found.high) == pytest.approx(ends, rel=1e-4)


@pytest.mark.parametrize(
    ("counts1", "counts2"), [([5, 5, 0], [0, 3, 4]), ([0, 0, 2], [1, 1, 0]), ([4, 0], [4, 3])]
)
def test_where_one_group_nowhere_lies_below_the_other_there_is_no_odds_ratio(
    counts1: list[int], counts2: list[int]
) -> None:
    for pair in ((counts1, counts2), (counts2, counts1)):
        with pytest.raises(NotEstimable, match="odds ratio has no finite value"):
            ordered_logit(*pair)


def test_everybody_on_one_level_is_told_apart() -> None:
    assert mann_whitney([0, 4], [0, 9]) == (0.5, 18, 1, 4, 9)
    for method in (brunner_munzel, ordered_logit):
        with pytest.raises(NotEstimable, match="everybody is on one level"):
            method([0, 4], [0, 9])


@pytest.mark.parametrize("pair", [NAUSEA, PLACEMENT, PAIN])
def test_the_groups_swapped_or_the_levels_reversed_give_the_mirror_image(pair: Any) -> None:
    first, second = pair
    for mirrored in ((second, first), (first[::-1], second[::-1])):
        rank, other = mann_whitney(first, second), mann_whitney(*mirrored)
        assert other.superiority == pytest.approx(1 - rank.superiority)
        assert other.pvalue == pytest.approx(rank.pvalue)
        share, opposite = brunner_munzel(first, second), brunner_munzel(*mirrored)
        assert (opposite.low, opposite.high) == pytest.approx((1 - share.high, 1 - share.low))
        odds, inverse = ordered_logit(first, second), ordered_logit(*mirrored)
        assert inverse.odds_ratio == pytest.approx(1 / odds.odds_ratio, rel=1e-6)
        assert inverse.low == pytest.approx(1 / odds.high, rel=1e-4)


@pytest.mark.parametrize("method", METHODS)
def test_a_level_that_nobody_used_changes_nothing(method: Any) -> None:
    first, second = (np.insert(np.array(counts), 2, 0) for counts in NAUSEA)
    assert method(first, second) == pytest.approx(method(*NAUSEA), rel=1e-7)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("counts1", "counts2", "said"),
    [
        ([1, 2], [1, 2, 3], "same categories"),
        ([[1, 2]], [[1, 2]], "same categories"),
        ([1, -2], [1, 2], "counts1 must not be negative"),
        ([1, 2], [1, 0.5], "counts2 must be a whole number"),
        ([1, 2], [1, None], "counts2 is missing"),
    ],
)
def test_what_is_no_pair_of_counts_is_refused(
    method: Any, counts1: Any, counts2: Any, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        method(counts1, counts2)


@pytest.mark.parametrize("method", METHODS)
def test_labels_must_agree_and_results_are_plain_numbers(method: Any) -> None:
    first, second = (pd.Series(counts, index=list("abcd")) for counts in NAUSEA)
    found = method(first, second)
    assert found == method(*NAUSEA)
    assert {type(part) for part in found} <= {int, float}
    with pytest.raises(ValueError, match="same labels"):
        method(first, second[::-1])


@pytest.mark.parametrize("method", [brunner_munzel, ordered_logit])
@pytest.mark.parametrize("level", [0, 1, 95, -0.5, np.nan, "0.95", None])
def test_a_level_outside_0_to_1_is_refused(method: Any, level: Any) -> None:
    with pytest.raises(ValueError, match="level must lie between 0 and 1"):
        method(*NAUSEA, level=level)
