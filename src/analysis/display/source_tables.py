"""The tables that show the source itself: lists, findings, possible counts, and its consistency."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.display.exhibit import Table
from analysis.display.scene import Scene
from analysis.frames import records
from analysis.published.consistency import checks
from analysis.published.findings import WORDS
from analysis.statistics import possible_counts


def lists(scene: Scene, sections: Sequence[str]) -> Table:
    """Return the orderings and lists of sections."""
    own = scene.findings[
        scene.findings["section"].isin(sections) & scene.findings["measure"].isin(WORDS[:2])
    ]
    group = {name: row.label for name, row in scene.book.respondents.items()}
    data = pd.DataFrame(
        {
            "What the source says": own["statement"],
            "Kind": own["measure"],
            "Cycle": own["cycle"],
            "Respondents": own["respondents"].map(lambda g: group.get(g, "")),
            "Findings": own["finding_id"],
        }
    )
    return Table(
        name="orderings",
        caption="Orderings and lists that the source gives without numbers",
        note="",
        data=data,
        evidence=("published",),
        finding_ids=tuple(own["finding_id"]),
    )


def external(scene: Scene, sections: Sequence[str]) -> Table:
    """Return the figures and claims that the source quotes from elsewhere."""
    own = scene.findings[
        scene.findings["section"].isin(sections) & (scene.findings["origin"] == "external")
    ]
    data = pd.DataFrame(
        {
            "External figure or claim": own["statement"],
            "As printed": own["as_printed"],
            "Where": own["locator"],
            "Findings": own["finding_id"],
        }
    )
    return Table(
        name="external",
        caption="Quoted by the source from elsewhere: not answers to the survey",
        note="",
        data=data,
        evidence=("published",),
        finding_ids=tuple(own["finding_id"]),
    )


def findings(scene: Scene, sections: Sequence[str]) -> Table:
    """Return every finding of some sections: in our words, as printed, and where."""
    own = scene.findings[scene.findings["section"].isin(sections)]
    group = {name: row.label for name, row in scene.book.respondents.items()}
    data = pd.DataFrame(
        {
            "Id": own["finding_id"],
            "Finding": own["statement"],
            "As printed": own["as_printed"],
            "Cycle": own["cycle"],
            "Respondents": own["respondents"].map(lambda g: group.get(g, "")),
            "From": own["origin"],
            "Where": own["locator"],
        }
    )
    return Table(
        name="findings",
        caption="Every finding of this page and where the source prints it",
        note="External: quoted by the source from elsewhere, not an answer to the survey.",
        data=data,
        evidence=("published",),
        finding_ids=(),
        anchor="Id",
    )


def possible(scene: Scene, smallest_base: int) -> Table:
    """Return which counts over which bases each printed percentage of respondents allows."""
    lines = []
    percents = scene.findings[
        (scene.findings["measure"] == "percent") & (scene.findings["respondents"] != "")
    ]
    for finding in records(percents):
        if finding["base"] in scene.book.bases:
            continue
        for words, rounding in (("rounded", "round"), ("cut off", "truncate")):
            fits = possible_counts(
                finding["value"],
                denominators=range(smallest_base, (scene.eligible or 0) + 1),
                rounding=rounding,
            )
            pairs = zip(fits["count"], fits["denominator"], strict=True)
            lines.append(
                {
                    "Printed": f"{finding['value']:g} %",
                    "Item": scene.book.items[finding["item"]].label,
                    "If": words,
                    "Counts and bases that fit": ", ".join(f"{c} of {n}" for c, n in pairs),
                    "Findings": finding["finding_id"],
                }
            )
    return Table(
        name="possible_counts",
        caption=f"Which counts the printed percentages allow, bases {smallest_base} to "
        f"{scene.eligible}",
        note="A percentage that fits no obvious base points to blanks in the question, "
        "not to an error of the source.",
        data=pd.DataFrame(lines),
        evidence=("derived",),
        finding_ids=tuple(dict.fromkeys(line["Findings"] for line in lines)),
    )


def consistency(scene: Scene) -> Table:
    """Return each place where the source can be held against itself."""
    data = pd.DataFrame(
        [
            {
                "What is held against what": check.what,
                "Outcome": check.outcome,
                "Findings": " ".join(check.finding_ids),
            }
            for check in checks(scene.findings, scene.book)
        ]
    )
    return Table(
        name="consistency",
        caption="Does the source agree with itself?",
        note="",
        data=data,
        evidence=("derived",),
        finding_ids=(),
    )
