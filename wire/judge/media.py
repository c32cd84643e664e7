"""Rules for cameras' streams: what flows is there, and what does not flow may be the camera's own doing.

A camera may be switched off, covered or stuck at any moment, so only a control of the last five
minutes is a witness against the way in between.
"""

from __future__ import annotations

from typing import Final

from wire import streams
from wire.judge.case import Case, Finding
from wire.judge.controls import Control
from wire.judge.trail import LAST_STAGE, pick
from wire.names import Mechanism, State

FRESH_S: Final = 300.0


def stream_flows(case: Case) -> Finding | None:
    """The server answered in its protocol, and where media was watched it advanced."""
    return Finding(state="ok") if _state(case) in {streams.FINE, streams.UNKNOWN} else None


def stream_frozen(case: Case) -> Finding | None:
    """There is media, and it stands still."""
    return _compared(case, streams.FROZEN, "likely_blocked", "stream.frozen")


def stream_masked(case: Case) -> Finding | None:
    """It flows, far thinner than it should."""
    return _compared(case, streams.MASKED, "impaired", "stream")


def stream_absent(case: Case) -> Finding | None:
    """The server answers and does not have the stream."""
    return _compared(case, streams.OFF, "likely_blocked", "stream")


def _compared(case: Case, state: str, accused: State, label: Mechanism) -> Finding | None:
    """Down when fresh controls see no better, the accusation when one does, nothing without any."""
    if _state(case) != state:
        return None
    fresh = [control for control in case.controls if control.age_s <= FRESH_S]
    if not fresh:
        return Finding(state="insufficient", stage="stream", mechanism=label)
    better = any(_state_at(control) == streams.FINE for control in fresh)
    return Finding(state=accused if better else "down", stage="stream", mechanism=label)


def _state(case: Case) -> str | None:
    """What a stream that was reached showed; None when the target is none, or was not reached."""
    if not case.end.complete or LAST_STAGE.get(case.scheme) != "stream":
        return None
    shown = [step for step in pick(case.steps, "stream", case.end.hop) if step.failure is None]
    return shown[-1].stream_state if shown else None


def _state_at(control: Control) -> str:
    return streams.camera_state(pick(control.steps, "stream", hop=None))
