"""What a modem hands over: SMS-DELIVER and SMS-STATUS-REPORT (3GPP TS 23.040, 9.2.2.1 and 9.2.2.3)."""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct

from sms_gateway.core import gsm7
from sms_gateway.core.pdu import address, header, semi
from sms_gateway.core.pdu.address import Address
from sms_gateway.core.pdu.coding import Alphabet, alphabet_of, text_of
from sms_gateway.core.pdu.cursor import Cursor
from sms_gateway.core.pdu.header import Header, Join
from wire.errors import BadRecord

State = Literal["delivered", "expired", "failed", "waiting"]
_KIND: Final = 0x03
_SUBMIT_REPORT: Final = 1
_STATUS_REPORT: Final = 2
_HAS_HEADER: Final = 0x40
_SILENT: Final = 0x40
_TIME_OCTETS: Final = 7
_MOST_SEPTETS: Final = 160
_MOST_OCTETS: Final = 140
_STILL_TRYING: Final = 0x20
_GIVEN_UP: Final = 0x40
_EXPIRED: Final = 0x46


class Deliver(Struct, frozen=True, kw_only=True):
    """A text, or a part of one.

    `body`: septets, one in an octet, or octets, without the header. `at`: when the centre took it, a wire
    time, empty when it names none. `silent`: of type 0, which a phone does not show. `data`: for a program,
    by its port.
    """

    centre: str
    sender: Address
    at: str
    alphabet: Alphabet
    body: bytes
    join: Join | None = None
    silent: bool = False
    data: bool = False

    @property
    def text(self) -> str | None:
        """The body as a text, for what is whole; None when it is none."""
        return text_of(self.alphabet, self.body)


class StatusReport(Struct, frozen=True, kw_only=True):
    """What became of a text that we sent; `reference` is the number that the modem gave it (0 to 255)."""

    centre: str
    recipient: Address
    reference: int
    at: str
    ended_at: str
    status: int

    @property
    def state(self) -> State:
        """What the status says (9.2.3.15): reserved ones count as the failures beside them."""
        if self.status == _EXPIRED:
            return "expired"
        if self.status < _STILL_TRYING:
            return "delivered"
        return "waiting" if self.status < _GIVEN_UP else "failed"


def received(octets: bytes, announced: int | None = None) -> Deliver | StatusReport:
    """A PDU with its message centre before it; `announced`: the TPDU's length as the modem says it.

    Some modems leave the centre out: then all octets are the TPDU. Some announce a wrong length: what the PDU
    itself says counts. Raises `BadRecord`.
    """
    if announced == len(octets):
        try:
            return _tpdu(Cursor(octets), "")
        except BadRecord:
            pass  # it counts the centre in
    cursor = Cursor(octets)
    return _tpdu(cursor, address.read_centre(cursor))


def _tpdu(cursor: Cursor, centre: str) -> Deliver | StatusReport:
    first = cursor.octet("first octet")
    kind = first & _KIND
    if kind == _SUBMIT_REPORT:
        raise BadRecord("a report about sending, where a text was expected")
    if kind == _STATUS_REPORT:
        return _status_report(cursor, centre)
    return _deliver(cursor, centre, bool(first & _HAS_HEADER))


def _deliver(cursor: Cursor, centre: str, has_header: bool) -> Deliver:
    """What follows the first octet. A reserved kind is read like this as well (9.2.3.1)."""
    sender = address.read(cursor, "sender")
    protocol, scheme = cursor.take(2, "protocol and coding")
    at = semi.time(cursor.take(_TIME_OCTETS, "time"))
    alphabet, head, body = _user_data(cursor, alphabet_of(scheme), has_header)
    return Deliver(
        centre=centre,
        sender=sender,
        at=at,
        alphabet=alphabet,
        body=body,
        join=head.join,
        silent=protocol == _SILENT,
        data=head.data,
    )


def _user_data(cursor: Cursor, alphabet: Alphabet, has_header: bool) -> tuple[Alphabet, Header, bytes]:
    length = cursor.octet("length")
    most = _MOST_SEPTETS if alphabet == "gsm7" else _MOST_OCTETS
    if length > most:
        raise BadRecord(f"a text of {length}; {most} are allowed")
    octets = cursor.take((7 * length + 7) // 8 if alphabet == "gsm7" else length, "text")
    head_size = octets[0] + 1 if has_header and octets else 0
    if head_size > len(octets):
        raise BadRecord("a header that is longer than its text")
    head = header.read(octets[1:head_size])
    body = _septets(octets, head_size, length) if alphabet == "gsm7" else octets[head_size:]
    return ("unknown" if head.shifted or head.data else alphabet), head, body


def _septets(octets: bytes, head_size: int, length: int) -> bytes:
    """The septets behind a header; the text begins at the next whole septet (9.2.3.24)."""
    taken = (8 * head_size + 6) // 7
    return gsm7.unpack(octets[head_size:], max(0, length - taken), 7 * taken - 8 * head_size)


def _status_report(cursor: Cursor, centre: str) -> StatusReport:
    return StatusReport(
        centre=centre,
        reference=cursor.octet("reference"),
        recipient=address.read(cursor, "recipient"),
        at=semi.time(cursor.take(_TIME_OCTETS, "time")),
        ended_at=semi.time(cursor.take(_TIME_OCTETS, "time of its end")),
        status=cursor.octet("status"),
    )
