"""The study on a researcher's desk: asked in one line, it answers with words, picture and table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path

import pandas as pd

from analysis.desk import lookup
from analysis.desk.asked import METHODS, choices_of
from analysis.desk.catalogue import catalogue, passing
from analysis.desk.comparison import compare
from analysis.display.result import Result
from analysis.indicators import turnout
from analysis.parameters import DEFAULTS, LATEST, PREVIOUS
from analysis.processed import refresh_tables
from analysis.results import Results, compute_results
from analysis.study import Study
from analysis.study import load_study as read_study

__all__ = ["METHODS", "OpenStudy", "Result", "load_study"]


@dataclass(frozen=True, repr=False)
class OpenStudy(Study):
    """A study that answers questions; its tables are computed when the first one is asked."""

    @cached_property
    def results(self) -> Results:
        """Every table of the study; the files in ``processed`` are refreshed on the way.

        Raises
        ------
        InputError
            With every problem of the findings or the responses.
        """
        results = compute_results(self)
        refresh_tables(self)
        return results

    def compare(
        self,
        *indicators: str,
        cycle: str = LATEST,
        baseline: str = PREVIOUS,
        respondents: str = "",
        denominator: str = str(DEFAULTS["denominator"]),
        method: str = "bounds",
    ) -> Result:
        """Say what changed between two cycles, or why that cannot be told.

        Parameters
        ----------
        indicators : names of indicators; none for all that can be compared.
        cycle, baseline : the later and the earlier cycle.
        respondents : a group; empty for the first that was asked.
        denominator : what a share is a share of: ``participating`` (all that could have answered),
            ``responding`` (those that took part), ``answering`` (those that answered the
            question), or the name of a subset.
        method : ``bounds`` (all that is possible), ``sensitivity`` (what the verdict hangs on) or
            ``tests`` (what tests would say).

        Returns
        -------
        Result
            Its frame has one row an indicator; see `analysis.comparisons.comparisons`.

        Raises
        ------
        InputError
            For every name that the study does not know, with the nearest one.
        """
        choices = choices_of(
            indicators,
            self.codebook,
            cycle=cycle,
            baseline=baseline,
            respondents=respondents,
            denominator=denominator,
        )
        return self._marked(compare(self.results, self.codebook, indicators, choices, method))

    def indicator(self, name: str, *, respondents: str = "") -> Result:
        """Return the counts of an indicator in every cycle, over every base.

        Returns
        -------
        Result
            Its frame has one row a cycle and base; see `analysis.indicators.indicator_counts`.
        """
        choices = choices_of((name,), self.codebook, respondents=respondents)
        return self._marked(lookup.indicator(self.results, self.codebook, name, choices))

    def indicators(self, words: str = "", *, respondents: str = "") -> pd.DataFrame:
        """Return the indicators that some words are found in, with what is known of their change.

        Returns
        -------
        DataFrame
            One row an indicator; see `analysis.desk.catalogue.catalogue`.
        """
        choices = choices_of((), self.codebook, respondents=respondents)
        return passing(catalogue(self.results, self.codebook, choices), self.codebook, words=words)

    def finding(self, *ids: str) -> Result:
        """Return findings as they are printed, and where; all where none is named."""
        return lookup.finding(self.results, self.codebook, ids)

    def ledger(self) -> Result:
        """Return what cleaning changed and refused, counted; the cells are in its frame."""
        return self._marked(lookup.ledger(self.results))

    def movers(
        self,
        indicator: str,
        *,
        cycle: str = LATEST,
        baseline: str = PREVIOUS,
        respondents: str = "",
    ) -> Result:
        """Return who moved which way; shown as numbers, since the rows are about single ones.

        Returns
        -------
        Result
            Its frame has one row a respondent with an answer in both cycles: ``respondent_id,
            move``. It is confidential.
        """
        choices = choices_of(
            (indicator,),
            self.codebook,
            cycle=cycle,
            baseline=baseline,
            respondents=respondents,
        )
        return self._marked(lookup.movers(self.results, self.codebook, indicator, choices))

    def _marked(self, result: Result) -> Result:
        return result.marked() if self.is_invented else result

    def __repr__(self) -> str:
        book = self.codebook
        groups = [
            f"  {book.respondents[group].label}, {cycle}: {count}"
            + (f" of {book.eligible[cycle, group]}" if book.eligible.get((cycle, group)) else "")
            + " took part"
            for (cycle, group), count in sorted(turnout(self.results.totals, book).items())
        ]
        sizes = f"{len(book.indicators)} indicators, {len(self.results.findings)} findings"
        lines = [
            book.settings.title,
            *groups,
            f"  {sizes}; {_evidence(self.results)}",
            "  Ask: study.compare(), study.compare(NAME), study.indicators(WORDS), "
            "study.indicator(NAME), study.finding(ID), study.ledger()",
        ]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        first, *rest = repr(self).splitlines()
        return f"<p><strong>{escape(first)}</strong><br>{'<br>'.join(map(escape, rest))}</p>"


def _evidence(results: Results) -> str:
    """Say what the numbers of a study rest on."""
    words = sorted(set(results.totals["evidence"]) | set(results.comparisons["evidence"]))
    return f"evidence: {', '.join(filter(None, words)) or 'none'}"


def load_study(
    study: str | Path | None = None, *, output: str | Path | None = None, rehearse: bool = False
) -> OpenStudy:
    """Read and check a study folder, to ask it questions; see `analysis.study.load_study`."""
    read = read_study(study, output=output, rehearse=rehearse)
    return OpenStudy(read.places, read.codebook, read.pages)
