"""A question to a beacon abroad and its signed answer, as bytes.

    question: 16 bytes of nonce, 16 bytes that only who knows the beacon's key can make, 32 random bytes
    answer:   64 bytes, the beacon's signature over purpose, transport, port and nonce

Rules of this file: both look like noise, so that nobody on the way reads from them who asks whom;
the answer is never longer than the question, so that a forged sender gains nothing; the port is
the one at which the question arrived, so a transparent proxy cannot pass for the beacon.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final, Literal

from wire.errors import BadSignature
from wire.signing import SIGNATURE_BYTES, SigningKey, VerifyKey

Transport = Literal["tcp", "udp"]
NONCE_BYTES: Final = 16
TAG_BYTES: Final = 16
PADDING_BYTES: Final = 32
QUESTION_BYTES: Final = NONCE_BYTES + TAG_BYTES + PADDING_BYTES
ANSWER_BYTES: Final = SIGNATURE_BYTES
_PURPOSE: Final = "dabyl/v1/beacon"


def make_question(public: bytes, nonce: bytes, padding: bytes) -> bytes:
    """The bytes that ask the beacon with a public key; `nonce` and `padding` are fresh randomness."""
    return nonce + _tag(public, nonce) + padding


def read_question(raw: bytes, public: bytes) -> bytes | None:
    """The nonce of a question to this beacon; None for anything else, which gets no answer."""
    nonce, tag = raw[:NONCE_BYTES], raw[NONCE_BYTES : NONCE_BYTES + TAG_BYTES]
    if len(raw) != QUESTION_BYTES or not hmac.compare_digest(tag, _tag(public, nonce)):
        return None
    return nonce


def make_answer(key: SigningKey, transport: Transport, port: int, nonce: bytes) -> bytes:
    """The beacon's answer."""
    return key.sign(_PURPOSE, _signed(transport, port, nonce))


def is_answer(raw: bytes, key: VerifyKey, transport: Transport, port: int, nonce: bytes) -> bool:
    """Whether these bytes are the beacon's answer to this question at this port."""
    if len(raw) != ANSWER_BYTES:
        return False
    try:
        key.verify(_PURPOSE, _signed(transport, port, nonce), raw)
    except BadSignature:
        return False
    return True


def _tag(public: bytes, nonce: bytes) -> bytes:
    return hmac.digest(public, b"dabyl/v1/ask\n" + nonce, hashlib.sha256)[:TAG_BYTES]


def _signed(transport: Transport, port: int, nonce: bytes) -> bytes:
    return f"{transport} {port} ".encode() + nonce
