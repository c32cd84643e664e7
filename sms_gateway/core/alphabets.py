"""Payloads as text, for every link: the alphabets of phones and those of eight bits that operators use.

Nothing is guessed: bytes that an alphabet does not have give None, and the text is listed as undecodable.
"""

from __future__ import annotations

from typing import Final, Literal

from sms_gateway.core.pdu.coding import text_of

Alphabet = Literal["gsm7", "octets", "ucs2", "unknown", "ascii", "latin1", "cyrillic"]
"""gsm7: one septet in an octet, unpacked. octets: UTF-8 if anything. ucs2: UTF-16BE. cyrillic: ISO 8859-5.
unknown: no alphabet of ours, so no text."""
_CODECS: Final[dict[Alphabet, str]] = {"ascii": "ascii", "latin1": "latin-1", "cyrillic": "iso8859-5"}


def decode(alphabet: Alphabet, payload: bytes) -> str | None:
    """The text, or None when the bytes are in no such alphabet. Half a character leaves it unread."""
    if alphabet in {"gsm7", "octets", "ucs2", "unknown"}:
        return text_of(alphabet, payload)
    try:
        return payload.decode(_CODECS[alphabet])
    except UnicodeDecodeError:
        return None
