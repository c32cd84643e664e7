"""What a conversation becomes in the record."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from probes.core.streams.conversation import Conversation
from probes.core.streams.flow import Expected, Flow
from probes.core.streams.hls import Look, Media, read_playlist
from probes.core.streams.steps import of_conversation, of_look
from wire import names
from wire.records import Step

BARE = Step(step="stream", failure=None, t0=1.0, t=5.0)
FLOWING = Flow(bytes_seen=90_000, packets=90, media_s=3.0, gap_s=0.2)
STOPPED = Flow(bytes_seen=900, packets=1, gap_s=9.0, silent_s=9.0)
EMPTY = Flow()


class Row(NamedTuple):
    name: str
    said: dict[str, bool]
    failure: str | None
    flow: Flow
    expected: tuple[str | None, str]


ROWS = (
    Row("media flowed", {"answered": True, "playing": True}, None, FLOWING, (None, "fine")),
    Row("media flowed until the time was over", {"answered": True, "playing": True}, names.TIMEOUT, FLOWING, (None, "fine")),
    Row("media flowed until a reset", {"answered": True, "playing": True}, names.RESET, FLOWING, (names.RESET, "fine")),
    Row("media stopped", {"answered": True, "playing": True}, names.TIMEOUT, STOPPED, (None, "frozen")),
    Row("agreed, and nothing came", {"answered": True, "playing": True}, names.TIMEOUT, EMPTY, (names.TIMEOUT, "off")),
    Row("no such stream", {"answered": True, "absent": True}, None, EMPTY, (None, "off")),
    Row("closed at the stream's name", {"answered": True}, names.EOF, EMPTY, (names.EOF, "off")),
    Row("a password is asked for", {"answered": True}, None, EMPTY, (None, "")),
    Row("silence after the connection", {}, names.TIMEOUT, EMPTY, (names.TIMEOUT, "")),
    Row("reset at the first word", {}, names.RESET, EMPTY, (names.RESET, "")),
)  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_conversation_is_written_down(row: Row) -> None:
    spoken = Conversation(1000)
    for name, value in row.said.items():
        setattr(spoken, name, value)
    step = of_conversation(
        Step(step="stream", failure=row.failure, t0=1.0, t=5.0), spoken, row.flow, Expected()
    )
    assert (step.failure, step.stream_state) == row.expected
    assert step.answered is row.said.get("answered", False)


def test_figures_are_kept() -> None:
    spoken = Conversation(1000)
    spoken.answered = spoken.playing = True
    step = of_conversation(BARE, spoken, FLOWING, Expected(usual_bps=5_000_000))
    assert (step.bytes_seen, step.bitrate_bps, step.watched_s, step.gap_s) == (90_000, 240_000, 4.0, 0.2)
    assert (step.stream_state, step.advancing) == ("masked", True)


def test_a_look_at_a_playlist_is_written_down() -> None:
    media = read_playlist(b"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:7\n#EXTINF:2,\na.ts\n")
    assert isinstance(media, Media)
    step = of_look(BARE, Look(first=media, last=media, watched_s=4.0, age_s=1e9, bitrate_bps=5), Expected())
    assert (step.stream_state, step.advancing, step.media_sequence, step.age_s) == (
        "frozen",
        False,
        7,
        86_400.0,
    )
