"""The doors to the world: what a shell is handed instead of reaching for it.

`dabyl.system` implements them once; tests hand in their own.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Where time comes from."""

    def now(self) -> datetime:
        """The wall clock, aware, UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds on a clock that never goes back; only differences mean anything."""
        ...


class Randomness(Protocol):
    """Where chance comes from."""

    def token(self, size: int) -> bytes:
        """`size` bytes that nobody can guess."""
        ...

    def uniform(self, low: float, high: float) -> float:
        """A number between `low` and `high`, for jitter only."""
        ...
