"""AMF0, the notation of RTMP's commands: what we must say, and any answer read with limits."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Final

from probes.core.octets import Octets
from wire.errors import BadInput

Flat = float | str | bool
Sent = Flat | Mapping[str, Flat] | None
Value = float | bool | str | None | dict[str, "Value"] | list["Value"]
_MAX_DEPTH: Final = 8
_MAX_VALUES: Final = 512
_END: Final = 0x09
_OBJECTS: Final = {0x03: 0, 0x08: 4}  # an ECMA array begins with a count, which is a hint only
_ARRAY: Final = 0x0A


def encode(*values: Sent) -> bytes:
    """Values one after another, as a command's body holds them."""
    return b"".join(map(_encode, values))


def _encode(value: Sent) -> bytes:
    if value is None:
        return b"\x05"
    if isinstance(value, bool):
        return b"\x01" + bytes([value])
    if isinstance(value, (int, float)):
        return b"\x00" + struct.pack(">d", value)
    if isinstance(value, str):
        return b"\x02" + _text(value)
    pairs = b"".join(_text(key) + _encode(one) for key, one in value.items())
    return b"\x03" + pairs + b"\x00\x00" + bytes([_END])


def _text(text: str) -> bytes:
    data = text.encode()
    return len(data).to_bytes(2, "big") + data


def decode(data: bytes) -> list[Value]:
    """The values of a command's body; raises `BadInput` for what is none, too deep, or too long."""
    octets = Octets(data)
    found: list[Value] = []
    while octets.left and len(found) < _MAX_VALUES:
        found.append(_value(octets, _MAX_DEPTH))
    return found


def _value(octets: Octets, depth: int) -> Value:
    marker = octets.number(1)
    if marker in _OBJECTS:
        octets.take(_OBJECTS[marker])
        return _object(octets, depth)
    if marker == _ARRAY:
        return _array(octets, depth)
    return _scalar(octets, marker)


def _scalar(octets: Octets, marker: int) -> Value:
    match marker:
        case 0x00:
            return float(struct.unpack(">d", octets.take(8))[0])
        case 0x01:
            return octets.number(1) != 0
        case 0x02:
            return _read_text(octets, 2)
        case 0x0C:
            return _read_text(octets, 4)
        case 0x0B:  # a date: milliseconds and a time zone
            octets.take(10)
            return None
        case 0x05 | 0x06:  # null, undefined
            return None
        case _:
            raise BadInput("an AMF value that RTMP does not use")


def _read_text(octets: Octets, size: int) -> str:
    return octets.take(octets.number(size)).decode("utf-8", "replace")


def _object(octets: Octets, depth: int) -> Value:
    found: dict[str, Value] = {}
    while len(found) < _MAX_VALUES:
        key = _read_text(octets, 2)
        if not key and octets.data[octets.at : octets.at + 1] == bytes([_END]):
            octets.take(1)
            return found
        found[key] = _deeper(octets, depth)
    raise BadInput("an AMF object that is too long")


def _array(octets: Octets, depth: int) -> Value:
    count = octets.number(4)
    if count > _MAX_VALUES:
        raise BadInput("an AMF array that is too long")
    return [_deeper(octets, depth) for _ in range(count)]


def _deeper(octets: Octets, depth: int) -> Value:
    if depth == 0:
        raise BadInput("AMF values that are nested too deep")
    return _value(octets, depth - 1)
