"""The tables of numbers of one cycle: counts, bases, replication, what is invented."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from analysis.display import rows
from analysis.display.exhibit import Table, with_arithmetic
from analysis.display.scene import Scene
from analysis.frames import records
from analysis.indicators import is_from_responses
from analysis.numerals import signed
from analysis.study import Study
from analysis.study.exports import INVENTED
from analysis.study.places import REHEARSAL
from analysis.study.tables import Column, read_table

POSSIBLE_OF_PRINT = (
    "Possible: from nobody to everybody among those that did not take part, "
    "if nobody that took part left the question blank. "
)
POSSIBLE_OF_ANSWERS = "Possible: from nobody to everybody among those whose answer is not known. "
INTERVAL_NOTE = (
    "* Exact hypergeometric interval, if those that did not take part are like a random part of "
    "all."
)


def counts(scene: Scene, names: Sequence[str]) -> Table:
    """Return each count over the chosen denominator, with what is open."""
    printed = rows.printed_rows(scene.printed, scene.book, scene.choices, names)
    is_observed = all(is_from_responses(record) for record in records(printed))
    data = rows.count_table(printed, scene.counts, scene.book, scene.choices)
    return Table(
        name="counts",
        caption=f"What {scene.noun} reported in {scene.choices.cycle}"
        + (f" ({scene.turnout} of {scene.eligible} took part)" if scene.eligible else ""),
        note=(POSSIBLE_OF_ANSWERS if is_observed else POSSIBLE_OF_PRINT) + INTERVAL_NOTE,
        data=data,
        evidence=with_arithmetic(set(printed["evidence"])),
        finding_ids=tuple(dict.fromkeys(" ".join(printed["finding_ids"]).split())),
    )


def bases(scene: Scene, names: Sequence[str]) -> Table:
    """Return counts over every base that they can be put over."""
    printed = rows.printed_rows(scene.printed, scene.book, scene.choices, names)
    return Table(
        name=f"bases_{'_'.join(names)}",
        caption="The same count over each base",
        note="",
        data=rows.bases_table(printed, scene.counts, scene.book, scene.choices),
        evidence=("derived",),
        finding_ids=tuple(dict.fromkeys(" ".join(printed["finding_ids"]).split())),
    )


def replication(scene: Scene, table: pd.DataFrame) -> Table:
    """Return observed counts beside printed ones."""
    data = pd.DataFrame(
        [
            {
                "Indicator": scene.book.indicators[row["indicator"]].label,
                "Respondents": scene.book.respondents[row["respondents"]].label,
                "Cycle": row["cycle"],
                "Printed": _ends(row["printed_low"], row["printed_high"]),
                "From responses": f"{row['observed']:g}",
                "Difference": signed(row["difference"]),
                "Outcome": row["outcome"],
                "Findings": row["finding_ids"],
            }
            for row in records(table)
        ]
    )
    return Table(
        name="replication",
        caption="Counts from responses beside printed counts",
        note="Where both exist, the count from responses leads in this report.",
        data=data,
        evidence=("observed", "published"),
        finding_ids=(),
    )


def _ends(low: float, high: float) -> str:
    if math.isinf(high):
        return f"{low:g} or more"
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def invented(study: Study) -> Table:
    """Return the inputs that a rehearsal was made from."""
    columns = [Column(name, required=True) for name in ("name", "value", "what")]
    name = f"{REHEARSAL}/{INVENTED}"
    table = read_table(study.raw / name, name, columns)
    return Table(
        name="invented",
        caption="What was invented for this rehearsal: inputs, not results",
        note="",
        data=table[["name", "value", "what"]].set_axis(["Input", "Value", "What it is"], axis=1),
        evidence=("synthetic",),
        finding_ids=(),
    )
