"""The file of stations' keys and codes: made, taken in, revoked. What it holds is secret: mode 0600."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Struct
from msgspec.structs import replace

from sms_gateway.core.sender import sender_print
from sms_gateway.reader import read_keys
from wire import Randomness, canonical
from wire.errors import BadInput
from wire.signing import KEY_BYTES, SigningKey, to_text
from wire.stationkeys import MAX_CODES, StationKeys
from wire.typed import CODE_DIGITS

CODES: Final = 60
_MOST_CODES: Final = 10**CODE_DIGITS
_CODE_BYTES: Final = 8


class Enrolled(Struct, frozen=True, kw_only=True):
    """What taking in a file changed: stations that are new, that were changed, that are revoked now."""

    new: int = 0
    changed: int = 0
    revoked: int = 0


def new_station(
    station: str, randomness: Randomness, codes: int = CODES
) -> tuple[SigningKey, str, StationKeys]:
    """A key for a station, its seed as hex for a file, and the line that lets its texts be believed."""
    if not 0 <= codes <= MAX_CODES:
        raise BadInput(f"a card has at most {MAX_CODES} codes")
    seed = randomness.token(KEY_BYTES)
    key = SigningKey(seed)
    return (
        key,
        seed.hex(),
        StationKeys(station=station, keys=(to_text(key.public),), codes=_codes(randomness, codes)),
    )


def _codes(randomness: Randomness, count: int) -> tuple[str, ...]:
    found: dict[str, None] = {}
    while len(found) < count:
        # Eight bytes for six digits: no code is likelier than another by more than 1 in 10^13.
        drawn = int.from_bytes(randomness.token(_CODE_BYTES), "big") % _MOST_CODES
        found[f"{drawn:0{CODE_DIGITS}}"] = None
    return tuple(found)


def signing_key(path: Path) -> SigningKey:
    """The key in a file: 64 hex digits, or Ed25519 as PEM (`openssl genpkey`). Raises `BadInput`."""
    return SigningKey(secret_seed(path))


def secret_seed(path: Path) -> bytes:
    """The 32 secret bytes of such a file; raises `BadInput`."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}") from error
    try:
        seed = _seed(raw)
        SigningKey(seed)
        return seed
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise BadInput(f"{path}: not a key: 64 hex digits, or Ed25519 as PEM") from error


def _seed(raw: bytes) -> bytes:
    if not raw.lstrip().startswith(b"-----BEGIN"):
        return bytes.fromhex(raw.decode("ascii"))
    key = serialization.load_pem_private_key(raw, password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("another kind of key")
    return key.private_bytes_raw()


def merged(
    known: Sequence[StationKeys], coming: Iterable[StationKeys], prints: bytes | None
) -> tuple[list[StationKeys], Enrolled]:
    """The stations after taking in others: a station that comes replaces itself, but a revoked one stays so.

    `prints`: the gateway's key for numbers, needed where phones are listed; else `BadInput`.
    """
    stations = {one.station: one for one in known}
    new = changed = 0
    for one in coming:
        taken, before = _printed(one, prints), stations.get(one.station)
        if before is not None and before.revoked:
            taken = replace(taken, revoked=True)
        new, changed = new + (before is None), changed + (before is not None and before != taken)
        stations[one.station] = taken
    revoked = sum(one.revoked for one in stations.values())
    return _sorted(stations.values()), Enrolled(new=new, changed=changed, revoked=revoked)


def revoked(known: Sequence[StationKeys], names: Iterable[str]) -> list[StationKeys]:
    """The stations with these revoked; raises `BadInput` for one that is not listed."""
    stations = {one.station: one for one in known}
    for name in names:
        if name not in stations:
            raise BadInput(f"{name} is not in the file of keys")
        stations[name] = replace(stations[name], revoked=True)
    return _sorted(stations.values())


def write_keys(path: Path, stations: Iterable[StationKeys]) -> None:
    """Write the file anew, for its owner alone; raises `BadInput`. After a crash the old one stands there."""
    draft = path.with_name(path.name + ".new")
    try:
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.writelines(canonical.encode(one) + b"\n" for one in stations)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}") from error


def enrol(path: Path, coming: Path, names: Iterable[str], prints: bytes | None) -> Enrolled:
    """Take the commission's file into ours and revoke the named stations; raises `BadInput`."""
    known = read_keys(path) if path.exists() else []
    stations, told = merged(known, read_keys(coming), prints)
    after = revoked(stations, names)
    write_keys(path, after)
    return replace(told, revoked=sum(one.revoked for one in after))


def revoke(path: Path, names: Iterable[str]) -> Enrolled:
    """Revoke stations in our file; raises `BadInput`."""
    after = revoked(read_keys(path), names)
    write_keys(path, after)
    return Enrolled(revoked=sum(one.revoked for one in after))


def _printed(one: StationKeys, prints: bytes | None) -> StationKeys:
    """A station whose numbers became prints: no number in clear is kept."""
    if not one.phones:
        return one
    if prints is None:
        raise BadInput(
            f"{one.station}: it lists phones; --data names the gateway's folder, whose key prints them"
        )
    made = tuple(sender_print(prints, phone) for phone in one.phones)
    return replace(one, phones=(), senders=tuple(dict.fromkeys([*one.senders, *made])))


def _sorted(stations: Iterable[StationKeys]) -> list[StationKeys]:
    return sorted(stations, key=lambda one: one.station)
