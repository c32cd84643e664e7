"""A crowd of probes that measure a made-up country in real time and bring really signed batches to a collector.

What cannot be brought is kept and brought later, in order, as a probe's spool does.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import deque
from pathlib import Path
from typing import Final, Literal

import aiohttp

from collector import new_invite
from dabyl.system import SystemClock, SystemRandom
from wire import batch, canonical
from wire.enrol import enrolment
from wire.records import Measurement, Network, Target, Verdict
from wire.signing import SigningKey
from wire.times import format_time

Side = Literal["domestic", "foreign"]
Weather = Literal["calm", "abroad", "messengers"]
"""calm: all works. abroad: no foreign site answers. messengers: none of them answers."""
PLACES: Final = ("KZ-71", "KZ-75", "KZ-79", "KZ-35", "KZ-39", "KZ-61")
NETWORKS: Final = (("AS9198", "fixed"), ("AS29355", "mobile"), ("AS21299", "mobile"))
_OK: Final = Verdict(state="ok", rule="made-up")
_FAILS: Final = Verdict(state="likely_blocked", stage="tls", mechanism="tls.timeout.sni", rule="made-up")
_HOME: Final = ("egov.kz", "zakon.kz", "akorda.kz")
_ABROAD: Final = ("wikipedia.org", "bbc.com", "debian.org")
_MESSENGERS: Final = ("telegram/dc1", "whatsapp/e1", "signal/chat")
_ANSWER: Final = aiohttp.ClientTimeout(total=5)


class Probe:
    """One of the crowd: its key, what it has counted, what it keeps."""

    def __init__(self, number: int) -> None:
        self.number = number
        asn, access = NETWORKS[number // len(PLACES) % len(NETWORKS)]
        self.network = Network(asn=asn, region=PLACES[number % len(PLACES)], access=access)  # type: ignore[arg-type]  # the table's words are that literal
        self.key = SigningKey(hashlib.sha256(f"crowd {number}".encode()).digest())
        self.spool: deque[bytes] = deque()
        self._counted = 0

    def measure(self, weather: Weather) -> None:
        """One round, into the spool."""
        self._counted += 1
        at, turn = format_time(SystemClock().now()), self._counted % 3
        round_of: tuple[tuple[tuple[str, ...], Side, str], ...] = (
            (_HOME, "domestic", "news"),
            (_ABROAD, "foreign", "control"),
            (_MESSENGERS, "foreign", "messenger"),
        )
        records = [
            Measurement(
                id=f"c{self.number}-{self._counted}-{sort}", probe=self.key.id, at=at, network=self.network,
                target=Target(id=names[turn], url=f"https://{names[turn].replace('/', '.')}/", category=category, side=side),
                verdict=_verdict(weather, side, category),
            )
            for sort, (names, side, category) in enumerate(round_of)
        ]  # fmt: skip
        self.spool.append(batch.seal(self.key, "dabyl/v1/batch", "c0ffee0000000001", self._counted, records))


def _verdict(weather: Weather, side: str, category: str) -> Verdict:
    fails = {"calm": False, "abroad": side == "foreign", "messengers": category == "messenger"}
    return _FAILS if fails[weather] else _OK


class Crowd:
    """Enrolled probes; `weather` may be changed at any time. `lost`: batches that were refused for ever."""

    def __init__(self, url: str, folder: Path, probes: int, every_s: float) -> None:
        """`folder`: the collector's data, to make invites in."""
        self.weather: Weather = "calm"
        self.lost = 0
        self._url, self._folder, self._every_s = url, folder, every_s
        self._probes = [Probe(number) for number in range(probes)]

    async def enrol(self) -> None:
        """Every probe gets an invite and uses it."""
        async with aiohttp.ClientSession(timeout=_ANSWER) as client:
            for probe in self._probes:
                token = await asyncio.to_thread(
                    new_invite, self._folder, "probe", 1.0, SystemClock(), SystemRandom()
                )
                raw = canonical.encode(enrolment(probe.key, token, probe.network))
                while (wait_s := await self._ask(client, raw)) > 0:  # noqa: ASYNC110  # as the answer wants it
                    await asyncio.sleep(wait_s)

    async def _ask(self, client: aiohttp.ClientSession, raw: bytes) -> float:
        """0 when the probe was taken; else after how many seconds it may ask again: all come from one address."""
        async with client.post(f"{self._url}/v1/enrol", data=raw) as answer:
            if answer.status == 429:
                return float(answer.headers.get("Retry-After", "1"))
            assert answer.status == 200, await answer.text()
            return 0.0

    async def run(self) -> None:
        """For ever; the probes' rounds lie evenly in the cycle."""
        async with aiohttp.ClientSession(timeout=_ANSWER) as client, asyncio.TaskGroup() as group:
            for probe in self._probes:
                group.create_task(self._live(client, probe))

    async def _live(self, client: aiohttp.ClientSession, probe: Probe) -> None:
        await asyncio.sleep(probe.number * self._every_s / len(self._probes))
        while True:
            probe.measure(self.weather)
            await self._bring(client, probe)
            await asyncio.sleep(self._every_s)

    async def _bring(self, client: aiohttp.ClientSession, probe: Probe) -> None:
        """All that is kept, the oldest first, until one is not taken."""
        while probe.spool:
            try:
                async with client.post(f"{self._url}/v1/measurements", data=probe.spool[0]) as answer:
                    status = answer.status
            except (aiohttp.ClientError, TimeoutError):
                return
            if status >= 500 or status == 429:
                return
            self.lost += status != 200
            probe.spool.popleft()
