"""HTTP/2 as a dialogue of bytes, and the little of HPACK that it takes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.core.hpack import head_of, status_of
from probes.core.http2 import Exchange2
from probes.core.places import place_of
from wire import names

PLACE = place_of("doh://resolver.kz/site.kz")


def frame(kind: int, flags: int, payload: bytes, stream: int = 1) -> bytes:
    return len(payload).to_bytes(3, "big") + bytes((kind, flags)) + stream.to_bytes(4, "big") + payload


HEAD = frame(1, 0x4, b"\x88")
BODY = frame(0, 0x1, b"answer")


def after(*pieces: bytes) -> Exchange2:
    exchange = Exchange2(PLACE)
    for piece in pieces:
        exchange.feed(piece)
    return exchange


def test_it_begins_with_the_preface_settings_and_one_get() -> None:
    said = Exchange2(PLACE).start()
    assert said.startswith(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x0c\x04\x00\x00\x00\x00\x00")
    assert b"resolver.kz" in said
    assert b"application/dns-message" in said


def test_status_and_body_arrive_in_any_pieces() -> None:
    whole = frame(4, 0, b"", 0) + HEAD + BODY
    for pieces in ([whole], [bytes((one,)) for one in whole]):
        exchange = after(*pieces)
        assert (exchange.done, exchange.failure, exchange.status) == (True, None, 200)
        assert exchange.body == b"answer"


def test_settings_and_pings_are_acknowledged() -> None:
    exchange = Exchange2(PLACE)
    assert exchange.feed(frame(4, 0, b"\x00\x03\x00\x00\x00\x64", 0)) == frame(4, 1, b"", 0)
    assert exchange.feed(frame(6, 0, b"12345678", 0)) == frame(6, 1, b"12345678", 0)
    assert exchange.feed(frame(4, 1, b"", 0)) == b""


@pytest.mark.parametrize(
    ("pieces", "failure"),
    [
        ([frame(3, 0, b"\0\0\0\x08")], names.RESET),
        ([frame(7, 0, b"\0" * 8, 0)], names.EOF),
        ([b"HTTP/1.1 400 Bad Request\r\n\r\n"], "unknown_failure: not HTTP/2"),
        ([frame(0, 0, b"x" * 16_000)] * 5, "unknown_failure: an endless answer"),
    ],
)
def test_what_goes_wrong_is_named(pieces: list[bytes], failure: str) -> None:
    assert after(*pieces).failure == failure


def test_a_connection_that_closes_first_is_named() -> None:
    exchange = after(HEAD)
    exchange.end()
    assert exchange.failure == names.EOF


@pytest.mark.parametrize(
    ("block", "status"),
    [
        (b"\x88", 200),
        (b"\x20\x8d", 404),
        (b"\x3f\xe1\x1f\x8c", 400),
        (b"\x48\x03451", 451),
        (b"\x08\x03503", 503),
        (b"\x48\x82\x64\x02", 302),  # RFC 7541, C.6.1
        (b"\x48\x83\x64\x0e\xff", 307),  # C.6.2
        (b"", 0),
        (b"\x40\x07:status\x03200", 0),
        (b"\xff\xff\xff", 0),
    ],
)
def test_the_status_is_read_from_its_first_field(block: bytes, status: int) -> None:
    assert status_of(block) == status


def test_padding_and_priority_are_passed_over() -> None:
    exchange = after(
        frame(1, 0x4 | 0x8 | 0x20, b"\x02" + b"\0" * 5 + b"\x88" + b"\0\0"), frame(0, 0x9, b"\x01ab\0")
    )
    assert (exchange.status, bytes(exchange.body), exchange.done) == (200, b"ab", True)


@given(st.lists(st.binary(max_size=64), max_size=8))
def test_any_bytes_give_an_answer_or_a_name_for_what_is_wrong(pieces: list[bytes]) -> None:
    exchange = after(*pieces)
    exchange.end()
    assert exchange.done


@given(st.text(max_size=300), st.text(max_size=300))
def test_a_head_can_be_written_of_anything(path: str, host: str) -> None:
    assert head_of(host, path, "*/*").startswith(b"\x82\x87\x01")
