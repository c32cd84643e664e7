"""A ClientHello of TLS 1.3 for QUIC: the name that it asks for, and the least that a server accepts."""

from __future__ import annotations

from typing import Final

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from probes.core.quic import varint

_X25519: Final = b"\x00\x1d"
_SUITES: Final = b"\x13\x01\x13\x02\x13\x03"
# ECDSA, RSA-PSS and RSA with SHA-256, -384 and -512: what certificates on the web are signed with.
_SIGNATURES: Final = bytes.fromhex("040308040401050308050501080606010807")
# RFC 9000, section 18.2: how much may be sent to us: little, since nothing is read.
_IDLE, _SOURCE_ID = 0x01, 0x0F
_LIMITS: Final = ((0x04, 65_536), (0x05, 16_384), (0x06, 16_384), (0x07, 16_384), (0x08, 4), (0x09, 4))


def client_hello(name: str, random: bytes, share: bytes, scid: bytes) -> bytes:
    """The handshake message. `random`, `share`: 32 random bytes each; an empty `name` is not sent."""
    public = X25519PrivateKey.from_private_bytes(share).public_key()
    key = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
    extensions = b"".join(
        (
            _server_name(name),
            _extension(0x0A, _sized(_X25519)),
            _extension(0x0D, _sized(_SIGNATURES)),
            _extension(0x10, _sized(b"\x02h3")),
            _extension(0x2B, b"\x02\x03\x04"),
            _extension(0x33, _sized(_X25519 + _sized(key))),
            _extension(0x39, transport_parameters(scid)),
        )
    )
    body = b"\x03\x03" + random + b"\x00" + _sized(_SUITES) + b"\x01\x00" + _sized(extensions)
    return b"\x01" + len(body).to_bytes(3, "big") + body


def transport_parameters(scid: bytes) -> bytes:
    """What a client must say of itself; the source connection ID is checked by the server."""
    said = [
        (_SOURCE_ID, scid),
        *((number, varint.encode(value)) for number, value in ((_IDLE, 5_000), *_LIMITS)),
    ]
    return b"".join(varint.encode(number) + varint.encode(len(value)) + value for number, value in said)


def _server_name(name: str) -> bytes:
    if not name:
        return b""
    return _extension(0x00, _sized(b"\x00" + _sized(name.encode("ascii"))))


def _extension(number: int, body: bytes) -> bytes:
    return number.to_bytes(2, "big") + _sized(body)


def _sized(body: bytes) -> bytes:
    return len(body).to_bytes(2, "big") + body
