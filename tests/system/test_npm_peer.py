"""The gateway bound to a centre made of npm's `smpp`: texts in every form, an answer, its receipt, an unbind."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import pytest

from sms_gateway import SmppLink
from tests.servers.npm_peers import SERVER, modules
from tests.servers.processes import free_ports, stop
from tests.sms_gateway.harness import NOWHERE, gateway, rows
from tests.system.sms import within

STATIONS = ["KZ-71-0001", "KZ-71-0002", "KZ-71-0003", "KZ-71-0379", "KZ-75-0012"]


async def _listen(process: asyncio.subprocess.Process, said: list[dict[str, Any]]) -> None:
    assert process.stdout is not None
    while line := await process.stdout.readline():
        said.append(json.loads(line))


@pytest.mark.timeout(180)
async def test_nodes_message_centre_brings_texts_in_every_form_and_takes_our_answers(tmp_path: Path) -> None:
    packages = await asyncio.to_thread(modules)
    (port,) = free_ports(1)
    process = await asyncio.create_subprocess_exec(
        "node", str(SERVER), str(port), stdout=asyncio.subprocess.PIPE,
        env={"NODE_PATH": str(packages), "PATH": os.environ["PATH"]},
    )  # fmt: skip
    said: list[dict[str, Any]] = []
    link = SmppLink(host="127.0.0.1", port=port, system_id="dabyl")
    try:
        async with asyncio.TaskGroup() as group:
            listening = group.create_task(_listen(process, said))
            await within(20, lambda: said)
            async with gateway(tmp_path, NOWHERE, link=(link,)) as here:
                await within(20, lambda: sum("answered" in one for one in said) == len(STATIONS) + 2)
                await here.until_read()
                await here.counted('dabyl_sms_delivered_total{link="smpp",state="delivered"}')
            await within(10, lambda: any("unbound" in one for one in said))
            listening.cancel()
    finally:
        await stop(process)
    assert {one["answered"] for one in said if "answered" in one} == {0}, said
    assert rows(tmp_path, "SELECT state FROM sent") == [("delivered",)]
    found = rows(tmp_path, "SELECT json_extract(read, '$.station') FROM inbox ORDER BY 1")
    assert [one for (one,) in found] == STATIONS
