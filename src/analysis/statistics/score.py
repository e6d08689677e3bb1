"""The score test of a difference between two independent shares, by Miettinen and Nurminen."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Shares = NDArray[np.float64]


def largest_difference(x1: Counts, n1: Counts, x2: Counts, n2: Counts, z: float) -> Shares:
    """Return the largest difference of shares that the score test does not reject.

    Parameters
    ----------
    x1, n1 : yes and answers of the first sample.
    x2, n2 : the same of the second; all four of one shape.
    z : normal quantile, above 0: the statistic that rejects.

    Returns
    -------
    array
        Second minus first, from the observed difference up to 1, to the spacing of floats. A
        sample without answers is taken for one no.

    References
    ----------
    Miettinen and Nurminen (1985), Statistics in Medicine 4:213, equations 8 and 9.

    Examples
    --------
    >>> counts = (np.array(count) for count in (48, 80, 56, 70))
    >>> round(float(largest_difference(*counts, z=1.959964)), 4)
    0.3382
    """
    size1, size2 = np.maximum(n1, 1).astype(float), np.maximum(n2, 1).astype(float)
    yes1, yes2 = x1.astype(float), x2.astype(float)
    factor = (size1 + size2) / (size1 + size2 - 1)
    seen = yes2 / size2 - yes1 / size1
    low: Shares = seen
    high: Shares = np.ones(seen.shape)
    for _ in range(60):  # 2 to the power of -60 is below the spacing of the shares
        middle = (low + high) / 2
        p1 = _constrained(yes1, size1, yes2, size2, middle)
        p2 = np.clip(p1 + middle, 0, 1)
        variance = factor * (p1 * (1 - p1) / size1 + p2 * (1 - p2) / size2)
        is_rejected = middle - seen > z * np.sqrt(variance)
        low, high = np.where(is_rejected, low, middle), np.where(is_rejected, middle, high)
    return low


def _constrained(x1: Shares, n1: Shares, x2: Shares, n2: Shares, difference: Shares) -> Any:
    """Return the most likely first share, given the difference.

    It is the middle root of a cubic, found by its trigonometric solution (appendix I).
    """
    n, d = n1 + n2, difference
    third = ((2 * n1 + n2) * d - n - x1 - x2) / (3 * n)
    linear = ((n1 * d - n - 2 * x1) * d + x1 + x2) / (3 * n)
    q = third**3 - 1.5 * third * linear + x1 * d * (1 - d) / (2 * n)
    p = np.sqrt(np.maximum(third**2 - linear, 0))
    ratio = np.where(p == 0, 0, q / np.where(p == 0, 1, p) ** 3)
    angle = (np.pi + np.arccos(np.clip(ratio, -1, 1))) / 3
    return np.clip(2 * p * np.cos(angle) - third, np.maximum(0, -d), np.minimum(1, 1 - d))
