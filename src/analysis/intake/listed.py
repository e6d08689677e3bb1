"""Several answers in one cell: which options it names, and in which order."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from analysis.intake.answers import BLANK, NO_ANSWER, REFUSED, Meaning
from analysis.intake.matching import Vocabulary, Word, meaning_of, unexplained
from analysis.intake.spelling import trimmed
from analysis.problems import Problem
from analysis.study.vocabulary import MISSING, QUARANTINE

SPLIT = "several answers"
EXCLUDES = "{option!r} excludes all other answers"
BESIDE = "{status!r} beside another answer"
TWICE = "{option!r} is there twice"
"""Why several answers in one cell, or in one row, are not taken."""

_Span = tuple[int, int]


@dataclass(frozen=True)
class Listed:
    """What may stand in a column that holds all answers to an item in one cell.

    Attributes
    ----------
    words : the spellings of one answer.
    separator : what stands between two answers.
    options : all options, in the order of the codebook.
    exclusive : those that exclude all others.
    is_ranked : whether the order of the answers counts.
    """

    words: Vocabulary
    separator: str
    options: Sequence[str]
    exclusive: frozenset[str] = frozenset()
    is_ranked: bool = False

    @property
    def allowed(self) -> tuple[str, ...]:
        """What an answer may be, for messages."""
        return self.words.allowed

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Spellings that would mean two things."""
        return self.words.problems

    def hint(self, cell: str) -> str:
        """Return what a cell that is not known may be, as a sentence; mostly nothing."""
        return self.words.hint(cell)

    def meaning(self, cell: str) -> Meaning:
        """Return what a cell means; `Meaning.chosen` are the options that it names.

        A label can hold the separator itself, so the cell is cut into known spellings, not at
        every separator; a cell that can be cut in two ways is not explained. An answer that the
        value map refuses, a status beside an option, and an option that excludes all others beside
        one of them refuse the whole cell.
        """
        whole = self.words.word(cell)
        if not trimmed(cell) or (whole is not None and whole.mapping is not None):
            meaning = self.words.meaning(cell)
            is_option = meaning.after in self.options
            return self._named(cell, [whole]) if whole is not None and is_option else meaning
        words, unknown = self._cut(cell)
        if words is None:
            return unexplained(cell, unknown)
        blank = Meaning(cell, NO_ANSWER, NO_ANSWER, BLANK.format(status=NO_ANSWER))
        return self._named(cell, words) if words else blank

    def _named(self, cell: str, words: Sequence[Word]) -> Meaning:
        mappings = tuple(word.mapping for word in words if word.mapping is not None)
        names = [word.name for word in words]
        refusing = [word.mapping for word in words if word.name == QUARANTINE]
        statuses = [name for name in dict.fromkeys(names) if name in MISSING]
        named = [name for name in dict.fromkeys(names) if name in self.options]
        excluding = [name for name in named if name in self.exclusive]
        reason = ""
        if refusing and refusing[0] is not None:
            reason = refusing[0].reason
        elif statuses and len(statuses) + len(named) > 1:
            reason = BESIDE.format(status=statuses[0])
        elif excluding and len(named) > 1:
            reason = EXCLUDES.format(option=excluding[0])
        elif self.is_ranked and named and len(named) < len(names):
            reason = TWICE.format(option=next(name for name in named if names.count(name) > 1))
        if reason:
            rule = REFUSED.format(reason=reason)
            return Meaning(cell, NO_ANSWER, NO_ANSWER, rule, reason, mappings)
        if statuses:
            return meaning_of(cell, words[0])
        chosen = named if self.is_ranked else [one for one in self.options if one in named]
        after = " ".join(chosen)
        rules = dict.fromkeys(meaning_of(word.spelling, word).rule for word in words)
        rule = ": ".join(filter(None, (SPLIT, "; ".join(filter(None, rules)))))
        return Meaning(
            cell, after, rule=rule if cell != after else "", mappings=mappings, chosen=tuple(chosen)
        )

    def _cut(self, cell: str) -> tuple[list[Word] | None, tuple[str, ...]]:
        """The words that a cell consists of, or the parts of it that nothing explains.

        Neither where it can be cut in two ways.
        """
        spans = [span for span in self._spans(cell) if trimmed(cell[span[0] : span[1]])]
        ways = [0] * len(spans) + [1]
        steps: dict[int, tuple[int, Word]] = {}
        longest: dict[int, int] = {}
        for start in reversed(range(len(spans))):
            for end, word in self._words_at(cell, spans, start):
                longest[start] = end
                if ways[end]:
                    ways[start] = min(ways[start] + ways[end], 2)
                    steps[start] = end, word
        if ways[0] == 1:
            words, at = [], 0
            while at < len(spans):
                at, word = steps[at]
                words.append(word)
            return words, ()
        unknown, at = [], 0
        while at < len(spans) and not ways[0]:
            if at not in longest:
                unknown.append(trimmed(cell[spans[at][0] : spans[at][1]]))
            at = longest.get(at, at + 1)
        return None, tuple(dict.fromkeys(unknown))

    def _words_at(self, cell: str, spans: Sequence[_Span], start: int) -> list[tuple[int, Word]]:
        """The words that begin with a part, each with the part behind it; the longest one last."""
        found = []
        for end in range(start + 1, min(start + self._most_parts, len(spans)) + 1):
            word = self.words.word(cell[spans[start][0] : spans[end - 1][1]])
            if word is not None:
                found.append((end, word))
        return found

    @cached_property
    def _between(self) -> re.Pattern[str]:
        if self.separator == " ":
            return re.compile(r"\s+")
        return re.compile(r"[\r\n]+" if self.separator == "\n" else re.escape(self.separator))

    @cached_property
    def _most_parts(self) -> int:
        """Into how many parts the separator cuts a known spelling at most."""
        known: Mapping[str, Word] = self.words.words
        spellings = [*known, *(word.spelling for word in known.values())]
        return max(len(self._between.findall(spelling)) + 1 for spelling in spellings)

    def _spans(self, cell: str) -> list[_Span]:
        spans, start = [], 0
        for match in self._between.finditer(cell):
            spans.append((start, match.start()))
            start = match.end()
        return [*spans, (start, len(cell))]
