"""When the next round begins, and in which order its targets are looked at. Pure.

Probes that all wake with the power of a region must not knock at one door in the same second, nor on
the minute: each has a phase of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeVar

from wire.ports import Randomness

FIRST_WITHIN_S: Final = 30.0  # a person who has just started a probe waits for it
JITTER: Final = 0.05
T = TypeVar("T")


class Schedule:
    """The waits between rounds: the first is short, the second finds the phase, then it is periodic."""

    def __init__(self, every_s: float, first_within_s: float, randomness: Randomness) -> None:
        """`every_s`: from the beginning of a round to the beginning of the next."""
        self._every_s = every_s
        self._first_within_s = first_within_s
        self._randomness = randomness
        self._rounds = 0

    def wait_s(self, took_s: float = 0.0, slower: float = 1.0) -> float:
        """Seconds until the next round, `took_s` after the last began; `slower` stretches the period."""
        self._rounds += 1
        if self._rounds == 1:
            return self._randomness.uniform(0.0, min(self._every_s, self._first_within_s))
        low, high = (0.0, 1.0) if self._rounds == 2 else (1 - JITTER, 1 + JITTER)  # noqa: PLR2004  # the second
        return max(0.0, self._every_s * slower * self._randomness.uniform(low, high) - took_s)


def shuffled(items: Iterable[T], randomness: Randomness) -> list[T]:
    """The same things in an order of chance."""
    return sorted(items, key=lambda _: randomness.uniform(0.0, 1.0))
