"""The SVG files of figures: the same picture in fewer bytes."""

from __future__ import annotations

import io
import re
from xml.etree.ElementTree import fromstring

import pytest
from matplotlib.figure import Figure as Drawing

from analysis.display.style import house_style, new_drawing, pictures_of
from analysis.display.vector import compact

HREF = "{http://www.w3.org/1999/xlink}href"


def drawn() -> Drawing:
    with house_style():
        drawing, axes = new_drawing(2.5)
        axes.barh([0, 1], [16, 10], color="#0b5394", hatch="//", edgecolor="#b45f06")
        axes.scatter(range(20), [0.5] * 20, s=30, color="#7a5195", edgecolor="white")
        axes.plot([0, 3.3, 7.77, 12], [0, 1, 0.2, 1], ls="--", alpha=0.4)
        axes.annotate("", xy=(9, 1), xytext=(3, 0), arrowprops={"arrowstyle": "-|>"})
        for place in range(4):
            axes.text(place, 0.3, "repeated text", rotation=20 * place)
        axes.set_title("Ångström & <b> $x^2$")
    return drawing


def as_drawn(drawing: Drawing) -> str:
    buffer = io.BytesIO()
    with house_style():
        drawing.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return buffer.getvalue().decode()


def test_a_picture_takes_less_than_half_of_the_bytes_and_always_the_same() -> None:
    svg = as_drawn(drawn())
    assert len(compact(svg)) < len(svg) / 2
    assert compact(svg) == compact(svg)
    assert pictures_of(drawn())["svg"] == pictures_of(drawn())["svg"]


def test_what_is_referred_to_is_there_and_nothing_else_has_an_id() -> None:
    svg = compact(as_drawn(drawn()))
    root = fromstring(svg)
    ids = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    used = set(re.findall(r"(?:href='|url\()#(\w+)", svg))
    assert len(ids) == len(set(ids))
    assert set(ids) == used
    assert "metadata" not in svg
    assert "style" not in svg
    assert not re.search(r">\s+<", svg)


def test_repeated_text_is_written_once() -> None:
    svg = compact(as_drawn(drawn()))
    definitions = svg[svg.index("<defs>") : svg.index("</defs>")]
    (shared,) = re.findall(r"<g id='(\w+)'>", definitions)
    assert svg.count(f"href='#{shared}'") == 4


@pytest.mark.browser
def test_a_picture_looks_as_it_was_drawn(tmp_path) -> None:
    from browser import running_browser
    from PIL import Image, ImageChops

    svg = as_drawn(drawn())
    pictures = []
    with running_browser() as browser:
        for name, content in (("before", svg), ("after", compact(svg))):
            (tmp_path / f"{name}.svg").write_text(content)
            page = tmp_path / f"{name}.html"
            page.write_text(f'<body style="margin:0"><img width=1400 src="{name}.svg">')
            browser.open(page, width=1400)
            pictures.append(Image.open(io.BytesIO(browser.picture())).convert("L"))
    histogram = ImageChops.difference(*pictures).histogram()
    assert pictures[0].getextrema() == (0, 255) or pictures[0].getextrema()[0] < 60
    assert sum(histogram[100:]) == 0  # edges are blended a little differently, nothing moves
    assert sum(level * count for level, count in enumerate(histogram)) / sum(histogram) < 0.3
