"""Whole builds of toy pages: what is published, what is left alone, what is said."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import nbformat
import pytest
from toys import (
    HEADLINES,
    SHOW,
    build,
    record_of,
    report_of,
    toy_study,
    tree,
    without_library,
    write_page,
)

from analysis.problems import InputError, Problem
from analysis.report.outcome import CODE_ERROR
from analysis.study import Page


@pytest.fixture(autouse=True)
def _no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    without_library(monkeypatch.setattr)


@pytest.fixture(autouse=True)
def temporary(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path_factory.mktemp("t")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_a_build_publishes_pages_exhibits_index_and_record(tmp_path: Path, temporary: Path) -> None:
    one = write_page(tmp_path, "one", HEADLINES, SHOW, "assert isinstance(level, float)")
    study = toy_study(tmp_path, one, write_page(tmp_path, "two", "1 + 1"))
    result = build(study)
    assert [(outcome.page, outcome.error) for outcome in result.outcomes] == [
        ("one", None),
        ("two", None),
    ]
    assert sorted(tree(study.reports)) == [
        "build.json",
        "figures/one/laws.svg",
        "index.html",
        "notebooks/one.ipynb",
        "notebooks/two.ipynb",
        "one.html",
        "tables/one/laws.csv",
        "two.html",
    ]
    index = (study.reports / "index.html").read_text()
    assert "16 of 57 &lt;reported&gt;" in index
    assert "+1 to +14" in index
    assert "Who moved." in index
    assert "How many?" in index
    assert not list(temporary.iterdir())
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_two_builds_in_different_folders_give_the_same_bytes(tmp_path: Path) -> None:
    trees = []
    for name, jobs, is_ordinary in (("a", 1, False), ("a_longer_name", 2, True)):
        folder = tmp_path / name
        folder.mkdir()
        noisy = "import os, sys, warnings\nwarnings.warn(os.getcwd())\nprint(object(), sys.prefix)"
        study = toy_study(
            folder, write_page(folder, "one", SHOW, noisy), write_page(folder, "two", "{'b', 'a'}")
        )
        assert build(study, {"level": "0.5"}, jobs=jobs, is_ordinary=is_ordinary).is_ok
        trees.append(tree(study.reports))
    assert trees[0] == trees[1]
    text = b"".join(trees[0].values()).decode()
    assert str(tmp_path) not in text
    assert sys.prefix not in text


@pytest.mark.parametrize("tag", ["raises-exception", "skip-execution"])
def test_a_tag_cannot_hide_that_a_cell_failed_or_never_ran(tag: str, tmp_path: Path) -> None:
    page = write_page(tmp_path, "one", "1 / 0", "2")
    notebook = nbformat.read(page.notebook, as_version=4)
    notebook.cells[2].metadata["tags"] = [tag]
    nbformat.write(notebook, page.notebook)
    study = toy_study(tmp_path, page)
    (outcome,) = build(study).outcomes
    assert outcome.error is not None
    assert outcome.error.cell == 2


def test_other_pages_are_published_and_do_not_link_to_one_that_never_was(tmp_path: Path) -> None:
    study = toy_study(
        tmp_path, write_page(tmp_path, "one", "1"), write_page(tmp_path, "two", "1 / 0")
    )
    result = build(study)
    assert [outcome.is_ok for outcome in result.outcomes] == [True, False]
    assert 'href="index.html#two"' in (study.reports / "one.html").read_text()
    assert "there is no earlier version to show" in result.index.read_text()
    assert not (study.reports / "two.html").exists()
    assert [page["outcome"] for page in record_of(study)["pages"]] == ["ok", "failed"]


def test_a_page_that_cannot_be_exported_keeps_its_earlier_output(tmp_path: Path) -> None:
    one = write_page(tmp_path, "one", SHOW)
    study = toy_study(tmp_path, one, write_page(tmp_path, "two", "1"))
    assert build(study).is_ok
    before = report_of(study)
    write_page(tmp_path, "one", SHOW.replace('"alt": "16 of 57"', '"alt": ""'))
    result = build(study)
    assert [outcome.word for outcome in result.outcomes] == [CODE_ERROR, "up to date"]
    assert "has no alt" in str(result.outcomes[0].error)
    assert report_of(study) == before


def test_parameters_reach_the_page_with_their_type(tmp_path: Path) -> None:
    study = toy_study(tmp_path, write_page(tmp_path, "one", "assert level == 0.5, level"))
    assert build(study, {"level": "0.5"}).is_ok
    page = (study.reports / "one.html").read_text()
    assert "<td>0.5</td>" in page


def test_bad_parameters_of_all_pages_are_told_at_once_before_anything_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(study: object, page: Page, given: object, results: object = None) -> None:
        raise InputError(Problem(f"{page.name} refuses."))

    monkeypatch.setattr("analysis.parameters.check_parameters", refuse)
    study = toy_study(tmp_path, write_page(tmp_path, "one", "1"), write_page(tmp_path, "two", "1"))
    with pytest.raises(InputError, match=r"one refuses\.\ntwo refuses\."):
        build(study, {"level": "0.5"})
    assert not study.reports.exists()
