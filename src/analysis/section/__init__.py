"""What a notebook calls: a section opened with its parameters, showing figures, tables, words."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.display import limits, telling
from analysis.display import tables as shown
from analysis.display.drawn import draw
from analysis.display.exhibit import Figure, Table
from analysis.display.gallery import Gallery
from analysis.display.rehearsing import marked
from analysis.display.statements import Box, Headlines, Sentence, Sentences
from analysis.indicators import turnout
from analysis.parameter_cell import declared_parameters, refuse_injected
from analysis.parameters import DEFAULTS, resolve
from analysis.problems import Problem, check_choice, refuse_any
from analysis.processed import refresh_tables
from analysis.results import compute_results
from analysis.section.changes import Changes
from analysis.section.described import Described
from analysis.section.printed import PrintedSource
from analysis.study import load_study


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


class Section(Changes, Described, PrintedSource):
    """A section of the report under one choice of parameters; see `open_section`."""

    @marked
    def figure(self, name: str) -> Figure | Box:
        """Draw a figure of the codebook, or say why there is nothing to draw."""
        check_choice("figure", name, tuple(self.book.figures))
        return draw(self.book.figures[name], self._scene)

    @marked
    def say(self, *indicators: str) -> Sentences:
        """Say what is reported on indicators and what can be said about a change."""
        self._check_indicators(indicators)
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
    def replication(self) -> Table | Box:
        """Return observed counts beside printed ones, or say that there are no responses."""
        if self.results.replication.empty:
            text = "There are no responses that could be held against the printed counts."
            return Box("Nothing to hold against print", text, "")
        return shown.replication(self._scene, self.results.replication)

    @marked
    def invented(self) -> Table | Box:
        """Return what a rehearsal invented, or say that nothing is invented here."""
        if self.study.is_invented and not self.study.is_rehearsal:
            text = "Every answer of this study is made up: it shows the method, not a finding."
            return Box("Invented answers", text, "")
        if not self.study.is_rehearsal:
            text = "Every number of this report is printed in its source, follows from such "
            text += "numbers, or was computed from responses."
            return Box("Nothing is invented here", text, "")
        return shown.invented(self.study)

    @marked
    def limits(self) -> Table:
        """Return what the report cannot tell, why, and what would tell it."""
        return limits.limits_table(self.results, self.book)

    def limits_in_words(self) -> tuple[str, ...]:
        """Return what the report cannot tell, a line each; what cannot be compared is one line."""
        every = limits.limits_of(self.results, self.book)
        told = [one.what for one in every if not one.what.startswith("Change between")]
        n_rest = len(every) - len(told)
        return (
            *told,
            *(["Change in what is not comparable, for the reasons listed."] if n_rest else []),
        )

    @marked
    def headlines(self, *indicators: str, limits: Sequence[str] = ()) -> Headlines:
        """Return what the index page shows of this section: headlines, changes, limits."""
        self._check_indicators(indicators)
        return telling.headlines(
            self._scene, indicators, self.indicators, answered=self._answered(), limits=limits
        )

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
