"""Looks from where it is run: `look flow|walk|dns ADDRESS`; prints the step as JSON."""

from __future__ import annotations

import asyncio
import sys

from probes.core.dns_message import ask
from probes.packets import Asked, Patience, Subject, client_hello, examine, packet_helper, watch_race
from tests.system.packets.chain import NAME, SERVER_PORT
from wire import canonical
from wire.records import Step


async def look(what: str, address: str) -> Step:
    async with packet_helper() as helper:
        if what == "dns":
            question = ask(NAME, "A", 7)
            asked = Asked(
                address=address, port=53, label=address, name=NAME, raw=question.raw, now=lambda: 0.0
            )
            return await watch_race(helper, asked, 1.0)
        subject = Subject(
            address=address,
            port=SERVER_PORT,
            name=NAME,
            wanted=client_hello(NAME),
            harmless=client_hello("harmless.example"),
            now=lambda: 0.0,
        )
        return await examine(helper, subject, Patience(answer_s=1.0), walk=what == "walk")


if __name__ == "__main__":
    step = asyncio.run(look(*sys.argv[1:]))
    sys.stdout.write(canonical.encode(step).decode() + "\n")
