"""What media looks like from outside: how many bytes, whether its time stamps advance, how long it paused.

Rules of this file: a size and a time stamp come in; the media itself never does.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from wire import streams

# Long enough for a key frame of most cameras, short enough for a volunteer's data.
WATCH_S: Final = 3.0
MAX_BYTES: Final = 1_048_576
# A silence this long at the end is no slow camera: the slowest that are sold send a frame in two seconds.
STALL_S: Final = 5.0
# A covered lens gives a picture without detail: a tenth of the usual rate is far below night and rain.
MASKED_RATIO: Final = 0.1
# Less media than this is a key frame or two, and no rate.
_MIN_RATED_S: Final = 1.0
_JUMP_S: Final = 60.0
_WRAP: Final = 1 << 32


class Flow(Struct, frozen=True, kw_only=True):
    """The figures of one watch.

    `media_s`: how far the time stamps advanced. `gap_s`: the longest pause. `silent_s`: the last one.
    """

    bytes_seen: int = 0
    packets: int = 0
    media_s: float = 0.0
    gap_s: float = 0.0
    silent_s: float = 0.0

    @property
    def bitrate_bps(self) -> int | None:
        """Bits for each second of media; None when there was too little to say."""
        return round(8 * self.bytes_seen / self.media_s) if self.media_s >= _MIN_RATED_S else None

    @property
    def advancing(self) -> bool | None:
        """Whether the time stamps advanced to the end; None when there was no media."""
        return self.media_s > 0 and self.silent_s < STALL_S if self.packets else None


class Expected(Struct, frozen=True, kw_only=True):
    """What a camera's rate is compared with: what it was, and a floor; 0 when not known."""

    usual_bps: float = 0.0
    floor_bps: float = 0.0

    def masks(self, bitrate_bps: int | None) -> bool:
        """Whether a rate is far below what it should be."""
        return bitrate_bps is not None and bitrate_bps < max(self.floor_bps, MASKED_RATIO * self.usual_bps)


def state_of(flow: Flow, expected: Expected) -> str:
    """The state of a stream that the server agreed to send."""
    if not flow.packets:
        return streams.OFF
    if not flow.advancing:
        return streams.FROZEN
    return streams.MASKED if expected.masks(flow.bitrate_bps) else streams.FINE


class Tally:
    """Counts packets as they pass."""

    def __init__(self, rate: int) -> None:
        """`rate`: ticks of the time stamps in a second; they are 32 bits wide and wrap."""
        self._rate = rate
        self._tracks: dict[int, _Track] = {}
        self._bytes = self._packets = 0
        self._last = 0.0
        self._gap = 0.0

    def add(self, track: int, size: int, ticks: int, now: float) -> None:
        """One packet of a track: its size, its time stamp, and when it came."""
        if self._packets:
            self._gap = max(self._gap, now - self._last)
        self._last = now
        self._bytes += size
        self._packets += 1
        self._tracks.setdefault(track, _Track(ticks)).move(ticks, _JUMP_S * self._rate)

    def flow(self, now: float) -> Flow:
        """The figures up to a moment."""
        silent_s = now - self._last if self._packets else 0.0
        return Flow(
            bytes_seen=self._bytes,
            packets=self._packets,
            media_s=max((track.moved for track in self._tracks.values()), default=0) / self._rate,
            gap_s=max(self._gap, silent_s),
            silent_s=silent_s,
        )

    def enough(self, now: float) -> bool:
        """Whether more would tell no more."""
        flow = self.flow(now)
        return flow.media_s >= WATCH_S or flow.bytes_seen >= MAX_BYTES


class _Track:
    """One track's time stamps: each track has a beginning of its own."""

    def __init__(self, ticks: int) -> None:
        self._newest = ticks
        self.moved = 0

    def move(self, ticks: int, jump: float) -> None:
        """Forward counts; a step back is reordering, a wild leap is another timeline."""
        ahead = (ticks - self._newest) % _WRAP
        if ahead >= _WRAP // 2:
            return
        self._newest = ticks
        if ahead <= jump:
            self.moved += ahead
