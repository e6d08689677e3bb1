"""Every indicator of a group in one table: what it is called, what it rests on, what changed."""

from __future__ import annotations

import pandas as pd

from analysis.comparisons.words import FALL, NOT_COMPARABLE, RISE
from analysis.display.scene import scene_of
from analysis.frames import Row, records
from analysis.parameters import Choices
from analysis.results import Results
from analysis.study.codebook import Codebook

COLUMNS = (
    "indicator",
    "label",
    "section",
    "question",
    "respondents",
    "cycle_from",
    "cycle_to",
    "count_from",
    "count_to",
    "change_low",
    "change_high",
    "verdict",
    "evidence",
)

CERTAIN = "certain"
"""Stands for both directions, each certain under the stated assumption."""


def catalogue(results: Results, book: Codebook, choices: Choices) -> pd.DataFrame:
    """Return the indicators of a group.

    Parameters
    ----------
    choices : the cycles and the group.

    Returns
    -------
    DataFrame
        One row an indicator, in the order of the codebook: `COLUMNS`. ``count_*`` are numbers of
        respondents, ``change_*`` the bounds on the change among all that could have answered.
    """
    scene = scene_of(results, book, choices)
    compared = {row["indicator"]: row for row in records(scene.comparisons)}
    totals = scene.printed[
        (scene.printed["respondents"] == choices.respondents)
        & (scene.printed["cycle"] == choices.cycle)
    ]
    known = dict(zip(totals["indicator"], totals["evidence"], strict=True))
    rows = []
    for name, indicator in book.indicators.items():
        item = book.item_of(name)
        if choices.respondents not in item.respondents or name == book.response_indicator:
            continue
        change = compared.get(name, {})
        told = {
            "indicator": name,
            "label": indicator.label,
            "section": item.section,
            "question": item.label,
            "respondents": choices.respondents,
            "verdict": change.get("verdict", NOT_COMPARABLE),
            "evidence": change.get("evidence") or known.get(name, ""),
        }
        rows.append({key: change.get(key) for key in COLUMNS} | told)
    whole = ("count_from", "count_to", "change_low", "change_high")
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(dict.fromkeys(whole, "Int64"))


def passing(
    table: pd.DataFrame,
    book: Codebook,
    *,
    words: str = "",
    section: str = "",
    evidence: str = "",
    change: str = "",
) -> pd.DataFrame:
    """Return the rows of a catalogue that pass every filter; an empty one lets all pass.

    Parameters
    ----------
    words : all of them stand in the name, label, phrase or question of the indicator.
    section : code of a section.
    evidence : a word of evidence.
    change : a verdict, or `CERTAIN`.
    """
    wanted = words.lower().split()
    verdicts = (RISE, FALL) if change == CERTAIN else (change,)

    def passes(row: Row) -> bool:
        phrase = book.indicators[row["indicator"]].phrase
        text = f"{row['indicator']} {row['label']} {phrase} {row['question']}".lower()
        return (
            all(word in text for word in wanted)
            and section in ("", row["section"])
            and evidence in ("", row["evidence"])
            and (not change or row["verdict"] in verdicts)
        )

    return table[[passes(row) for row in records(table)]].reset_index(drop=True)
