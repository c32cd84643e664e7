"""What a modem is given to send: SMS-SUBMIT (3GPP TS 23.040, 9.2.2.2)."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from sms_gateway.core import gsm7
from sms_gateway.core.gsm import parts, split
from sms_gateway.core.pdu import address, header
from sms_gateway.core.pdu.header import Join
from wire.errors import BadInput

_SUBMIT: Final = 0x01
_RELATIVE_VALIDITY: Final = 0x10
_REPORT: Final = 0x20
_HEADER: Final = 0x40
_UCS2: Final = 0x08
_MOST_PARTS: Final = 255
_MINUTES_5: Final = (12 * 60, 5, -1)
_MINUTES_30: Final = (24 * 60, 30, 119)
_DAYS: Final = (30 * 1440, 1440, 166)
_WEEKS: Final = (63 * 10_080, 10_080, 192)


class Submit(Struct, frozen=True, kw_only=True):
    """One part to send: its octets, an empty message centre first, and the length that is announced."""

    octets: bytes

    @property
    def announced(self) -> int:
        """The TPDU's length in octets, as `AT+CMGS` wants it: without the message centre."""
        return len(self.octets) - 1


def submitted(
    recipient: str, text: str, reference: int, *, valid_min: int = 1440, report: bool = False
) -> tuple[Submit, ...]:
    """The parts of a text. `reference` (0 to 255) joins them; `valid_min`: how long the centre tries.

    Raises `BadInput` for a recipient that cannot be dialled or a text of more than 255 parts.
    """
    target = address.write(recipient)
    pieces = split(text)
    if len(pieces) > _MOST_PARTS:
        raise BadInput(f"a text of {len(pieces)} parts; {_MOST_PARTS} are allowed")
    wide = parts(text).alphabet == "ucs2"
    flags = _SUBMIT | _RELATIVE_VALIDITY | (_REPORT if report else 0) | (_HEADER if len(pieces) > 1 else 0)
    # The empty centre: the SIM's own. The reference after the flags is the modem's to fill.
    head = bytes([0, flags, 0]) + target + bytes([0, _UCS2 if wide else 0, _validity(valid_min)])
    heads = _heads(reference % 256, len(pieces))
    return tuple(
        Submit(octets=head + _user_data(part_head, piece, wide))
        for part_head, piece in zip(heads, pieces, strict=True)
    )


def _heads(reference: int, total: int) -> list[bytes]:
    if total == 1:
        return [b""]
    numbers = range(1, total + 1)
    joins = [Join(reference=reference, width=8, total=total, part=number) for number in numbers]
    return [header.write(join) for join in joins]


def _user_data(head: bytes, piece: str, wide: bool) -> bytes:
    if wide:
        body = head + piece.encode("utf-16-be")
        return bytes([len(body)]) + body
    septets = gsm7.encode(piece) or b""
    taken = (8 * len(head) + 6) // 7
    return bytes([taken + len(septets)]) + head + gsm7.pack(septets, 7 * taken - 8 * len(head))


def _validity(minutes: int) -> int:
    """The relative validity period (9.2.3.12.1) that is at least so long, from 5 minutes to 63 weeks."""
    for most, step, base in (_MINUTES_5, _MINUTES_30, _DAYS):
        if minutes <= most:
            return max(0, -(-minutes // step) + base)
    _, step, base = _WEEKS
    return min(255, -(-minutes // step) + base)
