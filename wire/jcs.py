"""A sheet's canonical bytes: JSON as RFC 8785 writes it, so that one sheet has one hash.

Whole numbers only, since a count is one, and since that leaves no two ways to write a number.
"""

from __future__ import annotations

import hashlib
import json
from typing import Final

from wire import canonical
from wire.errors import BadInput

_MAX_WHOLE: Final = 2**53 - 1


def canonical_bytes(raw: bytes) -> bytes:
    """The one form of a JSON object; raises `BadInput`: no JSON, a key twice, a fraction, not an object."""
    canonical.check_shape(raw)
    whole = json.loads(raw)
    if not isinstance(whole, dict):
        raise BadInput("a sheet is a JSON object")
    return _written(whole).encode()


def sha256(raw: bytes) -> bytes:
    """SHA-256 over the canonical bytes."""
    return hashlib.sha256(canonical_bytes(raw)).digest()


def _written(value: object) -> str:
    if isinstance(value, dict):
        # RFC 8785, 3.2.3: by UTF-16 code units.
        pairs = sorted(value.items(), key=lambda pair: pair[0].encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{_text(key)}:{_written(inner)}" for key, inner in pairs) + "}"
    if isinstance(value, list):
        return "[" + ",".join(_written(inner) for inner in value) + "]"
    return _text(value) if isinstance(value, str) else _plain(value)


def _plain(value: object) -> str:
    if isinstance(value, float) or (isinstance(value, int) and abs(value) > _MAX_WHOLE):
        raise BadInput(f"a sheet holds whole numbers below 2^53 only, not {value}")
    return json.dumps(value)


def _text(value: str) -> str:
    if any("\ud800" <= char <= "\udfff" for char in value):
        raise BadInput("half of a character")
    return json.dumps(value, ensure_ascii=False)
