"""HLS playlists: what a live one tells of its camera's age, gaps and pace (RFC 8216). No segment is read."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from msgspec import Struct

from probes.core.pages import http_date
from probes.core.streams.flow import Expected
from wire import streams
from wire.errors import BadInput

MAX_BYTES: Final = 524_288
MAX_LINES: Final = 20_000
# RFC 8216, section 6.3.4: a client asks again after one target duration; a new segment is due within 1.5.
DUE_IN_TARGETS: Final = 1.5
# Older than this the newest segment cannot be what the camera sees now.
STALE_IN_TARGETS: Final = 4.0
_ATTRIBUTE: Final = re.compile(r'([A-Z0-9-]+)=("[^"]*"|[^",]*)')
_MAX_DURATION_S: Final = 3_600.0
_MAX_DIGITS: Final = 18  # what fits into 64 bits
_PARTIAL: Final = 206
_YEARS: Final = range(1970, 9000)  # outside, the end of a segment may be no time


class Variant(Struct, frozen=True, kw_only=True):
    """One rendition that a master playlist offers."""

    uri: str
    bandwidth_bps: int


class Segment(Struct, frozen=True, kw_only=True):
    """One piece of media: where it is, how long it plays, when it began (aware) if that is told."""

    uri: str
    duration_s: float
    began: datetime | None = None

    @property
    def ends(self) -> datetime | None:
        """When its last picture was taken, if that is told."""
        return self.began + timedelta(seconds=self.duration_s) if self.began else None


class Master(Struct, frozen=True, kw_only=True):
    """A list of renditions."""

    variants: tuple[Variant, ...]


class Media(Struct, frozen=True, kw_only=True):
    """One rendition's segments. `first`: the media sequence number of the first."""

    target_s: float
    first: int
    segments: tuple[Segment, ...]
    discontinuities: int
    ended: bool
    recorded: bool

    @property
    def after(self) -> int:
        """The number that the next new segment will have."""
        return self.first + len(self.segments)


Playlist = Master | Media


def read_playlist(data: bytes) -> Playlist:
    """A playlist; raises `BadInput` for what is none."""
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    lines = [line.strip() for line in text.splitlines()[:MAX_LINES] if line.strip()]
    if not lines or lines[0] != "#EXTM3U":
        raise BadInput("no HLS playlist")
    if any(line.startswith("#EXT-X-STREAM-INF:") for line in lines):
        return Master(variants=tuple(_variants(lines)))
    return _media(lines)


def _variants(lines: list[str]) -> list[Variant]:
    found = []
    for line, following in pairwise(lines):
        if line.startswith("#EXT-X-STREAM-INF:") and not following.startswith("#"):
            told = dict(_ATTRIBUTE.findall(line.partition(":")[2])).get("BANDWIDTH", "")
            found.append(Variant(uri=following, bandwidth_bps=_whole(told)))
    return found


def lightest(master: Master) -> Variant | None:
    """The rendition that costs a volunteer least."""
    return min(master.variants, key=lambda one: one.bandwidth_bps, default=None)


def _media(lines: list[str]) -> Media:
    tags = dict(_tag(line) for line in lines if line.startswith("#EXT-X-"))
    return Media(
        target_s=_seconds(tags.get("#EXT-X-TARGETDURATION", "")),
        first=_whole(tags.get("#EXT-X-MEDIA-SEQUENCE", "")),
        segments=tuple(_segments(lines)),
        discontinuities=sum(line == "#EXT-X-DISCONTINUITY" for line in lines),
        ended="#EXT-X-ENDLIST" in tags,
        recorded=tags.get("#EXT-X-PLAYLIST-TYPE") == "VOD",
    )


def _segments(lines: list[str]) -> list[Segment]:
    """Each URI with the tags before it; a date that is told once counts on from segment to segment."""
    found: list[Segment] = []
    duration_s, began = 0.0, None
    for line in lines:
        name, value = _tag(line)
        if name == "#EXTINF":
            duration_s = _seconds(value.partition(",")[0])
        elif name == "#EXT-X-PROGRAM-DATE-TIME":
            began = _time(value)
        elif name == "#EXT-X-DISCONTINUITY":
            began = None
        elif not line.startswith("#"):
            found.append(Segment(uri=line, duration_s=duration_s, began=began))
            began, duration_s = found[-1].ends, 0.0
    return found


def _tag(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name, value.strip()


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS else 0


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return 0.0
    return min(value, _MAX_DURATION_S) if value > 0 else 0.0


def _time(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo and found.year in _YEARS else None


def age_s(playlist: Media, headers: dict[str, str], now: datetime) -> float | None:
    """How old the newest media is; None when neither playlist nor server tells.

    By the date in the playlist, else by when the file was last written; measured against the server's
    own `Date`, so that this machine's clock does not matter.
    """
    ends = playlist.segments[-1].ends if playlist.segments else None
    written = ends or http_date(headers.get("last-modified", ""))
    if written is None:
        return None
    there = http_date(headers.get("date", "")) or now
    return max(0.0, (there - written).total_seconds())


def advanced(before: Media, after: Media) -> bool:
    """Whether a new segment appeared. A sequence that starts over is a camera that was started again."""
    return after.after != before.after


def settled(before: Media, after: Media) -> bool:
    """Whether more reads would tell no more."""
    return advanced(before, after) or after.ended or after.recorded or not after.segments


def newest_rate(playlist: Media, size_bytes: int) -> int | None:
    """Bits for each second of the newest segment, from its size alone."""
    last = playlist.segments[-1] if playlist.segments else None
    return round(8 * size_bytes / last.duration_s) if last and last.duration_s > 0 else None


def size_told(status: int, headers: dict[str, str]) -> int | None:
    """A resource's whole size, from the answer to a request for its first byte; None when it is not told."""
    if status == _PARTIAL:
        return _whole(headers.get("content-range", "").rpartition("/")[2]) or None
    return _whole(headers.get("content-length", "")) or None


class Look(Struct, frozen=True, kw_only=True):
    """A live playlist watched for a while: the first and the last read of it."""

    first: Media
    last: Media
    watched_s: float
    age_s: float | None = None
    bitrate_bps: int | None = None

    @property
    def gap_s(self) -> float:
        """Media that came and went between the reads without standing in either."""
        return max(0, self.last.first - self.first.after) * self.last.target_s

    @property
    def advancing(self) -> bool | None:
        """Whether new segments come; None when it was not watched long enough to say no."""
        if advanced(self.first, self.last):
            return True
        stale = self.age_s is not None and self.age_s > STALE_IN_TARGETS * max(self.last.target_s, 1.0)
        return False if stale or self.watched_s >= DUE_IN_TARGETS * self.last.target_s else None


def state_of(look: Look, expected: Expected) -> str:
    """The state of the stream behind a playlist; "" when it cannot be said."""
    playlist = look.last
    if playlist.recorded and playlist.segments:
        return streams.FINE
    if playlist.ended or not playlist.segments:
        return streams.OFF
    if look.advancing is None:
        return streams.UNKNOWN
    if not look.advancing:
        return streams.FROZEN
    return streams.MASKED if expected.masks(look.bitrate_bps) else streams.FINE
