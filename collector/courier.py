"""What came late, brought to Prometheus while the collector runs: the shell around `core.late`.

Rules of this file: what is to be brought is durable first, and leaves the queue only once it was taken;
a destination that does not answer is tried again, with the same bytes; adding up takes at most half of
the time, for taking in must go on while two thousand probes empty their spools.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Sequence
from functools import partial
from typing import Final

from msgspec import Struct

from collector.core.late import Copies, LateSeen, Minutes, Sample, figures, late_of, told_by
from collector.core.late_chunks import chunks, pack, parted, unpack
from collector.core.live import Live
from collector.core.reading import reread
from collector.core.refusals import Refused
from collector.core.remote_write import snappy, write_request
from collector.core.roster import Member
from collector.core.times import seconds_of
from collector.late_blocks import make_blocks, write_text
from collector.remote import client, deliver
from collector.settings import Settings
from collector.store import Found, Store
from collector.store.late import Chunk, Lot, marked_of, marked_probes, queue_length, queued, told, waiting
from wire.ports import Clock

MAX_DAYS: Final = 6_000  # days of cells that one lot may hold: 140 MB; the rest waits for the next
MANY: Final = 50  # chunks that are held at once, and become one file of blocks: 40 MB
_log = logging.getLogger("dabyl.collector.courier")


class _Added(Struct):
    """What of the marked batches was added up so far."""

    minutes: Minutes
    batches: list[int]


class Courier:
    """Brings late figures. One for each collector that has a destination for them."""

    def __init__(self, live: Live, store: Store, settings: Settings, clock: Clock) -> None:
        """Nothing is read before `run`."""
        self._live, self._store, self._clock = live, store, clock
        self._late, self._least = settings.late, settings.publish_from
        self._folder = settings.folder

    async def run(self) -> None:
        """Work until cancelled; without a destination there is nothing to do but to let rows go."""
        if not self._late.wanted:
            await self._store.late.forget()
            return
        while True:
            try:
                await self.turn()
            except (Refused, OSError, sqlite3.Error) as error:
                _log.warning("late figures wait: %s", error)
            await asyncio.sleep(self._late.every_s)

    async def turn(self) -> None:
        """Add up what has settled, bring what waits. Raises `Refused`, `OSError`, `sqlite3.Error`."""
        while await self._settled() and await self._add_up():
            pass
        while await self._bring():
            pass
        self._live.totals.late_queue = await asyncio.to_thread(self._store.late.read, queue_length)

    async def _settled(self) -> bool:
        """Whether enough came, or nothing more comes."""
        found = await asyncio.to_thread(self._store.late.read, waiting)
        now_ms = self._now() * 1000
        quiet = now_ms - found.last_ms >= self._late.settle_s * 1000
        long = now_ms - found.first_ms >= self._late.longest_s * 1000
        return found.batches > 0 and (quiet or long)

    async def _add_up(self) -> bool:
        """One lot into the queue; whether more may be waiting."""
        added, more = _Added(Minutes(), []), False
        for probe in await asyncio.to_thread(self._store.late.read, marked_probes):
            if more := len(added.minutes) > MAX_DAYS:
                break
            began = self._clock.monotonic()
            await asyncio.to_thread(self._add, added, probe)
            await asyncio.sleep(self._clock.monotonic() - began)
        await self._store.late.put(await asyncio.to_thread(self._lot, added))
        return more

    def _add(self, added: _Added, probe: int) -> None:
        found = self._store.late.read(partial(marked_of, probe=probe))
        members = [one for one in self._live.roster if one.number == probe and not one.revoked]
        added.minutes.add([seen for member in members for one in found for seen in _late_in(member, one)])
        added.batches += [one.number for one in found]

    def _lot(self, added: _Added) -> Lot:
        known = self._store.late.read(told)
        made = figures(added.minutes, Copies(known), self._least)
        return Lot(
            batches=added.batches,
            chunks=[pack(chunk) for chunk in chunks(made)],
            told=told_by(added.minutes, Copies(known), self._least),
            forget_before=int((self._now() - self._late.forget_s) // 60),
        )

    async def _bring(self) -> bool:
        """Some chunks to where they belong; whether there may be more."""
        found = await asyncio.to_thread(self._store.late.read, partial(queued, most=MANY))
        floor_ms = (self._now() - self._late.window_s) * 1000 if self._late.remote_write else float("inf")
        old: list[tuple[Chunk, list[Sample]]] = []
        for chunk in found:
            young, rest = parted(await asyncio.to_thread(unpack, chunk.samples), floor_ms)
            if young and rest:
                await self._store.late.settle([chunk.number], [pack(young), pack(rest)])
            elif rest or not await self._send(young):
                old.append((chunk, rest or young))
            else:
                await self._store.late.settle([chunk.number])
        if old:
            await self._bring_old(old)
        return len(found) > 0

    async def _send(self, samples: list[Sample]) -> bool:
        """By remote write; whether that was their end: False when they are too old for it."""
        try:
            async with client() as session:
                body = snappy(write_request(samples))
                answer = await deliver(session, self._late.remote_write, body, self._late.token())
        except OSError as error:
            self._count("remote_write", "failed", samples)
            raise OSError(f"remote write: {error}") from error
        self._count("remote_write", answer.result, samples)
        if answer.result == "refused":
            _log.warning("late figures are refused for good: %s", answer.said)
        return answer.result != "too_old"

    async def _bring_old(self, old: Sequence[tuple[Chunk, list[Sample]]]) -> None:
        samples = [one for _, found in old for one in found]
        path = self._folder / "late" / f"late-{old[0][0].number:09d}.om"
        await asyncio.to_thread(write_text, path, samples)
        destination = "file"
        if self._late.blocks:
            destination = "blocks"
            try:
                await make_blocks(self._late.promtool, path, self._late.blocks)
            except OSError:
                self._count(destination, "failed", samples)
                raise
        # After a crash here the same blocks are made again: equal samples at equal times count once.
        await self._store.late.settle([chunk.number for chunk, _ in old])
        if self._late.blocks:
            await asyncio.to_thread(path.unlink)
        self._count(destination, "taken", samples)

    def _count(self, destination: str, result: str, samples: Sequence[Sample]) -> None:
        self._live.totals.late[destination, result] += len(samples)

    def _now(self) -> float:
        return seconds_of(self._clock.now())


def _late_in(member: Member, found: Found) -> list[LateSeen]:
    try:
        return late_of(reread(member, found.raw, found.received_ms / 1000))
    except Refused as error:
        _log.warning("a kept batch cannot be read by this version: %s", error)
        return []
