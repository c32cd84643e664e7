"""The header inside a text: which part of a longer one it is (3GPP TS 23.040, 9.2.3.24)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

_JOIN_8: Final = 0x00
_JOIN_16: Final = 0x08
_PORTS_8: Final = 0x04
_PORTS_16: Final = 0x05
_SINGLE_SHIFT: Final = 0x24
_LOCKING_SHIFT: Final = 0x25
_WIDTHS: Final = {(_JOIN_8, 3): 8, (_JOIN_16, 4): 16}


class Join(Struct, frozen=True, kw_only=True):
    """Part `part` (from 1) of `total`; `reference`, of `width` bits, is the sender's name for the whole."""

    reference: int
    width: int
    total: int
    part: int


class Header(Struct, frozen=True, kw_only=True):
    """What a header says. `shifted`: into a national table. `data`: for a program, by its port."""

    join: Join | None = None
    shifted: bool = False
    data: bool = False


def read(octets: bytes) -> Header:
    """A header without its length. Of several joins the last that can be counts (9.2.3.24, 9.2.3.24.1)."""
    join, kinds = None, set()
    for kind, data in _elements(octets):
        kinds.add(kind)
        join = _join(kind, data) or join
    return Header(
        join=join,
        shifted=bool(kinds & {_SINGLE_SHIFT, _LOCKING_SHIFT}),
        data=bool(kinds & {_PORTS_8, _PORTS_16}),
    )


def write(join: Join) -> bytes:
    """A header with its length."""
    kind, size = (_JOIN_8, 1) if join.width == 8 else (_JOIN_16, 2)  # noqa: PLR2004  # bits
    data = join.reference.to_bytes(size, "big") + bytes([join.total, join.part])
    return bytes([len(data) + 2, kind, len(data)]) + data


def _elements(octets: bytes) -> Iterator[tuple[int, bytes]]:
    """Kind and data of each element; one that is cut ends them."""
    at = 0
    while at + 2 <= len(octets):
        kind, size = octets[at], octets[at + 1]
        data = octets[at + 2 : at + 2 + size]
        if len(data) == size:
            yield kind, data
        at += 2 + size


def _join(kind: int, data: bytes) -> Join | None:
    width = _WIDTHS.get((kind, len(data)))
    if width is None:
        return None
    reference, (total, part) = int.from_bytes(data[:-2], "big"), data[-2:]
    if not 1 <= part <= total:
        return None
    return Join(reference=reference, width=width, total=total, part=part)
