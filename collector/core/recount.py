"""Counting everything again from exact signed bytes alone: what was believed once must be believed again.

Rules of this file: a batch counts when its signature fits a key that is known and its place is new;
nothing is taken from the database but the keys. The picture is made by the same code as the live one.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from collector.core.intake import ROLES
from collector.core.live import Live
from collector.core.marks import Mark
from collector.core.reading import Batch, reread
from collector.core.refusals import Refused
from collector.core.roster import Enrolled, Member
from wire import batch
from wire.batch import Envelope
from wire.enrol import Role
from wire.errors import BadInput


class Known(NamedTuple):
    """A key with its roles: from when (Unix seconds) it had which, in order; at least one."""

    row: Enrolled
    roles: Sequence[tuple[float, Role]]


class Recount:
    """Keys, marks, and the picture made again. Feed it the batches in the order of their arrival."""

    def __init__(self, keys: Iterable[Known]) -> None:
        """No batch yet."""
        self.live = Live(0.0)
        self.marks: dict[tuple[int, str], Mark] = {}
        self.batches = 0
        self.rows: list[Enrolled] = []
        self._roles: dict[int, Sequence[tuple[float, Role]]] = {}
        for known in keys:
            self.rows.append(known.row)
            self.live.enrol([known.row])
            self._roles[known.row.number] = known.roles

    def check(self, raw: bytes, arrived: float) -> Batch:
        """A kept batch, verified and read; raises `Refused` with the reason that it may not count."""
        try:
            envelope = batch.take_apart(raw)
        except BadInput as error:
            raise Refused("malformed", str(error)) from error
        member = self._member(envelope, arrived)
        try:
            batch.verify(envelope, member.key, envelope.purpose)
        except BadInput as error:
            raise Refused("signature", str(error)) from error
        return reread(member, raw, arrived, self.live.roster)

    def place(self, found: Batch) -> None:
        """Give a checked batch its place; raises `Refused` ("conflict") when that is taken."""
        key = (found.member.number, found.envelope.boot)
        mark = self.marks.get(key, Mark())
        if mark.has(found.envelope.sequence):
            raise Refused("conflict", "a batch with this number was counted before")
        self.marks[key] = mark.plus(found.envelope.sequence)

    def take(self, found: Batch) -> None:
        """Bring a placed batch into the picture."""
        self.batches += 1
        self.live.take(found)

    def _member(self, envelope: Envelope, arrived: float) -> Member:
        member = self.live.roster.get(envelope.probe)
        if member is None:
            raise Refused("unknown_probe", f"no key of {envelope.probe}")
        roles = self._roles[member.number]
        member.role = roles[max(0, bisect(roles, arrived, key=lambda one: one[0]) - 1)][1]
        if not any(role in roles_of(envelope) for _, role in roles):
            raise Refused("role", f"a {member.role} does not send {envelope.purpose}")
        return member


def roles_of(envelope: Envelope) -> frozenset[Role]:
    """Which roles may sign for the envelope's purpose."""
    for kind, roles in ROLES.items():
        if kind == envelope.purpose:
            return roles
    return frozenset()
