"""The gateway, running: its HTTP face and its loops, until it is cancelled."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Final

from aiohttp import ClientSession, DummyCookieJar, web

from sms_gateway import alerts, assemblies, inbox, outbox, reports
from sms_gateway.alerting import Alerting
from sms_gateway.deliver import Deliverer
from sms_gateway.dispatch import Dispatch
from sms_gateway.joining import Joiner
from sms_gateway.links.kinds import decoders, open_links
from sms_gateway.office import Office, open_office
from sms_gateway.settings import Settings, address, check
from sms_gateway.store import StoreFailed
from sms_gateway.web import MAX_LINE_BYTES, Face, server_log
from wire import Clock, Randomness
from wire.errors import BadInput
from wire.times import epoch_seconds, format_time

Ready = Callable[[str], None]
_log = logging.getLogger(__name__)
_TIDY_S: Final = 60.0
_STOP_S: Final = 5.0
_IDLE_S: Final = 75.0  # without a whole request a connection is closed


async def serve(settings: Settings, clock: Clock, randomness: Randomness, ready: Ready | None = None) -> None:
    """Take texts until cancelled. `ready` gets `http://HOST:PORT` once they are taken.

    Raises `BadInput` when it cannot begin, `StoreFailed` when its store died.
    """
    check(settings)
    async with _office(settings, clock, randomness) as office, _session() as session:
        await _check_invite(office)
        async with _listening(office) as url:
            if ready is not None:
                ready(url)
            await _work(office, session)


async def _work(office: Office, session: ClientSession) -> None:
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(Deliverer(office, session).run())
            group.create_task(Joiner(office, decoders(office.settings)).run())
            office.links.update(open_links(office, session))
            for settings in office.settings.link:
                group.create_task(office.links[settings.name].run())
            group.create_task(Dispatch(office).run())
            if office.settings.alerts is not None:
                group.create_task(Alerting(office, office.settings.alerts, session).run())
            group.create_task(_tidy(office))
            # Ends everything when the store's thread has ended: whoever started us starts us again.
            group.create_task(office.store.ended())
    except* StoreFailed as died:
        raise died.exceptions[0] from None


def _session() -> ClientSession:
    return ClientSession(cookie_jar=DummyCookieJar())


@asynccontextmanager
async def _office(settings: Settings, clock: Clock, randomness: Randomness) -> AsyncIterator[Office]:
    office = await open_office(settings, clock, randomness)
    try:
        yield office
    finally:
        office.store.close()


async def _check_invite(office: Office) -> None:
    enrolled = await office.store.run(partial(reports.fact, name="enrolled"))
    if not enrolled and not office.settings.invite:
        raise BadInput("invite: the first start needs one, made by 'dabyl collector invite --role gateway'")


@asynccontextmanager
async def _listening(office: Office) -> AsyncIterator[str]:
    """The HTTP face, listening; gives its address. Raises `BadInput`."""
    host, port = address(office.settings.listen)
    runner = web.AppRunner(
        Face(office).application(),
        access_log=None,
        logger=server_log(),
        max_line_size=MAX_LINE_BYTES,
        keepalive_timeout=_IDLE_S,
        lingering_time=2.0,
        shutdown_timeout=_STOP_S,
    )
    await runner.setup()
    try:
        await _bind(runner, host, port)
        bound = runner.addresses[0]
        yield f"http://{f'[{bound[0]}]' if ':' in bound[0] else bound[0]}:{bound[1]}"
    finally:
        await runner.cleanup()


async def _bind(runner: web.AppRunner, host: str, port: int) -> None:
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        raise BadInput(f"listen: {host}:{port}: {error.strerror or error}") from error


async def _tidy(office: Office) -> None:
    """Give up what is too late, forget what is old, and leave no number in the write-ahead log."""
    while True:
        try:
            await tidy_once(office)
        except StoreFailed as error:
            _log.error("store: %s", error)
        await asyncio.sleep(_TIDY_S)


async def tidy_once(office: Office) -> None:
    """One round of it; raises `StoreFailed`."""
    expired = await office.store.run(partial(outbox.expire, now=office.now_s()))
    for link, count in expired.items():
        office.metrics.answered(link, "expired", count)
    now = office.clock.now()
    before = format_time(now - timedelta(days=office.settings.keep_days))
    await office.store.run(partial(inbox.trim, before=before, now=format_time(now)))
    await office.store.run(partial(assemblies.trim, before=before))
    await office.store.run(partial(alerts.trim, before=epoch_seconds(before)))
    await office.store.run(partial(outbox.trim, before=epoch_seconds(before), now=now.timestamp()))
    await office.store.scrub()
    try:
        if await office.reread():
            _log.info("the files of keys were read anew")
    except BadInput as error:
        _log.error("%s; what was read before still holds", error)
