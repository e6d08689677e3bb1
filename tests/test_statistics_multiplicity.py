"""Adjusted p-values, held against the procedures themselves and a published example."""

from __future__ import annotations

from math import inf
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from analysis.statistics.multiplicity import METHODS, adjust_pvalues, family_size

stable = settings(deadline=None, derandomize=True, max_examples=150)

# The 15 p-values of Benjamini and Hochberg (1995), section 4.1.
THROMBOLYSIS = [
    *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344),
    *(0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000),
]


def holm_rejects(pvalues: list[float], alpha: float) -> list[bool]:
    """Holm (1979): from the smallest up, until one is too large for the tests that are left."""
    rejected = [False] * len(pvalues)
    order = sorted(range(len(pvalues)), key=pvalues.__getitem__)
    for done, index in enumerate(order):
        if pvalues[index] * (len(pvalues) - done) > alpha:
            break
        rejected[index] = True
    return rejected


def bh_rejects(pvalues: list[float], alpha: float) -> list[bool]:
    """Benjamini and Hochberg (1995): every one up to the largest that is small for its rank."""
    ranked = sorted(pvalues)
    small = [p for rank, p in enumerate(ranked, start=1) if p * len(ranked) <= rank * alpha]
    return [p <= max(small, default=-inf) for p in pvalues]


PROCEDURES = {"holm": holm_rejects, "bh": bh_rejects}
families = st.lists(st.floats(0, 1), min_size=1, max_size=12)


def test_the_published_example_rejects_three_and_four() -> None:
    # Benjamini and Hochberg (1995): four by their procedure at 0.05, three by the older ones.
    assert (adjust_pvalues(THROMBOLYSIS, method="bh") <= 0.05).sum() == 4
    assert (adjust_pvalues(THROMBOLYSIS, method="holm") <= 0.05).sum() == 3


def test_adjusted_values_are_those_of_the_definitions() -> None:
    # Worked by hand: Holm .01 * 4, .02 * 3, .03 * 2 raised to .06, .5; BH .01 * 4, .03 * 4 / 3.
    assert adjust_pvalues([0.5, 0.01, 0.03, 0.02]) == pytest.approx([0.5, 0.04, 0.06, 0.06])
    found = adjust_pvalues([0.5, 0.01, 0.03, 0.02], method="bh")
    assert found == pytest.approx([0.5, 0.04, 0.04, 0.04])


@pytest.mark.parametrize(("method", "name"), [("holm", "holm"), ("bh", "fdr_bh")])
@pytest.mark.parametrize("pvalues", [THROMBOLYSIS[:9], [0.2, 0.2, 0.01, 0.01, 1.0, 0.0]])
def test_statsmodels_gives_the_same(method: str, name: str, pvalues: list[float]) -> None:
    expected = multipletests(pvalues, method=name)[1]
    assert adjust_pvalues(pvalues, method=method) == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("method", METHODS)
@stable
@given(pvalues=families)
def test_an_adjusted_value_is_the_smallest_level_at_which_the_procedure_rejects(
    method: str, pvalues: list[float]
) -> None:
    adjusted = adjust_pvalues(pvalues, method=method)
    assert ((adjusted >= 0) & (adjusted <= 1)).all()
    for index, level in enumerate(adjusted):
        above, below = level * (1 + 1e-9) + 1e-300, level * (1 - 1e-9)
        assert level == 1 or PROCEDURES[method](pvalues, above)[index]
        assert level < 1e-290 or not PROCEDURES[method](pvalues, below)[index]


@pytest.mark.parametrize("method", METHODS)
@stable
@given(pvalues=families, places=st.lists(st.integers(0, 12), max_size=5), data=st.data())
def test_missing_values_are_outside_the_family(
    method: str, pvalues: list[float], places: list[int], data: st.DataObject
) -> None:
    padded: list[Any] = list(pvalues)
    for place in places:
        padded.insert(place, data.draw(st.sampled_from([None, np.nan, pd.NA])))
    made = ~pd.isna(np.array(padded, dtype=object))
    found = adjust_pvalues(padded, method=method)
    assert np.isnan(found[~made]).all()
    assert found[made].tolist() == adjust_pvalues(pvalues, method=method).tolist()
    assert family_size(padded) == len(pvalues)


@pytest.mark.parametrize("method", METHODS)
def test_the_order_of_the_family_does_not_matter(method: str) -> None:
    forth = adjust_pvalues(THROMBOLYSIS, method=method)
    assert adjust_pvalues(THROMBOLYSIS[::-1], method=method).tolist() == forth[::-1].tolist()


@pytest.mark.parametrize("method", METHODS)
def test_the_shape_is_kept_and_scalars_stay_scalars(method: str) -> None:
    grid = adjust_pvalues([[0.01, None], [0.04, 0.03]], method=method)
    assert grid.shape == (2, 2)
    assert grid[0, 0] == pytest.approx(0.03)
    assert adjust_pvalues(0.2, method=method) == 0.2
    assert type(adjust_pvalues(0.2, method=method)) is float
    assert np.isnan(adjust_pvalues(None, method=method))
    assert adjust_pvalues([], method=method).shape == (0,)
    assert np.isnan(adjust_pvalues([None, np.nan], method=method)).all()
    assert (family_size([]), family_size(None), family_size([None, 1, 0])) == (0, 0, 2)


def test_a_column_of_a_frame_is_taken_and_left_as_it_was() -> None:
    column = pd.Series([0.01, pd.NA, 0.04], dtype="Float64", index=[5, 5, 1])
    before = column.copy()
    assert adjust_pvalues(column) == pytest.approx([0.02, np.nan, 0.04], nan_ok=True)
    pd.testing.assert_series_equal(column, before)


@pytest.mark.parametrize(
    ("pvalues", "said"),
    [
        ([0.1, 1.2], "pvalues must lie between 0 and 1, got 1.2"),
        (-0.1, "pvalues must lie between 0 and 1, got -0.1"),
        ([inf], "pvalues must lie between 0 and 1, got inf"),
        (["0.1"], "pvalues must hold numbers of one shape, got '0.1'"),
        ([[0.1], [0.2, 0.3]], r"pvalues must hold numbers of one shape, got \[0.1\]"),
    ],
)
def test_what_is_no_pvalue_is_refused(pvalues: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        adjust_pvalues(pvalues)
    with pytest.raises(ValueError, match=said):
        family_size(pvalues)


@pytest.mark.parametrize("method", ["bonferroni", "", None, ["holm"]])
def test_an_unknown_method_is_refused_with_those_allowed(method: Any) -> None:
    with pytest.raises(ValueError, match="allowed: holm, bh"):
        adjust_pvalues([0.1], method=method)
