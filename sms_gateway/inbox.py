"""Jobs on the inbox: a text is kept once, with its report and its answer, in one transaction."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from typing import Final, Literal

from msgspec import Struct

from sms_gateway.core.intake import Taken
from sms_gateway.core.reading import Rejected
from wire import canonical
from wire.times import epoch_seconds, format_time, parse_time

Outcome = Literal["new", "known", "repeat"]
"""known: the link brought the same text again. repeat: the sender sent again what was his last word."""
REPEAT_S: Final = 120.0
"""Within this a sender's same word is the same report: a carrier's retry, or an impatient thumb."""
_TRIM_ROWS: Final = 1_000


class Rules(Struct, frozen=True, kw_only=True):
    """How many answers a number gets in an hour, and for how many seconds one is tried."""

    replies_per_hour: int
    reply_s: float


def put(connection: sqlite3.Connection, taken: Taken, rules: Rules) -> Outcome:
    """Keep a text; what was known changes nothing. Nothing is kept of a number but its print."""
    outcome: Outcome = "repeat" if _is_repeat(connection, taken) else "new"
    answered = taken.answer is not None and outcome == "new" and _may_answer(connection, taken, rules)
    row = connection.execute(
        "INSERT INTO inbox (link, key, print, text, at, received_at, read, outcome, reply)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (link, key) DO NOTHING RETURNING id",
        (
            *(taken.link, taken.key, taken.print, taken.text, taken.at, taken.received_at),
            *(_json(taken), outcome, "pending" if answered else "none"),
        ),
    ).fetchone()
    if row is None:
        return "known"
    if outcome == "new":
        _queue_report(connection, taken)
    if answered:
        _queue_answer(connection, row[0], taken, rules)
    return outcome


def trim(connection: sqlite3.Connection, before: str) -> int:
    """Forget texts that came before this time, at most a thousand; gives how many."""
    return connection.execute(
        "DELETE FROM inbox WHERE id IN (SELECT id FROM inbox ORDER BY id LIMIT ?)"
        " AND received_at < ? AND reply != 'pending'",
        (_TRIM_ROWS, before),
    ).rowcount


def _json(taken: Taken) -> str:
    return canonical.encode(taken.read).decode()


def _is_repeat(connection: sqlite3.Connection, taken: Taken) -> bool:
    """Whether this says what the sender's newest text said, shortly after it. Off, on, off are three."""
    last = connection.execute(
        "SELECT read, text, received_at FROM inbox WHERE print = ? ORDER BY id DESC LIMIT 1", (taken.print,)
    ).fetchone()
    if last is None or last[0] != _json(taken):
        return False
    passed = epoch_seconds(taken.received_at) - epoch_seconds(last[2])
    same = last[1] == taken.text or not isinstance(taken.read, Rejected)
    return same and abs(passed) <= REPEAT_S


def _may_answer(connection: sqlite3.Connection, taken: Taken, rules: Rules) -> bool:
    """Whether the number's budget allows it: two machines that answer each other must end."""
    since = format_time(parse_time(taken.received_at) - timedelta(hours=1))
    answered = connection.execute(
        "SELECT count(*) FROM inbox WHERE print = ? AND received_at > ? AND reply != 'none'",
        (taken.print, since),
    ).fetchone()[0]
    return bool(answered < rules.replies_per_hour)


def _queue_report(connection: sqlite3.Connection, taken: Taken) -> None:
    if taken.report is not None:
        connection.execute(
            "INSERT INTO reports (since, record) VALUES (?, ?)",
            (epoch_seconds(taken.received_at), canonical.encode(taken.report)),
        )


def _queue_answer(connection: sqlite3.Connection, row: int, taken: Taken, rules: Rules) -> None:
    now = epoch_seconds(taken.received_at)
    if taken.answer is not None:
        connection.execute(
            "INSERT INTO outbox VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?)",
            (
                *(row, taken.link, taken.answer.sender, taken.answer.recipient, taken.answer.text),
                *(now, now, now + rules.reply_s),
            ),
        )
