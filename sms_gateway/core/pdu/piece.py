"""A piece as a modem's link journals it: the announced length and the PDU's line, as the modem gave them.

24:07911326040000F0040B911346610089F60000208062917314080CC8F71D14969741F977FD07
"""

from __future__ import annotations

import re
from typing import Final

from sms_gateway.core.incoming import Decoded, Odd, Part, Receipt
from sms_gateway.core.pdu.received import Deliver, StatusReport, received
from wire.errors import BadRecord

_HEX: Final = re.compile(r"([0-9A-Fa-f]{2})+", re.ASCII)
_DIGIT: Final = re.compile(r"[0-9]", re.ASCII)
_STATUS_REPORT: Final = 2
_SEMI_OCTET: Final = "".join(f"\\x{tens}0-\\x{tens}9" for tens in range(10))
_NUMBER: Final = re.compile(rf"[{_SEMI_OCTET}]{{3,}}[\xf0-\xf9]?".encode("latin-1"))


def write(announced: int, pdu: str) -> bytes:
    """A piece."""
    return f"{announced}:{pdu}".encode("ascii", "replace")


def decode(piece: bytes, own: str = "") -> Decoded:
    """What a piece says; `own`: our own number. A total function: any bytes give a record."""
    announced, _, line = piece.decode("ascii", "replace").partition(":")
    if not announced.isdecimal() or not _HEX.fullmatch(line):
        return Odd(why="no hexadecimal line", raw=_DIGIT.sub("#", line).encode("ascii", "replace"))
    octets = bytes.fromhex(line)
    try:
        found = received(octets, int(announced))
    except BadRecord as error:
        return Odd(why=str(error), raw=_blanked(octets, int(announced)))
    if isinstance(found, StatusReport):
        return _receipt(found)
    return _part(found, octets, own) or Odd(
        why=_why(found), raw=_blanked(octets, int(announced)), sender=found.sender.value
    )


def _part(found: Deliver, octets: bytes, own: str) -> Part | None:
    if found.silent or found.alphabet == "unknown" or found.data:
        return None
    return Part(
        sender=found.sender.value,
        recipient=own,
        alphabet=found.alphabet,
        payload=found.body,
        # A memory that is read again after a crash brings the same octets, the centre's time among them.
        id=octets.hex(),
        at=found.at,
        join=found.join,
    )


def _why(found: Deliver) -> str:
    if found.silent:
        return "a text that is not to be shown"
    return "for a program, by its port" if found.data else "compressed, or of a national table"


def _receipt(found: StatusReport) -> Receipt:
    # The modem's number of a text comes again after 255 others: its recipient makes it certain.
    return Receipt(
        ids=(str(found.reference),),
        recipient=found.recipient.value,
        state=found.state,
        why=f"status {found.status}",
    )


def _blanked(octets: bytes, announced: int) -> bytes:
    """The octets without the digits of the phone, wherever a PDU has them; the centre's are nobody's.

    One whose announced length counts its centre in may be read either way: then both places are blanked. One
    that is cut or bent may have the number anywhere: what could be digits is blanked too, times among it.
    """
    blanked = _blanked_behind(octets, octets[0] + 1)
    if announced == len(octets):
        blanked = _blanked_behind(blanked, 0)
    return _NUMBER.sub(lambda digits: b"\xff" * len(digits[0]), blanked)


def _blanked_behind(octets: bytes, first: int) -> bytes:
    is_report = octets[first : first + 1] != b"" and octets[first] & 0x03 == _STATUS_REPORT
    count = first + (2 if is_report else 1)
    if count >= len(octets):
        return octets
    begin, size = count + 2, (octets[count] + 1) // 2
    return octets[:begin] + b"\xff" * len(octets[begin : begin + size]) + octets[begin + size :]
