"""Ed25519 with a purpose line: a signature made for one use is worthless for another.

Rules of this file: the purpose stands in the signed bytes; verify before parsing; keys of
small order are refused, since two libraries differ on what they verify.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from typing import Final, Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from wire.errors import BadInput, BadSignature

Purpose = Literal[
    "dabyl/v1/batch", "dabyl/v1/report", "dabyl/v1/enrol", "dabyl/v1/beacon", "dabyl/v1/control",
    "dabyl/v1/sheet", "dabyl/v1/status", "dabyl/v1/digest",
    "dabyl/v1/deletion", "dabyl/v1/bundle", "dabyl/v1/invite", "dabyl/v1/upload", "dabyl/v1/void",
]  # fmt: skip
SIGNATURE_BYTES: Final = 64
# The headers of a control table's answer: its detached signature, and the key that made it.
CONTROL_SIGNATURE: Final = "Dabyl-Signature"
CONTROL_KEY: Final = "Dabyl-Key"
KEY_BYTES: Final = 32
_OURS: Final = "dabyl/"
_TEXT: Final = re.compile(r"[A-Za-z0-9_-]*")

# The points of small order and their non-canonical twins, sign bit cleared (RFC 8032, 5.1.7).
_SMALL_ORDER: Final = frozenset(
    bytes.fromhex(point)
    for point in (
        "00" * 32,
        "01" + "00" * 31,
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ec" + "ff" * 30 + "7f",
        "ed" + "ff" * 30 + "7f",
        "ee" + "ff" * 30 + "7f",
    )
)


class SigningKey:
    """A private key that signs for a purpose."""

    def __init__(self, seed: bytes) -> None:
        """From 32 secret bytes; any other length raises `BadInput`."""
        if len(seed) != KEY_BYTES:
            raise BadInput(f"a signing key has {KEY_BYTES} bytes, not {len(seed)}")
        self._key = Ed25519PrivateKey.from_private_bytes(seed)

    @property
    def public(self) -> bytes:
        """The 32 public bytes."""
        raw = serialization.Encoding.Raw
        return self._key.public_key().public_bytes(raw, serialization.PublicFormat.Raw)

    @property
    def id(self) -> str:
        """The name that the public key gives its owner, see `key_id`."""
        return key_id(self.public)

    def sign(self, purpose: Purpose, message: bytes) -> bytes:
        """64 bytes over the purpose line and the message."""
        return self._key.sign(purposed(purpose, message))

    def sign_text(self, text: str) -> bytes:
        """64 bytes over a text of another standard, whose first line is its purpose, as in a signed note.

        Raises `BadInput` for a text that could pass for something signed with a purpose of ours.
        """
        if text.startswith(_OURS):
            raise BadInput(f"a text that begins with {_OURS} is signed with its purpose alone")
        return self._key.sign(text.encode())


class VerifyKey:
    """A public key; made once, used for many signatures."""

    def __init__(self, public: bytes) -> None:
        """From 32 bytes; raises `BadInput` for a wrong length or a point of small order."""
        if len(public) != KEY_BYTES:
            raise BadInput(f"a public key has {KEY_BYTES} bytes, not {len(public)}")
        if public[:-1] + bytes([public[-1] & 0x7F]) in _SMALL_ORDER:
            raise BadInput("a public key of small order signs nothing")
        self._key = Ed25519PublicKey.from_public_bytes(public)

    def verify(self, purpose: Purpose, message: bytes, signature: bytes) -> None:
        """Nothing when it fits; raises `BadSignature` when not."""
        try:
            self._key.verify(signature, purposed(purpose, message))
        except InvalidSignature as error:
            raise BadSignature("the signature does not fit") from error

    def verify_text(self, text: str, signature: bytes) -> None:
        """Nothing when it fits a text as `SigningKey.sign_text` takes it; raises `BadSignature` when not."""
        try:
            self._key.verify(signature, text.encode())
        except InvalidSignature as error:
            raise BadSignature("the signature does not fit") from error


def purposed(purpose: Purpose, message: bytes) -> bytes:
    """The bytes that are signed: the purpose, a line end, the message."""
    return purpose.encode() + b"\n" + message


def key_id(public: bytes) -> str:
    """A name of 26 letters made from a public key: base32 of 16 bytes of its SHA-256."""
    return base64.b32encode(hashlib.sha256(public).digest()[:16]).decode().rstrip("=").lower()


def to_text(raw: bytes) -> str:
    """Bytes as unpadded URL-safe base64."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def from_text(text: str) -> bytes:
    """The bytes of such a text; raises `BadInput`."""
    if not _TEXT.fullmatch(text):
        raise BadInput("not URL-safe base64")
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise BadInput("not base64") from error
