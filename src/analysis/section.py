"""What a notebook calls: a section opened with its parameters, showing figures, tables, words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from analysis.comparisons import NOT_COMPARABLE, comparisons
from analysis.display import tables
from analysis.display.drawn import Scene, draw
from analysis.display.exhibit import (
    Box,
    Figure,
    Gallery,
    Headlines,
    Sentence,
    Sentences,
    Table,
)
from analysis.display.rows import over_denominator, percentage_of, printed_rows
from analysis.display.sentences import (
    as_sentence,
    change_sentence,
    count_sentence,
    overlap_sentence,
    share_sentence,
)
from analysis.frames import Row, is_missing, records
from analysis.indicators import indicator_counts, turnout
from analysis.parameters import (
    Choices,
    declared_parameters,
    indicators_on,
    refuse_injected,
    resolve,
)
from analysis.problems import check_choice
from analysis.processed import refresh_tables
from analysis.published import load_findings
from analysis.published.counts import published_counts
from analysis.study import Page, Study, load_study


def open_section(page: str, *, study: str = "", **parameters: object) -> Section:
    """Open a section of the report with the parameters of its notebook.

    Parameters
    ----------
    page : name of the page ("01_prevention") or code of a section ("I.a").
    study : the study folder; empty for the default study.
    parameters : ``cycle``, ``baseline``, ``respondents``, ``denominator``, ``level``.

    Raises
    ------
    InputError
        The study has a problem, or a parameter is unknown, of the wrong type or cannot apply.
    """
    loaded = load_study(study)
    (found,) = loaded.pages_named([page])
    refuse_injected(declared_parameters(found.notebook), _cells_run())
    section = Section(loaded, found, resolve(loaded, found, parameters))
    refresh_tables(loaded)
    return section


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

    def __init__(self, study: Study, page: Page, choices: Choices) -> None:
        self.study, self.page, self.choices = study, page, choices
        self.book = study.codebook
        self.findings = load_findings(study)
        self.counts = indicator_counts(self.findings, self.book)
        self.indicators = indicators_on(study, page)
        table = comparisons(self.findings, self.book)
        self.comparisons = table[
            (table["cycle_from"] == (choices.baseline or _before(choices.cycle, self.book.cycles)))
            & (table["cycle_to"] == choices.cycle)
            & (table["respondents"] == choices.respondents)
        ]
        sizes = turnout(published_counts(self.findings, self.book), self.book)
        self._took_part = {c: n for (c, g), n in sizes.items() if g == choices.respondents}
        self._eligible = self.book.eligible.get((choices.cycle, choices.respondents))

    def figure(self, name: str) -> Figure | Box:
        """Draw a figure of the codebook, or say why there is nothing to draw."""
        check_choice("figure", name, tuple(self.book.figures))
        return draw(self.book.figures[name], self._scene)

    def say(self, *indicators: str) -> Sentences:
        """Say what is reported on indicators and what can be said about a change."""
        for name in indicators:
            check_choice("indicator", name, tuple(self.book.indicators))
        return Sentences(tuple(self._sentence(name) for name in indicators))

    def say_for(self, respondents: str, *indicators: str) -> Sentences:
        """Say the same about another group of respondents."""
        check_choice("respondents", respondents, tuple(self.book.respondents))
        choices = replace(self.choices, respondents=respondents)
        return Section(self.study, self.page, choices).say(*indicators)

    def title(self) -> Sentences:
        """Return the title and question of the first section on the page."""
        section = self.book.sections[self.page.sections[0]]
        return Sentences((Sentence(f"{section.title}. {section.question}".strip(), "", ()),))

    def figures(self) -> Gallery:
        """Draw every figure that the codebook gives the page's sections."""
        names = [
            name for name, spec in self.book.figures.items() if spec.section in self.page.sections
        ]
        return Gallery(tuple(self.figure(name) for name in names))

    def external(self) -> Table:
        """Return the findings of the page that the source quotes from elsewhere."""
        return tables.external(self._scene, self.page.sections)

    def who_answered(self) -> Sentences:
        """Say how many took part in each cycle, and how many can have done so both times."""
        name = self.book.indicator_of(self.book.settings.response_item, "yes") or ""
        first, second = self.choices.baseline, self.choices.cycle
        said = list(self.say(name).sentences)
        if first in self._took_part and self._eligible:
            text = overlap_sentence(
                self._took_part[first],
                self._took_part[second],
                self._eligible,
                self.book.respondents[self.choices.respondents],
                (first, second),
            )
            ids = " ".join(
                self.findings[
                    (self.findings["item"] == self.book.settings.response_item)
                    & (self.findings["respondents"] == self.choices.respondents)
                    & (self.findings["measure"] == "count")
                ]["finding_id"]
            )
            said.append(as_sentence(text, "derived", ids))
        return Sentences(tuple(said))

    def count_table(self) -> Table:
        """Return every count of the page over the chosen denominator, with what is open."""
        own = [n for n in self.indicators if self.book.section_of(n) in self.page.sections]
        return tables.counts(self._scene, own or list(self.indicators))

    def comparison_table(self) -> Table | Box:
        """Return what can be compared with the baseline, and why the rest cannot."""
        return tables.compared(self._scene, self.indicators)

    def readings(self, indicator: str) -> Table:
        """Return every meaning that a loosely stated change can have."""
        check_choice("indicator", indicator, tuple(self.book.indicators))
        return tables.readings(self._scene, indicator)

    def lists(self, *sections: str) -> Table:
        """Return the orderings and lists of sections, which no figure can show."""
        return tables.lists(self._scene, sections or self.page.sections)

    def findings_table(self) -> Table:
        """Return every finding of the page's sections, each with its anchor and its place."""
        return tables.findings(self._scene, self.page.sections)

    def possible_counts(self, smallest_base: int) -> Table:
        """Return every count and base that the printed percentages allow."""
        return tables.possible(self._scene, smallest_base)

    def consistency(self) -> Table:
        """Return where the source can be held against itself, and what comes out."""
        return tables.consistency(self._scene)

    def box(self) -> Box:
        """Say what only the answers of single respondents could tell."""
        group = self.book.respondents[self.choices.respondents]
        return Box(
            "Needs response-level answers",
            f"Which {group.label} moved, which gained or gave up what they had reported, and which "
            "left a question blank cannot be told from printed counts. With the answers of both "
            "cycles in data/raw/responses/ this box becomes an analysis.",
            "analysis build",
        )

    def headlines(self, *indicators: str) -> Headlines:
        """Return what the index page shows of this section."""
        changes = [
            {
                "indicator": self.book.indicators[row["indicator"]].label,
                "text": change_sentence(row, self.book, self._eligible),
                **{
                    key: None if is_missing(row[key]) else row[key]
                    for key in ("count_from", "count_to", "change_low", "change_high")
                },
                "count_from_low": _plain(row["count_from_low"]),
                "count_from_high": _plain(row["count_from_high"]),
                "tipping_point": _plain(row["tipping_point"]),
                "cycle_from": row["cycle_from"],
                "cycle_to": row["cycle_to"],
                "verdict": row["verdict"],
                "evidence": row["evidence"],
                "findings": str(row["finding_ids"]).split(),
            }
            for row in records(self.comparisons)
            if row["indicator"] in self.indicators and row["verdict"] != NOT_COMPARABLE
        ]
        return Headlines(self.say(*indicators).sentences, tuple(changes))

    @property
    def _scene(self) -> Scene:
        return Scene(
            book=self.book,
            choices=self.choices,
            findings=self.findings,
            counts=self.counts,
            comparisons=self.comparisons,
            took_part=self._took_part,
            eligible=self._eligible,
        )

    def _sentence(self, name: str) -> Sentence:
        changed = self.comparisons[self.comparisons["indicator"] == name]
        change = records(changed)[0] if len(changed) else None
        printed = printed_rows(self.findings, self.book, self.choices, [name])
        texts, ids, evidence = [], [], "published"
        if len(printed):
            record = records(printed)[0]
            row = over_denominator(self.counts, name, self.choices)
            texts.append(self._printed(row, record))
            ids += str(record["finding_ids"]).split()
            evidence = str(record["evidence"])
        else:
            label = self.book.indicators[name].label
            texts.append(f"{label}: no count of {self.choices.cycle} is printed.")
        if change is not None:
            texts.append(change_sentence(change, self.book, self._eligible))
            ids += str(change["finding_ids"]).split()
            evidence = "derived" if change["verdict"] != NOT_COMPARABLE else evidence
        return as_sentence(" ".join(texts), evidence, " ".join(dict.fromkeys(ids)))

    def _printed(self, row: Row, record: Row) -> str:
        took_part = self._took_part.get(self.choices.cycle)
        said = count_sentence(row, self.book, took_part, self._eligible)
        if said:
            return said
        quote = self.findings.set_index("finding_id")["as_printed"]
        first = str(record["finding_ids"]).split()[0]
        return share_sentence(
            row,
            self.book,
            str(quote[first]),
            percentage_of(record, self.findings),
            {"all": self._eligible or 0, "took part": took_part or 0},
        )


def _before(cycle: str, cycles: tuple[str, ...]) -> str:
    """The cycle before, empty for the first: its rows say why there is nothing to compare."""
    place = cycles.index(cycle)
    return cycles[place - 1] if place else ""


def _plain(value: Any) -> int | None:
    return None if is_missing(value) else int(value)
