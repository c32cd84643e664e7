"""Texts of 10,500 stations: read, their codes and signatures checked, merged, answered, durable, on one core.

Half are typed from a card, half are sealed; every fifth comes once more over another operator. A commit for
each second of the rush, as the gateway's store groups what waits.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.cost import Row
from sms_gateway import schema
from sms_gateway.catalogue import say
from sms_gateway.core.book import Book
from sms_gateway.core.intake import Desk, take
from sms_gateway.core.message import Message
from sms_gateway.inbox import Rules, put
from wire.facts import regions
from wire.sealed import seal_sheet
from wire.signing import SigningKey, to_text
from wire.stationkeys import StationKeys
from wire.typed import Typed, written

STATIONS = 10_500
IN_ONE_COMMIT = 70
_WHAT = "texts read, checked, merged, answered"
_RUSH = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
_CODES = tuple(f"{number * 7_919 % 1_000_000:06}" for number in range(1, 61))


def run() -> list[Row]:
    """Texts in a second of wall time and of CPU time."""
    messages, books = list(_messages()), desk()
    with TemporaryDirectory() as folder:
        connection = schema.connect(Path(folder) / "sms.sqlite3")
        began, cpu = time.monotonic(), time.process_time()
        outcomes = [outcome for part in _parts(messages) for outcome in _commit(connection, part, books)]
        wall_s, cpu_s = time.monotonic() - began, time.process_time() - cpu
        told = connection.execute("SELECT count(*) FROM told").fetchone()[0]
        answered = connection.execute("SELECT count(*) FROM outbox").fetchone()[0]
        connection.close()
    found = (told, outcomes.count("new"), answered)
    assert found == (STATIONS, STATIONS, len(messages)), found
    return [
        Row(what=_WHAT, unit="texts/s", ours=len(messages) / wall_s, note="(least 70)"),
        Row(what=_WHAT, unit="CPU s per 1,000", ours=cpu_s / len(messages) * 1_000),
    ]


def _station(number: int) -> str:
    codes = list(regions())
    return f"{codes[number % len(codes)]}-{number // len(codes) + 1:04}"


def _key(number: int) -> SigningKey:
    return SigningKey(number.to_bytes(32, "big"))


def desk() -> Desk:
    """What all stations' texts are compared with."""
    stations = [
        StationKeys(station=_station(number), keys=(to_text(_key(number).public),), codes=_CODES)
        for number in range(STATIONS)
    ]
    return Desk(regions=regions(), key=bytes(32), say=say, book=Book(stations))


RULES = Rules(replies_per_hour=20, reply_s=3_600, say=say)


def _messages() -> Iterator[Message]:
    """A text of each station, and every fifth once more, from another phone over another link."""
    for number in range(STATIONS):
        text = _typed(number) if number % 2 else _sealed(number)
        yield _message("kannel", number, f"+770100{number:05}", text)
        if number % 5 == 0:
            yield _message("smpp", number, f"+777700{number:05}", text)


def _message(link: str, number: int, sender: str, text: str) -> Message:
    return Message(link=link, id=f"m{number}", sender=sender, recipient="1414", text=text)


def _typed(number: int) -> str:
    typed = Typed(
        station=_station(number),
        kind="turnout",
        code=_CODES[number % 60],
        count=str(number % 3_000),
        mark="20",
    )
    return written(typed, "ЯВКА" if number % 3 else "КЕЛУ")


def _sealed(number: int) -> str:
    digest = number.to_bytes(32, "big")
    return seal_sheet(_key(number), _station(number), digest, int(_RUSH.timestamp()))


def _parts(messages: list[Message]) -> Iterator[list[Message]]:
    for first in range(0, len(messages), IN_ONE_COMMIT):
        yield messages[first : first + IN_ONE_COMMIT]


def _commit(connection: sqlite3.Connection, messages: list[Message], books: Desk) -> list[str]:
    taken = [take(one, _RUSH + timedelta(minutes=1), books, answers=True) for one in messages]
    connection.execute("BEGIN IMMEDIATE")
    outcomes: list[str] = [put(connection, one, RULES) for one in taken]
    connection.execute("COMMIT")
    return outcomes
