"""Many tests at once: p-values adjusted for the size of their family."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.statistics.checks import as_given, method_among
from analysis.statistics.inputs import numbers_or_missing

METHODS = ("holm", "bh")


def adjust_pvalues(pvalues: ArrayLike, *, method: str = "holm") -> Any:
    """Return p-values adjusted for the number of tests in their family.

    Parameters
    ----------
    pvalues : the family, of any shape. A missing p-value (None, nan, pd.NA) stands for a test that
        was not made: it is outside the family and stays missing.
    method : ``holm`` (step-down; holds the probability of any false rejection, for confirmatory
        tests) or ``bh`` (Benjamini-Hochberg step-up; holds the expected share of false ones among
        the rejections, for screening, if the tests are independent or positively dependent).

    Returns
    -------
    float or array
        Of the shape given, nan where the p-value is missing.

    Raises
    ------
    ValueError
        A p-value lies outside 0 to 1 or is not a number, or the method is unknown.

    References
    ----------
    Holm (1979), Scandinavian Journal of Statistics 6:65. Benjamini and Hochberg (1995), Journal of
    the Royal Statistical Society B 57:289.

    Examples
    --------
    >>> adjust_pvalues([0.01, None, 0.04, 0.03]).round(3).tolist()
    [0.03, nan, 0.06, 0.06]
    >>> adjust_pvalues([0.01, None, 0.04, 0.03], method="bh").round(3).tolist()
    [0.03, nan, 0.04, 0.04]
    """
    method_among(method, METHODS)
    given, made = _family(pvalues)
    adjusted = np.full(given.shape, np.nan)
    family = given[made]
    order = np.argsort(family, kind="stable")
    tests = family.size
    if method == "holm":
        ranked = np.maximum.accumulate(family[order] * np.arange(tests, 0, -1))
    else:
        scaled = family[order] * (tests / np.arange(1, tests + 1))
        ranked = np.minimum.accumulate(scaled[::-1])[::-1]
    within = np.empty(tests)
    within[order] = np.minimum(ranked, 1.0)
    adjusted[made] = within
    return as_given(adjusted)


def family_size(pvalues: ArrayLike) -> int:
    """Return the number of tests in a family: of its p-values that are not missing.

    Raises
    ------
    ValueError
        A p-value lies outside 0 to 1 or is not a number.

    Examples
    --------
    >>> family_size([0.01, None, 0.04, 0.03])
    3
    """
    return int(_family(pvalues)[1].sum())


def _family(pvalues: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the p-values, and which of them belong to the family."""
    given = numbers_or_missing("pvalues", pvalues)
    made = ~np.isnan(given)
    outside = made & ((given < 0) | (given > 1))
    if outside.any():
        raise ValueError(f"pvalues must lie between 0 and 1, got {given[outside][0]:g}")
    return given, made
