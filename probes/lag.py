"""How late the event loop runs: a probe that is too busy must say so beside its timings."""

from __future__ import annotations

import asyncio
from typing import Final

from wire.ports import Clock

_EVERY_S: Final = 0.05


class Lag:
    """The worst lateness since it was made, in seconds."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.worst_s = 0.0

    async def watch(self) -> None:
        """Measure until cancelled."""
        while True:
            due = self._clock.monotonic() + _EVERY_S
            await asyncio.sleep(_EVERY_S)
            self.worst_s = max(self.worst_s, round(self._clock.monotonic() - due, 6))
