"""Signed notes, checkpoints, cosignatures (c2sp.org/signed-note, /tlog-checkpoint, /tlog-cosignature).

Rules of this file: a note is read strictly or not at all; nobody uses a text before a signature of
a key that was known beforehand was checked; signatures of keys that are not known are passed over.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Final, Self

from msgspec import Struct

from wire.errors import BadInput, BadRecord, BadSignature
from wire.merkle import HASH_BYTES
from wire.signing import SIGNATURE_BYTES, SigningKey, VerifyKey

ED25519: Final = 1
COSIGNATURE: Final = 4
MAX_NOTE_BYTES: Final = 262_144
MAX_SIGNATURES: Final = 64
MAX_WHOLE: Final = 2**63 - 1
_ID_BYTES: Final = 4
_LINES: Final = 3  # of a checkpoint, at least
_TIME_BYTES: Final = 8
_COSIGNED: Final = "cosignature/v1\ntime {}\n"
_DASH: Final = "— "
_NAME: Final = re.compile(r"[^\s+]+")
_CONTROLS: Final = re.compile(r"[\x00-\x09\x0b-\x1f]")
_DECIMAL: Final = re.compile(r"0|[1-9][0-9]{0,18}")


class NoteKey(Struct, frozen=True):
    """A public key that signs notes: its name, whether it signs (1) or cosigns with a time (4), 32 bytes."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        """The four bytes before its signatures."""
        named = self.name.encode() + b"\n" + bytes([self.kind]) + self.public
        return hashlib.sha256(named).digest()[:_ID_BYTES]

    def __str__(self) -> str:
        """The verifier key as a line: name, id, and kind with key, plus signs between."""
        return f"{self.name}+{self.id.hex()}+{to_base64(bytes([self.kind]) + self.public)}"

    @classmethod
    def parse(cls, line: str) -> Self:
        """The key of such a line; raises `BadInput`."""
        name, _, rest = line.strip().partition("+")
        printed, _, coded = rest.partition("+")
        raw = from_base64(coded)
        if not _NAME.fullmatch(name) or raw[:1] not in (b"\x01", b"\x04"):
            raise BadInput("not the verifier key of a log or a witness: name+id+key")
        key = cls(name, raw[0], raw[1:])
        VerifyKey(key.public)  # it complains of a wrong length and of keys that sign nothing
        if key.id.hex() != printed:
            raise BadInput(f"the key of {name} does not fit its id")
        return key


class Signature(Struct, frozen=True):
    """One signature line: whose, which key, and the bytes after the key's id."""

    name: str
    key_id: bytes
    body: bytes

    def __str__(self) -> str:
        """The line, without its end."""
        return f"{_DASH}{self.name} {to_base64(self.key_id + self.body)}"


class Note(Struct, frozen=True):
    """A text, which ends with a line end, and the signatures under it."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        """The note as it travels."""
        return self.text + "\n" + "".join(f"{one}\n" for one in self.signatures)

    def plus(self, more: Iterable[Signature]) -> Note:
        """The same text with further signatures; one that stands there already is not repeated."""
        return Note(self.text, tuple(dict.fromkeys((*self.signatures, *more))))


class Checkpoint(Struct, frozen=True):
    """The head of a log: its origin, its size, its root hash, and opaque further lines."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The text that is signed."""
        return "".join(
            f"{line}\n" for line in (self.origin, self.size, to_base64(self.root), *self.extensions)
        )

    @classmethod
    def parse(cls, text: str) -> Self:
        """The checkpoint of a note's text; raises `BadRecord`."""
        lines = text.removesuffix("\n").split("\n")
        if len(lines) < _LINES or not all(lines) or not text.endswith("\n"):
            raise BadRecord("a checkpoint has an origin, a size and a root hash, a line each")
        if not _DECIMAL.fullmatch(lines[1]) or int(lines[1]) > MAX_WHOLE:
            raise BadRecord("the size of a checkpoint is no number below 2^63")
        return cls(lines[0], int(lines[1]), hash_of(lines[2]), tuple(lines[3:]))


def parse_note(raw: bytes) -> Note:
    """A note from its bytes, nothing verified; raises `BadRecord`."""
    if len(raw) > MAX_NOTE_BYTES:
        raise BadRecord(f"a note of {len(raw)} bytes; {MAX_NOTE_BYTES} are allowed")
    try:
        whole = raw.decode()
    except UnicodeDecodeError as error:
        raise BadRecord("a note is UTF-8") from error
    text, found, lines = whole.rpartition("\n\n")
    if _CONTROLS.search(whole) or not found or not text or not lines.endswith("\n"):
        raise BadRecord("a note is a text, an empty line, and signatures")
    return Note(text + "\n", signatures_of(lines))


def signatures_of(lines: str) -> tuple[Signature, ...]:
    """The signatures of lines that each end with a line end; raises `BadRecord`."""
    if not lines.endswith("\n") or lines.count("\n") > MAX_SIGNATURES:
        raise BadRecord(f"signatures are 1 to {MAX_SIGNATURES} lines")
    return tuple(_signature(line) for line in lines.removesuffix("\n").split("\n"))


def _signature(line: str) -> Signature:
    name, _, coded = line.removeprefix(_DASH).partition(" ")
    raw = from_base64(coded)
    if not line.startswith(_DASH) or not _NAME.fullmatch(name) or len(raw) <= _ID_BYTES:
        raise BadRecord("not a signature line")
    return Signature(name, raw[:_ID_BYTES], raw[_ID_BYTES:])


class Signer(Struct, frozen=True):
    """A private key that signs notes (kind 1), or cosigns checkpoints with a time (kind 4), under a name."""

    name: str
    kind: int
    secret: SigningKey

    @property
    def key(self) -> NoteKey:
        """Its public half."""
        return NoteKey(self.name, self.kind, self.secret.public)

    def sign(self, text: str, at: int = 0) -> Signature:
        """Its signature under a text; `at`: POSIX seconds, for a cosignature."""
        if self.kind == ED25519:
            return Signature(self.name, self.key.id, self.secret.sign_text(text))
        stamp = at.to_bytes(_TIME_BYTES, "big")
        return Signature(self.name, self.key.id, stamp + self.secret.sign_text(_COSIGNED.format(at) + text))


def verified(note: Note, keys: Iterable[NoteKey]) -> Mapping[NoteKey, int]:
    """The known keys that signed a note, each with the POSIX time of its cosignature (0: it has none).

    Raises `BadSignature` when a known key's signature does not fit, and when no known key signed.
    """
    known = {(key.name, key.id): key for key in keys}
    found = {
        key: _checked(note.text, key, one.body)
        for one in note.signatures
        if (key := known.get((one.name, one.key_id))) is not None
    }
    if not found:
        raise BadSignature("no key that is known has signed this")
    return found


def _checked(text: str, key: NoteKey, body: bytes) -> int:
    timed = _TIME_BYTES if key.kind == COSIGNATURE else 0
    if len(body) != timed + SIGNATURE_BYTES:
        raise BadSignature(f"the signature of {key.name} has a wrong length")
    at = int.from_bytes(body[:timed], "big")
    if at > MAX_WHOLE:
        raise BadSignature(f"the cosignature of {key.name} has a time past 2^63")
    signed = _COSIGNED.format(at) + text if timed else text
    VerifyKey(key.public).verify_text(signed, body[timed:])
    return at


def hash_of(line: str) -> bytes:
    """A hash from its line of base64; raises `BadRecord`."""
    raw = from_base64(line)
    if len(raw) != HASH_BYTES:
        raise BadRecord(f"a hash has {HASH_BYTES} bytes, not {len(raw)}")
    return raw


def to_base64(raw: bytes) -> str:
    """Standard base64, padded."""
    return base64.b64encode(raw).decode()


def from_base64(text: str) -> bytes:
    """The bytes of standard base64 in its one canonical form; raises `BadRecord`."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadRecord("not base64") from error
    if to_base64(raw) != text:  # spare bits that are not zero would give one hash two faces
        raise BadRecord("not base64 in its one canonical form")
    return raw
