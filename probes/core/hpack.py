"""Heads of HTTP/2 requests, and the status of an answer: the little of HPACK that this takes (RFC 7541).

Written without any table of our own; read as far as the first field, which is the status (RFC 9113, 8.3).
"""

from __future__ import annotations

from typing import Final

from probes.core.http1 import USER_AGENT

# Places in the static table (RFC 7541, appendix A).
_GET: Final = 0x80 | 2
_HTTPS: Final = 0x80 | 7
_AUTHORITY, _PATH, _ACCEPT, _USER_AGENT = 1, 4, 19, 58
_STATUSES: Final = dict(zip(range(8, 15), (200, 204, 206, 304, 400, 404, 500), strict=True))
# The code of each digit (appendix B): bits as text, since only three of them are ever read.
_DIGITS: Final = {
    "00000": "0", "00001": "1", "00010": "2", "011001": "3", "011010": "4",
    "011011": "5", "011100": "6", "011101": "7", "011110": "8", "011111": "9",
}  # fmt: skip
_STATUS_CHARS: Final = 3
_RESIZE: Final = 0b001  # a change of the table's size, in one byte or more


def head_of(authority: str, path: str, accept: str) -> bytes:
    """The header block of a GET over https."""
    fields = ((_AUTHORITY, authority), (_PATH, path), (_ACCEPT, accept), (_USER_AGENT, USER_AGENT))
    return bytes((_GET, _HTTPS)) + b"".join(_literal(name, value) for name, value in fields)


def _literal(name: int, value: str) -> bytes:
    """A field that nobody is asked to remember, its name from the static table."""
    raw = value.encode("ascii", "replace")
    return _integer(name, 4) + _integer(len(raw), 7) + raw


def _integer(value: int, bits: int) -> bytes:
    """Section 5.1."""
    limit = (1 << bits) - 1
    if value < limit:
        return bytes((value,))
    value -= limit
    found = bytearray((limit,))
    while value >= 0x80:  # noqa: PLR2004  # seven bits a byte
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*found, value))


def status_of(block: bytes) -> int:
    """The status in a header block; 0 when it cannot be read."""
    at = 0
    try:
        while block[at] >> 5 == _RESIZE:
            _, at = _read_integer(block, at, 5)
        if block[at] & 0x80:
            return _STATUSES.get(block[at] & 0x7F, 0)
        name, at = _read_integer(block, at, 6 if block[at] & 0x40 else 4)
        return _read_status(block, at) if name in _STATUSES else 0
    except (IndexError, ValueError):
        return 0


def _read_integer(block: bytes, at: int, bits: int) -> tuple[int, int]:
    limit = (1 << bits) - 1
    value, at = block[at] & limit, at + 1
    shift = 0
    while value >= limit or shift:
        one, at = block[at], at + 1
        value += (one & 0x7F) << shift
        shift += 7
        if one & 0x80 == 0:
            break
    return value, at


def _read_status(block: bytes, at: int) -> int:
    packed = bool(block[at] & 0x80)
    size, at = _read_integer(block, at, 7)
    raw = block[at : at + size]
    text = _unpacked(raw) if packed else raw.decode("ascii", "replace")
    return int(text) if len(text) == _STATUS_CHARS and text.isdecimal() else 0


def _unpacked(raw: bytes) -> str:
    text, code = "", ""
    for bit in "".join(f"{one:08b}" for one in raw):
        code += bit
        if code in _DIGITS and len(text) < _STATUS_CHARS:
            text, code = text + _DIGITS[code], ""
    return text
