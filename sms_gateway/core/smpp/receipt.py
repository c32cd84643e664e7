"""Delivery receipts: which text they speak of, in every form of its name, and what became of it.

The form of the text is no standard (appendix B calls it vendor-specific); operators name a text in decimal
here and in hexadecimal there, with and without zeros before it, in the text or in a parameter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from sms_gateway.core.incoming import Delivery, Receipt
from sms_gateway.core.smpp.body import Brought
from sms_gateway.core.smpp.commands import Tag

_KIND: Final = 0x3C  # esm_class, 5.2.12: bits 5 to 2
_KINDS: Final = frozenset({0x04, 0x20})  # a receipt; an intermediate notification
_ID: Final = re.compile(r"\bid:\s*([^\s]{1,65})", re.IGNORECASE)
_STAT: Final = re.compile(r"\bstat:\s*([A-Z]{2,10})", re.IGNORECASE)
_ERR: Final = re.compile(r"\berr:\s*([0-9A-Za-z]{1,8})", re.IGNORECASE)
# 5.2.28
_STATES: Final[dict[int, Delivery]] = {
    1: "waiting", 2: "delivered", 3: "expired", 4: "failed", 5: "failed", 6: "delivered", 7: "unknown",
    8: "failed",
}  # fmt: skip
_WORDS: Final[dict[str, Delivery]] = {
    "DELIVRD": "delivered", "ACCEPTD": "delivered", "EXPIRED": "expired", "DELETED": "failed",
    "UNDELIV": "failed", "REJECTD": "failed", "UNKNOWN": "unknown", "ENROUTE": "waiting",
}  # fmt: skip
_DECIMAL: Final = re.compile(r"[0-9]+", re.ASCII)
_HEX: Final = re.compile(r"[0-9a-f]+", re.ASCII)
_LONGEST: Final = 20


def is_receipt(found: Brought) -> bool:
    """Whether a short message is one: it says so, or it names a text of ours in the parameter for that."""
    return found.esm_class & _KIND in _KINDS or Tag.RECEIPTED_MESSAGE_ID in found.tags


def receipt(found: Brought) -> Receipt:
    """What it says; `ids` is empty when it names no text."""
    text = found.payload.decode("latin-1")
    named = [found.tags.get(Tag.RECEIPTED_MESSAGE_ID, b"").rstrip(b"\0").decode("latin-1")]
    named += [one[1] for one in [_ID.search(text)] if one]
    ids = dict.fromkeys(form for name in named if name for form in forms(name))
    return Receipt(ids=tuple(ids), recipient=found.sender, state=_state(found, text), why=_why(found, text))


def forms(name: str) -> Iterator[str]:
    """The forms of a text's name, the likeliest first: as it is, without zeros, in the other base."""
    bare = name.strip().lower()
    yield bare
    yield bare.lstrip("0") or "0"
    if len(bare) > _LONGEST:
        return
    if _DECIMAL.fullmatch(bare):
        yield f"{int(bare):x}"
    if _HEX.fullmatch(bare):
        yield str(int(bare, 16))


def _state(found: Brought, text: str) -> Delivery:
    tagged = found.tags.get(Tag.MESSAGE_STATE, b"")
    if len(tagged) == 1:
        return _STATES.get(tagged[0], "unknown")
    said = _STAT.search(text)
    return _WORDS.get(said[1].upper(), "unknown") if said else "unknown"


def _why(found: Brought, text: str) -> str:
    code = found.tags.get(Tag.NETWORK_ERROR_CODE, b"")
    if len(code) == 3:  # noqa: PLR2004  # 5.3.2.31: the network, then two octets of its code
        return f"network {code[0]}, error {int.from_bytes(code[1:], 'big')}"
    said = _ERR.search(text)
    return f"error {said[1]}" if said and said[1].strip("0") else ""
