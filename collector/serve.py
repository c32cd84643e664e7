"""Running the collector: open the folder, remember, listen, archive, and stop cleanly."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Final, NamedTuple

from aiohttp import web

from collector.api.app import make_app
from collector.api.giving import Giving, free_bytes
from collector.api.sheets import SheetRoutes
from collector.api.taking import Secrets, Taking
from collector.core.book import Book
from collector.core.cells import WINDOW_S
from collector.core.exposition import exposed
from collector.core.families import text_of
from collector.core.live import Live
from collector.core.pictures import picture_of
from collector.core.reading import reread
from collector.core.refusals import Refused
from collector.core.roster import Enrolled
from collector.core.times import seconds_of, stamp
from collector.courier import Courier
from collector.evidence.purge import DAY_S, Order, purge
from collector.identity import load_or_make_key
from collector.ledger import Desk, add_ledger, opened_desk
from collector.notary import Notary
from collector.page import add_sheet_pages
from collector.settings import Settings, split_address
from collector.sheets import SheetParts, opened_sheets
from collector.store import Found, Loaded, Store, StoreEnded, load, locked, open_store
from collector.store.steps import Steps
from collector.watching import Watch
from wire.errors import BadInput
from wire.ports import Clock, Randomness
from wire.records import StationReport
from wire.times import format_time

STOP_S: Final = 3.0  # what requests under way get to finish when the collector stops
LINGER_S: Final = 2.0
_log = logging.getLogger("dabyl.collector")


async def serve(
    settings: Settings, clock: Clock, randomness: Randomness, ready: Callable[[str], None]
) -> None:
    """Run until cancelled; `ready` is told the address (`http://127.0.0.1:8080`) once it can be used.

    Raises `BadInput` for a folder or an address that cannot be used, `StoreEnded` when nothing can be kept.
    """
    async with (
        opened(settings, clock, randomness) as collector,
        listening(collector.app, settings) as address,
    ):
        ready(address)
        try:
            await _work(collector, randomness)
        except* StoreEnded as ended:
            raise ended.exceptions[0] from None


async def _work(collector: Collector, randomness: Randomness) -> None:
    settings, clock = collector.settings, collector.clock
    async with asyncio.TaskGroup() as group:
        group.create_task(keep_archiving(collector))
        group.create_task(collector.watch.run())
        group.create_task(collector.courier.run())
        group.create_task(collector.desk.run())
        group.create_task(collector.sheets.run())
        group.create_task(Notary(settings.folder, collector.live, collector.desk, clock).run())
        group.create_task(keep_pictures(collector))
        if settings.keep_days is not None:
            group.create_task(keep_purging(settings, settings.keep_days, clock, randomness))
        # Ends everything when the writer has ended: whoever started us starts us again.
        group.create_task(collector.store.ended())


class Collector(NamedTuple):
    """A collector's parts on one folder: who takes in, looks, brings; what is kept, known and shown."""

    taking: Taking
    watch: Watch
    courier: Courier
    store: Store
    live: Live
    desk: Desk
    sheets: SheetParts
    app: web.Application
    settings: Settings
    clock: Clock

    async def archive(self) -> None:
        """Move what was kept till now to the archive, lot by lot. Raises what `Store.archive` raises."""
        more = True
        while more:
            before_ms = round((seconds_of(self.clock.now()) - self.settings.keep_rows_s) * 1000)
            moved = await self.store.archive(before_ms)
            more = moved is not None and moved.more


@asynccontextmanager
async def opened(
    settings: Settings, clock: Clock, randomness: Randomness, steps: Steps | None = None
) -> AsyncIterator[Collector]:
    """The parts, with what the folder holds remembered; nothing listens or looks yet. Raises `BadInput`.

    `steps`: what is done to the disk; None: what is usual.
    """
    with locked(settings.folder):
        now = seconds_of(clock.now())
        live = Live(now, settings.publish_from)
        loaded = load(settings.folder, round((now - WINDOW_S) * 1000))
        remember(live, loaded)
        text_of(exposed(live, 0, now))  # what a first scrape has to make is made before somebody waits for it
        store = open_store(settings.folder, clock, _Listener(live), steps)
        try:
            key = load_or_make_key(settings.folder, randomness)
            taking = Taking(live, store, settings, clock, Secrets(key, randomness.token(16)))
            giving = Giving(live, store, clock, key, partial(free_bytes, settings.data))
            watch = Watch(live, store, settings, clock, randomness)
            courier = Courier(live, store, settings, clock)
            async with opened_desk(settings, key, clock, randomness) as desk:
                with opened_sheets(settings, desk, clock, steps) as sheets:
                    live.ledger, live.sheets = desk.now, sheets.figures
                    live.reported = _told_of(desk, sheets)
                    live.reported(loaded.reports)  # what was durable before it was in the ledger
                    app = make_app(taking, giving, SheetRoutes(sheets.office, sheets.public, settings))
                    add_ledger(app, desk.shelf)
                    add_sheet_pages(app, sheets.public, desk.shelf.key, lambda: format_time(clock.now()))
                    yield Collector(taking, watch, courier, store, live, desk, sheets, app, settings, clock)
        finally:
            await store.close()


def _told_of(desk: Desk, sheets: SheetParts) -> Callable[[Sequence[StationReport]], None]:
    """Who hears of stations' reports: the ledger and the clock of the count."""

    def tell(reports: Sequence[StationReport]) -> None:
        desk.tell(reports)
        sheets.figures.clock.hear(reports)

    return tell


def remember(live: Live, loaded: Loaded) -> None:
    """Fill an empty picture with what the folder holds."""
    live.enrol(loaded.members)
    silenced = {member.number for member in live.roster if not member.counts}
    for vantage, record in loaded.control:
        if vantage not in silenced:
            live.control.take(vantage, record)
    for report in loaded.reports:
        live.stations.take(report)
    live.incidents = Book(loaded.incidents)
    take_again(live, loaded.recent, count=False)


def take_again(live: Live, batches: Iterable[Found], *, count: bool) -> None:
    """Batches that are kept but not yet in the picture."""
    members = {member.number: member for member in live.roster}
    for found in batches:
        try:
            again = reread(members[found.probe], found.raw, found.received_ms / 1000, live.roster)
            live.take(again, count=count)
        except Refused as error:
            _log.warning("a kept batch cannot be read by this version: %s", error)


class _Listener:
    """Brings what the writer finds into the picture."""

    def __init__(self, live: Live) -> None:
        self._live = live

    def left_behind(self, batches: Sequence[Found]) -> None:
        """A failed commit had persisted: nobody was told, and repeats will be known."""
        take_again(self._live, batches, count=True)

    def members(self, enrolled: Sequence[Enrolled]) -> None:
        """Another process revoked or enrolled."""
        self._live.enrol(enrolled)


@asynccontextmanager
async def listening(app: web.Application, settings: Settings) -> AsyncIterator[str]:
    """The application served at the settings' address, which is given; raises `BadInput`."""
    host, port = split_address(settings.listen)
    runner = web.AppRunner(
        app,
        access_log=None,  # it would hold addresses
        logger=_server_log(),
        auto_decompress=False,  # nobody's bytes are expanded before their signature is checked
        keepalive_timeout=settings.idle_timeout_s,
        lingering_time=LINGER_S,
        shutdown_timeout=STOP_S,
    )
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await _start(site, settings.listen)
        yield _address(runner)
    finally:
        await runner.cleanup()


async def _start(site: web.TCPSite, listen: str) -> None:
    try:
        await site.start()
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise BadInput(f"cannot listen on {listen}: {reason}") from error


def _address(runner: web.AppRunner) -> str:
    host, port = runner.addresses[0][:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


async def keep_archiving(collector: Collector) -> None:
    """Move batches to the archive, again and again; a failure is tried again at the next turn."""
    while True:
        await asyncio.sleep(collector.settings.archive_every_s)
        try:
            await collector.archive()
        except (OSError, sqlite3.Error, Refused, BadInput) as error:
            _log.error("cannot archive now: %s", error)


async def keep_pictures(collector: Collector) -> None:
    """Keep what everybody saw, again and again, so that the map of a past moment can be shown."""
    while True:
        await asyncio.sleep(collector.settings.picture_every_s)
        try:
            now = seconds_of(collector.clock.now())
            await collector.store.keep_picture(picture_of(collector.live.published(now)))
        except Refused as error:
            _log.warning("no picture can be kept now: %s", error)


async def keep_purging(settings: Settings, keep_days: int, clock: Clock, randomness: Randomness) -> None:
    """Delete days that are older than the settings allow, again and again; a failure is tried again."""
    key, why = load_or_make_key(settings.folder, randomness), f"keep_days = {keep_days}"
    while True:
        now = seconds_of(clock.now())
        order = Order(stamp(now - (keep_days + 1) * DAY_S)[:10], why, now)
        try:
            for one in await asyncio.to_thread(purge, settings.folder, order, key):
                _log.info("deleted the batches of %s", one.day)
        except BadInput as error:
            _log.error("cannot delete now: %s", error)
        await asyncio.sleep(settings.purge_every_s)


class _NoAddresses(logging.Filter):
    """The web server names the peer in its errors: keep the error, drop the name."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = "the web server: an error while answering", ()
        return True


def _server_log() -> logging.Logger:
    log = logging.getLogger("dabyl.collector.http")
    if not log.filters:
        log.addFilter(_NoAddresses())
    return log
