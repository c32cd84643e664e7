"""A conversation or a look at a playlist, written down as a step."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from probes.core.streams.conversation import Conversation
from probes.core.streams.flow import Expected, Flow, state_of
from probes.core.streams.hls import Look
from probes.core.streams.hls import state_of as state_of_look
from wire import names, streams
from wire.records import Step

_ABSENT: Final = frozenset({404, 410})
_SERVER_ERROR: Final = 500


def of_conversation(step: Step, spoken: Conversation, flow: Flow, expected: Expected) -> Step:
    """A step that holds place, times and the connection's failure, with what the conversation told.

    That the time was over while media still came is no failure: it was watched for that long.
    """
    failure, state = _ended(step.failure or spoken.failure, spoken, flow, expected)
    return replace(
        step,
        failure=failure,
        answered=spoken.answered,
        status=spoken.status,
        peer_said=spoken.peer_said,
        stream_state=state,
        tracks=spoken.tracks,
        bytes_seen=flow.bytes_seen if spoken.playing else None,
        bitrate_bps=flow.bitrate_bps,
        watched_s=_seconds(step.t - step.t0) if spoken.playing else None,
        advancing=flow.advancing,
        gap_s=_seconds(flow.gap_s) if flow.packets else None,
    )


def _ended(
    failure: str | None, spoken: Conversation, flow: Flow, expected: Expected
) -> tuple[str | None, str]:
    if flow.packets:
        seen = state_of(flow, expected)
        return (None if failure == names.TIMEOUT else failure), seen
    if spoken.absent:
        return None, streams.OFF
    if spoken.playing or (spoken.answered and failure == names.EOF):
        # It agreed and sent nothing, or closed at the name of the stream: not there, or taken out on the way.
        return failure or names.TIMEOUT, streams.OFF
    return failure, streams.UNKNOWN


def of_look(step: Step, look: Look, expected: Expected) -> Step:
    """A step that holds place and times, with what the playlist told."""
    newest = look.last.after - 1 if look.last.segments else None
    return replace(
        step,
        answered=True,
        stream_state=state_of_look(look, expected),
        tracks=1,
        bitrate_bps=look.bitrate_bps,
        watched_s=_seconds(look.watched_s),
        advancing=look.advancing,
        media_sequence=newest,
        age_s=None if look.age_s is None else _seconds(look.age_s),
        gap_s=_seconds(look.gap_s),
    )


def of_answer(step: Step, status: int, failure: str) -> Step:
    """A step for an answer that is no playlist: the stream is not there, or something else came instead."""
    absent = status in _ABSENT or status >= _SERVER_ERROR
    return replace(
        step,
        failure=None if absent else failure,
        answered=True,
        status=status,
        stream_state=streams.OFF if absent else streams.UNKNOWN,
    )


def _seconds(value: float) -> float:
    """A duration as records hold it: at most a day."""
    return round(min(max(value, 0.0), 86_400.0), 6)
