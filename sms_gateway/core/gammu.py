"""What gammu-smsd writes for each text that came (`inboxformat = detail`) and reads for each that is to go.

Seen with Debian's 1.42.0. A file holds a section for each part, with the part's header; text is UCS-2 in hex,
whatever it was on the air. Its times have no zone, so they are not used. `detail` is the only format that is
whole: `unicode` pads texts with zeros, and tells parts only by the names of files, which two texts can share.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final

from sms_gateway.core.alphabets import Alphabet
from sms_gateway.core.incoming import Decoded, Odd, Part
from sms_gateway.core.pdu import header

_SECTION: Final = re.compile(rb"^\[SMSBackup\d+\]\r?$", re.MULTILINE)
_LINE: Final = re.compile(r"([A-Za-z0-9]+) = (.*)")
_DIGIT: Final = re.compile(r"[0-9]", re.ASCII)
_LAST_KEY: Final = "MessageReference"
_CODINGS: Final[dict[str, Alphabet]] = {
    "Default_No_Compression": "ucs2", "Unicode_No_Compression": "ucs2", "8bit": "octets",
}  # fmt: skip


def pieces(name: str, content: bytes) -> list[bytes]:
    """A file as the pieces that are journalled: one for each section, each with the file's name before it."""
    sections = _SECTION.split(content)[1:] or [content]
    return [name.encode("utf-8", "surrogateescape") + b"\n" + section.strip() for section in sections]


def decode(piece: bytes, own: str = "") -> Decoded:
    """What a section says; `own`: our own number. A total function: any bytes give a record."""
    found = dict(_fields(piece.decode("utf-8", "replace").partition("\n")[2]))
    alphabet = _CODINGS.get(found.get("Coding", ""))
    if _LAST_KEY not in found:
        return _odd("a file that was cut or is no backup", piece)
    if alphabet is None:
        return _odd(f"coded as {found.get('Coding', '')[:40]!r}", piece)
    try:
        sender = bytes.fromhex(found.get("NumberUnicode", "")).decode("utf-16-be")
        payload = bytes.fromhex("".join(found[key] for key in sorted(found) if re.fullmatch(r"Text\d+", key)))
        head = header.read(bytes.fromhex(found.get("UDH", ""))[1:])
    except ValueError:  # UnicodeDecodeError is one
        return _odd("no hexadecimal digits where they belong", piece)
    if head.data or head.shifted:
        return _odd("for a program, by its port, or of a national table", piece)
    name = hashlib.blake2b(piece, digest_size=16).hexdigest()
    return Part(sender=sender, recipient=own, alphabet=alphabet, payload=payload, id=name, join=head.join)


def outgoing(recipient: str, ident: int, text: str) -> tuple[str, bytes]:
    """Name and content of a file for the outbox; the name holds the number, as gammu-smsd wants it."""
    return f"OUTC20000101_000000_00_{recipient}_{ident}.txt", text.encode("utf-16")


def _fields(section: str) -> list[tuple[str, str]]:
    lines = (_LINE.fullmatch(line.rstrip("\r")) for line in section.split("\n"))
    return [(line[1], line[2]) for line in lines if line]


def _odd(why: str, piece: bytes) -> Odd:
    """Without any digit: names and numbers stand in many lines."""
    return Odd(why=why, raw=_DIGIT.sub("#", piece.decode("utf-8", "replace")).encode())
