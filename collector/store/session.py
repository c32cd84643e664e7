"""What may be done inside one transaction.

Rules of this file: a `Refused` is raised before the first write of its job, so that the rest
of the group can still be committed; marks that were changed are `staged` until the commit; who reads
batches or marks settles first.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from collector.core.book import Revision
from collector.core.marks import Mark, Range
from collector.core.places import place_of
from collector.core.refusals import Refused
from collector.core.roster import Enrolled
from collector.core.times import epoch_seconds
from collector.store.compaction import Moved
from collector.store.issuing import Issuing
from collector.store.keys import KEYS_NOTED
from collector.store.rows import Invite, Kept, NewBatch, NewProbe, Revoking
from collector.store.together import Together
from wire import canonical
from wire.enrol import Role
from wire.records import Measurement, Network, StationReport

_islands = msgspec.json.Decoder(tuple[Range, ...])
_network = msgspec.json.Decoder(Network)
_PROBES = (
    "SELECT number, id, key, role, network, enrolled_at, revoked_at,"
    " (SELECT max(heard_at) FROM marks WHERE probe = probes.number), past FROM probes"
)


class Placed(NamedTuple):
    """A mark with the number of its row."""

    number: int
    mark: Mark


Marks = dict[tuple[int, str], Placed]


class Session(Issuing):
    """One transaction's view of the database."""

    def __init__(self, connection: sqlite3.Connection, marks: Marks) -> None:
        """`marks`: those known from earlier transactions; only read here."""
        self._connection, self._marks = connection, marks
        self.staged: Marks = {}
        self.last_number = 0
        self._together = Together()

    @property
    def connection(self) -> sqlite3.Connection:
        """What the transaction is on."""
        self.settle()
        return self._connection

    def settle(self) -> None:
        """Write the batches that were kept so far; to be called before the commit."""
        self.last_number = self._together.write(self._connection) or self.last_number

    def keep(self, batch: NewBatch) -> Kept:
        """Keep a batch once; raises `Refused` ("conflict", "gaps")."""
        placed = self._mark(batch)
        if placed is not None and placed.mark.has(batch.sequence):
            self._same(placed.number, batch)
            return Kept(result="known", mark=placed.mark)
        mark = (placed.mark if placed else Mark()).plus(batch.sequence)
        self._together.put(self._put_mark(placed, mark, batch), batch)
        self._put_consequences(batch)
        return Kept(result="new", mark=mark)

    def enrol(self, probe: NewProbe) -> Enrolled:
        """Use up an invite for a key; the same key with the same invite again is answered the same.

        Raises `Refused` ("invite", "revoked").
        """
        role, used, used_by = self._invite(probe)
        known = next(iter(self.probes(probe.id)), None)
        if known is not None and known.revoked:
            raise Refused("revoked")
        if used is not None:
            if known is None or used_by != known.number:
                raise Refused("invite")
            return known
        return self._put_probe(probe, role)

    def invite(self, invite: Invite) -> None:
        """Keep an invite's print."""
        self._connection.execute(
            "INSERT INTO invites (print, role, made_at, expires_at, issuer) VALUES (?, ?, ?, ?, ?)",
            (invite.print, invite.role, invite.made_ms, invite.expires_ms, invite.issuer),
        )

    def vouch(self, invite: Invite, usual: int) -> int:
        """Keep an invite that a probe gives out, once; how many more it may. `usual`: a probe's limit.

        Raises `Refused` ("unknown_probe", "revoked", "role", "invites").
        """
        known = next(iter(self.probes(invite.issuer)), None)
        if known is None:
            raise Refused("unknown_probe")
        if known.revoked:
            raise Refused("revoked")
        if known.role != "probe":
            raise Refused("role", f"a {known.role} invites nobody")
        most, given = self.most(invite.issuer, usual), self.issued(invite.issuer, invite.made_ms)
        if self.issuer_of(invite.print) == invite.issuer:
            return most - given
        if given >= most or self.issuer_of(invite.print) is not None:
            raise Refused("invites")
        self.invite(invite)
        return most - given - 1

    def revoke(self, probe: str, order: Revoking) -> bool:
        """Revoke a key; whether there was one by that name. The time of the first revocation stays."""
        cursor = self._connection.execute(
            "UPDATE probes SET revoked_at = coalesce(revoked_at, ?), past = ? WHERE id = ?",
            (order.now_ms, order.past, probe),
        )
        return cursor.rowcount > 0

    def probes(self, probe: str | None = None) -> Iterable[Enrolled]:
        """Every enrolled key, or that one."""
        self.settle()
        rows = self._connection.execute(f"{_PROBES} WHERE ? IS NULL OR id = ?", (probe, probe))
        return [_enrolled(row) for row in rows]

    def archived(self, moved: Moved, drop_before_ms: int) -> None:
        """Keys and batches are durable in the archive; forget the older ones of these batches."""
        self.settle()
        execute = self._connection.execute
        execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (KEYS_NOTED, moved.keys_bytes))
        if moved.lot is None:
            return
        through = moved.lot.through
        execute("INSERT OR REPLACE INTO archives VALUES (?, ?)", (moved.lot.day, moved.lot.size_bytes))
        execute("UPDATE state SET value = ? WHERE name = 'archived_through'", (through,))
        # Only rows that go are looked at: numbers and arrivals rise together, but for a clock put back.
        # One bound alone: of two SQLite searches by one, and reads every row for the other.
        execute(
            "DELETE FROM batches WHERE late = 0 AND number < min(?, coalesce("
            "(SELECT number FROM batches WHERE received_at >= ? ORDER BY number LIMIT 1), ?))",
            (through + 1, drop_before_ms, through + 1),
        )

    def tell(self, revisions: Iterable[Revision]) -> None:
        """Keep revisions of incidents; one that is kept already stays as it is."""
        told = [
            (one.incident.id, one.incident.revision, round(one.known_at * 1000),
             canonical.encode(one.incident), canonical.encode(one.evidence))
            for one in revisions
        ]  # fmt: skip
        many = self._connection.executemany
        many("INSERT OR IGNORE INTO incidents VALUES (?, ?, ?, ?)", [row[:4] for row in told])
        many("INSERT OR IGNORE INTO evidence VALUES (?, ?, ?)", [(*row[:2], row[4]) for row in told])

    def picture(self, at_ms: int, record: bytes) -> None:
        """Keep a picture of the country; another of the same moment takes its place."""
        self._connection.execute("INSERT OR REPLACE INTO pictures VALUES (?, ?)", (at_ms, record))

    def secret(self, day: str, fresh: bytes) -> bytes:
        """The secret of a day's public names; `fresh` becomes it when there is none yet."""
        self._connection.execute("INSERT OR IGNORE INTO secrets VALUES (?, ?)", (day, fresh))
        row = self._connection.execute("SELECT secret FROM secrets WHERE day = ?", (day,)).fetchone()
        return bytes(row[0])

    def touch(self, now_ms: int) -> None:
        """Write something: proof that writing works."""
        self._connection.execute("UPDATE state SET value = ? WHERE name = 'alive'", (now_ms,))

    def _mark(self, batch: NewBatch) -> Placed | None:
        key = _life(batch)
        placed = self.staged.get(key) or self._marks.get(key)
        if placed is not None:
            return placed
        row = self._connection.execute(
            "SELECT number, high_water, islands FROM marks WHERE probe = ? AND boot = ?", key
        ).fetchone()
        return (
            None if row is None else Placed(row[0], Mark(high_water=row[1], islands=_islands.decode(row[2])))
        )

    def _put_mark(self, placed: Placed | None, mark: Mark, batch: NewBatch) -> int:
        if placed is None:
            cursor = self._connection.execute(
                "INSERT INTO marks (high_water, islands, heard_at, probe, boot) VALUES (?, ?, ?, ?, ?)",
                (mark.high_water, msgspec.json.encode(mark.islands), batch.received_ms, *_life(batch)),
            )
            number = int(cursor.lastrowid or 0)
        else:
            number = placed.number
            self._together.move(number, mark, batch.received_ms)
        self.staged[_life(batch)] = Placed(number, mark)
        return number

    def _same(self, mark: int, batch: NewBatch) -> None:
        self.settle()
        row = self._connection.execute(
            "SELECT raw FROM batches WHERE mark = ? AND sequence = ?", (mark, batch.sequence)
        ).fetchone()
        # A row that was dropped lies in the archive alone: a repeat so late is taken at its word.
        if row is not None and row[0] != batch.raw:
            raise Refused("conflict")

    def _put_consequences(self, batch: NewBatch) -> None:
        many = self._connection.executemany
        if batch.network is not None:
            many(
                "UPDATE probes SET network = ? WHERE number = ?",
                [(canonical.encode(batch.network), batch.probe)],
            )
        if batch.control:
            many(
                "INSERT INTO control VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE"
                " SET at = excluded.at, record = excluded.record WHERE excluded.at >= at",
                [(batch.probe, *_newest(record, record.target.url)) for record in batch.control],
            )
        if batch.reports:
            many(
                "INSERT INTO reports VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE"
                " SET at = excluded.at, record = excluded.record WHERE excluded.at >= at",
                [(report.station, *_newest(report, _told(report))) for report in batch.reports],
            )

    def _invite(self, probe: NewProbe) -> tuple[Role, int | None, int | None]:
        row = self._connection.execute(
            "SELECT role, used_at, used_by, expires_at FROM invites WHERE print = ?", (probe.invite,)
        ).fetchone()
        if row is None or (row[1] is None and row[3] <= probe.now_ms):
            raise Refused("invite")
        return row[0], row[1], row[2]

    def _put_probe(self, probe: NewProbe, role: Role) -> Enrolled:
        execute = self._connection.execute
        execute(
            "INSERT INTO probes (id, key, role, network, enrolled_at) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET role = excluded.role",
            (probe.id, probe.key, role, canonical.encode(probe.network), probe.now_ms),
        )
        made = next(iter(self.probes(probe.id)))
        execute(
            "UPDATE invites SET used_at = ?, used_by = ? WHERE print = ?",
            (probe.now_ms, made.number, probe.invite),
        )
        return made


def _life(batch: NewBatch) -> tuple[int, str]:
    return batch.probe, batch.boot


def _told(report: StationReport) -> str:
    """What a row of `reports` is kept for: each thing that was said, by each number and link that said it."""
    return "/".join((report.kind, report.mark, report.value, report.proof, report.link, report.sender))


def _newest(record: Measurement | StationReport, key: str) -> tuple[str, int, bytes]:
    return key, round(epoch_seconds(record.at) * 1000), canonical.encode(record)


def _enrolled(row: tuple[int, str, bytes, Role, bytes, int, int | None, int | None, float]) -> Enrolled:
    number, id_, key, role, network, enrolled_ms, revoked_ms, heard_ms, past = row
    return Enrolled(
        number=number,
        id=id_,
        key=key,
        role=role,
        place=place_of(_network.decode(network)),
        enrolled=enrolled_ms / 1000,
        revoked=revoked_ms is not None,
        heard=None if heard_ms is None else heard_ms / 1000,
        past=past,
    )
