"""A running probe, with a small collector and servers of loopback."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from probes import ProbeSettings, run_probe, running
from probes.packets import NO_HELPER
from tests.probes.chance import CLOCK, Dice
from tests.servers.deaf import say_nothing, saying, talking
from tests.servers.processes import free_ports
from tests.servers.small_collector import SmallCollector, small_collector
from wire import canonical
from wire.errors import BadInput
from wire.records import Network, Target

INVITE = "an-invite-of-some-length"


class Probe:
    """A probe under way, and what it said."""

    def __init__(self, settings: ProbeSettings) -> None:
        self.settings = settings
        self.said: list[str] = []

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(run_probe(self.settings, CLOCK, Dice(), self.said.append))
            yield
            task.cancel()


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not holds():  # noqa: ASYNC110  # what is waited for is at the other end of a socket
            await asyncio.sleep(0.01)


@pytest.fixture
async def collector() -> AsyncIterator[SmallCollector]:
    async with small_collector() as found:
        yield found


@pytest.fixture
async def settings(collector: SmallCollector, tmp_path: Path) -> AsyncIterator[ProbeSettings]:
    async with talking(saying(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")) as port:
        target = Target(id="page", url=f"http://127.0.0.1:{port}/", category="kz", side="domestic")
        yield ProbeSettings(
            collectors=(collector.url,), data=tmp_path / "probe", targets=(target,), invite=INVITE,
            network=Network(region="KZ-71"), every_s=0.05, timeout_s=1,
        )  # fmt: skip


async def test_a_probe_enrols_measures_and_delivers(
    collector: SmallCollector, settings: ProbeSettings
) -> None:
    probe = Probe(settings)
    async with probe.running():
        await until(lambda: len(collector.batches) >= 3)
    arrived = [one for found in collector.batches.values() for one in found]
    assert {one.probe for one in arrived} == set(collector.keys)
    assert {one.target.id for one in arrived} == {"page"}
    assert len({one.id for one in arrived}) == len(arrived)
    assert arrived[0].network.region == "KZ-71"
    assert arrived[0].steps[-1].step == "line"
    assert any(line.startswith(f"enrolled at {collector.url} as ") for line in probe.said)
    assert any(line.startswith("round 1: own line: 1 of 1 targets answered") for line in probe.said)


async def test_a_probe_without_a_collector_measures_all_the_same(settings: ProbeSettings) -> None:
    (closed,) = free_ports(1)
    probe = Probe(replace(settings, collectors=(f"http://127.0.0.1:{closed}",)))
    async with probe.running():
        await until(lambda: any(line.startswith("round 3") for line in probe.said))
    assert len(list((settings.data / "spool").iterdir())) >= 3
    assert sum("could be asked to enrol" in line for line in probe.said) == 1


async def test_the_next_life_brings_what_the_last_one_kept(
    collector: SmallCollector, settings: ProbeSettings
) -> None:
    (closed,) = free_ports(1)
    first = Probe(replace(settings, collectors=(f"http://127.0.0.1:{closed}",), invite=""))
    async with first.running():
        await until(lambda: any(line.startswith("round 2") for line in first.said))
    left = len(list((settings.data / "spool").iterdir()))
    second = Probe(replace(settings, every_s=60.0, first_within_s=0.0))
    async with second.running():
        await until(lambda: len(collector.batches) == left + 1)
        await until(lambda: not list((settings.data / "spool").iterdir()))  # once the last receipt is there
    assert len({boot for boot, _ in collector.batches}) == 2


async def test_a_refused_invite_is_told_and_measuring_goes_on(
    collector: SmallCollector, settings: ProbeSettings
) -> None:
    probe = Probe(replace(settings, invite="wrong-" + INVITE))
    async with probe.running():
        await until(lambda: any("does not know this probe" in line for line in probe.said))
        await until(lambda: any(line.startswith("round 2") for line in probe.said))
    assert any("did not take the invite (invite: because of the test)" in line for line in probe.said)
    assert collector.batches == {}


async def test_controls_that_cannot_be_read_are_told_and_the_old_ones_kept(
    settings: ProbeSettings, tmp_path: Path
) -> None:
    probe = Probe(replace(settings, controls=(str(tmp_path / "none.jsonl"),)))
    async with probe.running():
        await until(lambda: any(line.startswith("round 1") for line in probe.said))
    assert any("judging by the controls from before" in line for line in probe.said)


async def test_a_folder_that_cannot_be_used_is_bad_input(settings: ProbeSettings, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(BadInput, match="file"):
        await run_probe(replace(settings, data=tmp_path / "file"), CLOCK, Dice())


async def test_every_record_that_is_kept_can_be_read(
    collector: SmallCollector, settings: ProbeSettings
) -> None:
    probe = Probe(settings)
    async with probe.running():
        await until(lambda: bool(collector.batches))
    for found in collector.batches.values():
        for one in found:
            assert canonical.Decoder(type(one))(canonical.encode(one)) == one


async def test_a_collector_that_never_answers_does_not_hold_up_the_measuring(
    settings: ProbeSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "_PATIENCE_S", 0.05)
    async with talking(say_nothing) as silent:
        probe = Probe(replace(settings, collectors=(f"http://127.0.0.1:{silent}",), invite=""))
        async with probe.running():
            await until(lambda: any(line.startswith("round 3") for line in probe.said))


async def test_a_probe_that_looks_at_packets_asks_its_helper(
    collector: SmallCollector, settings: ProbeSettings
) -> None:
    async with talking(saying(b"")) as port:
        broken = Target(id="broken", url=f"http://127.0.0.1:{port}/", category="kz", side="domestic")
        probe = Probe(replace(settings, targets=(broken,), packets=True, every_s=60.0, first_within_s=0.0))
        async with probe.running():
            await until(lambda: bool(collector.batches))
    (arrived,) = [one for found in collector.batches.values() for one in found]
    (packet,) = [step for step in arrived.steps if step.step == "packet"]
    assert packet.failure != NO_HELPER
