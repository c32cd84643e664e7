"""Texts through one modem: ours and gammu-smsd's, from the same modem on a pseudo-terminal."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.cost import Row, cpu_s_of
from tests.servers.modem import Modem, modem
from tests.servers.processes import free_ports, started
from tests.sms_gateway.core.pdu.build import deliver, number
from tests.system.sms import DABYL

TEXTS = 1_000
PEER_TEXTS = 200
SLOW_TEXTS = 100
SLOW_S = 0.02
"""A fast modem of our days; cards that delete slowly take ten times as long."""
_SETTINGS = """listen = "127.0.0.1:{port}"
data = "{folder}/data"
collector = "http://127.0.0.1:1"
invite = "invite-of-the-bench-01"
replies_per_hour = 0
[[link]]
kind = "modem"
device = "{device}"
"""
_SMSD = """[gammu]
device = {device}
connection = at115200
[smsd]
service = files
logfile = /dev/null
checksecurity = 0
checkbattery = 0
checksignal = 0
loopsleep = 1
receivefrequency = 0
inboxpath = {folder}/inbox/
outboxpath = {folder}/outbox/
sentsmspath = {folder}/sent/
errorsmspath = {folder}/error/
"""
Start = Callable[[Path, Modem], AbstractAsyncContextManager[asyncio.subprocess.Process]]


def run() -> list[Row]:
    """Texts a second from a memory of 20 places that the network keeps full, and CPU of 1,000."""
    ours_s, ours_cpu_s = asyncio.run(_measure(_gateway, TEXTS, 0.0))
    peer_s, peer_cpu_s = asyncio.run(_measure(_smsd, PEER_TEXTS, 0.0))
    slow_s, _ = asyncio.run(_measure(_gateway, SLOW_TEXTS, SLOW_S))
    slow_peer_s, _ = asyncio.run(_measure(_smsd, SLOW_TEXTS, SLOW_S))
    return [
        Row(
            what="texts from a modem, durable", unit="texts/s", ours=TEXTS / ours_s,
            peer=PEER_TEXTS / peer_s, peer_name="gammu-smsd, to files", note="(it pauses by its own will)",
        ),
        Row(
            what="texts from a modem of 20 ms a command", unit="texts/s", ours=SLOW_TEXTS / slow_s,
            peer=SLOW_TEXTS / slow_peer_s, peer_name="gammu-smsd, to files",
        ),
        Row(
            what="modem, CPU of 1,000 texts until durable", unit="s", ours=ours_cpu_s / TEXTS * 1_000,
            peer=peer_cpu_s / PEER_TEXTS * 1_000, peer_name="gammu-smsd",
        ),
    ]  # fmt: skip


async def _measure(start: Start, texts: int, command_s: float) -> tuple[float, float]:
    """Seconds and CPU seconds from when the modem is known to work until it is empty."""
    with TemporaryDirectory(prefix="dabyl-bench-") as name, modem({"SM": 20}) as phone:
        async with start(Path(name), phone) as process:
            phone.deliver(_text(0))
            await _emptied(phone)
            phone.delay_s = command_s
            before, began = cpu_s_of(process.pid), time.monotonic()
            for one in range(1, texts + 1):
                phone.deliver(_text(one))
            await _emptied(phone)
            return time.monotonic() - began, cpu_s_of(process.pid) - before


def _text(one: int) -> bytes:
    return deliver(f"KZ-71-{one % 9_999 + 1:04} OPEN", source=number(f"7701{one:07}"))


async def _emptied(phone: Modem) -> None:
    async with asyncio.timeout(300):
        while phone.used or phone.network:  # noqa: ASYNC110  # memories ring nobody
            await asyncio.sleep(0.002)


def _gateway(folder: Path, phone: Modem) -> AbstractAsyncContextManager[asyncio.subprocess.Process]:
    (port,) = free_ports(1)
    settings = folder / "sms.toml"
    settings.write_text(_SETTINGS.format(port=port, folder=folder, device=phone.device), encoding="utf-8")
    return started(folder / "log", *DABYL, "sms", "serve", "--config", str(settings))


def _smsd(folder: Path, phone: Modem) -> AbstractAsyncContextManager[asyncio.subprocess.Process]:
    for one in ("inbox", "outbox", "sent", "error"):
        (folder / one).mkdir()
    settings = folder / "smsdrc"
    settings.write_text(_SMSD.format(device=phone.device, folder=folder), encoding="utf-8")
    return started(folder / "log", "gammu-smsd", "-c", str(settings))
