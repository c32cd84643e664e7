"""A bank of modems, kill -9 under load, and no collector: what left a memory is in the store, once.

`python -m tests.system.modem_kill [TEXTS [KILLS]]` is the long run (20,000 and 3 by default); the test runs a short one.
"""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct

from tests.servers.modem import Modem, modem
from tests.servers.processes import free_ports
from tests.sms_gateway.core.pdu.build import deliver, join8, number
from tests.system.fire import texts_and_kills
from tests.system.sms import Program

MODEMS = 4
EVERY_LONG = 10
"""One text in so many comes in two parts."""


class Outcome(Struct, frozen=True, kw_only=True):
    """What the store holds after a run: texts, those of them that were counted, and what is still awaited."""

    texts: int
    distinct: int
    counted: int
    unread: int
    odd: int
    took_s: float


def text_of(one: int) -> str:
    """A text that no other of the run equals."""
    return f"KZ-{(71, 75, 79)[one // 9_999]}-{one % 9_999 + 1:04} OPEN"


def pdus_of(one: int) -> Iterator[bytes]:
    """Its PDUs, the last part first."""
    sender, text = number(f"7701{one:07}"), text_of(one)
    if one % EVERY_LONG:
        yield deliver(text, source=sender)
        return
    yield deliver(text[7:], source=sender, head=join8(one % 256, 2, 2))
    yield deliver(text[:7], source=sender, head=join8(one % 256, 2, 1))


def _chance(one: int) -> float:
    """0 to 1, the same in every run."""
    return hashlib.sha256(str(one).encode()).digest()[0] / 255


def _settings(folder: Path, port: int, modems: list[Modem]) -> Path:
    links = "".join(
        f'[[link]]\nkind = "modem"\nname = "modem{place}"\ndevice = "{one.device}"\npoll_s = 2\nanswer_s = 3\n'
        for place, one in enumerate(modems)
    )
    file = folder / "sms.toml"
    file.write_text(
        f'listen = "127.0.0.1:{port}"\ndata = "{folder}/data"\ncollector = "http://127.0.0.1:1"\n'
        f'invite = "invite-of-the-tests-01"\nreplies_per_hour = 0\n{links}',
        encoding="utf-8",
    )
    return file


async def run(texts: int, kills: int, folder: Path) -> Outcome:
    """Bring texts through a bank of modems; kill the gateway now and then."""
    (port,) = free_ports(1)
    with ExitStack() as stack:
        modems = [stack.enter_context(modem()) for _ in range(MODEMS)]
        gateway = Program(
            port, folder / "gateway.log", "sms", "serve", "--config", str(_settings(folder, port, modems))
        )
        began = time.monotonic()
        try:
            await gateway.start()
            for one in range(texts):
                for part, pdu in enumerate(pdus_of(one)):
                    modems[(one + part) % MODEMS].deliver(pdu)  # parts over different links
            await _kill_now_and_then(gateway, modems, kills)
            await _emptied(modems, 0)
            took = time.monotonic() - began
            await _read(folder, gateway, texts)
        finally:
            await gateway.close()
    return _outcome(folder, took)


async def _kill_now_and_then(gateway: Program, modems: list[Modem], kills: int) -> None:
    """At random moments, while there is still much to bring."""
    whole = _waiting(modems)
    for kill in range(kills):
        await _emptied(modems, round(whole * (1 - (kill + 0.2 + 0.6 * _chance(kill)) / kills)))
        await gateway.kill()
        await gateway.start()


def _waiting(modems: list[Modem]) -> int:
    return sum(one.used + len(one.network) for one in modems)


async def _emptied(modems: list[Modem], left: int) -> None:
    async with asyncio.timeout(600):
        while _waiting(modems) > left:  # noqa: ASYNC110  # memories ring nobody
            await asyncio.sleep(0.005)


async def _read(folder: Path, gateway: Program, texts: int) -> None:
    """Until the journal is read: stop, look, and start again while something is left."""
    for _ in range(60):
        await asyncio.sleep(0.5 + texts / 10_000)
        await gateway.stop()
        if _outcome(folder, 0.0).unread == 0:
            return
        await gateway.start()


def _outcome(folder: Path, took_s: float) -> Outcome:
    connection = sqlite3.connect(folder / "data" / "sms.sqlite3")
    try:
        one = (
            connection.execute(query).fetchone()[0]
            for query in (
                "SELECT count(*) FROM inbox", "SELECT count(DISTINCT text) FROM inbox",
                "SELECT count(*) FROM inbox WHERE outcome = 'new'", "SELECT count(*) FROM journal", "SELECT count(*) FROM odd",
            )
        )  # fmt: skip
        return Outcome(
            texts=next(one),
            distinct=next(one),
            counted=next(one),
            unread=next(one),
            odd=next(one),
            took_s=took_s,
        )
    finally:
        connection.close()


def main() -> int:
    """The long run."""
    texts, kills = texts_and_kills(20_000, 3)
    with TemporaryDirectory() as folder:
        found = asyncio.run(run(texts, kills, Path(folder)))
    sys.stdout.write(f"{found}\n")
    return 0 if found.texts == found.distinct == found.counted == texts else 1


if __name__ == "__main__":
    sys.exit(main())
