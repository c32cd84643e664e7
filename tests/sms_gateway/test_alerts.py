"""Alerts from the door to the phone: once, together, proven, and when the monitoring itself goes blind."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from sms_gateway.settings import Alerts
from tests.servers.smsc import Smsc, smsc
from tests.sms_gateway.core.test_alerts import alert, body
from tests.sms_gateway.harness import NOW, Gateway, MovableClock, gateway
from tests.sms_gateway.test_smpp import link

TOKEN = "token-of-the-tests"
CHIEF, DEPUTY = "+77010000001", "+77010000002"
_LONG = ["# as many lines as a collector of a whole country has, and what is looked for behind them"] * 4_000


class Scene:
    """A gateway with alerts, an operator, and a collector that shows when probes were heard."""

    def __init__(self, here: Gateway, centre: Smsc, clock: MovableClock, heard: dict[str, float]) -> None:
        self.here, self.centre, self.clock, self.heard = here, centre, clock, heard

    async def tell(self, *alerts: dict[str, Any], token: str = TOKEN, raw: bytes | None = None) -> int:
        async with aiohttp.ClientSession() as client, client.post(
            self.here.url + "/alerts", data=io.BytesIO(body(*alerts) if raw is None else raw), headers={"Authorization": f"Bearer {token}"}
        ) as answer:  # fmt: skip
            return answer.status

    def texts(self, recipient: str = CHIEF) -> list[str]:
        return [one.text.decode() for one in self.centre.submitted if one.recipient == recipient[1:]]

    async def until(self, count: int) -> None:
        """Move the clock until the chief has so many texts."""
        async with asyncio.timeout(10):
            while len(self.texts()) < count:
                self.clock.move(seconds=1)
                await asyncio.sleep(0.03)

    async def pass_by(self, seconds: int) -> None:
        """Let time pass, with a look in between."""
        for _ in range(5):
            self.clock.move(seconds=seconds / 5)
            await asyncio.sleep(0.06)


@asynccontextmanager
async def _scene(folder: Path, **more: Any) -> AsyncIterator[Scene]:
    heard: dict[str, float] = {}

    async def metrics(_: web.Request) -> web.Response:
        lines = _LONG + [
            f'dabyl_probes_last_report_timestamp_seconds{{region="{region}",operator="AS1",access="fixed"}} {at}'
            for region, at in heard.items()
            if not region.startswith("lasts ")
        ]
        lines += [
            f'dabyl_incident_active{{kind="connectivity_loss",region="{name[6:]}",operator="all",access="all"}} {on:g}'
            for name, on in heard.items()
            if name.startswith("lasts ")
        ]
        return web.Response(text="\n".join(lines))

    app = web.Application()
    app.router.add_get("/metrics", metrics)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    clock = MovableClock()
    wanted = Alerts(
        **{
            "token": TOKEN,
            "to": (CHIEF, DEPUTY),
            "language": "en",
            "gather_s": 0.05,
            "confirm_every_s": 0.05,
            "watchdog_minutes": 0,
            **more,
        }
    )
    try:
        async with smsc() as centre:
            url = f"http://127.0.0.1:{runner.addresses[0][1]}"
            async with gateway(folder, url, clock, link=(link(centre.port),), alerts=wanted) as here:
                await centre.until(lambda: centre.bound)
                yield Scene(here, centre, clock, heard)
    finally:
        await runner.cleanup()


async def test_twenty_regions_are_one_text_to_each_and_the_same_again_is_none(tmp_path: Path) -> None:
    async with _scene(tmp_path) as scene:
        alerts = [alert(region=f"KZ-{number}") for number in range(10, 30)]
        assert await scene.tell(*alerts) == 200
        assert await scene.tell(*alerts) == 200
        await scene.until(1)
        assert await scene.tell(*alerts) == 200
        await scene.pass_by(30)
        assert len(scene.texts()) == len(scene.texts(DEPUTY)) == 1
        assert scene.texts()[0].startswith("ALERT Cut: KZ-10")


async def test_restored_is_sent_only_when_fresh_probes_prove_it(tmp_path: Path) -> None:
    async with _scene(tmp_path) as scene:
        await scene.tell(alert())
        await scene.until(1)
        scene.heard["KZ-71"] = NOW.timestamp() - 60
        scene.heard["KZ-75"] = NOW.timestamp() + 9_000
        await scene.tell(alert(status="resolved"))
        await scene.pass_by(30)
        assert len(scene.texts()) == 1
        scene.heard["KZ-71"] = scene.clock.now().timestamp()
        await scene.until(2)
        assert scene.texts()[1] == "RESTORED Cut: Astana"


def _cut(status: str, minute: int) -> dict[str, Any]:
    told = alert(status=status, starts=f"2026-11-22T04:{minute:02}:00Z")
    return told | {"labels": told["labels"] | {"kind": "connectivity_loss"}}


async def test_what_was_over_is_told_anew_only_when_it_lasts_again(tmp_path: Path) -> None:
    """A Prometheus that was away comes back with what it said last."""
    async with _scene(tmp_path) as scene:
        scene.heard["lasts KZ-71"] = 1
        await scene.tell(_cut("firing", 0))
        await scene.until(1)
        scene.heard |= {"lasts KZ-71": 0, "KZ-71": scene.clock.now().timestamp() + 9_000}
        await scene.tell(_cut("resolved", 0))
        await scene.until(2)
        await scene.tell(_cut("firing", 10))
        await scene.pass_by(30)
        assert len(scene.texts()) == 2, "it does not last"
        await scene.tell(_cut("resolved", 10))
        await scene.pass_by(30)
        assert len(scene.texts()) == 2
        await scene.tell(_cut("firing", 20))
        await scene.pass_by(30)
        scene.heard["lasts KZ-71"] = 1
        await scene.until(3)
        assert [one.split()[0] for one in scene.texts()] == ["ALERT", "RESTORED", "ALERT"]


async def test_an_end_that_nobody_proves_is_given_up_in_silence(tmp_path: Path) -> None:
    async with _scene(tmp_path, hours=1) as scene:
        await scene.tell(alert())
        await scene.until(1)
        await scene.tell(alert(status="resolved"))
        await scene.pass_by(7_200)
        scene.heard["KZ-71"] = scene.clock.now().timestamp() + 60
        await scene.pass_by(60)
        assert len(scene.texts()) == 1


async def test_what_ended_before_it_was_told_and_an_end_without_a_beginning_are_not_told(
    tmp_path: Path,
) -> None:
    async with _scene(tmp_path, gather_s=20) as scene:
        await scene.tell(alert())
        await scene.tell(alert(status="resolved"), alert("Other", status="resolved"))
        scene.heard["KZ-71"] = scene.clock.now().timestamp() + 9_000
        await scene.pass_by(100)
        assert scene.texts() == []


async def test_people_are_told_when_the_monitoring_goes_blind_and_when_it_sees_again(tmp_path: Path) -> None:
    async with _scene(tmp_path, watchdog_minutes=10) as scene:
        assert await scene.tell(alert("Watchdog")) == 200
        await scene.pass_by(300)
        assert scene.texts() == []
        await scene.pass_by(400)
        await scene.until(1)
        await scene.pass_by(4_000)
        await scene.tell(alert("Watchdog"))
        await scene.until(2)
        assert [one.partition(":")[0] for one in scene.texts()] == ["ALERT", "The monitoring is back"]


async def test_alerts_want_their_token_and_their_form(tmp_path: Path) -> None:
    async with _scene(tmp_path) as scene:
        assert await scene.tell(alert(), token="wrong") == 401
        assert await scene.tell(raw=b"{}") == 400
        assert await scene.tell(raw=b" " * 5_000_000) == 400


async def test_without_the_settings_there_is_no_door(tmp_path: Path) -> None:
    async with gateway(tmp_path, "http://127.0.0.1:1") as here:
        assert (await here.get("/alerts"))[0] == 404
