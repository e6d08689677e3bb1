"""Questions and options of different cycles that could be the same: proposed, never merged."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from analysis.drafting.questions import Question
from analysis.intake.spelling import folded

NEAR = 0.75
"""From this similarity on, two questions are proposed."""

_SHARED_WORDS = 0.4
"""Two texts are compared letter by letter if they share so many of the words of the shorter."""


@dataclass(frozen=True)
class Match:
    """Two questions of different cycles that read alike.

    `similarity` is the share of matching characters (Ratcliff and Obershelp 1988, as in the
    standard library), 1 for the same text; `has_same_code` whether both have the same code.
    """

    first: Question
    second: Question
    similarity: float
    has_same_code: bool


def near_matches(questions: Sequence[Question]) -> tuple[Match, ...]:
    """Return pairs of questions that no cycle has both of, the most alike first.

    Each question is in one pair at most. Of a group, questions of one cycle are held against
    those of the others.
    """
    found = []
    texts = {question: _words(question.text) for question in questions}
    codes = {question: folded(question.code) for question in questions}
    for number, first in enumerate(questions):
        for second in questions[number + 1 :]:
            if not _can_match(first, second):
                continue
            has_same_code = bool(codes[first]) and codes[first] == codes[second]
            value = _similarity(texts[first], texts[second], is_sought=has_same_code)
            if value >= NEAR or has_same_code:
                found.append(Match(first, second, value, has_same_code))
    found.sort(key=lambda one: -one.similarity - one.has_same_code)
    used: set[Question] = set()
    kept = []
    for match in found:
        if match.first in used or match.second in used:
            continue
        used |= {match.first, match.second}
        kept.append(match)
    return tuple(sorted(kept, key=lambda one: -one.similarity))


def _can_match(first: Question, second: Question) -> bool:
    groups = {group for _, group in first.places} & {group for _, group in second.places}
    return bool(groups) and not set(first.cycles) & set(second.cycles)


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", folded(text)))


def _similarity(first: tuple[str, ...], second: tuple[str, ...], *, is_sought: bool) -> float:
    """The similarity of two texts, without punctuation; unless sought, 0 where it is low."""
    shared = len(set(first) & set(second))
    least = _SHARED_WORDS * min(len(set(first)), len(set(second)))
    if not is_sought and (not shared or shared < least):
        return 0.0
    matcher = SequenceMatcher(None, " ".join(first), " ".join(second), autojunk=False)
    return matcher.ratio() if is_sought or matcher.quick_ratio() >= NEAR else 0.0
