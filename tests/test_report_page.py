"""One page: what an executed notebook becomes as HTML, and what must not become a page."""

from __future__ import annotations

import base64
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from analysis.report.exhibits import (
    HEADLINES,
    anchors_of,
    read_exhibits,
    read_headlines,
    read_parameters,
    read_question,
    write_exhibits,
)
from analysis.report.export import ReportExporter
from analysis.report.frame import Frame, Link, security_policy, style
from analysis.report.outcome import PageError
from analysis.report.pictures import svg_address

SVG = "<svg xmlns='http://www.w3.org/2000/svg'/>"
FRAME = Frame(
    report="A survey",
    index="index.html",
    disclaimer="Independent <analysis>.",
    version="1.2",
    released="2026-01-15",
    pages=(Link("One", "one.html"), Link("Two", "two.html"), Link("Three", "three.html")),
    current=1,
)


def shown(kind: str, data: dict[str, Any], **meta: Any) -> NotebookNode:
    return new_output("display_data", data=data, metadata={"analysis": {"kind": kind, **meta}})


def figure(name: str = "laws", **meta: Any) -> NotebookNode:
    told = {"caption": "States with a law", "alt": "16 of 57", "evidence": ["published"], **meta}
    data = {"image/svg+xml": SVG, "text/csv": "state,n\n<b>&,16\n", "text/plain": "figure"}
    return shown("figure", data, name=name, **told)


def table(name: str = "counts", **meta: Any) -> NotebookNode:
    anchor = "Ia-03" if name == "counts" else name
    html = (
        '<table><caption>Counts</caption><thead><tr><th scope="col">Id</th>'
        f'<th scope="col">n</th></tr></thead><tbody><tr><th scope="row" id="{anchor}">Id</th>'
        "<td>16</td></tr></tbody></table>"
    )
    data = {"text/html": html, "text/csv": "n\n16\n", "text/plain": "table"}
    return shown("table", data, name=name, **{"caption": "Counts", **meta})


def sentence(html: str) -> NotebookNode:
    return shown("sentence", {"text/html": html, "text/plain": "text"})


def told(*evidence: str) -> NotebookNode:
    badge = '<p class="sentence">16 <small><span class="evidence {0}">{0}</span></small></p>'
    return sentence("".join(badge.format(word) for word in evidence))


def headlines(*texts: str, **more: Any) -> NotebookNode:
    rows = [{"text": text, "evidence": "published", "findings": ["Ia-03"]} for text in texts]
    data = {HEADLINES: {"headlines": rows, **more}, "text/html": "<ul></ul>", "text/plain": ""}
    return shown("headlines", data)


def notebook(*outputs: NotebookNode, prose: str = "## Laws\n\nText.") -> NotebookNode:
    page = new_notebook(metadata={"language_info": {"name": "python", "pygments_lexer": "python"}})
    page.cells = [
        new_markdown_cell("# Prevention\n\nHow *many*\nStates?", id="a"),
        new_code_cell(
            "level: float = 0.95\ncycle = 'x'", id="b", metadata={"tags": ["parameters"]}
        ),
        new_code_cell(
            "# Parameters\nlevel = 0.5", id="c", metadata={"tags": ["injected-parameters"]}
        ),
        new_markdown_cell(prose, id="d"),
        new_code_cell("1 < 2", id="e", outputs=list(outputs)),
    ]
    return page


def export(page: NotebookNode, **resources: Any) -> str:
    html, _ = ReportExporter().from_notebook_node(page, resources)
    return str(html)


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.found if name == tag]


def test_a_page_is_one_file_without_script_or_request() -> None:
    tags = Tags(export(notebook(figure(), table()), frame=FRAME))
    assert not tags.named("script")
    for tag, attrs in tags.found:
        assert not [name for name in attrs if name.startswith("on") or name == "style"]
        assert (attrs.get("src") or "data:").startswith("data:")
        if tag == "link":
            assert (attrs["href"] or "").startswith("data:")
    (policy,) = [meta for meta in tags.named("meta") if "http-equiv" in meta]
    assert policy["content"] == security_policy(style(FRAME))
    assert "url(" not in style(FRAME)
    assert "@import" not in style(FRAME)
    assert len(style(FRAME)) < 40_000


def test_the_policy_allows_the_style_sheet_that_stands_in_the_page() -> None:
    html = export(notebook(), frame=FRAME)
    (sheet,) = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    assert security_policy(sheet) in html


def test_a_page_has_language_title_one_h1_and_unique_ids() -> None:
    html = export(notebook(figure(), table(), prose="## Laws\n\n## Laws\n\n# Laws"), frame=FRAME)
    tags = Tags(html)
    assert tags.named("html") == [{"lang": "en"}]
    assert "<title>Prevention – A survey</title>" in html
    assert len(tags.named("h1")) == 1
    ids = [attrs["id"] for _, attrs in tags.found if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert {"laws", "laws-2", "laws-3", "figure-laws", "table-counts", "Ia-03"} <= set(ids)
    link = r'<a [^>]*href="#laws"[^>]*>#</a>'
    assert re.search(f'<h2 id="laws">Laws</h2>{link}', html)  # in it, it is read as part of it


def test_a_page_is_framed_by_its_report() -> None:
    html = export(notebook(), frame=FRAME)
    assert '<a href="index.html">A survey</a>' in html
    links = Tags(html).named("a")
    assert {"href": "two.html", "aria-current": "page"} in links
    assert {"href": "one.html", "rel": "prev"} in links
    assert {"href": "three.html", "rel": "next"} in links
    assert "Independent &lt;analysis&gt;." in html
    assert "Version 1.2" in html
    assert "2026-01-15" in html


def test_a_page_stands_alone_without_a_report() -> None:
    html = export(notebook(figure()), metadata={"name": "prevention"})
    assert "<h1>Prevention</h1>" in html
    assert "index.html" not in html


def test_a_figure_carries_number_alt_note_evidence_and_its_data() -> None:
    html = export(
        notebook(figure(), figure("other", note="Mind & read.", findings=["Ia-03"]), table())
    )
    assert Tags(html).named("img")[0] == {"alt": "16 of 57", "src": svg_address(SVG)}
    assert '<figure id="figure-other">' in html
    assert '<span class="number">Figure 2</span> States with a law' in html
    assert "Mind &amp; read." in html
    assert 'Rests on <a href="#Ia-03">Ia-03</a>' in html
    assert '<th scope="row">&lt;b&gt;&amp;</th>' in html
    assert '<caption><span class="number">Table 1</span> Counts</caption>' in html


def test_the_caption_is_the_last_thing_in_a_figure_and_the_data_follow_it() -> None:
    html = export(notebook(figure(note="Mind it.")))
    assert re.search(r"Mind it\..*</figcaption>\s*</figure>\s*<details class=\"numbers\">", html)


def test_an_exhibit_shows_an_id_to_quote_that_other_exhibits_do_not_change() -> None:
    about = {"name": "01_laws"}
    alone = export(notebook(table()), metadata=about)
    together = export(notebook(figure(), figure("more"), table("last"), table()), metadata=about)
    for html in (alone, together):
        assert '<a href="#table-counts">01_laws/counts</a>' in html


def test_evidence_is_said_once_and_badges_stand_where_it_differs() -> None:
    both = figure("both", evidence=["published", "derived"])
    html = export(notebook(figure(), both, told("published", "derived", "published")))
    assert re.search(r"numbers on this page are\s+<strong>published</strong>", html)
    badges = re.findall(r'<span class="evidence (\w+)">([^<]+)</span>', html)
    assert badges == [("derived", "derived"), ("derived", "also derived"), ("derived", "derived")]


def test_in_a_rehearsal_every_number_says_what_it_rests_on() -> None:
    html = export(notebook(told("synthetic", "synthetic")), frame=Frame(stamp="SYNTHETIC"))
    assert html.count('class="evidence synthetic"') == 2
    assert "Unless a badge says otherwise" not in html


def test_the_headlines_stand_first_and_the_notebook_s_own_place_for_them_is_gone() -> None:
    page = notebook(figure(), table(), prose="More.\n\n## Laws\n\nText.")
    page.cells += [
        new_markdown_cell("## Limits\n\n- Law is not practice.", id="f"),
        new_markdown_cell("## Headline numbers\n\nThey stand on the index.", id="g"),
        new_code_cell("headlines()", id="h", outputs=[headlines("16 of 57. Rise.")]),
    ]
    html = export(page, frame=FRAME)
    question, first = html.index('class="question"'), html.index("<strong>16 of 57.</strong> Rise.")
    assert question < first < html.index("More.") < html.index("<figure")
    assert html.count("16 of 57.") == 1
    assert "Headline numbers" not in html
    assert "They stand on the index" not in html
    assert '<a href="#limits">the limits of this page</a>' in html
    assert '<a href="#Ia-03">Ia-03</a>' in html[first : html.index("More.")]


def test_prose_beside_the_parameters_stays_when_it_says_more_than_a_paragraph() -> None:
    page = notebook(figure())
    page.cells.insert(1, new_markdown_cell("## Parameters\n\nSet them.", id="p"))
    assert "Set them." not in export(page)
    page.cells[1].source += "\n\nWhat they mean matters."
    assert "What they mean matters." in export(page)
    page.cells[1].source = "## Data\n\nWhere they are from."
    page.cells[2].metadata.tags = []
    page.cells[3].metadata.tags = []
    assert "Where they are from." in export(page)


def test_code_is_folded_and_the_parameters_of_the_run_are_listed() -> None:
    html = export(notebook(figure()))
    assert "<summary>Code 2</summary>" in html
    assert "<details open" not in html
    assert '<th scope="row"><code>level</code></th><td>0.5</td>' in html
    assert read_parameters(notebook()) == {"level": 0.5, "cycle": "x"}


def test_all_code_can_be_read_in_one_place_and_leads_back_to_where_it_stands() -> None:
    html = export(notebook(figure()))
    together = html[html.index('id="all-code"') :]
    for label in ("Code 1", "Parameters given to this run"):
        assert f">{label}</p>" in together
    assert '<p class="note" id="all-code-2"><a href="#code-2">Code 2</a></p>' in together
    assert html.count('id="code-2"') == 1
    assert '<a href="#all-code">all together</a>' in html
    assert 'id="code-1"' not in html  # it shows nothing


def test_equal_headings_get_different_anchors_and_levels_have_no_gaps() -> None:
    html = export(notebook(prose="## Laws\n\n#### Deep\n\n## Laws\n\n# Laws\n\n## Отвеѓ"))
    assert re.findall(r"<h(\d) id=\"([^\"]+)\"", html)[:5] == [
        ("2", "laws"),
        ("3", "deep"),
        ("2", "laws-2"),
        ("2", "laws-3"),
        ("2", "отвег"),
    ]


def test_links_go_to_the_page_that_has_the_target() -> None:
    linked = sentence('<p>See <a href="#Ia-03">Ia-03</a> and <a href="#II-01">II-01</a>.</p>')
    html = export(notebook(linked, table()), frame=FRAME, elsewhere={"II-01": "three.html#II-01"})
    assert '<a href="#Ia-03">Ia-03</a>' in html
    assert '<a href="three.html#II-01">II-01</a>' in html
    with pytest.raises(PageError, match="#II-01"):
        export(notebook(linked, table()), frame=FRAME)
    partial = Frame(report="A survey", pages=(Link("One", "index.html#one"),), current=0)
    assert "and II-01." in export(notebook(linked, table()), frame=partial)


@pytest.mark.parametrize(
    ("outputs", "told"),
    [
        ((figure(alt=" "),), "figure 'laws' has no alt."),
        ((figure(caption=""),), "figure 'laws' has no caption."),
        ((table(caption=None),), "table 'counts' has no caption."),
        ((figure(), table("laws")), "table 'laws' has the name of an earlier figure"),
        ((figure("../laws"),), "needs a name of letters"),
        ((shown("figure", {"text/plain": ""}, name="x", caption="x", alt="x"),), "no image/svg"),
    ],
)
def test_a_figure_or_table_that_lacks_something_is_named(
    outputs: tuple[NotebookNode, ...], told: str
) -> None:
    with pytest.raises(PageError) as caught:
        read_exhibits(notebook(*outputs))
    assert told in str(caught.value)
    assert caught.value.cell == 2


def test_a_table_without_caption_element_is_named() -> None:
    bare = table()
    bare.data["text/html"] = "<table></table>"
    with pytest.raises(PageError, match="table 'counts' has no <caption>"):
        export(notebook(bare))


def test_exhibits_are_written_by_name(tmp_path: Path) -> None:
    drawn = figure()
    drawn.data["image/png"] = base64.b64encode(b"png").decode()
    exhibits = read_exhibits(notebook(drawn, table()))
    write_exhibits(exhibits, tables=tmp_path / "t", figures=tmp_path / "f")
    assert sorted(path.name for path in tmp_path.rglob("*.*")) == [
        "counts.csv",
        "laws.csv",
        "laws.png",
        "laws.svg",
    ]
    assert (tmp_path / "f" / "laws.png").read_bytes() == b"png"


def test_what_the_index_needs_is_read_from_the_file_as_it_lies(tmp_path: Path) -> None:
    mime = "application/vnd.analysis.headlines+json"
    told = {"headlines": [{"text": "16"}], "limits": ["Law is not practice."]}
    file = tmp_path / "page.ipynb"
    nbformat.write(notebook(table(), shown("headlines", {mime: told})), file)
    from analysis.report.exhibits import read_notebook

    page = read_notebook(file)
    assert read_headlines(page).headlines == [{"text": "16"}]
    assert read_headlines(page).limits == ["Law is not practice."]
    assert read_question(page) == "How *many* States?"
    assert anchors_of(page) == ["Ia-03"]


def test_exporting_does_not_change_the_notebook() -> None:
    page = notebook(figure(), table())
    before = nbformat.writes(page)
    export(page, frame=FRAME)
    assert nbformat.writes(page) == before
