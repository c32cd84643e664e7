"""The cameras of polling stations as probes see them: one word a camera, all cameras of a station together.

A target of category `camera` with the id `KZ-71-0379/NAME` is a camera of that station; `KZ-71-0379/line` is
the station's own line (its router), which tells a power failure from a dead line. Rules of this file:
what is older than the window says nothing; of several probes the word of most counts, of equals the newest.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from collector.core.cells import WINDOW_S
from collector.core.probe_now import REACHABLE
from collector.core.times import epoch_seconds
from wire.records import Measurement
from wire.streams import (
    DEAD,
    FINE,
    FROZEN,
    MASKED,
    NO_POWER,
    OFF,
    THIN,
    UNKNOWN,
    camera_state,
    station_states,
)

CATEGORY: Final = "camera"
LINE: Final = "line"
# From unknown over fine to the worst: a station's code is that of its worst camera.
CAMERA_STATES: Final = (UNKNOWN, FINE, THIN, MASKED, FROZEN, OFF, DEAD, NO_POWER)
CAMERA_CODES: Final = {state: code for code, state in enumerate(CAMERA_STATES)}
MAX_CAMERAS: Final = 100_000
_ID: Final = re.compile(r"(KZ-\d\d-\d{4})/([A-Za-z0-9._-]{1,32})")
_Key = tuple[str, str]


class CamerasNow(Struct, frozen=True, kw_only=True):
    """One station: the state of each camera by its name ("" is unknown), the worst, and when it was seen."""

    station: str
    region: str
    cameras: dict[str, str]
    worst: str
    seen_at: str


class Cameras:
    """The newest word of each probe on each camera."""

    def __init__(self) -> None:
        """None seen yet."""
        self._said: dict[_Key, dict[int, tuple[float, str, str]]] = {}

    def take(self, probe: int, records: Iterable[Measurement], arrived: float) -> None:
        """Measurements of camera targets by one probe; what is not named as a station's is passed over."""
        for record in records:
            if (found := _ID.fullmatch(record.target.id)) is None:
                continue
            key = (found[1], found[2])
            if key not in self._said and len(self._said) >= MAX_CAMERAS:
                continue
            said, at = self._said.setdefault(key, {}), min(epoch_seconds(record.at), arrived)
            if at >= said.get(probe, (at,))[0]:
                said[probe] = (at, _word(key[1], record), record.at)

    def forget(self, probe: int) -> None:
        """Let go of all that a probe said."""
        for said in self._said.values():
            said.pop(probe, None)

    def now(self, now: float) -> tuple[CamerasNow, ...]:
        """Every station with a camera that was seen in the window, by its name."""
        words: dict[str, dict[str, tuple[str, str]]] = {}
        for (station, name), said in sorted(self._said.items()):
            fresh = [one for one in said.values() if now - one[0] <= WINDOW_S]
            if fresh:
                words.setdefault(station, {})[name] = _most(fresh)
        return tuple(_station(station, found) for station, found in words.items() if set(found) != {LINE})


def _station(station: str, found: dict[str, tuple[str, str]]) -> CamerasNow:
    alive = LINE in found and found[LINE][0] == FINE
    bare = {name: word for name, (word, _) in found.items() if name != LINE}
    cameras = station_states(bare, line_alive=alive)
    return CamerasNow(
        station=station,
        region=station[:5],
        cameras=cameras,
        worst=max(cameras.values(), key=CAMERA_CODES.__getitem__),
        seen_at=max(at for _, at in found.values()),
    )


def _word(name: str, record: Measurement) -> str:
    if name == LINE:
        return FINE if record.verdict.state in REACHABLE else DEAD
    return camera_state(record.steps)


def _most(fresh: list[tuple[float, str, str]]) -> tuple[str, str]:
    """The word of most probes, and when it was said last."""
    count = Counter(word for _, word, _ in fresh)
    _, word, at = max(fresh, key=lambda one: (one[1] != UNKNOWN, count[one[1]], one[0]))
    return word if word in CAMERA_CODES else UNKNOWN, at
