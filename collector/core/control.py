"""The control table: what trusted vantages saw last, one record per target and vantage."""

from __future__ import annotations

from typing import Final

from collector.core.times import epoch_seconds
from wire import canonical
from wire.judge.controls import OLDEST_S
from wire.records import Measurement

MAX_AGE_S: Final = OLDEST_S


class Control:
    """The newest record by (vantage, target)."""

    def __init__(self) -> None:
        """No vantage yet."""
        self._newest: dict[tuple[int, str], tuple[float, Measurement]] = {}
        self.revision = 0

    def take(self, vantage: int, record: Measurement) -> None:
        """One more record; an older one changes nothing."""
        key, at = (vantage, record.target.url), epoch_seconds(record.at)
        known = self._newest.get(key)
        if known is None or at >= known[0]:
            self._newest[key] = (at, record)
            self.revision += 1

    def forget(self, vantage: int) -> None:
        """Let go of all that a vantage said."""
        kept = {key: found for key, found in self._newest.items() if key[0] != vantage}
        self.revision += len(kept) != len(self._newest)
        self._newest = kept

    def lines(self, now: float) -> bytes:
        """The table as JSON lines, by target and vantage."""
        fresh = [
            (key[1], key[0], record) for key, (at, record) in self._newest.items() if now - at <= MAX_AGE_S
        ]
        return b"".join(
            canonical.encode(record) + b"\n" for *_, record in sorted(fresh, key=lambda row: row[:2])
        )

    def newest(self) -> dict[str, float]:
        """When each vantage, by the name of its key, was at work last (Unix seconds)."""
        found: dict[str, float] = {}
        for at, record in self._newest.values():
            found[record.probe] = max(at, found.get(record.probe, at))
        return found
