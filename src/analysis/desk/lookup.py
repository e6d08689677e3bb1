"""Answers that look one thing up: an indicator, a finding, what cleaning did, who moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from analysis.desk.asked import choices_of
from analysis.display import source_tables, telling
from analysis.display.change_by_cycle import change_figure
from analysis.display.exhibit import Table, with_arithmetic
from analysis.display.result import Result, sources_of
from analysis.display.rows import bases_table, printed_rows
from analysis.display.scene import scene_of
from analysis.display.statements import Box, Sentence, Sentences
from analysis.parameters import Choices
from analysis.problems import check_choice
from analysis.results import Results
from analysis.study.codebook import Codebook

CONFIDENTIAL = (
    "The frame of this result is about single respondents. Their answers are confidential: look, "
    "but do not put them into a report, a file or a message."
)
NO_RESPONSES = "The study has no responses, so there is nothing of single respondents."


def indicator(results: Results, book: Codebook, name: str, choices: Choices) -> Result:
    """Return the counts of an indicator in every cycle, over every base."""
    frame = results.counts[
        (results.counts["indicator"] == name)
        & (results.counts["respondents"] == choices.respondents)
    ].reset_index(drop=True)
    parts = []
    for cycle in book.cycles:
        scene = scene_of(results, book, replace(choices, cycle=cycle, baseline=""))
        printed = printed_rows(results.totals, book, scene.choices, [name])
        if len(printed):
            table = bases_table(printed, results.counts, book, scene.choices)
            parts.append(
                table.drop(columns="Indicator").assign(
                    Cycle=cycle, Evidence=printed["evidence"].iloc[0]
                )
            )
    scene = scene_of(results, book, choices)
    label = book.indicators[name].label
    ids = tuple(dict.fromkeys(" ".join(frame["finding_ids"]).split()))
    data = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    return Result(
        title=label,
        base=f"{scene.noun}; question: {book.item_of(name).label}",
        sentences=telling.tell(scene, [name]),
        table=Table(
            name=f"counts_{name}",
            caption="The count of each cycle over each base",
            note="",
            data=data[["Cycle", "Count", "Of", "Share", "Evidence"]],
            evidence=with_arithmetic(set(frame["evidence"])),
            finding_ids=ids,
        )
        if parts
        else Box(label, f"Nothing is known of {scene.noun}.", ""),
        frame=frame,
        figure=change_figure(scene, name),
        sources=sources_of(results.findings, ids),
    )


def finding(results: Results, book: Codebook, ids: Sequence[str]) -> Result:
    """Return findings as they are printed, and where."""
    known = tuple(results.findings["finding_id"])
    for one in ids:
        check_choice("finding", one, known)
    frame = results.findings[results.findings["finding_id"].isin(ids or known)]
    scene = scene_of(results, book, choices_of((), book))
    only = replace(scene, findings=frame)
    sections = tuple(dict.fromkeys(frame["section"]))
    table = source_tables.findings(only, sections)
    return Result(
        title=f"Finding {', '.join(ids)}" if ids else "Findings",
        base=f"{len(frame)} of {len(known)} findings",
        sentences=Sentences(
            tuple(
                Sentence(statement, "published", (one,))
                for one, statement in zip(frame["finding_id"], frame["statement"], strict=True)
                if ids
            )
        ),
        table=replace(table, anchor="", caption="As it is printed, and where"),
        frame=frame.reset_index(drop=True),
    )


def ledger(results: Results) -> Result:
    """Return what cleaning changed and refused, counted by rule."""
    if results.responses is None:
        columns = ["file", "row", "column", "before", "after", "rule"]
        return _without_responses("What cleaning did", pd.DataFrame(columns=columns))
    changed, refused = results.responses.ledger, results.responses.quarantine
    counted = [
        _counted(changed.assign(What="changed", Why=changed["rule"])),
        _counted(refused.assign(What="refused", Why=refused["reason"])),
    ]
    evidence = "synthetic" if results.responses.is_synthetic else "observed"
    text = (
        f"Cleaning changed {len(changed)} cells and refused {len(refused)} cells or submissions, "
        "each by a rule that is written down; none was dropped silently."
    )
    return Result(
        title="What cleaning did",
        base=f"{len(changed) + len(refused)} entries of {len(results.responses.table)} answers",
        sentences=Sentences((Sentence(text, evidence, ()),)),
        table=Table(
            name="ledger",
            caption="Cells by rule",
            note="",
            data=pd.concat(counted, ignore_index=True),
            evidence=(evidence,),
            finding_ids=(),
        ),
        frame=changed,
        warning=CONFIDENTIAL,
    )


def _counted(cells: pd.DataFrame) -> pd.DataFrame:
    grouped = cells.groupby(["What", "Why"], sort=False)["file"]
    counted = grouped.agg(Cells="size", Files="nunique").reset_index()
    return counted.sort_values("Cells", ascending=False, kind="stable")


def movers(results: Results, book: Codebook, name: str, choices: Choices) -> Result:
    """Return who moved which way between two cycles, shown as numbers."""
    label = book.indicators[name].label
    columns = ["respondent_id", "move"]
    if results.responses is None:
        return _without_responses(f"{label}: who moved", pd.DataFrame(columns=columns))
    own = results.moves[
        (results.moves["indicator"] == name)
        & (results.moves["respondents"] == choices.respondents)
        & (results.moves["cycle_from"] == choices.baseline)
        & (results.moves["cycle_to"] == choices.cycle)
    ]
    evidence = "synthetic" if results.responses.is_synthetic else "observed"
    noun = book.respondents[choices.respondents].label
    counted = own.groupby("move", sort=False).size().rename("Number").reset_index()
    text = f"{len(own)} {noun} have an answer both in {choices.baseline} and in {choices.cycle}."
    return Result(
        title=f"{label}: who moved",
        base=f"{noun} with an answer in both cycles: {len(own)}",
        sentences=Sentences((Sentence(text, evidence, ()),)),
        table=Table(
            name=f"moves_{name}",
            caption="How they moved",
            note="",
            data=counted.rename(columns={"move": "Move"}),
            evidence=(evidence,),
            finding_ids=(),
        ),
        frame=own[columns].reset_index(drop=True),
        warning=CONFIDENTIAL,
    )


def _without_responses(title: str, frame: pd.DataFrame) -> Result:
    return Result(
        title=title,
        base="",
        sentences=Sentences((Sentence(NO_RESPONSES, "", ()),)),
        table=Box("Needs response-level answers", "Put the exports into responses/.", ""),
        frame=frame,
    )
