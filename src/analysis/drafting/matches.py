"""Questions and options of different cycles that could be the same: proposed, never merged."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from heapq import heappop, heappush
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from analysis.drafting.questions import Question
from analysis.intake.spelling import folded

NEAR = 0.75
"""From this similarity on, two questions are proposed."""

_SHARED_WORDS = 0.4
"""Two texts are compared letter by letter if they share so many of the words of the shorter."""

Signature = tuple[frozenset[str], frozenset[str]]
"""The cycles and the groups that a question was put to."""

Candidates = tuple[NDArray[np.float64], NDArray[np.int64]]
"""What the likeness of pairs cannot exceed, one more for the same code; and the two places."""


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
    texts = _Texts(
        [tuple(re.findall(r"\w+", folded(question.text))) for question in questions],
        [folded(question.code) for question in questions],
    )
    sides: dict[Signature, list[int]] = {}
    for place, question in enumerate(questions):
        groups = frozenset(group for _, group in question.places)
        sides.setdefault((frozenset(question.cycles), groups), []).append(place)
    candidates = [
        _candidates(sides[one], sides[other], texts)
        for one, other in combinations(sides, 2)
        if not one[0] & other[0] and one[1] & other[1]
    ]
    kept = [
        Match(questions[first], questions[second], similarity, has_same_code)
        for first, second, similarity, has_same_code in _best(candidates, texts)
    ]
    return tuple(sorted(kept, key=lambda one: -one.similarity))


@dataclass(frozen=True)
class _Texts:
    """All questions: their words, without punctuation, and the codes in their headers."""

    words: Sequence[tuple[str, ...]]
    codes: Sequence[str]

    def has_same_code(self, first: int, second: int) -> bool:
        """Whether two questions have the same code."""
        return bool(self.codes[first]) and self.codes[first] == self.codes[second]

    def similarity(self, first: int, second: int) -> float:
        """The share of matching characters."""
        one, other = " ".join(self.words[first]), " ".join(self.words[second])
        return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _candidates(one: Sequence[int], other: Sequence[int], texts: _Texts) -> Candidates:
    """The pairs across two sides that share words and letters enough, or the code."""
    side = _Side.of(other, texts)
    bounds, pairs = [np.empty(0)], [np.empty((0, 2), dtype=np.int64)]
    for place in one:
        bound, is_near = side.held_against(texts.words[place])
        coded = side.by_code.get(texts.codes[place], [])
        is_near[coded] = True
        bound[coded] += 1
        (near,) = np.nonzero(is_near)
        bounds.append(bound[near])
        both = np.stack([np.full(len(near), place), side.places[near]], axis=1)
        pairs.append(np.sort(both, axis=1))
    return np.concatenate(bounds), np.concatenate(pairs)


@dataclass(frozen=True)
class _Side:
    """Questions of the same cycles and groups, in columns: how often each letter and word occurs.

    Attributes
    ----------
    places : of the questions among all.
    lengths, n_words : of their texts.
    letters : how often each letter stands in each text.
    by_word, by_code : which of the questions have it.
    """

    places: NDArray[np.int64]
    lengths: NDArray[np.int64]
    n_words: NDArray[np.int64]
    letters: Mapping[str, NDArray[np.int64]]
    by_word: Mapping[str, list[int]]
    by_code: Mapping[str, list[int]]

    @classmethod
    def of(cls, places: Sequence[int], texts: _Texts) -> _Side:
        """Count the letters and words of some questions."""
        letters: dict[str, NDArray[np.int64]] = {}
        by_word: dict[str, list[int]] = {}
        by_code: dict[str, list[int]] = {}
        for number, place in enumerate(places):
            for letter, times in Counter(" ".join(texts.words[place])).items():
                own = letters.setdefault(letter, np.zeros(len(places), dtype=np.int64))
                own[number] = times
            for word in set(texts.words[place]):
                by_word.setdefault(word, []).append(number)
            if texts.codes[place]:
                by_code.setdefault(texts.codes[place], []).append(number)
        return cls(
            places=np.array(places, dtype=np.int64),
            lengths=np.array([len(" ".join(texts.words[place])) for place in places]),
            n_words=np.array([len(set(texts.words[place])) for place in places]),
            letters=letters,
            by_word=by_word,
            by_code=by_code,
        )

    def held_against(self, words: tuple[str, ...]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """What the likeness of each to a text cannot exceed, and whether it can be near."""
        text = " ".join(words)
        same = np.zeros(len(self.places), dtype=np.int64)
        for letter, times in Counter(text).items():
            if letter in self.letters:
                same += np.minimum(self.letters[letter], times)
        both = len(text) + self.lengths
        bound = np.where(both > 0, 2.0 * same / np.maximum(both, 1), 1.0)
        shared = np.zeros(len(self.places), dtype=np.int64)
        for word in set(words):
            shared[self.by_word.get(word, [])] += 1
        least = _SHARED_WORDS * np.minimum(len(set(words)), self.n_words)
        return bound, (bound >= NEAR) & (shared > 0) & (shared >= least)


def _best(
    candidates: Sequence[Candidates], texts: _Texts
) -> Iterator[tuple[int, int, float, bool]]:
    """The most alike of all pairs, then the most alike of those left over, and so on.

    A pair is compared letter by letter only once no other can be more alike than it could be.
    """
    if not candidates:
        return
    bounds = np.concatenate([bound for bound, _ in candidates])
    pairs = np.concatenate([pair for _, pair in candidates])
    used: set[int] = set()
    compared: list[tuple[float, int, int]] = []

    def taken(limit: float) -> Iterator[tuple[int, int, float, bool]]:
        """The pairs that are more alike than all that are left to compare."""
        while compared and -compared[0][0] > limit:
            _, first, second = heappop(compared)
            if not {first, second} & used:
                used.update((first, second))
                has_same_code = texts.has_same_code(first, second)
                yield first, second, texts.similarity(first, second), has_same_code

    for number in np.argsort(-bounds, kind="stable"):
        yield from taken(float(bounds[number]))
        first, second = map(int, pairs[number])
        if first in used or second in used:
            continue
        similarity = texts.similarity(first, second)
        has_same_code = texts.has_same_code(first, second)
        if similarity >= NEAR or has_same_code:
            heappush(compared, (-similarity - has_same_code, first, second))
    yield from taken(-1)
