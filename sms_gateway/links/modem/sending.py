"""One text through a modem: `AT+CMGS` for each part."""

from __future__ import annotations

from typing import Final

from sms_gateway.core.at import faults, replies
from sms_gateway.core.at.talk import Command
from sms_gateway.core.pdu import Submit, submitted
from sms_gateway.core.sender import number
from sms_gateway.link_settings import ModemLink
from sms_gateway.links.link import Outgoing, Sent
from sms_gateway.links.modem.port import Port
from wire.errors import BadInput

_SEND_TIMES: Final = 6.0


async def send(port: Port, link: ModemLink, text: Outgoing, reference: int) -> Sent:
    """Send every part; the first that is not taken ends it. Raises `Silent` or `Gone`."""
    if link.sender and number(text.recipient) == number(link.sender):
        return Sent(toll="refused", why="our own number")
    try:
        parts = submitted(
            text.recipient, text.text, reference, valid_min=link.valid_minutes, report=link.receipts
        )
    except BadInput as error:
        return Sent(toll="refused", why=str(error))
    ids: list[str] = []
    for done, part in enumerate(parts, 1):
        answer = await port.ask(_command(part, _SEND_TIMES * link.answer_s))
        toll = faults.toll(answer)
        if toll != "accepted":
            return Sent(toll=toll, parts=done, why=answer.final)
        ids.append(str(replies.reference(answer.lines)))
    return Sent(toll="accepted", ids=tuple(ids), parts=len(parts))


def _command(part: Submit, patience_s: float) -> Command:
    return Command(text=f"AT+CMGS={part.announced}", body=part.octets.hex().upper(), patience_s=patience_s)
