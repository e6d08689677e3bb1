"""Numbers in words: the voice of the report, computed from the tables."""

from pathlib import Path

import pytest

from analysis import InputError, load_study, open_section
from analysis.display.changes import ASSERTED, change_sentence

RAW = str(Path(__file__).parents[1] / "data" / "raw")


@pytest.fixture(scope="module", autouse=True)
def results_elsewhere(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("cwd"))
        yield


def say(page, *names, **parameters):
    return [one.text for one in open_section(page, study=RAW, **parameters).say(*names).sentences]


def test_a_change_is_told_as_counts_bounds_condition_tipping_point_and_verdict():
    text, asserted = say("I.a", "supply_chain_law")
    assert asserted == ASSERTED
    assert text.startswith("16 of the 57 States reported a law")
    assert "in 2020/21 (49 took part). In 2015/16 it was 10 (52 took part)." in text
    assert "If every State that took part and is not counted as yes meant no" in text
    assert "the rise among all 57 is between 1 and 14." in text
    assert "One 2015/16 respondent that left the question blank would end that certainty" in text
    assert "at least 1 of the 44 to 49 States that took part both times changed" in text
    assert text.endswith("Verdict: rise under the stated assumption.")


def test_a_count_known_from_loose_words_is_told_as_a_range():
    text, _ = say("I.a", "procurement_policy")
    assert "For 2015/16 no count is printed; the words used allow 15 to 19" in text
    assert "between 5 and 22" in text


def test_the_denominator_changes_the_words():
    assert say("I.a", "procurement_self_certification")[0].startswith(
        "11 of the 57 States reported"
    )
    text = say("I.a", "procurement_self_certification", denominator="responding")[0]
    assert text.startswith("11 of the 49 States that took part reported")
    text = say("I.a", "procurement_self_certification", denominator="procurement_policy")[0]
    assert text.startswith("11 of the 29 States that reported some policy")
    text = say("I.a", "procurement_self_certification", denominator="answering")[0]
    assert text.startswith("11 States reported")


def test_nobody_is_not_a_share_of_all():
    assert say("I.c", "awareness_effect")[0].startswith("No State could point to evidence")
    assert say("I.c", "awareness_effect", respondents="ngos")[0].startswith("No NGO could point")


def test_a_minimum_is_told_as_one():
    assert say("III.c", "no_non_punishment")[0].startswith("At least 11 of the 57 States")


def test_a_share_without_a_base_is_never_told_as_one_count():
    (text,) = say("IV", "predicate_offence")
    assert "without saying of how many" in text
    assert "that fits 49 of 57 (only if cut off) or 42 of 49 (only if cut off)" in text
    (text,) = say("I.b", "knowing_use_not_offence")
    assert "that fits 23 of 57 or 20 of 49 (only if cut off)" in text


def test_no_more_can_have_said_yes_than_took_part():
    (text,) = say("VI", "training_online")
    assert "29 to 49 of 57 or 25 to 49 of 49" in text


def test_a_count_that_is_not_printed_is_told_by_its_range():
    (text,) = say("I.a", "procurement_policy", cycle="2015/16")
    assert text.startswith(
        "For 2015/16 no count is printed; the words “almost doubled” allow 15 to"
    )
    assert "15 to 19 States" in text


def test_a_question_that_a_group_was_not_asked_is_not_told_as_missing():
    (text,) = say("I.a", "supply_chain_law", respondents="ngos")
    assert text == "Supply chain reporting law: not a question to NGOs."


def test_a_parameter_that_no_section_has_is_refused():
    with pytest.raises(InputError, match="Did you mean 'denominator'"):
        open_section("I.a", study=RAW, denominatr="responding")


def test_a_share_of_cases_names_its_base_and_range():
    (text,) = say("III.a", "cases_ngos")
    assert text.startswith(
        "About 20 % (19.5 % to 20.9 %) of reported cases were identified by NGOs"
    )


def test_a_reason_that_several_share_is_told_once():
    texts = say("V", "technology_training", "ai_evidence")
    assert len(texts) == 3
    assert texts[2] == "Not compared with 2015/16: the question was new in 2020/21."


def test_a_fall_and_an_open_direction_are_told_as_such():
    book = load_study(RAW).codebook
    row = {
        "respondents": "states",
        "cycle_from": "a",
        "cycle_to": "b",
        "verdict": "fall under the stated assumption",
        "change_low": -14,
        "change_high": -1,
        "count_from": 16,
        "nobs_from": 49,
        "nobs_to": 52,
        "tipping_point": 1,
        "n_paired": None,
        "design": "margins only",
        "moved_at_least": 0,
    }
    text = change_sentence(row, book, 57)
    assert "the fall among all 57 is between 1 and 14" in text
    assert "One b respondent" in text
    row |= {"verdict": "direction undetermined", "change_low": -2, "change_high": 11}
    text = change_sentence(row, book, 57)
    assert "the change among all 57 lies between −2 and +11" in text
    assert text.endswith("Verdict: direction undetermined.")
