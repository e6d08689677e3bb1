"""Formulas, footnotes and tables in the prose of a page."""

from __future__ import annotations

import re
from xml.etree.ElementTree import fromstring

import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from analysis.report.export import ReportExporter
from analysis.report.formulas import FormulaError, Formulas
from analysis.report.frame import Frame, Link
from analysis.report.outcome import PageError

REPORT = Frame(report="A survey", pages=(Link("One", "one.html"),), current=0)


def export(*sources: str, frame: Frame = REPORT) -> str:
    cells = [new_markdown_cell(source) for source in ("# Page\n\nWhy?", *sources)]
    html, _ = ReportExporter().from_notebook_node(new_notebook(cells=cells), {"frame": frame})
    return str(html)


@pytest.mark.parametrize(
    ("tex", "shown"),
    [
        (r"\frac{16}{57}", "1657"),
        (r"\hat p \pm z\sqrt{\hat p (1 - \hat p)/n}", "p^±zp^(1−p^)/n"),
        (r"n_{01} < n_{10}", "n01<n10"),
        (r"\text{yes \& no, 50\,\%}", None),
        (r"\text{yes \& <b>no</b>}", "yes & <b>no</b>"),
        (r"100\,\%", "100%"),
        (r"\begin{aligned} a &= b \\ c &= d \end{aligned}", "a=bc=d"),
        (r"\begin{equation}\label{eq:x} a = b\end{equation}", "a=b"),
        (r"\begin{cases} 1 & x > 0 \\ 0 & \text{else} \end{cases}", "{1x>00else"),
    ],
)
def test_a_formula_becomes_mathml(tex: str, shown: str | None) -> None:
    if shown is None:
        with pytest.raises(FormulaError):
            Formulas().mathml(tex)
        return
    tree = fromstring(Formulas().mathml(tex))
    assert "".join(tree.itertext()).replace("\xa0", " ") == shown


@pytest.mark.parametrize(
    ("tex", "why"),
    [
        (r"\frac{1", "braces"),
        (r"\frac{1}", "complete|argument"),
        (r"x}", "braces"),
        (r"\nosuchcommand{x}", r"\\nosuchcommand is not known"),
        (r"\begin{tikzpicture}x\end{tikzpicture}", "environment 'tikzpicture'"),
        (r"\left( x", None),
        (r"x_", None),
        ("", None),
    ],
)
def test_a_formula_that_cannot_be_shown_is_refused(tex: str, why: str | None) -> None:
    with pytest.raises(FormulaError, match=why):
        Formulas().mathml(tex)


def test_a_formula_that_cannot_be_shown_stops_the_page_and_is_named_with_its_cell() -> None:
    with pytest.raises(PageError) as caught:
        export("Fine: $x$.", r"Not fine: $\nosuchcommand{x}$.")
    assert str(caught.value) == (
        r"FormulaError: cell 3 (text): the formula '\\nosuchcommand{x}' cannot be converted: "
        r"\nosuchcommand is not known."
    )


def test_no_tex_is_left_on_the_page() -> None:
    html = export(r"Inline $\alpha_1$ and \\(\beta\\).", "$$\n\\frac{a}{b}\n$$", r"\\[ \gamma \\]")
    assert html.count("<math ") == 4
    main = html[html.index("<main") :]
    assert not re.search(r"\\|\$", main)
    assert main.count('display="block"') == 2


def test_money_is_no_formula() -> None:
    html = export("US$ 22 trillion or US$22 (of US$ 30), $5 and $10, but $n$ and 10$^{th}$.")
    assert html.count("<math ") == 2
    assert "US$ 22 trillion or US$22 (of US$ 30), $5 and $10, but" in html


def test_footnotes_are_numbered_in_reading_order_and_link_there_and_back() -> None:
    html = export(
        "One[^b], another[^a], again[^b].",
        "[^a]: The *first* in the notebook,\n    over two lines.\n\n[^b]: With $x$.",
    )
    assert "[^" not in html
    assert re.findall(r'<sup><a [^>]*href="#note-(\d)"[^>]*id="([^"]+)"', html) == [
        ("1", "note-1-at"),
        ("2", "note-2-at"),
        ("1", "note-1-at-2"),
    ]
    notes = html[html.index('id="notes"') :]
    first, second = re.findall(r'<li id="note-\d">(.*?)</li>', notes, re.DOTALL)
    assert "<math" in first
    assert [*re.findall('href="#([^"]+)"', first)] == ["note-1-at", "note-1-at-2"]
    assert "The <em>first</em> in the notebook,\nover two lines." in second


def test_a_footnote_of_a_cell_wins_over_one_of_the_same_name_elsewhere() -> None:
    html = export("One[^1].\n\n[^1]: First text.", "Two[^1].\n\n[^1]: Second text.")
    notes = html[html.index('id="notes"') :]
    assert notes.index("First text.") < notes.index("Second text.")
    assert 'href="#note-2"' in html


def test_what_only_looks_like_a_footnote_stays() -> None:
    html = export("Match `[^1]` or\n\n```\n[^1]: not a note\n```")
    assert "<code>[^1]</code>" in html
    assert "[^1]: not a note" in html
    assert 'id="notes"' not in html


def test_a_footnote_without_a_text_stops_a_page_of_a_report() -> None:
    with pytest.raises(
        PageError, match=r"cell 2 \(text\): there is no text for the footnote \[\^x\]"
    ):
        export("See[^x].")
    assert "See[^x]." in export("See[^x].", frame=Frame())


def test_a_table_in_prose_is_named_by_the_line_below_it_or_by_its_heading() -> None:
    table = "| word | n |\n|---|--:|\n| cycle | 1 |\n"
    html = export(f"## Glossary\n\n{table}\n: Words & *counts*\n\n{table}")
    assert "<caption>Words &amp; <em>counts</em></caption>" in html
    assert "<caption>Glossary</caption>" in html
    assert html.count('<th scope="col">word</th>') == 2
    assert html.count('<td class="right">1</td>') == 2
    assert 'aria-label="Words &amp; counts"' in html
