"""The indicator table: every count over every denominator, with what is not known."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from studies import (
    CHOICES,
    CYCLES,
    INDICATORS,
    SURVEY,
    StudyFolder,
    copy_of_default,
    small_study,
    took_part,
)

from analysis.frames import records
from analysis.indicators import COLUMNS, indicator_counts, turnout
from analysis.published import published_counts
from analysis.results import Results
from analysis.study import load_study

EARLIER, LATER = "2015/16", "2020/21"


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return copy_of_default(tmp_path_factory.mktemp("default")).tables()


def over(counts: pd.DataFrame, indicator: str, **place: str) -> dict[str, dict[str, Any]]:
    """The rows of one indicator by denominator."""
    place = {"cycle": LATER, "respondents": "states", **place}
    own = counts[counts["indicator"] == indicator]
    for column, value in place.items():
        own = own[own[column] == value]
    return {row["denominator"]: row for row in records(own)}


def test_a_count_has_its_share_of_everybody_and_of_those_that_took_part(tables: Results) -> None:
    rows = over(tables.counts, "supply_chain_law")
    everybody, responding = rows["participating"], rows["responding"]
    assert (everybody["count"], everybody["nobs"]) == (16, 57)
    assert everybody["share"] == pytest.approx(16 / 57)
    # The 8 that did not take part might all have said yes.
    assert (everybody["low"], everybody["high"]) == pytest.approx((16 / 57, 24 / 57))
    assert (responding["count"], responding["nobs"]) == (16, 49)
    assert responding["share"] == responding["low"] == responding["high"] == pytest.approx(16 / 49)


def test_the_share_of_those_that_answered_the_question_is_not_known(tables: Results) -> None:
    answering = tables.counts[tables.counts["denominator"] == "answering"]
    assert len(answering) == len(over_counts := tables.totals[tables.totals["kind"] == "count"])
    assert len(over_counts) > 40
    assert answering["share"].isna().all()
    assert answering["nobs"].isna().all()
    assert set(answering["reason"]) == {"the source does not print who left this question blank"}


def test_a_part_has_a_share_of_its_whole(tables: Results) -> None:
    rows = over(tables.counts, "assets_compensation")
    assert list(rows) == ["participating", "responding", "answering", "confiscation_law"]
    whole = rows["confiscation_law"]
    assert (whole["count"], whole["nobs"]) == (30, 44)
    assert whole["share"] == pytest.approx(30 / 44)


def test_a_whole_that_is_not_printed_is_the_reason_for_no_share(tables: Results) -> None:
    row = over(tables.counts, "non_punishment_limited")["non_punishment"]
    assert pd.isna(row["nobs"])
    assert pd.isna(row["share"])
    assert row["reason"] == (
        "the number that reported a provision on non-punishment is not printed"
    )


def test_at_least_leaves_the_upper_end_open(tables: Results) -> None:
    rows = over(tables.counts, "no_non_punishment")
    for name, nobs in (("participating", 57), ("responding", 49)):
        assert rows[name]["share"] == rows[name]["low"] == pytest.approx(11 / nobs)
        assert rows[name]["high"] == 1


def test_a_count_in_loose_words_has_a_range_and_no_share(tables: Results) -> None:
    rows = over(tables.counts, "procurement_policy", cycle=EARLIER)
    everybody = rows["participating"]
    assert pd.isna(everybody["count"])
    assert pd.isna(everybody["share"])
    assert (everybody["low"], everybody["high"]) == pytest.approx((15 / 57, (19 + 5) / 57))
    assert everybody["evidence"] == "derived"
    responding = rows["responding"]
    assert (responding["low"], responding["high"]) == pytest.approx((15 / 52, 19 / 52))


def test_who_took_part_is_no_answer_that_the_silent_could_have_given(tables: Results) -> None:
    row = over(tables.counts, "survey_response")["participating"]
    assert row["low"] == row["high"] == row["share"] == pytest.approx(49 / 57)


def test_a_group_without_a_list_has_no_share_of_everybody(tables: Results) -> None:
    rows = over(tables.counts, "awareness_effect", respondents="ngos")
    assert pd.isna(rows["participating"]["nobs"])
    assert rows["participating"]["reason"] == (
        "there is no list of all NGOs, so no share of them can be given"
    )
    assert (rows["responding"]["count"], rows["responding"]["nobs"]) == (0, 84)
    assert rows["responding"]["share"] == 0


def test_a_share_without_a_base_is_not_turned_into_a_count(tables: Results) -> None:
    for name, ends in (
        ("knowing_use_not_offence", (0.395, 0.41)),
        ("predicate_offence", (0.845, 0.86)),
        ("demand_no_measures", (7 / 24, 5 / 12)),
        ("training_online", (0.5, 1)),
    ):
        (row,) = over(tables.counts, name).values()
        assert row["denominator"] == "unstated"
        assert pd.isna(row["count"])
        assert pd.isna(row["nobs"])
        assert pd.isna(row["share"])
        assert (row["low"], row["high"]) == pytest.approx(ends)
        assert "without its base" in row["reason"]


def test_a_count_is_preferred_to_a_share_of_the_same_and_both_are_named(tables: Results) -> None:
    row = over(tables.counts, "unconditional_support")["participating"]
    assert row["count"] == 29
    assert row["finding_ids"] == "IIIc-05 IIIc-06"


def test_shares_of_cases_have_cases_as_their_denominator(tables: Results) -> None:
    (row,) = over(tables.counts, "cases_police").values()
    assert (row["denominator"], row["evidence"]) == ("cases", "published")
    assert pd.isna(row["count"])
    assert pd.isna(row["nobs"])
    assert row["share"] == 0.71


def test_a_share_of_the_rest_is_derived_with_its_whole_range(tables: Results) -> None:
    # 71 % by one, 70 % of the rest by another; each may have been rounded or cut off, so the first
    # lies from 70.5 up to 72 and the second from 69.5 up to 71.
    firsts = [70.5 + step / 100 for step in range(151)]
    seconds = [69.5 + step / 100 for step in range(151)]
    others = [(100 - first) * second / 1e4 for first, second in product(firsts, seconds)]
    rests = [(100 - first) * (100 - second) / 1e4 for first, second in product(firsts, seconds)]
    (ngos,) = over(tables.counts, "cases_ngos").values()
    assert ngos["share"] == pytest.approx(0.29 * 0.70)
    assert (ngos["low"], ngos["high"]) == pytest.approx((min(others), max(others)))
    (rest,) = over(tables.counts, "cases_others").values()
    assert rest["share"] == pytest.approx(0.29 * 0.30)
    assert (rest["low"], rest["high"]) == pytest.approx((min(rests), max(rests)))
    # As statistics are read out: 20.3 % (19.5 to 20.9) and 8.7 %.
    assert [round(100 * ngos[key], 1) for key in ("share", "low", "high")] == [20.3, 19.5, 20.9]
    assert round(100 * rest["share"], 1) == 8.7
    assert ngos["evidence"] == rest["evidence"] == "derived"
    assert ngos["finding_ids"] == rest["finding_ids"] == "IIIa-09 IIIa-10"


def study_of_cases(folder: Path, *shares: tuple[str, float, str]) -> StudyFolder:
    """Three kinds of cases and the shares that are printed of them."""
    rows = [
        {
            "item": "kind",
            "option": o,
            "measure": "percent",
            "qualifier": "about",
            "value": v,
            "base": b,
        }
        for o, v, b in shares
    ]
    study = small_study(folder, *took_part(b=16), *rows, items={})
    for name in ("one", "two", "other"):
        study.add_row(CHOICES, list_name="kinds", name=name, label=name)
        cells = {"rule": f"${{kind}} = '{name}'", "label": name, "phrase": f"were {name}"}
        study.add_row(INDICATORS, indicator=name, **cells)
    asked = {"asked": "a b", "section": "s", "respondents": "states"}
    study.add_row(
        SURVEY, type="select_one kinds", name="kind", label="Kind?", unit="cases", **asked
    )
    return study


def test_the_kind_that_is_not_printed_is_the_rest_of_shares_of_all(tmp_path: Path) -> None:
    study = study_of_cases(tmp_path, ("one", 50, "cases"), ("two", 30, "cases"))
    (row,) = over(study.tables().counts, "other", cycle="b").values()
    assert row["share"] == pytest.approx(0.2)
    # 50 is 49.5 up to 51 and 30 is 29.5 up to 31.
    assert (row["low"], row["high"]) == pytest.approx((1 - 0.51 - 0.31, 1 - 0.495 - 0.295))


def test_there_is_no_rest_when_two_kinds_are_not_printed(tmp_path: Path) -> None:
    counts = study_of_cases(tmp_path, ("one", 50, "cases")).tables().counts
    assert set(counts["indicator"]) == {"took_part", "one"}


def test_there_is_no_rest_when_every_kind_is_printed(tmp_path: Path) -> None:
    study = study_of_cases(
        tmp_path, ("one", 50, "cases"), ("two", 30, "cases"), ("other", 20, "cases")
    )
    counts = study.tables().counts
    (row,) = over(counts, "other", cycle="b").values()
    assert row["evidence"] == "published"
    assert len(counts[counts["denominator"] == "cases"]) == 3


def test_without_a_turnout_there_is_no_share_of_it(tmp_path: Path) -> None:
    counts = small_study(tmp_path, {"value": 5}).tables().counts
    rows = over(counts, "law", cycle="b")
    assert rows["responding"]["reason"] == "the source does not print how many took part"
    assert pd.isna(rows["responding"]["share"])
    assert rows["participating"]["share"] == pytest.approx(5 / 20)


def test_no_eligible_number_means_no_share_of_everybody(tmp_path: Path) -> None:
    study = small_study(tmp_path, *took_part(b=16), {"value": 5})
    study.edit(CYCLES, "b", eligible="")
    row = over(study.tables().counts, "law", cycle="b")["participating"]
    assert row["reason"] == "there is no list of all States, so no share of them can be given"


def test_turnout_is_by_cycle_and_group(tables: Results) -> None:
    assert turnout(tables.totals, load_study().codebook) == {
        (LATER, "states"): 49,
        (EARLIER, "states"): 52,
        (LATER, "ngos"): 84,
        (EARLIER, "ngos"): 90,
    }


def test_rows_are_one_of_a_kind_and_their_numbers_fit_together(tables: Results) -> None:
    counts = tables.counts
    assert list(counts) == list(COLUMNS)
    assert not counts.duplicated(["indicator", "respondents", "cycle", "denominator"]).any()
    assert (counts["count"].dtype, counts["nobs"].dtype) == ("Int64", "Int64")
    ends = counts.dropna(subset=["low", "high"])
    assert ((ends["low"] >= 0) & (ends["low"] <= ends["high"]) & (ends["high"] <= 1)).all()
    shared = counts.dropna(subset=["share", "low"])
    assert (shared["low"] <= shared["share"]).all()
    assert (shared["share"] <= shared["high"]).all()
    whole = counts.dropna(subset=["count", "nobs"])
    assert (whole["share"] == whole["count"].astype(float) / whole["nobs"].astype(float)).all()


def test_a_number_is_missing_exactly_where_a_reason_is_given(tables: Results) -> None:
    counts = tables.counts
    is_loose = counts["count"].isna() & counts["nobs"].notna()
    assert (counts["nobs"].isna() == (counts["reason"] != "")).all()
    assert set(counts[is_loose]["indicator"]) == {"procurement_policy"}
    assert counts["finding_ids"].ne("").all()


def test_findings_without_a_number_and_the_order_of_rows_change_nothing(tables: Results) -> None:
    book = load_study().codebook
    findings = tables.findings
    words = findings[~findings["measure"].isin(["count", "percent", "fraction"])]
    more = pd.concat([words, findings, words], ignore_index=True)

    def sorted_counts(frame: pd.DataFrame) -> pd.DataFrame:
        counts = indicator_counts(published_counts(frame, book), book)
        keys = ["indicator", "respondents", "cycle", "denominator"]
        return counts.sort_values(keys, ignore_index=True)

    pd.testing.assert_frame_equal(sorted_counts(more), sorted_counts(findings))
    turned = findings.iloc[::-1].reset_index(drop=True)
    numbers = ["count", "nobs", "share", "low", "high"]
    pd.testing.assert_frame_equal(sorted_counts(turned)[numbers], sorted_counts(findings)[numbers])


def test_a_count_printed_twice_is_one_count_with_two_findings(tmp_path: Path) -> None:
    study = small_study(tmp_path, *took_part(b=16), {"value": 5}, {"value": 5})
    rows = over(study.tables().counts, "law", cycle="b")
    assert (rows["responding"]["count"], rows["responding"]["finding_ids"]) == (5, "f1 f2")


def test_the_tables_that_come_in_are_left_as_they_are(tables: Results) -> None:
    printed = tables.totals.copy(deep=True)
    indicator_counts(printed, load_study().codebook)
    pd.testing.assert_frame_equal(printed, tables.totals)
