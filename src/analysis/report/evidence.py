"""What numbers rest on: said once for a page, and by a badge where it differs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MEANING = {
    "published": "figures printed in a source document",
    "derived": "arithmetic on published figures: a share over a stated base, a bound, a range",
    "observed": "computed from real responses that a researcher supplied",
    "synthetic": "computed from invented responses that let the report be rehearsed",
}


@dataclass(frozen=True)
class Badge:
    """A word on a number: the evidence it stands for, and what the badge says."""

    word: str
    text: str


@dataclass(frozen=True)
class Usual:
    """What most numbers of a page rest on.

    Attributes
    ----------
    words : the evidence of a number without a badge; empty where every number has one.
    others : what the badges of the page say.
    """

    words: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    @classmethod
    def of(cls, shown: Iterable[Sequence[str]]) -> Usual:
        """Return what is most common among the evidence of all that a page shows.

        >>> Usual.of([["published"], ["published"], ["published", "derived"]])
        Usual(words=('published',), others=('derived',))
        """
        counted = Counter(tuple(words) for words in shown if words)
        if not counted:
            return cls()
        words = counted.most_common(1)[0][0]
        others = {word for one in counted for word in one if one != words} - set(words)
        return cls(words, tuple(sorted(others, key=_rank)))

    def badges(self, words: Sequence[str]) -> list[Badge]:
        """Return the badges of a number: none where its evidence is the usual one.

        >>> Usual(("published",)).badges(["published", "derived"])
        [Badge(word='derived', text='also derived')]
        """
        if tuple(words) == self.words:
            return []
        more = [word for word in words if word not in self.words]
        if self.words and more and set(words) > set(self.words):
            return [Badge(word, f"also {word}") for word in more]
        return [Badge(word, word) for word in words]

    @staticmethod
    def meaning(word: str) -> str:
        """Return what a word of evidence means."""
        return MEANING.get(word, word)


def _rank(word: str) -> int:
    return list(MEANING).index(word) if word in MEANING else len(MEANING)


def as_list(value: object) -> list[str]:
    """Return a list of words from one word, a list of them, or nothing."""
    if isinstance(value, str):
        return [value] if value else []
    return [str(word) for word in value] if isinstance(value, Sequence) else []
