"""The RTMP dialogue, its chunks and its notation; and any bytes from a server."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.core.streams import amf, rtmp_chunks
from probes.core.streams.rtmp import ENTROPY, HANDSHAKE, RtmpMachine
from probes.core.streams.rtmp_chunks import ChunkReader, write
from wire.errors import BadInput

URL = "rtmp://cam.example/live/one?key=1"
HELLO = b"\x03" + bytes(HANDSHAKE) + bytes(HANDSHAKE)


def command(*values: amf.Sent) -> bytes:
    return write(rtmp_chunks.COMMAND, amf.encode(*values))


def video(stamp: int, size: int = 90) -> bytes:
    head = (
        b"\x06" + stamp.to_bytes(3, "big") + size.to_bytes(3, "big") + bytes([rtmp_chunks.VIDEO]) + bytes(4)
    )
    return head + bytes(size)


def said_by(chunks: bytes) -> list[list[amf.Value]]:
    """The commands in what the machine sends."""
    return [amf.decode(one.body) for one in ChunkReader().feed(chunks) if one.kind == rtmp_chunks.COMMAND]


def connected(url: str = URL) -> RtmpMachine:
    machine = RtmpMachine(url, bytes(ENTROPY))
    machine.start()
    machine.feed(HELLO, 0.0)
    machine.feed(command("_result", 1.0, None, {"code": "NetConnection.Connect.Success"}), 0.1)
    return machine


def playing() -> RtmpMachine:
    machine = connected()
    machine.feed(command("_result", 2.0, None, 1.0), 0.2)
    machine.feed(command("onStatus", 0.0, None, {"code": "NetStream.Play.Start"}), 0.3)
    return machine


def test_the_handshake_sends_what_the_specification_says() -> None:
    machine = RtmpMachine(URL, bytes(range(256)) * 5 + bytes(ENTROPY - 1280))
    first = machine.start()
    assert (len(first), first[0], first[1:9]) == (1 + HANDSHAKE, 3, bytes(8))
    theirs = bytes([7]) * HANDSHAKE
    said = machine.feed(b"\x03" + theirs + bytes(HANDSHAKE), 0.0)
    assert said[:HANDSHAKE] == theirs  # C2 repeats S1
    assert said_by(said[HANDSHAKE:])[0][:2] == ["connect", 1.0]


def test_the_whole_dialogue() -> None:
    machine = RtmpMachine(URL, bytes(ENTROPY))
    machine.start()
    about = said_by(machine.feed(HELLO, 0.0)[HANDSHAKE:])[0][2]
    assert isinstance(about, dict)
    assert (about["app"], about["tcUrl"]) == ("live", "rtmp://cam.example/live")
    asked = machine.feed(command("_result", 1.0, None, {"code": "NetConnection.Connect.Success"}), 0.1)
    assert said_by(asked) == [["createStream", 2.0, None]]
    asked = machine.feed(command("_result", 2.0, None, 5.0), 0.2)
    assert said_by(asked) == [["play", 0.0, None, "one?key=1", -1000.0]]
    assert machine.playing


def test_three_seconds_of_media_are_enough() -> None:
    machine = playing()
    for n in range(31):
        machine.feed(video(100 * n), 0.3 + n / 10)
    assert machine.done
    assert (machine.tracks, machine.tally.flow(3.3).bytes_seen) == (1, 31 * 90)


def test_an_application_without_a_stream_is_only_greeted() -> None:
    machine = connected("rtmp://cam.example/live")
    assert (machine.done, machine.answered, machine.playing) == (True, True, False)


@pytest.mark.parametrize("code", ["NetStream.Play.StreamNotFound", "NetStream.Play.UnpublishNotify"])
def test_a_stream_that_is_not_there_is_told(code: str) -> None:
    machine = playing()
    machine.feed(command("onStatus", 0.0, None, {"code": code}), 0.4)
    assert (machine.done, machine.absent, machine.peer_said) == (True, True, code)


def test_a_refused_connect_is_told() -> None:
    machine = RtmpMachine(URL, bytes(ENTROPY))
    machine.start()
    machine.feed(HELLO, 0.0)
    machine.feed(command("_error", 1.0, None, {"code": "NetConnection.Connect.Rejected"}), 0.1)
    assert (machine.done, machine.absent) == (True, True)


def test_a_full_window_is_acknowledged() -> None:
    machine = playing()
    machine.feed(write(rtmp_chunks.WINDOW, (200).to_bytes(4, "big")), 0.4)
    said = ChunkReader().feed(machine.feed(video(0, 120) + video(100, 120), 0.5))
    assert [one.kind for one in said] == [rtmp_chunks.ACKNOWLEDGEMENT]


def test_bytes_one_by_one_are_the_same_dialogue() -> None:
    machine = RtmpMachine(URL, bytes(ENTROPY))
    machine.start()
    answers = HELLO + command("_result", 1.0, None, {"code": "NetConnection.Connect.Success"})
    said = b"".join(machine.feed(bytes([byte]), 0.0) for byte in answers)
    assert [one[0] for one in said_by(said[HANDSHAKE:])] == ["connect", "createStream"]


def test_what_is_no_rtmp_is_named_so() -> None:
    machine = RtmpMachine(URL, bytes(ENTROPY))
    machine.start()
    machine.feed(b"HTTP/1.1 400 Bad Request\r\n\r\n", 0.0)
    assert (machine.done, machine.failure, machine.answered) == (True, "unknown_failure: no RTMP", False)


def test_messages_in_many_chunks_and_with_late_time_stamps_are_put_together() -> None:
    body = bytes(range(200))
    late = 0x01000000
    head = b"\x04" + b"\xff\xff\xff" + (200).to_bytes(3, "big") + b"\x12" + bytes(4) + late.to_bytes(4, "big")
    chunks = head + body[:128] + b"\xc4" + late.to_bytes(4, "big") + body[128:]
    (message,) = ChunkReader().feed(chunks)
    assert (message.kind, message.time_stamp, message.body) == (18, late, body)


def test_short_headers_count_on_from_the_one_before() -> None:
    first = b"\x04" + (1000).to_bytes(3, "big") + (3).to_bytes(3, "big") + b"\x08" + bytes(4) + b"abc"
    second = b"\x44" + (20).to_bytes(3, "big") + (2).to_bytes(3, "big") + b"\x08" + b"de"
    third = b"\x84" + (30).to_bytes(3, "big") + b"fg"
    fourth = b"\xc4" + b"hi"
    stamps = [one.time_stamp for one in ChunkReader().feed(first + second + third + fourth)]
    assert stamps == [1000, 1020, 1050, 1080]


def test_a_larger_chunk_size_is_obeyed() -> None:
    size = write(rtmp_chunks.SET_CHUNK_SIZE, (4096).to_bytes(4, "big"))
    assert [one.size for one in ChunkReader().feed(size + video(0, 3000))] == [4, 3000]


def test_media_is_counted_and_never_kept() -> None:
    (message,) = ChunkReader().feed(video(0, 100))
    assert (message.size, message.body) == (100, b"")


@pytest.mark.parametrize(
    "chunks",
    [
        b"\xc4" + bytes(20),
        b"\x04" + bytes(3) + b"\xff\xff\xff" + b"\x14" + bytes(4),
        b"".join(b"\x00" + bytes([n]) + bytes(7) + b"\x08" + bytes(4) for n in range(66)),
    ],
    ids=["continues nothing", "too large", "too many streams"],
)
def test_chunks_that_cannot_be_are_refused(chunks: bytes) -> None:
    with pytest.raises(BadInput):
        ChunkReader().feed(chunks)


@given(st.lists(st.binary(max_size=300), max_size=8), st.integers(0, 2))
def test_any_bytes_end_in_a_result_or_a_named_failure(pieces: list[bytes], stage: int) -> None:
    machine = (lambda: RtmpMachine(URL, bytes(ENTROPY)), connected, playing)[stage]()
    if stage == 0:
        machine.start()
    for number, piece in enumerate(pieces):
        machine.feed(piece, float(number))
    machine.end()
    assert machine.done
    assert machine.failure is None or machine.failure == "eof_error" or machine.failure.startswith("unknown")


@given(st.binary(max_size=200))
def test_any_bytes_are_values_or_bad_input(data: bytes) -> None:
    try:
        amf.decode(data)
    except BadInput:
        return


SCALARS = st.none() | st.floats(allow_nan=False) | st.text(max_size=20) | st.booleans()


@given(
    st.lists(
        SCALARS
        | st.dictionaries(st.text(min_size=1, max_size=9), st.text(max_size=9) | st.booleans(), max_size=4),
        max_size=5,
    )
)
def test_values_come_back_as_they_went(values: list[amf.Sent]) -> None:
    assert amf.decode(amf.encode(*values)) == values


def test_values_without_end_or_bottom_are_refused() -> None:
    for bad in (b"\x03\x00\x01a" * 20, b"\x0a\xff\xff\xff\xff", b"\x11", b"\x03" + b"\x00\x01a\x05" * 5):
        with pytest.raises(BadInput):
            amf.decode(bad)
    assert amf.decode(b"\x08\x00\x00\x00\x01\x00\x01a\x01\x01\x00\x00\x09\x0b" + bytes(10)) == [
        {"a": True},
        None,
    ]
    assert amf.decode(b"\x0a\x00\x00\x00\x01\x0c\x00\x00\x00\x02hi") == [["hi"]]
