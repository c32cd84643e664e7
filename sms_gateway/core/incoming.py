"""What a link's bytes are decoded into, before texts are joined and read: the records that all links share.

A link journals what its network handed over, byte for byte, and acknowledges it. Only then a decoder, a
total function, turns each piece into one of these: a fault in a decoder can lose no text.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from msgspec import Struct

from sms_gateway.core.alphabets import Alphabet
from sms_gateway.core.pdu.header import Join

Delivery = Literal["delivered", "failed", "expired", "waiting", "unknown"]


class Part(Struct, frozen=True, kw_only=True):
    """One short message: a whole text (`join` is None) or a part of one.

    `id`: the network's own name for it, empty when it gives none. `at`: when the network says that it
    came, RFC 3339; empty when it does not.
    """

    sender: str
    recipient: str = ""
    alphabet: Alphabet
    payload: bytes
    id: str = ""
    at: str = ""
    join: Join | None = None


class Receipt(Struct, frozen=True, kw_only=True):
    """What became of a text that we sent to `recipient`.

    `ids`: every form in which the network may have named it, the likeliest first.
    """

    ids: tuple[str, ...]
    recipient: str = ""
    state: Delivery
    why: str = ""


class Odd(Struct, frozen=True, kw_only=True):
    """What could not be decoded: kept and listed. `raw` holds no number in clear."""

    why: str
    raw: bytes
    sender: str = ""


Decoded = Part | Receipt | Odd
Decode = Callable[[bytes], Decoded]
"""Any bytes give one of the three; nothing is raised."""
