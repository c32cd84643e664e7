"""A phone with Termux: its texts are listed and sent by commands, on the phone itself or through ssh.

Termux cannot delete texts. What stands for an acknowledgement is our own durable mark: the phone's number of
the newest text that is in the journal.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Final

from sms_gateway import reports
from sms_gateway.core import termux
from sms_gateway.core.gsm import parts
from sms_gateway.core.pdu.address import dialled
from sms_gateway.core.sender import number
from sms_gateway.link_settings import TermuxLink
from sms_gateway.links.link import Health, Outgoing, Sent
from sms_gateway.office import Office
from sms_gateway.store import StoreFailed

_log = logging.getLogger(__name__)
_PAGE: Final = 100
_MOST_PAGES: Final = 100


class Failed(Exception):
    """A command did not do what it should; the text is for the operator's page and holds no number."""


class Termux:
    """One phone."""

    def __init__(self, office: Office, link: TermuxLink) -> None:
        """Nothing is asked yet."""
        self._office, self._link = office, link
        self._fact = f"termux.{link.name}"
        self._health = Health(up=False, state="waiting")
        self._heard_at = 0.0
        self._last: frozenset[str] = frozenset()
        self._emptied = False

    async def run(self) -> None:
        """Ask for new texts, for ever."""
        while True:
            try:
                await self.round()
                self._tell("")
            except Failed as error:
                self._tell(str(error))
            except StoreFailed as error:
                _log.error("%s: %s", self._link.name, error)
            await asyncio.sleep(self._link.poll_s)

    async def round(self) -> int:
        """Keep what is new; gives how many texts. Raises `Failed` or `StoreFailed`."""
        page = await self._page(0)
        count = await self._take(page)
        # Only now: what could not be kept is looked at in the same way again.
        self._last, self._emptied = termux.names(page) or self._last, not page
        return count

    async def _take(self, page: list[tuple[int, bytes]]) -> int:
        noted = await self._office.store.run(partial(reports.fact, name=self._fact))
        newest = max((ident for ident, _ in page), default=0)
        fell = bool(noted) and 0 < newest < int(noted)
        counts_anew = fell and self._counts_anew(page)
        if not noted or (fell and not counts_anew):
            # The first start: what the phone got before it is a person's own. Or texts were deleted there.
            await self._note(newest)
            return 0
        new = await self._newer(page, 0 if counts_anew else int(noted))
        if new:
            # After a crash between these two the same texts are kept again, and are known.
            await self._office.journal.keep(self._link.name, "", [raw for _, raw in new])
            await self._note(newest)
            self._heard_at = self._office.now_s()
        return len(new)

    async def send(self, text: Outgoing) -> Sent:
        """Hand a text to the phone, which says nothing of how it went."""
        if not dialled(text.recipient) or number(text.recipient) == number(self._link.sender):
            return Sent(toll="refused", why="not a number to send to")
        try:
            command = termux.send_command(self._link.command, text.recipient, self._link.sim)
            await self._run(command, text.text.encode())
        except Failed as error:
            return Sent(toll="away", why=str(error))
        return Sent(toll="accepted", parts=parts(text.text).count)

    def health(self) -> Health:
        """How the last look went."""
        return self._health

    def _counts_anew(self, page: list[tuple[int, bytes]]) -> bool:
        """Whether the phone's store was emptied: we saw it empty, and nothing of what was there came back."""
        return self._emptied and bool(self._last) and self._last.isdisjoint(termux.names(page))

    async def _newer(self, page: list[tuple[int, bytes]], mark: int) -> list[tuple[int, bytes]]:
        """All that is newer than the mark, the oldest first: more pages as long as a whole one is new."""
        found = {ident: raw for ident, raw in page if ident > mark}
        fresh, pages = len(page), 1
        while fresh == _PAGE and min(ident for ident, _ in page) > mark and pages < _MOST_PAGES:
            page = await self._page(pages * _PAGE)
            found |= {ident: raw for ident, raw in page if ident > mark}
            fresh, pages = len(page), pages + 1
        return sorted(found.items())

    async def _page(self, skip: int) -> list[tuple[int, bytes]]:
        found = termux.entries(await self._run(termux.list_command(self._link.command, _PAGE, skip), b""))
        if found is None:
            raise Failed("termux-sms-list: no list of texts; has Termux:API the permission to read them?")
        return found

    async def _run(self, command: Sequence[str], given: bytes) -> bytes:
        try:
            # A session of its own, so that what it started ends with it.
            process = await asyncio.create_subprocess_exec(
                *command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, start_new_session=True
            )
        except OSError as error:
            raise Failed(f"{command[0]}: {error.strerror}") from error
        try:
            async with asyncio.timeout(self._link.answer_s):
                printed, _ = await process.communicate(given)
        except TimeoutError as error:
            raise Failed(f"{command[0]}: no answer") from error
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):  # it ended in this moment
                    os.killpg(process.pid, signal.SIGKILL)
                await process.communicate()
        if process.returncode:
            raise Failed(f"{command[0]}: it ended with {process.returncode}")
        return printed

    async def _note(self, mark: int) -> None:
        await self._office.store.run(partial(reports.note, name=self._fact, value=str(mark)))

    def _tell(self, why: str) -> None:
        if why and why != self._health.why:
            _log.warning("%s: %s", self._link.name, why)
        self._health = Health(up=not why, state="asking", why=why, heard_at=self._heard_at)
