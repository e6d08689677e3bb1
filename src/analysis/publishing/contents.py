"""What goes into a research object, and what stays out because it is of single respondents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

import pandas as pd

from analysis.dictionary import TABLES, indicators_of, items_of, options_of
from analysis.problems import listed
from analysis.processed import tables_of
from analysis.report.pages import index_of
from analysis.report.record import RECORD
from analysis.results import Results
from analysis.study import Study

DATA, CODEBOOK, REPORT, PROVENANCE = "data", "codebook", "report", "provenance"


@dataclass(frozen=True)
class Table:
    """A table of the research object: `path` inside it, and its rows."""

    name: str
    path: str
    rows: pd.DataFrame

    @property
    def content(self) -> bytes:
        """The table as CSV."""
        return self.rows.to_csv(index=False, lineterminator="\n").encode()


@dataclass(frozen=True)
class Contents:
    """What a research object holds.

    Attributes
    ----------
    tables : the tables, each described in full.
    others : the other files by their path: the pages of the report and the record of the build.
    left_out : in a sentence each, what stays out and why.
    """

    tables: Sequence[Table]
    others: Mapping[str, bytes]
    left_out: Sequence[str]


def contents_of(study: Study, results: Results) -> Contents:
    """Choose what is published: whatever says nothing of a single respondent.

    The pages of a report on responses can show who moved, so only those of a report on printed
    figures go in.
    """
    computed = {PurePosixPath(name).stem: rows for name, rows in tables_of(results).items()}
    kept = {name: rows for name, rows in computed.items() if not TABLES[name].is_of_respondents}
    withheld = [name for name in computed if name not in kept]
    if len(results.findings):
        kept = {"findings": results.findings, **kept}
    book = study.codebook
    named = {"items": items_of(book), "options": options_of(book)}
    named |= {"indicators": indicators_of(book)}
    tables = [
        Table(name, f"{folder}/{name}.csv", rows)
        for folder, found in ((DATA, kept), (CODEBOOK, named))
        for name, rows in found.items()
        if len(rows)
    ]
    others = {f"{PROVENANCE}/{RECORD}": (study.reports / RECORD).read_bytes()}
    if results.responses is None:
        pages = [index_of(study), *(f"{page.name}.html" for page in study.pages)]
        others |= {f"{REPORT}/{name}": (study.reports / name).read_bytes() for name in pages}
    return Contents(tables, others, [*_left_out(withheld, results)])


def _left_out(withheld: Sequence[str], results: Results) -> Sequence[str]:
    if results.responses is None:
        return ["Nothing: the study has no answers of single respondents."]
    return [
        "The exports with the answers: they are confidential, and the record of the build names "
        "them with their hashes.",
        "Tables that say, or can repeat, what a single respondent answered: "
        f"{listed([f'`{name}.csv`' for name in withheld])}.",
        "The lists of respondents, of spellings and of headers in the codebook: they repeat what "
        "respondents wrote.",
        "The pages of the report: they can show which respondent moved.",
    ]
