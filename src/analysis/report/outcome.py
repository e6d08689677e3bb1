"""How one page of the report fared, and the error that stops a page."""

from __future__ import annotations

from dataclasses import dataclass

SHOWN_LINES = 6


class PageError(Exception):
    """Raised when a page cannot be published; the text is for the person who must fix it.

    Attributes
    ----------
    error : name of what went wrong, e.g. `ValueError`, `DeadKernelError`, `NotRun`.
    message : last lines of the explanation.
    cell : position among the notebook's own code cells, from 1; None when no cell is to blame.
    line : first line of that cell.
    """

    def __init__(
        self, error: str, message: str, *, cell: int | None = None, line: str = ""
    ) -> None:
        self.error = error
        self.message = last_lines(message)
        self.cell = cell
        self.line = line
        super().__init__(str(self))

    def __str__(self) -> str:
        place = f"code cell {self.cell} ({self.line}): " if self.cell is not None else ""
        # Bad input explains itself; the name of its class would only be noise.
        name = "" if self.error == "InputError" else f"{self.error}: "
        return f"{place}{name}{self.message}".rstrip(": ")


@dataclass(frozen=True)
class Outcome:
    """What became of one page in one build; `error` is None when it was published."""

    page: str
    title: str
    error: PageError | None = None

    @property
    def is_ok(self) -> bool:
        """Whether the page ran to its end and was published."""
        return self.error is None


def last_lines(text: str, count: int = SHOWN_LINES) -> str:
    r"""Return the last lines of a text that are not blank.

    >>> last_lines("first\n\nsecond\nthird", 2)
    'second\nthird'
    """
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    return "\n".join(lines[-count:])
