"""Figures of a group of which nobody knows how many could have answered."""

from __future__ import annotations

from pathlib import Path

import pytest
from answered import answered, said

from analysis.display.exhibit import Figure
from analysis.display.statements import Box
from analysis.section import Section, open_section


@pytest.fixture
def section(tmp_path: Path) -> Section:
    cycles = {"a": said("ynnynnnb"), "b": said("yyyyynn?")}
    study = answered(tmp_path, cycles, group="ngos", has_ids=False)
    study.write(
        "codebook/figures.csv",
        [
            ["figure", "section", "form", "title", "note"],
            ["laws", "s", "bars", "Laws", ""],
            ["who", "s", "strip", "Who answered", ""],
        ],
    )
    return open_section("s", study=study.path)


def test_bars_are_drawn_of_those_that_answered(section: Section) -> None:
    figure = section.figure("laws")
    assert isinstance(figure, Figure)
    assert figure.caption == "Laws. 8 NGOs took part; how many could have is not known."
    assert figure.data["count"].tolist() == [5]
    assert figure.data["possible"].tolist() == [0]
    assert "possible" not in figure.alt


def test_what_needs_the_list_is_told(section: Section) -> None:
    box = section.figure("who")
    assert isinstance(box, Box)
    assert "no list of all NGOs" in box.text
