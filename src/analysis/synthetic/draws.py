"""Random draws that stay the same on every machine and in every release of the libraries."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import TypeVar

import numpy as np

T = TypeVar("T")


class Draws:
    """Draws for one purpose, told apart by `words`.

    Each purpose has random numbers of its own, so that a new question does not change the answers
    to the others. Only uniform numbers are asked of the generator; everything else is made from
    them here, because NumPy may change how its other methods use the generator (NEP 19).
    """

    def __init__(self, seed: int, *words: str) -> None:
        name = "\n".join(words).encode()
        self._generator = np.random.default_rng([seed, zlib.crc32(name)])

    def happens(self, chance: float) -> bool:
        """Tell whether something of that chance happens."""
        return bool(self._generator.random() < chance)

    def how_often(self, chance: float, times: int) -> int:
        """Return how often it happens in a number of independent trials."""
        return int((self._generator.random(times) < chance).sum())

    def some(self, things: Sequence[T], count: int) -> list[T]:
        """Return `count` of the things, in random order, each at most once.

        >>> sorted(Draws(1, "example").some("abc", 3))
        ['a', 'b', 'c']
        """
        order = np.argsort(self._generator.random(len(things)), kind="stable")
        return [things[int(place)] for place in order[:count]]

    def shuffled(self, things: Sequence[T]) -> list[T]:
        """Return all things in random order."""
        return self.some(things, len(things))

    def one(self, things: Sequence[T]) -> T:
        """Return one of the things."""
        return things[int(self._generator.random() * len(things))]
