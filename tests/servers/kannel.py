"""Debian's real Kannel: bearerbox and smsbox on loopback, with the settings that docs/sms.md tells to use."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from tests.servers.processes import free_ports, listening, started

_SETTINGS = """
group = core
admin-port = {admin}
admin-interface = 127.0.0.1
admin-password = none
smsbox-port = {boxes}
smsbox-interface = 127.0.0.1
box-allow-ip = "127.0.0.1"
store-type = spool
store-location = "{folder}/spool"

group = smsc
smsc = fake
smsc-id = fake1
host = 127.0.0.1
port = {smsc}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sendsms}
sendsms-interface = 127.0.0.1
http-request-retry = 1000000
http-queue-delay = 1

group = sms-service
keyword = default
catch-all = true
max-messages = 0
omit-empty = true
get-url = "{gateway}/kannel?from=%p&to=%P&text=%a&id=%I&time=%t&charset=%C&coding=%c&smsc=%i&bin=%b&key={key}"

group = sendsms-user
username = dabyl
password = passw0rd
max-messages = 1
"""


class Kannel:
    """A Kannel that runs: the ports of its fake message centre and of `/cgi-bin/sendsms`.

    `falls`: how often smsbox fell and was started again, where somebody watches over it.
    """

    def __init__(self, smsc: int, sendsms: int) -> None:
        self.smsc, self.sendsms = smsc, f"http://127.0.0.1:{sendsms}"
        self.falls = 0


@asynccontextmanager
async def kannel(folder: Path, gateway: str, key: str, *, watched: bool = False) -> AsyncIterator[Kannel]:
    """bearerbox and smsbox, bringing texts to `gateway`; logs and spool in `folder`.

    `watched`: smsbox is started again when it falls, as systemd does on a real machine.
    """
    admin, boxes, smsc, sendsms = free_ports(4)
    (folder / "spool").mkdir(parents=True, exist_ok=True)
    settings = folder / "kannel.conf"
    settings.write_text(
        _SETTINGS.format(
            admin=admin, boxes=boxes, smsc=smsc, sendsms=sendsms, folder=folder, gateway=gateway, key=key
        ),
        encoding="utf-8",
    )
    async with AsyncExitStack() as running:
        await running.enter_async_context(started(folder / "bearerbox.log", "bearerbox", str(settings)))
        await listening(boxes)
        here = Kannel(smsc, sendsms)
        if watched:
            group = await running.enter_async_context(asyncio.TaskGroup())
            task = group.create_task(_watch(here, folder, settings))
            running.callback(task.cancel)
        else:
            await running.enter_async_context(started(folder / "smsbox.log", "smsbox", str(settings)))
        await listening(sendsms)
        yield here


async def _watch(here: Kannel, folder: Path, settings: Path) -> None:
    while True:
        log = folder / f"smsbox-{here.falls}.log"
        async with started(log, "smsbox", str(settings)) as process:
            await process.wait()
        here.falls += 1
        await asyncio.sleep(0.5)
