"""A real Alertmanager in front of the gateway: twenty regions are one text, its retries are none, its Watchdog is a sign of life."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp

from tests.servers.processes import free_ports, listening, started
from tests.servers.smsc import Smsc, smsc
from tests.system.sms import Program

TOKEN = "token-of-the-tests"
_ROUTES = """
route:
  receiver: sms
  group_by: [alertname]
  group_wait: 200ms
  group_interval: 400ms
  repeat_interval: 1s
receivers:
  - name: sms
    webhook_configs:
      - url: {gateway}/alerts
        send_resolved: true
        http_config: {{authorization: {{credentials: {token}}}}}
"""
_GATEWAY = """listen = "127.0.0.1:{port}"
data = "{folder}/gateway"
collector = "http://127.0.0.1:9"
invite = "invite-of-the-tests-01"
[alerts]
token = "{token}"
to = ["+77010000001"]
language = "en"
gather_s = 0.5
[[link]]
kind = "smpp"
host = "127.0.0.1"
port = {smsc}
system_id = "dabyl"
"""


@asynccontextmanager
async def _alertmanager(folder: Path, gateway: str) -> AsyncIterator[str]:
    (port,) = free_ports(1)
    file = folder / "alertmanager.yml"
    file.write_text(_ROUTES.format(gateway=gateway, token=TOKEN), encoding="utf-8")
    command = (
        "prometheus-alertmanager", f"--config.file={file}", f"--storage.path={folder / 'am'}",
        f"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address=", "--log.level=warn",
    )  # fmt: skip
    async with started(folder / "alertmanager.log", *command):
        await listening(port)
        yield f"http://127.0.0.1:{port}"


@asynccontextmanager
async def _path(folder: Path) -> AsyncIterator[tuple[Smsc, str]]:
    """A centre, a gateway, an Alertmanager; gives the centre and Alertmanager's address."""
    (port,) = free_ports(1)
    settings = folder / "sms.toml"
    gateway = Program(port, folder / "gateway.log", "sms", "serve", "--config", str(settings))
    async with smsc() as centre:
        settings.write_text(
            _GATEWAY.format(port=port, folder=folder, token=TOKEN, smsc=centre.port), encoding="utf-8"
        )
        try:
            await gateway.start()
            await centre.until(lambda: centre.bound)
            async with _alertmanager(folder, gateway.url) as manager:
                yield centre, manager
        finally:
            await gateway.close()


def _alert(name: str, region: str) -> dict[str, Any]:
    ends = datetime.now(UTC) + timedelta(hours=1)  # noqa: TID251  # Alertmanager has the machine's clock
    return {
        "labels": {"alertname": name, "region": region},
        "annotations": {"summary": "No internet"},
        "endsAt": ends.isoformat(),
    }


async def _raise(manager: str, *alerts: dict[str, Any]) -> None:
    headers = {"Content-Type": "application/json"}
    async with (
        aiohttp.ClientSession() as client,
        client.post(f"{manager}/api/v2/alerts", data=json.dumps(alerts), headers=headers) as answer,
    ):
        assert answer.status == 200, await answer.text()


async def test_twenty_regions_down_are_one_text_however_often_alertmanager_says_so(tmp_path: Path) -> None:
    async with _path(tmp_path) as (centre, manager):
        cut = [_alert("Cut", f"KZ-{number}") for number in range(10, 30)]
        await _raise(manager, _alert("Watchdog", ""), *cut)
        await centre.until(lambda: centre.submitted)
        await asyncio.sleep(3)  # Alertmanager repeats it each second meanwhile
        text = b"".join(one.text[6 if one.esm & 0x40 else 0 :] for one in centre.submitted).decode()
        assert text == "ALERT No internet: " + " ".join(f"KZ-{number}" for number in range(10, 30))
        assert {one.recipient for one in centre.submitted} == {"77010000001"}
