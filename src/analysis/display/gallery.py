"""Several exhibits of one call."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.display.exhibit import Figure, Table
from analysis.display.statements import Box


@dataclass(frozen=True)
class Gallery:
    """Several exhibits of one call, each displayed as if it stood alone."""

    exhibits: tuple[Figure | Table | Box, ...]

    def marked(self) -> Gallery:
        """Return the same with every exhibit marked as SYNTHETIC."""
        return Gallery(tuple(exhibit.marked() for exhibit in self.exhibits))

    def _ipython_display_(self) -> None:
        from IPython.display import display

        for exhibit in self.exhibits:
            display(exhibit)  # type: ignore[no-untyped-call]
