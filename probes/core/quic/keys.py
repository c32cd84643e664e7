"""Initial keys (RFC 9001, section 5): any eye on the way can derive them, so a censor can read the name."""

from __future__ import annotations

import hmac
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from msgspec import Struct

SAMPLE: Final = 16
TAG: Final = 16
# RFC 9001, section 5.2: the salt of version 1.
_SALT: Final = bytes.fromhex("38762cf7f55934b34d179ae6a4c80cadccbb7f0a")


class Keys(Struct, frozen=True, kw_only=True):
    """One direction's keys: AEAD_AES_128_GCM, and AES-ECB over a sample for the header."""

    key: bytes
    iv: bytes
    header: bytes

    def seal(self, number: int, plain: bytes, header: bytes) -> bytes:
        """The payload of a packet, encrypted and bound to its header."""
        return AESGCM(self.key).encrypt(self._nonce(number), plain, header)

    def open(self, number: int, sealed: bytes, header: bytes) -> bytes | None:
        """The payload of a packet; None when it was not sealed with these keys."""
        try:
            return AESGCM(self.key).decrypt(self._nonce(number), sealed, header)
        except InvalidTag:
            return None

    def mask(self, sample: bytes) -> bytes:
        """The five bytes that hide first byte and packet number (RFC 9001, section 5.4.3)."""
        block = Cipher(AES(self.header), ECB()).encryptor()  # noqa: S305  # what the RFC prescribes
        return block.update(sample)[:5]

    def _nonce(self, number: int) -> bytes:
        return bytes(a ^ b for a, b in zip(self.iv, number.to_bytes(len(self.iv), "big"), strict=True))


def client_keys(dcid: bytes) -> Keys:
    """What a client's Initial packets are sealed with, from the ID that it chose for the server."""
    return _direction(dcid, b"client in")


def server_keys(dcid: bytes) -> Keys:
    """What the server's Initial packets are sealed with, from the same ID."""
    return _direction(dcid, b"server in")


def _direction(dcid: bytes, label: bytes) -> Keys:
    secret = _expand(hmac.digest(_SALT, dcid, "sha256"), label, 32)
    return Keys(
        key=_expand(secret, b"quic key", 16),
        iv=_expand(secret, b"quic iv", 12),
        header=_expand(secret, b"quic hp", 16),
    )


def _expand(secret: bytes, label: bytes, size: int) -> bytes:
    """HKDF-Expand-Label with an empty context (RFC 8446, section 7.1)."""
    full = b"tls13 " + label
    info = size.to_bytes(2, "big") + bytes([len(full)]) + full + b"\x00"
    return HKDFExpand(algorithm=SHA256(), length=size, info=info).derive(secret)
