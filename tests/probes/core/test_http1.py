"""One HTTP exchange as a dialogue of bytes."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.core.http1 import MAX_BODY_BYTES, MAX_HEAD_BYTES, Exchange, request
from probes.core.places import place_of
from wire import names

PLACE = place_of("http://site.kz/a?b")


def after(*pieces: bytes, closed: bool = False) -> Exchange:
    """An exchange that has heard these pieces."""
    exchange = Exchange(PLACE)
    for piece in pieces:
        exchange.feed(piece)
    if closed:
        exchange.end()
    return exchange


def test_the_request_says_who_asks_and_closes() -> None:
    head = request(place_of("http://қ.example:8080/x y")).decode().split("\r\n")
    assert head[0] == "GET /x%20y HTTP/1.1"
    assert head[1] == "Host: xn--b4a.example:8080"
    assert any(line.startswith("User-Agent: Dabyl/") for line in head)
    assert request(place_of("http://[::1]/")).split(b"\r\n")[1] == b"Host: [::1]"


@pytest.mark.parametrize(
    ("pieces", "closed", "body"),
    [
        ([b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"], False, b"hello"),
        ([b"HTTP/1.1 200 OK\r\nContent-Len", b"gth: 5\r\n\r\nhe", b"llo"], False, b"hello"),
        ([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"], False, b"hello"),
        ([b"HTTP/1.1 200 OK\r\n\r\nhello"], True, b"hello"),
        ([b"HTTP/1.0 200 OK\r\n\r\n"], True, b""),
        ([b"HTTP/1.1 204 No Content\r\n\r\n"], False, b""),
        ([b"HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n"], False, b""),
        (
            [b"HTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"],
            False,
            b"hello",
        ),
        (
            [b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello and more that nobody asked for"],
            False,
            b"hello",
        ),
    ],
)
def test_a_whole_answer_is_read(pieces: list[bytes], closed: bool, body: bytes) -> None:
    exchange = after(*pieces, closed=closed)
    assert exchange.done
    assert exchange.failure is None
    assert bytes(exchange.body) == body
    assert exchange.body_sha256 == hashlib.sha256(body).hexdigest()


@pytest.mark.parametrize(
    ("pieces", "failure"),
    [
        ([], names.EOF),
        ([b"HTTP/1.1 200 OK\r\nContent-Le"], names.EOF),
        ([b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello"], names.EOF),
        ([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel"], names.EOF),
        ([b"SSH-2.0-OpenSSH_9.2\r\n"], "unknown_failure: not HTTP"),
        ([b"\x15\x03\x01\x00\x02\x02\x16"], "unknown_failure: not HTTP"),
    ],
)
def test_what_is_no_whole_answer_is_named(pieces: list[bytes], failure: str) -> None:
    exchange = after(*pieces, closed=True)
    assert exchange.done
    assert (exchange.failure or "").startswith(failure)


def test_a_head_without_an_end_is_stopped() -> None:
    line = b"X-Long: " + b"a" * 1000 + b"\r\n"
    exchange = after(b"HTTP/1.1 200 OK\r\n", *[line] * (MAX_HEAD_BYTES // 1000 + 1))
    assert exchange.failure == "unknown_failure: endless HTTP headers"


def test_a_body_without_an_end_is_cut_and_said_to_be() -> None:
    exchange = after(b"HTTP/1.1 200 OK\r\n\r\n", *[b"a" * 65_536] * 20)
    assert exchange.done
    assert exchange.failure is None
    assert exchange.truncated
    assert len(exchange.body) == MAX_BODY_BYTES


@given(st.lists(st.binary(max_size=60), max_size=6))
def test_any_bytes_are_heard_without_complaint(pieces: list[bytes]) -> None:
    exchange = after(*pieces, closed=True)
    assert exchange.done


HEAD = b"HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 5\r\n\r\nhello"


@given(st.integers(0, len(HEAD)), st.binary(max_size=8), st.booleans())
def test_a_damaged_answer_is_heard_without_complaint(at: int, noise: bytes, closed: bool) -> None:
    exchange = after(HEAD[:at] + noise, HEAD[at:], closed=closed)
    assert exchange.status <= 999
