"""The life of a modem as a table: where it is, what happened, where it goes and what is done next."""

from __future__ import annotations

from typing import Final, Literal

State = Literal["closed", "waking", "asking", "stuck", "setting", "ready", "mute"]
"""closed: no port. waking: is it there? asking: what the card wants. setting: the modem is told how to work.
ready: it works. mute: it does not answer. stuck: it answers, but cannot work."""
Event = Literal["opened", "gone", "answered", "silent", "sim_ready", "pin_wanted", "no_sim", "failed"]
Action = Literal["open", "wake", "ask", "unlock", "set", "work", "nudge", "restart", "rest"]
"""nudge: out of a prompt, to its factory settings. restart: `AT+CFUN=1,1`, then the port is closed.
rest: the port is closed for a while, which takes the modem's line DTR down."""

START: Final[tuple[State, Action]] = ("closed", "open")
TABLE: Final[dict[tuple[State, Event], tuple[State, Action]]] = {
    ("closed", "opened"): ("waking", "wake"),
    ("closed", "gone"): ("closed", "rest"),
    ("closed", "answered"): ("closed", "open"),  # it has rested
    ("waking", "answered"): ("asking", "ask"),
    ("waking", "silent"): ("mute", "nudge"),
    ("mute", "answered"): ("asking", "ask"),
    ("mute", "silent"): ("closed", "rest"),
    ("asking", "sim_ready"): ("setting", "set"),
    ("asking", "pin_wanted"): ("asking", "unlock"),
    ("asking", "answered"): ("asking", "ask"),  # unlocked
    ("asking", "no_sim"): ("stuck", "restart"),
    ("asking", "failed"): ("stuck", "rest"),
    ("asking", "silent"): ("mute", "nudge"),
    ("stuck", "answered"): ("closed", "rest"),
    ("stuck", "silent"): ("closed", "rest"),
    ("setting", "answered"): ("ready", "work"),
    ("setting", "failed"): ("stuck", "restart"),
    ("setting", "silent"): ("mute", "nudge"),
    ("ready", "failed"): ("stuck", "restart"),
    ("ready", "silent"): ("mute", "nudge"),
}


def step(state: State, event: Event) -> tuple[State, Action]:
    """Where to go; a port that is gone is closed and rested from wherever it was."""
    if event == "gone":
        return "closed", "rest"
    return TABLE[state, event]
