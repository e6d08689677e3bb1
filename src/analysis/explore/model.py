"""What the controls can choose from and what they show; knows nothing of widgets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import combinations

import pandas as pd

from analysis.comparisons.words import FALL, LEVEL, NOT_COMPARABLE, OPEN, RISE
from analysis.desk import METHODS, OpenStudy, Result
from analysis.desk.asked import choices_of, denominators_of
from analysis.desk.catalogue import CERTAIN, catalogue, passing
from analysis.display.exhibit import EVIDENCE, Table
from analysis.explore.choice import Choice, Filters
from analysis.explore.download import link_to
from analysis.frames import records

Options = list[tuple[str, str]]
"""What a control offers: words and the value they stand for."""

MARKS = {RISE: "▲", FALL: "▼", OPEN: "?", LEVEL: "="}
LEGEND = "▲ rise, ▼ fall under the stated assumption; ? direction open; · cannot be compared"
DENOMINATORS = {
    "participating": "all that could have answered",
    "responding": "those that took part",
    "answering": "those that answered the question",
}
CHANGES = {
    CERTAIN: "certain direction",
    RISE: "rise",
    FALL: "fall",
    LEVEL: "no change",
    OPEN: "direction open",
    NOT_COMPARABLE: "not comparable",
}


@dataclass(frozen=True)
class View:
    """What is seen of a choice: the answer, the line of code that gives it, and all as HTML."""

    result: Result
    line: str
    html: str


class Model:
    """A study, what can be chosen in it, and what is seen then; each choice is drawn once.

    Parameters
    ----------
    place : the study folder as it was given; stands in the line of code.
    """

    def __init__(self, study: OpenStudy, place: str = "") -> None:
        self.study, self.book, self.place = study, study.codebook, place
        self._views: dict[Choice, View] = {}
        self._tables: dict[tuple[str, str, str], pd.DataFrame] = {}

    def opening(self, indicator: str = "") -> Choice:
        """Return where to begin: an indicator, or the change that is furthest from none at all."""
        best, reach = indicator, -1
        if indicator:
            group = choices_of((indicator,), self.book).respondents
            return self._at_latest(indicator, group)
        group = next(iter(self.book.respondents))
        baseline, cycle = self.pairs()[-1][1].split("|")
        table = self.catalogue(group, baseline, cycle)
        for row in records(table[table["change_low"].notna()]):
            low, high = int(row["change_low"]), int(row["change_high"])
            sure = max(low, -high, 0)
            if sure > reach:
                best, reach = row["indicator"], sure
        if not best:
            shown = table[table["count_to"].notna()]
            best = str((shown if len(shown) else table)["indicator"].iloc[0])
        return self._at_latest(best, group)

    def _at_latest(self, indicator: str, group: str) -> Choice:
        baseline, cycle = self.pairs()[-1][1].split("|")
        return Choice(indicator, group, baseline, cycle)

    def pairs(self) -> Options:
        """Return every pair of cycles, the latest two last."""
        cycles = self.book.cycles
        if len(cycles) == 1:
            return [(cycles[0], f"|{cycles[0]}")]
        pairs = sorted(combinations(cycles, 2), key=lambda pair: cycles.index(pair[1]))
        return [(f"{earlier} to {later}", f"{earlier}|{later}") for earlier, later in pairs]

    def groups(self) -> Options:
        """Return the groups of respondents."""
        return [(group.label, name) for name, group in self.book.respondents.items()]

    def sections(self) -> Options:
        """Return the sections that have an indicator."""
        used = {self.book.section_of(name) for name in self.book.indicators}
        return [
            ("all sections", ""),
            *(
                (f"{code} {one.title}", code)
                for code, one in self.book.sections.items()
                if code in used
            ),
        ]

    def evidence(self) -> Options:
        """Return the words of evidence that the study has."""
        there = set(self.study.results.comparisons["evidence"])
        return [("any", ""), *((word, word) for word in EVIDENCE if word in there)]

    def changes(self) -> Options:
        """Return the verdicts that the study has, and one for both certain directions."""
        there = set(self.study.results.comparisons["verdict"])
        there |= {CERTAIN} if there & {RISE, FALL} else set()
        return [
            ("any", ""),
            *((words, value) for value, words in CHANGES.items() if value in there),
        ]

    def methods(self) -> Options:
        """Return the ways to look at a change."""
        return [(words, name) for name, words in METHODS.items()]

    def denominators(self, indicator: str) -> Options:
        """Return the bases that the share of an indicator can be taken over."""
        return [
            (DENOMINATORS.get(name) or f"those with: {self.book.indicators[name].label}", name)
            for name in denominators_of((indicator,), self.book)
        ]

    def catalogue(self, respondents: str, baseline: str, cycle: str) -> pd.DataFrame:
        """Return the indicators of a group; see `analysis.desk.catalogue.catalogue`."""
        key = (respondents, baseline, cycle)
        if key not in self._tables:
            choices = choices_of((), self.book, cycle=cycle, respondents=respondents)
            choices = replace(choices, baseline=baseline)
            self._tables[key] = catalogue(self.study.results, self.book, choices)
        return self._tables[key]

    def listed(self, choice: Choice, filters: Filters) -> Options:
        """Return the indicators that pass the filters, each with a mark for what changed."""
        table = self.catalogue(choice.respondents, choice.baseline, choice.cycle)
        return [
            (f"{MARKS.get(row['verdict'], '·')} {row['label']}", row["indicator"])
            for row in records(passing(table, self.book, **vars(filters)))
        ]

    def mended(self, choice: Choice, offered: Sequence[str]) -> Choice:
        """Return the choice with an indicator that is offered and a base that it has."""
        indicator = choice.indicator
        if offered and indicator not in offered:
            indicator = offered[0]
        bases = denominators_of((indicator,), self.book)
        base = choice.denominator if choice.denominator in bases else bases[0]
        return replace(choice, indicator=indicator, denominator=base)

    def view(self, choice: Choice) -> View:
        """Return what is seen of a choice."""
        if choice not in self._views:
            self._views[choice] = self._view(choice)
        return self._views[choice]

    def _view(self, choice: Choice) -> View:
        result = self.study.compare(
            choice.indicator,
            cycle=choice.cycle,
            baseline=choice.baseline,
            respondents=choice.respondents,
            denominator=choice.denominator,
            method=choice.method,
        )
        line = choice.line(self.book, self.place)
        saved = ""
        if isinstance(result.table, Table):
            name = f"{result.table.name} {choice.baseline} {choice.cycle} {choice.respondents}"
            saved = f"<p>{link_to(result.table.data, name, 'Save this table (CSV)')}</p>"
        code = f"<p><small>The same in one line:</small><br><code>{escape(line)}</code></p>"
        return View(
            result, line, f"{result.html()}<div class='analysis-result'>{saved}{code}</div>"
        )

    def has_single_respondents(self) -> bool:
        """Tell whether there are answers of single respondents."""
        return self.study.results.responses is not None

    def single_respondents(self, choice: Choice) -> str:
        """Return who moved which way, as HTML: to look at, so without a link that saves it."""
        result = self.study.movers(
            choice.indicator,
            cycle=choice.cycle,
            baseline=choice.baseline,
            respondents=choice.respondents,
        )
        shown = result.frame.to_html(index=False, border=0) if len(result.frame) else ""
        return f"{result.html()}<div class='analysis-result'>{shown}</div>"
