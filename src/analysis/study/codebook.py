"""What a study declares: cycles, sections, items, indicators, figures, sources.

The tables follow XLSForm (``survey``, ``choices``, ``settings``), with a few tables beside them
for what a form does not say. Each class here is one row of one table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

COMPARABILITY = ("identical", "equivalent", "changed", "new", "dropped", "asserted_by_source")
"""How an item relates to the same item of the cycle before; empty where nobody says."""

COMPARABLE = ("identical", "equivalent", "asserted_by_source")
"""The levels over which a change may be computed."""

FORMS = ("strip", "bars", "dumbbell", "dots", "range", "shares")
"""How a figure can look; `analysis.display.figures` has a function for each."""

WITH_OPTIONS = ("select_one", "select_multiple", "rank")
"""The types of question that name a list of options."""

RESPONDENT_UNIT = "respondents"
"""The unit of an item whose answers count respondents, not cases or countries."""

RESPONDENT_ID, SUBMITTED = "respondent_id", "submitted_at"
KEY_ITEMS = (RESPONDENT_ID, SUBMITTED)
"""What a column can hold beside the items: who answered, and when (ISO 8601, or sortable)."""

SELECTED_LIST = "selected"
SELECTED, NOT_SELECTED = "selected", "not_selected"
"""The two answers of one option of an item that is spread over columns."""

ANSWERED, UNIT_NONRESPONSE = "answered", "unit_nonresponse"
MISSING = ("dont_know", "no_answer", "not_applicable", "not_asked")
STATUSES = (ANSWERED, *MISSING, UNIT_NONRESPONSE)
"""What a cell of the response table can be; never empty."""

QUARANTINE = "quarantine"
"""In the value map: the spelling is refused for the reason given, and the cell has no answer."""

DUPLICATE_RULES = ("refuse", "latest", "most_complete")
"""What to do with two submissions of one respondent."""

_RULE = re.compile(r"\$\{(?P<item>\w+)\}\s*=\s*'(?P<option>\w+)'")


@dataclass(frozen=True)
class Settings:
    """The one row of ``settings.csv``: what the study is called and how it speaks."""

    title: str
    form_id: str
    version: str
    released: str
    description: str
    disclaimer: str
    authors: str
    response_item: str
    duplicate_rule: str


@dataclass(frozen=True)
class Respondents:
    """A group of respondents, for example ``states``, and what to call one and many."""

    name: str
    label: str
    singular: str

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

    def is_asked(self, cycle: str, respondents: str) -> bool:
        """Tell whether the question was put to a group in a cycle."""
        return cycle in self.asked and respondents in self.respondents

    @property
    def choice_list(self) -> str:
        """Name of the list of options, empty for items without one."""
        kind, _, choices = self.type.partition(" ")
        return choices if kind in WITH_OPTIONS else ""


@dataclass(frozen=True)
class Rule:
    """The answer that an indicator counts: option `option` of item `item`.

    >>> Rule.parse("${fees_prohibited} = 'yes'")
    Rule(item='fees_prohibited', option='yes')
    """

    item: str
    option: str

    @classmethod
    def parse(cls, text: str) -> Rule:
        """Read a rule in XLSForm's notation; `ValueError` when it is not of that form."""
        match = _RULE.fullmatch(text.strip())
        if match is None:
            raise ValueError("a rule reads ${item} = 'option'")
        return cls(match["item"], match["option"])


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
    whose answers it has. All four are empty for a document.
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

    `option` is set for an item with several answers that is spread over columns, one an option.
    `cycle` and `respondents` are empty where the header is the same in all. `item` can also be
    one of `KEY_ITEMS`.
    """

    item: str
    option: str
    cycle: str
    respondents: str
    column: str
    row: int

    def is_in(self, cycle: str, respondents: str) -> bool:
        """Tell whether this column belongs to the export of a cycle and group."""
        return self.cycle in ("", cycle) and self.respondents in ("", respondents)


@dataclass(frozen=True)
class Mapped:
    """A spelling in an export and the option or status that it means, with the reason.

    `list_name` is a list of choices, `SELECTED_LIST`, or empty for any list. `name` is an option
    of the list, a status of `MISSING`, or `QUARANTINE`.
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
    is no list of them.
    """

    settings: Settings
    cycles: tuple[str, ...]
    eligible: Mapping[tuple[str, str], int | None]
    respondents: Mapping[str, Respondents]
    bases: Mapping[str, str]
    choices: Mapping[str, Mapping[str, str]]
    sections: Mapping[str, Section]
    items: Mapping[str, Item]
    indicators: Mapping[str, Indicator]
    figures: Mapping[str, FigureSpec]
    sources: Mapping[str, Source]
    columns: tuple[SourceColumn, ...]
    value_map: tuple[Mapped, ...]

    def item_of(self, indicator: str) -> Item:
        """The item that an indicator counts answers of."""
        return self.items[self.indicators[indicator].rule.item]

    def section_of(self, indicator: str) -> str:
        """The code of the section that an indicator stands in."""
        return self.item_of(indicator).section

    def in_figure(self, figure: str) -> tuple[str, ...]:
        """Names of the indicators that say they belong to a figure."""
        return tuple(name for name, row in self.indicators.items() if figure in row.figures)

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
