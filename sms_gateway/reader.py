"""Texts read without a gateway: what `dabyl sms read` does with each line."""

from __future__ import annotations

from msgspec import Struct

from sms_gateway.core.grammar import read
from sms_gateway.core.reading import Reading, Rejected
from wire import canonical
from wire.facts import regions


class Line(Struct, frozen=True, kw_only=True, rename={"sender": "from"}):
    """One incoming text as JSON: `from`, `text`, `at`; only `text` is needed."""

    sender: str = ""
    text: str
    at: str = ""


_decode = canonical.Decoder(Line)


def read_text(text: str) -> Reading | Rejected:
    """What a text says, or why it is rejected."""
    return read(text, regions())


def read_line(line: bytes) -> bytes:
    """A line of JSON in, one line of JSON out, without line ends; raises `BadRecord`."""
    return canonical.encode(read_text(_decode(line).text))
