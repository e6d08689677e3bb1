"""Exploring: what can be chosen, what is seen then, and the controls over it."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import papermill
import pytest
from studies import DEFAULT, ROOT, problem_of, small_study, took_part

from analysis import load_study
from analysis.desk import Result
from analysis.desk.asked import denominators_of
from analysis.display.exhibit import Figure, Table
from analysis.explore import Explorer, open_explorer
from analysis.explore.choice import Choice, Filters
from analysis.explore.controls import ASK, CONFIRM
from analysis.explore.download import csv_of, link_to
from analysis.explore.model import Model
from analysis.report.running.kernels import ReportKernelManager
from analysis.study import INTERACTIVE

EXAMPLE = ROOT / "examples" / "libraries"
NOTEBOOK = ROOT / "notebooks" / "explore.ipynb"


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("out")


@pytest.fixture(scope="module")
def model(out: Path) -> Model:
    return Model(load_study(DEFAULT, output=out / "default"))


@pytest.fixture(scope="module")
def invented(out: Path) -> Model:
    return Model(load_study(EXAMPLE, output=out / "example"), place=str(EXAMPLE))


@pytest.fixture
def explorer(model: Model) -> Explorer:
    return Explorer(model)


def names(explorer: Explorer) -> list[str]:
    return [value for _, value in explorer.indicator.options]


def picture(html: str) -> str:
    found = re.search(r'src="data:image/png;base64,([^"]+)"', html)
    assert found
    return found[1]


def test_it_opens_at_the_change_that_is_furthest_from_none(model: Model) -> None:
    table = model.study.compare().frame
    surest = table.loc[table["change_low"].astype(int).idxmax(), "indicator"]
    assert model.opening().indicator == surest == "recruitment_fees"


def test_it_opens_where_it_is_told_to(model: Model) -> None:
    assert model.opening("awareness_effect").indicator == "awareness_effect"
    problem = problem_of(lambda: model.opening("awareness_efect"))
    assert problem.suggestion == "awareness_effect"


def test_a_study_without_any_change_opens_at_what_is_known(tmp_path: Path) -> None:
    folder = small_study(
        tmp_path,
        *took_part(b=18),
        {"value": 9, "item": "other"},
        items={"law": {"comparability": "new"}, "other": {"comparability": "new", "asked": "b"}},
    )
    opened = Model(load_study(folder.path, output=tmp_path))
    choice = opened.opening()
    assert choice.indicator == "other"
    assert "9 of the 20 States" in opened.view(choice).result.text


def test_a_study_of_one_cycle_can_be_explored(tmp_path: Path) -> None:
    folder = small_study(tmp_path, *took_part(a=18), {"value": 9}, cycles="a")
    explorer = Explorer(Model(load_study(folder.path, output=tmp_path), place=str(folder.path)))
    assert explorer.pair.options == (("a", "|a"),)
    assert "9 of the 20 States" in explorer.seen.value


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(words="recruitment FEES"), {"recruitment_fees"}),
        (Filters(change="certain"), {"recruitment_fees", "supply_chain_law", "procurement_policy"}),
        (Filters(change="certain", words="supply"), {"supply_chain_law"}),
        (Filters(evidence="observed"), set()),
        (Filters(section="I.c"), {"awareness_campaigns", "awareness_effect"}),
    ],
)
def test_the_list_has_what_passes_every_filter(
    model: Model, filters: Filters, expected: set[str]
) -> None:
    assert {name for _, name in model.listed(model.opening(), filters)} == expected


def test_filters_offer_only_what_the_study_has(model: Model, invented: Model) -> None:
    assert [value for _, value in model.evidence()] == ["", "published", "derived"]
    assert [value for _, value in invented.evidence()] == ["", "synthetic"]
    assert "fall under the stated assumption" not in [value for _, value in model.changes()]


def every_choice(model: Model) -> Iterator[Choice]:
    for group in model.book.respondents:
        for _, pair in model.pairs():
            for method in ("bounds", "sensitivity", "tests"):
                start = Choice("", group, *pair.split("|"), method=method)
                for _, name in model.listed(start, Filters()):
                    for base in denominators_of((name,), model.book):
                        yield Choice(name, group, *pair.split("|"), base, method)


@pytest.mark.parametrize("which", ["default", "example"])
def test_the_line_of_code_gives_what_is_seen(
    which: str, model: Model, invented: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = {"default": model, "example": invented}[which]
    monkeypatch.setattr("analysis.load_study", lambda study="": own.study, raising=False)
    monkeypatch.setattr(Figure, "png", lambda _: b"")
    choices = list(every_choice(own))
    assert len({choice.line(own.book, own.place) for choice in choices}) == len(choices)
    for choice in choices[:: len(choices) // 20]:
        view = own.view(choice)
        head, _, call = view.line.partition("; ")
        given: dict[str, Any] = {}
        exec(head, given)
        result = eval(call, given)
        assert isinstance(result, Result)
        assert result.html() == view.result.html()
        pd.testing.assert_frame_equal(result.frame, view.result.frame)


def test_the_line_of_code_runs_by_itself(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(out)
    folder = small_study(out, *took_part(a=18, b=19), {"value": 9}, {"cycle": "a", "value": 3})
    explorer = open_explorer("small")
    view = explorer.model.view(explorer.choice)
    assert view.line == "from analysis import load_study; load_study('small').compare('law')"
    head, _, call = view.line.partition("; ")
    given: dict[str, Any] = {}
    exec(head, given)
    assert eval(call, given).html() == view.result.html()
    assert folder.path.is_dir()


def test_the_line_of_code_says_no_more_than_it_must(model: Model) -> None:
    opening = model.opening()
    assert opening.line(model.book) == (
        "from analysis import load_study; load_study().compare('recruitment_fees')"
    )


def test_a_choice_is_drawn_once(model: Model) -> None:
    assert model.view(model.opening()) is model.view(model.opening())


def test_the_table_is_saved_from_the_link_itself(model: Model) -> None:
    view = model.view(model.opening())
    found = re.search(
        r'download="([^"]+)" href="data:text/csv;charset=utf-8;base64,([^"]+)"', view.html
    )
    assert found
    rows = list(csv.reader(io.StringIO(base64.b64decode(found[2]).decode())))
    assert isinstance(view.result.table, Table)
    assert rows[0] == list(view.result.table.data.columns)
    assert len(rows) == 1 + len(view.result.table.data)
    assert found[1].endswith(".csv")
    assert "/" not in found[1]


def test_no_cell_of_a_saved_table_is_a_formula() -> None:
    table = pd.DataFrame({"=A1": ["=1+1", "@x", "+8 to +21", "-5.2", None], "n": [1, 2, 3, 4, 5]})
    rows = list(csv.reader(io.StringIO(csv_of(table))))
    assert [row[0] for row in rows] == ["'=A1", "'=1+1", "'@x", "'+8 to +21", "-5.2", ""]
    link = link_to(table, '../"><script>', "save")
    assert "<script>" not in link
    assert re.search(r'download="[\w.-]+\.csv"', link)


def test_choosing_an_indicator_changes_picture_words_and_code(explorer: Explorer) -> None:
    before = explorer.seen.value
    explorer.indicator.value = "supply_chain_law"
    assert picture(explorer.seen.value) != picture(before)
    assert "16 of the 57 States" in explorer.seen.value
    assert "compare(&#x27;supply_chain_law&#x27;)" in explorer.seen.value


def test_typing_finds_and_shows_the_first_that_passes(explorer: Explorer) -> None:
    explorer.find.value = "supply chains"
    assert explorer.indicator.value == explorer.choice.indicator == names(explorer)[0]
    explorer.find.value = "recruitment"
    assert names(explorer) == ["recruitment_fees"]
    assert "recruitment agencies" in explorer.seen.value


def test_when_nothing_passes_the_last_view_stays_and_the_reason_is_said(explorer: Explorer) -> None:
    before = explorer.seen.value
    explorer.find.value = "no such words"
    assert names(explorer) == []
    assert explorer.seen.value == before
    assert "Nothing passes" in explorer.told.value
    explorer.find.value = ""
    assert explorer.choice.indicator == "recruitment_fees"
    assert explorer.indicator.value == "recruitment_fees"


def test_when_nothing_passes_nobody_is_shown_singly(invented: Model) -> None:
    """What is chosen then is not what is in view: this group was not asked the question."""
    explorer = Explorer(invented, indicator="story")
    before = explorer.seen.value
    explorer.find.value = "story"
    explorer.respondents.value = "readers"
    assert (names(explorer), explorer.seen.value) == ([], before)
    assert "found before stays in view" in explorer.told.value
    assert explorer.single.disabled
    explorer.find.value = ""
    assert not explorer.single.disabled


def test_every_control_changes_what_is_seen(explorer: Explorer) -> None:
    seen = {explorer.seen.value}
    for control, value in (
        (explorer.denominator, "responding"),
        (explorer.method, "sensitivity"),
        (explorer.respondents, "ngos"),
    ):
        control.value = value
        assert explorer.seen.value not in seen
        seen.add(explorer.seen.value)
    assert explorer.choice.indicator in names(explorer)


def test_a_base_that_the_next_indicator_lacks_falls_back_to_all(explorer: Explorer) -> None:
    explorer.indicator.value = "assets_compensation"
    explorer.denominator.value = "confiscation_law"
    explorer.indicator.value = "recruitment_fees"
    assert explorer.denominator.value == explorer.choice.denominator == "participating"


def test_controls_shown_twice_do_not_share_what_is_chosen(model: Model) -> None:
    one, other = Explorer(model), Explorer(model)
    one.indicator.value = "supply_chain_law"
    assert other.choice.indicator == "recruitment_fees"


def test_single_respondents_are_shown_after_a_warning_and_never_saved(invented: Model) -> None:
    explorer = Explorer(invented, indicator="story")
    ids = invented.study.movers("story").frame["respondent_id"]
    assert explorer.single in explorer.box.children[0].children
    explorer.single.click()
    assert explorer.single.description == CONFIRM
    assert "confidential" in explorer.seen.value
    assert not any(one in explorer.seen.value for one in ids)
    explorer.single.click()
    assert all(one in explorer.seen.value for one in ids)
    assert "confidential" in explorer.seen.value
    assert "download=" not in explorer.seen.value
    bundle = json.dumps(explorer._repr_mimebundle_())
    assert not any(f">{one}<" in bundle for one in ids)
    explorer.indicator.value = "cafe"
    assert explorer.single.description == ASK
    assert not any(f">{one}<" in explorer.seen.value for one in ids)


def test_without_responses_there_is_no_button_for_single_respondents(explorer: Explorer) -> None:
    assert explorer.single not in explorer.box.children[0].children


def test_invented_answers_are_marked_in_what_is_seen_and_saved(invented: Model) -> None:
    view = invented.view(invented.opening())
    assert isinstance(view.result.figure, Figure)
    assert view.result.figure.stamp == "SYNTHETIC"
    assert 'download="SYNTHETIC' in view.html


def test_where_there_are_no_controls_the_opening_view_stands_in_their_place(
    explorer: Explorer,
) -> None:
    bundle = explorer._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert "between 8 and 21" in bundle["text/plain"]
    assert "between 8 and 21" in bundle["text/html"]
    assert "JupyterLab" in bundle["text/html"]


def test_the_notebook_runs_without_a_browser_on_any_study(tmp_path: Path) -> None:
    folder = small_study(tmp_path, *took_part(a=18, b=19), {"value": 9}, {"cycle": "a", "value": 3})
    executed = papermill.execute_notebook(
        NOTEBOOK,
        tmp_path / "out.ipynb",
        parameters={"study": str(folder.path)},
        kernel_manager_class=ReportKernelManager,
        progress_bar=False,
        cwd=str(tmp_path),
    )
    texts = [out["data"]["text/plain"] for c in executed.cells for out in c.get("outputs", [])]
    assert "9 of the 20 States" in texts[0]


def test_the_notebook_is_no_page_of_a_report(tmp_path: Path) -> None:
    assert NOTEBOOK.stem in INTERACTIVE
    assert NOTEBOOK.stem not in {page.notebook.stem for page in load_study(DEFAULT).pages}
    folder = small_study(tmp_path)
    folder.edit("codebook/sections.csv", "s", notebook="explore")
    problem = problem_of(lambda: load_study(folder.path))
    assert (problem.value, problem.column) == ("explore", "notebook")
    assert "explore" not in problem.allowed
