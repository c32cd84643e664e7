"""Looking for incidents while measurements come in: the shell around the detector and the book.

Rules of this file: the work is done in a thread, so that nobody waits for it, and takes at most
a fifth of the time; what is published is durable first; a failure is told and tried again.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from collector.core.book import Book, Revision, span_of
from collector.core.brought import all_brought
from collector.core.detect import detect
from collector.core.digest import Digest
from collector.core.live import Live
from collector.core.naming import SECRET_BYTES
from collector.core.recent import Heard, Recent
from collector.core.refusals import Refused
from collector.core.reputation import Known, with_standing
from collector.core.roster import Member, Roster
from collector.core.times import seconds_of
from collector.core.witnesses import Seen, days_of, named
from collector.settings import Settings
from collector.store import Arrived, Store
from wire import batch
from wire.batch import Envelope
from wire.errors import BadInput, BadRecord
from wire.incidents import Incident
from wire.ports import Clock, Randomness
from wire.records import ProbeDigest

HOUR_S: Final = 3_600.0
BEFORE_S: Final = 12 * HOUR_S  # what the detector wants to know from before an incident
LONGEST_S: Final = 14 * 24 * HOUR_S  # however long an incident lasts, no more is held for it
REST: Final = 4.0  # after a look that took a second the next waits for four
FIRST: Final = 3  # looks that are left out after a start
LOT: Final = 100  # batches that are put together at once
# What arithmetic on strange data may raise. Taking in must go on, whatever the detector stumbles over.
_SLIPS: Final = (ArithmeticError, LookupError, ValueError, MemoryError, BadInput)
_log = logging.getLogger("dabyl.collector.watching")


class Watch:
    """Looks again and again. One for each collector."""

    def __init__(
        self, live: Live, store: Store, settings: Settings, clock: Clock, randomness: Randomness
    ) -> None:
        """Nothing is read before `run`. `randomness` makes the secrets of the days' public names."""
        self._live, self._store, self._settings, self._clock = live, store, settings, clock
        self._randomness = randomness
        self._recent = Recent(settings.detect_records)

    async def run(self) -> None:
        """Read what is kept, then look until cancelled."""
        await asyncio.to_thread(self._remember, floor_of(self._live.incidents, self._settings, self._now()))
        # What probes kept while we were away is on its way: their silence till then is ours.
        await asyncio.sleep(FIRST * self._settings.detect_every_s)
        while True:
            began = self._clock.monotonic()
            try:
                await self.look()
            except Refused as error:
                _log.warning("incidents cannot be kept now: %s", error)
            except _SLIPS:
                _log.exception("this look found nothing")
            took_s = self._clock.monotonic() - began
            await asyncio.sleep(max(self._settings.detect_every_s, REST * took_s))

    async def look(self) -> None:
        """One look: what is new becomes durable, then known. Raises `Refused` ("busy", "storage")."""
        book, now = self._live.incidents, self._now()
        again, self._live.unheard = self._live.unheard, False
        heard = [self._live.heard.popleft() for _ in range(len(self._live.heard))]
        floor = floor_of(book, self._settings, now)
        if again:  # two thousand spools at once, say: what did not fit is in the archive
            await asyncio.to_thread(self._start_again, floor)
        found = await asyncio.to_thread(self._found, heard, (floor, now), list(self._live.roster))
        if news := book.news(found, now, self._recent.floor):
            news = await self._named(news)
            await self._store.tell(news)
            # After a crash here the revisions are known at the next start; nobody saw them before.
            for one in news:
                book.put(one)

    async def _named(self, news: Sequence[Revision]) -> list[Revision]:
        """The news with public names for witnesses. What was told under such names before keeps them."""
        ids = {name for one in news for name in one.incident.witnesses}
        seen = await asyncio.to_thread(self._recent.seen, ids)
        fresh = {day: self._randomness.token(SECRET_BYTES) for day in days_of(seen)}
        secrets = await self._store.secrets(fresh) if fresh else {}
        return [self._with_names(one, seen, secrets) for one in news]

    def _with_names(self, one: Revision, seen: Mapping[str, Seen], secrets: Mapping[str, bytes]) -> Revision:
        told = self._live.incidents.revisions(one.incident.id)
        if told and told[-1].incident.witnesses == one.incident.witnesses:
            return replace(one, evidence=told[-1].evidence)
        incident, evidence = named(one.incident, seen, secrets.__getitem__)
        return replace(one, incident=incident, evidence=evidence)

    def _start_again(self, floor: float) -> None:
        self._recent = Recent(self._settings.detect_records)
        self._remember(floor)

    def _remember(self, floor: float) -> None:
        try:
            self._take(_heard(self._store.batches(round(floor * 1000)), self._live.roster))
        except (BadRecord, OSError, sqlite3.Error) as error:
            _log.error("what is kept cannot be read for detection: %s", error)

    def _found(
        self, heard: Iterable[Heard], span: tuple[float, float], roster: Sequence[Member]
    ) -> list[Incident]:
        self._take(heard)
        self._recent.forget(span[0])
        columns = self._recent.columns([member.id for member in roster if not member.counts])
        known = {one.id: Known(one.enrolled, one.past if one.revoked else 1.0) for one in roster}
        return detect(with_standing(columns, known, span[1]), span[1])

    def _take(self, heard: Iterable[Heard]) -> None:
        lot: list[Heard] = []
        for one in heard:
            lot.append(one)
            if len(lot) >= LOT:
                self._recent.take(lot)
                lot = []
        self._recent.take(lot)

    def _now(self) -> float:
        return seconds_of(self._clock.now())


def floor_of(book: Book, settings: Settings, now: float) -> float:
    """Since when measurements are looked at: some hours, and all of an incident that is not long over."""
    floor = now - settings.detect_hours * HOUR_S
    spans = [span_of(one.incident) for one in book.last() if not one.incident.withdrawn]
    begun = [began - BEFORE_S for began, ended in spans if ended >= floor]
    return max(min([floor, *begun]), now - LONGEST_S)


def _heard(kept: Iterable[Arrived], roster: Roster) -> Iterator[Heard]:
    """The measurements of batches that were taken, and those of digests that gateways brought.

    None of a station's report, or of another version's batch.
    """
    for one in kept:
        try:
            envelope = batch.take_apart(one.raw)
            found = list(_measured(envelope, one.at, roster))
        except BadInput as error:
            _log.warning("a kept batch cannot be read by this version: %s", error)
            continue
        for probe, digest in found:
            if digest.rows is not None:
                yield Heard(one.at, probe, digest.rows)


def _measured(envelope: Envelope, arrived: float, roster: Roster) -> Iterator[tuple[str, Digest]]:
    """The measurements of a batch with the probe's name; raises `BadRecord`."""
    if envelope.purpose == "dabyl/v1/batch":
        yield envelope.probe, Digest(batch.table(envelope))
        return
    texts = [told for told in batch.told(envelope) if isinstance(told, ProbeDigest)]
    for found in all_brought(texts, roster, arrived)[0]:
        yield found.member.id, found.digest
