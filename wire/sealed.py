"""A sealed text: what a station's machine signs, in one text of letters and digits.

    DBY1 <payload in base62> <4 check characters>, written without spaces

    payload: version 1 | type 1 | station 3 | time 4 | body | Ed25519 signature 64   (bytes, big-endian)

| type | purpose | body |
|---|---|---|
| 1 to 15: the sheet's number | `dabyl/v1/sheet` | SHA-256 of the sheet, 32: 105 bytes, 150 characters |
| 128 + a word's number | `dabyl/v1/status` | nothing: 73 bytes, 107 characters; turnout: hour 1, count 2 |

The signature covers the purpose line and all that stands before it. `station` is the number 710379, the time
Unix seconds, an hour of 0 is none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final, Literal, cast

from msgspec import Struct

from wire import base62
from wire.errors import BadInput, BadSignature
from wire.names import StationKind
from wire.signing import SIGNATURE_BYTES, Purpose, SigningKey, VerifyKey
from wire.times import format_time
from wire.typed import MARKS, WORD_NUMBERS

VERSION: Final = 1
PREFIX: Final = "DBY1"
SHEETS: Final = range(1, 16)
HASH_BYTES: Final = 32
HEAD_BYTES: Final = 9
MAX_COUNT: Final = 9_999
_STATUS: Final = 128
_LONG: Final = 40
"""No typed text has so many characters in one piece: it is a sealed one, its beginning damaged."""
_MAX_TIME: Final = 2**32 - 1
_STATION: Final = re.compile(r"KZ-([0-9]{2})-([0-9]{4})")
_WORDS: Final = {
    number: (cast("StationKind", kind), value)
    for (kind, value), number in WORD_NUMBERS.items()
    if kind not in {"info", "tel", "my"}
}
_SEALABLE: Final = {said: number for number, said in _WORDS.items()}

SealFault = Literal["typo", "forged", "unknown_version"]


class Sealed(Struct, frozen=True, kw_only=True):
    """What a sealed text says, before its signature was checked.

    `at`: Unix seconds. `value`: of a sheet its SHA-256 in hex, of a turnout the count, else the second word.
    `mark`: of a sheet its number, of a turnout the hour or nothing.
    """

    station: str
    kind: StationKind
    value: str
    mark: str
    at: int
    purpose: Purpose
    signed: bytes
    signature: bytes

    @property
    def time(self) -> str:
        """When it was sealed, as a wire time."""
        return format_time(datetime.fromtimestamp(self.at, UTC))


def looks_sealed(text: str) -> bool:
    """Whether a text is meant to be a sealed one, damaged or not, a sheet's or a probe's."""
    bare = "".join(text.split())
    return bool(bare) and (
        bare.startswith(PREFIX) or PREFIX.startswith(bare) or any(map(_is_long, text.split()))
    )


def _is_long(piece: str) -> bool:
    """Whether a piece is long and made of base62, but for a character or two that something changed."""
    return len(piece) >= _LONG and sum(map(base62.is_base62, piece)) >= len(piece) - 2


def seal_sheet(key: SigningKey, station: str, sha256: bytes, at: int, sheet: int = 1) -> str:
    """The text that carries a sheet's hash; raises `BadInput`."""
    if len(sha256) != HASH_BYTES or sheet not in SHEETS:
        raise BadInput(f"a sheet has a number from 1 to {SHEETS[-1]} and a hash of {HASH_BYTES} bytes")
    return _seal(key, "dabyl/v1/sheet", _head(sheet, station, at) + sha256)


def seal_status(
    key: SigningKey, station: str, said: tuple[str, str], at: int, turnout: tuple[str, int] | None = None
) -> str:
    """The text that carries a word: `said` is kind and value, `turnout` hour (or empty) and count."""
    number = _SEALABLE.get(cast("tuple[StationKind, str]", said))
    if number is None or (turnout is not None) != (said[0] == "turnout"):
        raise BadInput(f"not a word that can be sealed: {' '.join(said)}")
    body = b"" if turnout is None else _turnout(*turnout)
    return _seal(key, "dabyl/v1/status", _head(_STATUS + number, station, at) + body)


def write(payload: bytes) -> str:
    """Signed bytes as a text."""
    bare = PREFIX + base62.encode(payload)
    return bare + base62.check(bare)


def payload_of(text: str) -> bytes | None:
    """The signed bytes of a text with its check characters; None when a character is wrong."""
    bare = "".join(text.split())
    body, check = bare[: -base62.CHECK_CHARS], bare[-base62.CHECK_CHARS :]
    if not bare.startswith(PREFIX) or not base62.is_base62(bare) or len(body) < len(PREFIX):
        return None
    return base62.decode(body.removeprefix(PREFIX)) if base62.check(body) == check else None


def take_apart(text: str) -> Sealed | SealFault:
    """A station's text as it says it is, not yet verified; or why it is none."""
    payload = payload_of(text)
    # One character too many at the end may fit the check: then the payload is longer, with a zero in front.
    if payload is None or len(payload) < HEAD_BYTES + SIGNATURE_BYTES or not payload[0]:
        return "typo"
    if payload[0] != VERSION:
        return "unknown_version"
    said = _said(payload[1], payload[HEAD_BYTES:-SIGNATURE_BYTES])
    station = f"{int.from_bytes(payload[2:5], 'big'):06}"
    if said is None or len(station) > len("710379"):
        return "unknown_version"
    purpose, kind, value, mark = said
    return Sealed(
        station=f"KZ-{station[:2]}-{station[2:]}", kind=kind, value=value, mark=mark,
        at=int.from_bytes(payload[5:HEAD_BYTES], "big"), purpose=purpose,
        signed=payload[:-SIGNATURE_BYTES], signature=payload[-SIGNATURE_BYTES:],
    )  # fmt: skip


def is_signed_by(sealed: Sealed, keys: Sequence[VerifyKey]) -> bool:
    """Whether one of the keys signed it, for its purpose."""
    return any(_fits(sealed, key) for key in keys)


def _fits(sealed: Sealed, key: VerifyKey) -> bool:
    try:
        key.verify(sealed.purpose, sealed.signed, sealed.signature)
    except BadSignature:
        return False
    return True


def _seal(key: SigningKey, purpose: Purpose, signed: bytes) -> str:
    return write(signed + key.sign(purpose, signed))


def station_number(station: str) -> int:
    """The six digits of a station as a number; raises `BadInput`."""
    found = _STATION.fullmatch(station)
    if found is None:
        raise BadInput(f"not a station: {station[:20]!r}; one is KZ-71-0379")
    return int(found[1] + found[2])


def _head(kind: int, station: str, at: int) -> bytes:
    number = station_number(station).to_bytes(3, "big")
    if not 0 <= at <= _MAX_TIME:
        raise BadInput("a time before 1970 or after 2106")
    return bytes([VERSION, kind]) + number + at.to_bytes(4, "big")


def _turnout(mark: str, count: int) -> bytes:
    if mark not in {"", *MARKS} or not 0 <= count <= MAX_COUNT:
        raise BadInput(f"a turnout is an hour from {MARKS[0]} to {MARKS[-1]} or none, and 0 to {MAX_COUNT}")
    return bytes([int(mark or "0")]) + count.to_bytes(2, "big")


def _said(kind: int, body: bytes) -> tuple[Purpose, StationKind, str, str] | None:
    """Purpose, kind, value and mark; None when this version knows no such thing."""
    if kind in SHEETS:
        fits = len(body) == HASH_BYTES
        return ("dabyl/v1/sheet", "sheet", body.hex(), str(kind)) if fits else None
    said = _WORDS.get(kind - _STATUS)
    if said is None:
        return None
    if said[0] == "turnout":
        return _said_turnout(body)
    return None if body else ("dabyl/v1/status", *said, "")


def _said_turnout(body: bytes) -> tuple[Purpose, StationKind, str, str] | None:
    mark, count = f"{body[0]:02}" if body[:1] != b"\0" else "", int.from_bytes(body[1:], "big")
    if len(body) != len(_turnout("", 0)) or mark not in {"", *MARKS} or count > MAX_COUNT:
        return None
    return "dabyl/v1/status", "turnout", str(count), mark
