"""The computed tables as files: the columns that were promised, and never half of one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from studies import FINDINGS, StudyFolder, copy_of_default, problem_of

from analysis.processed import STAMP, refresh_tables, write_tables
from analysis.study import load_study

# The columns that readers of these files rely on; new ones come behind them.
PROMISED = {
    "indicator_counts.csv": (
        "indicator, respondents, cycle, denominator, count, nobs, share, low, high, evidence"
    ),
    "comparisons.csv": (
        "indicator, respondents, cycle_from, cycle_to, count_from, nobs_from, count_to, nobs_to, "
        "change, change_pp, change_low, change_high, condition, tipping_point, design, n_paired, "
        "gained, lost, method, p_value, p_adjusted, family, family_size, verdict, reason, evidence"
    ),
    "sensitivity.csv": (
        "indicator, respondents, cycle_from, cycle_to, view, assumption, change_low, change_high, "
        "unit, verdict, reason, evidence"
    ),
}


@pytest.fixture
def study(tmp_path: Path) -> StudyFolder:
    return copy_of_default(tmp_path)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.mark.parametrize("file", PROMISED)
def test_the_columns_start_with_those_that_were_promised(study: StudyFolder, file: str) -> None:
    write_tables(study.load())
    table = pd.read_csv(study.path / "processed" / file)
    promised = PROMISED[file].split(", ")
    assert list(table)[: len(promised)] == promised
    assert len(table) > 30


def test_a_count_stays_a_whole_number_and_a_missing_one_empty(study: StudyFolder) -> None:
    write_tables(study.load())
    table = pd.read_csv(study.path / "processed" / "comparisons.csv", dtype=str).set_index(
        "indicator"
    )
    law = table.loc["supply_chain_law"]
    assert [law[name] for name in ("count_from", "count_to", "change_low", "change_high")] == [
        *("10", "16", "1", "14")
    ]
    assert law[["p_value", "n_paired", "gained", "lost"]].isna().all()
    assert pd.isna(table.loc["procurement_policy", "count_from"])


def test_the_files_are_utf_8_with_plain_line_ends(study: StudyFolder) -> None:
    for file in write_tables(study.load()):
        content = file.read_bytes()
        assert b"\r" not in content
        assert content.endswith(b"\n")
        assert not content.startswith(b"\xef\xbb\xbf")
        assert "indicator" in content.decode("utf-8")
        assert file.stat().st_mode & 0o444 == 0o444


def test_the_files_are_those_returned_and_go_where_they_are_told(
    study: StudyFolder, tmp_path: Path
) -> None:
    files = write_tables(study.load(output=tmp_path / "out"))
    assert files == [tmp_path / "out" / "processed" / name for name in PROMISED]
    assert set(contents(tmp_path / "out" / "processed")) == {*PROMISED, STAMP}
    assert not (study.path / "processed").exists()


def test_an_unchanged_file_is_not_written_again(study: StudyFolder) -> None:
    files = write_tables(study.load())
    before = [(file.stat().st_mtime_ns, file.stat().st_ino) for file in files]
    write_tables(study.load())
    assert [(file.stat().st_mtime_ns, file.stat().st_ino) for file in files] == before
    study.edit(FINDINGS, "Ia-14", value=17)
    write_tables(study.load())
    assert all(file.stat().st_ino != inode for file, (_, inode) in zip(files, before, strict=True))


def test_a_write_that_fails_leaves_the_earlier_file_and_nothing_else(
    study: StudyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tables(study.load())
    before = contents(study.path / "processed")
    study.edit(FINDINGS, "Ia-14", value=17)

    def fail(self: Path, target: Path) -> Path:
        raise OSError("no space left on device")

    changed = study.load()
    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", fail)
        with pytest.raises(OSError, match="no space"):
            write_tables(changed)
    assert contents(study.path / "processed") == before
    write_tables(study.load())
    assert contents(study.path / "processed") != before


def test_a_bad_findings_table_writes_nothing(study: StudyFolder) -> None:
    write_tables(study.load())
    before = contents(study.path / "processed")
    study.edit(FINDINGS, "IV-10", value=45)
    for write in (write_tables, refresh_tables):
        assert problem_of(lambda write=write: write(study.load())).value == 45  # type: ignore[misc]
        assert contents(study.path / "processed") == before


def test_the_bytes_do_not_depend_on_the_run(study: StudyFolder, tmp_path: Path) -> None:
    code = (
        "import sys; from analysis.processed import write_tables; "
        "from analysis.study import load_study; "
        "write_tables(load_study(sys.argv[1], output=sys.argv[2]))"
    )
    write_tables(study.load(output=tmp_path / "here"))
    environment = {**os.environ, "PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo"}
    command = [sys.executable, "-c", code, str(study.path), str(tmp_path / "there")]
    subprocess.run(command, check=True, env=environment, timeout=120)
    here, there = (contents(tmp_path / place / "processed") for place in ("here", "there"))
    assert here == there
    assert set(here) == {*PROMISED, STAMP}


def refreshed(study: StudyFolder) -> dict[str, bytes]:
    refresh_tables(study.load())
    return contents(study.path / "processed")


def test_tables_are_refreshed_when_an_input_has_changed(study: StudyFolder) -> None:
    first = refreshed(study)
    study.edit(FINDINGS, "Ia-14", value=17)
    second = refreshed(study)
    assert all(first[name] != second[name] for name in first)
    study.edit("codebook/indicators.csv", "recruitment_fees", base="supply_chain_law")
    assert refreshed(study)["indicator_counts.csv"] != second["indicator_counts.csv"]


def test_tables_are_not_computed_again_while_nothing_has_changed(
    study: StudyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    refreshed(study)

    def fail(study: Any) -> Any:
        raise AssertionError("computed again")

    monkeypatch.setattr("analysis.processed.compute_results", fail)
    refreshed(study)


@pytest.mark.parametrize("file", [*PROMISED, STAMP])
def test_a_missing_table_is_written_again(study: StudyFolder, file: str) -> None:
    before = refreshed(study)
    (study.path / "processed" / file).unlink()
    assert refreshed(study) == before


def test_tables_written_from_other_inputs_in_between_are_stale(study: StudyFolder) -> None:
    before = refreshed(study)
    study.edit(FINDINGS, "Ia-14", value=17)
    write_tables(study.load())
    study.edit(FINDINGS, "Ia-14", value=16)
    assert refreshed(study) == before


def test_where_nothing_can_be_written_a_refresh_does_nothing(
    study: StudyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: Any, **options: Any) -> None:
        raise PermissionError("read-only file system")

    monkeypatch.setattr(Path, "mkdir", fail)
    refresh_tables(study.load())
    assert not (study.path / "processed").exists()
    with pytest.raises(PermissionError):
        write_tables(study.load())


def test_the_default_study_keeps_its_tables_out_of_its_raw_data() -> None:
    study = load_study()
    assert not study.processed.is_relative_to(study.raw)
