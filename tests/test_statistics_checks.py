"""What counts, levels and methods may be: everything else is named in a `ValueError`."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.statistics import count_bounds, counts_within, possible_counts
from analysis.statistics.checks import level_between, method_among, one_by_one, whole_numbers


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3, 3),
        (3.0, 3),
        (np.int8(3), 3),
        (np.uint64(3), 3),
        (Fraction(6, 2), 3),
        ([1, 2], [1, 2]),
        ([], []),
        ([[1, 2]], [[1, 2]]),
        (np.array([1, 2], dtype=object), [1, 2]),
        (pd.Series([1, 2], dtype="Int64"), [1, 2]),
        (pd.Series([1.0, 2.0]), [1, 2]),
        (2**53 - 1, 2**53 - 1),
    ],
)
def test_whole_numbers_of_any_type_become_integers(value: Any, expected: Any) -> None:
    (found,) = whole_numbers(count=value)
    assert found.dtype == np.int64
    assert found.tolist() == expected


@pytest.mark.parametrize(
    "value",
    [
        None,
        float("nan"),
        pd.NA,
        pd.NaT,
        [1, None],
        [1, pd.NA],
        [1.0, float("nan")],
        pd.Series([1, pd.NA], dtype="Int64"),
        pd.Series([1, None]),
        np.ma.array([1, 2], mask=[False, True]),
        Decimal("NaN"),
    ],
)
def test_a_missing_count_is_named(value: Any) -> None:
    with pytest.raises(ValueError, match=r"^count (is missing|must be a whole number, got Dec)"):
        whole_numbers(count=value)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("3", "must be a whole number, got '3'"),
        (b"3", "must be a whole number, got b'3'"),
        (["1", "2"], "must be a whole number, got '1'"),
        ([1, "2"], "must be a whole number, got '2'"),
        (True, "must be a whole number, got True"),
        ([True, False], "must be a whole number, got True"),
        (np.array([False, True]), "must be a whole number, got False"),
        (pd.Series([True]), "must be a whole number, got True"),
        (1 + 0j, r"must be a whole number, got \(1\+0j\)"),
        ({"a": 1}, "must be a whole number, got {'a': 1}"),
        (pd.Timestamp("2020-01-01"), "must be a whole number, got Timestamp"),
        ([[1], [2, 3]], r"must hold whole numbers, got \[\[1\], \[2, 3\]\]"),
        (1.5, "must be a whole number, got 1.5"),
        ([1, 2.5], "must be a whole number, got 2.5"),
        (Fraction(1, 2), "must be a whole number, got 0.5"),
        (float("inf"), "must be a whole number, got inf"),
        ([1, float("-inf")], "must be a whole number, got -inf"),
        (-1, "must not be negative, got -1"),
        ([3, -2], "must not be negative, got -2"),
        (-(10**400), "must not be negative"),
        (10**400, "must be below 9007199254740992"),
        (2**53, "must be below 9007199254740992"),
        (2**64 + 1, "must be below 9007199254740992"),
        (1e300, r"must be below 9007199254740992, got 1e\+300"),
    ],
)
def test_what_is_no_count_is_named(value: Any, words: str) -> None:
    with pytest.raises(ValueError, match=f"^count {words}"):
        whole_numbers(count=value)


def test_values_take_one_shape_or_say_why_they_cannot() -> None:
    one, two = whole_numbers(one=[[1], [2]], two=[3, 4])
    assert list(one_by_one(one, two)) == [(1, 3), (1, 4), (2, 3), (2, 4)]
    with pytest.raises(ValueError, match=r"do not fit each other: one \(2,\), two \(3,\)"):
        whole_numbers(one=[1, 2], two=[1, 2, 3])


@pytest.mark.parametrize(
    "level",
    [0, 1, -0.5, 95, float("nan"), float("inf"), None, pd.NA, "0.95", True, [0.95], 0.5 + 0j],
)
def test_a_level_that_is_no_number_between_0_and_1_is_named(level: Any) -> None:
    with pytest.raises(ValueError, match="level must lie between 0 and 1, got "):
        level_between(level)


@pytest.mark.parametrize("level", [0.95, np.float64(0.5), np.float32(0.9), Fraction(1, 2), 1e-12])
def test_any_number_between_0_and_1_is_a_level(level: Any) -> None:
    level_between(level)


@pytest.mark.parametrize("method", ["c", "A", "", None, 1, ["a"], np.array(["a", "b"])])
def test_an_unknown_method_is_named_with_those_that_are_known(method: Any) -> None:
    with pytest.raises(ValueError, match=r"unknown method .*; allowed: a, b$"):
        method_among(method, ("a", "b"))
    method_among("b", ("a", "b"))


@pytest.mark.parametrize("missing", [None, pd.NA, float("nan")])
def test_bounds_name_a_missing_count(missing: Any) -> None:
    for given_ in ({"count": missing}, {"nobs": missing}, {"population": missing}):
        with pytest.raises(ValueError, match=f"{next(iter(given_))} is missing"):
            count_bounds(**{"count": 1, "nobs": 2, "population": 3, **given_})


@pytest.mark.parametrize(
    ("given_", "words"),
    [
        *[
            ({"percent": wrong}, "percent must lie between 0 and 100, got ")
            for wrong in (None, "40", pd.NA, float("nan"), float("inf"), True, Decimal("NaN"), [40])
        ],
        *[
            ({"denominators": [57, wrong]}, "a base must be a whole number from 1, got ")
            for wrong in (float("inf"), float("nan"), None, pd.NA, "49", True, -1)
        ],
        *[
            ({"denominators": wrong}, "denominators must be a list of bases, got ")
            for wrong in (57, None)
        ],
        *[
            ({"decimals": wrong}, "decimals must be a whole number from 0, got ")
            for wrong in (None, "1", 0.5, float("inf"), float("nan"), True)
        ],
        ({"rounding": None}, "unknown rounding None; allowed: round, truncate"),
    ],
)
def test_a_percentage_or_base_that_is_no_number_is_named(given_: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        possible_counts(**{"percent": 40, "denominators": [49], **given_})


@pytest.mark.parametrize("wrong", [None, "0.5", pd.NA, float("nan"), True])
def test_a_share_that_is_no_number_is_named(wrong: Any) -> None:
    for ends in ((wrong, 1), (0, wrong)):
        with pytest.raises(ValueError, match="shares must rise between 0 and 1, got "):
            counts_within(*ends, denominators=[10])


def test_a_percentage_may_be_any_exact_number() -> None:
    for percent in (12.5, np.float64(12.5), Decimal("12.5"), Fraction(25, 2)):
        found = possible_counts(percent, denominators=[8], decimals=1)
        assert found.to_dict("records") == [{"denominator": 8, "count": 1}]
