"""What happened, into the public ledger: the final form of each incident, the hash of each day's evidence.

Rules of this file: entries are the same whoever makes them again, so that nothing stands there twice; a day
is noted once it is over and all of it is archived. An incident that is told anew gets one more entry.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import sqlite3
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from collector.core.live import Live
from collector.core.times import epoch_seconds, seconds_of, stamp
from collector.ledger import Desk, LedgerFault
from collector.store.archive import archive_path, day_of
from collector.store.contents import archive_sizes, archived_through, batches_after
from collector.store.schema import open_database
from wire import canonical
from wire.errors import BadInput
from wire.incidents import Incident
from wire.ledger import Entry
from wire.ports import Clock

EVERY_S: Final = 60.0
_DAY_S: Final = 86_400.0
_CHUNK_BYTES: Final = 1_048_576
_log = logging.getLogger("dabyl.collector")


class Notary:
    """Who looks for what is final, again and again."""

    def __init__(self, folder: Path, live: Live, desk: Desk, clock: Clock) -> None:
        """`folder`: the collector's; days that `live.sheets` has from the ledger are not read again."""
        self._folder, self._live, self._desk, self._clock = folder, live, desk, clock
        self._days = set(live.sheets.days)
        self._told: set[tuple[str, int]] = set()

    async def run(self) -> None:
        """Work until cancelled; a failure is tried again at the next turn."""
        while True:
            try:
                await self.note()
            except (LedgerFault, BadInput, sqlite3.Error, OSError) as error:
                _log.error("the ledger could not be told of days and incidents: %s", error)
            await asyncio.sleep(EVERY_S)

    async def note(self) -> None:
        """All that is final now and was not noted in this life. Raises what `run` catches."""
        ended = [one for one in self._live.incidents.last() if _is_final(one.incident)]
        new = [one for one in ended if (one.incident.id, one.incident.revision) not in self._told]
        entries = [incident_entry(one.incident, one.known_at) for one in new]
        today = stamp(seconds_of(self._clock.now()))[:10]
        days = await asyncio.to_thread(lambda: dict(finished_days(self._folder, today, self._days)))
        entries += [day_entry(day, sha256) for day, sha256 in days.items()]
        if entries:
            await self._desk.add(entries)
        self._told |= {(one.incident.id, one.incident.revision) for one in new}
        self._days |= days.keys()


def _is_final(incident: Incident) -> bool:
    return incident.ended_at is not None or incident.withdrawn


def incident_entry(incident: Incident, known_at: float) -> Entry:
    """An incident that is over, as it was told: the hash is of its JSON as `/v1/incidents` gives it."""
    raw = canonical.encode(incident)
    return Entry(
        kind="incident",
        at=stamp(known_at),
        sha256=hashlib.sha256(raw).hexdigest(),
        note=f"{incident.id} revision {incident.revision}",
    )


def day_entry(day: str, sha256: str) -> Entry:
    """A day's evidence; its time is the day's end."""
    return Entry(
        kind="archive", at=stamp(epoch_seconds(f"{day}T00:00:00.000Z") + _DAY_S), sha256=sha256, note=day
    )


def finished_days(folder: Path, today: str, known: Collection[str]) -> Iterator[tuple[str, str]]:
    """The days before `today` that are archived whole, without the known ones: each with its file's hash."""
    connection = open_database(folder)
    try:
        waiting = next(batches_after(connection, archived_through(connection)), None)
        before = today if waiting is None else min(today, day_of(waiting))
        for day, size_bytes in sorted(archive_sizes(connection).items()):
            if day < before and day not in known:
                yield day, _sha256(archive_path(folder, day), size_bytes)
    finally:
        connection.close()


def _sha256(path: Path, size_bytes: int) -> str:
    """Of the bytes that are durable: a crash may have left more."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while size_bytes > 0 and (chunk := file.read(min(_CHUNK_BYTES, size_bytes))):
            found.update(chunk)
            size_bytes -= len(chunk)
    if size_bytes:
        raise BadInput(f"{path}: it is {size_bytes} bytes shorter than what was durable")
    return found.hexdigest()
