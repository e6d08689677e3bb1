"""`analysis data --dry-run`: what cleaning would change, and that it changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from drafts import drafted, of_states
from studies import small_study
from surveys import AUDIT, FINES, LAW, STAFF, SurveyFolder, answers, survey

from analysis.cli import main
from analysis.drafting import preview_of
from analysis.intake import load_responses


@pytest.fixture
def asked(tmp_path: Path) -> SurveyFolder:
    """Two exports: one to be cleaned, one without anything to clean but marks."""
    folder = survey(tmp_path, rule="most_complete")
    folder.put(
        answers("S-1", law="Oui", fines="yes "),
        answers("S-2", law="oui", staff=""),
        answers("S-3", law="yes and no", fines=""),
        answers("S-3", law="", fines="", staff="", remarks=""),
    )
    folder.put(answers("S-1"), cycle="a")
    return folder


def dry_run(folder: SurveyFolder) -> Result:
    return CliRunner().invoke(main, ["data", "--dry-run", "--study", str(folder.path)])


def test_changes_are_counted_by_file_column_and_rule_with_an_example(asked: SurveyFolder) -> None:
    preview = preview_of(asked.load())
    assert preview is not None
    rows = preview.changes.set_index(["file", "column", "rule"])
    french = rows.loc[("responses/states_b.csv", LAW, "value map: answered in French")]
    assert french.to_dict() == {"n_cells": 2, "row": 2, "before": "Oui", "after": "yes"}
    blank = rows.loc[("responses/states_b.csv", STAFF, "blank: no_answer")]
    assert blank.to_dict() == {"n_cells": 1, "row": 3, "before": "", "after": "no_answer"}
    assert rows.loc[("responses/states_a.csv", AUDIT, "value map: a cross"), "n_cells"] == 1


def test_the_counts_add_up_to_the_ledger_and_the_quarantine(asked: SurveyFolder) -> None:
    study = asked.load()
    preview, responses = preview_of(study), load_responses(study)
    assert preview is not None
    assert responses is not None
    assert preview.changes["n_cells"].sum() == len(responses.ledger)
    assert preview.refused["n_cells"].sum() == len(responses.quarantine)
    assert preview.problems == ()


def test_refusals_are_counted_by_reason(asked: SurveyFolder) -> None:
    preview = preview_of(asked.load())
    assert preview is not None
    found = preview.refused[["reason", "n_cells", "row", "column", "value"]]
    assert found.to_numpy().tolist() == [
        ["duplicate submission (most_complete)", 1, 5, "", "S-3"],
        ["two answers at once", 1, 4, LAW, "yes and no"],
    ]


def test_the_command_shows_it_and_writes_nothing(asked: SurveyFolder) -> None:
    before = sorted(asked.path.rglob("*"))
    result = dry_run(asked)
    assert (result.exit_code, result.stderr) == (0, "")
    assert sorted(asked.path.rglob("*")) == before
    lines = result.stdout.splitlines()
    assert lines[0].startswith("responses/states_b.csv: ")
    assert lines[0].endswith(" cells would change, 2 refusals")
    changed = f"  {LAW}: 2 x value map: answered in French, for example row 2: 'Oui' -> 'yes'"
    assert changed in lines
    assert f"  {FINES}: 1 x outer spaces, for example row 2: 'yes ' -> 'yes'" in lines
    refused = f"  refused: 1 x two answers at once, for example row 4, column {LAW}, 'yes and no'"
    assert refused in lines


def test_answers_that_nothing_explains_are_shown_and_keep_the_data_back(
    asked: SurveyFolder,
) -> None:
    asked.put(answers("S-1", law="perhaps"), cycle="a", group="ngos")
    result = dry_run(asked)
    assert result.exit_code == 1
    assert f"column {LAW}, 'perhaps'" in result.stdout
    assert "analysis check names what keeps them from it" in result.stderr
    full = CliRunner().invoke(main, ["data", "--study", str(asked.path)])
    assert full.exit_code == 1


def test_an_altered_export_keeps_the_data_back(asked: SurveyFolder) -> None:
    path = asked.path / "responses" / "states_a.csv"
    path.write_bytes(path.read_bytes().replace(b"none", b"some"))
    assert dry_run(asked).exit_code == 1


def test_ids_that_two_exports_spell_in_two_ways_keep_the_data_back(asked: SurveyFolder) -> None:
    for cycle, who in (("a", "Hope"), ("b", "hope")):
        asked.put(answers(who), cycle=cycle, group="ngos")
    result = dry_run(asked)
    assert result.exit_code == 1
    assert "responses/ngos_b.csv" in result.stdout


def test_a_study_without_exports_has_nothing_to_clean(tmp_path: Path) -> None:
    study = small_study(tmp_path)
    result = CliRunner().invoke(main, ["data", "--dry-run", "--study", str(study.path)])
    assert result.exit_code == 0
    assert "no exports" in result.stdout


def test_hostile_answers_are_shown_in_one_line_without_effect(tmp_path: Path) -> None:
    cells = ["\x1b[2Jyes\nno\u202e", "x"] * 4
    study = drafted(tmp_path, of_states(**{"Law\x1b[1m": cells}))
    result = CliRunner().invoke(main, ["data", "--dry-run", "--study", str(study.path)])
    assert result.exit_code == 0
    assert "\x1b" not in result.stdout
    assert r"'\x1b[2Jyes\nno\u202e' -> " in result.stdout


def test_answers_of_an_invented_study_can_be_looked_at(tmp_path: Path) -> None:
    study = drafted(tmp_path, of_states(Law=["Yes", "No"] * 4, SYNTHETIC=["SYNTHETIC"] * 8))
    preview = preview_of(study.load())
    assert preview is not None
    assert preview.problems == ()
