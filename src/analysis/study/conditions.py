"""Conditions in XLSForm's notation: who was asked a question, which rows belong to a study."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NOTATION = (
    "a condition reads ${item} = 'option', also with != or selected(${item}, 'option'), or "
    "${item} > 3 with a number; several are joined by and, or and not()"
)
DEEPEST = 40
"""So many brackets may be open at once."""

_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_TOKEN = re.compile(
    r"""\s*(?:
        \$\{\s*(?P<item>[^{}]+?)\s*\}
      | '(?P<quoted>[^']*)' | "(?P<double>[^"]*)"
      | (?P<number>-?\d+(?:\.\d+)?)
      | (?P<sign><=|>=|!=|=|<|>)
      | (?P<word>and|or|not|selected)\b
      | (?P<mark>[(),])
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Clause:
    """What one answer must be: `sign` is ``=``, ``!=``, ``<``, ``<=``, ``>`` or ``>=``.

    `value` is an option, a number, or empty for a question without an answer.
    """

    item: str
    sign: str
    value: str

    @property
    def is_possible(self) -> bool:
        """Whether it compares with a number where it is about more or less."""
        return self.sign in ("=", "!=") or _NUMBER.fullmatch(self.value) is not None

    def __str__(self) -> str:
        """Return the clause as it is written."""
        quote = '"' if "'" in self.value else "'"
        return f"${{{self.item}}} {self.sign} {quote}{self.value}{quote}"


@dataclass(frozen=True)
class Joined:
    """Conditions of which all must hold (`word` is ``and``) or one (``or``)."""

    word: str
    parts: tuple[Condition, ...]

    def __str__(self) -> str:
        """Return the conditions as they are written."""
        inside = (f"({one})" if isinstance(one, Joined) else str(one) for one in self.parts)
        return f" {self.word} ".join(inside)


@dataclass(frozen=True)
class Negated:
    """A condition that must not hold."""

    part: Condition

    def __str__(self) -> str:
        """Return the condition as it is written."""
        return f"not({self.part})"


Condition: TypeAlias = Clause | Joined | Negated


def parse(text: str) -> Condition:
    """Read a condition; nothing in it is evaluated.

    >>> str(parse("selected(${a}, 'x') and (${b} > 3 or not(${c} = 'yes'))"))
    "${a} = 'x' and (${b} > '3' or not(${c} = 'yes'))"

    Raises
    ------
    ValueError
        The text is not a condition.
    """
    reader = _Reader(_tokens(text))
    condition = reader.either()
    if reader.rest:
        raise ValueError(NOTATION)
    return condition


def joined(conditions: list[str]) -> str:
    """Return one condition that holds where all of them do; empty where there is none.

    >>> joined(["${a} = 'yes'", "", "${b} = 'x' or ${b} = 'y'"])
    "${a} = 'yes' and (${b} = 'x' or ${b} = 'y')"
    """
    given = [text.strip() for text in conditions if text.strip()]
    if len(given) < 2:
        return "".join(given)
    has_or = [re.search(r"\bor\b", _QUOTED.sub("", text)) for text in given]
    return " and ".join(
        f"({text})" if wide else text for text, wide in zip(given, has_or, strict=True)
    )


def clauses_of(condition: Condition) -> tuple[Clause, ...]:
    """Return every clause, in the order in which they stand."""
    if isinstance(condition, Clause):
        return (condition,)
    parts = condition.parts if isinstance(condition, Joined) else (condition.part,)
    return tuple(clause for part in parts for clause in clauses_of(part))


def only(condition: Condition, is_known: Callable[[Clause], bool]) -> Condition | None:
    """Return what is left of a condition without the clauses that nothing is known of."""
    if isinstance(condition, Clause):
        return condition if is_known(condition) else None
    if isinstance(condition, Negated):
        part = only(condition.part, is_known)
        return Negated(part) if part else None
    left = [part for one in condition.parts if (part := only(one, is_known)) is not None]
    if len(left) < 2:
        return left[0] if left else None
    return Joined(condition.word, tuple(left))


def holds(condition: Condition, where: Callable[[Clause], NDArray[np.bool_]]) -> NDArray[np.bool_]:
    """Tell for each row whether a condition holds, from where each of its clauses does."""
    if isinstance(condition, Clause):
        return where(condition)
    if isinstance(condition, Negated):
        return ~holds(condition.part, where)
    masks = (holds(part, where) for part in condition.parts)
    return reduce(and_ if condition.word == "and" else or_, masks)


def compare(number: float, clause: Clause) -> bool:
    """Tell whether a number is as a clause says.

    >>> compare(4, Clause("staff", ">", "3"))
    True
    """
    limit = float(clause.value)
    return {
        "=": number == limit,
        "!=": number != limit,
        "<": number < limit,
        "<=": number <= limit,
        ">": number > limit,
        ">=": number >= limit,
    }[clause.sign]


Token: TypeAlias = tuple[str, str]


def _tokens(text: str) -> list[Token]:
    tokens, at = [], 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise ValueError(NOTATION)
        kind = {"double": "quoted"}.get(match.lastgroup, match.lastgroup)
        tokens.append((kind, match[match.lastgroup]))
        at = match.end()
    return tokens


class _Reader:
    """Takes tokens from the front; each method reads what its name says."""

    def __init__(self, tokens: list[Token]) -> None:
        self.rest = tokens
        self.depth = 0

    def either(self) -> Condition:
        return self._joined("or", lambda: self._joined("and", self._one))

    def _joined(self, word: str, read: Callable[[], Condition]) -> Condition:
        parts = [read()]
        while self.rest[:1] == [("word", word)]:
            self._take("word")
            parts.append(read())
        return parts[0] if len(parts) == 1 else Joined(word, tuple(parts))

    def _one(self) -> Condition:
        kind, text = self.rest[0] if self.rest else ("", "")
        if (kind, text) == ("word", "not"):
            self._take("word")
            return Negated(self._in_brackets(self.either))
        if (kind, text) == ("word", "selected"):
            self._take("word")
            return self._in_brackets(self._selected)
        if (kind, text) == ("mark", "("):
            return self._in_brackets(self.either)
        item, sign = self._take("item"), self._take("sign")
        return Clause(item, sign, self._take("quoted", "number"))

    def _selected(self) -> Condition:
        item = self._take("item")
        self._take("mark", text=",")
        return Clause(item, "=", self._take("quoted", "number"))

    def _in_brackets(self, read: Callable[[], Condition]) -> Condition:
        self._take("mark", text="(")
        self.depth += 1
        if self.depth > DEEPEST:
            raise ValueError(NOTATION)
        condition = read()
        self.depth -= 1
        self._take("mark", text=")")
        return condition

    def _take(self, *kinds: str, text: str = "") -> str:
        kind, found = self.rest.pop(0) if self.rest else ("", "")
        if kind not in kinds or (text and found != text):
            raise ValueError(NOTATION)
        return found
