"""Bad input, told to the person who must fix it: all problems at once, each with its place."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite

ERROR, WARNING, NOTE = "error", "warning", "note"
SEVERITIES = (ERROR, WARNING, NOTE)
"""How bad a problem is: it stops the work, it may be a mistake, it is good to know."""

MOST_WRITTEN = 300
"""So many characters of a value are shown."""

EXPORT_FOLDERS = ("responses/", "rehearsal/")
"""Where the files lie whose cells respondents filled, not the researcher."""


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


def several(number: int, one: str, many: str = "") -> str:
    """Return the number with its noun.

    >>> several(1, "row"), several(3, "row")
    ('1 row', '3 rows')
    """
    return f"{number} {one if number == 1 else many or one + 's'}"


def printable(text: str) -> str:
    r"""Return the text in one line; what a terminal would obey or hide is written out.

    >>> printable("law\x1b[2J?\n")
    'law\\x1b[2J?\\n'
    """
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text
    )


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with an input.

    Attributes
    ----------
    message : what is wrong, as a sentence without the place.
    file, row, column, value : where; `row` is the line that a text editor shows (header = 1).
    allowed : what would have been accepted; long lists are cut off in the text.
    severity : one of `SEVERITIES`.
    """

    message: str
    file: str = ""
    row: int | None = None
    column: str = ""
    value: object = None
    allowed: Sequence[object] = ()
    severity: str = ERROR

    @property
    def suggestion(self) -> str | None:
        """The allowed value most like the one received."""
        return nearest(self.value, self.allowed) if self.value not in (None, "") else None

    @property
    def rank(self) -> tuple[int, int]:
        """How early it has to be mended: by severity, then files and columns, names, answers.

        A file or column that is missing makes many names unknown, and an unknown name many
        answers.
        """
        if self.row is None or self.row <= 1:
            kind = 0
        else:
            kind = 2 if self.file.startswith(EXPORT_FOLDERS) else 1
        return SEVERITIES.index(self.severity), kind

    @property
    def as_record(self) -> dict[str, object]:
        """The problem as JSON holds it; ``nearest`` is the allowed value most like the received."""
        return {
            "file": self.file,
            "row": self.row,
            "column": self.column,
            "value": _as_json(self.value),
            "allowed": [str(word) for word in self.allowed],
            "nearest": self.suggestion,
            "message": self.message,
            "severity": self.severity,
        }

    @property
    def text(self) -> str:
        """The problem in one line, without its file."""
        place = [] if self.row is None else [f"row {self.row}"]
        if self.column:
            place.append(f"column {self.column}")
        text = f"{', '.join(place)}: {self.message}" if place else self.message
        if self.value not in (None, ""):
            text += f" Got {_written(self.value)}."
        if self.allowed:
            shown = [str(word) for word in self.allowed[:12]]
            text += f" Allowed: {', '.join(shown)}{', ...' if len(self.allowed) > 12 else ''}."
        if self.suggestion:
            text += f" Did you mean {self.suggestion!r}?"
        return printable(text)

    def __str__(self) -> str:
        if not self.file:
            return self.text
        is_placed = self.row is not None or self.column
        return f"{printable(self.file)}{', ' if is_placed else ': '}{self.text}"


def _written(value: object) -> str:
    """A value as messages show it; a whole number without its decimal point."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = repr(value)
    return (
        text
        if len(text) <= MOST_WRITTEN
        else f"{text[:MOST_WRITTEN]}... ({len(text):,} characters)"
    )


def _as_json(value: object) -> object:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float) and isfinite(value):
        return int(value) if value.is_integer() else float(value)
    return str(value)


class InputError(ValueError):
    """Raised with every problem found; nothing has been written when it is raised."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems = [problems] if isinstance(problems, Problem) else list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def refuse_any(problems: Sequence[Problem]) -> None:
    """Raise `InputError` when there is at least one problem."""
    if problems:
        raise InputError(problems)


def worst_first(problems: Iterable[Problem]) -> list[Problem]:
    """Return each problem once: the worst file first, in a file the worst and uppermost first.

    >>> late, early = Problem("b", file="x.csv", row=9), Problem("a", file="y.csv", row=1)
    >>> [problem.message for problem in worst_first([late, early, late])]
    ['a', 'b']
    """
    once = list({(problem.severity, str(problem)): problem for problem in problems}.values())
    worst: dict[str, tuple[int, int]] = {}
    for problem in once:
        worst[problem.file] = min(worst.get(problem.file, problem.rank), problem.rank)
    order = {file: number for number, file in enumerate(worst)}

    def key(problem: Problem) -> tuple[object, ...]:
        file = problem.file
        return (worst[file], order[file], problem.rank, problem.row or 0)

    return sorted(once, key=key)


def check_choice(name: str, value: object, allowed: Sequence[object]) -> None:
    """Raise `InputError` when `value` is not one of `allowed`.

    >>> check_choice("denominator", "responding", ["participating", "responding"])
    """
    if value not in allowed:
        raise InputError(
            Problem(f"unknown {name}.", column=name, value=value, allowed=tuple(allowed))
        )
