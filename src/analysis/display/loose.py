"""Loose words and bare percentages: every reading computed and shown, none of them chosen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from analysis.display.exhibit import Table
from analysis.display.scene import Scene
from analysis.frames import Row, records
from analysis.numerals import signed
from analysis.problems import listed
from analysis.published.readings import earlier_counts, nearest_simple_fraction, range_of
from analysis.statistics import counts_within, possible_counts

COLUMNS = ["Reading", "What it would mean", "How it was worked out"]

Reading = tuple[str, str, str]


def readings(scene: Scene, indicator: str) -> Table:
    """Return every meaning that the loose words about one indicator can have."""
    said = _loose(scene)
    said = said[said["item"] == scene.book.item_of(indicator).name]
    lines = [reading for finding in records(said) for reading in _readings_of(finding, scene)]
    return Table(
        name=f"readings_{indicator}",
        caption=f"{scene.book.indicators[indicator].label}: what "
        f"“{listed(dict.fromkeys(said['as_printed']))}” can mean",
        note="None of these is chosen.",
        data=pd.DataFrame(lines, columns=COLUMNS).drop_duplicates(ignore_index=True),
        evidence=("derived",),
        finding_ids=tuple(said["finding_id"]),
    )


def loose_words(scene: Scene) -> Table:
    """Return every meaning of all loose words and bare percentages about respondents."""
    keys = ["item", "measure", "qualifier", "value"]
    lines = []
    for _, alike in _loose(scene).groupby(keys, sort=False):
        finding = records(alike)[0]
        for reading in _readings_of(finding, scene):
            lines.append(
                {
                    "As printed": " or ".join(dict.fromkeys(alike["as_printed"])),
                    "Question": scene.book.items[finding["item"]].label,
                    **dict(zip(COLUMNS, reading, strict=True)),
                    "Findings": " ".join(alike["finding_id"]),
                }
            )
    data = pd.DataFrame(lines)
    ids = " ".join(data["Findings"]).split() if len(data) else []
    return Table(
        name="loose_words",
        caption="What loose words and bare percentages can mean",
        note="Every reading is worked out; none of them is turned into a count of the report.",
        data=data,
        evidence=("derived",),
        finding_ids=tuple(dict.fromkeys(ids)),
    )


def _loose(scene: Scene) -> pd.DataFrame:
    """The findings about respondents that are printed without a count."""
    table = scene.findings
    is_loose = table["measure"].isin(("percent_change", "ratio", "fraction")) | (
        (table["measure"] == "percent") & (table["base"] == "unstated")
    )
    is_own = table["respondents"].isin(scene.book.respondents) & (table["origin"] != "external")
    return table[is_loose & is_own & ~table["base"].isin(scene.book.bases)]


def _readings_of(finding: Row, scene: Scene) -> Iterator[Reading]:
    value, qualifier = float(finding["value"]), str(finding["qualifier"])
    bases = list(dict.fromkeys((scene.eligible or 0, scene.turnout or 0)))
    if finding["measure"] == "percent_change":
        yield from _of_growth(value, scene)
    elif finding["measure"] == "ratio":
        yield from _of_ratio(finding, scene)
    elif finding["measure"] == "percent":
        yield from _of_percentage(value, bases)
    else:
        yield from _of_fraction(value, qualifier, bases)


def _of_growth(value: float, scene: Scene) -> Iterator[Reading]:
    """Three readings of "10 % increase": points, ratio, number."""
    eligible = scene.eligible or 0
    order = scene.book.cycles.index
    turnouts = [n for c, n in scene.took_part.items() if order(c) <= order(scene.choices.cycle)]
    points = sorted({round(value / 100 * n, 1) for n in (eligible, *turnouts)})
    pairs = [
        (earlier, later)
        for earlier in range(1, max(turnouts) + 1)
        for later in range(earlier + 1, (scene.turnout or 0) + 1)
        if round(100 * (later / earlier - 1)) == value
    ]
    examples = [f"{a} to {b}" for a, b in (pairs[0], pairs[-1])] if pairs else []
    yield (
        f"{value:g} points more of the {scene.noun}",
        f"about {points[0]:g} to {points[-1]:g} {scene.noun} more",
        f"{value:g} % of {listed(sorted({eligible, *turnouts}))}",
    )
    yield (
        f"{value:g} % more {scene.noun} than before",
        f"for example {' or '.join(examples)}" if examples else "",
        f"{len(pairs)} pairs of counts grow by {value:g} %, rounded",
    )
    yield f"{value:g} more {scene.noun}", f"{signed(value)} in number", f"of all {eligible}"


def _of_ratio(finding: Row, scene: Scene) -> Iterator[Reading]:
    """A ratio of counts, or a ratio of shares of those that took part."""
    value, qualifier = float(finding["value"]), str(finding["qualifier"])
    own = scene.comparisons[
        scene.comparisons["indicator"].map(lambda n: scene.book.item_of(n).name) == finding["item"]
    ]
    later = own["count_to"].dropna()
    baseline = scene.took_part.get(scene.choices.baseline)
    if later.empty or baseline is None or not scene.turnout:
        return
    low, high = range_of("ratio", qualifier, value)
    count = int(later.iloc[0])
    least, most = earlier_counts(count, low, high, qualifier=qualifier)
    yield (
        f"the number of {scene.noun} grew by a factor of {low:g} to {high:g}",
        f"{least:g} to {min(most, baseline):g} of {baseline} before",
        f"{count} divided by the factor",
    )
    share = count / scene.turnout
    fits = [n for n in range(1, baseline + 1) if low <= share / (n / baseline) < high]
    if fits:
        yield (
            f"the share of those that took part grew by a factor of {low:g} to {high:g}",
            f"{fits[0]} to {fits[-1]} of {baseline} before",
            f"{count} of {scene.turnout}, divided by the factor",
        )


def _of_percentage(value: float, bases: Sequence[int]) -> Iterator[Reading]:
    for words, rounding in (("rounded", "round"), ("cut off", "truncate")):
        fits = {
            base: possible_counts(value, denominators=[base], rounding=rounding)["count"]
            for base in bases
        }
        yield words, _over_bases(fits), f"counts that print as {value:g} %"


def _of_fraction(value: float, qualifier: str, bases: Sequence[int]) -> Iterator[Reading]:
    low, high = range_of("fraction", qualifier, value)
    counts = {base: counts_within(low, high, denominators=[base])["count"] for base in bases}
    if qualifier != "about":
        more = {base: own[own > value * base] for base, own in counts.items()}
        yield "more than that", _over_bases(more), "any larger share"
        return
    fraction = nearest_simple_fraction(value)
    nearest = {base: pd.Series([round(fraction * base)]) for base in bases}
    less = {base: own[own <= fraction * base] for base, own in counts.items()}
    more = {base: own[own >= fraction * base] for base, own in counts.items()}
    yield "the nearest count", _over_bases(nearest), f"{fraction} of the base"
    how = f"nearer to {fraction} than to the next simple fraction"
    yield "that or somewhat less", _over_bases(less), how
    yield "that or somewhat more", _over_bases(more), how


def _over_bases(counts: Mapping[int, pd.Series[int]]) -> str:
    return "; ".join(f"{_range(own)} of {base}" for base, own in counts.items())


def _range(counts: pd.Series[int]) -> str:
    if counts.empty:
        return "no count"
    least, most = int(counts.min()), int(counts.max())
    return f"{least}" if least == most else f"{least} to {most}"
