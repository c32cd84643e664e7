"""The SRT dialogue: induction, conclusion, data; and any datagrams from a listener."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.core.streams import srt_packets
from probes.core.streams.srt import SrtMachine

BARE, NAMED = "srt://in.example:9000", "srt://in.example:9000?streamid=live/one"
OURS = 0x01020305
PEER = 77


def handshake(kind: int, cookie: int = 9, extension: int = srt_packets.MAGIC, to: int = OURS) -> bytes:
    head = b"\x80\x00" + bytes(6) + bytes(4) + to.to_bytes(4, "big")
    numbers = (0, 1500, 8192, kind, PEER, cookie)
    body = b"".join(number.to_bytes(4, "big") for number in numbers)
    return head + (5).to_bytes(4, "big") + bytes(2) + extension.to_bytes(2, "big") + body + bytes(16)


def data(number: int, stamp_us: int, size: int = 1316) -> bytes:
    return (
        number.to_bytes(4, "big")
        + bytes(4)
        + stamp_us.to_bytes(4, "big")
        + OURS.to_bytes(4, "big")
        + bytes(size)
    )


def inducted(url: str = NAMED) -> SrtMachine:
    machine = SrtMachine(url, bytes([1, 2, 3, 4]))
    machine.start()
    machine.feed(handshake(srt_packets.INDUCTION), 0.0)
    return machine


def playing() -> SrtMachine:
    machine = inducted()
    machine.feed(handshake(srt_packets.CONCLUSION), 0.1)
    return machine


def test_the_first_packet_is_an_induction_of_version_4() -> None:
    (first,) = SrtMachine(BARE, bytes([1, 2, 3, 4])).start()
    assert len(first) == 16 + 48
    assert first[:2] == b"\x80\x00"
    assert first[16:24] == bytes([0, 0, 0, 4, 0, 0, 0, 2])
    assert first[36:40] == (1).to_bytes(4, "big")
    assert first[40:44] == OURS.to_bytes(4, "big")


def test_without_a_stream_the_induction_is_all() -> None:
    machine = inducted(BARE)
    assert (machine.done, machine.answered, machine.playing, machine.peer_said) == (True, True, False, "srt")
    assert machine.leave() == []


def test_with_a_stream_the_cookie_goes_back_and_the_name_goes_along() -> None:
    machine = SrtMachine(NAMED, bytes([1, 2, 3, 4]))
    machine.start()
    (second,) = machine.feed(handshake(srt_packets.INDUCTION, cookie=0xABCD), 0.0)
    assert second[44:48] == (0xABCD).to_bytes(4, "big")
    assert second[36:40] == b"\xff\xff\xff\xff"
    assert machine.again() == [second]


def test_the_name_is_sent_word_by_word_turned_around() -> None:
    packet = srt_packets.conclusion(1, 2, "live/one")
    assert packet[-12:] == b"\x00\x05\x00\x02" + b"evil" + b"eno/"


def test_three_seconds_of_data_are_enough_and_the_listener_is_told_goodbye() -> None:
    machine = playing()
    said = [machine.feed(data(n, 100_000 * n), 0.1 + n / 10) for n in range(31)]
    assert machine.done
    assert sum(bool(one) for one in said) == 1  # one acknowledgement in sixteen packets
    assert machine.leave()[0][:2] == b"\x80\x05"


def test_a_packet_sent_twice_counts_once() -> None:
    machine = playing()
    for number in (0, 1, 1, 0, 2):
        machine.feed(data(number, 100_000 * number), 0.2)
    assert machine.tally.flow(0.2).packets == 3


@pytest.mark.parametrize(("reason", "absent"), [(404, True), (3, True), (10, False)])
def test_a_refusal_is_told_with_its_reason(reason: int, absent: bool) -> None:
    machine = inducted()
    machine.feed(handshake(1000 + reason), 0.1)
    assert (machine.done, machine.absent, machine.peer_said) == (True, absent, f"refused {reason}")


def test_a_listener_of_the_older_kind_is_greeted_and_left() -> None:
    machine = SrtMachine(NAMED, bytes([1, 2, 3, 4]))
    machine.start()
    assert machine.feed(handshake(srt_packets.INDUCTION, extension=2), 0.0) == []
    assert (machine.done, machine.answered) == (True, True)


def test_what_is_meant_for_somebody_else_is_not_heard() -> None:
    machine = SrtMachine(BARE, bytes([1, 2, 3, 4]))
    machine.start()
    assert machine.feed(handshake(srt_packets.INDUCTION, to=99), 0.0) == []
    assert not machine.answered


def test_a_listener_that_closes_ends_it() -> None:
    machine = playing()
    machine.feed(b"\x80\x05" + bytes(10) + OURS.to_bytes(4, "big"), 0.2)
    assert machine.done


@given(st.lists(st.binary(max_size=120), max_size=8), st.booleans(), st.booleans())
def test_any_datagrams_are_heard_without_harm(pieces: list[bytes], ours: bool, begun: bool) -> None:
    machine = playing() if begun else inducted()
    for number, piece in enumerate(pieces):
        head = piece[:12].ljust(12, b"\x00") + OURS.to_bytes(4, "big") if ours else b""
        machine.feed(head + piece, float(number))
    assert machine.failure is None
