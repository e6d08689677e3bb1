"""The answer to "what changed": a picture, words, and the table of counts with n and evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from analysis.comparisons.naive import naive_tests
from analysis.comparisons.words import NOT_COMPARABLE
from analysis.desk.asked import METHODS
from analysis.display import certainty_tables, change_tables, telling
from analysis.display.change_by_cycle import change_figure, cycle_table, sensitivity_figure
from analysis.display.drawn import draw
from analysis.display.exhibit import Figure, Table
from analysis.display.result import Result, sources_of
from analysis.display.rows import is_about_respondents
from analysis.display.scene import Scene, scene_of
from analysis.display.statements import Box
from analysis.parameters import Choices
from analysis.problems import check_choice, listed
from analysis.results import Results
from analysis.study.codebook import Codebook, FigureSpec


def compare(
    results: Results, book: Codebook, names: Sequence[str], choices: Choices, method: str
) -> Result:
    """Return what changed of some indicators; of all that can be compared where none is named.

    Returns
    -------
    Result
        Its frame has the rows of the comparison table; see `analysis.comparisons.comparisons`.
    """
    check_choice("method", method, tuple(METHODS))
    scene = scene_of(results, book, choices)
    names = tuple(names) or _comparable(scene)
    frame = scene.comparisons[scene.comparisons["indicator"].isin(names)].reset_index(drop=True)
    table = _table(results, scene, names, method)
    if len(names) == 1 and isinstance(table, Table) and "Indicator" in table.data:
        table = replace(table, data=table.data.drop(columns="Indicator"))
    ids = " ".join(frame["finding_ids"]).split()
    if isinstance(table, Table):
        ids += table.finding_ids
    return Result(
        title=_title(names, book),
        base=_base(scene, names),
        sentences=telling.tell(scene, names),
        table=table,
        frame=frame,
        figure=_figure(results, scene, names, method),
        sources=sources_of(results.findings, tuple(dict.fromkeys(ids))),
    )


def _comparable(scene: Scene) -> tuple[str, ...]:
    """What can be compared, the surest direction first."""
    table = scene.comparisons[scene.comparisons["verdict"] != NOT_COMPARABLE]
    return tuple(table.sort_values("change_low", ascending=False, kind="stable")["indicator"])


def _title(names: Sequence[str], book: Codebook) -> str:
    if len(names) != 1:
        return "What changed"
    return book.indicators[names[0]].label


def _base(scene: Scene, names: Sequence[str]) -> str:
    """How many took part, of how many; or what the shares are shares of."""
    units = {scene.book.item_of(name).unit for name in names}
    if len(units) == 1 and not is_about_respondents(names[0], scene.book):
        unit = units.pop()
        return f"shares of {scene.book.bases.get(unit, unit)}"
    cycles = [c for c in (scene.choices.baseline, scene.choices.cycle) if c in scene.took_part]
    told = listed(f"{scene.took_part[cycle]} in {cycle}" for cycle in cycles)
    whole = f" of {scene.eligible}" if scene.eligible else ""
    return f"{scene.noun} that took part{whole}: {told or 'not printed'}"


def _figure(results: Results, scene: Scene, names: Sequence[str], method: str) -> Figure | Box:
    if len(names) != 1:
        spec = FigureSpec("what_changed", "", "dumbbell", "What changed", "")
        return draw(spec, scene, names) if names else _nothing(scene)
    if method == "sensitivity":
        return sensitivity_figure(scene, names[0], _own(results.sensitivity, scene, names))
    return change_figure(scene, names[0])


def _table(results: Results, scene: Scene, names: Sequence[str], method: str) -> Table | Box:
    if not names:
        return _nothing(scene)
    if method == "sensitivity":
        return certainty_tables.sensitivity(scene, _own(results.sensitivity, scene, names))
    if method == "tests":
        panel = _own(results.panel, scene, names)
        panel = panel[panel["n_paired"] > 0]
        if len(panel):
            return change_tables.panel(scene, panel)
        table = naive_tests(
            scene.comparisons[scene.comparisons["indicator"].isin(names)],
            scene.book,
            level=scene.choices.level,
        )
        is_shown = table["overlap"].notna() if len(names) == 1 else table["overlap"].isna()
        return certainty_tables.naive(scene, table[is_shown])
    if len(names) == 1:
        return cycle_table(scene, names[0])
    return change_tables.compared(scene, names)


def _nothing(scene: Scene) -> Box:
    pair = f"{scene.choices.baseline or 'an earlier cycle'} and {scene.choices.cycle}"
    return Box("Nothing can be compared", f"Of {scene.noun} nothing stands in {pair} alike.", "")


def _own(table: pd.DataFrame, scene: Scene, names: Sequence[str]) -> pd.DataFrame:
    choices = scene.choices
    return table[
        (table["respondents"] == choices.respondents)
        & (table["cycle_from"] == choices.baseline)
        & (table["cycle_to"] == choices.cycle)
        & table["indicator"].isin(names)
    ]
