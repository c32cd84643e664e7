"""A camera asked by RTSP: OPTIONS, DESCRIBE, SETUP, PLAY over the one connection, then counting (RFC 2326).

A machine without I/O: it says what to send, and is told what came and when.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from probes.core.failures import unknown
from probes.core.streams.conversation import Dialogue
from probes.core.streams.flow import Tally
from probes.core.streams.rtsp_messages import Frame, Reply, RtspReader
from probes.core.streams.sdp import VIDEO_RATE, read_offer, track_url
from wire.errors import BadInput

_OK: Final = 200
_WATCHING: Final = ""
# Answers that say "not this stream"; the others (a password is asked, UDP only) say nothing of it.
_ABSENT: Final = frozenset({404, 410, 454, 457, 500, 503})
_TRANSPORT: Final = "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n"
_AGENT: Final = "Dabyl/0.1"


class RtspMachine(Dialogue):
    """One conversation; `status` is that of the last answer."""

    def __init__(self, url: str) -> None:
        """`url`: without credentials, as it goes over the wire."""
        super().__init__(VIDEO_RATE)
        self._url = self._base = url
        self._reader = RtspReader()
        self._asked = _WATCHING
        self._count = 0
        self._session = ""

    def start(self) -> bytes:
        """The first request."""
        return self._ask("OPTIONS", self._url)

    def feed(self, data: bytes, now: float) -> bytes:
        """What came, and when; gives what to send."""
        try:
            found = self._reader.feed(data)
        except BadInput as error:
            self.fail(unknown(str(error)))
            return b""
        return b"".join(self._heard(one, now) for one in found)

    def _heard(self, one: Reply | Frame, now: float) -> bytes:
        if self.done:
            return b""
        if isinstance(one, Frame):
            return self._count_frame(one, now)
        if not one.status or not self._asked:
            return b""
        self.answered, self.status = True, one.status
        return _AFTER[self._asked](self, one)

    def _count_frame(self, frame: Frame, now: float) -> bytes:
        if frame.channel % 2 == 0:
            self.tally.add(frame.channel, frame.size, frame.time_stamp, now)
        return self._leave() if self.tally.enough(now) else b""

    def after_options(self, _: Reply) -> bytes:
        """Whatever the answer: it speaks RTSP."""
        return self._ask("DESCRIBE", self._url, "Accept: application/sdp\r\n")

    def after_describe(self, reply: Reply) -> bytes:
        """Ask for one track, if there is any."""
        if reply.status != _OK:
            return self._refused(reply)
        offer = read_offer(reply.body)
        self.tracks, self.tally = offer.tracks, Tally(offer.rate)
        if not offer.tracks:
            return self._refused(reply)
        self._base = _one_line(reply.headers.get("content-base", "")) or self._url
        return self._ask("SETUP", track_url(self._base, offer.control), _TRANSPORT)

    def after_setup(self, reply: Reply) -> bytes:
        """Let it play."""
        if reply.status != _OK:
            return self._refused(reply)
        self._session = _one_line(reply.headers.get("session", "").partition(";")[0])
        return self._ask("PLAY", self._base, "Range: npt=now-\r\n")

    def after_play(self, reply: Reply) -> bytes:
        """Watch."""
        if reply.status != _OK:
            return self._refused(reply)
        self._asked, self.playing = _WATCHING, True
        return b""

    def _refused(self, reply: Reply) -> bytes:
        self.absent = reply.status in _ABSENT or (reply.status == _OK and not self.tracks)
        return self._leave()

    def _leave(self) -> bytes:
        self.done = True
        return self._ask("TEARDOWN", self._base) if self._session else b""

    def _ask(self, method: str, url: str, more: str = "") -> bytes:
        self._asked = method
        self._count += 1
        session = f"Session: {self._session}\r\n" if self._session else ""
        head = f"{method} {url} RTSP/1.0\r\nCSeq: {self._count}\r\nUser-Agent: {_AGENT}\r\n"
        return f"{head}{session}{more}\r\n".encode("ascii", "replace")


def _one_line(text: str) -> str:
    """A text of the server's that is sent back to it; nothing that could end a line."""
    return text if text.isascii() and text.isprintable() and " " not in text else ""


_AFTER: Final[dict[str, Callable[[RtspMachine, Reply], bytes]]] = {
    "OPTIONS": RtspMachine.after_options,
    "DESCRIBE": RtspMachine.after_describe,
    "SETUP": RtspMachine.after_setup,
    "PLAY": RtspMachine.after_play,
}
