"""Questions of two cycles that read alike: the same pairs as by comparing all with all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from analysis.drafting.cells import Place
from analysis.drafting.matches import NEAR, near_matches
from analysis.drafting.questions import Question

WORDS = "is there the law rule of in state audit do you".split()


@dataclass(frozen=True, eq=False)
class Asked:
    """A question as far as its likeness to others goes; it counts who wants to know its places."""

    text: str
    code: str
    asked: tuple[Place, ...]
    looks: list[str]

    @property
    def places(self) -> tuple[Place, ...]:
        self.looks.append(self.text)
        return self.asked

    @property
    def cycles(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(cycle for cycle, _ in self.places))


def asked(text: str, code: str = "", *places: Place) -> Question:
    return cast(Question, Asked(text, code, places or (("2020", "States"),), []))


Pair = tuple[int, int, float, bool]


def pairs_of(questions: Sequence[Question]) -> list[Pair]:
    return [
        (questions.index(one.first), questions.index(one.second), one.similarity, one.has_same_code)
        for one in near_matches(questions)
    ]


def compared(questions: Sequence[Question]) -> list[Pair]:
    """Every question held against every other, letter by letter."""
    found: list[Pair] = []
    for second, other in enumerate(questions):
        for first, one in enumerate(questions[:second]):
            groups = {group for _, group in one.places} & {group for _, group in other.places}
            if not groups or set(one.cycles) & set(other.cycles):
                continue
            words = set(one.text.split()), set(other.text.split())
            n_shared, fewest = len(words[0] & words[1]), min(len(words[0]), len(words[1]))
            likeness = SequenceMatcher(None, one.text, other.text, autojunk=False).ratio()
            has_same_code = bool(one.code) and one.code.lower() == other.code.lower()
            is_near = n_shared > 0 and n_shared >= 0.4 * fewest and likeness >= NEAR
            if is_near or has_same_code:
                found.append((first, second, likeness, has_same_code))
    found.sort(key=lambda pair: (-pair[2] - pair[3], pair[0], pair[1]))
    kept: list[Pair] = []
    for pair in found:
        if not set(pair[:2]) & {place for one in kept for place in one[:2]}:
            kept.append(pair)
    return sorted(kept, key=lambda pair: -pair[2])


PLACES = st.sets(st.tuples(st.sampled_from("123"), st.sampled_from("AB")), min_size=1, max_size=2)


@given(
    st.lists(
        st.tuples(
            st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join),
            st.sampled_from(["", "", "Q1", "q1", "Q2"]),
            PLACES.map(sorted),
        ),
        max_size=14,
    )
)
def test_the_pairs_are_those_of_comparing_all_with_all(
    drawn: list[tuple[str, str, list[Place]]],
) -> None:
    questions = [asked(text, code, *places) for text, code, places in drawn]
    assert pairs_of(questions) == compared(questions)


def test_within_one_cycle_no_question_is_held_against_the_others() -> None:
    questions = [asked(f"Is there a law on {number}?") for number in range(200)]
    assert near_matches(questions) == ()
    assert max(len(cast(Asked, one).looks) for one in questions) <= 2
