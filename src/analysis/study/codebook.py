"""What a study declares: cycles, sections, items, indicators, figures, sources.

The tables follow XLSForm (``survey``, ``choices``, ``settings``), with a few tables beside them
for what a form does not say. Each class here is one row of one table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from analysis.study.rules import Rule
from analysis.study.settings import Settings
from analysis.study.vocabulary import WITH_OPTIONS


@dataclass(frozen=True)
class Respondents:
    """A group of respondents, for example ``states``, and what to call one and many.

    `named` is ``countries`` where their ids are names of countries.
    """

    name: str
    label: str
    singular: str
    named: str = ""

    def counted(self, count: int) -> str:
        """Return the count with its noun.

        >>> Respondents("states", "States", "State").counted(1)
        '1 State'
        """
        return f"{count} {self.singular if count == 1 else self.label}"


@dataclass(frozen=True)
class Section:
    """A section of the report and the notebook that renders it (empty: the generic one)."""

    code: str
    title: str
    question: str
    notebook: str


@dataclass(frozen=True)
class Item:
    """One question of the survey."""

    name: str
    type: str
    label: str
    section: str
    respondents: tuple[str, ...]
    unit: str
    asked: tuple[str, ...]
    comparability: str
    relevant: str
    is_paraphrase: bool
    row: int
    is_ordered: bool = False

    def is_asked(self, cycle: str, respondents: str) -> bool:
        """Tell whether the question was put to a group in a cycle."""
        return cycle in self.asked and respondents in self.respondents

    @property
    def choice_list(self) -> str:
        """Name of the list of options, empty for items without one."""
        kind, _, choices = self.type.partition(" ")
        return choices if kind in WITH_OPTIONS else ""


@dataclass(frozen=True)
class Step:
    """One row of ``crosswalk.csv``: how an item of a cycle relates to it in the cycle before."""

    item: str
    cycle: str
    comparability: str
    wording: str
    reason: str


@dataclass(frozen=True)
class Indicator:
    """A count of answers; `base` names the indicator that holds the whole, if not everybody."""

    name: str
    rule: Rule
    base: str
    label: str
    phrase: str
    figures: tuple[str, ...]


@dataclass(frozen=True)
class FigureSpec:
    """A figure of a section; an indicator says which figure it belongs to."""

    name: str
    section: str
    form: str
    title: str
    note: str


@dataclass(frozen=True)
class Source:
    """A document or export that numbers come from.

    `file` and `sha256` name an export and hold it to its content; `cycle` and `respondents` say
    whose answers it has, unless it is a long one that says so in every row. All four are empty for
    a document.
    """

    name: str
    title: str
    publisher: str
    year: str
    licence: str
    citation: str
    file: str
    sha256: str
    cycle: str
    respondents: str


@dataclass(frozen=True)
class SourceColumn:
    """Where an export holds an item: the header of its column.

    `option` is set for an item with several answers that is spread over columns, one an option; of
    a ranking it can also be a rank (``#1``). `cycle` and `respondents` are empty where the header
    is the same in all. `item` can also be one of `KEY_ITEMS`, or `IGNORED`. `separator` is the word
    for what stands between several answers in one cell, empty where the survey tool decides.
    """

    item: str
    option: str
    cycle: str
    respondents: str
    column: str
    row: int
    separator: str = ""

    def is_in(self, cycle: str, respondents: str) -> bool:
        """Tell whether this column belongs to the export of a cycle and group."""
        return self.cycle in ("", cycle) and self.respondents in ("", respondents)


@dataclass(frozen=True)
class Mapped:
    """A spelling in an export and the option or status that it means, with the reason.

    `list_name` is a list of choices, `SELECTED_LIST`, an item without options, `RESPONDENT_ID`, or
    empty for any list. `name` is an option of the list, an answer to the item (a number), a status
    of `MISSING`, or `QUARANTINE`; of `RESPONDENT_ID`, who is meant.
    """

    list_name: str
    raw: str
    name: str
    reason: str
    row: int


@dataclass(frozen=True)
class Codebook:
    """Everything a study declares, each table as a read-only mapping in the order of its file.

    `eligible` maps (cycle, respondents) to the number that could have answered, None where there
    is no list of them. `offered` maps (list, option) to the cycles in which the option could be
    chosen, `crosswalk` (item, cycle) to what is said of that step. `exclusive` has each (list,
    option) that excludes all others, such as "none of these".

    `within` maps an item, or another row of the form, to the groups of the form around it,
    outermost first; `left_out` the rows that are no items (notes, times, places) to their labels.
    `files` is what messages call each table. `notes` says in sentences what no table says.
    """

    settings: Settings
    cycles: tuple[str, ...]
    eligible: Mapping[tuple[str, str], int | None]
    respondents: Mapping[str, Respondents]
    bases: Mapping[str, str]
    choices: Mapping[str, Mapping[str, str]]
    offered: Mapping[tuple[str, str], tuple[str, ...]]
    crosswalk: Mapping[tuple[str, str], Step]
    sections: Mapping[str, Section]
    items: Mapping[str, Item]
    indicators: Mapping[str, Indicator]
    figures: Mapping[str, FigureSpec]
    sources: Mapping[str, Source]
    columns: tuple[SourceColumn, ...]
    value_map: tuple[Mapped, ...]
    within: Mapping[str, tuple[str, ...]]
    left_out: Mapping[str, str]
    files: Mapping[str, str]
    notes: tuple[str, ...]
    exclusive: frozenset[tuple[str, str]] = frozenset()

    def item_of(self, indicator: str) -> Item:
        """The item that an indicator counts answers of."""
        return self.items[self.indicators[indicator].rule.item]

    def section_of(self, indicator: str) -> str:
        """The code of the section that an indicator stands in."""
        return self.item_of(indicator).section

    def in_figure(self, figure: str) -> tuple[str, ...]:
        """Names of the indicators that say they belong to a figure."""
        return tuple(name for name, row in self.indicators.items() if figure in row.figures)

    def options_in(self, choice_list: str, cycle: str) -> tuple[str, ...]:
        """Names of the options of a list that could be chosen in a cycle."""
        return tuple(
            name
            for name in self.choices.get(choice_list, ())
            if cycle in self.offered[choice_list, name]
        )

    @property
    def response_indicator(self) -> str:
        """Name of the indicator that counts who took part; empty where there is none."""
        own = (
            n for n, row in self.indicators.items() if row.rule.item == self.settings.response_item
        )
        return next(own, "")

    def indicator_of(self, item: str, option: str) -> str | None:
        """Name of the indicator that counts `option` of `item`, if there is one."""
        return self._by_rule.get((item, option))

    @property
    def _by_rule(self) -> Mapping[tuple[str, str], str]:
        return MappingProxyType(
            {(row.rule.item, row.rule.option): name for name, row in self.indicators.items()}
        )
