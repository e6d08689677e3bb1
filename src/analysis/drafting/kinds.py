"""What kind of question a column seems to hold, told from its answers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.drafting.cells import Word, parts_of, said
from analysis.drafting.text import label_of, listed_quotes
from analysis.drafting.words import DEGREE, MISSING_NUMBERS, NO, RANKS, YES
from analysis.intake.kinds import kept
from analysis.intake.spelling import folded
from analysis.problems import several
from analysis.study.reading import SEPARATORS

SELECT_ONE, SELECT_MULTIPLE = "select_one", "select_multiple"
INTEGER, DECIMAL, DATE, DATETIME, TEXT = "integer", "decimal", "date", "datetime", "text"
YES_NO = "yes_no"

MOST_OPTIONS = 30
MOST_FREQUENT = 60
"""So many options can a question have, and so many if each was chosen ten times on average."""

LONGEST_OPTION = 120
MOSTLY = 0.9
"""So many cells must be numbers for a column to be one of numbers with some that are none."""

BETWEEN = ("semicolon", "pipe")
"""What can stand between several answers in one cell, whatever the survey tool."""

_INTEGER = re.compile(r"[+-]?[0-9]+")
_OTHER_NUMBER = re.compile(r"[+-]?[0-9][0-9.,' ]*\s?%?")
_LED_BY_NUMBER = re.compile(r"(-?[0-9]{1,3})(?![0-9.,])(?=$|\W)")
_SHARE_HEADER = re.compile(r"%|per ?cent|\bshare\b|\bproportion\b", re.IGNORECASE)
_COUNT_HEADER = re.compile(
    r"\bhow many\b|\bhow often\b|\bnumber of\b|\bcombien\b|\bnombre d|\bwie ?viele?\b|"
    r"\banzahl\b|\bcuántos\b|\bnúmero de\b|\bquanti\b|\bnumero di\b|\bсколько\b|\bчисло\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Kind:
    """What a question seems to be.

    Attributes
    ----------
    type : an XLSForm type without its list.
    why : what speaks for it, a few words.
    words : the options in their order, where it has some.
    scale : what orders the options: ``yes_no``, a family of words, or ``numbers``; else empty.
    odd : the spellings that do not fit the type.
    separator : the word for what stands between several answers in one cell.
    reads_like_scale : whether half of the options or more are words of one scale, or of degree.
    """

    type: str
    why: str
    words: tuple[Word, ...] = ()
    scale: str = ""
    odd: tuple[str, ...] = ()
    separator: str = ""
    reads_like_scale: bool = False

    @property
    def is_ordered(self) -> bool:
        """Whether all options lie on a scale, so that none may stand for a missing answer."""
        return self.scale not in ("", YES_NO) and not missing_numbers(self.words)


def kind_of(words: Sequence[Word], header: str, between: Sequence[str] = BETWEEN) -> Kind:
    """Return what a column with these answers seems to hold.

    Parameters
    ----------
    words : the answers, with those that say why there is none.
    header : its header, which can say that numbers are shares.
    between : the words for what can stand between several answers in one cell.
    """
    answers = said(words)
    if not answers:
        return Kind(TEXT, "no cell holds an answer")
    return (
        _yes_no(answers)
        or _moment(answers)
        or _ordered_numbers(answers, header)
        or _ordered_words(answers)
        or _number(answers, header)
        or _several_in_a_cell(answers, between)
        or _one_of_few(answers)
        or _text(answers)
    )


def asks_how_many(header: str) -> bool:
    """Tell whether a header asks for a number.

    >>> asks_how_many("Number of staff"), asks_how_many("Is there a law?")
    (True, False)
    """
    return _COUNT_HEADER.search(header) is not None


def missing_numbers(words: Sequence[Word]) -> tuple[Word, ...]:
    """Return the numbers that could stand for missing answers: they lie apart from the others."""
    numbers = {word: int(word.label) for word in said(words) if _INTEGER.fullmatch(word.label)}
    usual = [number for number in numbers.values() if number not in MISSING_NUMBERS]
    if not usual:
        return ()
    apart = [
        word
        for word, number in numbers.items()
        if number in MISSING_NUMBERS
        and (number < 0 <= min(usual) or (number > 2 * max(usual) and number > 0))
    ]
    return tuple(apart)


def _yes_no(words: Sequence[Word]) -> Kind | None:
    keys = {word.key for word in words}
    if keys <= YES | NO:
        order = sorted(words, key=lambda word: word.key in NO)
        return Kind(SELECT_ONE, "yes or no", tuple(order), YES_NO)
    if keys == {"0", "1"}:
        order = sorted(words, key=lambda word: word.key == "0")
        return Kind(SELECT_ONE, "1 and 0, taken for yes and no", tuple(order), YES_NO)
    return None


def _moment(words: Sequence[Word]) -> Kind | None:
    for kind, why in ((DATE, "dates"), (DATETIME, "dates with a time")):
        if all(kept(kind, word.label) for word in words):
            return Kind(kind, why)
    return None


def _ordered_numbers(words: Sequence[Word], header: str) -> Kind | None:
    """A scale of numerals, bare from 1 to 5, or longer where words stand beside some of them.

    A bare one has all its points, those that nobody chose too. Percentages are no scale, nor is
    what a header asks the number of.
    """
    apart = set(missing_numbers(words))
    usual = [word for word in words if word not in apart]
    ranks = {word: match for word in usual if (match := _LED_BY_NUMBER.match(word.label))}
    numbers = {word: int(match[1]) for word, match in ranks.items()}
    if len(numbers) < len(usual) or len(set(numbers.values())) < len(usual) or len(usual) < 3:
        return None
    total = sum(word.total for word in usual)
    is_bare = all(_INTEGER.fullmatch(word.label) for word in usual)
    if not is_bare and all(kept(DECIMAL, word.label) for word in usual):
        return None
    if is_bare and not (set(numbers.values()) <= {1, 2, 3, 4, 5} and total >= 10):
        return None
    if is_bare and asks_how_many(header):
        return None
    if total < 2 * len(usual) or len(usual) > MOST_OPTIONS:
        return None
    never = [str(point) for point in range(1, max(numbers.values()))] if is_bare else []
    for label in set(never) - {word.label for word in usual}:
        numbers[Word(label, (label,), {})] = int(label)
    order = sorted(numbers, key=lambda word: numbers[word])
    return Kind(SELECT_ONE, "a scale of numerals", (*order, *apart), "numbers")


def _ordered_words(words: Sequence[Word]) -> Kind | None:
    for family, ranks in RANKS.items():
        if len(words) > 1 and all(word.key in ranks for word in words):
            order = sorted(words, key=lambda word: (ranks[word.key], word.key))
            return Kind(SELECT_ONE, f"a scale of {family}", tuple(order), family)
    return None


def _number(words: Sequence[Word], header: str) -> Kind | None:
    total = sum(word.total for word in words)
    numbers = {word: number for word in words if (number := kept(DECIMAL, word.label))}
    n_numbers = sum(word.total for word in numbers)
    odd = tuple(word.label for word in words if word not in numbers)
    if n_numbers < MOSTLY * total or len(numbers) <= len(odd):
        if all(_OTHER_NUMBER.fullmatch(word.label) for word in words):
            return Kind(TEXT, f"numbers with other signs: {listed_quotes(odd, most=2)}", odd=odd)
        return None
    if all(kept(INTEGER, word.label) for word in numbers):
        return Kind(INTEGER, "whole numbers", odd=odd)
    is_share = all(0 <= float(number.text) <= 1 for number in numbers.values())
    if is_share or _SHARE_HEADER.search(header):
        return Kind(DECIMAL, "shares", odd=odd)
    return Kind(DECIMAL, "numbers with a decimal point", odd=odd)


def _several_in_a_cell(words: Sequence[Word], between: Sequence[str]) -> Kind | None:
    """Answers between separators, in a fifth of the cells or more.

    Half of the answers or more occur in various company, or alone: that tells several answers from
    one that has the sign in its text.
    """
    total = sum(word.total for word in words)
    for separator in between:
        mark = SEPARATORS[separator]
        n_split = sum(word.total for word in words if mark in word.label.strip(mark))
        if not n_split or 5 * n_split < total:
            continue
        parts = parts_of(words, mark)
        is_repeated = 2 * len(parts) <= sum(part.total for part in parts)
        if len(parts) <= MOST_OPTIONS and is_repeated and _is_mixed(words, parts, mark):
            why = f"several answers in one cell, {separator} between them"
            return Kind(SELECT_MULTIPLE, why, tuple(said(parts)), separator=separator)
    return None


def _is_mixed(words: Sequence[Word], parts: Sequence[Word], mark: str) -> bool:
    """Whether half of the answers or more stand in several different cells."""
    cells = [{folded(label_of(part)) for part in word.label.split(mark)} for word in words]
    again = [part for part in parts if sum(folded(part.label) in cell for cell in cells) > 1]
    return 2 * len(again) >= len(parts)


def _one_of_few(words: Sequence[Word]) -> Kind | None:
    """Answers that recur among those who answered together; a panel repeats itself anyway."""
    total = sum(word.total for word in words)
    is_short = max(len(word.label) for word in words) <= LONGEST_OPTION
    most = MOST_FREQUENT if total >= 10 * len(words) else MOST_OPTIONS
    places = {place for word in words for place in word.counts}
    counts = [[word.counts[place] for word in words if place in word.counts] for place in places]
    recurs = any(sum(numbers) >= 2 * len(numbers) for numbers in counts)
    if len(words) > most or not recurs or not is_short:
        return None
    ranks = _nearest_scale(words)
    order = sorted(words, key=lambda word: (ranks.get(word.key, len(ranks)), -word.total, word.key))
    is_like = len(words) > 2 and 2 * sum(_is_of_scale(word, ranks) for word in words) >= len(words)
    why = "few different answers"
    return Kind(SELECT_ONE, why, tuple(order), reads_like_scale=is_like)


def _nearest_scale(words: Sequence[Word]) -> Mapping[str, int]:
    """The places of the words on the scale that has half of them or more; else nothing."""

    def known(ranks: Mapping[str, int]) -> int:
        return sum(word.key in ranks for word in words)

    best = max(RANKS.values(), key=known)
    return best if known(best) > 1 and 2 * known(best) >= len(words) else {}


def _is_of_scale(word: Word, ranks: Mapping[str, int]) -> bool:
    return word.key in ranks or DEGREE.search(word.key) is not None


def _text(words: Sequence[Word]) -> Kind:
    return Kind(TEXT, f"{several(len(words), 'different answer')}")
