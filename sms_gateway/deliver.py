"""The loop that brings reports to the collector: enrol, send the oldest batch, do as the answer says."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from functools import partial
from typing import Final

from aiohttp import ClientError, ClientSession, ClientTimeout

from sms_gateway import reports
from sms_gateway.answers import whole
from sms_gateway.core.delivery import Decision, decide, pause_s
from sms_gateway.office import Office
from sms_gateway.reports import Pending
from sms_gateway.store import StoreFailed
from wire import canonical
from wire.enrol import Enrolled, enrolment
from wire.errors import BadRecord
from wire.records import Network

_log = logging.getLogger(__name__)
_TIMEOUT: Final = ClientTimeout(total=30)
_MAX_ANSWER_BYTES: Final = 65_536
_LATER_S: Final = 60.0
_IDLE_S: Final = 30.0
_PACE_S: Final = 0.5
"""Between two batches: texts gather meanwhile, and the collector's rate is kept."""
_OK: Final = 200
_LOST: Final = {"set_aside": "a batch set aside", "new_boot": "sealed again under a new boot"}
_enrolled = canonical.Decoder(Enrolled)


class Deliverer:
    """Brings the queue of reports to one collector."""

    def __init__(self, office: Office, session: ClientSession) -> None:
        """`session` may be shared."""
        self._office, self._session = office, session
        self._base = office.settings.collector.rstrip("/")
        self._failures = 0
        self._forgotten = False

    async def run(self) -> None:
        """For ever; nothing is given up."""
        while True:
            self._office.reports_bell.clear()
            try:
                wait_s = await self.step()
            except StoreFailed as error:
                _log.error("reports: %s", error)
                wait_s = 1.0
            await self._sleep(wait_s)

    async def step(self) -> float | None:
        """One exchange; gives the seconds to wait, None when there is nothing to do before a bell."""
        if not await self._known():
            decision = await self._enrol()
            return _PACE_S if decision.step == "done" else self._failed(decision)
        pending = await self._office.store.run(partial(reports.next_batch, seal=self._office.seal))
        if pending is None:
            return None
        return await self._follow(pending, await self._post(pending))

    async def _known(self) -> bool:
        """Whether the collector knows our key, as far as we can say, or can only be asked."""
        where = await self._office.store.run(partial(reports.fact, name="enrolled"))
        return not self._office.settings.invite or (where == self._base and not self._forgotten)

    async def _enrol(self) -> Decision:
        request = enrolment(self._office.key, self._office.settings.invite, Network())
        status, body = await self._exchange("/v1/enrol", canonical.encode(request), "application/json")
        if status != _OK:
            return decide(status, body)
        try:
            enrolled = _enrolled(body)
        except BadRecord as error:
            return Decision(step="again", why=str(error))
        if enrolled.role != "gateway":
            return Decision(step="later", why=f"the invite was for a {enrolled.role}, not for a gateway")
        await self._office.store.run(partial(reports.note, name="enrolled", value=self._base))
        self._forgotten = False
        return Decision(step="done")

    async def _post(self, pending: Pending) -> Decision:
        status, body = await self._exchange("/v1/reports", pending.raw, "application/vnd.dabyl.batch")
        return decide(status, body)

    async def _exchange(self, path: str, body: bytes, content_type: str) -> tuple[int, bytes]:
        """Status and body of an answer; status 0 when none came."""
        try:
            async with self._session.post(
                self._base + path, data=body, headers={"Content-Type": content_type}, timeout=_TIMEOUT,
                allow_redirects=False,
            ) as response:  # fmt: skip
                return response.status, await whole(response.content, _MAX_ANSWER_BYTES) or b""
        except (ClientError, TimeoutError, OSError) as error:
            return 0, type(error).__name__.encode()

    async def _follow(self, pending: Pending, decision: Decision) -> float:
        """Do what the collector's answer asks for; gives the seconds to wait."""
        if decision.step == "set_aside" and not pending.reports:
            decision = Decision(step="later", why=decision.why)  # an empty batch leaves nothing to set aside
        self._forgotten = decision.step == "enrol"
        job = self._job(pending, decision)
        if job is not None:
            await self._office.store.run(job)
        return self._failed(decision)

    def _job(self, pending: Pending, decision: Decision) -> Callable[[sqlite3.Connection], None] | None:
        """What the store must note after an answer, if anything."""
        seal = self._office.seal
        if decision.step == "done" and decision.receipt is not None:
            return partial(reports.delivered, seal=seal, sent=pending, receipt=decision.receipt)
        if decision.step == "set_aside":
            why = (decision.why, self._office.now_s())
            return partial(reports.set_aside, seal=seal, sent=pending, why=why)
        if decision.step == "new_boot":
            return partial(reports.new_life, seal=seal, boot=self._office.new_boot())
        return None

    def _failed(self, decision: Decision) -> float:
        """The seconds to wait after this step; counts failures in a row and logs the first."""
        if decision.step in _LOST:
            _log.error("reports: %s: %s", _LOST[decision.step], decision.why)
        if decision.step == "done" or decision.step in _LOST:
            self._failures = 0
            return _PACE_S
        if self._failures == 0:
            _log.warning("collector: %s", decision.why)
        self._failures += 1
        if decision.step == "again" or (decision.step == "enrol" and self._office.settings.invite):
            return pause_s(self._failures - 1, self._office.randomness.uniform(0, 1))
        return _LATER_S

    async def _sleep(self, wait_s: float | None) -> None:
        """Until it is time; a bell ends only an idle wait, so that a collector in trouble is left alone."""
        if wait_s is not None:
            await asyncio.sleep(wait_s)
            return
        try:
            async with asyncio.timeout(_IDLE_S):
                await self._office.reports_bell.wait()
        except TimeoutError:
            return
