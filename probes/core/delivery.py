"""Delivery as a table: what an answer of a collector means, and what to do then.

Rules of this file: no try is given up; what a collector will never take is set aside, not thrown away;
a person reads one line for each change, not for each try.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import Final, TypeVar

import msgspec
from msgspec import Struct

from wire.receipts import Receipt, Refusal

T = TypeVar("T")
FIRST_WAIT_S: Final = 2.0
LONGEST_WAIT_S: Final = 300.0
_OK: Final = 200
_CLIENT_FAULTS: Final = range(400, 500)
# These refuse the key, not the batch: it would be wrong to set the batch aside.
_OF_THE_KEY: Final = frozenset({"unknown_probe", "revoked", "role"})
_NO_COLLECTOR: Final = frozenset({"not_found", "method"})


class State(Enum):
    """How the collectors are, as far as known."""

    UNTRIED = auto()
    UP = auto()
    DOWN = auto()
    LOCKED_OUT = auto()


class Event(Enum):
    """What a try came to."""

    TAKEN = auto()
    NEVER = auto()
    NOT_NOW = auto()
    NOT_US = auto()


class Command(Enum):
    """What the shell does next."""

    SETTLE = auto()
    SET_ASIDE = auto()
    TURN = auto()
    SAY_UP = auto()
    SAY_DOWN = auto()
    SAY_ASIDE = auto()
    SAY_LOCKED_OUT = auto()


_C: Final = Command
TABLE: Final[dict[tuple[State, Event], tuple[State, tuple[Command, ...]]]] = {
    (State.UNTRIED, Event.TAKEN): (State.UP, (_C.SAY_UP, _C.SETTLE)),
    (State.UNTRIED, Event.NEVER): (State.UP, (_C.SAY_ASIDE, _C.SET_ASIDE)),
    (State.UNTRIED, Event.NOT_NOW): (State.DOWN, (_C.SAY_DOWN, _C.TURN)),
    (State.UNTRIED, Event.NOT_US): (State.LOCKED_OUT, (_C.SAY_LOCKED_OUT, _C.TURN)),
    (State.UP, Event.TAKEN): (State.UP, (_C.SETTLE,)),
    (State.UP, Event.NEVER): (State.UP, (_C.SAY_ASIDE, _C.SET_ASIDE)),
    (State.UP, Event.NOT_NOW): (State.DOWN, (_C.SAY_DOWN, _C.TURN)),
    (State.UP, Event.NOT_US): (State.LOCKED_OUT, (_C.SAY_LOCKED_OUT, _C.TURN)),
    (State.DOWN, Event.TAKEN): (State.UP, (_C.SAY_UP, _C.SETTLE)),
    (State.DOWN, Event.NEVER): (State.UP, (_C.SAY_UP, _C.SAY_ASIDE, _C.SET_ASIDE)),
    (State.DOWN, Event.NOT_NOW): (State.DOWN, (_C.TURN,)),
    (State.DOWN, Event.NOT_US): (State.LOCKED_OUT, (_C.SAY_LOCKED_OUT, _C.TURN)),
    (State.LOCKED_OUT, Event.TAKEN): (State.UP, (_C.SAY_UP, _C.SETTLE)),
    (State.LOCKED_OUT, Event.NEVER): (State.UP, (_C.SAY_UP, _C.SAY_ASIDE, _C.SET_ASIDE)),
    (State.LOCKED_OUT, Event.NOT_NOW): (State.DOWN, (_C.SAY_DOWN, _C.TURN)),
    (State.LOCKED_OUT, Event.NOT_US): (State.LOCKED_OUT, (_C.TURN,)),
}


class Reply(Struct, frozen=True, kw_only=True):
    """What a try came to, with the receipt or the reason in words."""

    event: Event
    receipt: Receipt | None = None
    why: str = ""
    wait_s: float = 0.0


def unreachable(why: str) -> Reply:
    """No answer at all."""
    return Reply(event=Event.NOT_NOW, why=why)


def read_reply(status: int, body: bytes, retry_after: str = "") -> Reply:
    """What an HTTP answer means. What is not the collector's own word is trouble on the way."""
    if status == _OK:
        receipt = _decoded(body, Receipt)
        if receipt is None:
            return Reply(event=Event.NOT_NOW, why="200 without a receipt: not a collector")
        return Reply(event=Event.TAKEN, receipt=receipt)
    refusal = _decoded(body, Refusal) if status in _CLIENT_FAULTS else None
    if refusal is None or refusal.retry or refusal.error in _NO_COLLECTOR:
        return Reply(event=Event.NOT_NOW, why=_words(status, refusal), wait_s=_seconds(retry_after))
    event = Event.NOT_US if refusal.error in _OF_THE_KEY else Event.NEVER
    return Reply(event=event, why=_words(status, refusal))


def _decoded(body: bytes, kind: type[T]) -> T | None:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def _words(status: int, refusal: Refusal | None) -> str:
    return f"{refusal.error}: {refusal.detail}"[:200] if refusal else f"HTTP {status}"


def _seconds(text: str) -> float:
    """A Retry-After in seconds; other forms and nonsense are 0."""
    return min(float(text), LONGEST_WAIT_S) if text.isascii() and text.isdecimal() else 0.0


class Course:
    """Where delivery stands: the state, whose turn it is, how long to wait."""

    def __init__(self, collectors: int) -> None:
        self.state = State.UNTRIED
        self.turn = 0
        self._collectors = collectors
        self._failed = 0

    def take(self, reply: Reply) -> tuple[Command, ...]:
        """Follow the table; gives the commands. `wait_s` then says how long to wait first."""
        self.state, commands = TABLE[self.state, reply.event]
        if Command.TURN in commands:
            self._failed += 1
            self.turn = (self.turn + 1) % self._collectors
        else:
            self._failed = 0
        return commands

    def wait_s(self, reply: Reply, jitter: float) -> float:
        """Nothing after a success, nor before every collector was tried; then longer each time.

        `jitter`: from 0.5 to 1.5, so that many probes do not come back at once.
        """
        rounds, rest = divmod(self._failed, self._collectors)
        if not rounds or rest:
            return 0.0
        backoff = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(rounds - 1, 10))
        return max(reply.wait_s, backoff * jitter)
