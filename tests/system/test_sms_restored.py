"""`Restored` against the real collector: its own metrics, read by the gateway as it would read them on the day.

The incident is put into the collector's book by hand, as the detector would; all else is real.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import aiohttp
from msgspec.structs import replace

from collector import Settings
from collector.core.book import Revision
from collector.core.live import Live
from collector.core.times import stamp
from collector.serve import listening, opened
from sms_gateway.settings import Alerts
from tests.collector.core.scenes import key, seen
from tests.collector.harness import Running, TestRandomness
from tests.servers.smsc import smsc
from tests.sms_gateway.core.test_alerts import alert
from tests.sms_gateway.harness import NOW, MovableClock, gateway
from tests.sms_gateway.test_alerts import CHIEF, TOKEN, Scene
from tests.sms_gateway.test_smpp import link
from wire import digest
from wire.incidents import Incident, ProbeCount, Scope, Sentence
from wire.records import ProbeDigest

PROBES: Final = range(1, 7)
GATEWAY = key(99)
BEGAN = NOW.timestamp()
INCIDENT = Incident(
    id="i-1", kind="connectivity_loss", scope=Scope(level="region", regions=("KZ-71",)), started_at=stamp(BEGAN - 600),
    ended_at=None, detected_at=stamp(BEGAN - 500), confidence=0.9, probes=ProbeCount(affected=6, reporting=0, expected=6),
    sentence=Sentence(kk="k", ru="r", en="e"),
)  # fmt: skip
ALERTS = Alerts(
    token=TOKEN, to=(CHIEF,), language="en", gather_s=0.05, confirm_every_s=0.05, watchdog_minutes=0
)


class Country:
    """The collector's picture, and its probes' hands."""

    def __init__(self, live: Live, collector: Running, clock: MovableClock) -> None:
        self._live, self._collector, self._clock = live, collector, clock
        self._rounds = 0

    def tell(self, incident: Incident) -> None:
        """What the detector would put into the book."""
        self._live.incidents.put(Revision(known_at=self._clock.now().timestamp(), incident=incident))

    async def enrol(self) -> None:
        for number in PROBES:
            await self._collector.enrol(key(number))
        await self._collector.enrol(GATEWAY, "gateway")

    async def report(self) -> None:
        """Every probe reports by its own line."""
        self._rounds += 1
        for number in PROBES:
            record = seen(f"r{self._rounds}", at=self._clock.now().timestamp())
            assert (await self._collector.send(key(number), [record], self._rounds))[0] == 200

    async def text(self) -> None:
        """Every probe is cut and tells so by text."""
        now = self._clock.now().timestamp()
        texts = [
            ProbeDigest(
                text=digest.seal(key(number), [seen("a")], seen("a").network, int(now)), at=stamp(now)
            )
            for number in PROBES
        ]
        assert (await self._collector.report(GATEWAY, texts))[0] == 200


@asynccontextmanager
async def _scene(folder: Path) -> AsyncIterator[tuple[Scene, Country]]:
    clock, settings = MovableClock(), Settings(listen="127.0.0.1:0", data=str(folder / "collector"))
    async with (
        opened(settings, clock, TestRandomness()) as parts,
        listening(parts.app, settings) as url,
        aiohttp.ClientSession() as client,
        smsc() as centre,
        gateway(folder / "sms", url, clock, link=(link(centre.port),), alerts=ALERTS) as here,
    ):
        collector = Running(url, folder / "collector", clock, client)  # type: ignore[arg-type]  # a clock is a clock
        country = Country(parts.live, collector, clock)
        await country.enrol()
        await country.report()
        await centre.until(lambda: centre.bound)
        yield Scene(here, centre, clock, {}), country


def _alert(status: str = "firing") -> dict[str, Any]:
    told = alert("Incident", status=status)
    return told | {"labels": told["labels"] | {"kind": INCIDENT.kind}}


async def test_restored_is_sent_only_when_the_collector_knows_of_no_incident_and_heard_fresh_probes(
    tmp_path: Path,
) -> None:
    async with _scene(tmp_path) as (scene, country):
        country.tell(INCIDENT)
        await scene.tell(_alert())
        await scene.until(1)
        scene.clock.move(seconds=600)
        await scene.tell(_alert("resolved"))  # Prometheus was away, say: nothing has ended
        await scene.pass_by(60)
        await country.report()  # some line of theirs lives, and the incident still lasts
        await scene.pass_by(60)
        assert len(scene.texts()) == 1
        country.tell(replace(INCIDENT, ended_at=stamp(BEGAN + 300), revision=2))
        await scene.until(2)
        assert scene.texts()[1].startswith("RESTORED")


async def test_an_end_that_no_probe_proves_by_its_own_line_is_not_sent(tmp_path: Path) -> None:
    async with _scene(tmp_path) as (scene, country):
        country.tell(INCIDENT)
        await scene.tell(_alert())
        await scene.until(1)
        scene.clock.move(seconds=600)
        country.tell(replace(INCIDENT, ended_at=stamp(BEGAN + 300), revision=2))
        await scene.tell(_alert("resolved"))
        await scene.pass_by(60)
        await country.text()  # cut probes tell by text that they are cut
        await scene.pass_by(60)
        assert len(scene.texts()) == 1
        await country.report()
        await scene.until(2)
        assert scene.texts()[1].startswith("RESTORED")
        await asyncio.sleep(0.1)
        assert len(scene.texts()) == 2
