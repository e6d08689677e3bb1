"""What the methods on answers, rankings and categories ask of what they are given."""

from __future__ import annotations

from numbers import Real

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from analysis.statistics.checks import whole_numbers


class NotEstimable(ValueError):  # noqa: N818 - it says what the data are, not what went wrong
    """The data are valid, yet do not allow this method; the message says why."""


def numbers_or_missing(name: str, values: ArrayLike) -> NDArray[np.float64]:
    """Return values as floats, nan where one is missing (None, nan or pd.NA).

    Raises
    ------
    ValueError
        A value is neither missing nor a number; the message says under which name it was given.

    Examples
    --------
    >>> numbers_or_missing("answers", [[1, None]]).tolist()
    [[1.0, nan]]
    """
    try:
        array = np.asarray(values, dtype=object)
    except ValueError as error:
        raise ValueError(f"{name} must hold numbers of one shape, got {values!r}") from error
    flat = [_number(name, value) for value in array.ravel()]
    return np.array(flat, dtype=np.float64).reshape(array.shape)


def same_levels(
    counts1: ArrayLike, counts2: ArrayLike
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the counts of two groups over the same categories.

    Raises
    ------
    ValueError
        The two differ in length or labels, or are no rows of counts.

    Examples
    --------
    >>> [counts.tolist() for counts in same_levels([1, 2], [3.0, 4.0])]
    [[1, 2], [3, 4]]
    """
    if isinstance(counts1, pd.Series) and isinstance(counts2, pd.Series):
        same_labels("counts1", counts1.index, "counts2", counts2.index)
    (first,), (second,) = whole_numbers(counts1=counts1), whole_numbers(counts2=counts2)
    if first.ndim != 1 or first.shape != second.shape or first.size == 0:
        raise ValueError(
            "counts1 and counts2 must be two rows over the same categories, got shapes "
            f"{first.shape} and {second.shape}"
        )
    return first, second


def some_answered(
    counts1: NDArray[np.int64], counts2: NDArray[np.int64], *, at_least: int
) -> tuple[int, int]:
    """Return the sizes of two groups; raise `NotEstimable` where one has too few answers.

    Examples
    --------
    >>> some_answered(np.array([1, 2]), np.array([3, 4]), at_least=2)
    (3, 7)
    """
    sizes = int(counts1.sum()), int(counts2.sum())
    for name, size in zip(("first", "second"), sizes, strict=True):
        if size < at_least:
            raise NotEstimable(f"the {name} group has {size} answers, {at_least} are needed")
    return sizes


def same_labels(name1: str, labels1: pd.Index, name2: str, labels2: pd.Index) -> None:
    """Raise `ValueError` unless two axes carry the same labels in the same order.

    Examples
    --------
    >>> same_labels("rows", pd.Index(["yes", "no"]), "columns", pd.Index(["yes", "no"]))
    """
    if labels1.tolist() != labels2.tolist():
        raise ValueError(
            f"{name1} and {name2} must carry the same labels in the same order, "
            f"got {labels1.tolist()} and {labels2.tolist()}"
        )


def _number(name: str, value: object) -> float:
    if value is None or value is pd.NA or value is pd.NaT:
        return float("nan")
    if isinstance(value, (Real, np.bool_)):
        try:
            return float(value)
        except OverflowError:  # a Python integer may be of any size
            return float("inf")
    raise ValueError(f"{name} must hold numbers of one shape, got {value!r}")
