"""What every method asks of the counts that it is given."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def whole_numbers(**values: ArrayLike) -> list[NDArray[np.int64]]:
    """Return the values as integer arrays of one common shape.

    Raises
    ------
    ValueError
        A value is missing, not a whole number or negative; the message names the argument.
    """
    arrays = []
    for name, value in values.items():
        array = np.asarray(value, dtype=float)
        if np.isnan(array).any():
            raise ValueError(f"{name} is missing; a count is needed")
        if (array != np.floor(array)).any() or not np.isfinite(array).all():
            raise ValueError(f"{name} must be a whole number, got {value!r}")
        if (array < 0).any():
            raise ValueError(f"{name} must not be negative, got {value!r}")
        arrays.append(array.astype(np.int64))
    return list(np.broadcast_arrays(*arrays))


def part_of(part: str, parts: NDArray[np.int64], whole: str, wholes: NDArray[np.int64]) -> None:
    """Raise `ValueError` where a part is larger than its whole."""
    above = parts > wholes
    if above.any():
        raise ValueError(
            f"{part} must not be above {whole}, got {parts[above][0]} of {wholes[above][0]}"
        )


def level_between(level: float) -> None:
    """Raise `ValueError` unless a confidence level lies between 0 and 1."""
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, got {level!r}")


def as_given(array: NDArray[Any]) -> Any:
    """Return a scalar for scalar input, else the array."""
    return array.item() if array.ndim == 0 else array
