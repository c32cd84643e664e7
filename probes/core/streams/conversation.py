"""What every conversation with a media server can do and leaves behind, whatever the protocol."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from probes.core.streams.flow import Tally
from wire import names


class Conversation:
    """`done`: nothing more to hear. `failure`: how it broke, None when it did not.

    `answered`: the peer spoke the protocol. `playing`: it agreed to send media. `absent`: it said that
    there is no such stream. `status`, `peer_said`: its last answer. `tracks`, `tally`: what it sends.
    """

    def __init__(self, rate: int) -> None:
        """`rate`: ticks of the media's time stamps in a second."""
        self.done = self.answered = self.playing = self.absent = False
        self.failure: str | None = None
        self.status = 0
        self.peer_said = ""
        self.tracks = 0
        self.tally = Tally(rate)

    def end(self) -> None:
        """The peer closed."""
        if not self.done:
            self.fail(names.EOF)

    def fail(self, failure: str) -> None:
        """It ends here, broken."""
        self.done, self.failure = True, failure


class Dialogue(Conversation, ABC):
    """A conversation over a connection."""

    @abstractmethod
    def start(self) -> bytes:
        """The bytes to send first."""

    @abstractmethod
    def feed(self, data: bytes, now: float) -> bytes:
        """Bytes that came, and when; gives those to send."""


class Correspondence(Conversation, ABC):
    """A conversation over datagrams."""

    @abstractmethod
    def start(self) -> Sequence[bytes]:
        """What to send first."""

    @abstractmethod
    def again(self) -> Sequence[bytes]:
        """What to send once more when nothing came for a while."""

    @abstractmethod
    def feed(self, datagram: bytes, now: float) -> Sequence[bytes]:
        """A datagram that came, and when; gives those to send."""

    @abstractmethod
    def leave(self) -> Sequence[bytes]:
        """What to send before the door is closed."""
