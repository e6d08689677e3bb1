"""Exports rewritten without a change in what they say, and with cells blanked: counts stay true."""

from __future__ import annotations

import csv
import hashlib
import io
import random
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from studies import ROOT

from analysis.intake import load_responses
from analysis.study import load_study

EXAMPLE = ROOT / "examples" / "libraries"
FILES = ("libraries_2016.csv", "readers_2016.tsv", "readers_2022.csv")
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "windows-1252")
KEYS = ["respondents", "cycle", "item", "option", "status", "value"]
BLANKED = {"libraries_2016.csv": "reservation", "readers_2016.tsv": "visits"}
HEADERS = {
    "reservation": "Can books be reserved online?",
    "visits": "How often were you there last month?",
}

Rows = list[list[str]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example study, to be written to."""
    path = tmp_path_factory.mktemp("study") / "libraries"
    shutil.copytree(EXAMPLE, path)
    return path


@pytest.fixture(scope="module")
def original() -> pd.DataFrame:
    return table_of(EXAMPLE)


def table_of(folder: Path) -> pd.DataFrame:
    responses = load_responses(load_study(folder))
    assert responses is not None
    return responses.table


def counted(table: pd.DataFrame) -> Counter[tuple[str, ...]]:
    return Counter(table[KEYS].itertuples(index=False, name=None))


def by_library(table: pd.DataFrame) -> pd.DataFrame:
    """Those with an id, who must keep their answers, not just the numbers."""
    return table[table["respondents"] == "libraries"].reset_index(drop=True)


def rows_of(file: str) -> Rows:
    delimiter = {"libraries_2016.csv": ";", "readers_2016.tsv": "\t"}.get(file, ",")
    encoding = "windows-1252" if file == "libraries_2016.csv" else "utf-8-sig"
    text = (EXAMPLE / "responses" / file).read_text(encoding=encoding)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def written(
    folder: Path, file: str, rows: Rows, delimiter: str = "comma", encoding: str = "utf-8"
) -> pd.DataFrame:
    """All answers with one export rewritten and declared anew."""
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=DELIMITERS[delimiter]).writerows(rows)
    content = stream.getvalue().encode(encoding)
    (folder / "responses" / file).write_bytes(content)
    # A byte-order mark says the encoding by itself.
    declared = encoding if encoding == "windows-1252" else ""
    said = {"sha256": hashlib.sha256(content).hexdigest(), "encoding": declared, "delimiter": ""}
    edit_source(folder, file, **said)
    try:
        return table_of(folder)
    finally:
        shutil.copyfile(EXAMPLE / "responses" / file, folder / "responses" / file)
        shutil.copyfile(EXAMPLE / "codebook/sources.csv", folder / "codebook/sources.csv")


def edit_source(folder: Path, file: str, **cells: str) -> None:
    path = folder / "codebook" / "sources.csv"
    with path.open(encoding="utf-8-sig", newline="") as stream:
        header, *lines = csv.reader(stream)
    for line in lines:
        if line[header.index("file")] == f"responses/{file}":
            for name, cell in cells.items():
                line[header.index(name)] = cell
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *lines])


def shuffled(rows: Rows, seed: int) -> Rows:
    header, *body = rows
    order = random.Random(seed).sample(range(len(header)), len(header))
    random.Random(seed + 1).shuffle(body)
    return [[row[place] for place in order] for row in [header, *body]]


@settings(max_examples=12, deadline=None)
@given(
    file=st.sampled_from(FILES),
    seed=st.integers(0, 1000),
    delimiter=st.sampled_from(sorted(DELIMITERS)),
    encoding=st.sampled_from(ENCODINGS),
)
def test_order_delimiter_and_encoding_do_not_change_what_was_said(
    folder: Path, original: pd.DataFrame, file: str, seed: int, delimiter: str, encoding: str
) -> None:
    table = written(folder, file, shuffled(rows_of(file), seed), delimiter, encoding)
    assert counted(table) == counted(original)
    pd.testing.assert_frame_equal(by_library(table), by_library(original))


@settings(max_examples=10, deadline=None)
@given(file=st.sampled_from(sorted(BLANKED)), seed=st.integers(0, 1000), n=st.integers(1, 12))
def test_a_blanked_cell_leaves_the_answers_and_enters_the_blanks(
    folder: Path, original: pd.DataFrame, file: str, seed: int, n: int
) -> None:
    item = BLANKED[file]
    header, *body = rows_of(file)
    place = header.index(HEADERS[item])
    filled = [row for row in body if row[place] not in ("", "don't know")]
    gone = random.Random(seed).sample(filled, n)
    lost = Counter(row[place].casefold() for row in gone)
    for row in gone:
        row[place] = ""
    before, after = counted(original), counted(written(folder, file, [header, *body]))
    group = file.partition("_")[0]
    changed = {key: after[key] - before[key] for key in before | after if after[key] != before[key]}
    assert changed == {
        (group, "2016", item, "", "no_answer", ""): n,
        **{(group, "2016", item, "", "answered", word): -times for word, times in lost.items()},
    }


def re_saved(path: Path, change: Callable[[openpyxl.Workbook], None]) -> str:
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_workbook_saved_again_with_more_sheets_says_the_same(
    folder: Path, original: pd.DataFrame
) -> None:
    name = "libraries_2019.xlsx"

    def change(book: openpyxl.Workbook) -> None:
        book.create_sheet("Notes", 0)["A1"] = "not an answer"

    digest = re_saved(folder / "responses" / name, change)
    edit_source(folder, name, sha256=digest)
    try:
        pd.testing.assert_frame_equal(table_of(folder), original)
    finally:
        shutil.copyfile(EXAMPLE / "responses" / name, folder / "responses" / name)
        shutil.copyfile(EXAMPLE / "codebook/sources.csv", folder / "codebook/sources.csv")
