"""Probes' digests on their way through the gateway: once each, whatever brings them, whoever dies."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from sms_gateway import inbox, reports, schema, told
from sms_gateway.core.book import Book
from sms_gateway.core.intake import Desk, Taken, take
from sms_gateway.core.message import Message
from sms_gateway.core.reading import Rejected
from sms_gateway.reports import Pending
from tests.sms_gateway.harness import BOOT, DESK, NOW, PHONE, RULES, gateway, rows, taken
from tests.sms_gateway.test_reports import KEY, OTHER, seal
from wire import batch, digest
from wire.digest import probe_name
from wire.records import Measurement, Network, ProbeDigest, StationReport, Target, Verdict
from wire.sealed import payload_of, write
from wire.signing import SigningKey
from wire.times import format_time

PROBE = SigningKey(bytes([7]) * 32)
SEEN = Measurement(
    id="m", probe="p", at="2026-11-22T03:59:00Z", network=Network(asn="AS9198", region="KZ-71"),
    target=Target(id="egov.kz", url="https://egov.kz", category="egov", side="domestic"), verdict=Verdict(state="ok"),
)  # fmt: skip


def text(ago_s: float = 60) -> str:
    """A digest made so many seconds before now."""
    return digest.seal(PROBE, [SEEN], SEEN.network, int(NOW.timestamp() - ago_s))


def brought(
    said: str, ident: str = "d1", sender: str = PHONE, link: str = "kannel", desk: Desk = DESK
) -> Taken:
    return take(
        Message(link=link, id=ident, sender=sender, recipient="1", text=said), NOW, desk, answers=True
    )


def told_in(pending: Pending | None) -> list[batch.Told]:
    return [] if pending is None else batch.told(batch.take_apart(pending.raw))


def test_a_digest_is_told_as_it_was_sealed_and_without_its_sender(db: sqlite3.Connection) -> None:
    assert inbox.put(db, brought(text()), RULES) == "new"
    pending = reports.next_batch(db, seal)
    assert told_in(pending) == [ProbeDigest(text=text(), at=format_time(NOW), link="kannel")]
    assert pending is not None
    assert PHONE[1:].encode() not in pending.raw
    assert db.execute("SELECT count(*) FROM outbox").fetchone() == (0,)


@pytest.mark.parametrize(
    "damage",
    [
        lambda said: said,
        lambda said: f"{said[:70]} {said[70:]}",
        lambda said: "\n".join(said[at : at + 40] for at in range(0, len(said), 40)),
        lambda said: f"  {said}\r\n",
    ],
)
def test_the_same_digest_over_another_link_or_broken_into_lines_is_told_once(
    db: sqlite3.Connection, damage: Callable[[str], str]
) -> None:
    inbox.put(db, brought(text()), RULES)
    assert inbox.put(db, brought(damage(text()), "d2", "+77770000001", "modem"), RULES) == "repeat"
    assert inbox.put(db, brought(text(30), "d3"), RULES) == "new"
    assert len(told_in(reports.next_batch(db, seal))) == 2


def test_reports_and_digests_go_together_in_their_order_also_under_a_new_life(db: sqlite3.Connection) -> None:
    inbox.put(db, taken(), RULES)
    inbox.put(db, brought(text()), RULES)
    first = told_in(reports.next_batch(db, seal))
    assert [type(one) for one in first] == [StationReport, ProbeDigest]
    reports.new_life(db, seal, OTHER)
    pending = reports.next_batch(db, seal)
    assert pending is not None
    assert (pending.boot, told_in(pending)) == (OTHER, first)


@pytest.mark.parametrize("ago_s", [31 * 86_400, -2 * 86_400])
def test_a_digest_of_another_time_is_refused(db: sqlite3.Connection, ago_s: float) -> None:
    found = brought(text(ago_s))
    assert found.read == Rejected(error="bad_time", understood=probe_name(PROBE.public))
    assert inbox.put(db, found, RULES) == "new"
    assert reports.next_batch(db, seal) is None


def test_what_is_told_of_a_forged_or_a_strange_probe_is_kept_and_not_brought(db: sqlite3.Connection) -> None:
    book = Book(probes=[PROBE.public])
    payload = payload_of(text())
    assert payload is not None
    forged = write(payload[:-1] + bytes([payload[-1] ^ 1]))
    stranger = digest.seal(KEY, [SEEN], SEEN.network, int(NOW.timestamp()))
    desk = replace(DESK, book=book)
    for number, (said, error) in enumerate([(forged, "forged"), (stranger, "unknown_probe"), (text(), "")]):
        found = brought(said, f"d{number}", desk=desk)
        assert getattr(found.read, "error", "") == error
        inbox.put(db, found, RULES)
    assert [one.text for one in told_in(reports.next_batch(db, seal)) if isinstance(one, ProbeDigest)] == [
        text()
    ]


def test_a_digest_is_remembered_until_it_would_be_refused_for_its_time(db: sqlite3.Connection) -> None:
    inbox.put(db, brought(text()), RULES)
    for days, left in ((0.5, 1), (31.0, 1), (31.5, 0)):
        told.trim(db, format_time(NOW + timedelta(days=days)))
        assert db.execute("SELECT count(*) FROM digests").fetchone() == (left,)


def test_an_older_store_learns_to_keep_digests(tmp_path: Path) -> None:
    old = sqlite3.connect(tmp_path / "sms.sqlite3")
    old.executescript("".join(schema.STEPS[:5]) + "; PRAGMA user_version = 5")
    old.close()
    connection = schema.connect(tmp_path / "sms.sqlite3")
    reports.begin(connection, BOOT)
    assert inbox.put(connection, brought(text()), RULES) == "new"
    connection.close()


async def test_a_digest_that_a_gateway_took_waits_through_its_death(tmp_path: Path) -> None:
    for _ in range(2):  # the network brings it again after the restart
        async with gateway(tmp_path, "http://127.0.0.1:1") as running:
            assert await running.text(text()) == 200
            await running.until_read()
    queued = rows(tmp_path, "SELECT raw FROM batches UNION ALL SELECT record FROM reports")
    assert len(queued) == 1
