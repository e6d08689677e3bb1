"""Figures of a section: picks the rows that a form needs, draws, and words caption and alt text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pandas as pd
from matplotlib.figure import Figure as Drawing

from analysis.comparisons import CHANGES
from analysis.display import figures, rows
from analysis.display.exhibit import EVIDENCE, Figure, with_arithmetic
from analysis.display.scene import Scene
from analysis.display.sentences import percent
from analysis.display.statements import Box
from analysis.display.style import title
from analysis.frames import Row, is_missing, records
from analysis.numerals import signed
from analysis.problems import listed
from analysis.study.codebook import FigureSpec

WITHOUT_LIST = ("bars",)
"""The forms that need no list of all that could have answered."""


def draw(spec: FigureSpec, scene: Scene, names: Sequence[str] = ()) -> Figure | Box:
    """Draw a figure, or say why there is nothing to draw.

    Parameters
    ----------
    names : the indicators that it shows; where there are none, those that the codebook gives it.
    """
    names = names or scene.book.in_figure(spec.name)
    if scene.turnout is None or (scene.eligible is None and spec.form not in WITHOUT_LIST):
        reason = f"There is no list of all {scene.noun}, so their answers are told, not drawn."
        return Box(spec.title, reason, "")
    drawn = _FORMS[spec.form](names, scene)
    if drawn is None:
        text = f"There is no number for {scene.noun} in {scene.choices.cycle}."
        return Box(spec.title, text, "")
    drawing, data, alt, ids, evidence = drawn
    title(drawing, spec.title)
    return Figure(
        name=spec.name,
        caption=f"{spec.title}{_end(spec.title)} {_base(spec, names, scene)}",
        note=spec.note,
        data=data,
        evidence=evidence,
        finding_ids=tuple(dict.fromkeys(ids)),
        alt=f"{spec.title}: {alt}",
        drawing=drawing,
    )


def _end(title: str) -> str:
    """A full stop, unless the title is a question."""
    return "" if title.endswith(("?", "!")) else "."


def _base(spec: FigureSpec, names: Sequence[str], scene: Scene) -> str:
    """The n of a figure: who took part, or what the shares are shares of."""
    if spec.form == "shares" and names:
        unit = scene.book.item_of(names[0]).unit
        return f"Base: {scene.book.bases.get(unit, unit)}."
    if scene.eligible is None:
        return f"{scene.turnout} {scene.noun} took part; how many could have is not known."
    is_of_both = spec.form in ("dumbbell", "bounds", "strip")
    has_both = is_of_both and scene.choices.baseline in scene.took_part
    cycles = [scene.choices.baseline] * has_both + [scene.choices.cycle]
    told = [f"{scene.took_part[c]} in {c}" for c in cycles]
    return f"Of {scene.eligible} {scene.noun} {listed(told)} took part."


def _members(names: Sequence[str], scene: Scene) -> pd.DataFrame:
    """What is printed about the indicators of a figure; about all of them where it names none."""
    names = names or tuple(
        name
        for name in scene.book.indicators
        if rows.is_about_respondents(name, scene.book)
        and scene.book.item_of(name).name != scene.book.settings.response_item
    )
    return rows.printed_rows(scene.printed, scene.book, scene.choices, names)


def _ids(table: pd.DataFrame) -> list[str]:
    return " ".join(table["finding_ids"]).split()


def _evidence(table: pd.DataFrame) -> tuple[str, ...]:
    """The evidence of counts alone."""
    return tuple(sorted(set(table["evidence"]), key=EVIDENCE.index))


def _evidence_with_arithmetic(table: pd.DataFrame) -> tuple[str, ...]:
    """The evidence of counts and of what follows from them; shares of responses are observed."""
    return with_arithmetic(set(table["evidence"]))


DRAWN = (
    *("indicator", "label", "respondents", "cycle_from", "cycle_to", "count_from", "nobs_from"),
    *("count_from_low", "count_from_high", "count_to", "nobs_to", "change", "change_low"),
    *("change_high", "tipping_point", "n_paired", "gained", "lost", "verdict", "reason"),
)
"""What of the comparison table is the data behind a figure of changes."""

Result = tuple[Drawing, pd.DataFrame, str, list[str], tuple[str, ...]] | None


def _strip(_: Sequence[str], scene: Scene) -> Result:
    data = pd.DataFrame(
        [
            {
                "cycle": cycle,
                "took_part": scene.took_part[cycle],
                "eligible": scene.book.eligible[cycle, scene.choices.respondents],
            }
            for cycle in scene.book.cycles
            if cycle in scene.took_part and cycle in (scene.choices.baseline, scene.choices.cycle)
        ]
    )
    parts = [
        f"{row['took_part']} of {row['eligible']} {scene.noun} took part in {row['cycle']}, "
        f"{row['eligible'] - row['took_part']} did not"
        for row in records(data)
    ]
    own = scene.printed[
        (scene.printed["indicator"] == scene.book.response_indicator)
        & (scene.printed["respondents"] == scene.choices.respondents)
        & scene.printed["cycle"].isin(data["cycle"])
    ]
    alt = f"{'; '.join(parts)}. A dot is not a particular {_one(scene)}."
    return figures.strip(data, noun=scene.noun), data, alt, _ids(own), _evidence(own)


def _one(scene: Scene) -> str:
    return scene.book.respondents[scene.choices.respondents].singular


def _compared(names: Sequence[str], scene: Scene) -> pd.DataFrame:
    """The comparisons of a figure, the surest first; all that have any where it names none."""
    table = scene.comparisons
    if names:
        table = table[table["indicator"].isin(names)]
    else:
        said = scene.findings[scene.findings["measure"].isin(CHANGES)]["item"]
        asserted = table["indicator"].map(lambda name: scene.book.item_of(name).name).isin(said)
        table = table[table["change_low"].notna() | asserted]
    labels = [scene.book.indicators[name].label for name in table["indicator"]]
    words = [f"Not comparable: {reason}" for reason in table["reason"]]
    return table.assign(label=labels, words=words).sort_values(
        "change_low", ascending=False, na_position="last", kind="stable"
    )


def _change_in_words(row: Row, scene: Scene) -> str:
    if is_missing(row["change_low"]):
        return f"{row['label']}: {row['reason']}"
    before = (
        f"{row['count_from_low']} to {row['count_from_high']}"
        if is_missing(row["count_from"])
        else row["count_from"]
    )
    return (
        f"{row['label']}: {before} in {row['cycle_from']}, {row['count_to']} in "
        f"{row['cycle_to']}, change among all {scene.eligible} between "
        f"{signed(row['change_low'])} and {signed(row['change_high'])}, "
        f"{figures.certainty(row)}"
    )


def _dumbbell(names: Sequence[str], scene: Scene) -> Result:
    return _changes(_compared(names, scene), scene, figures.dumbbell)


def _bounds(names: Sequence[str], scene: Scene) -> Result:
    table = _compared(names, scene)
    return _changes(table[table["change_low"].notna()], scene, figures.bounds)


def _changes(data: pd.DataFrame, scene: Scene, form: Callable[..., Drawing]) -> Result:
    if data.empty:
        return None
    parts = [_change_in_words(row, scene) for row in records(data)]
    drawing = form(data, population=scene.eligible or 0, noun=scene.noun)
    columns = [c for c in DRAWN if data[c].notna().any() and (data[c] != "").any()]
    known = set(data.loc[data["change_low"].notna(), "evidence"]) or {"published"}
    return drawing, data[columns], f"{'; '.join(parts)}.", _ids(data), with_arithmetic(known)


def _bars(names: Sequence[str], scene: Scene) -> Result:
    members = _members(names, scene)
    if members["count"].notna().sum() == 0:
        return None
    data = rows.bar_rows(members, scene.counts, scene.book, scene.choices)
    turnout = scene.turnout or 0
    drawing = figures.bars(
        data, population=scene.eligible or turnout, noun=scene.noun, turnout=turnout
    )
    least, most = data["possible"].min(), data["possible"].max()
    has_minimum = (data["qualifier"] == "at_least").any()
    how_many = f"{least} to {most}" if least != most and not has_minimum else f"Up to {most}"
    where = " where the number is not a minimum" if has_minimum else ""
    more = f" {how_many} more are possible{where}." if scene.eligible else ""
    alt = f"{_counted(data)}.{more}"
    return (
        drawing,
        data.drop(columns=["whole_label"]),
        alt,
        _ids(members),
        _evidence_with_arithmetic(members),
    )


def _counted(data: pd.DataFrame) -> str:
    return "; ".join(f"{row['label']}: {row['text']}" for row in records(data))


def _dots(names: Sequence[str], scene: Scene) -> Result:
    members = _members(names, scene)
    members = members[members["count"].notna()]
    if members.empty:
        return None
    data = members[["section", "indicator", "label", "count", "qualifier"]].astype({"count": int})
    drawing = figures.dots(
        data, population=scene.eligible or 0, noun=scene.noun, turnout=scene.turnout or 0
    )
    parts = [
        f"section {section}: "
        + listed(
            f"{label} {count}" for label, count in zip(group["label"], group["count"], strict=True)
        )
        for section, group in data.groupby("section", sort=False)
    ]
    return drawing, data, f"{'; '.join(parts)}.", _ids(members), _evidence(members)


def _ranges(names: Sequence[str], scene: Scene) -> Result:
    members = _members(names, scene)
    if members.empty:
        return None
    bases = [scene.eligible or 0, scene.turnout or 0]
    data = rows.range_rows(members, scene.findings, bases, scene.noun)
    drawing = figures.ranges(
        data, population=scene.eligible or 0, noun=scene.noun, turnout=scene.turnout or 0
    )
    has_share = (members["kind"] == "share").any()
    evidence = _evidence_with_arithmetic(members) if has_share else _evidence(members)
    return drawing, data, f"{_counted(data)}.", _ids(members), evidence


def _shares(names: Sequence[str], scene: Scene) -> Result:
    members = pd.concat(
        rows.printed_rows(scene.printed, scene.book, replace(scene.choices, cycle=cycle), names)
        for cycle in (scene.choices.baseline, scene.choices.cycle)
        if cycle
    )
    members = members[members["share"].notna()]
    if members.empty:
        return None
    several = members["cycle"].nunique() > 1
    labels = [
        f"{row['label']}, {row['cycle']}" if several else row["label"] for row in records(members)
    ]
    data = pd.DataFrame(
        {
            "label": labels,
            "share": members["share"].to_numpy(),
            "low": members["share_low"].to_numpy(),
            "high": members["share_high"].to_numpy(),
            "is_derived": (members["evidence"] == "derived").to_numpy(),
            "is_earlier": (members["cycle"] != scene.choices.cycle).to_numpy(),
        }
    )
    unit = scene.book.item_of(names[0]).unit
    drawing = figures.shares(data, unit=scene.book.bases.get(unit, unit))
    parts = [
        f"{row['label']}: {percent(row['share'])} ({percent(row['low'], 1)} to "
        f"{percent(row['high'], 1)})"
        for row in records(data)
    ]
    return drawing, data, f"{'; '.join(parts)}.", _ids(members), _evidence_with_arithmetic(members)


_FORMS: dict[str, Callable[[Sequence[str], Scene], Result]] = {
    "strip": _strip,
    "dumbbell": _dumbbell,
    "bounds": _bounds,
    "bars": _bars,
    "dots": _dots,
    "range": _ranges,
    "shares": _shares,
}
