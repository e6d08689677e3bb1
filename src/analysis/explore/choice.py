"""What is chosen at the controls, and the line of code that asks the same."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.desk.asked import choices_of, earlier_cycles
from analysis.parameters import DEFAULTS
from analysis.study.codebook import Codebook


@dataclass(frozen=True)
class Filters:
    """Which indicators are listed; an empty field lets all pass."""

    words: str = ""
    section: str = ""
    evidence: str = ""
    change: str = ""


@dataclass(frozen=True)
class Choice:
    """What is looked at: an indicator, in two cycles, of a group, over a base, by a method.

    `baseline` is empty in a study of one cycle.
    """

    indicator: str
    respondents: str
    baseline: str
    cycle: str
    denominator: str = str(DEFAULTS["denominator"])
    method: str = "bounds"

    def line(self, book: Codebook, place: str = "") -> str:
        """Return the line of code that shows the same, with no more arguments than it needs.

        Parameters
        ----------
        place : the study folder as it was given; empty for the default study.
        """
        usual = choices_of((self.indicator,), book, cycle=self.cycle)
        before = earlier_cycles(self.cycle, book)
        given = {
            "cycle": (self.cycle, book.cycles[-1]),
            "baseline": (self.baseline, before[-1] if before else ""),
            "respondents": (self.respondents, usual.respondents),
            "denominator": (self.denominator, usual.denominator),
            "method": (self.method, "bounds"),
        }
        more = [f"{name}={value!r}" for name, (value, default) in given.items() if value != default]
        arguments = ", ".join([repr(self.indicator), *more])
        opened = f"load_study({place!r})" if place else "load_study()"
        return f"from analysis import load_study; {opened}.compare({arguments})"
