"""Jobs on what stations told: each report once by its content, with all who brought it; codes spent once."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from typing import Final, Literal

from sms_gateway.core.directory import Line
from sms_gateway.core.intake import Taken
from sms_gateway.core.reading import Reading
from sms_gateway.core.understanding import SEALED_AGE, identity
from wire import canonical, digest
from wire.claims import contradicts, is_proven, order, topic
from wire.records import ProbeDigest, StationReport
from wire.sealed import payload_of
from wire.times import format_time, parse_time

Standing = Literal["new", "repeat", "witness", "echo"]
"""repeat: this number brought this report over this link before. echo: over another link. witness: another
number brought it."""
_LOCAL: Final = timedelta(hours=5)  # all of Kazakhstan since 1 March 2024
_LOOKED_AT: Final = 50
_DIGESTS_KEPT: Final = SEALED_AGE + timedelta(days=1)  # an older one is refused for its time
_TRIM_ROWS: Final = 1_000
_decode = canonical.Decoder(StationReport)


def spent_otherwise(connection: sqlite3.Connection, found: Reading) -> str:
    """The name of another report that a text's code was spent on; empty when it was not. Spends the code."""
    if not found.code or found.proof == "none":
        return ""
    name = identity(found)
    connection.execute(
        "INSERT INTO codes VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (found.station, found.code, name)
    )
    first = connection.execute(
        "SELECT report FROM codes WHERE station = ? AND code = ?", (found.station, found.code)
    ).fetchone()[0]
    return "" if first == name else str(first)


def tell(connection: sqlite3.Connection, report: StationReport, received_at: str) -> Standing:
    """Keep a report, or one more witness of it; what contradicts it is flagged on both sides."""
    known = connection.execute("SELECT 1 FROM told WHERE id = ?", (report.id,)).fetchone() is not None
    if not known:
        _keep(connection, report, received_at)
    heard = connection.execute(
        "SELECT 1 FROM witnesses WHERE report = ? AND print = ?", (report.id, report.sender)
    ).fetchone()
    added = connection.execute(
        "INSERT INTO witnesses VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (report.id, report.link, report.sender, is_proven(report)),
    ).rowcount
    if not known:
        return "new"
    return "repeat" if not added else "echo" if heard else "witness"


def newest_of(connection: sqlite3.Connection, like: StationReport) -> str:
    """The name of the newest report of this station and kind from the same number; empty when none."""
    row = connection.execute(
        "SELECT told.id FROM witnesses JOIN told ON told.id = witnesses.report"
        " WHERE print = ? AND station = ? AND kind = ? ORDER BY received_at DESC LIMIT 1",
        (like.sender, like.station, like.kind),
    ).fetchone()
    return "" if row is None else str(row[0])


def dispute(connection: sqlite3.Connection, name: str) -> None:
    """Flag a report: something contradicts it."""
    connection.execute("UPDATE told SET disputed = 1 WHERE id = ?", (name,))


def has_proven(connection: sqlite3.Connection, who: str) -> bool:
    """Whether a number ever brought a text that was proven."""
    asked = "SELECT 1 FROM witnesses WHERE print = ? AND proven = 1 LIMIT 1"
    return connection.execute(asked, (who,)).fetchone() is not None


def recorded(connection: sqlite3.Connection, station: str) -> list[Line]:
    """What is believed of a station now, the newest first."""
    reports = [one for proven in (False, True) for one in _of(connection, station, proven)]
    ranked = sorted(reports, key=order)
    believed = {topic(report): report for report in ranked}.values()
    newest_first = sorted(believed, key=lambda report: order(report)[1:], reverse=True)
    return [
        Line(kind=one.kind, mark=one.mark, value=one.value, time=f"{parse_time(one.at) + _LOCAL:%H:%M}")
        for one in newest_first
    ]


def is_first(connection: sqlite3.Connection, found: ProbeDigest, received_at: str) -> bool:
    """Whether a probe's digest was not here before; from now on it was."""
    payload = payload_of(found.text) or b""
    added = connection.execute(
        "INSERT INTO digests VALUES (?, ?) ON CONFLICT DO NOTHING", (digest.identity(payload), received_at)
    )
    return added.rowcount > 0


def trim(connection: sqlite3.Connection, before: str) -> None:
    """Forget reports that came before this time. Spent codes stay: a card may be used again much later."""
    old = "SELECT id FROM told WHERE received_at < ? ORDER BY received_at LIMIT ?"
    connection.execute(f"DELETE FROM witnesses WHERE report IN ({old})", (before, _TRIM_ROWS))  # noqa: S608  # a constant
    connection.execute(f"DELETE FROM told WHERE id IN ({old})", (before, _TRIM_ROWS))  # noqa: S608  # a constant
    forgotten = format_time(parse_time(before) - _DIGESTS_KEPT)
    connection.execute("DELETE FROM digests WHERE received_at < ?", (forgotten,))


def _keep(connection: sqlite3.Connection, report: StationReport, received_at: str) -> None:
    proven = is_proven(report)
    clashing = [one.id for one in _of(connection, report.station, proven) if contradicts(one, report)]
    connection.execute(
        "INSERT INTO told VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(report.id, report.station, report.kind, report.at, received_at),
            *(bool(clashing), canonical.encode(report), proven),
        ),
    )
    for name in clashing:
        dispute(connection, name)


def _of(connection: sqlite3.Connection, station: str, proven: bool) -> list[StationReport]:
    """The newest reports of a station that are proven, or that are not: strangers may say thousands."""
    rows = connection.execute(
        "SELECT record FROM told WHERE station = ? AND proven = ? ORDER BY at DESC LIMIT ?",
        (station, proven, _LOOKED_AT),
    )
    return [_decode(record) for (record,) in rows]


def question(taken: Taken) -> Reading | None:
    """The reading of a text that asks what is recorded."""
    found = taken.read
    return found if isinstance(found, Reading) and found.kind == "my" else None
