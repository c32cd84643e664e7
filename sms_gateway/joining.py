"""The loop that reads the journal: pieces are decoded, joined, worked out and kept, in one transaction.

After a crash before that commit the journal holds the pieces and they are read again; after it, it does not.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Final

from sms_gateway import assemblies, journal, outbox
from sms_gateway.assemblies import Oddity
from sms_gateway.core.again import AGAIN_S
from sms_gateway.core.hiding import hidden
from sms_gateway.core.incoming import Decode, Decoded, Odd
from sms_gateway.core.intake import Taken
from sms_gateway.core.joining import Piece, Ready, Round, Table
from sms_gateway.core.sender import sender_print
from sms_gateway.inbox import Outcome
from sms_gateway.journal import Entry
from sms_gateway.office import Office
from sms_gateway.store import StoreFailed
from wire.times import EPOCH, format_time

_log = logging.getLogger(__name__)
_IDLE_S: Final = 15.0
_TIDY_S: Final = 15.0
_FLOOD_S: Final = 0.1
"""While texts come more often than this, acknowledging them goes before reading them."""
_FAULTS: Final = (
    ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError,
)  # fmt: skip
"""What a mistake of ours raises."""
_SLOWER: Final = 9
"""In a flood reading takes one part of the time in ten."""


@dataclass
class _Work:
    """A round with what its texts say."""

    round_: Round
    entries: Sequence[Entry] = ()
    taken: list[Taken] = field(default_factory=list)
    odd: list[Oddity] = field(default_factory=list)


class Joiner:
    """Reads what the links brought."""

    def __init__(self, office: Office, decoders: Mapping[str, Decode]) -> None:
        """`decoders` by the links' names."""
        self._office, self._decoders = office, decoders
        self._table: Table | None = None
        self._tidied_at = float("-inf")

    async def run(self) -> None:
        """For ever."""
        while True:
            self._office.journal.bell.clear()
            began = self._office.clock.monotonic()
            try:
                more = await self.step()
            except StoreFailed as error:
                _log.error("journal: %s", error)
                self._table = None  # what was kept and what not is asked of the store again
                await asyncio.sleep(1.0)
                continue
            await (self._make_room(began) if more else self._rest())

    async def step(self) -> bool:
        """Read what waits, some of it; gives whether there was anything. Raises `StoreFailed`."""
        table = await self._known()
        if not 0 <= self._office.now_s() - self._tidied_at < _TIDY_S:
            await self._expire(table)
        entries = await self._office.store.run(journal.unread)
        work = _Work(round_=Round(), entries=entries)
        for entry in entries:
            for piece in _pieces(entry):
                table.take(work.round_, piece, self._office.journal.live, self._decoder(entry.link))
                await asyncio.sleep(0)  # a text takes a tenth of a millisecond: others go between
        if entries:
            await self._keep(work)
        return bool(entries)

    async def _expire(self, table: Table) -> None:
        """Show what came of texts whose other parts did not in time."""
        now = self._tidied_at = self._office.now_s()
        work = _Work(round_=Round())
        for assembly in table.late(now, self._office.settings.partial_minutes * 60):
            table.give_up(work.round_, assembly)
        await self._keep(work)
        await self._office.store.run(partial(assemblies.forget, before=now - AGAIN_S))

    async def _known(self) -> Table:
        if self._table is None:
            found = await self._office.store.run(assemblies.load)
            self._table = Table(self._office.desk.key, found.assemblies, found.lately)
        return self._table

    def _decoder(self, link: str) -> Decode:
        decode = self._decoders.get(link)
        return _of_nobody if decode is None else partial(_carefully, decode)

    async def _keep(self, work: _Work) -> None:
        """Work out the texts and make everything durable."""
        for ready in work.round_.ready:
            self._work_out(work, ready)
            await asyncio.sleep(0)
        work.odd += [self._oddity(piece.link, piece.at, odd) for piece, odd in work.round_.odd]
        outcomes = await self._office.store.run(partial(self._job, work=work))
        for taken, outcome in zip(work.taken, outcomes, strict=True):
            self._office.took(taken, outcome)
        for link in work.round_.again:
            self._office.metrics.came_again(link)
        for piece, _ in work.round_.odd:
            self._office.metrics.odd(piece.link)
        for link, receipt in work.round_.receipts:
            self._office.metrics.delivered(link, receipt.state)

    def _work_out(self, work: _Work, ready: Ready) -> None:
        message, now = ready.message, format_time(self._office.clock.now())
        try:
            work.taken.append(self._office.work_out(message))
        except _FAULTS as error:
            raw = hidden((message.text or "").encode("utf-8", "replace"))
            odd = Odd(why=_say_fault(error, "reading it"), raw=raw, sender=message.sender)
            work.odd.append(self._oddity(message.link, now, odd))
            self._office.metrics.odd(message.link)
        if ready.odd is not None:
            work.odd.append(self._oddity(message.link, now, ready.odd))

    def _job(self, connection: sqlite3.Connection, work: _Work) -> list[Outcome]:
        journal.read(connection, work.entries)
        assemblies.change(connection, work.round_.changed)
        assemblies.remember(connection, work.round_.came)
        assemblies.set_aside(connection, work.odd)
        for link, receipt in work.round_.receipts:
            who = sender_print(self._office.desk.key, receipt.recipient)
            outbox.received(connection, link, receipt, (who, self._office.now_s()))
        return [self._office.put(connection, taken) for taken in work.taken]

    def _oddity(self, link: str, at: str, odd: Odd) -> Oddity:
        who = sender_print(self._office.desk.key, odd.sender) if odd.sender else ""
        return Oddity(link=link, at=at, why=odd.why, print=who, raw=odd.raw)

    async def _make_room(self, began: float) -> None:
        clock = self._office.clock
        took = clock.monotonic() - began
        flood = clock.monotonic() - self._office.journal.kept_at < _FLOOD_S
        await asyncio.sleep(_SLOWER * took if flood else 0)

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(_IDLE_S):
                await self._office.journal.bell.wait()
        except TimeoutError:
            return


def _pieces(entry: Entry) -> list[Piece]:
    at = format_time(EPOCH + timedelta(seconds=entry.at))
    return [
        Piece(
            link=entry.link,
            session=entry.session,
            name=f"{entry.row}.{entry.first + number}",
            raw=raw,
            at=at,
            at_s=entry.at,
        )
        for number, raw in enumerate(entry.pieces)
    ]


def _of_nobody(raw: bytes) -> Decoded:
    return Odd(why="its link is gone from the settings", raw=hidden(raw))


def _carefully(decode: Decode, raw: bytes) -> Decoded:
    try:
        return decode(raw)
    except _FAULTS as error:
        return Odd(why=_say_fault(error, "its decoder"), raw=hidden(raw))


def _say_fault(error: Exception, where: str) -> str:
    """A fault of ours must not keep all other texts from being read. Its name only: it may hold a number."""
    why = f"{type(error).__name__} in {where}"
    _log.error("a text was set aside: %s: a fault of ours, please report it", why)
    return why
