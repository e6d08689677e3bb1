"""Figures and tables: complete, legible, escaped, and the same bytes each time."""

import io
import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from PIL import Image

from analysis import open_section
from analysis.display.exhibit import Table
from analysis.display.figures.change import dumbbell
from analysis.display.statements import Box, Sentence
from analysis.study import load_study

ROOT = Path(__file__).parents[1]
RAW = str(ROOT / "data" / "raw")
BOOK = load_study(RAW).codebook
FIGURES = list(BOOK.figures)


@pytest.fixture(scope="module", autouse=True)
def results_elsewhere(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("cwd"))
        yield


@pytest.fixture(scope="module")
def drawn():
    return {
        name: open_section(spec.section, study=RAW).figure(name)
        for name, spec in BOOK.figures.items()
    }


def pixels(content):
    return np.asarray(Image.open(io.BytesIO(content)).convert("L"), dtype=int)


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_has_caption_alt_text_n_and_data(drawn, name):
    figure = drawn[name]
    assert figure.caption.startswith(BOOK.figures[name].title)
    assert re.search(r"Of 57 States .*49 in 2020/21 took part|Base: reported cases", figure.caption)
    assert len(figure.data) > 0
    numbers = re.findall(r"\d+", figure.alt)
    assert len(numbers) >= len(figure.data)
    assert figure.finding_ids
    assert figure.evidence


@pytest.mark.parametrize("name", FIGURES)
def test_no_text_of_a_figure_overlaps_another_or_leaves_the_picture(drawn, name):
    assert drawn[name].pictures  # lays the figure out
    no_text_overlaps(drawn[name].drawing)


@pytest.mark.parametrize(
    ("low", "high", "later"),
    [(17, 17, 18), (18, 18, 17), (6, 6, 6), (8, 8, 9), (19, 19, 22), (57, 57, 56), (15, 19, 20)],
)
def test_counts_that_lie_close_together_stand_apart(low, high, later):
    row = {"label": "Law", "cycle_from": "2016", "cycle_to": "2021", "count_to": later}
    row |= {"count_from": low if low == high else None, "count_from_low": low}
    row |= {
        "count_from_high": high,
        "change_low": -9,
        "change_high": 9,
        "tipping_point": 2,
        "n_paired": None,
    }
    drawing = dumbbell(pd.DataFrame([row, row | {"count_to": 50}]), population=57, noun="States")
    drawing.draw_without_rendering()
    no_text_overlaps(drawing)


def no_text_overlaps(drawing):
    canvas = FigureCanvasAgg(drawing)
    renderer, (width, height) = canvas.get_renderer(), canvas.get_width_height()
    boxes = [
        (one.get_text(), one.get_window_extent(renderer))
        for one in drawing.findobj(Text)
        if one.get_text().strip() and one.get_visible()
    ]
    assert len(boxes) >= 5
    for text, box in boxes:
        is_inside = box.x0 >= -1 and box.x1 <= width + 1 and box.y0 >= -1 and box.y1 <= height + 1
        assert is_inside, text
    for (text, box), (other, other_box) in combinations(boxes, 2):
        overlap_x = min(box.x1, other_box.x1) - max(box.x0, other_box.x0)
        overlap_y = min(box.y1, other_box.y1) - max(box.y0, other_box.y0)
        assert overlap_x < 1 or overlap_y < 2.5, (text, other)


@pytest.mark.parametrize("name", ["who_answered", "what_changed", "confiscated_assets"])
def test_a_figure_is_the_same_bytes_each_time_without_clock_or_path(drawn, name):
    again = open_section(BOOK.figures[name].section, study=RAW).figure(name)
    for kind in ("svg", "png"):
        assert drawn[name].pictures[kind] == again.pictures[kind]
    assert not re.search(rb"\d{4}-\d\d-\d\dT", again.pictures["svg"])


def test_a_figure_is_not_empty(drawn):
    for name, figure in drawn.items():
        dark = (pixels(figure.pictures["png"]) < 200).mean()
        assert dark > 0.01, name


def test_the_picture_in_the_readme_is_the_figure_of_today(drawn):
    committed = pixels((ROOT / "docs" / "what_changed.png").read_bytes())
    today = pixels(drawn["what_changed"].pictures["png"])
    assert committed.shape == today.shape
    # A little room for another processor's rounding; a changed digit is far above it.
    assert (abs(committed - today) > 64).mean() < 0.0002


def test_colours_differ_in_grey():
    from analysis.display.style import LATER, POSSIBLE

    luminance = [
        sum(
            weight * int(colour[i : i + 2], 16)
            for weight, i in zip((0.3, 0.59, 0.11), (1, 3, 5), strict=True)
        )
        for colour in (LATER, POSSIBLE)
    ]
    assert abs(luminance[0] - luminance[1]) > 80


def test_what_cannot_be_drawn_says_why():
    section = open_section("overview", study=RAW, respondents="ngos")
    box = section.figure("every_count")
    assert isinstance(box, Box)
    assert "no list of all NGOs" in str(box)


def test_cells_of_a_table_are_text_not_markup():
    table = Table(
        name="t",
        caption="<i>c</i>",
        note="",
        data=pd.DataFrame({"<b>": ["<script>alert(1)</script>"], "n": [None]}),
        evidence=("published",),
        finding_ids=(),
    )
    html = table.html()
    assert "<script" not in html
    assert "<i>" not in html
    assert "&lt;script&gt;" in html
    assert '<th scope="row">' in html
    assert "None" not in html


def test_a_sentence_escapes_what_it_says():
    html = Sentence("a < b & <img src=x>", "published", ('x"y',)).html()
    assert "<img" not in html
    assert 'href="#x&quot;y"' in html


def test_the_readings_of_a_bare_percentage_change_are_all_there():
    table = open_section("III.a", study=RAW).readings("identification_criteria").data
    assert len(table) == 3
    assert "4.9 to 5.7" in table["What it would mean"][0]
    pairs = [
        (a, b) for a in range(1, 53) for b in range(a + 1, 50) if round(100 * (b / a - 1)) == 10
    ]
    assert f"{len(pairs)} pairs" in table["How it was worked out"][1]
