"""Randomness that repeats, and a clock that can be read."""

from __future__ import annotations

from dabyl.system import SystemClock


class Dice:
    """The same throws in every run."""

    def __init__(self) -> None:
        self._count = 0

    def token(self, size: int) -> bytes:
        self._count += 1
        return self._count.to_bytes(size, "big")

    def uniform(self, low: float, high: float) -> float:
        return (low + high) / 2


CLOCK = SystemClock()
