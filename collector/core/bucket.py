"""Token buckets: a steady rate and a burst, for each key."""

from __future__ import annotations

from typing import Final

MAX_KEYS: Final = 20_000


class Buckets:
    """A bucket for every key that was seen; a full one is forgotten, since it says nothing."""

    def __init__(self, per_s: float, burst: float) -> None:
        """`burst` tokens at first, `per_s` more each second up to that."""
        self._per_s, self._burst = per_s, burst
        self._left: dict[str, tuple[float, float]] = {}

    def wait_s(self, key: str, now: float) -> float:
        """Seconds until this key has a token; 0 when it has one. Takes nothing."""
        return max(0.0, (1.0 - self._tokens(key, now)) / self._per_s)

    def spend(self, key: str, now: float) -> float:
        """Take a token; the answer is as for `wait_s`, and nothing is taken when it is not 0."""
        tokens = self._tokens(key, now)
        if tokens < 1.0:
            return (1.0 - tokens) / self._per_s
        self._left[key] = (tokens - 1.0, now)
        if len(self._left) > MAX_KEYS:
            self._forget_full(now)
        return 0.0

    def _tokens(self, key: str, now: float) -> float:
        left, since = self._left.get(key, (self._burst, now))
        if since > now:  # our clock was put back: nobody waits until it stands there again
            self._left[key] = (left, now)
        return min(self._burst, left + max(0.0, now - since) * self._per_s)

    def _forget_full(self, now: float) -> None:
        self._left = {key: kept for key, kept in self._left.items() if self._tokens(key, now) < self._burst}
