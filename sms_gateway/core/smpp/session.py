"""A session as a table: what happens on a connection, and what is done about it (section 2.2).

`docs/links.md` shows the same table, written from it.
"""

from __future__ import annotations

from typing import Final, Literal

from sms_gateway.core.smpp.commands import ANSWER, Command
from sms_gateway.core.smpp.pdu import Pdu

State = Literal["opening", "bound", "unbinding", "closed"]
Event = Literal[
    "connected", "bind_taken", "bind_refused", "text", "enquiry", "answer", "unbind", "unbind_answer",
    "unknown", "garbage", "silence", "no_answer", "stop",
]  # fmt: skip
Act = Literal[
    "bind", "keep", "refuse", "answer", "settle", "enquire", "unbind", "nack", "nack_length", "close",
]  # fmt: skip
Move = tuple[State, tuple[Act, ...]]

TABLE: Final[dict[tuple[State, Event], Move]] = {
    ("opening", "connected"): ("opening", ("bind",)),
    ("opening", "bind_taken"): ("bound", ()),
    ("opening", "bind_refused"): ("closed", ("close",)),
    ("opening", "text"): ("opening", ("refuse",)),
    ("opening", "enquiry"): ("opening", ("answer",)),
    ("opening", "unbind"): ("closed", ("answer", "close")),
    ("opening", "unknown"): ("opening", ("nack",)),
    ("opening", "garbage"): ("closed", ("nack_length", "close")),
    ("opening", "no_answer"): ("closed", ("close",)),
    ("opening", "stop"): ("closed", ("close",)),
    ("bound", "text"): ("bound", ("keep",)),
    ("bound", "enquiry"): ("bound", ("answer",)),
    ("bound", "answer"): ("bound", ("settle",)),
    ("bound", "unbind"): ("closed", ("answer", "close")),
    ("bound", "unknown"): ("bound", ("nack",)),
    ("bound", "garbage"): ("closed", ("nack_length", "close")),
    ("bound", "silence"): ("bound", ("enquire",)),
    ("bound", "no_answer"): ("unbinding", ("unbind",)),
    ("bound", "stop"): ("unbinding", ("unbind",)),
    # What still comes is kept and acknowledged: it is on its way already.
    ("unbinding", "text"): ("unbinding", ("keep",)),
    ("unbinding", "enquiry"): ("unbinding", ("answer",)),
    ("unbinding", "answer"): ("unbinding", ("settle",)),
    ("unbinding", "unbind"): ("closed", ("answer", "close")),
    ("unbinding", "unbind_answer"): ("closed", ("close",)),
    ("unbinding", "garbage"): ("closed", ("close",)),
    ("unbinding", "no_answer"): ("closed", ("close",)),
}


def move(state: State, event: Event) -> Move:
    """What an event leads to; what has no row is passed over."""
    return TABLE.get((state, event), (state, ()))


def event_of(pdu: Pdu) -> Event:
    """What a PDU is to a session."""
    found = _EVENTS.get(pdu.command)
    if found is not None:
        return found
    if pdu.command == Command.BIND_TRANSCEIVER | ANSWER:
        return "bind_refused" if pdu.status else "bind_taken"
    return "answer" if pdu.is_answer else "unknown"


_EVENTS: Final[dict[int, Event]] = {
    Command.DELIVER_SM: "text",
    Command.DATA_SM: "text",
    Command.ENQUIRE_LINK: "enquiry",
    Command.UNBIND: "unbind",
    Command.UNBIND | ANSWER: "unbind_answer",
    # It says that a phone can be reached again (4.12.1), and wants no answer.
    Command.ALERT_NOTIFICATION: "answer",
}
