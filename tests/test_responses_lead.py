"""Real responses: counted anew by other code, led by the panel, held against print.

The stand-in for real answers is made up here, with other names and other code than the synthetic
responses of the rehearsal.
"""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from math import comb
from pathlib import Path

import pytest
from studies import StudyFolder, problem_of, small_study, took_part

from analysis.panel import MOVES
from analysis.results import Results, compute_results
from analysis.section import open_section
from analysis.study import load_study

UNITS = [f"unit {number:02d}" for number in range(1, 21)]
CYCLES = ("a", "b")
HEADERS = {"a": ("Who?", "1. Is there a law?"), "b": ("Who are you?", "Q7 Law in force?")}


def made_up_answers(seed: int) -> dict[str, dict[str, str]]:
    """Who said what in each cycle; who is missing did not take part, a blank is a blank."""
    dice = random.Random(seed)
    answers: dict[str, dict[str, str]] = {}
    for cycle, share in zip(CYCLES, (0.4, 0.6), strict=True):
        here = [unit for unit in UNITS if dice.random() < 0.85]
        answers[cycle] = {
            unit: dice.choices(["yes", "no", "", "?"], [share, 0.9 - share, 0.06, 0.04])[0]
            for unit in here
        }
    return answers


def stand_in(folder: Path, answers: dict[str, dict[str, str]], *printed: int) -> StudyFolder:
    """A study with a printed count for each cycle, and the exports of both."""
    study = small_study(
        folder,
        *took_part(a=len(answers["a"]), b=len(answers["b"])),
        *({"cycle": cycle, "value": n} for cycle, n in zip(CYCLES, printed, strict=False)),
    )
    columns = [["item", "option", "cycle", "respondents", "column"]]
    sources = ["source title publisher year licence citation file sha256 cycle respondents".split()]
    (study.path / "responses").mkdir()
    for cycle in CYCLES:
        columns += [["respondent_id", "", cycle, "", HEADERS[cycle][0]]]
        columns += [["law", "", cycle, "", HEADERS[cycle][1]]]
        name = f"responses/{cycle}.csv"
        study.write(name, [HEADERS[cycle], *answers[cycle].items()])
        digest = hashlib.sha256((study.path / name).read_bytes()).hexdigest()
        line = [cycle, "Answers", "", "", "not public", "own data", name, digest, cycle, "states"]
        sources.append(line)
    study.write("codebook/columns.csv", columns)
    study.write("codebook/sources.csv", sources)
    study.write(
        "codebook/value_map.csv",
        [["list_name", "raw", "name", "reason"], ["", "?", "dont_know", "as the form says"]],
    )
    roster = [["respondent_id", "respondents"], *([unit, "states"] for unit in UNITS)]
    study.write("codebook/respondents.csv", roster)
    return study


def results_of(study: StudyFolder) -> Results:
    return compute_results(load_study(study.path))


@pytest.mark.parametrize("seed", range(12))
def test_counts_moves_bounds_and_p_value_are_those_of_other_code(tmp_path: Path, seed: int) -> None:
    answers = made_up_answers(seed)
    found = results_of(stand_in(tmp_path, answers))
    yes = {c: {u for u, said in answers[c].items() if said == "yes"} for c in CYCLES}
    known = {c: {u for u, said in answers[c].items() if said in ("yes", "no")} for c in CYCLES}
    table = found.counts[found.counts["indicator"] == "law"].set_index(["cycle", "denominator"])
    for cycle in CYCLES:
        count, took, said = len(yes[cycle]), len(answers[cycle]), len(known[cycle])
        statuses = Counter(answers[cycle].values())
        for denominator, nobs in (("participating", 20), ("responding", took), ("answering", said)):
            row = table.loc[(cycle, denominator)]
            assert (row["count"], row["nobs"]) == (count, nobs)
            assert row["share"] == pytest.approx(count / nobs)
            assert row["evidence"] == "observed"
        everyone = table.loc[(cycle, "participating")]
        assert everyone["high"] == pytest.approx((count + 20 - said) / 20)
        assert everyone["n_answered"] == said
        assert everyone["n_no_answer"] == statuses[""]
        assert everyone["n_dont_know"] == statuses["?"]
        assert everyone["n_unit_nonresponse"] == 20 - took
    (row,) = found.comparisons[found.comparisons["indicator"] == "law"].to_dict("records")
    both = known["a"] & known["b"]
    gained, lost = len(both & yes["b"] - yes["a"]), len(both & yes["a"] - yes["b"])
    assert (row["n_paired"], row["gained"], row["lost"]) == (len(both), gained, lost)
    assert row["change"] == len(yes["b"]) - len(yes["a"])
    # Every blank and every silent unit said yes in one cycle and no in the other.
    assert row["change_low"] == len(yes["b"]) - (len(yes["a"]) + 20 - len(known["a"]))
    assert row["change_high"] == len(yes["b"]) + 20 - len(known["b"]) - len(yes["a"])
    moved = gained + lost
    tail = sum(comb(moved, k) for k in range(min(gained, lost) + 1)) / 2**moved
    assert row["p_value"] == pytest.approx(min(1.0, 2 * tail))
    singles = (known["a"] | known["b"]) - both
    assert row["design"] == ("partly overlapping" if singles else "panel")


def test_every_mover_is_there_once_and_the_panel_counts_them(tmp_path: Path) -> None:
    found = results_of(stand_in(tmp_path, made_up_answers(3)))
    assert found.moves["respondent_id"].is_unique
    (row,) = found.panel.to_dict("records")
    counted = found.moves["move"].value_counts()
    assert {move: row[move] for move in MOVES.values()} == {
        move: counted.get(move, 0) for move in MOVES.values()
    }
    assert row["n_paired"] == len(found.moves)


def test_responses_lead_and_every_difference_from_print_is_listed(tmp_path: Path) -> None:
    answers = made_up_answers(1)
    counts = [list(answers[cycle].values()).count("yes") for cycle in CYCLES]
    found = results_of(stand_in(tmp_path, answers, counts[0], counts[1] - 1))
    law = found.replication[found.replication["indicator"] == "law"].set_index("cycle")
    assert law["outcome"].to_dict() == {"a": "replicated", "b": "not replicated"}
    assert law["difference"].to_dict() == {"a": 0, "b": 1}
    turnout = found.replication[found.replication["indicator"] == "took_part"]
    assert set(turnout["outcome"]) == {"replicated"}
    assert set(found.counts["evidence"]) == {"observed"}


def test_a_group_without_responses_keeps_its_printed_counts(tmp_path: Path) -> None:
    study = stand_in(tmp_path, made_up_answers(1), 7, 9)
    header, *lines = study.read("codebook/sources.csv")
    study.write("codebook/sources.csv", [header, lines[1]])
    (study.path / "responses" / "a.csv").unlink()
    found = results_of(study)
    law = found.totals[found.totals["indicator"] == "law"].set_index("cycle")["evidence"]
    assert law.to_dict() == {"a": "published", "b": "observed"}


def test_the_box_becomes_an_analysis(tmp_path: Path) -> None:
    study = stand_in(tmp_path, made_up_answers(1))
    section = open_section("s", study=str(study.path))
    assert "Gained" in section.panel().data
    (sentence,) = section.say("law").sentences
    assert "with an answer both times" in sentence.text
    assert "p-value" not in sentence.text
    assert sentence.evidence == "observed"
    assert set(section.movers("law")["move"]) <= set(MOVES.values())
    (turnout,) = section.who_answered().sentences
    assert (turnout.evidence, turnout.finding_ids) == ("observed", ())
    table = section.count_table().data
    assert {"Don't know", "No answer", "Did not take part"} <= set(table)
    assert "SYNTHETIC" not in str(section.count_table())


def test_without_responses_the_box_says_what_is_needed(tmp_path: Path) -> None:
    study = small_study(tmp_path, *took_part(a=18, b=16), {"cycle": "a", "value": 5}, {"value": 9})
    text = str(open_section("s", study=str(study.path)).panel())
    assert text.startswith("Needs response-level answers")


def test_invented_answers_among_real_ones_are_refused(tmp_path: Path) -> None:
    study = stand_in(tmp_path, made_up_answers(1))
    file = study.path / "responses" / "a.csv"
    rows = study.read("responses/a.csv")
    study.write(
        "responses/a.csv", [[*rows[0], "SYNTHETIC"], *([*row, "SYNTHETIC"] for row in rows[1:])]
    )
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    study.edit("codebook/sources.csv", "a", sha256=digest)
    problem = problem_of(lambda: results_of(study))
    assert problem.file == "responses/a.csv"
    assert "SYNTHETIC" in str(problem)


def test_a_rehearsal_without_invented_answers_says_how_to_make_them(tmp_path: Path) -> None:
    study = small_study(tmp_path, *took_part(a=18, b=16))
    problem = problem_of(lambda: compute_results(load_study(study.path, rehearse=True)))
    assert "analysis synthesize" in str(problem)
