"""A probe that is cut off tells its round by text: the real gateway, the real collector, what is shown of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from msgspec.structs import replace

from collector import new_invite
from sms_gateway import keys
from tests.collector.core.scenes import ALMATY, NOW, key, seen
from tests.collector.harness import Running, TestRandomness, running
from tests.sms_gateway.harness import Gateway, MovableClock, gateway
from wire import digest
from wire.records import Verdict
from wire.times import EPOCH

PROBE = key(1)
RATIO = 'dabyl_reachability_ratio{category="news",operator="AS21299",region="KZ-75",side="foreign"}'
COUNTED = 'dabyl_measurements_total{category="news",operator="AS21299",region="KZ-75",state="likely_blocked"}'
TAKEN, REPEAT = (f'dabyl_digests_total{{result="{result}"}}' for result in ("taken", "repeat"))


def text(ago_s: float = 60) -> str:
    """News from abroad fail, a page at home works, the line is lossy."""
    lossy = Verdict(state="insufficient", stage="line", mechanism="line.lossy")
    found = [
        seen("a", "likely_blocked", "tls.reset.sni"),
        seen("b", category="egov", side="domestic"),
        replace(seen("c"), verdict=lossy),
    ]
    return digest.seal(PROBE, found, ALMATY, int(NOW - ago_s))


@asynccontextmanager
async def both(folder: Path, number: int = 1) -> AsyncIterator[tuple[Running, Gateway]]:
    """The collector, and the n-th of the gateways that it invites."""
    clock = MovableClock()
    clock.time = EPOCH + timedelta(seconds=NOW)
    async with running(folder / "collector", publish_from=1) as collector:
        own, token = folder / f"gateway-{number}", ""
        if not own.exists():
            own.mkdir()
            keys.write_secret(own / keys.SIGNING, f"{0x900 + number:064x}")  # each has its own
            chance = TestRandomness(40 + number)
            token = await asyncio.to_thread(
                new_invite, folder / "collector", "gateway", 1.0, collector.clock, chance
            )
        async with gateway(own, collector.url, clock, invite=token) as sms:
            yield collector, sms


async def counted(collector: Running, line: str, wanted: float = 1.0) -> None:
    """Wait until a series has this value."""
    async with asyncio.timeout(15):
        while await collector.metric(line) != wanted:  # noqa: ASYNC110  # a page is looked at
            await asyncio.sleep(0.02)


async def test_a_cut_probes_text_is_in_the_collectors_figures_once(tmp_path: Path) -> None:
    async with both(tmp_path) as (collector, sms):
        await collector.enrol(PROBE, network=ALMATY)
        for sender in ("+77011234567", "+77770000001"):
            assert await sms.text(text(), sender) == 200
        await counted(collector, TAKEN)
        assert await collector.metric(RATIO) == 0
        assert await collector.metric(COUNTED) == 1
        assert await collector.metric('dabyl_batches_total{channel="sms",region="unknown"}') == 1
    # Both are started anew, and the network brings the text once more, to this gateway and to another one.
    for number in (1, 2):
        async with both(tmp_path, number) as (collector, sms):
            assert await sms.text(text(), id=f"again-{number}") == 200
            assert await sms.text(text(30), id=f"later-{number}") == 200
            await counted(collector, TAKEN if number == 1 else REPEAT, 1 if number == 1 else 2)
            assert await collector.metric(RATIO) == 0


async def test_what_a_strangers_probe_says_by_text_moves_no_figure(tmp_path: Path) -> None:
    async with both(tmp_path) as (collector, sms):
        assert await sms.text(text()) == 200
        await counted(collector, 'dabyl_digests_total{result="unknown_probe"}')
        assert await collector.metric(RATIO) is None
