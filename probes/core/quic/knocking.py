"""One knock at one address: what goes out, what counts as an answer, what is left behind."""

from __future__ import annotations

from probes.core.quic.answers import Answer, read_answer
from probes.core.quic.knock import Dial, farewell, first_flight, unknown_version


class Knock:
    """A correspondence of datagrams that ends with the first answer."""

    def __init__(self, dial: Dial, *, nameless: bool = False) -> None:
        """`nameless`: ask with a version that nobody has, instead of a true first flight."""
        self._dial = dial
        self._nameless = nameless
        self._sent = 0
        self.answer: Answer | None = None
        self.failure: str | None = None

    @property
    def done(self) -> bool:
        """Whether somebody answered."""
        return self.answer is not None

    def start(self) -> list[bytes]:
        """The first packet."""
        return self.again()

    def again(self) -> list[bytes]:
        """The same once more, under a number of its own."""
        self._sent += 1
        return [unknown_version(self._dial) if self._nameless else first_flight(self._dial, self._sent - 1)]

    def feed(self, datagram: bytes, _: float) -> list[bytes]:
        """A datagram that came."""
        self.answer = self.answer or read_answer(datagram, self._dial)
        return []

    def leave(self) -> list[bytes]:
        """A farewell, where a connection was begun."""
        if self.answer is None or self._nameless or not self.answer.opens:
            return []
        return [farewell(self._dial, self.answer.server_id, self._sent)]
