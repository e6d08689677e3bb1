"""The tutorial, followed literally: every command is run, every table changed, outputs compared."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from documented import change, matches, run, steps
from studies import ROOT

PAGE = (ROOT / "docs" / "start" / "tutorial.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the tutorial was followed to its end."""
    folder = tmp_path_factory.mktemp("tutorial")
    (folder / "examples").symlink_to(ROOT / "examples", target_is_directory=True)
    for step in steps(PAGE):
        if step.table:
            change(folder / "my_survey" / "codebook", step)
            continue
        printed = run(step.command, folder)
        assert matches(step.shown, printed), f"$ {step.command}\n{printed}\nshown:\n{step.shown}"
    return folder / "my_survey"


def test_the_tutorial_has_commands_and_changes_of_tables() -> None:
    found = list(steps(PAGE))
    assert len([step for step in found if step.command]) == 8
    assert [step.table for step in found if step.table] == [
        *("settings.csv", "cycles.csv", "choices.csv", "sources.csv", "survey.csv"),
        *("indicators.csv", "survey.csv", "settings.csv"),
    ]


def test_the_report_is_there_and_stamped(followed: Path) -> None:
    index = (followed / "reports" / "SYNTHETIC_index.html").read_text(encoding="utf-8")
    assert "Town libraries" in index
    assert "Online reservation" in index


def test_what_the_text_says_of_the_numbers_is_so(followed: Path) -> None:
    """The table at the end of step 6, and the sentence under it, from the computed table."""
    table = pd.read_csv(followed / "processed" / "comparisons.csv")
    row = table.set_index("indicator").loc["reservation"]
    names = "count_from count_to change change_low change_high gained lost".split()
    assert [int(row[name]) for name in names] == [7, 17, 10, 5, 12, 6, 0]
    assert "| 7 | 17 | +10 | +5 to +12 | rise under the stated assumption |" in PAGE
    assert row["verdict"] == "rise under the stated assumption"
    sentence = "17 of the 24 libraries take reservations online in 2019 (22 took part)."
    page = (followed / "reports" / "SYNTHETIC_survey.html").read_text(encoding="utf-8")
    assert sentence in page
    assert f"“{sentence}”" in PAGE


def test_an_output_that_differs_is_noticed() -> None:
    assert not matches("0 problems\n...", "1 problem\nmore")
    assert not matches("first\nsecond", "first\nsecond\nthird")
