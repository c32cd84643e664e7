"""What this machine itself cannot do: no IPv6 in its kernel, or no more sockets."""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Callable
from typing import Any

import pytest

from dabyl.system import SystemClock, SystemRandom
from probes.observe import Sighting, Tools, bait, make_trust
from probes.observe.doors import continued
from probes.observe.lookup import open_socket
from probes.observe.scene import Scene
from probes.observe.second_look import look_once_more
from probes.observe.tcp import dial
from tests.probes.observe.looking import look
from tests.servers.deaf import deaf_datagrams, saying, talking
from wire import names
from wire.records import Step, Target

TARGET = Target(id="t", url="tcp://127.0.0.1:9", category="news")
SEEN = Sighting(
    target=TARGET, at="2026-11-20T12:00:00.000Z", began=0.0,
    steps=(Step(step="tcp", failure=names.TIMEOUT, t0=0, t=1),),
)  # fmt: skip
Refuse = Callable[[int, int | None], None]


@pytest.fixture
def refuse(monkeypatch: pytest.MonkeyPatch) -> Refuse:
    """Lets the system refuse every new socket with an error, or those of one family."""
    real = socket.socket

    def install(number: int, only: int | None) -> None:
        class Refused(real):  # type: ignore[misc, valid-type]  # whatever the class is called there
            def __init__(self, family: int = socket.AF_INET, *rest: Any, **named: Any) -> None:
                if only in {None, family}:
                    raise OSError(number, "refused")
                super().__init__(family, *rest, **named)

        monkeypatch.setattr(socket, "socket", Refused)

    return install


def tools() -> Tools:
    return Tools(
        clock=SystemClock(), randomness=SystemRandom(), trust=make_trust(), resolvers=(), timeout_s=0.5
    )


async def test_without_ipv6_in_the_kernel_ipv4_is_measured_all_the_same(refuse: Refuse) -> None:
    async with talking(saying(b"")) as port:
        refuse(errno.EAFNOSUPPORT, socket.AF_INET6)
        steps = await look(f"tcp://localhost:{port}")
    assert {one.address: one.failure for one in steps if not one.role} == {
        "127.0.0.1": None,
        "::1": names.NETWORK_UNREACHABLE,
    }


async def test_without_ipv6_in_the_kernel_datagrams_have_no_way_there(refuse: Refuse) -> None:
    with deaf_datagrams() as port:
        refuse(errno.EAFNOSUPPORT, socket.AF_INET6)
        steps = await look(f"quic://localhost:{port}", timeout_s=0.2)
    knocks = {one.address: one.failure for one in steps if (one.step, one.role) == ("quic", "")}
    assert knocks == {"127.0.0.1": names.TIMEOUT, "::1": names.NETWORK_UNREACHABLE}


def test_without_more_sockets_nothing_is_said_of_anybody(refuse: Refuse) -> None:
    refuse(errno.EMFILE, None)
    with pytest.raises(OSError, match="refused"):
        open_socket("127.0.0.1", socket.SOCK_STREAM)


async def test_without_more_sockets_a_second_look_changes_nothing(refuse: Refuse) -> None:
    at_hand = tools()
    refuse(errno.EMFILE, None)
    assert await look_once_more(SEEN, at_hand) == SEEN


async def test_without_more_sockets_further_tries_count_as_far_as_they_came(refuse: Refuse) -> None:
    async def tries(scene: Scene) -> None:
        scene.add(Step(step="tls", failure=None, t0=2, t=3))
        refuse(errno.EMFILE, None)
        await dial(scene, scene.place, "127.0.0.1")

    found = await continued(SEEN, tools(), tries)
    assert [one.step for one in found.steps] == ["tcp", "tls"]


async def test_without_more_sockets_nobody_takes_the_bait(
    refuse: Refuse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bait, "ADDRESSES", ("192.0.2.7",))
    refuse(errno.EMFILE, None)  # so nothing leaves this machine
    async with asyncio.TaskGroup() as group:
        assert (
            await bait.Bait(group, [Target(id="t", url="https://site.test/", category="news")]).taken() == ()
        )
