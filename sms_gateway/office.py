"""What the gateway's loops share: the store, the keys, the doors to time and chance, the bells."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path

from msgspec.structs import replace

from sms_gateway import catalogue, inbox, keys, reports
from sms_gateway.core.book import Book
from sms_gateway.core.intake import Desk, Taken, take
from sms_gateway.core.message import Message
from sms_gateway.core.sender import number
from sms_gateway.inbox import Outcome
from sms_gateway.journal import Journal
from sms_gateway.links.link import Link
from sms_gateway.metrics import Metrics
from sms_gateway.reader import read_book, read_directory
from sms_gateway.settings import Settings
from sms_gateway.store import Store
from wire import Clock, Randomness, batch
from wire.batch import Told
from wire.errors import BadInput
from wire.facts import regions
from wire.signing import SigningKey

_BOOT_BYTES = 8
STORE = "sms.sqlite3"


@dataclass
class Office:
    """A gateway that is open. The bells are rung when there is work for a loop.

    `stamp`: of the files of keys, as they were read last.
    """

    settings: Settings
    clock: Clock
    randomness: Randomness
    store: Store
    key: SigningKey
    desk: Desk
    metrics: Metrics
    journal: Journal
    reports_bell: asyncio.Event = field(default_factory=asyncio.Event)
    outgoing_bell: asyncio.Event = field(default_factory=asyncio.Event)
    stamp: tuple[tuple[int, int], ...] = ()
    links: dict[str, Link] = field(default_factory=dict)

    def now_s(self) -> float:
        """The wall clock in Unix seconds."""
        return self.clock.now().timestamp()

    def seal(self, boot: str, sequence: int, records: Sequence[Told]) -> bytes:
        """Reports and digests as the bytes of one signed batch."""
        return batch.seal(self.key, "dabyl/v1/report", boot, sequence, records)

    def new_boot(self) -> str:
        """A name for a life of the store that no other has."""
        return self.randomness.token(_BOOT_BYTES).hex()

    async def keep(self, message: Message) -> Outcome:
        """Work out a text and make it durable; raises `StoreFailed`."""
        taken = self.work_out(message)
        outcome = await self.store.run(partial(self.put, taken=taken))
        self.took(taken, outcome)
        return outcome

    def work_out(self, message: Message) -> Taken:
        """What a text says, what is told of it and what is answered."""
        return take(message, self.clock.now(), self.desk, answers=message.link in self.answering)

    def put(self, connection: sqlite3.Connection, taken: Taken) -> Outcome:
        """The job that keeps it."""
        return inbox.put(connection, taken, self.rules)

    async def reread(self) -> bool:
        """Take the files of keys anew when they changed: what was revoked proves nothing from now on.

        Gives whether it did. A file that cannot be read leaves all as it was; raises `BadInput`.
        """
        stamp = await asyncio.to_thread(_stamp, self.settings)
        if stamp == self.stamp:
            return False
        self.stamp = stamp
        book = await asyncio.to_thread(_book, self.settings)
        self.desk = replace(self.desk, book=book)
        return True

    @property
    def rules(self) -> inbox.Rules:
        """Who is answered, and how often."""
        return inbox.Rules(
            replies_per_hour=self.settings.replies_per_hour,
            reply_s=self.settings.reply_hours * 3600,
            link_per_hour=self.settings.link_replies_per_hour,
            enrolled=self.desk.book.prints if self.settings.answer_to == "enrolled" else None,
            say=self.desk.say,
        )

    def took(self, taken: Taken, outcome: Outcome) -> None:
        """Count what was kept, and wake who works on."""
        self.metrics.took(taken, outcome)
        self.reports_bell.set()
        self.outgoing_bell.set()

    @cached_property
    def answering(self) -> frozenset[str]:
        """The links that can send."""
        return frozenset(link.name for link in self.settings.link if link.sends)


async def open_office(settings: Settings, clock: Clock, randomness: Randomness) -> Office:
    """The folder, its keys and its store, made on the first run; raises `BadInput`."""
    folder = _folder(settings.data)
    key = SigningKey(keys.secret(folder / keys.SIGNING, randomness))
    prints = keys.secret(folder / keys.PRINTS, randomness)
    store = Store(folder / STORE)
    office = Office(
        settings=settings,
        clock=clock,
        randomness=randomness,
        store=store,
        journal=Journal(store, clock),
        key=key,
        stamp=_stamp(settings),
        desk=_desk(settings, prints),
        metrics=Metrics(settings.link),
    )
    await office.store.run(partial(reports.begin, boot=office.new_boot()))
    return office


def _desk(settings: Settings, prints: bytes) -> Desk:
    """What texts are worked out with; raises `BadInput` for a file of keys or a directory that is none."""
    own = [*settings.own_numbers, *(link.sender for link in settings.link)]
    return Desk(
        regions=regions(),
        key=prints,
        say=catalogue.say,
        book=_book(settings),
        directory=read_directory(Path(settings.directory)) if settings.directory else None,
        own=frozenset(number(one) for one in own if one),
    )


def _book(settings: Settings) -> Book:
    return read_book(*(Path(one) if one else None for one in (settings.keys, settings.probes)))


def _stamp(settings: Settings) -> tuple[tuple[int, int], ...]:
    """When the files of keys were last written, and as which files; nothing for one that is not there."""
    found = []
    for one in filter(None, (settings.keys, settings.probes)):
        try:
            status = Path(one).stat()
        except OSError:
            continue  # reading it will tell what is wrong
        found.append((status.st_mtime_ns, status.st_ino))
    return tuple(found)


def _folder(data: str) -> Path:
    folder = Path(data)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(f"data: {data}: {error.strerror}") from error
    return folder
