"""What must not become markup, act or call out, wherever it comes from; and what must stay."""

from __future__ import annotations

import base64
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from analysis.report.allowed import ALLOWED, VOID
from analysis.report.entries import Entry
from analysis.report.exhibits import Headlines
from analysis.report.export import ReportExporter
from analysis.report.frame import Frame, Link
from analysis.report.index import render_index
from analysis.report.outcome import PageError
from analysis.report.sanitise import Trust, sanitised

PIXEL = base64.b64encode(b"\x89PNG\r\n\x1a\n pixel").decode()
REPORT = Frame(report="A survey", pages=(Link("One", "one.html"),), current=0)
ATTACKS = (
    "<script>alert(1)</script>",
    "<SCRIPT SRC=https://evil.example/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<img src='https://evil.example/x.png' alt='x'>",
    "<svg/onload=alert(1)></svg>",
    "<svg><use href='https://evil.example/x.svg#a'/></svg>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href=' java&#115;cript:alert(1)'>x</a>",
    "<a href='data:text/html,x'>x</a>",
    "<a href='//evil.example/x.html'>x</a>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<base href=https://evil.example/>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<style>main{display:none}</style>",
    "<p style='position:fixed;inset:0'>x</p>",
    "<p class=skip id=main onclick=alert(1)>x</p>",
    "<iframe src='data:text/html,x'></iframe>",
    "<object data=x></object>",
    "<embed src=x>",
    "<form action=https://evil.example><input name=a><button>b</button></form>",
    "<details open ontoggle=alert(1)>x</details>",
    "<math><mtext><mglyph><style><img src=x onerror=alert(1)></style></mglyph></mtext></math>",
    "<math href='javascript:alert(1)'><mi>x</mi></math>",
    "</main></body></html>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<table background=https://evil.example/x.png><tr><td>x</td></tr></table>",
    "<video poster=https://evil.example/x.png><source src=x></video>",
    "<bdo dir=rtl>x</bdo>",
)


class Elements(HTMLParser):
    """The elements of a page; notes those that do not nest."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID | {"meta", "link"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def named(self, tag: str) -> list[dict[str, str]]:
        return [attrs for name, attrs in self.found if name == tag]


def is_harmless(html: str) -> None:
    elements = Elements(html)
    assert elements.open == []
    page = {"html", "head", "body", "main", "header", "footer", "nav", "title", "meta", "link"}
    for tag, attrs in elements.found:
        assert tag in ALLOWED | page | {"style"}, tag
        assert not [name for name in attrs if name.startswith("on") or name == "style"]
        assert not {"background", "poster", "srcset", "action", "data", "formaction"} & set(attrs)
        assert attrs.get("src", "data:image/").startswith("data:image/")
        if "href" in attrs and tag != "link":
            href = attrs["href"]
            assert href.startswith(("#", "https://", "mailto:")) or href.endswith(".html"), href
            assert not href.startswith("//")
    assert len(elements.named("style")) <= 1
    metas = [meta for meta in elements.named("meta") if "http-equiv" in meta]
    assert all(meta["http-equiv"] == "Content-Security-Policy" for meta in metas)


def page(*cells: NotebookNode) -> NotebookNode:
    return new_notebook(cells=[new_markdown_cell("# Page\n\nWhy?\n\n## Answers"), *cells])


def code(*outputs: NotebookNode, source: str = "x") -> NotebookNode:
    return new_code_cell(source, outputs=list(outputs))


def output(**data: str) -> NotebookNode:
    named = {k.replace("_", "/", 1): v for k, v in data.items()}
    return new_output("display_data", data=named, metadata={"caption": "Shown"})


def export(notebook: NotebookNode, frame: Frame = REPORT, path: Path = Path()) -> str:
    resources: dict[str, Any] = {"frame": frame, "metadata": {"name": "one", "path": str(path)}}
    html, _ = ReportExporter().from_notebook_node(notebook, resources)
    return str(html)


@pytest.mark.parametrize("trust", Trust)
@pytest.mark.parametrize("attack", ATTACKS)
def test_a_piece_of_markup_cannot_act_call_out_or_leave_its_place(
    attack: str, trust: Trust
) -> None:
    is_harmless(f"<main>{sanitised(f'a {attack} b', trust, caption='x').html}</main>")


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_cell_output_or_caption_lets_an_attack_through(attack: str) -> None:
    about = {"kind": "sentence"}
    is_harmless(
        export(
            page(
                new_markdown_cell(
                    f"Text {attack}\n\n{attack}\n\n- {attack}\n\n[^1]\n\n[^1]: {attack}"
                ),
                new_markdown_cell(f"### Heading {attack}"),
                code(
                    output(text_html=attack, text_plain=attack),
                    output(text_markdown=attack, text_plain=attack),
                    new_output("stream", name="stdout", text=attack),
                    new_output("error", ename="E", evalue=attack, traceback=[attack]),
                    new_output(
                        "display_data",
                        data={"text/html": attack},
                        metadata={"analysis": about, "caption": attack},
                    ),
                    source=f"x = {attack!r}",
                ),
            )
        )
    )


def test_an_attack_in_a_name_a_question_or_a_headline_is_text_on_the_index() -> None:
    for attack in ATTACKS:
        row = {"text": attack, "indicator": attack, "evidence": attack, "findings": [attack]}
        found = Headlines([row], [row], [attack], [{"respondents": attack, "cycle": attack}])
        entry = Entry("one", attack, question=attack, anchors=frozenset({"main"}), found=found)
        frame = Frame(report=attack, disclaimer=attack, version=attack, authors=attack)
        record = {"command": attack, "inputs": {attack: attack}, "versions": {attack: attack}}
        is_harmless(render_index(frame, [entry], record, description=attack, citations=[attack]))


FRAGMENTS = st.lists(
    st.one_of(
        st.sampled_from(["<", ">", "</", "/>", "'", '"', "=", " ", "&lt;", "<!--", "-->", "\x00"]),
        st.sampled_from(sorted(ALLOWED | {"script", "style", "svg", "textarea", "main", "title"})),
        st.sampled_from(ATTACKS),
        st.sampled_from(["onclick", "href", "src", "id", "class", "javascript:x", "\u202e"]),
        st.text(max_size=5),
    ),
    max_size=25,
)


@given(FRAGMENTS, st.sampled_from(Trust))
def test_whatever_the_pieces_what_comes_out_is_harmless(parts: list[str], trust: Trust) -> None:
    is_harmless(sanitised("".join(parts), trust, caption="x").html)


def test_text_that_looks_like_markup_is_shown_as_text() -> None:
    html = export(
        page(code(output(text_plain="<b>16</b>"), source="'<i>'"), new_markdown_cell("`<u>`"))
    )
    for shown in ("&lt;b&gt;16&lt;/b&gt;", "&lt;i&gt;", "&lt;u&gt;"):
        assert shown in html


def test_what_is_left_out_leaves_a_word_in_its_place() -> None:
    html = export(
        page(new_markdown_cell("See <iframe src=x></iframe> and <img src=x alt='a map'>"))
    )
    assert "See [iframe left out] and [picture left out: a map]" in html


def test_markup_in_the_cells_of_a_table_of_another_library_is_dropped() -> None:
    rows = "<tr><th>0</th><td><b>loud</b> <a href='https://evil.example'>click</a></td></tr>"
    html = export(page(code(output(text_html=f"<table><tbody>{rows}</tbody></table>"))))
    assert "<td>loud click</td>" in html
    assert "evil.example" not in html


def test_characters_that_reorder_text_are_shown_wherever_they_come_from() -> None:
    turned = "safe\u202egnp.exe\u2066\u200f"
    html = export(
        page(
            new_markdown_cell(f"## {turned}\n\n{turned} &#8238; <b title='{turned}'>x</b>"),
            code(
                output(text_plain=turned),
                output(text_html=f"<p>{turned}</p>"),
                source=f"'{turned}'",
            ),
        )
    )
    assert not set("\u202e\u2066\u200f") & set(html)
    assert html.count("safe[U+202E]gnp.exe[U+2066]") >= 5
    index = render_index(
        Frame(report=turned), [Entry("one", turned)], {"inputs": {}, "versions": {}}
    )
    assert "\u202e" not in index


def test_tables_pictures_and_formulas_of_others_stay() -> None:
    rows = "<tbody><tr><th>a</th><td>1</td></tr></tbody>"
    frame = f"<table><thead><tr><th></th><th>n</th></tr></thead>{rows}</table>"
    picture = new_output(
        "display_data",
        data={"image/png": PIXEL},
        metadata={"image/png": {"alt": "One pixel", "caption": "A dot"}},
    )
    html = export(
        page(
            new_markdown_cell(f"![a dot](data:image/png;base64,{PIXEL})\n\n$x^2$\n\n|a|\n|-|\n|1|"),
            code(output(text_html=frame), picture, output(text_latex="$y$")),
        )
    )
    assert '<th scope="col">n</th>' in html
    assert '<th scope="row">a</th>' in html
    assert "<caption>Answers</caption>" in html
    assert "<caption>Shown</caption>" in html
    assert "A dot</figcaption>" in html
    alts = [image["alt"] for image in Elements(html).named("img")]
    assert alts == ["a dot", "One pixel"]
    assert "<mi>x</mi><mn>2</mn>" in html
    assert "<mi>y</mi>" in html


def test_pictures_beside_the_notebook_are_taken_in_and_others_are_not(tmp_path: Path) -> None:
    (tmp_path / "book").mkdir()
    (tmp_path / "secret.png").write_bytes(base64.b64decode(PIXEL))
    (tmp_path / "book" / "dot.png").write_bytes(base64.b64decode(PIXEL))
    (tmp_path / "book" / "passwords.png").write_text("root:x:0:0")
    names = ("dot.png", "../secret.png", "passwords.png", "missing.png", "attachment:none")
    cell = new_markdown_cell("\n\n".join(f"![{name}]({name})" for name in names))
    cell.source += "\n\n![pasted](attachment:a.png)"
    cell["attachments"] = {"a.png": {"image/png": PIXEL}}
    html = export(page(cell), path=tmp_path / "book")
    assert [image["alt"] for image in Elements(html).named("img")] == ["dot.png", "pasted"]
    assert html.count("[picture left out") == 4


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        (code(output(image_png=PIXEL)), "code cell 1 shows a picture without alt text"),
        (new_markdown_cell(f"![](data:image/png;base64,{PIXEL})"), "a picture without alt text"),
    ],
)
def test_a_picture_without_alt_text_stops_a_page_of_a_report(cell: NotebookNode, told: str) -> None:
    with pytest.raises(PageError, match=told):
        export(page(cell))
    assert 'alt="Picture without description"' in export(page(cell), Frame())


def test_an_output_without_caption_stops_a_page_of_a_report_and_a_heading_is_none() -> None:
    table = new_output("display_data", data={"text/html": "<table><tr><td>1</td></tr></table>"})
    picture = new_output("display_data", data={"image/png": PIXEL}, metadata={"alt": "One pixel"})
    for one, told in ((table, "set_caption"), (picture, "'caption': '...'")):
        with pytest.raises(PageError, match=f"without caption.*{told}"):
            export(page(code(one)))
        export(page(code(one)), Frame())


def test_a_table_of_prose_that_no_heading_can_name_stops_a_page_of_a_report() -> None:
    cell = new_markdown_cell("|a|\n|-|\n|1|")
    with pytest.raises(PageError, match=r"without caption\. Put a heading above it"):
        export(new_notebook(cells=[cell]))
    export(new_notebook(cells=[cell]), Frame())
    export(page(cell))
