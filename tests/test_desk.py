"""A study asked in one line: what it answers, how that shows itself, and what it refuses."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from studies import DEFAULT, problem_of, small_study, took_part

from analysis import OpenStudy, load_study
from analysis.display.exhibit import Figure, Table
from analysis.display.statements import Box
from analysis.results import compute_results
from analysis.study import Study

EXAMPLE = DEFAULT.parents[1] / "examples" / "libraries"


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> OpenStudy:
    return load_study(DEFAULT, output=tmp_path_factory.mktemp("out"))


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> OpenStudy:
    return load_study(EXAMPLE, output=tmp_path_factory.mktemp("out"))


def test_an_open_study_is_a_study(study: OpenStudy) -> None:
    assert isinstance(study, Study)
    assert study.codebook.indicators


def test_opening_refreshes_the_processed_tables_once_something_is_asked(tmp_path: Path) -> None:
    loaded = load_study(DEFAULT, output=tmp_path)
    assert not loaded.processed.exists()
    loaded.compare()
    assert (loaded.processed / "comparisons.csv").is_file()


def test_a_comparison_has_the_numbers_of_the_comparison_table(study: OpenStudy) -> None:
    result = study.compare("recruitment_fees")
    table = compute_results(study).comparisons
    own = table[table["indicator"] == "recruitment_fees"].reset_index(drop=True)
    pd.testing.assert_frame_equal(result.frame, own)
    assert (result.frame["count_from"].item(), result.frame["count_to"].item()) == (16, 29)


def test_a_comparison_tells_count_base_bounds_and_condition(study: OpenStudy) -> None:
    text = study.compare("recruitment_fees").text
    assert "29 of the 57 States" in text
    assert "between 8 and 21" in text
    assert "meant no" in text


def test_the_table_of_a_comparison_has_a_line_a_cycle_and_the_change(study: OpenStudy) -> None:
    table = study.compare("recruitment_fees", denominator="responding").table
    assert isinstance(table, Table)
    rows = table.data.set_index("Cycle")
    assert rows.loc["2015/16", ["Reported", "Of", "Share"]].tolist() == [
        "16",
        "52 (took part)",
        "31 %",
    ]
    assert rows.loc["Change", "Reported"] == "+13"
    assert rows.loc["Change", "Possible among all 57"] == "+8 to +21"
    # 29 of 49 less 16 of 52 are 28.4 points.
    assert rows.loc["Change", "Share"] == "+28 pp"
    assert rows["Evidence"].tolist() == ["published", "published", "derived"]


def test_without_a_name_all_that_can_be_compared_is(study: OpenStudy) -> None:
    frame = study.compare().frame
    assert len(frame)
    assert "not comparable" not in set(frame["verdict"])


def test_what_cannot_be_compared_says_why(study: OpenStudy) -> None:
    assert "the question was new" in study.compare("awareness_effect").text


@pytest.mark.parametrize("name", load_study(DEFAULT).codebook.indicators)
def test_every_indicator_has_an_answer_that_shows_itself(
    study: OpenStudy, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Figure, "png", lambda _: b"")
    for group in study.codebook.item_of(name).respondents:
        result = study.compare(name, respondents=group)
        data, _ = result._repr_mimebundle_()
        assert data["text/plain"] == str(result) == repr(result)
        assert not re.search(
            r"\b(nan|None|NA|inf)\b", re.sub(r'src="[^"]*"', "", data["text/html"])
        )
        assert result.base
        assert result.text in data["text/plain"] or len(result.sentences.sentences) > 1


def test_every_method_of_a_change_has_figure_and_table(study: OpenStudy) -> None:
    shown = [
        study.compare("recruitment_fees", method=m) for m in ("bounds", "sensitivity", "tests")
    ]
    assert all(isinstance(one.figure, Figure) and isinstance(one.table, Table) for one in shown)
    tables = [one.table.csv() for one in shown if isinstance(one.table, Table)]
    assert len(set(tables)) == 3
    assert "None of these is a finding" in shown[2].html()


def test_a_share_over_a_base_that_is_not_known_is_not_drawn(study: OpenStudy) -> None:
    figure = study.compare("recruitment_fees", denominator="answering").figure
    assert isinstance(figure, Box)
    assert "does not print who left this question blank" in str(figure)


def test_the_source_is_named_with_its_words_and_its_place(study: OpenStudy) -> None:
    result = study.compare("recruitment_fees")
    assert result.sources is not None
    assert len(result.sources) == 2
    for words in [*result.sources["as_printed"], *result.sources["locator"]]:
        assert words in result.html()


def test_texts_of_the_study_never_become_markup(tmp_path: Path) -> None:
    folder = small_study(
        tmp_path,
        *took_part(a=18, b=19),
        {"value": 9},
        {"cycle": "a", "value": 3, "as_printed": "<b>x</b>"},
        indicators={"law": {"label": "<img src=x onerror=alert(1)>"}},
    )
    html = load_study(folder.path, output=tmp_path).compare("law").html()
    assert "<b>x" not in html
    assert "<img src=x" not in html
    assert "&lt;b&gt;x" in html


def test_a_study_of_one_cycle_is_told_without_a_change(tmp_path: Path) -> None:
    folder = small_study(tmp_path, *took_part(a=18), {"value": 9}, cycles="a")
    result = load_study(folder.path, output=tmp_path).compare("law")
    assert "9 of the 20 States" in result.text
    assert result.frame.empty


@pytest.mark.parametrize(
    ("asked", "value", "close"),
    [
        ({"names": ("recruitment_fee",)}, "recruitment_fee", "recruitment_fees"),
        ({"names": (["recruitment_fees"],)}, ["recruitment_fees"], "recruitment_fees"),
        ({"respondents": "state"}, "state", "states"),
        ({"cycle": "2020/2"}, "2020/2", "2020/21"),
        ({"baseline": "2015-16"}, "2015-16", "2015/16"),
        ({"denominator": "respnding"}, "respnding", "responding"),
        ({"method": "bound"}, "bound", "bounds"),
    ],
)
def test_a_wrong_name_is_answered_with_the_nearest(
    study: OpenStudy, asked: dict[str, object], value: object, close: str
) -> None:
    names = asked.pop("names", ("recruitment_fees",))
    problem = problem_of(lambda: study.compare(*names, **asked))  # type: ignore[arg-type,misc]
    assert (problem.value, problem.suggestion) == (value, close)


def test_an_indicator_is_shown_over_every_base_in_every_cycle(study: OpenStudy) -> None:
    result = study.indicator("recruitment_fees")
    assert len(result.frame) == 6
    shares = result.frame.dropna(subset="share").set_index(["cycle", "denominator"])["share"]
    assert shares.loc["2020/21", "responding"] == pytest.approx(29 / 49)
    assert "29" in str(result)


def test_indicators_are_found_by_words_of_their_question(study: OpenStudy) -> None:
    assert study.indicators("RECRUITMENT fees")["indicator"].tolist() == ["recruitment_fees"]
    assert study.indicators("no such words").empty
    assert len(study.indicators()) > 30


def test_a_finding_is_told_as_it_is_printed(study: OpenStudy) -> None:
    one = study.results.findings.iloc[0]
    result = study.finding(one["finding_id"])
    assert one["statement"] in result.text
    assert one["as_printed"] in result.html()
    assert problem_of(lambda: study.finding("Ia-99x")).column == "finding"


def test_without_responses_there_is_nothing_of_single_ones(study: OpenStudy) -> None:
    assert study.ledger().frame.empty
    assert study.movers("recruitment_fees").frame.empty


def test_what_is_about_single_respondents_is_shown_as_numbers_with_a_warning(
    invented: OpenStudy,
) -> None:
    for result in (invented.ledger(), invented.movers("story")):
        assert len(result.frame)
        assert "confidential" in result.warning
        assert result.warning in result.html()
        assert result.warning in str(result)
    moved = invented.movers("story")
    assert not any(name in moved.html() + str(moved) for name in moved.frame["respondent_id"])
    assert isinstance(moved.table, Table)
    assert moved.table.data["Number"].sum() == len(moved.frame)


def test_the_ledger_counts_every_changed_cell(invented: OpenStudy) -> None:
    result = invented.ledger()
    responses = invented.results.responses
    assert responses is not None
    assert isinstance(result.table, Table)
    counted = result.table.data.groupby("What")["Cells"].sum()
    assert counted["changed"] == len(responses.ledger) == len(result.frame)


def test_invented_answers_are_marked_in_every_part(invented: OpenStudy) -> None:
    result = invented.compare("story")
    assert isinstance(result.figure, Figure)
    assert isinstance(result.table, Table)
    assert result.figure.stamp == "SYNTHETIC"
    assert result.evidence == ("synthetic",)
    assert (result.frame["SYNTHETIC"] == "SYNTHETIC").all()
    assert all("SYNTHETIC" in line for line in result.text.splitlines())
    assert result.table.data["SYNTHETIC"].eq("SYNTHETIC").all()


def test_a_picture_for_the_screen_leaves_that_for_the_report_as_it_is(invented: OpenStudy) -> None:
    fresh, shown = (invented.compare("story").figure for _ in range(2))
    assert isinstance(fresh, Figure)
    assert isinstance(shown, Figure)
    shown.png()
    assert shown.drawing.texts
    stamps = [text.get_text() for text in shown.drawing.texts].count("SYNTHETIC")
    shown.pictures  # noqa: B018 - draws
    assert [text.get_text() for text in shown.drawing.texts].count("SYNTHETIC") == stamps
    assert fresh.pictures["svg"] == shown.pictures["svg"]


def test_a_study_says_what_it_has_and_what_it_can_be_asked(study: OpenStudy) -> None:
    text = repr(study)
    assert "States, 2020/21: 49 of 57 took part" in text
    assert "published" in text
    assert "study.compare(NAME)" in study._repr_html_()
