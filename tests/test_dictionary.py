"""The dictionary: every column of every table is described, and rightly."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import pytest
from studies import ROOT

from analysis.dictionary import (
    TABLES,
    described_columns,
    indicators_of,
    items_of,
    options_of,
)
from analysis.dictionary.columns import _described
from analysis.processed import tables_of
from analysis.results import compute_results
from analysis.study import load_study

DTYPES = {
    "string": ("str", "object"),
    "integer": ("Int64", "int64", "object"),
    "number": ("float64", "Int64", "int64", "object"),
    "boolean": ("bool",),
}


def tables_of_study(name: str) -> Mapping[str, pd.DataFrame]:
    study = load_study(ROOT / name)
    results, book = compute_results(study), study.codebook
    computed = {file.removesuffix(".csv"): rows for file, rows in tables_of(results).items()}
    named = {"items": items_of(book), "options": options_of(book)}
    return {
        "findings": results.findings,
        **computed,
        **named,
        "indicators": indicators_of(book),
    }


@pytest.fixture(scope="module", params=["data/raw", "examples/libraries"])
def tables(request: pytest.FixtureRequest) -> Mapping[str, pd.DataFrame]:
    return tables_of_study(request.param)


def test_every_column_is_described_with_its_type(tables: Mapping[str, pd.DataFrame]) -> None:
    wrong = []
    for name, rows in tables.items():
        for one in described_columns(name, map(str, rows)):
            if str(rows[one.name].dtype) not in DTYPES[one.type]:
                wrong.append((name, one.name, one.type, rows[one.name].dtype))
            assert one.description.endswith(".")
    assert wrong == []


def test_cells_hold_the_words_and_numbers_that_are_described(
    tables: Mapping[str, pd.DataFrame],
) -> None:
    wrong = []
    for name, rows in tables.items():
        for one in described_columns(name, map(str, rows)):
            cells = rows[one.name].dropna()
            if one.words and set(cells) - set(one.words) - {""}:
                wrong.append((name, one.name, set(cells) - set(one.words)))
            if one.low and len(cells) and float(cells.min()) < float(one.low):
                wrong.append((name, one.name, {cells.min()}))
            if one.high and len(cells) and float(cells.max()) > float(one.high):
                wrong.append((name, one.name, {cells.max()}))
    assert wrong == []


def test_keys_tell_rows_apart(tables: Mapping[str, pd.DataFrame]) -> None:
    for name, rows in tables.items():
        if keys := list(TABLES[name].keys):
            assert not rows.duplicated(keys).any(), name


def test_nothing_is_described_that_no_table_has() -> None:
    every = {
        (name, column)
        for study in ("data/raw", "examples/libraries")
        for name, rows in tables_of_study(study).items()
        for column in map(str, rows)
    }
    own, shared = _described()
    assert set(own) <= every
    assert set(shared) <= {column for name, column in every if (name, column) not in own}
    assert set(TABLES) == {name for name, _ in every}


def test_a_column_that_nobody_described_is_an_error() -> None:
    with pytest.raises(KeyError, match="colour"):
        described_columns("comparisons", ["colour"])
