"""A whole round: order, bounds, the line, and what this machine itself cannot do."""

from __future__ import annotations

import asyncio
import errno

import pytest
from msgspec.structs import replace

from probes import Plan, Tools, Who, make_trust, round, run_round
from probes.host import gateway, system_resolvers
from probes.lag import Lag
from probes.observe import Sighting
from tests.probes.chance import CLOCK, Dice
from tests.servers.deaf import saying, talking
from tests.servers.processes import free_ports
from wire.judge import ControlTable
from wire.records import Network, Target

PAGE = saying(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")


def tools() -> Tools:
    return Tools(clock=CLOCK, randomness=Dice(), trust=make_trust(), resolvers=(), timeout_s=2.0)


def plan(*urls: str, concurrency: int = 50) -> Plan:
    targets = tuple(Target(id=f"t{n}", url=url, category="kz", side="domestic") for n, url in enumerate(urls))
    return Plan(targets=targets, controls=ControlTable([]), concurrency=concurrency)


def who() -> Who:
    return Who("local", Network(), Dice())


@pytest.mark.parametrize("concurrency", [1, 3, 50])
async def test_measurements_come_in_the_order_of_the_targets(concurrency: int) -> None:
    (closed,) = free_ports(1)
    done: list[tuple[int, int]] = []
    async with talking(PAGE) as port:
        urls = [f"http://127.0.0.1:{port}/{n}" for n in range(4)] + [f"tcp://127.0.0.1:{closed}"]
        measured = await run_round(
            plan(*urls, concurrency=concurrency), tools(), who(), lambda n, of: done.append((n, of))
        )
    assert [one.target.url for one in measured] == urls
    assert [one.id.partition("-")[2] for one in measured] == ["1", "2", "3", "4", "5"]
    assert done == [(n, 5) for n in range(1, 6)]


async def test_the_line_is_the_last_step_of_every_measurement() -> None:
    (closed,) = free_ports(1)
    async with talking(PAGE) as port:
        measured = await run_round(
            plan(f"http://127.0.0.1:{port}/", f"tcp://127.0.0.1:{closed}"), tools(), who()
        )
    for one in measured:
        line = one.steps[-1]
        assert line.step == "line"
        assert (line.tried, line.ok, line.connected) == (2, 1, 1)
        assert line.lag_s is not None
        assert list(one.steps) == sorted(one.steps, key=lambda step: step.t0)
    assert measured[0].verdict.rule == "page_without_control"


async def test_what_was_seen_before_is_the_control() -> None:
    async with talking(PAGE) as port:
        asked = plan(f"http://127.0.0.1:{port}/")
        before = await run_round(asked, tools(), who())
        (after,) = await run_round(replace(asked, controls=ControlTable(before)), tools(), who())
    assert (after.verdict.state, after.verdict.rule) == ("ok", "works_as_control")


async def test_a_machine_without_sockets_accuses_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(target: Target, tools: Tools) -> Sighting:
        async with asyncio.TaskGroup():
            raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(round, "observe", fail)
    (one,) = await run_round(plan("tcp://127.0.0.1:9"), tools(), who())
    assert (one.verdict.state, one.verdict.rule) == ("insufficient", "nothing_measured")


async def test_a_busy_loop_is_told() -> None:
    lag = Lag(CLOCK)
    async with asyncio.TaskGroup() as group:
        watching = group.create_task(lag.watch())
        await asyncio.sleep(0.06)
        begin = CLOCK.monotonic()
        while CLOCK.monotonic() - begin < 0.2:
            pass
        await asyncio.sleep(0.06)
        watching.cancel()
    assert lag.worst_s > 0.1


def test_this_machine_knows_its_resolvers_and_whether_it_has_a_way_out() -> None:
    assert gateway() in {"yes", "no", ""}
    assert system_resolvers()
