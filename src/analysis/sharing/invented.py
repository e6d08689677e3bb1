"""Looks for numbers that rest on invented answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from analysis.problems import Problem
from analysis.report.record import RECORD
from analysis.sharing.opening import Report
from analysis.sharing.spots import Spot
from analysis.study.places import SYNTHETIC

WORD = "synthetic"


def about_invented(report: Report, spots: Iterable[Spot]) -> Iterator[Problem]:
    """Yield every sign that a report, or a part of it, rests on invented answers.

    Pages may explain the word of evidence; no table may hold it.
    """
    if report.study["stamp"]:
        yield Problem(
            "the answers behind this report are invented; it is not handed on.", file=RECORD
        )
        return
    for file in report.files:
        if SYNTHETIC in file:
            yield Problem("a file of invented answers.", file=file)
    for spot in spots:
        is_table = spot.file in report.tables
        if SYNTHETIC in spot.text or (is_table and spot.text.strip().casefold() == WORD):
            yield spot.problem("this rests on invented answers.", SYNTHETIC)
