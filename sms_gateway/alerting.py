"""The loop that turns alerts into texts: gathered, told once, an end only when the collector proves it."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Sequence
from functools import partial
from typing import Final

from aiohttp import ClientError, ClientSession, ClientTimeout

from sms_gateway import alerts, catalogue
from sms_gateway.alerts import Kept
from sms_gateway.answers import whole
from sms_gateway.core.alerts import Telling, Told, freshest, lasts, looked_at, texts
from sms_gateway.office import Office
from sms_gateway.outbox import Letter
from sms_gateway.settings import Alerts
from sms_gateway.store import StoreFailed
from wire.facts import Language, regions

_log = logging.getLogger(__name__)
_STEP_S: Final = 1.0
_TIMEOUT: Final = ClientTimeout(total=20)
_MOST_BYTES: Final = 32 * 1_048_576


def telling(language: Language) -> Telling:
    """In that language, with the names that people know."""
    names = {code: str(getattr(one, language)) for code, one in regions().items()}
    access = {one: catalogue.say(language, f"access-{one}", {}) for one in ("fixed", "mobile")}
    return Telling(language=language, say=catalogue.say, names=names | access)


class Alerting:
    """Tells people what Alertmanager tells us."""

    def __init__(self, office: Office, settings: Alerts, session: ClientSession) -> None:
        """`session` may be shared."""
        self._office, self._settings, self._session = office, settings, session
        self._ask_at = self._ask_again_at = 0.0
        self._telling = telling(settings.language)

    async def run(self) -> None:
        """For ever."""
        while True:
            try:
                await self._step()
            except StoreFailed as error:
                _log.error("alerts: %s", error)
            await asyncio.sleep(min(_STEP_S, self._settings.gather_s / 2))

    async def _step(self) -> None:
        store, now = self._office.store, self._office.now_s()
        firing = await store.run(partial(alerts.waiting, state="firing"))
        await self._tell_if_gathered(await self._begun(firing), now)
        resolved = await store.run(partial(alerts.waiting, state="resolved"))
        if resolved and self._office.clock.monotonic() >= self._ask_at:
            await self._tell_if_gathered(await self._proven(resolved), now)
            self._ask_at = self._office.clock.monotonic() + self._settings.confirm_every_s
        await store.run(partial(alerts.give_up, before=now - self._settings.hours * 3600))
        if self._settings.watchdog_minutes:
            await store.run(partial(self._watch, now=now))
            self._office.outgoing_bell.set()

    async def _tell_if_gathered(self, waiting: Sequence[Kept], now: float) -> None:
        """Tell them together once the oldest has waited for the others."""
        if not waiting or 0 <= now - waiting[0].since < self._settings.gather_s:
            return
        told = [one.told for one in waiting]
        lines = list(texts(told, self._telling))
        letters = [letter for line in lines for letter in self._letters(line, now)]
        await self._office.store.run(partial(alerts.tell, alerts=told, letters=letters))
        self._office.outgoing_bell.set()

    async def _begun(self, firing: Sequence[Kept]) -> list[Kept]:
        """Those that began; of what people were told to be over, only what the collector says lasts again.

        A Prometheus that was away comes back with what it said last: it is not a second outage.
        """
        again = await self._office.store.run(partial(alerts.over_before, waiting=firing))
        fresh = [one for one in firing if one.told.key not in again]
        if len(fresh) == len(firing) or self._office.clock.monotonic() < self._ask_again_at:
            return fresh
        self._ask_again_at = self._office.clock.monotonic() + self._settings.confirm_every_s
        page = await self._metrics()
        return [one for one in firing if one.told.key not in again or page is None or _lasts(page, one)]

    async def _proven(self, resolved: Sequence[Kept]) -> list[Kept]:
        """Those whose probes were heard since the end was announced, and of which nothing lasts any more.

        Probes that say that it lasts are fresh too: Alertmanager's word is no proof while Prometheus is away.
        """
        page = await self._metrics()
        found = [one for one in resolved if page is not None and _is_proven(page, one)]
        return await self._office.store.run(partial(_sustained, ends=found))

    async def _metrics(self) -> str | None:
        """What the collector's metrics say of probes and incidents; None when it does not say all."""
        url = self._office.settings.collector.rstrip("/") + "/metrics"
        try:
            async with self._session.get(url, timeout=_TIMEOUT, allow_redirects=False) as answer:
                raw = await whole(answer.content, _MOST_BYTES) if answer.ok else None
        except (ClientError, TimeoutError, OSError) as error:
            _log.warning("alerts: the collector does not answer: %s", type(error).__name__)
            return None
        # Half a page could say of what lasts that it is over.
        return None if raw is None else looked_at(raw.decode("utf-8", "replace"))

    def _watch(self, connection: sqlite3.Connection, now: float) -> None:
        """A text when the monitoring itself goes blind, and one when it sees again, in one transaction."""
        changed = alerts.watch(connection, now, self._settings.watchdog_minutes * 60)
        if changed:
            minutes = f"{self._settings.watchdog_minutes:g}"
            line = catalogue.say(self._settings.language, f"alert-{changed}", {"minutes": minutes})
            none: list[Told] = []
            alerts.tell(connection, none, self._letters(line, now))

    def _letters(self, line: str, now: float) -> list[Letter]:
        return [
            Letter(
                link=self._settings.link,
                sender="",
                recipient=phone,
                text=line,
                priority="alert",
                at=now,
                expires_at=now + self._settings.hours * 3600,
            )
            for phone in self._settings.to
        ]


def _sustained(connection: sqlite3.Connection, ends: Sequence[Kept]) -> list[Kept]:
    """The collector knows of incidents; that all else is over only a monitoring that lives on can say."""
    return [one for one in ends if one.told.kind or alerts.is_watched(connection, one.since)]


def _lasts(page: str, begun: Kept) -> bool:
    return not begun.told.kind or lasts(page, begun.told.kind, begun.told.place)


def _is_proven(page: str, end: Kept) -> bool:
    fresh = freshest(page, end.told.place) > end.since
    return fresh and not lasts(page, end.told.kind, end.told.place)
