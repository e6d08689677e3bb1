"""Several figures of one call."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.display.exhibit import Figure
from analysis.display.statements import Box


@dataclass(frozen=True)
class Gallery:
    """Several figures of one call, each displayed as if it stood alone."""

    figures: tuple[Figure | Box, ...]

    def marked(self) -> Gallery:
        """Return the same with every figure marked as SYNTHETIC."""
        return Gallery(tuple(figure.marked() for figure in self.figures))

    def _ipython_display_(self) -> None:
        from IPython.display import display

        for figure in self.figures:
            display(figure)  # type: ignore[no-untyped-call]
