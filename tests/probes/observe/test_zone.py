"""A zone's name servers: real unbound, with authority for the zone at one of two addresses."""

from __future__ import annotations

from pathlib import Path

from probes.core.resolv_conf import Resolver
from tests.probes.observe.looking import look, one
from tests.servers.resolver import SERIAL, ZONE, resolver
from wire import names
from wire.judge.trail import outcome
from wire.records import Target


async def test_each_name_server_tells_its_serial_or_how_it_failed(tmp_path: Path) -> None:
    async with resolver(tmp_path) as ports:
        own = (Resolver(address="127.0.0.1", port=ports.plain, label="own"),)
        url = f"zone://{ZONE}:{ports.plain}"
        steps = await look(url, resolvers=own, timeout_s=1.0)
        asked = {(step.resolver, step.transport): step for step in steps if step.role == "ns"}
        first, second = f"ns1.{ZONE}", f"ns2.{ZONE}"
        assert [asked[first, by].serial for by in ("udp", "tcp")] == [SERIAL, SERIAL]
        assert [asked[second, by].failure for by in ("udp", "tcp")] == [names.TIMEOUT, names.REFUSED]
        assert one(steps, "dns").answers == (first, second)
        assert outcome(Target(id="it", url=url, category="kz"), steps).complete


async def test_a_resolver_in_the_name_servers_place_has_no_authority(tmp_path: Path) -> None:
    async with resolver(tmp_path) as ports:
        own = (Resolver(address="127.0.0.1", port=ports.plain, label="own"),)
        steps = await look(f"zone://gone.test:{ports.plain}", resolvers=own)
        assert one(steps, "dns").failure is not None
        assert len(steps) == 1


async def test_without_a_resolver_it_ends_at_once() -> None:
    assert one(await look("zone://wide.test"), "dns").failure == names.TIMEOUT
