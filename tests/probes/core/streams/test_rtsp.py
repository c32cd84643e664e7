"""The RTSP dialogue: event in, exact bytes out; and any bytes from a server."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.core.streams.rtsp import RtspMachine
from probes.core.streams.sdp import read_offer, track_url

URL = "rtsp://cam.example/one"
SDP = (
    "v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=Room 5\r\nt=0 0\r\na=control:*\r\n"
    "m=audio 0 RTP/AVP 0\r\na=control:trackID=2\r\n"
    "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:trackID=1\r\n"
)


def answer(status: int, number: int, body: str = "", more: str = "") -> bytes:
    length = f"Content-Length: {len(body)}\r\n" if body else ""
    return f"RTSP/1.0 {status} Whatever\r\nCSeq: {number}\r\n{more}{length}\r\n{body}".encode()


def packet(stamp: int, size: int = 1000, channel: int = 0) -> bytes:
    body = b"\x80\x60\x00\x01" + stamp.to_bytes(4, "big") + bytes(size - 8)
    return b"$" + bytes([channel]) + size.to_bytes(2, "big") + body


def described() -> RtspMachine:
    machine = RtspMachine(URL)
    machine.start()
    machine.feed(answer(200, 1, more="Public: OPTIONS, DESCRIBE\r\n"), 0.0)
    return machine


def playing() -> RtspMachine:
    machine = described()
    machine.feed(answer(200, 2, SDP, f"Content-Base: {URL}/\r\n"), 0.1)
    machine.feed(answer(200, 3, more="Session: abc;timeout=60\r\n"), 0.2)
    machine.feed(answer(200, 4), 0.3)
    return machine


def test_the_whole_dialogue() -> None:
    machine = RtspMachine(URL)
    asked = [machine.start()]
    asked += [machine.feed(answer(200, 1), 0.0)]
    asked += [machine.feed(answer(200, 2, SDP, f"Content-Base: {URL}/\r\n"), 0.1)]
    asked += [machine.feed(answer(200, 3, more="Session: abc;timeout=60\r\n"), 0.2)]
    lines = [one.decode().split("\r\n") for one in asked]
    assert [one[0] for one in lines] == [
        f"OPTIONS {URL} RTSP/1.0",
        f"DESCRIBE {URL} RTSP/1.0",
        f"SETUP {URL}/trackID=1 RTSP/1.0",
        f"PLAY {URL}/ RTSP/1.0",
    ]
    assert "Transport: RTP/AVP/TCP;unicast;interleaved=0-1" in lines[2]
    assert "Session: abc" in lines[3]
    assert [one[1] for one in lines] == ["CSeq: 1", "CSeq: 2", "CSeq: 3", "CSeq: 4"]
    assert machine.tracks == 2


def test_three_seconds_of_media_are_enough_and_the_session_is_torn_down() -> None:
    machine = playing()
    said = [machine.feed(packet(9_000 * n), 0.3 + n / 10) for n in range(31)]
    assert machine.done
    assert said[-1].startswith(f"TEARDOWN {URL}/ RTSP/1.0".encode())
    assert machine.tally.flow(3.3).media_s == pytest.approx(3.0)


def test_control_packets_are_not_media() -> None:
    machine = playing()
    machine.feed(packet(1, channel=1), 1.0)
    assert machine.tally.flow(1.0).packets == 0


def test_a_stream_that_is_not_there_is_told_from_one_that_asks_for_a_password() -> None:
    absent, closed = described(), described()
    absent.feed(answer(404, 2), 0.1)
    closed.feed(answer(401, 2, more='WWW-Authenticate: Basic realm="cam"\r\n'), 0.1)
    assert (absent.done, absent.absent, absent.status) == (True, True, 404)
    assert (closed.done, closed.absent, closed.status) == (True, False, 401)


def test_a_description_without_a_track_is_no_stream() -> None:
    machine = described()
    machine.feed(answer(200, 2, "v=0\r\ns=-\r\n"), 0.1)
    assert (machine.done, machine.absent) == (True, True)


def test_only_datagrams_offered_ends_without_a_word_on_the_stream() -> None:
    machine = described()
    machine.feed(answer(200, 2, SDP), 0.1)
    machine.feed(answer(461, 3), 0.2)
    assert (machine.done, machine.absent, machine.playing) == (True, False, False)


def test_answers_in_single_bytes_are_the_same_answers() -> None:
    machine = RtspMachine(URL)
    machine.start()
    said = b"".join(machine.feed(bytes([byte]), 0.0) for byte in answer(200, 1))
    assert said.startswith(b"DESCRIBE")


def test_a_request_from_the_server_disturbs_nothing() -> None:
    machine = playing()
    assert machine.feed(b"OPTIONS * RTSP/1.0\r\nCSeq: 9\r\n\r\n" + packet(1), 1.0) == b""
    assert machine.tally.flow(1.0).packets == 1


@pytest.mark.parametrize(
    "noise",
    [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"\x15\x03\x01\x00\x02\x02\x46",
        b"RTSP/1.0 abc\r\n\r\n",
        b"RTSP/1.0 200 OK\r\nContent-Length: -5\r\n\r\n",
        b"RTSP/1.0 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
        b"R" * 70_000,
    ],
)
def test_what_is_no_rtsp_is_named_so(noise: bytes) -> None:
    machine = RtspMachine(URL)
    machine.start()
    machine.feed(noise, 0.0)
    assert machine.done
    assert (machine.failure or "").startswith("unknown_failure: ")
    assert not machine.answered


def test_a_server_that_closes_in_the_middle_is_reported() -> None:
    machine = described()
    machine.end()
    assert machine.failure == "eof_error"


@given(st.lists(st.binary(max_size=300), max_size=8), st.booleans())
def test_any_bytes_end_in_a_result_or_a_named_failure(pieces: list[bytes], begun: bool) -> None:
    machine = playing() if begun else RtspMachine(URL)
    machine.start()
    for number, piece in enumerate(pieces):
        machine.feed(piece, float(number))
    machine.end()
    assert machine.done
    assert machine.failure is None or machine.failure == "eof_error" or machine.failure.startswith("unknown")


@given(st.text(max_size=400))
def test_any_description_gives_an_offer(text: str) -> None:
    offer = read_offer(text)
    assert offer.tracks >= 0
    assert offer.rate > 0


@given(st.text(max_size=80))
def test_no_control_text_can_smuggle_a_line(text: str) -> None:
    offer = read_offer(f"m=video 0 RTP/AVP 96\na=control:{text}")
    assert not set(track_url(URL, offer.control)) & set("\r\n ")
