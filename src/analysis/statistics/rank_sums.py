"""The exact distribution of a rank sum, ties and all."""

from __future__ import annotations

from math import comb

import numpy as np
from numpy.typing import NDArray

# The work grows with the fourth power of the number of answers: about a second here.
MOST_ANSWERS = 200


def exact_pvalue(counts1: NDArray[np.int64], counts2: NDArray[np.int64]) -> float:
    """Return the exact two-sided p-value of the rank sum of one group, given all answers.

    Every way of dealing the answers to two groups of these sizes is equally likely. The smaller
    tail is doubled, at most to 1.

    Parameters
    ----------
    counts1, counts2 : answers by level, lowest first.

    Raises
    ------
    ValueError
        There are more than `MOST_ANSWERS` answers.

    References
    ----------
    Mehta, Patel and Tsiatis (1984), Biometrics 40:819.

    Examples
    --------
    One way in 20 puts all three answers of one group below all of the other:

    >>> exact_pvalue(np.array([1, 2, 0, 0]), np.array([0, 0, 2, 1]))
    0.1
    """
    both = counts1 + counts2
    n1, answers = int(counts1.sum()), int(both.sum())
    if answers > MOST_ANSWERS:
        raise ValueError(f"exact is for {MOST_ANSWERS} answers or fewer, got {answers}")
    # Twice the midrank of each level, counted from that of the lowest.
    scores = 2 * np.cumsum(both) - both
    scores -= scores[0]
    width = n1 * int(scores[-1]) + 1
    # Rows: answers dealt to the first group so far. Columns: their scores added up.
    ways = np.zeros((n1 + 1, width))
    ways[0, 0] = 1
    for score, tied in zip(scores.tolist(), both.tolist(), strict=True):
        longer = np.zeros_like(ways)
        for dealt in range(min(tied, n1) + 1):
            shift = dealt * score
            if shift < width:
                longer[dealt:, shift:] += (
                    comb(tied, dealt) * ways[: n1 + 1 - dealt, : width - shift]
                )
        ways = longer
    observed = int(counts1 @ scores)
    tails = ways[n1, : observed + 1].sum(), ways[n1, observed:].sum()
    return min(2 * float(min(tails)) / comb(answers, n1), 1.0)
