"""Outputs that are made to break out, to lie over others, to hide, or to burst the page."""

from __future__ import annotations

import re
from html import escape, unescape
from pathlib import Path
from urllib.parse import quote

import pytest
from browser import running_browser
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_output
from test_report_axe import LIGHT, TOO_WIDE, UNFOLD, axe_core
from test_report_hostile import PIXEL, code, export, is_harmless, output, page

from analysis.report.exhibits import HEADLINES
from analysis.report.frame import Frame
from analysis.report.outcome import PageError
from analysis.report.sanitise import Trust, sanitised

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{}</svg>'
ACTING = (
    "<script>alert(1)</script>",
    "<rect onclick='alert(1)'/>",
    "<image href='https://evil.example/x.png'/>",
    "<use xlink:href='//evil.example/x.svg#a'/>",
    "<foreignObject><p>x</p></foreignObject>",
    "<a href='javascript:alert(1)'><text>x</text></a>",
    "<style>@import 'https://evil.example/x.css'</style>",
    "<rect fill='url(https://evil.example/x#a)'/>",
    "<animate attributeName='href' to='x'/>",
)
BREAKOUT = '"><img src=x onerror=alert(1)><p x="'


def shown(data: dict[str, object], **meta: object) -> NotebookNode:
    return new_output("display_data", data=data, metadata={"caption": "Shown", **meta})


def own(kind: object, data: dict[str, object], **meta: object) -> NotebookNode:
    return shown(data, analysis={"kind": kind, **meta})


MARKUP = {
    "over others": '<math><mpadded voffset="-300px" height="0" width="0"><mi>x</mi></mpadded>',
    "a bar": '<math><mfrac linethickness="900px"><mi>a</mi><mi>b</mi></mfrac></math>',
    "space": '<math><mspace width="9999px" height="9999px"/><mo minsize="2000px">(</mo></math>',
    "slid": '<p>a <math><mspace width="-700px"/><mtext>b</mtext></math></p>',
    "spans": "<table><tr><th>a<td colspan=99999 rowspan=99999>b</table>",
    "numbers": '<ol start=99999999999999999999 type="x"><li value="abc">x</ol>',
    "deep": "<div>" * 3000 + "x",
    "indented": "<blockquote><ul><li>" * 300 + "x",
    "long": "W" * 3000,
    "long cell": "<table><tr><th>a<td>" + "W" * 3000 + "</table>",
    "orphans": "<summary>a</summary><caption>b</caption><td>c</td><li>d</li><dt>e</dt><tr>f",
    "no entries": "<ul><p>a</p>b</ul><ol>c<li>d</ol><table>e<tr>f<td>g</table>",
    "terms": "<dl><p>a</p><dt>b<dd>c</dl><dl>d</dl><dl><dd>e<dt>f</dl>",
    "no words": "<a href='#main'></a><details><summary> </summary>x</details><h3></h3>",
    "in itself": "<a href='a.html'>a<a href='b.html'>b</a></a>",
    "titles": "<h1>a</h1><h1 id=main>b</h1><main>c</main><nav>d</nav><html lang=xx><body>",
    "shadow": "<template shadowrootmode=open><style>*{display:none}</style></template><slot>x",
    "other worlds": "<svg><desc><p>x</p></desc></svg><math><annotation-xml encoding='text/html'>"
    "<img src=x onerror=alert(1)></annotation-xml><maction actiontype='statusline'><mi>x</mi>",
    "unclosed": "<p title='<b>a<!-- <p>b --!> c <![CDATA[<p>]]><?x <script>?>",
    "popover": "<div popover id=p>x</div><a href=x.html download ping='//evil' target=_blank>z</a>",
}
TEX = (
    r"\href{javascript:alert(1)}{x}",
    r"\text{<script>alert(1)</script>}",
    r"\hspace{-900px}x\hspace{99999px}",
    r"\rule{9999px}{9999px}",
    r"\color{red;background:url(https://evil.example)}{x}",
    r"\rlap{over}\smash{x}\raise{900px}{y}",
)
OUTPUTS = {
    **{name: output(text_html=markup) for name, markup in MARKUP.items()},
    **{f"Markdown {name}": output(text_markdown=markup) for name, markup in MARKUP.items()},
    **{tex: output(text_latex=f"${tex}$") for tex in TEX},
    "png": shown({"image/png": 'iVBOR"/onerror="alert(1)"/x="'}, alt="x"),
    "jpeg": shown({"image/jpeg": f"AAAA{BREAKOUT}"}, alt="x"),
    "links": output(
        text_markdown="[a](JaVaScRiPt:alert(1)) [c](data:text/html,x) <javascript:alert(1)> "
        "[f](//evil.example/a.html) [g](\\\\evil.example\\a.html) [r]\n\n[r]: vbscript:x"
    ),
    "terminal": new_output(
        "stream", name="stdout", text="\x1b]8;;https://evil.example\x07a\x1b]8;;\x07\x1b[2J\x9b31m"
    ),
    "sentence": own(
        "sentence",
        {"text/html": f"<p class='skip stamp' role='alert' aria-label='Lie'>x{BREAKOUT}</p>"},
        evidence=[BREAKOUT],
    ),
    "headlines": own(
        "headlines",
        {
            HEADLINES: {"headlines": [{"text": BREAKOUT, "evidence": BREAKOUT, "findings": []}]},
            "text/html": BREAKOUT,
        },
    ),
    "no headlines": own("headlines", {HEADLINES: {"headlines": "x", "limits": None}}),
    "no kind": own(["figure"], {"text/html": "x"}),
    "no metadata": shown({"text/html": "x"}, analysis="x"),
}


@pytest.mark.parametrize("name", OUTPUTS)
def test_no_output_breaks_out_of_its_place(name: str) -> None:
    is_harmless(export(page(code(OUTPUTS[name]))))


@pytest.mark.browser
def test_a_page_of_attacks_has_no_barrier_calls_nothing_and_fits_a_phone(tmp_path: Path) -> None:
    cells = [
        cell
        for name, one in OUTPUTS.items()
        for cell in (new_markdown_cell(f"### {name.replace('$', '')}"), code(one))
    ]
    file = tmp_path / "page.html"
    file.write_text(export(page(*cells), Frame(report="Attacks")), encoding="utf-8")
    with running_browser() as browser:
        browser.open(file)
        browser.ask(UNFOLD)
        browser.ask(f"{axe_core()};1")
        assert browser.ask(LIGHT) == []
        browser.resize(375)
        assert browser.ask(TOO_WIDE) == []
        addresses = [
            event["params"]["request"]["url"]
            for event in browser.events
            if event.get("method") == "Network.requestWillBeSent"
        ]
    assert [one for one in addresses if not one.startswith(("file:", "data:"))] == []


def test_no_footnote_leads_back_to_an_output_which_has_no_anchors() -> None:
    cell = code(output(text_markdown="Again[^1]."))
    html = export(page(new_markdown_cell("See[^1].\n\n[^1]: A | b\n    --|--\n    1 | 2"), cell))
    assert html.count('href="#note-1"') == 2
    assert re.findall('href="#(note-1-[^"]*)"', html) == re.findall('id="(note-1-[^"]*)"', html)
    assert "<caption>Notes</caption>" in html


def test_a_long_word_of_a_cell_can_be_parted_and_is_as_it_was() -> None:
    word = "<&" * 50
    html = sanitised(f"<table><tr><td>{escape(word)}\na</table>", Trust.DATA, caption="x").html
    assert max(map(len, unescape(html).replace("<td>", "<wbr>").split("<wbr>"))) < 100
    assert unescape(html.replace("<wbr>", "")).count(f"{word}\na") == 1
    assert "<wbr>" not in sanitised(f"<p>{'W' * 300}</p>", Trust.DATA).html


@pytest.mark.parametrize(
    "mime", ["application/vnd.plotly.v1+json", "application/javascript", "application/pdf"]
)
def test_an_output_that_no_page_can_show_leaves_a_word_in_its_place(mime: str) -> None:
    html = export(page(code(shown({mime: "x"}))))
    assert f"[{mime} left out]" in html
    assert "left out" not in export(page(code(shown({mime: "x", "text/plain": "seen"}))))
    assert "left out" not in export(page(code(shown({"text/html": "<style>a{}</style>"}))))


@pytest.mark.parametrize("inside", ACTING)
def test_a_picture_that_acts_or_calls_out_is_left_out(inside: str) -> None:
    svg = SVG.format(inside)
    html = export(page(code(shown({"image/svg+xml": svg}, alt="a map"))))
    assert "<img" not in html
    assert "[picture left out]" in html
    both = shown({"image/svg+xml": svg, "image/png": PIXEL}, alt="a map")
    assert "data:image/png" in export(page(code(both)))
    markup = f"<img alt='a map' src='data:image/svg+xml,{quote(svg)}'>"
    assert sanitised(markup, Trust.AUTHOR).html == "[picture left out: a map]"


def test_a_figure_that_acts_stops_its_page() -> None:
    data: dict[str, object] = {"image/svg+xml": SVG.format(ACTING[0]), "text/csv": "a\n1\n"}
    figure = own("figure", data, name="map", caption="A map", alt="A map", evidence=[])
    with pytest.raises(PageError, match="figure 'map' does more than show"):
        export(page(code(figure)))


def test_a_picture_that_only_shows_stays() -> None:
    inside = "<defs><path id='a'/></defs><use xlink:href='#a'/><g clip-path='url(#a)'/>"
    html = export(page(code(shown({"image/svg+xml": SVG.format(inside)}, alt="a map"))))
    assert 'alt="a map"' in html
    assert "data:image/svg+xml;base64," in html


@pytest.mark.parametrize(
    ("given", "seen"),
    [
        ("a\u200b\u2060\ufeffb", "ab"),
        ("a" + "".join(chr(0xE0000 + ord(letter)) for letter in "hidden") + "b", "ab"),
        ("line\u2028line", "lineline"),
        ("a" + "\u0301\u0334" * 40 + "b", "a" + "\u0301\u0334" * 2 + "b"),
        ("e\u0302\u0301 \u0646\u200c\u0645 \U0001f469\u200d\U0001f52c", None),
    ],
)
def test_text_hides_nothing_and_covers_nothing(given: str, seen: str | None) -> None:
    html = export(page(code(output(text_plain=given), output(text_html=f"<p>{given}</p>"))))
    expected = given if seen is None else seen
    assert html.count(f">{expected}</p>") == 1
    assert html.count(f">{expected}</pre>") == 1


@pytest.mark.parametrize(
    ("markup", "written"),
    [
        ("<ul><li>a<li>b<ul><li>c</ul></ul>", "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>"),
        ("<table><caption>x</caption><tr><th>a<td>b<tr><td>c</table>", None),
        ("<dl><dt>a<dd>b<dd>c<dt>d<dd>e</dl>", None),
        ("<p>a <a id='place'></a>b</p>", '<p>a <a id="place"></a>b</p>'),
        ('<math><mspace width="0.5em"></mspace><mi>x</mi></math>', None),
        ('<ol start="3" type="a"><li value="7">x</li></ol>', None),
    ],
)
def test_markup_that_means_no_harm_stays(markup: str, written: str | None) -> None:
    html = sanitised(markup, Trust.AUTHOR).html
    if written is not None:
        assert html == written
    for tag in re.findall(r"<(\w+)", markup):
        assert html.count(f"<{tag}") == markup.count(f"<{tag}")
        assert html.count(f"<{tag}") == html.count(f"</{tag}>")
