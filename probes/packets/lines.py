"""The lines that pass between the probe and its packet helper. Pure.

The helper is another project's licence and another process; these few words are all that the two share.
"""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct

from probes.core.packets import Packet
from wire import canonical

Kind = Literal["tcp", "dns"]
MAX_SECONDS: Final = 30


class Ends(Struct, frozen=True, kw_only=True):
    """The two ends of a flow, seen from this machine."""

    local: str
    local_port: int
    remote: str
    remote_port: int


class Command(Struct, frozen=True, kw_only=True):
    """Listen to one flow for a while."""

    id: int
    watch: Kind
    local: str
    local_port: int
    remote: str
    remote_port: int
    seconds: int


class Stop(Struct, frozen=True, kw_only=True):
    """Listen no more."""

    stop: int


class Told(Struct, frozen=True, kw_only=True):
    """Anything that the helper says: that it is ready, that it listens, or what it saw."""

    ready: bool | None = None
    reason: str = ""
    refused: str = ""
    id: int = 0
    watching: bool = False
    ended: bool = False
    expired: bool = False
    flags: str = ""
    ttl: int = 0
    ipid: int | None = None
    size: int = 0
    rcode: str = ""
    answers: tuple[str, ...] = ()


decode: Final = canonical.Decoder(Told)


def command(number: int, kind: Kind, ends: Ends, seconds: int) -> bytes:
    """The line that asks for a watch; `seconds` from 1 to `MAX_SECONDS`."""
    asked = Command(
        id=number,
        watch=kind,
        local=ends.local,
        local_port=ends.local_port,
        remote=ends.remote,
        remote_port=ends.remote_port,
        seconds=max(1, min(seconds, MAX_SECONDS)),
    )
    return canonical.encode(asked) + b"\n"


def stop(number: int) -> bytes:
    """The line that ends a watch before its time; nothing answers it but the watch's end."""
    return canonical.encode(Stop(stop=number)) + b"\n"


def packet(told: Told) -> Packet:
    """What was seen of a flow, as the core reads it."""
    return Packet(flags=told.flags, ttl=told.ttl, ipid=told.ipid, size_bytes=told.size, expired=told.expired)
