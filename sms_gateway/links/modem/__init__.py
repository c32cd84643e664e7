"""GSM modems on serial ports, spoken to with AT commands in PDU mode: several links are a bank of modems."""

from __future__ import annotations

from sms_gateway.links.modem.modem import Modem

__all__ = ["Modem"]
