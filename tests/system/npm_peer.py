"""The gateway bound to npm's `smpp`: `python -m tests.system.npm_peer` (needs node and npm, and fetches the package).

Not among the tests of `make test`, which fetch nothing from npm; `tests/system/test_smpp_peer.py` is their peer.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sms_gateway import SmppLink
from tests.servers.processes import free_ports, stop
from tests.sms_gateway.harness import NOWHERE, gateway, rows
from tests.system.sms import within

PACKAGE = "smpp@0.5.1"
SERVER = Path(__file__).parents[1] / "servers" / "npm_smsc.js"
STATIONS = ["KZ-71-0001", "KZ-71-0002", "KZ-71-0003", "KZ-71-0379", "KZ-75-0012"]


async def run(folder: Path) -> None:
    """Bring, answer, receive the receipt, unbind."""
    (port,) = free_ports(1)
    process = await asyncio.create_subprocess_exec(
        "node",
        str(SERVER),
        str(port),
        stdout=asyncio.subprocess.PIPE,
        env={"NODE_PATH": str(folder / "node_modules")},
    )
    said: list[dict[str, Any]] = []
    try:
        async with asyncio.TaskGroup() as group:
            listening = group.create_task(_listen(process, said))
            await within(10, lambda: said)
            async with gateway(
                folder / "data", NOWHERE, link=(SmppLink(host="127.0.0.1", port=port, system_id="dabyl"),)
            ) as here:
                await within(10, lambda: sum("answered" in one for one in said) == len(STATIONS) + 2)
                await here.until_read()
                await here.counted('dabyl_sms_delivered_total{link="smpp",state="delivered"}')
            await within(10, lambda: any("unbound" in one for one in said))
            listening.cancel()
    finally:
        await stop(process)
    assert {one["answered"] for one in said if "answered" in one} == {0}, said
    assert rows(folder / "data", "SELECT state FROM sent") == [("delivered",)]
    found = rows(folder / "data", "SELECT json_extract(read, '$.station') FROM inbox ORDER BY 1")
    assert [one for (one,) in found] == STATIONS, found


async def _listen(process: asyncio.subprocess.Process, said: list[dict[str, Any]]) -> None:
    assert process.stdout is not None
    while line := await process.stdout.readline():
        said.append(json.loads(line))


def main() -> int:
    """Run it; an assertion says what was not right."""
    with TemporaryDirectory(prefix="dabyl-npm-") as folder:
        subprocess.run(["npm", "install", "--silent", "--prefix", folder, PACKAGE], check=True)
        asyncio.run(run(Path(folder)))
    sys.stdout.write(f"{PACKAGE}: {len(STATIONS)} texts, an answer, its receipt, an unbind: all right\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
