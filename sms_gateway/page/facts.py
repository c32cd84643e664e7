"""Job that collects what the operator's page shows, in one look at the store."""

from __future__ import annotations

import sqlite3
from typing import Final

from msgspec import Struct, json

from sms_gateway import assemblies, queues
from sms_gateway.assemblies import Oddity
from sms_gateway.disputes import REJECTED, Dispute, disputes
from sms_gateway.queues import Queue

_SHOWN: Final = 50


class Refused(Struct, frozen=True, kw_only=True):
    """A text that was rejected: when, by which link, from whom (the last two digits), what and why."""

    at: str
    link: str
    who: str
    text: str
    why: str


class Facts(Struct, frozen=True, kw_only=True):
    """What the store knows. `sent`: parts in 24 hours by link and state; `heard`: when a station was."""

    waiting: dict[str, Queue]
    sent: dict[tuple[str, str], int]
    refused: tuple[Refused, ...]
    odd: tuple[Oddity, ...]
    heard: dict[str, str]
    disputes: tuple[Dispute, ...]


def collect(connection: sqlite3.Connection, now: float) -> Facts:
    """All of it, at `now` (Unix seconds)."""
    sent = connection.execute(
        "SELECT link, state, sum(parts) FROM sent WHERE at > ? GROUP BY link, state", (now - 86_400,)
    )
    return Facts(
        waiting=queues.waiting(connection),
        sent={(link, state): parts for link, state, parts in sent},
        refused=tuple(_refused(connection)),
        odd=tuple(assemblies.oddities(connection, _SHOWN)),
        heard=heard(connection),
        disputes=tuple(disputes(connection)),
    )


def heard(connection: sqlite3.Connection) -> dict[str, str]:
    """When each station was heard last."""
    return dict(connection.execute("SELECT station, max(received_at) FROM told GROUP BY station").fetchall())


def _refused(connection: sqlite3.Connection) -> list[Refused]:
    rows = connection.execute(
        "SELECT received_at, link, print, text, read FROM inbox"
        " WHERE instr(read, ?) ORDER BY id DESC LIMIT ?",
        (REJECTED, _SHOWN),
    )
    return [
        Refused(at=at, link=link, who=who[-2:], text=text, why=json.decode(read)["error"])
        for at, link, who, text, read in rows
    ]
