"""What a build was asked for, with parameters that are checked, and what that needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from analysis.problems import InputError, Problem, refuse_any
from analysis.report.comments import Comment, comments_on
from analysis.report.fresh.plan import Known, Plan, make_plan
from analysis.report.outcome import FRESH, RAN, Outcome, PageError
from analysis.study import Page, Study


@dataclass(frozen=True)
class Job:
    """What a build was asked for, and what that needs.

    Attributes
    ----------
    pages : those asked for.
    parameters : as given, for every page of them that has them.
    values : the same by page that runs, typed and checked.
    comments : what reviewers said of the report.
    """

    known: Known
    plan: Plan
    pages: Sequence[Page]
    parameters: Mapping[str, str]
    values: Mapping[str, Mapping[str, object]]
    comments: Sequence[Comment] = ()

    @property
    def study(self) -> Study:
        """The study that the pages are about."""
        return self.known.study

    def needing(self, needs: str) -> list[Page]:
        """Return the pages asked for that need one thing."""
        return [page for page in self.pages if self.plan.verdicts[page.name].needs == needs]

    def ending(
        self, outcomes: Iterable[Outcome], otherwise: PageError | None = None
    ) -> list[Outcome]:
        """Return one outcome for each page asked for; without one, a page is as it should be.

        `otherwise` is what became of pages that needed something and have no outcome.
        """
        known = {one.page: one for one in outcomes}
        ended = []
        for page in self.pages:
            needs = self.plan.verdicts[page.name].needs
            error = otherwise if needs != FRESH else None
            ended.append(known.get(page.name, Outcome(page.name, page.title, error, FRESH)))
        return ended


def prepare(known: Known, pages: Sequence[Page], parameters: Mapping[str, str]) -> Job:
    """Return what there is to do for pages, with parameters that are checked.

    Where none are given, each section looks at the defaults of its notebook itself.

    Raises
    ------
    InputError
        When input or a parameter is wrong.
    """
    plan = make_plan(known, pages, parameters)
    values, problems = dict[str, Mapping[str, object]](), list[Problem]()
    for page in pages:
        if plan.verdicts[page.name].needs != RAN:
            continue
        values[page.name] = {}
        given = plan.bases[page.name]["parameters"]
        if not given:
            continue
        from analysis.parameters import check_parameters

        try:
            values[page.name] = check_parameters(
                known.study, page, given, results=known.facts.results
            )
        except InputError as error:
            problems += [one for one in error.problems if one not in problems]
    refuse_any(problems)
    return Job(known, plan, pages, parameters, values, comments_on(known.study.places))
