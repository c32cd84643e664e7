"""What a link is: it brings what its network hands over, sends what it is given, and says how it is.

Bringing has one order for all: read a piece from the network; `await office.journal.keep(...)`; only then
acknowledge it there (`deliver_sm_resp`, `AT+CMGD`, HTTP 200, a file removed). What `keep` did not promise
is not acknowledged, and the network brings it again.
"""

from __future__ import annotations

from typing import Literal, Protocol

from msgspec import Struct

Toll = Literal["accepted", "later", "refused", "slow", "away"]
"""How one attempt to send ended. accepted: the network has the text. later: not now, for a reason of this
text. refused: never, for a reason of this text. slow: the network wants us slower. away: the link cannot send
at all now; nothing is held against the text, and another link may take it."""


class Outgoing(Struct, frozen=True, kw_only=True):
    """A text to send, whole: the link cuts it into parts. `sender`: our own number or name, may be empty."""

    id: int
    sender: str
    recipient: str
    text: str


class Sent(Struct, frozen=True, kw_only=True):
    """How it ended. `ids`: the network's names for its parts, by which delivery receipts are recognised.

    `why`: one line without a number, for the operator's page; `parts`: how many count against the caps.
    """

    toll: Toll
    ids: tuple[str, ...] = ()
    parts: int = 1
    why: str = ""


class Health(Struct, frozen=True, kw_only=True):
    """How a link is now. `state`: a word of its kind (`bound`, `ready`, `away` ...); `why` it is not up.

    `signal`: 0 to 1, None where there is no such thing. `heard_at`: when it last heard from its network, in
    Unix seconds; 0 when never in this life.
    """

    up: bool
    state: str
    why: str = ""
    signal: float | None = None
    heard_at: float = 0.0


class Link(Protocol):
    """One link of the settings, running."""

    async def run(self) -> None:
        """For ever: connect, bring, acknowledge, connect again; it ends only by cancellation."""
        ...

    async def send(self, text: Outgoing) -> Sent:
        """Try once to send a text; raises nothing but `CancelledError`."""
        ...

    def health(self) -> Health:
        """How it is now; asked for the operator's page and the metrics."""
        ...
