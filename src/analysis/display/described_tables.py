"""The tables of what every question was answered: options, numbers, scales."""

from __future__ import annotations

import pandas as pd

from analysis.display.change_cells import number, p_value
from analysis.display.exhibit import Table
from analysis.display.scene import Scene
from analysis.display.sentences import percent
from analysis.frames import Row, is_missing, records

REASONS = {
    "n_dont_know": "Don't know",
    "n_no_answer": "No answer",
    "n_not_applicable": "Does not apply",
    "n_not_asked": "Not asked",
    "n_unit_nonresponse": "Did not take part",
}


def distributions(scene: Scene, table: pd.DataFrame) -> Table:
    """Return how often each option was chosen, with both bases."""
    lines = [
        {
            "Question": scene.book.items[row["item"]].label,
            "Answer": scene.book.choices[scene.book.items[row["item"]].choice_list][row["option"]],
            "Chosen": row["count"],
            "Of those asked": _share(row["share_of_asked"], row["n_asked"]),
            "Of those that answered": _share(row["share_of_answered"], row["n_answered"]),
            **_reasons(row),
        }
        for row in records(table)
    ]
    return Table(
        name="distributions",
        caption=f"What {scene.noun} chose in {scene.choices.cycle}",
        note="Per cent of respondents. Where several answers could be chosen, the shares of one "
        "question can add up to more than 100 %. Text that respondents wrote is not shown.",
        data=pd.DataFrame(lines),
        evidence=tuple(dict.fromkeys(table["evidence"])),
        finding_ids=(),
    )


def numbers(scene: Scene, table: pd.DataFrame) -> Table:
    """Return the quartiles of questions whose answers are numbers or dates."""
    lines = [
        {
            "Question": _question(row, scene),
            "Answered": row["n_answered"],
            "A quarter up to": number(row["lower_quartile"]),
            "Half up to": number(row["median"]),
            "Three quarters up to": number(row["upper_quartile"]),
            **_reasons(row),
        }
        for row in records(table)
    ]
    return Table(
        name="numbers",
        caption=f"Numbers that {scene.noun} gave in {scene.choices.cycle}",
        note="Of a ranking: the place that an option was given, 1 first.",
        data=pd.DataFrame(lines),
        evidence=tuple(dict.fromkeys(table["evidence"])),
        finding_ids=(),
    )


def scales(scene: Scene, table: pd.DataFrame) -> Table:
    """Return how answers on ordered scales moved."""
    lines = [
        {
            "Question": scene.book.items[row["item"]].label,
            f"Answered in {row['cycle_from']}": row["nobs_from"],
            f"Answered in {row['cycle_to']}": row["nobs_to"],
            "Compared as": row["design"],
            "Moved up": "" if is_missing(row["n_higher"]) else row["n_higher"],
            "Moved down": "" if is_missing(row["n_lower"]) else row["n_lower"],
            "Chance that a later answer is higher": ""
            if is_missing(row["superiority"])
            else f"{row['superiority']:.2f}",
            "p-value*": p_value(row["p_value"]),
            "Remark": row["reason"] or row["method"],
        }
        for row in records(table)
    ]
    return Table(
        name="scales",
        caption="Answers on ordered scales",
        note="0.50: later answers are as often lower as higher; ties count half. * Not adjusted.",
        data=pd.DataFrame(lines),
        evidence=tuple(dict.fromkeys(table["evidence"])),
        finding_ids=(),
    )


def _question(row: Row, scene: Scene) -> str:
    item = scene.book.items[row["item"]]
    if not row["option"]:
        return item.label
    return f"{item.label} {scene.book.choices[item.choice_list][row['option']]}"


def _share(share: float, base: int) -> str:
    return "" if is_missing(share) else f"{percent(share)} of {base}"


def _reasons(row: Row) -> dict[str, int]:
    return {label: int(row[name]) for name, label in REASONS.items()}
