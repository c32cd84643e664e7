"""Jobs on the outbox: texts that wait to be sent. A number in clear lives exactly as long as its row here.

What was sent is remembered in `sent` under the print of its number, with the network's names for its parts,
so that delivery receipts find it, whichever comes first.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Final, Literal

from msgspec import Struct

from sms_gateway.core.dispatch import PRIORITIES, Priority
from sms_gateway.core.incoming import Delivery, Receipt

Outcome = Literal["accepted", "refused", "ended", "later"]
"""refused: by this link, another may take it. ended: by all of them."""
End = Literal["sent", "refused", "expired"]
_ENDS: Final[dict[Outcome, End]] = {"accepted": "sent", "ended": "refused"}
_DAY_S: Final = 86_400.0
_LONGEST_PAUSE_S: Final = 600.0
"""No text is put off for longer: one that would be due later comes from before the clock was set back."""


class Letter(Struct, frozen=True, kw_only=True):
    """A text to be sent. `link`: by which one at first, empty for any; `inbox`: the row that it answers."""

    link: str
    sender: str
    recipient: str
    text: str
    priority: Priority = "reply"
    inbox: int | None = None
    at: float
    expires_at: float


class Due(Struct, frozen=True, kw_only=True):
    """A text whose time has come."""

    id: int
    priority: Priority
    link: str
    sender: str
    recipient: str
    text: str
    attempts: int
    refused_by: tuple[str, ...]
    since: float


class Tried(Struct, frozen=True, kw_only=True):
    """How one attempt ended, at `link`. `next_at` (Unix seconds) is for `later` and `refused`.

    `print` is the recipient's; `ids`: the network's names for the `parts`; `counts`: whether it was a try.
    """

    id: int
    link: str = ""
    outcome: Outcome
    print: str = ""
    ids: tuple[str, ...] = ()
    parts: int = 1
    at: float = 0.0
    next_at: float = 0.0
    counts: bool = True


def add(connection: sqlite3.Connection, letter: Letter) -> int:
    """Queue a text; gives its id."""
    row: int = connection.execute(
        "INSERT INTO outbox (inbox, priority, link, sender, recipient, text, attempts, since, next_at,"
        " expires_at, refused_by) VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, ?, '') RETURNING id",
        (
            *(letter.inbox, PRIORITIES.index(letter.priority), letter.link, letter.sender, letter.recipient),
            *(letter.text, letter.at, letter.at, letter.expires_at),
        ),
    ).fetchone()[0]
    return row


def due(connection: sqlite3.Connection, now: float, most: int, busy: Collection[int] = ()) -> list[Due]:
    """What is due at `now`: by priority, then the oldest first, without those on their way (`busy`)."""
    rows = connection.execute(
        "SELECT id, priority, link, sender, recipient, text, attempts, refused_by, since FROM outbox"
        " WHERE (next_at <= ? OR next_at > ?) AND expires_at > ? ORDER BY priority, next_at, id LIMIT ?",
        (now, now + _LONGEST_PAUSE_S, now, most + len(busy)),
    )
    return [_due(row) for row in rows if row[0] not in busy][:most]


def _due(row: tuple[int, int, str, str, str, str, int, str, float]) -> Due:
    return Due(
        id=row[0],
        priority=PRIORITIES[row[1]],
        link=row[2],
        sender=row[3],
        recipient=row[4],
        text=row[5],
        attempts=row[6],
        refused_by=tuple(row[7].split()),
        since=row[8],
    )


def next_due(connection: sqlite3.Connection, after: float) -> float | None:
    """When the next text is due that is not due at `after`; None when none waits."""
    found: float | None = connection.execute(
        "SELECT min(next_at) FROM outbox WHERE next_at > ?", (after,)
    ).fetchone()[0]
    return found


def settle(connection: sqlite3.Connection, tries: Sequence[Tried]) -> None:
    """Note how attempts ended. After a crash before this a text is sent again: twice beats never."""
    for tried in tries:
        end = _ENDS.get(tried.outcome)
        if end is not None:
            if end == "sent":
                _remember(connection, tried)
            _end(connection, tried.id, end)
        elif tried.outcome == "refused":
            connection.execute(
                "UPDATE outbox SET refused_by = trim(refused_by || ' ' || ?), next_at = ? WHERE id = ?",
                (tried.link, tried.next_at, tried.id),
            )
        else:
            connection.execute(
                "UPDATE outbox SET attempts = attempts + ?, next_at = ? WHERE id = ?",
                (tried.counts, tried.next_at, tried.id),
            )


def expire(connection: sqlite3.Connection, now: float) -> dict[str, int]:
    """Give up the texts whose time is over, of links that are gone too; gives how many by link."""
    rows = connection.execute("SELECT id, link FROM outbox WHERE expires_at <= ?", (now,)).fetchall()
    for row, _ in rows:
        _end(connection, row, "expired")
    return Counter(link for _, link in rows)


def sent_today(connection: sqlite3.Connection, now: float) -> dict[str, int]:
    """Parts that each link sent in the last 24 hours."""
    rows = connection.execute("SELECT link, sum(parts) FROM sent WHERE at > ? GROUP BY link", (now - _DAY_S,))
    return dict(rows.fetchall())


def received(
    connection: sqlite3.Connection, link: str, receipt: Receipt, seen: tuple[str, float]
) -> Delivery | None:
    """Note a delivery receipt; gives its state, None when we know no such text.

    `seen`: the print of the number that it is about, and the time in Unix seconds.

    It may overtake the answer that names the text: then it waits in `early`.
    """
    who, now = seen
    names = list(dict.fromkeys(map(_bare, receipt.ids)))
    found = _part_of(connection, link, names, who)
    if found is None:
        connection.executemany(
            "INSERT INTO early VALUES (?, ?, ?, ?, ?)",
            [(link, name, who, receipt.state, now) for name in names],
        )
        return None
    _deliver(connection, found, receipt.state)
    return receipt.state


def trim(connection: sqlite3.Connection, before: float, now: float) -> None:
    """Forget what was sent before this time, and receipts of yesterday that nothing was found for."""
    connection.execute("DELETE FROM sent_parts WHERE sent IN (SELECT id FROM sent WHERE at < ?)", (before,))
    connection.execute("DELETE FROM sent WHERE at < ?", (before,))
    connection.execute("DELETE FROM early WHERE at < ?", (now - _DAY_S,))


def _remember(connection: sqlite3.Connection, tried: Tried) -> None:
    row = connection.execute("SELECT inbox, priority FROM outbox WHERE id = ?", (tried.id,)).fetchone()
    if row is None:
        return  # it expired while it was on its way
    sent = connection.execute(
        "INSERT INTO sent (inbox, priority, link, print, parts, at, state)"
        " VALUES (?, ?, ?, ?, ?, ?, 'sent') RETURNING id",
        (*row, tried.link, tried.print, tried.parts, tried.at),
    ).fetchone()[0]
    for name in map(_bare, tried.ids):
        part = connection.execute(
            "INSERT INTO sent_parts (sent, link, name, print, state)"
            " VALUES (?, ?, ?, ?, 'sent') RETURNING id",
            (sent, tried.link, name, tried.print),
        ).fetchone()[0]
        early = connection.execute(
            "DELETE FROM early WHERE link = ? AND name = ? AND print = ? RETURNING state",
            (tried.link, name, tried.print),
        ).fetchone()
        if early is not None:
            _deliver(connection, part, early[0])


def _part_of(connection: sqlite3.Connection, link: str, names: Sequence[str], who: str) -> int | None:
    """The part that a receipt speaks of: one to the same number first, under the likeliest name."""
    for query, values in (
        (
            "SELECT id FROM sent_parts WHERE link = ? AND name = ? AND print = ? ORDER BY id DESC LIMIT 1",
            (who,),
        ),
        ("SELECT max(id) FROM sent_parts WHERE link = ? AND name = ? HAVING count(*) = 1", ()),
    ):
        for name in names:
            row = connection.execute(query, (link, name, *values)).fetchone()
            if row is not None:
                return int(row[0])
    return None


def _deliver(connection: sqlite3.Connection, part: int, state: Delivery) -> None:
    """A text is delivered when all its parts are, and failed when one is."""
    if state == "waiting":
        return
    sent = connection.execute(
        "UPDATE sent_parts SET state = ? WHERE id = ? RETURNING sent", (state, part)
    ).fetchone()[0]
    states = {one for (one,) in connection.execute("SELECT state FROM sent_parts WHERE sent = ?", (sent,))}
    whole = next((one for one in ("failed", "expired", "unknown", "sent") if one in states), "delivered")
    connection.execute("UPDATE sent SET state = ? WHERE id = ?", (whole, sent))


def _end(connection: sqlite3.Connection, row: int, end: End) -> None:
    gone = connection.execute("DELETE FROM outbox WHERE id = ? RETURNING inbox", (row,)).fetchone()
    if gone is not None and gone[0] is not None:
        connection.execute("UPDATE inbox SET reply = ? WHERE id = ?", (end, gone[0]))


def _bare(name: str) -> str:
    return name.strip().lower().lstrip("0") or "0"
