"""How large a piece of media is, asked without reading it: a request for its first byte, up to the head."""

from __future__ import annotations

from probes.core.http1 import Exchange
from probes.core.places import Place
from probes.core.streams.hls import size_told

_RANGE = b"Range: bytes=0-0\r\n\r\n"


class FirstByte(Exchange):
    """An exchange that is over when the head has come; a server that sends all the rest is cut off."""

    def __init__(self, place: Place) -> None:
        """For one segment."""
        super().__init__(place)
        self.size_bytes: int | None = None

    def start(self) -> bytes:
        """The request, with a range."""
        return super().start().removesuffix(b"\r\n") + _RANGE

    def on_headers_complete(self) -> None:
        """The head tells the size."""
        super().on_headers_complete()
        if self.answered:
            self.size_bytes = size_told(self.status, dict(self.headers))
            self.done = True

    def on_body(self, data: bytes) -> None:
        """Not one byte is kept."""
