"""How many texts a link may bring: a bucket that fills at a steady rate."""

from __future__ import annotations


class Bucket:
    """`burst` at once, `per_s` each second; times are of any clock that does not go back."""

    def __init__(self, per_s: float, burst: float) -> None:
        """Full at first."""
        self._per_s, self._burst = per_s, burst
        self._left, self._since = burst, float("-inf")

    def has(self, now: float, count: int = 1) -> bool:
        """Whether there are so many; what is more than a burst waits for a full bucket."""
        passed = min(now - self._since, self._burst / self._per_s)
        self._left, self._since = min(self._burst, self._left + passed * self._per_s), now
        return self._left >= min(count, self._burst)

    def take(self, now: float, count: int = 1) -> bool:
        """Whether there were so many to take; they are gone then."""
        if not self.has(now, count):
            return False
        self._left -= count
        return True
