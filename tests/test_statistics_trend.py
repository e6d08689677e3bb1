"""Several cycles, held against closed forms, the estimating equations and a published example."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from scipy import optimize, special, stats

from analysis.statistics.paired import mcnemar_pvalue
from analysis.statistics.trend import NotEstimable, cochran_q, gee_trend

stable = settings(deadline=None, derandomize=True, max_examples=100)
few = settings(deadline=None, derandomize=True, max_examples=25)

nan = np.nan


def panel(patterns: dict[str, int]) -> NDArray[np.float64]:
    """One row a respondent from the pattern of its answers; a dot is a missing one."""
    rows = [
        [nan if answer == "." else float(answer) for answer in pattern]
        for pattern, times in patterns.items()
        for _ in range(times)
    ]
    return np.array(rows)


# Growth of diphtheria bacilli on four media, 69 specimens: Cochran (1950), Biometrika 37:256.
MEDIA = panel({"1111": 4, "1101": 2, "0111": 3, "0101": 1, "0000": 59})

# Three cycles, some answers missing.
CYCLES = panel(
    {"000": 14, "001": 6, "011": 5, "111": 9, "010": 2, "100": 2, "110": 2, "101": 1}
    | {"0.1": 3, "00.": 2, ".11": 3, "..1": 1, "0..": 2, ".0.": 1, "1.1": 2, "...": 4}
)


def test_the_published_q_is_met() -> None:
    # Cochran (1950): Q = 8.05 with 3 degrees of freedom.
    found = cochran_q(MEDIA)
    assert found.statistic == pytest.approx(8.05, abs=0.005)
    assert (found.df, found.n) == (3, 69)
    assert found.pvalue == pytest.approx(stats.chi2.sf(153 / 19, 3))


@stable
@given(
    st.integers(2, 5).flatmap(
        lambda cycles: arrays(
            np.float64,
            st.tuples(st.integers(1, 12), st.just(cycles)),
            elements=st.sampled_from([0.0, 1.0, 1.0, 0.0, 0.0, nan]),
        )
    )
)
def test_q_compares_the_yes_of_the_cycles_among_complete_respondents(
    answers: NDArray[np.float64],
) -> None:
    complete = answers[[not np.isnan(row).any() for row in answers]]
    if len(complete) == 0:
        with pytest.raises(NotEstimable, match="no respondent answered in every cycle"):
            cochran_q(answers)
        return
    # The spread of the cycles' counts over what each respondent's own answers let expect.
    counts, cycles = complete.sum(axis=0), complete.shape[1]
    expected = np.var(complete, axis=1, ddof=1).sum()
    q = ((counts - counts.mean()) ** 2).sum() / expected if expected else 0
    found = cochran_q(answers)
    assert found.statistic == pytest.approx(q, abs=1e-9)
    assert (found.df, found.n) == (cycles - 1, len(complete))
    assert found.pvalue == pytest.approx(stats.chi2.sf(q, cycles - 1))


@pytest.mark.parametrize(("gained", "lost"), [(7, 1), (3, 3), (0, 4), (12, 5)])
def test_with_two_cycles_q_is_mcnemars_test(gained: int, lost: int) -> None:
    found = cochran_q(panel({"01": gained, "10": lost, "00": 6, "11": 5}))
    assert found.pvalue == pytest.approx(mcnemar_pvalue(gained, lost, method="asymptotic"))


@pytest.mark.parametrize("patterns", [{"000": 5, "111": 3}, {"11": 4}, {"0000": 1}])
def test_where_nobody_changed_q_is_0_and_p_is_1(patterns: dict[str, int]) -> None:
    found = cochran_q(panel(patterns))
    cycles = len(next(iter(patterns)))
    assert found == (0, cycles - 1, 1, sum(patterns.values()))


@few
@given(*[st.integers(1, 25)] * 4)
def test_with_two_complete_cycles_the_trend_has_a_closed_form(
    gained: int, lost: int, both: int, neither: int
) -> None:
    n = gained + lost + both + neither
    assume(n >= 10)
    found = gee_trend(panel({"01": gained, "10": lost, "11": both, "00": neither}))
    first, second = (lost + both) / n, (gained + both) / n
    slope = special.logit(second) - special.logit(first)
    # The delta method, with the covariance of the two answers of a respondent.
    one, two = first * (1 - first), second * (1 - second)
    variance = (1 / one + 1 / two - 2 * (both / n - first * second) / (one * two)) / n
    reach = 1.959963985 * np.sqrt(variance)
    expected = np.exp([slope, slope - reach, slope + reach])
    assert found[:3] == pytest.approx(expected, rel=1e-6)
    assert found.pvalue == pytest.approx(2 * stats.norm.sf(abs(slope) / np.sqrt(variance)))
    assert (found.n_respondents, found.n_answers) == (n, 2 * n)


def liang_zeger(answers: NDArray[np.float64], times: NDArray[np.float64]) -> tuple[float, float]:
    """The slope and its robust standard error from the equations of Liang and Zeger (1986)."""
    people = [
        (row[~np.isnan(row)], np.column_stack([np.ones(3), times])[~np.isnan(row)])
        for row in answers
        if not np.isnan(row).all()
    ]

    def pieces(beta: NDArray[np.float64]) -> list[tuple[NDArray[np.float64], ...]]:
        found = []
        for yes, design in people:
            mean = special.expit(design @ beta)
            spread = np.sqrt(mean * (1 - mean))
            found.append((design, yes - mean, spread, (yes - mean) / spread))
        return found

    def equations(beta: NDArray[np.float64], alpha: float) -> list[tuple[Any, Any]]:
        parts = []
        for design, residual, spread, _ in pieces(beta):
            working = np.full((len(spread), len(spread)), alpha)
            np.fill_diagonal(working, 1)
            slopes = design * (spread**2)[:, None]
            weighted = slopes.T @ np.linalg.inv(working * np.outer(spread, spread))
            parts.append((weighted @ residual, weighted @ slopes))
        return parts

    def moment(beta: NDArray[np.float64]) -> float:
        """The correlation, both sums less the two parameters, as in their section 3."""
        pearson = [piece[3] for piece in pieces(beta)]
        scale = sum((r**2).sum() for r in pearson) / (sum(map(len, pearson)) - 2)
        pairs = sum(len(r) * (len(r) - 1) / 2 for r in pearson)
        products = sum((r.sum() ** 2 - (r**2).sum()) / 2 for r in pearson)
        return float(products / (pairs - 2) / scale)

    root = optimize.root(
        lambda beta: sum(score for score, _ in equations(beta, moment(beta))),
        np.zeros(2),
        tol=1e-12,
    )
    parts = equations(root.x, moment(root.x))
    bread = np.linalg.inv(sum(slope for _, slope in parts))
    meat = sum(np.outer(score, score) for score, _ in parts)
    return float(root.x[1]), float(np.sqrt((bread @ meat @ bread)[1, 1]))


@pytest.mark.parametrize("times", [[0, 1, 2], [2015, 2018, 2024], [0, 0.1, 0.5]])
@pytest.mark.parametrize("answers", [CYCLES, CYCLES[:40], 1 - CYCLES])
def test_the_trend_solves_the_estimating_equations(
    answers: NDArray[np.float64], times: list[float]
) -> None:
    when = np.array(times, dtype=float)
    found = gee_trend(answers, times=times, level=0.9)
    slope, error = liang_zeger(answers, when - when[0])
    reach = 1.644853627 * error
    expected = np.exp([slope, slope - reach, slope + reach])
    assert found[:3] == pytest.approx(expected, rel=1e-6)
    assert found.pvalue == pytest.approx(2 * stats.norm.sf(abs(slope) / error), rel=1e-6)


def test_respondents_and_answers_are_counted_and_missing_rows_change_nothing() -> None:
    found = gee_trend(CYCLES)
    answered = ~np.isnan(CYCLES)
    assert found.n_respondents == answered.any(axis=1).sum() == len(CYCLES) - 4
    assert found.n_answers == answered.sum()
    more = np.vstack([CYCLES, np.full((5, 3), nan)])
    assert gee_trend(more) == found
    assert cochran_q(more) == cochran_q(CYCLES)
    assert gee_trend(CYCLES[::-1]) == pytest.approx(found)


def test_a_cycle_without_answers_only_spaces_the_others() -> None:
    two = CYCLES[:, [0, 2]]
    found = gee_trend(np.insert(two, 1, nan, axis=1))
    assert found == pytest.approx(gee_trend(two, times=[0, 2]))
    assert gee_trend(two).odds_ratio == pytest.approx(found.odds_ratio**2)


def test_yes_and_no_swapped_give_the_inverse() -> None:
    found, inverse = gee_trend(CYCLES), gee_trend(1 - CYCLES)
    assert inverse.odds_ratio == pytest.approx(1 / found.odds_ratio)
    assert (inverse.low, inverse.high) == pytest.approx((1 / found.high, 1 / found.low))
    assert inverse.pvalue == pytest.approx(found.pvalue)


@pytest.mark.parametrize(
    ("patterns", "reason"),
    [
        ({"000": 20}, "everybody gave the same answer"),
        ({"000": 12, "111": 9, "0..": 3, "..1": 3}, "nobody changed between cycles"),
        ({"01": 4, "10": 3, "00": 2, "1.": 30}, "9 respondents .* 10 are needed"),
        ({"0..": 20, ".1.": 20}, "0 respondents answered in two cycles or more"),
        ({"0..": 9, "1..": 9}, "fewer than two cycles have answers"),
        ({"...": 20}, "fewer than two cycles have answers"),
        ({"001": 8, "011": 8}, "time separates yes from no"),
        ({"100": 8, "110": 8}, "time separates yes from no"),
        ({"01": 8, "00": 8}, "time separates yes from no"),
        ({"010": 4, "000": 20}, "leave the trend no variance"),
        ({"10": 9, "01": 1}, r"comes out as -1\.12, which no answers can have"),
    ],
)
def test_where_there_is_no_trend_to_estimate_the_reason_is_given(
    patterns: dict[str, int], reason: str
) -> None:
    with pytest.raises(NotEstimable, match=reason):
        gee_trend(panel(patterns))


@few
@given(
    arrays(
        np.float64,
        st.tuples(st.integers(10, 20), st.integers(2, 4)),
        elements=st.sampled_from([0.0, 1.0, nan]),
    )
)
def test_any_answers_give_a_trend_or_a_reason(answers: NDArray[np.float64]) -> None:
    before = answers.copy()
    with suppress(NotEstimable):
        found = gee_trend(answers)
        assert 0 < found.low < found.odds_ratio < found.high < np.inf
        assert 0 <= found.pvalue <= 1
    np.testing.assert_array_equal(answers, before)


def test_frames_with_missing_answers_are_taken_and_results_are_plain_numbers() -> None:
    frame = pd.DataFrame(CYCLES, columns=["a", "b", "c"]).astype("Int64")
    before = frame.copy()
    trend, q = gee_trend(frame), cochran_q(frame)
    assert (trend, q) == (gee_trend(CYCLES), cochran_q(CYCLES))
    assert [type(part) for part in trend] == [float] * 4 + [int] * 2
    assert [type(part) for part in q] == [float, int, float, int]
    assert cochran_q(MEDIA.astype(bool)) == cochran_q(MEDIA)
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize("method", [cochran_q, gee_trend])
@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ([[0], [1]], r"two cycles or more, got shape \(2, 1\)"),
        ([0, 1, 1], r"got shape \(3,\)"),
        ([[0, 2]], "answers must be 0, 1 or missing, got 2"),
        ([[0, 0.5]], "answers must be 0, 1 or missing, got 0.5"),
        ([["yes", "no"]], "answers must hold numbers of one shape, got 'yes'"),
        ([[0, 1], [1]], "answers must hold numbers of one shape"),
    ],
)
def test_what_are_no_yes_or_no_answers_is_refused(method: Any, answers: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said) as caught:
        method(answers)
    assert not isinstance(caught.value, NotEstimable)


@pytest.mark.parametrize("times", [[0, 1], [0, 1, 1], [2, 1, 0], [0, 1, None], [0, 1, np.inf], 5])
def test_times_must_rise_one_for_each_cycle(times: Any) -> None:
    with pytest.raises(ValueError, match="times must rise, one for each of 3 cycles"):
        gee_trend(CYCLES, times=times)


@pytest.mark.parametrize("level", [0, 1, 95, nan, "0.95", None])
def test_a_level_outside_0_to_1_is_refused(level: Any) -> None:
    with pytest.raises(ValueError, match="level must lie between 0 and 1"):
        gee_trend(CYCLES, level=level)
