"""Jobs on what joining remembers: texts in parts, what came lately, what could not be decoded."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

import msgspec
from msgspec import Struct

from sms_gateway.core.again import DOUBT_S, Came
from sms_gateway.core.reassembly import Assembly

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Assembly).decode


class Oddity(Struct, frozen=True, kw_only=True):
    """A piece that could not be decoded; `print` is its sender's, empty when not even that is known."""

    link: str
    at: str
    why: str
    print: str
    raw: bytes


class Remembered(Struct, frozen=True, kw_only=True):
    """What a former life knew."""

    assemblies: tuple[Assembly, ...]
    lately: tuple[Came, ...]


def load(connection: sqlite3.Connection) -> Remembered:
    """All of it, what came lately in its order."""
    rows = connection.execute("SELECT body FROM assemblies").fetchall()
    lately = connection.execute("SELECT link, session, at, print FROM recent ORDER BY id").fetchall()
    return Remembered(
        assemblies=tuple(_decode(body) for (body,) in rows),
        lately=tuple(Came(link=one[0], session=one[1], at=one[2], print=one[3]) for one in lately),
    )


def change(connection: sqlite3.Connection, changed: Mapping[bytes, Assembly | None]) -> None:
    """Keep assemblies as they are now; None forgets one."""
    for slot, assembly in changed.items():
        if assembly is None:
            connection.execute("DELETE FROM assemblies WHERE slot = ?", (slot,))
        else:
            connection.execute("INSERT OR REPLACE INTO assemblies VALUES (?, ?)", (slot, _encode(assembly)))


def remember(connection: sqlite3.Connection, came: Sequence[Came]) -> None:
    """Note what came."""
    connection.executemany(
        "INSERT INTO recent (link, session, at, print) VALUES (?, ?, ?, ?)",
        [(one.link, one.session, one.at, one.print) for one in came],
    )


def forget(connection: sqlite3.Connection, before: float) -> None:
    """Drop what came before this time (Unix seconds), and what its own session has left behind."""
    connection.execute("DELETE FROM recent WHERE at < ?", (before,))
    last = connection.execute("SELECT max(id), at, session FROM recent GROUP BY session").fetchall()
    connection.executemany(
        "DELETE FROM recent WHERE at < ? AND session = ?",
        [(at - DOUBT_S, session) for _, at, session in last],
    )


def set_aside(connection: sqlite3.Connection, odd: Sequence[Oddity]) -> None:
    """Keep what could not be decoded, to be listed."""
    connection.executemany(
        "INSERT INTO odd (link, at, why, print, raw) VALUES (?, ?, ?, ?, ?)",
        [(one.link, one.at, one.why, one.print, one.raw) for one in odd],
    )


def oddities(connection: sqlite3.Connection, most: int) -> list[Oddity]:
    """The newest that could not be decoded, the newest first."""
    rows = connection.execute("SELECT link, at, why, print, raw FROM odd ORDER BY id DESC LIMIT ?", (most,))
    return [Oddity(link=one[0], at=one[1], why=one[2], print=one[3], raw=one[4]) for one in rows]


def trim(connection: sqlite3.Connection, before: str) -> None:
    """Forget what could not be decoded before this time."""
    connection.execute("DELETE FROM odd WHERE at < ?", (before,))
