"""Connections of loopback."""

from __future__ import annotations

import socket

import pytest

from probes.core.resolv_conf import Resolver
from tests.probes.observe.looking import look, one
from tests.servers.deaf import say_nothing, talking
from tests.servers.names import Zone, name_server
from tests.servers.processes import free_ports
from wire import names


async def test_a_connection_is_timed_by_the_kernel() -> None:
    async with talking(say_nothing) as port:
        step = one(await look(f"tcp://127.0.0.1:{port}"), "tcp")
    assert (step.failure, step.address, step.port) == (None, "127.0.0.1", port)
    assert step.rtt_s is not None
    assert 0 < step.rtt_s < 1


async def test_a_closed_port_is_refused() -> None:
    (port,) = free_ports(1)
    assert one(await look(f"tcp://127.0.0.1:{port}"), "tcp").failure == names.REFUSED


async def test_silence_is_a_timeout() -> None:
    with socket.socket() as full:  # a queue for one that nobody takes out: later ones get no answer
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        port = full.getsockname()[1]
        waiting = [socket.socket() for _ in range(3)]
        for one_of_them in waiting:
            one_of_them.setblocking(False)
            one_of_them.connect_ex(("127.0.0.1", port))
        step = one(await look(f"tcp://127.0.0.1:{port}", timeout_s=0.2), "tcp")
        for one_of_them in waiting:
            one_of_them.close()
    assert step.failure == names.TIMEOUT
    assert step.t >= 0.2


@pytest.mark.parametrize("unroutable", ["255.255.255.255", "224.0.0.1"])
async def test_an_address_that_cannot_be_reached_is_a_step_and_no_error(unroutable: str) -> None:
    assert one(await look(f"tcp://{unroutable}:9", timeout_s=0.3), "tcp").failure


async def test_ipv4_is_preferred_and_both_are_tried() -> None:
    async with talking(say_nothing) as port:
        zones = {"site.test": Zone(v4=("127.0.0.1",), v6=("::1",))}
        async with name_server(zones) as server:
            resolver = Resolver(address="127.0.0.1", port=server.port)
            steps = await look(f"tcp://site.test:{port}", resolvers=(resolver,))
    outcomes = {step.address: step.failure for step in steps if step.step == "tcp"}
    assert outcomes == {"127.0.0.1": None, "::1": names.REFUSED}


async def test_addresses_that_only_the_controls_know_are_tried_last() -> None:
    (closed,) = free_ports(1)
    async with talking(say_nothing, port=closed):
        steps = await look(f"tcp://127.0.0.9:{closed}", known=lambda _: ("127.0.0.1", "127.0.0.9"))
    assert one(steps, "tcp").failure == names.REFUSED
    known = one(steps, "tcp", "known_address")
    assert (known.address, known.failure) == ("127.0.0.1", None)
