"""How one page of the report fared, and the error that stops a page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

SHOWN_LINES = 6

CODE_ERROR = "CODE ERROR"
TIMEOUT = "TIMEOUT"
OUT_OF_MEMORY = "OUT OF MEMORY"
CRASH = "CRASH"
INTERRUPTED = "INTERRUPTED"
SKIPPED = "SKIPPED"
BUILD_ERROR = "BUILD ERROR"

EXIT_CODES = {
    CODE_ERROR: 3,
    TIMEOUT: 4,
    OUT_OF_MEMORY: 5,
    CRASH: 6,
    SKIPPED: 7,
    BUILD_ERROR: 8,
    INTERRUPTED: 130,
}
"""The exit code of a build, by what became of its first page that failed; 1 and 2 are bad input."""


class PageError(Exception):
    """Raised when a page cannot be published; the text is for the person who must fix it.

    Attributes
    ----------
    error : name of what went wrong, e.g. `ValueError`, `DeadKernelError`, `NotRun`.
    message : last lines of the explanation.
    kind : one of the keys of `EXIT_CODES`.
    cell : position among the notebook's own code cells, from 1; None when no cell is to blame.
    line : first line of that cell.
    """

    def __init__(
        self,
        error: str,
        message: str,
        *,
        kind: str = CODE_ERROR,
        cell: int | None = None,
        line: str = "",
    ) -> None:
        self.error = error
        self.message = last_lines(message)
        self.kind = kind
        self.cell = cell
        self.line = line
        super().__init__(str(self))

    def __str__(self) -> str:
        shown = f" ({self.line})" if self.line else ""
        place = f"code cell {self.cell}{shown}: " if self.cell is not None else ""
        # Bad input explains itself, as do the kinds without a Python error; a name would be noise.
        name = f"{self.error}: " if self.error and self.error != "InputError" else ""
        return f"{place}{name}{self.message}".rstrip(": ")


RAN, EXPORTED, FRESH = "ran", "written again", "up to date"
"""What a build did with a page that did not fail."""


@dataclass(frozen=True)
class Outcome:
    """What became of one page in one build.

    Attributes
    ----------
    error : None when the page stands as it should.
    done : what was done for that: one of `RAN`, `EXPORTED` and `FRESH`.
    reasons : why it was not left alone.
    seconds : how long that took.
    """

    page: str
    title: str
    error: PageError | None = None
    done: str = RAN
    reasons: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def is_ok(self) -> bool:
        """Whether the page ran to its end and was published, or was left alone with reason."""
        return self.error is None

    @property
    def word(self) -> str:
        """What became of it, in a word or two."""
        return self.error.kind if self.error else self.done


def exit_code(outcomes: Iterable[Outcome]) -> int:
    """Return the exit code of a build: that of the first page that failed, in report order.

    A page that was not reached decides only where no other failed.

    >>> exit_code([Outcome("a", "A"), Outcome("b", "B", PageError("", "", kind=TIMEOUT))])
    4
    """
    kinds = [one.error.kind for one in outcomes if one.error]
    kinds.sort(key=lambda kind: kind == SKIPPED)
    return EXIT_CODES[kinds[0]] if kinds else 0


def last_lines(text: str, count: int = SHOWN_LINES) -> str:
    r"""Return the last lines of a text that are not blank.

    >>> last_lines("first\n\nsecond\nthird", 2)
    'second\nthird'
    """
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    return "\n".join(lines[-count:])
