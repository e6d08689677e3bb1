"""What a notebook calls: a section opened with its parameters, showing figures, tables, words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from analysis.display import source_tables, telling
from analysis.display import tables as shown
from analysis.display.drawn import draw
from analysis.display.exhibit import Figure, Table
from analysis.display.gallery import Gallery
from analysis.display.rehearsing import from_print_alone, marked
from analysis.display.scene import Scene
from analysis.display.statements import Box, Headlines, Sentence, Sentences
from analysis.indicators import turnout
from analysis.parameters import (
    DEFAULTS,
    Choices,
    declared_parameters,
    indicators_on,
    refuse_injected,
    resolve,
)
from analysis.problems import InputError, Problem, check_choice, refuse_any
from analysis.processed import refresh_tables
from analysis.results import Results, compute_results
from analysis.study import Page, Study, load_study


def open_section(page: str, *, study: str = "", **parameters: object) -> Section:
    """Open a section of the report with the parameters of its notebook.

    Parameters
    ----------
    page : name of the page ("01_prevention") or code of a section ("I.a").
    study : the study folder; empty for the default study.
    parameters : ``cycle``, ``baseline``, ``respondents``, ``denominator``, ``level``; what is left
        out has the value of `analysis.parameters.DEFAULTS`.

    Raises
    ------
    InputError
        The study has a problem, or a parameter is unknown, of the wrong type or cannot apply.
    """
    loaded = load_study(study)
    (found,) = loaded.pages_named([page])
    declared = declared_parameters(found.notebook)
    refuse_injected(declared, _cells_run())
    refuse_any(
        [
            Problem("a section has no such parameter.", value=name, allowed=tuple(DEFAULTS))
            for name in parameters
            if name not in DEFAULTS
        ]
    )
    results = compute_results(loaded)
    choices = resolve(loaded, found, results.totals, parameters)
    refresh_tables(loaded)
    return Section(loaded, found, results, choices)


def _cells_run() -> list[str]:
    """Source of the cells that ran before in this kernel; none outside a notebook."""
    try:
        from IPython import get_ipython
    except ImportError:
        return []
    shell = get_ipython()
    return list(shell.user_ns.get("In", [])) if shell else []


class Section:
    """A section of the report under one choice of parameters.

    Attributes
    ----------
    study, page, choices : what it was opened with.
    findings : the findings table; one row a finding.
    counts : the indicator table; see `analysis.indicators.indicator_counts`.
    comparisons : rows of the comparison table for the chosen cycles and group.
    indicators : names of the indicators that the page speaks about.
    """

    def __init__(self, study: Study, page: Page, results: Results, choices: Choices) -> None:
        self.study, self.page, self.results, self.choices = study, page, results, choices
        self.book = study.codebook
        self.findings, self.counts = results.findings, results.counts
        self.indicators = indicators_on(study, page)
        table = results.comparisons
        self.comparisons = table[
            (table["cycle_from"] == (choices.baseline or _before(choices.cycle, self.book.cycles)))
            & (table["cycle_to"] == choices.cycle)
            & (table["respondents"] == choices.respondents)
        ]
        sizes = turnout(results.totals, self.book)
        self._took_part = {c: n for (c, g), n in sizes.items() if g == choices.respondents}
        self._eligible = self.book.eligible.get((choices.cycle, choices.respondents))

    @marked
    def figure(self, name: str) -> Figure | Box:
        """Draw a figure of the codebook, or say why there is nothing to draw."""
        check_choice("figure", name, tuple(self.book.figures))
        return draw(self.book.figures[name], self._scene)

    @marked
    def say(self, *indicators: str) -> Sentences:
        """Say what is reported on indicators and what can be said about a change."""
        for name in indicators:
            check_choice("indicator", name, tuple(self.book.indicators))
        return telling.tell(self._scene, indicators)

    def say_for(self, respondents: str, *indicators: str) -> Sentences:
        """Say the same about another group of respondents."""
        return self._of(respondents).say(*indicators)

    @marked
    def over_each_base(self, *indicators: str) -> Table:
        """Return counts over every base that they can be put over."""
        return shown.bases(self._scene, indicators)

    def question(self) -> Sentences:
        """Return the question that the page's sections answer, as the codebook words it."""
        sections = [self.book.sections[code] for code in self.page.sections]
        return Sentences(
            tuple(Sentence(section.question or section.title, "", ()) for section in sections)
        )

    def figures(self) -> Gallery:
        """Draw every figure that the codebook gives the page's sections."""
        names = [
            name for name, spec in self.book.figures.items() if spec.section in self.page.sections
        ]
        return Gallery(tuple(self.figure(name) for name in names))

    @from_print_alone
    def external(self) -> Table:
        """Return the findings of the page that the source quotes from elsewhere."""
        return source_tables.external(self._scene, self.page.sections)

    @marked
    def who_answered(self, respondents: str = "") -> Sentences:
        """Say how many of a group took part in each cycle, and how many can have done so twice."""
        return telling.who_answered(self._of(respondents or self.choices.respondents)._scene)

    @marked
    def count_table(self, *indicators: str) -> Table:
        """Return counts over the chosen denominator, with what is open; all of the page's own."""
        own = [n for n in self.indicators if self.book.section_of(n) in self.page.sections]
        return shown.counts(self._scene, indicators or own)

    @marked
    def comparison_table(self) -> Table | Box:
        """Return what can be compared with the baseline, and why the rest cannot."""
        return shown.compared(self._scene, self.indicators)

    @from_print_alone
    def readings(self, indicator: str) -> Table:
        """Return every meaning that a loosely stated change can have."""
        check_choice("indicator", indicator, tuple(self.book.indicators))
        return source_tables.readings(self._scene, indicator)

    @from_print_alone
    def lists(self, *sections: str) -> Table:
        """Return the orderings and lists of sections, which no figure can show."""
        return source_tables.lists(self._scene, sections or self.page.sections)

    @from_print_alone
    def findings_table(self) -> Table:
        """Return every finding of the page's sections, each with its anchor and its place."""
        return source_tables.findings(self._scene, self.page.sections)

    @from_print_alone
    def possible_counts(self, smallest_base: int) -> Table:
        """Return every count and base that the printed percentages allow.

        Raises
        ------
        InputError
            The smallest base is not a whole number from 1 to the number that could have answered.
        """
        largest = self._eligible or 0
        if not 1 <= smallest_base <= largest:
            message = f"smallest_base must be a whole number from 1 to {largest}."
            raise InputError(Problem(message, value=smallest_base))
        return source_tables.possible(self._scene, smallest_base)

    @from_print_alone
    def consistency(self) -> Table:
        """Return where the source can be held against itself, and what comes out."""
        return source_tables.consistency(self._scene)

    @marked
    def panel(self) -> Table | Box:
        """Return who moved which way, or say that only the answers of respondents could tell."""
        group = self.book.respondents[self.choices.respondents]
        if self.results.responses is None or not len(self._own_panel()):
            return Box(
                "Needs response-level answers",
                f"Which {group.label} moved, which gained or gave up what they had reported, and "
                "which left a question blank cannot be told from printed counts. Put the exports "
                "of both cycles into data/raw/responses/, with a line each in "
                "codebook/sources.csv, and build again.",
                "analysis build",
            )
        return shown.panel(self._scene, self._own_panel())

    def movers(self, indicator: str) -> pd.DataFrame:
        """Return who moved which way, by respondent; for work at the desk, not for a report.

        Returns
        -------
        DataFrame
            One row a respondent with an answer in both cycles: ``respondent_id, move``.
        """
        check_choice("indicator", indicator, tuple(self.book.indicators))
        moves = self.results.moves
        own = moves[
            (moves["indicator"] == indicator)
            & (moves["respondents"] == self.choices.respondents)
            & (moves["cycle_from"] == self.choices.baseline)
            & (moves["cycle_to"] == self.choices.cycle)
        ]
        return own[["respondent_id", "move"]].reset_index(drop=True)

    @marked
    def replication(self) -> Table | Box:
        """Return observed counts beside printed ones, or say that there are no responses."""
        if self.results.replication.empty:
            text = "There are no responses that could be held against the printed counts."
            return Box("Nothing to hold against print", text, "")
        return shown.replication(self._scene, self.results.replication)

    @marked
    def invented(self) -> Table | Box:
        """Return what a rehearsal invented, or say that nothing is invented here."""
        if not self.study.is_rehearsal:
            text = "Every number of this report is printed in its source, follows from such "
            text += "numbers, or was computed from responses."
            return Box("Nothing is invented here", text, "")
        return shown.invented(self.study)

    def _own_panel(self) -> pd.DataFrame:
        counted = self.results.panel
        return counted[
            (counted["respondents"] == self.choices.respondents)
            & (counted["cycle_from"] == self.choices.baseline)
            & (counted["cycle_to"] == self.choices.cycle)
            & counted["indicator"].isin(self.indicators)
            & (counted["n_paired"] > 0)
        ]

    @marked
    def headlines(self, *indicators: str, limits: Sequence[str] = ()) -> Headlines:
        """Return what the index page shows of this section: headlines, changes, limits."""
        for name in indicators:
            check_choice("indicator", name, tuple(self.book.indicators))
        return telling.headlines(
            self._scene, indicators, self.indicators, answered=self._answered(), limits=limits
        )

    def _of(self, respondents: str) -> Section:
        """The same section of another group of respondents."""
        check_choice("respondents", respondents, tuple(self.book.respondents))
        choices = replace(self.choices, respondents=respondents)
        return Section(self.study, self.page, self.results, choices)

    def _answered(self) -> tuple[dict[str, object], ...]:
        """Who took part, told by the page that has the question of who did."""
        item = self.book.items.get(self.book.settings.response_item)
        if item is None or item.section not in self.page.sections:
            return ()
        return tuple(
            {
                "respondents": self.book.respondents[group].label,
                "cycle": cycle,
                "answered": count,
                "eligible": self.book.eligible.get((cycle, group)),
            }
            for (cycle, group), count in sorted(turnout(self.results.totals, self.book).items())
        )

    @property
    def _scene(self) -> Scene:
        return Scene(
            book=self.book,
            choices=self.choices,
            findings=self.findings,
            printed=self.results.totals,
            counts=self.counts,
            comparisons=self.comparisons,
            took_part=self._took_part,
            eligible=self._eligible,
        )


def _before(cycle: str, cycles: tuple[str, ...]) -> str:
    """The cycle before, empty for the first: its rows say why there is nothing to compare."""
    place = cycles.index(cycle)
    return cycles[place - 1] if place else ""
