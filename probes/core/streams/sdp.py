"""What a session description offers (RFC 8866): how many tracks, where one is asked for, its clock."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct

# Video's clock in nearly every payload format, and RTSP's default for us.
VIDEO_RATE: Final = 90_000
_RATE: Final = re.compile(r"a=rtpmap:\d+ [^/\s]+/(\d{1,9})", re.ASCII)


class Offer(Struct, frozen=True, kw_only=True):
    """How many tracks there are, the control text of one (video first), and its ticks in a second."""

    tracks: int
    control: str = ""
    rate: int = VIDEO_RATE


def read_offer(text: str) -> Offer:
    """The offer in a description; any text gives one, with no tracks at worst."""
    sections: list[list[str]] = []
    for line in text.splitlines():
        if line.startswith("m="):
            sections.append([])
        if sections:
            sections[-1].append(line)
    if not sections:
        return Offer(tracks=0)
    chosen = next((one for one in sections if one[0].startswith("m=video")), sections[0])
    return Offer(tracks=len(sections), control=_control(chosen), rate=_rate(chosen))


def _control(section: list[str]) -> str:
    found = next((line[len("a=control:") :].strip() for line in section if line.startswith("a=control:")), "")
    return found if found.isascii() and found.isprintable() and " " not in found else ""


def _rate(section: list[str]) -> int:
    found = next((match[1] for match in map(_RATE.match, section) if match), "")
    return int(found or 0) or VIDEO_RATE


def track_url(base: str, control: str) -> str:
    """Where a track is asked for: as players do it, the control text is appended to the base."""
    if not control or control == "*":
        return base
    return control if urlsplit(control).scheme else f"{base.rstrip('/')}/{control}"
