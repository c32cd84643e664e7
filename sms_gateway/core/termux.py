"""What `termux-sms-list` prints: the texts of an Android phone as JSON, each numbered by the phone."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Final

import msgspec
from msgspec import Struct

from sms_gateway.core.incoming import Decoded, Odd, Part

_DIGIT: Final = re.compile(r"[0-9]", re.ASCII)


class Entry(Struct, frozen=True, kw_only=True):
    """One text. Its time has no zone, so it is not used; older versions name no `address`, only `number`."""

    id: int = msgspec.field(name="_id")
    number: str = ""
    address: str = ""
    body: str = ""
    type: str = "inbox"


_raws = msgspec.json.Decoder(list[msgspec.Raw])
_entry = msgspec.json.Decoder(Entry)


def entries(printed: bytes) -> list[tuple[int, bytes]] | None:
    """Number and bytes of each text that came, by their numbers; None when this is no list of texts.

    A text that cannot be read makes the list none: its number is not known, and it must not be passed over.
    """
    try:
        found = [(bytes(raw), _entry.decode(raw)) for raw in _raws.decode(printed)]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return sorted((entry.id, raw) for raw, entry in found if entry.type == "inbox")


def decode(piece: bytes, own: str = "") -> Decoded:
    """What a text says; `own`: our own number. Any bytes give a record."""
    try:
        found = _entry.decode(piece)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return Odd(why="no text of a phone", raw=_DIGIT.sub("#", piece.decode("utf-8", "replace")).encode())
    return Part(
        sender=found.address or found.number,
        recipient=own,
        alphabet="octets",
        payload=found.body.encode(),
        id=_name(found),
    )


def names(listed: Sequence[tuple[int, bytes]]) -> frozenset[str]:
    """What tells the texts of a list from all others."""
    return frozenset(_name(_entry.decode(raw)) for _, raw in listed)


def _name(found: Entry) -> str:
    """Its number is not enough: the phone counts anew when its store of texts is emptied."""
    sender = found.address or found.number
    content = hashlib.blake2b(f"{sender}\0{found.body}".encode(), digest_size=12).hexdigest()
    return f"{found.id} {content}"


def list_command(prefix: Sequence[str], most: int, skip: int) -> list[str]:
    """`prefix`: what reaches the phone, `ssh phone` or nothing."""
    return [*prefix, "termux-sms-list", "-t", "inbox", "-l", str(most), "-o", str(skip)]


def send_command(prefix: Sequence[str], recipient: str, sim: int) -> list[str]:
    """The text itself goes to its standard input; `sim` from 1, 0 for the phone's own choice."""
    slot = ["-s", str(sim - 1)] if sim else []
    return [*prefix, "termux-sms-send", "-n", recipient, *slot]
