"""The result sheets of a collector as its settings say."""

from __future__ import annotations

import asyncio
import csv
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from collector.core.refusals import Refused
from collector.core.sheets.clock import CountClock
from collector.core.sheets.figures import SheetFigures
from collector.core.times import seconds_of
from collector.ledger import Desk
from collector.settings import Settings
from collector.sheets.auditing import Auditor
from collector.sheets.following import Follower, Shown
from collector.sheets.office import Office
from collector.sheets.public import Public
from collector.sheets.store import FOLDER, SheetStore
from collector.store.steps import Steps
from wire.errors import BadInput
from wire.ports import Clock
from wire.times import parse_time

RETRY_S: Final = 5.0
_log = logging.getLogger("dabyl.collector.sheets")


class SheetParts(NamedTuple):
    """Who takes in, who compares, what is shown."""

    office: Office
    follower: Follower
    public: Public
    store: SheetStore
    auditor: Auditor
    figures: SheetFigures

    async def run(self) -> None:
        """Add what a crash kept from the ledger, then compare what comes in; until cancelled."""
        while not await self._caught_up():  # noqa: ASYNC110  # nobody tells when the disk is well again
            await asyncio.sleep(RETRY_S)
        async with asyncio.TaskGroup() as group:
            group.create_task(self.follower.run())
            group.create_task(self.auditor.run(self.follower.book()))

    async def _caught_up(self) -> bool:
        try:
            await self.office.catch_up()
        except Refused as refused:
            _log.error("the ledger takes no sheets now: %s", refused)
            return False
        return True


@contextmanager
def opened_sheets(
    settings: Settings, desk: Desk, clock: Clock, steps: Steps | None = None
) -> Iterator[SheetParts]:
    """The parts; nothing is added to the ledger before `SheetParts.run`. Raises `BadInput`."""
    chosen = settings.sheets
    closing = parse_time(chosen.polls_close) if chosen.polls_close else None

    def revealed() -> bool:
        return closing is None or clock.now() >= closing

    districts = read_districts(chosen.station_list)
    figures = SheetFigures(CountClock(districts, None if closing is None else seconds_of(closing)))
    store = SheetStore(settings.folder / FOLDER, steps)
    try:
        follower = Follower(desk, store, clock, Shown(figures, districts, revealed))
        auditor = Auditor(desk, store, figures, clock, settings.ledger.audit_every_s)
        office = Office(settings, store, desk, follower, clock)
        public = Public(follower.book, store, revealed, office.senders.name_of, chosen.polls_close)
        yield SheetParts(office, follower, public, store, auditor, figures)
    finally:
        store.close()


def read_districts(file: str) -> dict[str, str]:
    """The district of each station, from a CSV with the columns `station` and `district`.

    Raises `BadInput`.
    """
    if not file:
        return {}
    try:
        rows = list(csv.DictReader(Path(file).read_text(encoding="utf-8-sig").splitlines()))
        return {row["station"]: row["district"] or "" for row in rows}
    except OSError as error:
        raise BadInput(f"{file}: {error.strerror}") from error
    except (KeyError, csv.Error, UnicodeDecodeError) as error:
        raise BadInput(f"{file}: a CSV with the columns station and district is needed") from error
