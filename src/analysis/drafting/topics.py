"""A kind of decision: what to do about it, and one line for each time it has to be made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analysis.drafting.cells import Place
from analysis.drafting.draft import Draft
from analysis.drafting.questions import Question
from analysis.drafting.text import LONGEST_QUOTE, quoted


@dataclass(frozen=True)
class Topic:
    """Decisions of one kind.

    Attributes
    ----------
    title : what has to be decided.
    advice : where the decision is written down, and what holds until then.
    lines : one for each decision, in Markdown. Texts of the exports stand there as code, cut
        short, so that nothing in them has an effect.
    """

    title: str
    advice: str
    lines: Sequence[str]

    @property
    def text(self) -> Iterator[str]:
        """The lines of the topic in a document."""
        yield f"## {self.title}"
        yield ""
        yield self.advice
        yield ""
        yield from (f"- [ ] {line}" for line in self.lines)


def named(question: Question, draft: Draft, *, longest: int = LONGEST_QUOTE) -> str:
    """Return the name of a question and its text, as code."""
    name = f"`{draft.names[question]}`"
    if question.header == draft.names[question]:
        return name
    return f"{name} ({quoted(question.text, longest=longest)})"


def placed(place: Place) -> str:
    """Return a cycle and a group, as code."""
    return f"{quoted(place[0])}, {quoted(place[1])}"
