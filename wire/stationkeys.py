"""What proves a station's texts: its public keys and its card's one-time codes, one JSON line a station.

    {"v":1,"station":"KZ-71-0379","keys":["<43 characters>"],"codes":["482913","…"]}

The election commission prepares the file; `dabyl station enrol` takes it in. The codes are secrets.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from wire import canonical
from wire.errors import BadInput, BadRecord
from wire.signing import VerifyKey, from_text

MAX_CODES: Final = 400
_HEX_DIGITS: Final = 64
PublicKey = Annotated[str, Meta(pattern=r"^([0-9A-Fa-f]{64}|[A-Za-z0-9_-]{43})$(?!\n)")]
Code = Annotated[str, Meta(pattern=r"^[0-9]{6}$(?!\n)")]
StationName = Annotated[str, Meta(pattern=r"^KZ-[0-9]{2}-[0-9]{4}$(?!\n)")]
SenderPrint = Annotated[str, Meta(max_length=64)]


class StationKeys(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One station. `keys`: Ed25519, base64 or hex. `senders`: prints of numbers. `revoked`: nothing holds.

    `phones`: numbers in clear, only in the commission's file; `dabyl station enrol` turns them into prints.
    """

    v: Literal[1] = 1
    station: StationName
    keys: Annotated[tuple[PublicKey, ...], Meta(max_length=16)] = ()
    codes: Annotated[tuple[Code, ...], Meta(max_length=MAX_CODES)] = ()
    phones: Annotated[tuple[Annotated[str, Meta(max_length=20)], ...], Meta(max_length=16)] = ()
    senders: Annotated[tuple[SenderPrint, ...], Meta(max_length=16)] = ()
    revoked: bool = False


_station = canonical.Decoder(StationKeys)


def read_line(line: bytes) -> StationKeys:
    """One line of the file; raises `BadRecord`."""
    found = _station(line)
    if len(set(found.codes)) != len(found.codes):
        raise BadRecord(f"{found.station}: a code stands twice")
    try:
        public_keys(found)
    except BadInput as error:
        raise BadRecord(f"{found.station}: {error}") from error
    return found


def public_keys(listed: StationKeys) -> tuple[VerifyKey, ...]:
    """The keys of a station, ready to verify; raises `BadInput`."""
    return tuple(VerifyKey(public_key(key)) for key in listed.keys)


def public_key(text: str) -> bytes:
    """The 32 bytes of a key as text: URL-safe base64, or 64 hex digits; raises `BadInput`."""
    return bytes.fromhex(text) if len(text) == _HEX_DIGITS else from_text(text)
