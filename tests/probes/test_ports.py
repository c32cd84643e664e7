"""A real beacon on loopback, the finder, and what stands between them."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from dabyl.system import SystemClock, SystemRandom
from probes.beacon import Beacon, Posts, run_beacon
from probes.core.beacon import Transport, make_question
from probes.core.port_search import Found, State, Try
from probes.ports import Finder, Search, resolved
from wire import BadInput
from wire.signing import SigningKey

KEY = SigningKey(b"k" * 32)
LOCAL = "127.0.0.1"


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    with socket.socket(socket.AF_INET, kind) as trial:
        trial.bind((LOCAL, 0))
        port: int = trial.getsockname()[1]
        return port


@asynccontextmanager
async def beacon(port: int, key: SigningKey = KEY) -> AsyncIterator[None]:
    started = asyncio.Event()
    posts = Posts(addresses=(LOCAL,), tcp=(port,), udp=(port,))
    async with asyncio.TaskGroup() as group:
        task = group.create_task(run_beacon(Beacon(key, SystemClock()), posts, started.set))
        await started.wait()
        yield
        task.cancel()


def finder(timeout_s: float = 2.0) -> Finder:
    return Finder(
        Search(address=LOCAL, public=KEY.public, timeout_s=timeout_s), SystemClock(), SystemRandom()
    )


async def state_of(transport: Transport, port: int, timeout_s: float = 2.0) -> State:
    found: Found = await finder(timeout_s).one(Try(transport, port))
    return found.state


@pytest.mark.parametrize("transport", ["tcp", "udp"])
async def test_the_beacon_s_signature_says_that_a_port_is_open(transport: Transport) -> None:
    port = free_port()
    async with beacon(port):
        assert await state_of(transport, port) == "open"


@pytest.mark.parametrize(("transport", "state"), [("tcp", "mute"), ("udp", "silent")])
async def test_a_beacon_with_another_key_is_not_the_beacon(transport: Transport, state: State) -> None:
    port = free_port()
    async with beacon(port, SigningKey(b"o" * 32)):
        assert await state_of(transport, port, 0.2) == state


async def test_a_port_that_leads_to_another_of_the_beacon_s_ports_is_not_open_end_to_end() -> None:
    port, outer = free_port(), free_port()

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection(LOCAL, port)
        inner_writer.write(await reader.read(100))
        writer.write(await inner_reader.read(100))
        for one in (inner_writer, writer):
            one.close()
        await inner_writer.wait_closed()
        relayed.set()

    relayed = asyncio.Event()
    async with beacon(port), await asyncio.start_server(relay, LOCAL, outer):
        assert await state_of("tcp", outer) == "somebody else"
        await relayed.wait()


async def test_a_transparent_proxy_is_somebody_else() -> None:
    port = free_port()

    async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(proxy, LOCAL, port):
        assert await state_of("tcp", port) == "somebody else"


async def test_a_connection_that_is_closed_at_once_is_mute() -> None:
    port = free_port()

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with await asyncio.start_server(hang_up, LOCAL, port):
        assert await state_of("tcp", port) == "mute"


@pytest.mark.parametrize("transport", ["tcp", "udp"])
async def test_nobody_there_is_closed(transport: Transport) -> None:
    assert await state_of(transport, free_port()) == "closed"


async def test_somebody_else_s_datagram_is_told_and_the_beacon_s_still_counts() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind((LOCAL, 0))
        other.setblocking(False)

        async def echo() -> None:
            while True:
                raw, who = await asyncio.get_running_loop().sock_recvfrom(other, 2048)
                other.sendto(raw, who)

        async with asyncio.TaskGroup() as group:
            task = group.create_task(echo())
            assert await state_of("udp", other.getsockname()[1], 0.2) == "somebody else"
            task.cancel()


async def test_many_are_tried_at_once_and_stand_in_their_order() -> None:
    port = free_port()
    counted: list[tuple[int, int]] = []
    tries = [Try("tcp", port), Try("tcp", free_port()), Try("udp", port)]
    async with beacon(port):
        found = await finder().find(tries, lambda done, of: counted.append((done, of)))
    assert [one.state for one in found] == ["open", "closed", "open"]
    assert counted == [(1, 3), (2, 3), (3, 3)]


async def test_who_is_no_prober_of_ours_gets_no_answer() -> None:
    port = free_port()
    async with beacon(port):
        reader, writer = await asyncio.open_connection(LOCAL, port)
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n".ljust(64))
        assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()


async def test_who_says_nothing_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("probes.beacon.QUESTION_S", 0.05)
    port = free_port()
    async with beacon(port):
        reader, writer = await asyncio.open_connection(LOCAL, port)
        assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()


async def test_a_port_that_is_taken_is_one_clear_line() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as taken:
        taken.bind((LOCAL, 0))
        taken.listen()
        port = taken.getsockname()[1]
        posts = Posts(addresses=(LOCAL,), tcp=(port,), udp=())
        with pytest.raises(BadInput, match=f"tcp port {port} at {LOCAL}: "):
            await run_beacon(Beacon(KEY, SystemClock()), posts, lambda: None)


def test_a_neighbourhood_that_asks_too_much_is_left_waiting() -> None:
    one = Beacon(KEY, SystemClock())
    question = make_question(KEY.public, b"n" * 16, b"p" * 32)
    answers = [one.answer(question, "udp", 53, "192.0.2.1") for _ in range(1000)]
    assert answers[0] is not None
    assert answers[-1] is None


async def test_a_name_without_an_address_is_one_clear_line() -> None:
    with pytest.raises(BadInput, match="no address is known"):
        await resolved("nowhere.invalid")
    assert await resolved("127.0.0.1") == LOCAL
