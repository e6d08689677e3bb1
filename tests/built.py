"""The report of the default study, built once for all test files that look at it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from studies import DEFAULT

SECONDS = 600


def built_report(factory: pytest.TempPathFactory) -> Path:
    """Return the reports folder of the default study; whoever asks first builds it.

    Test files run side by side in processes of their own, which share the folder above theirs.
    """
    is_shared = factory.getbasetemp().name.startswith("popen-")
    base = factory.getbasetemp().parent if is_shared else factory.getbasetemp()
    folder = base / "default-report"
    try:
        folder.mkdir()
    except FileExistsError:
        return _wait_for(folder)
    try:
        _build(folder)
    except BaseException:
        (folder / "failed").touch()
        raise
    (folder / "done").touch()
    return folder / "reports"


def _build(folder: Path) -> None:
    from analysis.report.build import Options, build
    from analysis.study import load_study

    study = load_study(DEFAULT, output=folder)
    result = build(study, study.pages, {}, options=Options(jobs=2))
    assert [one.error for one in result.outcomes if not one.is_ok] == []
    assert study.reports == folder / "reports"


def _wait_for(folder: Path) -> Path:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        assert not (folder / "failed").exists(), "the report could not be built"
        if (folder / "done").exists():
            return folder / "reports"
        time.sleep(0.2)
    raise TimeoutError("another test file did not end building the report")
