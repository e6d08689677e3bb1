"""How often each test calls a change that is not there, at a nominal 5 %.

Every row simulates many surveys in which both cycles have the same share of yes, and counts how
often the p-value is at most 0.05. Where all possible tables can be listed, the exact error stands
beside the simulated one: both must agree within a few standard errors.

    python benchmarks/type_one_error.py --seed 20220101 --repeats 100000

Independent samples are two binomial counts. Pairs are the same respondents asked twice, with a
correlation (phi) between their two answers; the z test of two proportions, which ignores it, is
shown on them too. Overlapping samples are pairs with respondents of one cycle only.
"""

from __future__ import annotations

import argparse
import sys
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from analysis.statistics import (
    independent_pvalue,
    mcnemar_pvalue,
    overlap_pvalue,
    two_proportions_pvalue,
)

NOMINAL = 0.05
SHARES = (0.1, 0.2, 0.3, 0.5)
CORRELATIONS = (0.0, 0.3, 0.6)
SAMPLES = ((20, 20), (52, 49), (57, 57))
PAIRS = (20, 46, 57)
# Pairs, and those that answered only the first and only the second time. The third has 52 and then
# 49 answers, as cycles of a survey among 57 have.
OVERLAPS = ((10, 10, 10), (20, 30, 25), (46, 6, 3))
GRID = np.linspace(0.01, 0.99, 99)
LINE = "{:<22}{:<13}{:<11}{:>5}{:>5}{:>9}{:>9}{:>9}\n"

Rejected = NDArray[np.bool_]
Counts = NDArray[np.int64]
# From both, lost, gained and neither to whether the test rejects.
PairedTest = Callable[[Counts, Counts, Counts, Counts], Rejected]


class Row(NamedTuple):
    """One test under one design; errors are shares of all surveys."""

    method: str
    design: str
    n: str
    share: float
    phi: float | None
    error: float
    standard_error: float
    exact: float | None  # None where the tables are too many to list


def main() -> None:
    """Print one row a test and design, then the largest exact errors."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=20220101, help="of the random numbers")
    parser.add_argument("--repeats", type=int, default=100_000, help="simulated surveys a row")
    options = parser.parse_args()
    if options.repeats < 1:
        parser.error(f"--repeats must be 1 or more, got {options.repeats}")
    write = sys.stdout.write
    write(f"nominal {NOMINAL:.0%}, seed {options.seed}, {options.repeats} repeats\n\n")
    write(LINE.format("method", "design", "n", "p", "phi", "error", "sim. se", "exact"))
    for row in simulated(options.seed, options.repeats):
        phi = "" if row.phi is None else f"{row.phi:.1f}"
        exact = "" if row.exact is None else f"{row.exact:.2%}"
        errors = (f"{row.error:.2%}", f"{row.standard_error:.2%}", exact)
        write(LINE.format(row.method, row.design, row.n, f"{row.share:.1f}", phi, *errors))
    write(
        "\nlargest exact error, over shares of yes (independent) or of movers (pairs), 1 to 99 %\n"
    )
    for (method, design, n), error in largest_errors().items():
        write(f"{method:<22}{design:<13}{n:<11}{error:>8.2%}\n")


def simulated(seed: int, repeats: int) -> Iterator[Row]:
    """Return every row; the same seed and repeats give the same rows."""
    random = np.random.default_rng(seed)
    for sizes, share in product(SAMPLES, SHARES):
        yes = tuple(random.binomial(size, share, repeats) for size in sizes)
        for method, rejected in independent_rejections(*sizes).items():
            exact = independent_error(rejected, share)
            yield _row(method, "independent", sizes, (share, None), rejected[yes], exact)
    for n, share, phi in product(PAIRS, SHARES, CORRELATIONS):
        listed, probabilities = every_split(n, 4), cells(share, phi)
        drawn = random.multinomial(n, probabilities, repeats).T
        weights = np.asarray(stats.multinomial.pmf(listed.T, n, probabilities))
        for method, test in paired_tests().items():
            exact = float(weights[test(*listed)].sum())
            yield _row(method, "pairs", (n,), (share, phi), test(*drawn), exact)
    for (n, only1, only2), share, phi in product(OVERLAPS, SHARES, CORRELATIONS):
        drawn = random.multinomial(n, cells(share, phi), repeats).T
        yes1, yes2 = (random.binomial(size, share, repeats) for size in (only1, only2))
        p = overlap_pvalue(
            *drawn,
            only1_yes=yes1,
            only1_no=only1 - yes1,
            only2_yes=yes2,
            only2_no=only2 - yes2,
        )
        yield _row("overlap z", "overlapping", (n, only1, only2), (share, phi), p <= NOMINAL, None)


def largest_errors() -> dict[tuple[str, str, str], float]:
    """Return the largest exact error of each test, by method, design and n, over `GRID`.

    For independent samples over the common share of yes; for McNemar's test over the share that
    moves, on which alone it depends.
    """
    worst = {}
    for sizes in SAMPLES:
        for method, rejected in independent_rejections(*sizes).items():
            worst[method, "independent", _joined(sizes)] = max(
                independent_error(rejected, share) for share in GRID
            )
    for n in PAIRS:
        gained, lost, stayed = listed = every_split(n, 3)
        weights = np.array(
            [stats.multinomial.pmf(listed.T, n, [p / 2, p / 2, 1 - p]) for p in GRID]
        )
        for method, test in paired_tests().items():
            if method.startswith("McNemar"):
                errors = weights[:, test(stayed, lost, gained, 0 * stayed)].sum(axis=1)
                worst[method, "pairs", _joined((n,))] = float(errors.max())
    return worst


@lru_cache
def independent_rejections(n1: int, n2: int) -> dict[str, Rejected]:
    """Return for each test which tables it rejects, by the two counts of yes."""
    x1, x2 = np.mgrid[: n1 + 1, : n2 + 1]
    return {
        "Fisher": independent_pvalue(x1, n1, x2, n2, method="fisher") <= NOMINAL,
        "Fisher mid-p": independent_pvalue(x1, n1, x2, n2, method="fisher_mid_p") <= NOMINAL,
        "Boschloo": boschloo_rejections(n1, n2),
        "z of two proportions": two_proportions_pvalue(x1, n1, x2, n2) <= NOMINAL,
    }


def boschloo_rejections(n1: int, n2: int) -> Rejected:
    """Return which tables Boschloo's test rejects, without the p-value of each.

    On either side of equal shares it rises with Fisher's one-sided p-value. So among the tables in
    that order, halving finds the last one that is rejected.
    """
    x1, x2 = np.mgrid[: n1 + 1, : n2 + 1]
    rejected = np.zeros(x1.shape, dtype=bool)

    def p(table: list[int]) -> float:
        return float(independent_pvalue(table[0], n1, table[1], n2, method="boschloo"))

    for counts, nobs, is_fewer in ((x1, n1, x1 * n2 < x2 * n1), (x2, n2, x2 * n1 < x1 * n2)):
        tail = stats.hypergeom.cdf(counts, n1 + n2, x1 + x2, nobs)
        order = np.argwhere(is_fewer)[np.argsort(tail[is_fewer])].tolist()
        for table in order[: bisect_right(order, NOMINAL, key=p)]:
            rejected[tuple(table)] = True
    return rejected


def paired_tests() -> dict[str, PairedTest]:
    """Return the tests for pairs, and the one that takes them for independent samples."""

    def mcnemar(method: str) -> PairedTest:
        def test(_both: Counts, lost: Counts, gained: Counts, _neither: Counts) -> Rejected:
            rejected: Rejected = mcnemar_pvalue(gained, lost, method=method) <= NOMINAL
            return rejected

        return test

    def naive(both: Counts, lost: Counts, gained: Counts, neither: Counts) -> Rejected:
        n = both + lost + gained + neither
        rejected: Rejected = two_proportions_pvalue(both + lost, n, both + gained, n) <= NOMINAL
        return rejected

    return {
        "McNemar exact": mcnemar("exact"),
        "McNemar mid-p": mcnemar("mid_p"),
        "McNemar asymptotic": mcnemar("asymptotic"),
        "z of two proportions": naive,
    }


def independent_error(rejected: Rejected, share: float) -> float:
    """Return the exact probability of a table that is rejected, both shares of yes being equal."""
    first, second = (stats.binom.pmf(np.arange(m), m - 1, share) for m in rejected.shape)
    return float(first @ rejected @ second)


def every_split(total: int, parts: int) -> Counts:
    """Return every way to split a total into so many parts, one column a way."""
    heads = np.indices((total + 1,) * (parts - 1)).reshape(parts - 1, -1)
    heads = heads[:, heads.sum(axis=0) <= total]
    return np.vstack([heads, total - heads.sum(axis=0)])


def cells(share: float, phi: float) -> list[float]:
    """Return the probabilities of both, lost, gained and neither."""
    moving = share * (1 - share) * (1 - phi)
    return [share - moving, moving, moving, 1 - share - moving]


def _row(
    method: str,
    design: str,
    sizes: tuple[int, ...],
    assumed: tuple[float, float | None],
    rejected: Rejected,
    exact: float | None,
) -> Row:
    error = float(rejected.mean())
    spread = float(np.sqrt(error * (1 - error) / rejected.size))
    return Row(method, design, _joined(sizes), *assumed, error, spread, exact)


def _joined(sizes: tuple[int, ...]) -> str:
    return ", ".join(str(size) for size in sizes)


if __name__ == "__main__":
    main()
