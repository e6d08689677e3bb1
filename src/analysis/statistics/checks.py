"""What every method asks of the counts, the level and the method that it is given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

# From here on a float no longer tells neighbouring whole numbers apart.
TOO_LARGE = 2**53


def whole_numbers(**values: ArrayLike | None) -> list[NDArray[np.int64]]:
    """Return the values as integer arrays of one common shape.

    Raises
    ------
    ValueError
        A value is missing, not a whole number, negative or too large to be exact, or the shapes do
        not fit each other; the message names the argument.

    Examples
    --------
    >>> [array.tolist() for array in whole_numbers(count=[1, 2], nobs=5.0)]
    [[1, 2], [5, 5]]
    """
    arrays = [_whole(name, value) for name, value in values.items()]
    try:
        return list(np.broadcast_arrays(*arrays))
    except ValueError as error:
        shapes = ", ".join(
            f"{name} {array.shape}" for name, array in zip(values, arrays, strict=True)
        )
        raise ValueError(f"the shapes do not fit each other: {shapes}") from error


def _whole(name: str, value: Any) -> NDArray[np.int64]:
    try:
        raw = np.asarray(value)
    except ValueError as error:
        raise ValueError(f"{name} must hold whole numbers, got {value!r}") from error
    if raw.dtype.kind not in "iuf":
        raw = _from_objects(name, value)
    array = raw.astype(float)
    if np.isnan(array).any() or np.ma.is_masked(value):
        raise ValueError(f"{name} is missing; a count is needed")
    for wrong, words in (
        (~np.isfinite(array) | (array != np.floor(array)), "be a whole number"),
        (array < 0, "not be negative"),
        (array >= TOO_LARGE, f"be below {TOO_LARGE}"),
    ):
        if wrong.any():
            raise ValueError(f"{name} must {words}, got {array[wrong][0]:.15g}")
    return array.astype(np.int64)


def _from_objects(name: str, value: Any) -> NDArray[np.float64]:
    """Turn Python objects into floats, missing ones into nan; refuse text, bools and the like."""
    objects = np.asarray(value, dtype=object)
    numbers = np.empty(objects.shape)
    for index, one in np.ndenumerate(objects):
        if one is None or one is pd.NA or one is pd.NaT:
            numbers[index] = np.nan
        elif is_number(one):
            numbers[index] = _as_float(one)
        else:
            raise ValueError(f"{name} must be a whole number, got {one!r}")
    return numbers


def _as_float(number: Any) -> float:
    try:
        return float(number)
    except OverflowError:  # a Python integer may be of any size
        return float(TOO_LARGE) if number > 0 else -1.0


def part_of(part: str, parts: NDArray[np.int64], whole: str, wholes: NDArray[np.int64]) -> None:
    """Raise `ValueError` where a part is larger than its whole."""
    above = parts > wholes
    if above.any():
        raise ValueError(
            f"{part} must not be above {whole}, got {parts[above][0]} of {wholes[above][0]}"
        )


def is_number(value: Any) -> bool:
    """Tell whether a value is one real number; a bool, text or array is none, nan is one.

    Examples
    --------
    >>> [is_number(value) for value in (1, 0.5, float("nan"), True, "1", None, [1])]
    [True, True, True, False, False, False, False]
    """
    return not isinstance(value, bool) and isinstance(value, Real)


def level_between(level: Any) -> None:
    """Raise `ValueError` unless a confidence level is one number between 0 and 1."""
    if not is_number(level) or not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, got {level!r}")


def method_among(method: Any, allowed: Iterable[str]) -> None:
    """Raise `ValueError` unless a method is one of those allowed."""
    names = tuple(allowed)
    if not isinstance(method, str) or method not in names:
        raise ValueError(f"unknown method {method!r}; allowed: {', '.join(names)}")


def one_by_one(*arrays: NDArray[np.int64]) -> Iterator[tuple[int, ...]]:
    """Return the members of arrays of one shape side by side, as Python integers."""
    return zip(*(array.ravel().tolist() for array in arrays), strict=True)


def as_given(array: NDArray[Any]) -> Any:
    """Return a scalar for scalar input, else the array."""
    return array.item() if array.ndim == 0 else array
