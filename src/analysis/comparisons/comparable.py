"""Whether two cycles can be compared on an indicator, and if not, why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.frames import Row
from analysis.indicators import is_from_responses
from analysis.problems import listed
from analysis.study.codebook import Codebook, Indicator, Item
from analysis.study.vocabulary import COMPARABLE, RESPONDENT_UNIT


@dataclass(frozen=True)
class Pair:
    """One indicator of one group in two cycles, with what is known of each end.

    `ends` are rows of the totals, empty where there is none; `took_part` is how many did, None
    where it is not known; `asserted` the findings that state a change without both counts.
    """

    indicator: Indicator
    item: Item
    group: str
    cycles: tuple[str, str]
    ends: tuple[Row, Row]
    took_part: tuple[int | None, int | None]
    asserted: Sequence[Row]

    @property
    def is_from_responses(self) -> bool:
        """Whether both ends are counted from responses."""
        return all(is_from_responses(end) for end in self.ends)


def comparability_of(item: Item, earlier: str, later: str, book: Codebook) -> tuple[str, str, str]:
    """Return how an item of a cycle relates to it in an earlier one, step by step.

    Returns
    -------
    level, cycle, reason
        The weakest level of any cycle after `earlier` up to `later` in which the item was asked,
        the cycle of that step, and the reason that the crosswalk gives for it.
    """
    after = book.cycles[book.cycles.index(earlier) + 1 : book.cycles.index(later) + 1]
    asked = [cycle for cycle in after if not item.asked or cycle in item.asked]
    steps = []
    for cycle in asked or [later]:
        row = book.crosswalk.get((item.name, cycle))
        level = (row.comparability if row else "") or item.comparability
        steps.append((level, cycle, row.reason if row else ""))

    def strength(step: tuple[str, str, str]) -> int:
        level = step[0]
        return len(COMPARABLE) - COMPARABLE.index(level) if level in COMPARABLE else 0

    return min(steps, key=strength)


def why_not_comparable(pair: Pair, book: Codebook) -> str:
    """Say why there is no change to compute; empty when there is one."""
    return (
        _question(pair, book)
        or _options(pair, book)
        or _unit(pair, book)
        or _counts(pair)
        or _population(pair, book)
    )


def _question(pair: Pair, book: Codebook) -> str:
    """Whether it is the same question."""
    item, (earlier, later) = pair.item, pair.cycles
    level, at, reason = comparability_of(item, earlier, later, book)
    because = f": {reason}" if reason else ""
    if item.comparability == "new" and earlier not in item.asked:
        return f"the question was new in {item.asked[0] if item.asked else later}"
    if item.comparability == "dropped" and later not in item.asked:
        return f"the question was no longer asked in {later}"
    if level == "changed":
        is_step = (item.name, at) in book.crosswalk
        before = book.cycles[book.cycles.index(at) - 1] if is_step else earlier
        return f"the question changed between {before} and {at if is_step else later}{because}"
    for cycle in pair.cycles:
        if item.asked and cycle not in item.asked:
            if any(is_from_responses(end) for end in pair.ends):
                return f"there are no answers of {cycle}"
            return f"no figure of {cycle} is printed, nor whether the question was asked then"
    if level not in COMPARABLE:
        return f"nobody says that the answers of {earlier} and {later} can be compared{because}"
    return ""


def _options(pair: Pair, book: Codebook) -> str:
    """Whether the same answers could be chosen."""
    choices, option = pair.item.choice_list, pair.indicator.rule.option
    earlier, later = (book.options_in(choices, cycle) for cycle in pair.cycles)
    labels: Mapping[str, str] = book.choices.get(choices, {})
    for cycle, offered in zip(pair.cycles, (earlier, later), strict=True):
        if choices and option not in offered:
            return f"the answer “{labels[option]}” could not be chosen in {cycle}"
    level, _, _ = comparability_of(pair.item, *pair.cycles, book)
    # Each box is ticked by itself, but that none applies speaks of all boxes there were.
    is_by_itself = (
        pair.item.type.startswith("select_multiple") and (choices, option) not in book.exclusive
    )
    if set(earlier) == set(later) or is_by_itself or level == "equivalent":
        return ""
    changed = []
    for words, here, there in (("new", later, earlier), ("gone", earlier, later)):
        names = [f"“{labels[name]}”" for name in here if name not in there]
        if names:
            changed.append(f"{listed(names)} {words}")
    return f"the answers to choose from changed in {pair.cycles[1]} ({'; '.join(changed)})"


def _unit(pair: Pair, book: Codebook) -> str:
    """Whether respondents are counted."""
    if pair.item.unit == RESPONDENT_UNIT:
        return ""
    shares = [100 * float(end["share"]) for end in pair.ends if "share" in end]
    printed = f" (printed: {shares[0]:g} % and {shares[1]:g} %)" if len(shares) == 2 else ""
    return (
        f"a share of {book.bases.get(pair.item.unit, pair.item.unit)}{printed}; "
        "they cluster in respondents and their number is not printed, so it is described only"
    )


def _counts(pair: Pair) -> str:
    """Whether there is a count at both ends."""
    stated = [row for row in pair.asserted if row["measure"] == "percent_change"]
    if stated and not all("count" in end for end in pair.ends):
        return f"the source says “{stated[0]['as_printed']}” and prints the count of neither cycle"
    for end, cycle in zip(pair.ends, pair.cycles, strict=True):
        if not end:
            return f"the count of {cycle} is not printed"
        if end["kind"] != "count":
            return f"for {cycle} a share without its base is printed, no count"
    return ""


def _population(pair: Pair, book: Codebook) -> str:
    """Whether both ends speak about the same population; responses can be described without."""
    if pair.is_from_responses:
        return ""
    if population_of(pair, book) is None:
        return "there is no one population that both cycles speak about"
    for cycle, size in zip(pair.cycles, pair.took_part, strict=True):
        if size is None:
            return f"the source does not print how many took part in {cycle}"
    if pair.item.relevant:
        return (
            "the question was put only to a part of the respondents, and how many of them were "
            "asked both times is not printed"
        )
    return ""


def population_of(pair: Pair, book: Codebook) -> int | None:
    """How many could have answered in both cycles; None where that is not one number."""
    sizes = {book.eligible.get((cycle, pair.group)) for cycle in pair.cycles}
    return sizes.pop() if len(sizes) == 1 else None
