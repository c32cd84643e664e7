"""Jobs on the inbox: a text is kept once, with its report and its answer, in one transaction."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from sms_gateway import outbox, told
from sms_gateway.core import directory
from sms_gateway.core.intake import Taken, refused, unproven_name
from sms_gateway.core.reading import Fault, Reading, Rejected
from sms_gateway.core.replies import Say
from sms_gateway.outbox import Letter
from wire import canonical
from wire.times import epoch_seconds, format_time, parse_time

Outcome = Literal["new", "known", "repeat", "witness", "disputed"]
"""known: the link brought the same text again. repeat: the sender sent again what was his last word, or what
is recorded from him; or a probe's digest came before, over whatever link. witness: a report that is recorded
came over another link or from another number. disputed: a code that was spent on another report, or came
behind many that were wrong."""
MOST_GUESSES: Final = 5
"""Wrong codes of a number within an hour, after which its right ones prove nothing."""
REPEAT_S: Final = 120.0
"""Within this a sender's same word is the same report: a carrier's retry, or an impatient thumb."""
_TRIM_ROWS: Final = 1_000
_HOUR_S: Final = 3_600
_ANSWERED: Final = frozenset({"new", "witness", "disputed"})


class Rules(Struct, frozen=True, kw_only=True):
    """How many answers a number and a link get in an hour, and for how many seconds one is tried.

    `enrolled`: the prints of those who are answered, beside those who have proven a text; None: everybody.
    """

    replies_per_hour: int
    reply_s: float
    link_per_hour: int = 1_000_000
    enrolled: frozenset[str] | None = None
    say: Say | None = None


def put(connection: sqlite3.Connection, taken: Taken, rules: Rules) -> Outcome:
    """Keep a text; what was known changes nothing. Nothing is kept of a number but its print."""
    if _is_known(connection, taken):
        return "known"
    judged, outcome = _judged(connection, taken, rules)
    answered = judged.answer is not None and outcome in _ANSWERED and _may_answer(connection, judged, rules)
    row = connection.execute(
        "INSERT INTO inbox (link, key, print, text, at, received_at, read, outcome, reply)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        (
            *(judged.link, judged.key, judged.print, judged.text, judged.at, judged.received_at),
            *(_json(judged), outcome, "pending" if answered else "none"),
        ),
    ).fetchone()
    if outcome in _ANSWERED:
        _queue_report(connection, judged)
    if answered:
        _queue_answer(connection, row[0], judged, rules)
    return outcome


def _is_known(connection: sqlite3.Connection, taken: Taken) -> bool:
    asked = "SELECT 1 FROM inbox WHERE link = ? AND key = ?"
    return connection.execute(asked, (taken.link, taken.key)).fetchone() is not None


def _judged(connection: sqlite3.Connection, taken: Taken, rules: Rules) -> tuple[Taken, Outcome]:
    """The text in the light of what is recorded, and what it is."""
    if isinstance(taken.read, Reading) and taken.read.code:
        if _guesses(connection, taken) >= MOST_GUESSES:
            return _used(taken, taken.read, "too_many_codes", rules), "disputed"
        spent_on = told.spent_otherwise(connection, taken.read)
        if spent_on:
            told.dispute(connection, spent_on)
            return _used(taken, taken.read, "used_code", rules), "disputed"
    if taken.digest is not None:
        return taken, "new" if told.is_first(connection, taken.digest, taken.received_at) else "repeat"
    unproven = taken.report is None or taken.report.proof == "none"
    repeated = unproven and _is_repeat(connection, taken)
    if taken.report is None:
        return (taken, "repeat") if repeated else (_answered(connection, taken, rules), "new")
    earlier = told.newest_of(connection, taken.report) if repeated else ""
    report = replace(taken.report, id=earlier or taken.report.id)
    standing = told.tell(connection, report, taken.received_at)
    if standing == "echo":  # the sender knows already that we have it
        return replace(taken, report=report, answer=None), "witness"
    return replace(taken, report=report), standing


def _guesses(connection: sqlite3.Connection, taken: Taken) -> int:
    """How many codes that no card has this number sent within an hour: it may be guessing."""
    return _of_hour(connection, taken, "json_extract(read, '$.error') = 'unknown_code'")


def _of_hour(connection: sqlite3.Connection, taken: Taken, which: str) -> int:
    """How many texts of this number and kind came within an hour; none from before the clock was set back."""
    since = format_time(parse_time(taken.received_at) - timedelta(hours=1))
    asked = f"SELECT count(*) FROM inbox WHERE print = ? AND received_at > ? AND received_at <= ? AND {which}"  # noqa: S608  # a constant
    return int(connection.execute(asked, (taken.print, since, taken.received_at)).fetchone()[0])


def _used(taken: Taken, found: Reading, why: Fault, rules: Rules) -> Taken:
    """A text whose code proves nothing: no report of the station, but a hint that is kept and told as one."""
    understood = " ".join(one for one in (found.station, found.kind, found.mark, found.value) if one)
    refusal = Rejected(error=why, understood=understood)
    hint = taken.report and replace(taken.report, id=unproven_name(taken.link, taken.key), proof="none")
    made = taken if rules.say is None else refused(taken, refusal, rules.say)
    return replace(made, read=refusal, report=hint)


def _answered(connection: sqlite3.Connection, taken: Taken, rules: Rules) -> Taken:
    """A question about what is recorded gets its answer here."""
    asked = told.question(taken)
    if asked is None or taken.answer is None or rules.say is None:
        return taken
    lines = told.recorded(connection, asked.station)
    text = directory.recorded(asked.station, lines, taken.tongue, rules.say)
    return replace(taken, answer=replace(taken.answer, text=text))


def trim(connection: sqlite3.Connection, before: str, now: str) -> int:
    """Forget texts that came before this time, at most a thousand; gives how many.

    Those that came after `now`, before the clock was set back, do not stand in the way of the others.
    """
    told.trim(connection, before)
    return connection.execute(
        "DELETE FROM inbox WHERE id IN (SELECT id FROM inbox WHERE received_at <= ? ORDER BY id LIMIT ?)"
        " AND received_at < ? AND reply != 'pending'",
        (now, _TRIM_ROWS, before),
    ).rowcount


def _json(taken: Taken) -> str:
    return canonical.encode(taken.read).decode()


def _is_repeat(connection: sqlite3.Connection, taken: Taken) -> bool:
    """Whether this says what the sender's newest text said, shortly after it. Off, on, off are three."""
    last = connection.execute(
        "SELECT read, text, received_at FROM inbox WHERE print = ? ORDER BY id DESC LIMIT 1",
        (taken.print,),
    ).fetchone()
    if last is None or last[0] != _json(taken):
        return False
    passed = epoch_seconds(taken.received_at) - epoch_seconds(last[2])
    same = last[1] == taken.text or not isinstance(taken.read, Rejected)
    return same and abs(passed) <= REPEAT_S


def _may_answer(connection: sqlite3.Connection, taken: Taken, rules: Rules) -> bool:
    """Whether the sender is one who is answered, and the budgets of number and link allow it.

    Two machines that answer each other must end, and no stranger may spend our money.
    """
    if not _is_enrolled(connection, taken, rules) or _link_sent(connection, taken) >= rules.link_per_hour:
        return False
    return _of_hour(connection, taken, "reply != 'none'") < rules.replies_per_hour


def _is_enrolled(connection: sqlite3.Connection, taken: Taken, rules: Rules) -> bool:
    if rules.enrolled is None or taken.print in rules.enrolled:
        return True
    return told.has_proven(connection, taken.print)


def _hour(taken: Taken) -> int:
    return int(epoch_seconds(taken.received_at)) // _HOUR_S


def _link_sent(connection: sqlite3.Connection, taken: Taken) -> int:
    asked = "SELECT answers FROM budget WHERE link = ? AND hour = ?"
    row = connection.execute(asked, (taken.link, _hour(taken))).fetchone()
    return 0 if row is None else int(row[0])


def _queue_report(connection: sqlite3.Connection, taken: Taken) -> None:
    record = taken.report or taken.digest
    if record is not None:
        connection.execute(
            "INSERT INTO reports (since, record) VALUES (?, ?)",
            (epoch_seconds(taken.received_at), canonical.encode(record)),
        )


def _queue_answer(connection: sqlite3.Connection, row: int, taken: Taken, rules: Rules) -> None:
    now = epoch_seconds(taken.received_at)
    connection.execute("DELETE FROM budget WHERE link = ? AND hour < ?", (taken.link, _hour(taken)))
    connection.execute(
        "INSERT INTO budget VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET answers = answers + 1",
        (taken.link, _hour(taken)),
    )
    if taken.answer is not None:
        outbox.add(
            connection,
            Letter(
                link=taken.link,
                sender=taken.answer.sender,
                recipient=taken.answer.recipient,
                text=taken.answer.text,
                inbox=row,
                at=now,
                expires_at=now + rules.reply_s,
            ),
        )
