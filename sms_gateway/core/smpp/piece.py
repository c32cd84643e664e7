"""A journalled `deliver_sm` or `data_sm`, decoded: a text, a part, a delivery receipt, or what it is not.

A piece is the command and the body: not the header, whose sequence differs when the centre brings it again.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from msgspec.structs import replace

from sms_gateway.core import gsm7
from sms_gateway.core.alphabets import Alphabet
from sms_gateway.core.hiding import hidden
from sms_gateway.core.incoming import Decode, Decoded, Odd, Part
from sms_gateway.core.pdu import header
from sms_gateway.core.pdu.coding import alphabet_of
from sms_gateway.core.pdu.header import Join
from sms_gateway.core.smpp.body import Brought, brought
from sms_gateway.core.smpp.commands import Tag
from sms_gateway.core.smpp.pdu import Pdu
from sms_gateway.core.smpp.receipt import is_receipt, receipt
from wire.errors import BadRecord

_COMMAND_BYTES: Final = 4
_HAS_HEADER: Final = 0x40  # esm_class, 5.2.12
_SAR: Final = 0x10000
"""Added to a reference of SAR parameters: no header's reference is that high, so the two never meet."""
_MOST_REFERENCE, _MOST_PARTS = 0xFFFF, 0xFF
_GSM_SCHEMES: Final = 0x10
# 5.2.19. Those of other languages are in no alphabet of ours.
_CODINGS: Final[dict[int, Alphabet]] = {
    1: "ascii",
    2: "octets",
    3: "latin1",
    4: "octets",
    6: "cyrillic",
    8: "ucs2",
}


def piece_of(pdu: Pdu) -> bytes:
    """What is journalled of a PDU."""
    return pdu.command.to_bytes(_COMMAND_BYTES, "big") + pdu.body


def decoder(default: Alphabet, *, packed: bool = False) -> Decode:
    """The decoder of a link; `default`: the alphabet of data coding 0 at this operator.

    `packed`: the operator's centre packs eight septets of the GSM alphabet into seven octets, as on the air.
    """
    return partial(_decode, default, packed)


def _decode(default: Alphabet, packed: bool, piece: bytes) -> Decoded:
    command, body = int.from_bytes(piece[:_COMMAND_BYTES], "big"), piece[_COMMAND_BYTES:]
    try:
        found = brought(command, body)
    except BadRecord as error:
        return Odd(why=str(error), raw=hidden(body))
    if is_receipt(found):
        return receipt(found)
    part = _part(found, default)
    if packed and isinstance(part, Part) and part.alphabet == "gsm7":
        return replace(part, payload=_unpacked(found, part.payload))
    return part


def _unpacked(found: Brought, body: bytes) -> bytes:
    """Packed octets as septets: behind a header they begin at a septet's border (TS 23.040, 9.2.3.24)."""
    fill_bits = -8 * (len(found.payload) - len(body)) % 7
    count = (8 * len(body) - fill_bits) // 7
    septets = gsm7.unpack(body, count, fill_bits)
    # Seven bits are left over: a septet of zeros or a CR that only fills the octet (TS 23.038, 6.1.2.3.1).
    filled = (8 * len(body) - fill_bits) % 7 == 0 and septets[-1:] in {b"\0", b"\r"}
    return septets[:-1] if filled else septets


def _part(found: Brought, default: Alphabet) -> Decoded:
    payload, join = found.payload, _sar(found.tags)
    alphabet = _alphabet(found.data_coding, default)
    if found.esm_class & _HAS_HEADER:
        size = payload[0] + 1 if payload else 1
        if size > len(payload):
            return Odd(why="a header that is longer than its text", raw=payload, sender=found.sender)
        head = header.read(payload[1:size])
        payload, join = payload[size:], head.join or join
        alphabet = "unknown" if head.shifted else alphabet
    return Part(sender=found.sender, recipient=found.recipient, alphabet=alphabet, payload=payload, join=join)


def _sar(tags: dict[int, bytes]) -> Join | None:
    """Where a part belongs by its SAR parameters (5.3.2.22 to 24); all three are needed.

    A number that their one or two octets cannot hold is none: it would not fit into the store either.
    """
    found = [tags.get(tag) for tag in (Tag.SAR_MSG_REF_NUM, Tag.SAR_TOTAL_SEGMENTS, Tag.SAR_SEGMENT_SEQNUM)]
    reference, total, number = (int.from_bytes(one, "big") if one else None for one in found)
    if reference is None or total is None or number is None:
        return None
    if reference > _MOST_REFERENCE or total > _MOST_PARTS:
        return None
    return Join(reference=_SAR + reference, width=16, total=total, part=number)


def _alphabet(coding: int, default: Alphabet) -> Alphabet:
    if coding >= _GSM_SCHEMES:
        # Reserved by SMPP, but centres pass on what phones said: a class, a waiting message (TS 23.038, 4).
        found = alphabet_of(coding)
        return default if found == "gsm7" else found
    return default if coding == 0 else _CODINGS.get(coding, "unknown")
