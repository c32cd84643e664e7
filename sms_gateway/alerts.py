"""Jobs on alerts: each is taken once, told with others, and `resolved` waits until it is proven.

Rules of this file: what people believe is what counts. Who was told of an outage and not of its end is not
told again when it begins anew because Prometheus or the collector was away; who was told nothing hears of no
end.
`progress`: waiting, told, dropped; a firing whose end was told is over.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from sms_gateway import outbox
from sms_gateway.core.alerts import THREAD, WATCHDOG, Told
from sms_gateway.outbox import Letter
from sms_gateway.reports import fact, note

HEARD: Final = "watchdog_heard"
BLIND: Final = "watchdog_blind"
SIGNS: Final = "watchdog_signs"
# Alertmanager forgets what a dead Prometheus said not at one moment: a sign of life or two may come after an
# end that was none. Each comes a minute after the other, so that three outlast what it remembers.
ENOUGH: Final = 3
# Alertmanager repeats what fires every 4 h: who heard nothing for so long is told anew.
BELIEVED_S: Final = 12 * 3_600.0


class Kept(Struct, frozen=True, kw_only=True):
    """An alert that waits, and since when (Unix seconds)."""

    told: Told
    since: float


def take(connection: sqlite3.Connection, alerts: Sequence[Told], now: float) -> int:
    """Keep what is new; gives how many were. What is said again changes nothing."""
    if any(one.name == WATCHDOG and one.state == "firing" for one in alerts):
        note(connection, HEARD, str(now))
        note(connection, SIGNS, " ".join([*fact(connection, SIGNS).split()[1 - ENOUGH :], str(now)]))
    return sum(_take(connection, one, now) for one in alerts if one.name != WATCHDOG)


def _take(connection: sqlite3.Connection, alert: Told, now: float) -> bool:
    connection.execute("UPDATE alerts SET at = ? WHERE key = ? AND progress = 'told'", (now, alert.key))
    row = connection.execute(
        "INSERT INTO alerts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting')"
        " ON CONFLICT (key) DO NOTHING RETURNING key",
        (
            *(alert.key, alert.root, alert.state, alert.name, alert.kind, alert.place, alert.summary),
            alert.starts_at,
            now,
        ),
    ).fetchone()
    if row is not None:
        begins_or_ends = _ends if alert.state == "resolved" else _begins
        begins_or_ends(connection, alert, _believed(connection, alert, now))
    return row is not None


def _begins(connection: sqlite3.Connection, alert: Told, believed: bool) -> None:
    """What people believe already is not told again, and the end that was announced was none."""
    if believed:
        _drop_ends(connection, alert)
        connection.execute("UPDATE alerts SET progress = 'told' WHERE key = ?", (alert.key,))


def _ends(connection: sqlite3.Connection, alert: Told, believed: bool) -> None:
    """What ended before it was told is not told; the end of what was never told, or twice, neither."""
    if believed:
        _drop_ends(connection, alert)
    else:
        connection.execute(
            "UPDATE alerts SET progress = 'dropped' WHERE root = ? AND progress = 'waiting'", (alert.root,)
        )


def _drop_ends(connection: sqlite3.Connection, alert: Told) -> None:
    """Forget other ends of it that still wait for a proof."""
    connection.execute(
        "UPDATE alerts SET progress = 'dropped' WHERE root BETWEEN ? AND ? AND state = 'resolved'"
        " AND progress = 'waiting' AND key != ?",
        (*_thread(alert), alert.key),
    )


def _believed(connection: sqlite3.Connection, alert: Told, now: float) -> bool:
    """Whether people were told that it began, and not yet that it ended."""
    row = connection.execute(
        "SELECT 1 FROM alerts WHERE root BETWEEN ? AND ? AND state = 'firing'"
        " AND progress = 'told' AND at >= ?",
        (*_thread(alert), now - BELIEVED_S),
    ).fetchone()
    return row is not None


def _thread(alert: Told) -> tuple[str, str]:
    """The lowest and the highest `root` of the same alert."""
    return alert.root[:THREAD], alert.root[:THREAD] + "g"


def waiting(connection: sqlite3.Connection, state: str) -> list[Kept]:
    """The alerts of a state that wait to be told, the oldest first."""
    names = Told.__struct_fields__
    rows = connection.execute(
        f"SELECT {', '.join(names)}, at FROM alerts"  # noqa: S608  # the columns are the record's own fields
        " WHERE progress = 'waiting' AND state = ? ORDER BY at, key",
        (state,),
    )
    return [Kept(told=Told(**dict(zip(names, row, strict=False))), since=row[-1]) for row in rows]


def over_before(connection: sqlite3.Connection, waiting: Sequence[Kept]) -> set[str]:
    """The keys of those of which people were told an end before."""
    ended = (
        "SELECT 1 FROM alerts WHERE root BETWEEN ? AND ? AND state = 'firing' AND progress = 'over' LIMIT 1"
    )
    return {one.told.key for one in waiting if connection.execute(ended, _thread(one.told)).fetchone()}


def tell(connection: sqlite3.Connection, alerts: Sequence[Told], letters: Sequence[Letter]) -> None:
    """Queue the texts and note, in the same transaction, that these alerts are told."""
    for letter in letters:
        outbox.add(connection, letter)
    for alert in alerts:
        connection.execute("UPDATE alerts SET progress = 'told' WHERE key = ?", (alert.key,))
        if alert.state == "resolved":
            _close(connection, alert)


def _close(connection: sqlite3.Connection, alert: Told) -> None:
    connection.execute(
        "UPDATE alerts SET progress = 'over' WHERE root BETWEEN ? AND ? AND state = 'firing'"
        " AND progress = 'told'",
        _thread(alert),
    )


def is_watched(connection: sqlite3.Connection, since: float) -> bool:
    """Whether the monitoring lived on after that time, by its signs of life; where none ever came, yes."""
    signs = fact(connection, SIGNS).split()
    return not signs or (len(signs) >= ENOUGH and float(signs[0]) > since)


def give_up(connection: sqlite3.Connection, before: float) -> int:
    """Drop what waits since before this time: an end that nobody could prove. Gives how many."""
    return connection.execute(
        "UPDATE alerts SET progress = 'dropped' WHERE progress = 'waiting' AND at < ?", (before,)
    ).rowcount


def trim(connection: sqlite3.Connection, before: float) -> None:
    """Forget alerts of before this time."""
    connection.execute("DELETE FROM alerts WHERE at < ? AND progress != 'waiting'", (before,))


def watch(connection: sqlite3.Connection, now: float, most_s: float) -> str:
    """What changed about the monitoring: `blind`, `sees` or nothing.

    Never heard, or heard before the clock was set back: since we look.
    """
    heard = fact(connection, HEARD)
    if not heard or float(heard) > now:
        note(connection, HEARD, str(now))
        return ""
    blind = now - float(heard) > most_s
    if blind == bool(fact(connection, BLIND)):
        return ""
    note(connection, BLIND, "yes" if blind else "")
    return "blind" if blind else "sees"
