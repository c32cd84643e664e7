"""What is held of one probe: arrays, one slot for each of its targets.

Rules of this file: late outcomes never replace newer ones; targets that left the window make room for
others, and beyond the bound nothing is held.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from collector.core.places import Place
from collector.core.vocabulary import Codes, Targets

MAX_TARGETS: Final = (
    2_000  # per probe; what is measured beyond is kept and counted, but has no place in "now"
)
_NEVER: Final = -np.inf
_DICTIONARIES: Final = 8  # of targets that a probe takes turns with
Floats = npt.NDArray[np.float64]


class Held:
    """A probe's newest outcome of each target, by the target's slot.

    While a probe sends one dictionary of targets, its slots are the dictionary's own places.
    """

    __slots__ = ("at", "outcome", "place", "slots", "targets", "urls")

    def __init__(self, place: Place) -> None:
        """Nothing heard yet."""
        self.place = place
        self.targets: Targets | None = None
        self.urls: dict[str, int] | None = {}
        self.slots: dict[Targets, Codes] = {}
        self.at: Floats = np.empty(0)
        self.outcome: Codes = np.empty(0, np.int64)

    def slots_of(self, targets: Targets) -> Codes | None:
        """The slot of each target, -1 for one that has no room; None: each has its own place as its slot."""
        if not len(self.at) and len(targets.urls) <= MAX_TARGETS and targets.is_plain:
            self.targets, self.urls = targets, None
            self.at, self.outcome = np.full(len(targets.urls), _NEVER), np.zeros(len(targets.urls), np.int64)
        if targets is self.targets:
            return None
        found = self.slots.get(targets)
        return self._join(targets) if found is None else found

    def _join(self, targets: Targets) -> Codes:
        """Slots for another dictionary's targets; the last few dictionaries are remembered."""
        found = np.array([self.slot_of(url) for url in targets.urls], np.int64)
        if len(self.slots) >= _DICTIONARIES:
            self.slots.clear()
        self.slots[targets] = found
        return found

    def slot_of(self, url: str) -> int:
        """The slot of a URL, a new one if need be; -1 when there is no room."""
        if self.urls is None:
            self.urls = {known: slot for slot, known in enumerate(self.targets.urls if self.targets else ())}
        slot = self.urls.get(url, -1)
        if slot >= 0:
            return slot
        if len(self.urls) >= MAX_TARGETS and not self._make_room():
            return -1
        slot = self.urls[url] = len(self.urls)
        if slot >= len(self.at):
            more = max(8, len(self.at))
            self.at = np.concatenate([self.at, np.full(more, _NEVER)])
            self.outcome = np.concatenate([self.outcome, np.zeros(more, np.int64)])
        return slot

    def _make_room(self) -> bool:
        """Forget the targets that left the window; whether there were any."""
        kept = [(url, slot) for url, slot in (self.urls or {}).items() if self.at[slot] > _NEVER]
        if len(kept) == len(self.urls or ()):
            return False
        places = np.array([slot for _, slot in kept], np.int64)
        self.urls = {url: slot for slot, (url, _) in enumerate(kept)}
        self.at, self.outcome = self.at[places], self.outcome[places]
        self.targets = None
        self.slots.clear()
        return True

    def keep(self, slot: Codes, found: tuple[Floats, Codes], arrived: float) -> int | None:
        """Times and outcomes by their slots, in the order of their times, where newer.

        Which of them is the newest that was kept; None when none was.
        """
        known = self.at[slot]
        # What lies ahead of an arrival came before our clock was put back: it must not stay for ever.
        newer = np.flatnonzero(((found[0] >= known) | (known > arrived)) & (slot >= 0))
        if not len(newer):
            return None
        if len(newer) < len(slot):
            slot, found = slot[newer], (found[0][newer], found[1][newer])
        self.at[slot], self.outcome[slot] = found
        return int(newer[-1])

    def since(self, floor: float) -> tuple[Codes, float]:
        """The outcomes that are not older, and the time of the oldest of them (infinite: there is none)."""
        self.at[self.at < floor] = _NEVER
        here = np.flatnonzero(self.at > _NEVER)
        return self.outcome[here], float(self.at[here].min(initial=np.inf))
