"""benchmarks/type_one_error.py: how often each test calls a change that is not there."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from itertools import product
from math import comb
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from analysis.statistics import independent_pvalue

SCRIPT = Path(__file__).resolve().parent.parent / "benchmarks" / "type_one_error.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("type_one_error", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def printed(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., str]:
    """What the script prints for a few small designs."""
    for name, value in (
        ("SAMPLES", ((12, 9),)),
        ("PAIRS", (12,)),
        ("OVERLAPS", ((10, 6, 3),)),
        ("SHARES", (0.2, 0.5)),
        ("CORRELATIONS", (0.3,)),
    ):
        monkeypatch.setattr(script, name, value)

    def run(*options: str) -> str:
        monkeypatch.setattr("sys.argv", [str(SCRIPT), *options])
        script.main()
        return capsys.readouterr().out

    return run


def test_the_same_seed_prints_the_same_and_another_seed_does_not(
    printed: Callable[..., str],
) -> None:
    once = printed("--seed", "7", "--repeats", "300")
    assert printed("--seed", "7", "--repeats", "300") == once
    other = printed("--seed", "8", "--repeats", "300")
    assert other.splitlines()[1:] != once.splitlines()[1:]
    assert once.startswith("nominal 5%, seed 7, 300 repeats")
    methods = ("Fisher", "Fisher mid-p", "Boschloo", "McNemar exact", "McNemar mid-p")
    for method in (*methods, "McNemar asymptotic", "z of two proportions", "overlap z"):
        assert f"\n{method}  " in once


def test_what_is_simulated_agrees_with_what_is_listed(
    script: ModuleType, printed: Callable[..., str]
) -> None:
    rows = list(script.simulated(1, 20_000))
    assert sum(row.exact is not None for row in rows) == 16
    for row in rows:
        if row.exact is not None:
            spread = np.sqrt(row.exact * (1 - row.exact) / 20_000)
            assert abs(row.error - row.exact) < 4 * spread
        assert 0 < row.standard_error < 0.003


def test_no_exact_test_errs_in_more_than_5_percent_and_no_mid_p_test_in_more_than_6(
    script: ModuleType,
) -> None:
    errors = script.largest_errors()
    most = {
        "Fisher": 0.05,
        "Boschloo": 0.05,
        "McNemar exact": 0.05,
        "Fisher mid-p": 0.06,
        "McNemar mid-p": 0.06,
    }
    assert most.keys() <= {method for method, _, _ in errors}
    for (method, _, _), error in errors.items():
        assert 0.02 < error <= most.get(method, 0.06)


def test_the_overlap_test_errs_in_about_5_percent(script: ModuleType) -> None:
    errors = [row.error for row in script.simulated(1, 2_000) if row.method == "overlap z"]
    assert len(errors) == 36
    assert min(errors) > 0.01
    assert max(errors) < 0.075
    assert np.mean(errors) == pytest.approx(0.05, abs=0.01)


@pytest.mark.parametrize("sizes", [(12, 7), (15, 15)])
def test_the_search_for_what_boschloo_rejects_finds_all_of_it(
    script: ModuleType, sizes: tuple[int, int]
) -> None:
    x1, x2 = np.mgrid[: sizes[0] + 1, : sizes[1] + 1]
    p = independent_pvalue(x1, sizes[0], x2, sizes[1], method="boschloo")
    np.testing.assert_array_equal(script.boschloo_rejections(*sizes), p <= 0.05)


def test_every_table_is_listed_once_and_the_answers_are_correlated_as_said(
    script: ModuleType,
) -> None:
    listed = script.every_split(9, 4)
    assert listed.shape == (4, comb(12, 3))
    assert len({tuple(table) for table in listed.T.tolist()}) == comb(12, 3)
    assert (listed.sum(axis=0) == 9).all()
    for share, phi in product((0.1, 0.5), (0.0, 0.6)):
        both, lost, gained, neither = script.cells(share, phi)
        assert both + lost == both + gained == pytest.approx(share)
        assert both + lost + gained + neither == pytest.approx(1)
        assert (both - share**2) / (share * (1 - share)) == pytest.approx(phi)
