"""Texts over SMPP: how many a second are durable at a window of 50, and their CPU, beside Kannel's."""

from __future__ import annotations

import asyncio
import os
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import urlopen

from aiohttp import web
from msgspec import Struct

from benchmarks.cost import Row, cpu_s_of
from benchmarks.peers import wait_for
from tests.servers.fakesmsc import message_centre
from tests.servers.kannel import kannel
from tests.servers.processes import free_ports
from tests.servers.smsc import BIND_RESP, DELIVER, deliver, pdu

TEXTS = 40_000
WINDOW = 50
BINDS = 4
KANNEL_TEXTS = 3_000
_ANSWER_BYTES = 17
"""A `deliver_sm_resp`: its header and an empty name."""
_SETTINGS = """listen = "127.0.0.1:{port}"
data = "{folder}/data"
collector = "http://127.0.0.1:9"
invite = "invite-of-the-bench-01"
replies_per_hour = 0
[[link]]
kind = "smpp"
host = "127.0.0.1"
port = {smsc}
system_id = "bench"
binds = {binds}
"""


class Flood(Struct, frozen=True, kw_only=True):
    """How a flood went: seconds and CPU seconds till all was acknowledged, and then till all was read."""

    texts: int
    took_s: float
    cpu_s: float
    read_s: float
    read_cpu_s: float


def run() -> list[Row]:
    """Ours and Kannel's, one after the other."""
    flood, wide = measure(TEXTS, 1), measure(TEXTS, BINDS)
    kannel_s, kannel_cpu_s = asyncio.run(_kannel(KANNEL_TEXTS))
    thousand, kannel_thousand = flood.texts / 1_000, KANNEL_TEXTS / 1_000
    kannel_per_s = KANNEL_TEXTS / kannel_s
    return [
        Row(
            what=f"SMPP texts durable, one bind, window {WINDOW}", unit="texts/s",
            ours=flood.texts / flood.took_s, peer=kannel_per_s, peer_name="Kannel, to HTTP",
            note="(at least 20,000)",
        ),
        Row(
            what=f"SMPP texts durable, {BINDS} binds, window {WINDOW}", unit="texts/s",
            ours=wide.texts / wide.took_s, peer=kannel_per_s, peer_name="Kannel, to HTTP",
        ),
        Row(
            what="SMPP, CPU of 1,000 texts acknowledged", unit="s", ours=flood.cpu_s / thousand,
            peer=kannel_cpu_s / kannel_thousand, peer_name="bearerbox and smsbox", note="(limit 0.05)",
        ),
        Row(
            what="SMPP, CPU of 1,000 texts, also read", unit="s",
            ours=(flood.cpu_s + flood.read_cpu_s) / thousand, note="parsed, merged, queued for the collector",
        ),
        Row(what="texts read while none comes", unit="texts/s", ours=flood.texts / flood.read_s),
    ]  # fmt: skip


def measure(texts: int, binds: int) -> Flood:
    """A real gateway in a process of its own, and a centre here that floods it."""
    with (
        TemporaryDirectory(prefix="dabyl-bench-") as name,
        socket.create_server(("127.0.0.1", 0)) as centre,
        _gateway(Path(name), centre.getsockname()[1], binds) as (pid, port),
    ):
        clients = [_bound(centre) for _ in range(binds)]
        streams = [[_text(number) for number in range(1 + bind, texts + 1, binds)] for bind in range(binds)]
        before, began = cpu_s_of(pid), time.monotonic()
        with ThreadPoolExecutor(binds) as threads:
            list(threads.map(_flood, clients, streams))
        took, spent = time.monotonic() - began, cpu_s_of(pid) - before
        before, began = cpu_s_of(pid), time.monotonic()
        _until_read(port)
        read_s, read_cpu_s = time.monotonic() - began, cpu_s_of(pid) - before
    return Flood(texts=texts, took_s=took, cpu_s=spent, read_s=read_s, read_cpu_s=read_cpu_s)


@contextmanager
def _gateway(folder: Path, centre: int, binds: int) -> Iterator[tuple[int, int]]:
    (port,) = free_ports(1)
    settings = folder / "sms.toml"
    settings.write_text(
        _SETTINGS.format(port=port, folder=folder, smsc=centre, binds=binds), encoding="utf-8"
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "dabyl", "sms", "serve", "--config", str(settings)], stderr=subprocess.DEVNULL
    )
    try:
        wait_for(port)
        yield process.pid, port
    finally:
        process.terminate()
        process.wait()


def _bound(centre: socket.socket) -> socket.socket:
    client, _ = centre.accept()
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    length, _, _, sequence = struct.unpack(">IIII", client.recv(16, socket.MSG_WAITALL))
    client.recv(length - 16, socket.MSG_WAITALL)
    client.sendall(pdu(BIND_RESP, sequence, b"bench\0"))
    return client


def _text(number: int) -> bytes:
    # 10,000 stations of 20 regions, each with its phone; the words go round.
    station = number % 10_000
    region = (71, 75, 79)[station % 3]
    word = ("OPEN", "STATUS", "NET OFF", "CLOSED")[number // 10_000 % 4]
    body = deliver(f"KZ-{region}-{station // 3 + 1:04} {word}".encode(), b"7701%07d" % station)
    return pdu(DELIVER, number, body)


def _flood(client: socket.socket, stream: list[bytes]) -> None:
    """Never more than a window without its answers."""
    sent, answered, held = 0, 0, 0
    while answered < len(stream):
        more = stream[sent : answered + WINDOW]
        if more:
            client.sendall(b"".join(more))
            sent += len(more)
        held += len(client.recv(65_536))
        answered += held // _ANSWER_BYTES
        held %= _ANSWER_BYTES


def _until_read(port: int) -> None:
    while True:
        with urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
            if b"journal" not in answer.read():
                return
        time.sleep(0.2)


async def _kannel(texts: int) -> tuple[float, float]:
    """Seconds and CPU seconds of a real Kannel from the centre to a door that only says 200."""
    got = 0
    all_here = asyncio.Event()

    async def take(_: web.Request) -> web.Response:
        nonlocal got
        got += 1
        if got == texts:
            all_here.set()
        return web.Response()

    app = web.Application()
    app.router.add_get("/kannel", take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    with TemporaryDirectory(prefix="dabyl-bench-") as name:
        url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        async with kannel(Path(name), url, "k") as box, message_centre(box.smsc) as centre:
            pids = _children(("bearerbox", "smsbox"))
            before, began = sum(map(cpu_s_of, pids)), time.monotonic()
            for number in range(texts):
                await centre.bring(f"+7701{number:07}", f"KZ-71-{number % 9_999 + 1:04} OPEN")
            async with asyncio.timeout(120):
                await all_here.wait()
            took, spent = time.monotonic() - began, sum(map(cpu_s_of, pids)) - before
    await runner.cleanup()
    return took, spent


def _children(names: tuple[str, ...]) -> list[int]:
    """Our own children of these names."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text(encoding="ascii").rpartition(")")
        except OSError:
            continue
        if int(fields[2].split()[1]) == os.getpid() and fields[0].partition("(")[2] in names:
            found.append(int(folder.name))
    return found
