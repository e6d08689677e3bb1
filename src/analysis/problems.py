"""Bad input, told to the person who must fix it: all problems at once, each with its place."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


def nearest(value: object, allowed: Iterable[object]) -> str | None:
    """Return the allowed word that is most like `value`, or None when none is close.

    >>> nearest("particpating", ["participating", "responding"])
    'participating'
    """
    by_lower = {str(word).lower(): str(word) for word in allowed}
    close = difflib.get_close_matches(str(value).lower(), list(by_lower), n=1, cutoff=0.6)
    return by_lower[close[0]] if close else None


def listed(words: Iterable[object]) -> str:
    """Join words as a sentence does.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    texts = [str(word) for word in words]
    if len(texts) < 2:
        return "".join(texts)
    return f"{', '.join(texts[:-1])} and {texts[-1]}"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with an input.

    Attributes
    ----------
    message : what is wrong, as a sentence without the place.
    file, row, column, value : where; `row` is the line that a text editor shows (header = 1).
    allowed : what would have been accepted; long lists are cut off in the text.
    """

    message: str
    file: str = ""
    row: int | None = None
    column: str = ""
    value: object = None
    allowed: Sequence[object] = ()

    @property
    def suggestion(self) -> str | None:
        """The allowed value most like the one received."""
        return nearest(self.value, self.allowed) if self.value not in (None, "") else None

    def __str__(self) -> str:
        place = [self.file] if self.file else []
        if self.row is not None:
            place.append(f"row {self.row}")
        if self.column:
            place.append(f"column {self.column}")
        text = f"{', '.join(place)}: {self.message}" if place else self.message
        if self.value not in (None, ""):
            is_whole = isinstance(self.value, float) and self.value.is_integer()
            text += f" Got {int(self.value) if is_whole else self.value!r}."  # type: ignore[call-overload]
        if self.allowed:
            shown = [str(word) for word in self.allowed[:12]]
            text += f" Allowed: {', '.join(shown)}{', ...' if len(self.allowed) > 12 else ''}."
        if self.suggestion:
            text += f" Did you mean {self.suggestion!r}?"
        return text


class InputError(ValueError):
    """Raised with every problem found; nothing has been written when it is raised."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems = [problems] if isinstance(problems, Problem) else list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def refuse_any(problems: Sequence[Problem]) -> None:
    """Raise `InputError` when there is at least one problem."""
    if problems:
        raise InputError(problems)


def check_choice(name: str, value: object, allowed: Sequence[object]) -> None:
    """Raise `InputError` when `value` is not one of `allowed`.

    >>> check_choice("denominator", "responding", ["participating", "responding"])
    """
    if value not in allowed:
        raise InputError(
            Problem(f"unknown {name}.", column=name, value=value, allowed=tuple(allowed))
        )
