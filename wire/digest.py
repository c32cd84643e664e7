"""A probe's round in one text, for when the lines are cut: what was reached, by category and side.

    payload: version 1 | type 64 | probe, 8 bytes | time 4 | AS number 4 | region 1 | flags 1 | mechanism 2
             | reach 13 | Ed25519 signature 64: 99 bytes, 142 characters, sealed as wire.sealed says

`probe`: how the SHA-256 of its public key begins; its id begins with the same. `region`: the number in
KZ-71, 0 when not told. `flags`: bit 0 outside the country, bits 1 and 2 the access, 3 to 5 the line.
`mechanism`: how the SHA-256 of its name begins; 0 none. `reach`: for each category four bits for
domestic targets and four for foreign ones: how many of 14 parts worked, 15 when none was measured.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final, Literal, get_args

from msgspec import Struct

from wire.errors import BadInput, BadSignature
from wire.names import ACCESSES, MECHANISMS, Category, Mechanism, Side
from wire.records import Measurement, Network
from wire.sealed import VERSION, payload_of, write
from wire.signing import SIGNATURE_BYTES, SigningKey, VerifyKey, key_id
from wire.times import format_time

TYPE: Final = 64
PROBE_BYTES: Final = 8
SIZE_BYTES: Final = 99
Line = Literal["unknown", "ok", "down", "lossy", "captive_portal"]
LINES: Final[tuple[Line, ...]] = get_args(Line)
# As they were when the format was made: a category that is added later has no place in version 1.
CATEGORIES: Final[tuple[Category, ...]] = (
    "egov", "election", "government", "bank", "news", "messenger", "social", "kz", "circumvention", "control",
    "camera", "health", "court",
)  # fmt: skip
_SIDES: Final[tuple[Side, Side]] = ("domestic", "foreign")
_PRINT_BYTES: Final = 2
_REGION: Final = re.compile(r"KZ-([0-9]{2})")
_REGIONS: Final = 100
_MAX_UINT32: Final = 2**32 - 1
PARTS: Final = 14
_NOT_MEASURED: Final = 15
_WORKS: Final = frozenset({"ok", "impaired"})
_SAYS_NOTHING: Final = frozenset({"insufficient", "down"})


class Reach(Struct, frozen=True, kw_only=True):
    """Of one category and side: which share of what was measured worked, 0 to 1, in fourteenths."""

    category: Category
    side: Side
    share: float


class Digest(Struct, frozen=True, kw_only=True):
    """A round. `probe`: 16 hex digits; `line`: the probe's own; `worst`: the commonest mechanism amiss."""

    kind: Literal["digest"] = "digest"
    probe: str
    at: str
    network: Network
    line: Line
    worst: Mechanism | None
    reach: tuple[Reach, ...]


def _print(mechanism: str) -> bytes:
    return hashlib.sha256(mechanism.encode()).digest()[:_PRINT_BYTES]


_BY_PRINT: Final = {_print(name): name for name in MECHANISMS}


def _mechanism(name: Mechanism | None) -> bytes:
    return bytes(_PRINT_BYTES) if name is None else _print(name)


def probe_name(public: bytes) -> str:
    """The 16 hex digits that name a probe in its digests."""
    return hashlib.sha256(public).digest()[:PROBE_BYTES].hex()


def identity(payload: bytes) -> str:
    """26 letters that name a digest: the same over every link and from every gateway."""
    return key_id(payload)


def seal(key: SigningKey, measurements: Iterable[Measurement], network: Network, at: int) -> str:
    """The text of a round; `at` in Unix seconds. Raises `BadInput` for a time that four bytes cannot hold."""
    if not 0 <= at <= _MAX_UINT32:
        raise BadInput("a time before 1970 or after 2106")
    found = list(measurements)
    flags = int(network.side == "outside") | ACCESSES.index(network.access) << 1
    flags |= LINES.index(line_of(found)) << 3
    place = _REGION.fullmatch(network.region)
    asn = int(network.asn[2:])
    signed = b"".join(
        (
            bytes([VERSION, TYPE]),
            bytes.fromhex(probe_name(key.public)),
            at.to_bytes(4, "big"),
            (asn if asn <= _MAX_UINT32 else 0).to_bytes(4, "big"),
            bytes([int(place[1]) if place else 0, flags]),
            _mechanism(worst_of(found)),
            _nibbles(found),
        )
    )
    return write(signed + key.sign("dabyl/v1/digest", signed))


def is_digest(text: str) -> bool:
    """Whether a text with right check characters is a probe's digest of this version."""
    payload = payload_of(text)
    return payload is not None and len(payload) == SIZE_BYTES and payload[:2] == bytes([VERSION, TYPE])


def read(text: str) -> tuple[Digest, bytes] | None:
    """A digest, not yet verified, and its payload; None when the text is none or holds what cannot be."""
    payload = payload_of(text) if is_digest(text) else None
    if payload is None:
        return None
    asn, (region, flags) = int.from_bytes(payload[14:18], "big"), payload[18:20]
    access, line = flags >> 1 & 3, flags >> 3
    if line >= len(LINES) or access >= len(ACCESSES) or region >= _REGIONS:
        return None
    network = Network(
        asn=f"AS{asn}", region=f"KZ-{region:02}" if region else "", access=ACCESSES[access],
        side="outside" if flags & 1 else "inside",
    )  # fmt: skip
    digest = Digest(
        probe=payload[2 : 2 + PROBE_BYTES].hex(),
        at=format_time(datetime.fromtimestamp(int.from_bytes(payload[10:14], "big"), UTC)),
        network=network,
        line=LINES[line],
        worst=_BY_PRINT.get(payload[20:22]),
        reach=tuple(_reach(payload[22:-SIGNATURE_BYTES])),
    )
    return digest, payload


def is_signed_by(payload: bytes, key: VerifyKey) -> bool:
    """Whether a probe's key signed this payload as a digest."""
    try:
        key.verify("dabyl/v1/digest", payload[:-SIGNATURE_BYTES], payload[-SIGNATURE_BYTES:])
    except BadSignature:
        return False
    return True


def line_of(measurements: Iterable[Measurement]) -> Line:
    """The line's state: what a verdict blames it for, else fine when anything worked."""
    found = list(measurements)
    blamed = Counter(one.verdict.mechanism for one in found if one.verdict.stage == "line")
    if blamed:
        name = (blamed.most_common(1)[0][0] or "").removeprefix("line.")
        return next((line for line in LINES if line == name), "unknown")
    return "ok" if any(one.verdict.state in _WORKS for one in found) else "unknown"


def worst_of(measurements: Sequence[Measurement]) -> Mechanism | None:
    """The commonest mechanism of what does not work, else of what is impaired."""
    for states in ({"blocked", "likely_blocked"}, {"impaired"}):
        found = Counter(
            one.verdict.mechanism
            for one in measurements
            if one.verdict.state in states and one.verdict.mechanism is not None
        )
        if found:
            return min(found, key=lambda name: (-found[name], name))
    return None


def _nibbles(measurements: list[Measurement]) -> bytes:
    return bytes(
        _level(measurements, category, "domestic") << 4 | _level(measurements, category, "foreign")
        for category in CATEGORIES
    )


def _level(measurements: list[Measurement], category: str, side: str) -> int:
    """How many of 14 parts worked; all and none only when it is so."""
    told = [
        one.verdict.state in _WORKS
        for one in measurements
        if (one.target.category, one.target.side) == (category, side)
        and one.verdict.state not in _SAYS_NOTHING
    ]
    if not told:
        return _NOT_MEASURED
    parts = round(PARTS * sum(told) / len(told))
    return parts if all(told) or not any(told) else min(max(parts, 1), PARTS - 1)


def _reach(nibbles: bytes) -> Iterable[Reach]:
    for category, byte in zip(CATEGORIES, nibbles, strict=True):
        for side, level in zip(_SIDES, (byte >> 4, byte & 15), strict=True):
            if level != _NOT_MEASURED:
                yield Reach(category=category, side=side, share=round(level / PARTS, 3))
