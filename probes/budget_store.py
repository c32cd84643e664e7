"""The day's ledger beside the probe's key: a restart does not give the day's data anew."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec

from probes.core.budget import Day, Habits, Ledger, Ration, on_day, ration, spent
from probes.core.meter import OTHERS, Meter
from probes.disk import Disk, write_whole
from wire import canonical
from wire.ports import Clock
from wire.records import Target
from wire.times import format_time

BUDGET_FILE: Final = "budget.json"


class Budget:
    """The ledger, what targets cost, and whose turn it is. `meter` counts for it."""

    def __init__(self, folder: Path, disk: Disk, clock: Clock, limit_bytes: int) -> None:
        """From the folder's file, if there is one."""
        self._path = folder / BUDGET_FILE
        self._disk = disk
        self._clock = clock
        self._limit_bytes = limit_bytes
        self._habits = Habits(cost={}, seen={})
        self._rounds = 0
        self.meter = Meter()
        self._ledger = self._load()

    def _load(self) -> Ledger:
        try:
            if BUDGET_FILE not in self._disk.names(self._path.parent):
                return Ledger()
            return msgspec.json.decode(self._disk.read(self._path), type=Ledger)
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return Ledger()

    def ration(self, targets: tuple[Target, ...], every_s: float) -> Ration:
        """What the round that begins now may do."""
        date, second = self._now()
        day = Day(date=date, second=second, every_s=every_s)
        return ration(targets, self._habits, self._ledger, self._limit_bytes, day)

    def settle(self, targets: tuple[Target, ...]) -> None:
        """After a round of these targets: count, learn, keep."""
        self._rounds += 1
        found = self.meter.take()
        self._habits.seen.update((one.url, self._rounds) for one in targets)
        self._habits.cost.update((url, size) for url, size in found.items() if url != OTHERS)
        self._ledger = spent(self._ledger, self._now()[0], sum(found.values()))
        try:
            write_whole(self._disk, self._path, canonical.encode(self._ledger))
        except OSError:  # a full disk: the spool says so already
            return

    @property
    def spent_bytes(self) -> int:
        """What is gone of the day's data, as of the last round."""
        return on_day(self._ledger, self._now()[0]).spent_bytes

    def _now(self) -> tuple[str, float]:
        now = self._clock.now()
        return format_time(now)[:10], now.hour * 3_600.0 + now.minute * 60.0 + now.second
