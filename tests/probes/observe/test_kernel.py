"""What the kernel tells of a connection."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Iterator

import pytest

from probes.observe.kernel import forget, rtt_s, waited_s

Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def pair() -> Iterator[Pair]:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as client:
        client.connect(server.getsockname())
        with server.accept()[0] as other:
            yield client, other


def test_what_waits_to_be_read_is_older_than_the_reading(pair: Pair) -> None:
    client, other = pair
    other.sendall(b"x")
    time.sleep(0.05)
    assert 0.03 <= waited_s(client) < 2.0
    assert rtt_s(client) is not None


def test_a_forgotten_connection_is_dropped_and_not_ended(pair: Pair) -> None:
    client, other = pair
    forget(client)
    assert client.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8) == struct.pack("ii", 1, 0)
    client.close()
    with pytest.raises(ConnectionResetError):
        other.recv(1)


def test_a_closed_socket_tells_nothing(pair: Pair) -> None:
    client, _ = pair
    client.close()
    forget(client)
    assert (rtt_s(client), waited_s(client)) == (None, 0.0)
