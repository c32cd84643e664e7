"""Doors that stay closed, open again, or are closed to one name."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from dabyl.system import SystemClock, SystemRandom
from probes.observe import Sighting, Tools, make_trust, patience, second_look
from probes.observe.doors import closed_to_a_name, failed_for_all, place_at
from tests.probes.observe.looking import look
from tests.servers.censor import censor
from tests.servers.deaf import saying, talking
from wire import names
from wire.records import Step, Target

PAGE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi"
ALERT = b"\x15\x03\x03\x00\x02\x02\x28"  # it is an answer
RESET_AT_ONCE = struct.pack("ii", 1, 0)
WHERE = ("192.0.2.7", 443)


async def slam(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_ONCE)
    writer.close()


def step(name: str, failure: str | None = None, role: str = "", *, answered: bool | None = None) -> Step:
    return Step(
        step=name, failure=failure, t0=0, t=1, role=role, address=WHERE[0], port=WHERE[1], answered=answered,
        server_name="site.test",
    )  # fmt: skip


def tools() -> Tools:
    return Tools(
        clock=SystemClock(), randomness=SystemRandom(), trust=make_trust(), resolvers=(), timeout_s=1.0
    )


def sighting(url: str, steps: Sequence[Step]) -> Sighting:
    target = Target(id=url, url=url, category="news")
    return Sighting(
        target=target, at="2026-11-20T12:00:00.000Z", began=SystemClock().monotonic(), steps=tuple(steps)
    )


@pytest.mark.parametrize("scheme", ["tcp", "tls", "http"])
async def test_a_connection_that_is_reset_before_a_word_is_told_from_others(scheme: str) -> None:
    async with talking(slam) as port:
        steps = await look(f"{scheme}://127.0.0.1:{port}")
    heard = [one.failure for one in steps if (one.step, one.role) == ("tcp", "silent")]
    assert heard[-1] == names.RESET


@pytest.mark.parametrize("talk", [saying(PAGE), saying(b"220 hello\r\n")], ids=["page", "greeting"])
async def test_a_connection_that_stands_is_no_reset(talk: object) -> None:
    async with talking(talk) as port:  # type: ignore[arg-type]  # a server of the tests' own
        steps = await look(f"tcp://127.0.0.1:{port}")
    assert [one.role for one in steps if one.step == "tcp"] == [""]


async def test_a_page_at_an_address_in_another_place_is_compared_with_the_controls_own() -> None:
    async with talking(saying(PAGE)) as port:
        steps = await look(f"http://127.0.0.1:{port}/", known=lambda _: ("127.0.5.5",))
        near = await look(f"http://127.0.0.1:{port}/", known=lambda _: ("127.0.0.9",))
    roles = [(one.step, one.role) for one in steps if one.role]
    assert roles == [("tcp", "known_address")]  # nobody listens there
    assert not [one for one in near if one.role]


def test_a_door_is_closed_to_all_or_to_one_name() -> None:
    silent = [step("tls", names.TIMEOUT), step("tls", names.TIMEOUT, "name_control", answered=False)]
    assert (failed_for_all(silent), closed_to_a_name(silent)) == (WHERE, None)
    named = [*silent, step("tls", role="name_control", answered=True)]
    assert (failed_for_all(named), closed_to_a_name(named)) == (None, WHERE)
    again = [*named, step("tls", role="again", answered=True)]
    assert closed_to_a_name(again) is None
    assert failed_for_all([step("tcp"), step("tls", names.TIMEOUT)]) is None


def test_a_door_behind_a_redirect_has_the_name_that_was_said_there() -> None:
    first = sighting("http://plain.test/", [step("tls", names.TIMEOUT)])
    assert place_at(first, WHERE).name == "plain.test"
    moved = sighting("http://plain.test/", [replace(step("tls", names.TIMEOUT), hop=1)])
    place = place_at(moved, WHERE)
    assert (place.scheme, place.name, place.hop) == ("https", "site.test", 1)


async def test_whoever_is_accused_by_name_is_tried_twice_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_look, "PAUSE_S", 0.01)
    async with (
        talking(saying(ALERT)) as backend,
        censor(backend, b"localhost", "reset") as port,
    ):
        url = f"tls://localhost:{port}"
        first = sighting(url, await look(url))
        (seen,) = await second_look.second_look([first], lambda _: True, tools())
    tried = [(one.role, one.failure) for one in seen.steps if one.step == "tls"]
    wanted = [failure for role, failure in tried if role != "name_control"]
    assert len(tried) == 7
    assert set(wanted) == {names.RESET}
    assert len(wanted) == 4


async def test_a_server_that_breaks_off_now_and_then_is_seen_to_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_look, "PAUSE_S", 0.01)
    async with (
        talking(saying(ALERT)) as backend,
        censor(backend, b"localhost", "reset", times=2) as port,
    ):
        url = f"tls://localhost:{port}"
        first = sighting(url, await look(url))
        (seen,) = await second_look.second_look([first], lambda _: True, tools())
    assert [one.answered for one in seen.steps if (one.step, one.role) == ("tls", "again")] == [False, True]


async def test_bystanders_at_a_closed_address_are_looked_at_until_it_opens(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(patience, "PAUSES_S", (0.01, 0.01))
    async with talking(saying(PAGE)) as port:
        bare = Step(step="tcp", failure=names.TIMEOUT, t0=0, t=1, address="127.0.0.1", port=port)
        shut = sighting(f"http://127.0.0.1:{port}/", [bare])
        broken = replace(step("tls", names.TIMEOUT), address="127.0.0.1")
        spoken = sighting("tls://site.test:443", [broken])
        seen, other = await patience.look_again([shut, spoken], lambda one: one is shut, tools())
    assert [one.failure for one in seen.steps if (one.step, one.role) == ("http", "again")] == [None]
    assert other is spoken
