"""What a build has to do: for each page, what it rests on, what it needs, and why.

What computes the tables of a study takes a second to import, so that is done when they are needed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from analysis.files import sha256
from analysis.parameter_cell import given_to, refuse_unknown
from analysis.report.fresh.basis import (
    Basis,
    basis_of_comments,
    basis_of_environment,
    basis_of_notebook,
    inputs_digest,
)
from analysis.report.fresh.verdicts import Verdict, verdict
from analysis.report.record import Record, entry_of, read_record
from analysis.study import Page, Study

if TYPE_CHECKING:
    from analysis.report.fresh.parts import Parts
    from analysis.results import Results


OF_RESULTS = ("package", "libraries", "python")
"""What of the environment the tables of a study rest on."""


@dataclass(frozen=True)
class Facts:
    """What is known of a study wherever its report goes; found out when it is needed."""

    study: Study

    @cached_property
    def results(self) -> Results:
        """The tables of the study."""
        from analysis.results import compute_results

        return compute_results(self.study)

    @cached_property
    def parts(self) -> Parts:
        """The digests of the study."""
        from analysis.report.fresh.parts import parts_of

        return parts_of(self.study, self.results)

    @cached_property
    def inputs(self) -> dict[str, str]:
        """SHA-256 of every input file."""
        return {name: sha256(file) for name, file in self.study.input_files().items()}

    @cached_property
    def environment(self) -> Basis:
        """The digests of what all pages share beside the study."""
        return basis_of_environment()


@dataclass(frozen=True)
class Known:
    """A study, the facts about it, and the record of its report."""

    study: Study
    facts: Facts
    record: Record

    @cached_property
    def parts(self) -> Parts:
        """The digests of the study; those of the record while what they rest on has not changed."""
        from analysis.report.fresh.parts import Parts

        recorded = self.record.get("digests") or {}
        if recorded.get("rests_on") == self._rests_on:
            return Parts.of_record(recorded["parts"])
        return self.facts.parts

    def parts_as_record(self) -> Record:
        """Return the digests of the study with what they rest on, for the next build."""
        return {"rests_on": self._rests_on, "parts": self.parts.as_record()}

    @property
    def _rests_on(self) -> Basis:
        own = {name: self.facts.environment[name] for name in OF_RESULTS}
        return {"inputs": inputs_digest(self.facts.inputs), **own}

    @classmethod
    def of(cls, study: Study, facts: Facts | None = None) -> Known:
        """Return what is known of a study; `facts` where they have been found out already."""
        return cls(study, facts or Facts(study), read_record(study.reports))


@dataclass(frozen=True)
class Plan:
    """By page: what it rests on, what it needs, and the source of its code cells."""

    bases: Mapping[str, Basis]
    verdicts: Mapping[str, Verdict]
    code: Mapping[str, Sequence[str]]

    @property
    def has_parts(self) -> bool:
        """Whether a page rests on parts of the study; the others rest on all input files."""
        return any("inputs" not in basis["study"] for basis in self.bases.values())


def make_plan(known: Known, asked: Sequence[Page], parameters: Mapping[str, str]) -> Plan:
    """Return what every page of the study needs.

    Parameters
    ----------
    asked : the pages that get these parameters, as far as they have them; the others are judged
        by those they had.

    Raises
    ------
    InputError
        No page asked for has such a parameter, or the findings or the responses have changed and
        have a problem.
    """
    refuse_unknown(asked, parameters)
    bases, verdicts, sources = {}, {}, {}
    comments = basis_of_comments(known.study.places)
    for page in known.study.pages:
        entry = entry_of(known.record, page.name)
        given = parameters if page in asked else (entry.get("shown") or {}).get("parameters", {})
        own, code = basis_of_notebook(page.notebook)
        basis = {**own, **known.facts.environment, **comments, "parameters": given_to(page, given)}
        basis["study"] = _study_part(known, page, basis, code, entry)
        bases[page.name], sources[page.name] = basis, code
        verdicts[page.name] = verdict(basis, entry, known.record, known.study.reports)
    return Plan(bases, verdicts, sources)


def _study_part(
    known: Known, page: Page, basis: Basis, code: Sequence[str], entry: Record
) -> Basis:
    """Return the digests of what a page can show; as recorded where none can differ."""
    shown = entry.get("shown") or {}
    before = shown.get("basis") or {}
    same = ("code", *OF_RESULTS)
    if shown.get("inputs") == inputs_digest(known.facts.inputs) and all(
        before.get(name) == basis[name] for name in same
    ):
        part: Basis = before["study"]
        return part
    from analysis.reach import reach

    found = reach(known.study, page, code, list(map(str, basis["parameters"].values())))
    if found.is_whole:
        return {"inputs": {name: full[:16] for name, full in known.facts.inputs.items()}}
    return known.parts.within(found)
