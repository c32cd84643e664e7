"""The loop that sends what waits: by priority, each text by a link that can, until its time is over."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import Final

from sms_gateway import outbox
from sms_gateway.core.delivery import pause_s
from sms_gateway.core.dispatch import Choice, LinkNow, pick
from sms_gateway.core.gsm import parts
from sms_gateway.core.rate import Bucket
from sms_gateway.core.sender import sender_print
from sms_gateway.link_settings import LinkSettings
from sms_gateway.links.link import Outgoing, Sent, Toll
from sms_gateway.office import Office
from sms_gateway.outbox import Due, Outcome, Tried
from sms_gateway.store import StoreFailed

_log = logging.getLogger(__name__)
_AT_ONCE: Final = 64
_IDLE_S: Final = 30.0
_CROWDED_S: Final = 0.2
_COUNT_S: Final = 60.0
_ASIDE_S: Final = 5.0
"""A text that some link refused waits so long for the others, so that those behind it are looked at."""
_OUTCOMES: Final[dict[Toll, Outcome]] = {"accepted": "accepted", "refused": "refused"}


class _Lane:
    """A link that sends: its rate, its share of the day, its pause after it asked for one."""

    def __init__(self, settings: LinkSettings) -> None:
        self.settings = settings
        self.bucket = Bucket(settings.send_per_s, settings.send_burst)
        self.today = 0
        self.slow = 0
        self.paused_until = 0.0
        self.on_their_way = 0


class Dispatch:
    """Sends for all links."""

    def __init__(self, office: Office) -> None:
        """The links of the office may still be opened."""
        self._office = office
        self._lanes = {one.name: _Lane(one) for one in office.settings.link if one.sends}
        self._busy: set[int] = set()
        self._counted_at = float("-inf")

    async def run(self) -> None:
        """For ever."""
        async with asyncio.TaskGroup() as group:
            while True:
                self._office.outgoing_bell.clear()
                try:
                    wait_s = await self._step(group)
                except StoreFailed as error:
                    _log.error("outgoing: %s", error)
                    wait_s = 1.0
                await self._rest(wait_s)

    async def _step(self, group: asyncio.TaskGroup) -> float:
        """Begin to send what is due; gives the seconds until there is more to do."""
        now, store = self._office.now_s(), self._office.store
        await self._count(now)
        waiting = await store.run(partial(outbox.due, now=now, most=_AT_ONCE, busy=frozenset(self._busy)))
        left = [text for text in waiting if not await self._begin(group, text)]
        following = await store.run(partial(outbox.next_due, after=now))
        if left:
            return _CROWDED_S
        return _IDLE_S if following is None else max(0.0, min(_IDLE_S, following - now))

    async def _count(self, now: float) -> None:
        """Ask now and then what capped links sent in 24 hours; in between their own count will do."""
        capped = any(lane.settings.send_per_day for lane in self._lanes.values())
        if capped and not 0 <= now - self._counted_at < _COUNT_S:
            today = await self._office.store.run(partial(outbox.sent_today, now=now))
            for name, lane in self._lanes.items():
                lane.today = today.get(name, 0) + lane.on_their_way
            self._counted_at = now

    async def _begin(self, group: asyncio.TaskGroup, text: Due) -> bool:
        """Give a text to a link; whether there was one."""
        size = parts(text.text).count
        links = [self._now(lane, size) for lane in self._lanes.values()]
        name, else_ = pick(text.link, text.attempts, text.refused_by, links)
        if not name:
            return await self._put_off(text, else_)
        lane = self._lanes[name]
        lane.bucket.take(self._office.clock.monotonic(), size)
        lane.on_their_way += size
        lane.today += size
        self._busy.add(text.id)
        group.create_task(self._send(lane, text, size))
        return True

    async def _put_off(self, text: Due, else_: Choice) -> bool:
        """No link takes it now: it ends, or lets others pass that more links take, or (false) stays."""
        if else_ == "end":
            await self._settle(Tried(id=text.id, link=text.link, outcome="ended"))
        elif text.refused_by:
            next_at = self._office.now_s() + _ASIDE_S
            await self._settle(Tried(id=text.id, outcome="later", next_at=next_at, counts=False))
        return else_ == "end" or bool(text.refused_by)

    def _now(self, lane: _Lane, size: int) -> LinkNow:
        now, cap = self._office.clock.monotonic(), lane.settings.send_per_day
        link = self._office.links.get(lane.settings.name)
        return LinkNow(
            name=lane.settings.name,
            up=link is not None and link.health().up,
            free=now >= lane.paused_until and lane.bucket.has(now, size) and link is not None,
            capped=bool(cap) and lane.today + size > cap,
        )

    async def _send(self, lane: _Lane, text: Due, size: int) -> None:
        try:
            sent = await self._office.links[lane.settings.name].send(
                Outgoing(
                    id=text.id,
                    sender=lane.settings.sender or (text.sender if text.link == lane.settings.name else ""),
                    recipient=text.recipient,
                    text=text.text,
                )
            )
            tried = self._tried(lane, text, sent)
            await self._settle(tried)
            if tried.outcome != "accepted":
                lane.today -= size
            else:
                self._office.metrics.took_s(tried.link, tried.at - text.since)
        except StoreFailed as error:
            _log.error("outgoing: %s", error)  # it will be sent again: twice beats never
        finally:
            self._busy.discard(text.id)
            lane.on_their_way -= size
            self._office.outgoing_bell.set()

    def _tried(self, lane: _Lane, text: Due, sent: Sent) -> Tried:
        self._pace(lane, sent.toll)
        now = self._office.now_s()
        return Tried(
            id=text.id,
            link=lane.settings.name,
            outcome=_OUTCOMES.get(sent.toll, "later"),
            print=sender_print(self._office.desk.key, text.recipient),
            ids=sent.ids,
            parts=sent.parts,
            at=now,
            next_at=now + self._pause(text, sent.toll),
            counts=sent.toll in {"later", "away"},
        )

    def _pause(self, text: Due, toll: Toll) -> float:
        """Seconds until a text is tried again."""
        if toll in {"slow", "refused"}:
            return 0.0  # the link is paused, not the text: another link may take it at once
        return pause_s(text.attempts, self._office.randomness.uniform(0, 1))

    def _pace(self, lane: _Lane, toll: Toll) -> None:
        """After `slow` the link rests, longer each time; after what was taken it does not."""
        if toll == "accepted":
            lane.slow = 0
        elif toll == "slow":
            pause = pause_s(lane.slow, self._office.randomness.uniform(0, 1))
            lane.slow += 1
            lane.paused_until = self._office.clock.monotonic() + pause

    async def _settle(self, tried: Tried) -> None:
        await self._office.store.run(partial(outbox.settle, tries=[tried]))
        if tried.outcome in {"accepted", "ended"}:
            self._office.metrics.answered(tried.link, "sent" if tried.outcome == "accepted" else "refused")

    async def _rest(self, wait_s: float) -> None:
        """Until it is time, or the bell rings; a crowd in front of the links is looked at now and then."""
        try:
            async with asyncio.timeout(max(0.01, wait_s)):
                await self._office.outgoing_bell.wait()
        except TimeoutError:
            return
