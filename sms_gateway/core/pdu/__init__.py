"""Texts as phones and modems exchange them: TPDUs of 3GPP TS 23.040, decoded and encoded.

`received` reads what came in, `submitted` writes what goes out. Any bytes give a record or `BadRecord`.
"""

from __future__ import annotations

from sms_gateway.core.pdu.address import Address
from sms_gateway.core.pdu.coding import Alphabet, text_of
from sms_gateway.core.pdu.header import Join
from sms_gateway.core.pdu.received import Deliver, StatusReport, received
from sms_gateway.core.pdu.submit import Submit, submitted

__all__ = [
    "Address", "Alphabet", "Deliver", "Join", "StatusReport", "Submit", "received", "submitted", "text_of",
]  # fmt: skip
