"""Who may send: every enrolled key, its role, and when and where it was last heard.

Rules of this file: a member is found by the name that its key gives it; no address, no name
of a person has a place here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from collector.core.places import Place
from wire.digest import probe_name
from wire.enrol import Role
from wire.signing import VerifyKey


class Enrolled(NamedTuple):
    """One row of the table of probes. Times are Unix seconds.

    `past`: of a revoked key, how much counts what it said before, 0 to 1.
    """

    number: int
    id: str
    key: bytes
    role: Role
    place: Place
    enrolled: float
    revoked: bool
    heard: float | None
    past: float = 0.0


class Member:
    """An enrolled key in memory; `place` and `heard` follow its batches."""

    __slots__ = ("enrolled", "heard", "id", "key", "number", "past", "place", "revoked", "role")

    def __init__(self, row: Enrolled) -> None:
        """From its row; the key was checked when it was enrolled."""
        self.number, self.id, self.role, self.place = row.number, row.id, row.role, row.place
        self.enrolled, self.heard, self.revoked = row.enrolled, row.heard, row.revoked
        self.past, self.key = row.past, VerifyKey(row.key)

    @property
    def counts(self) -> bool:
        """Whether anything that it said may count: it was not revoked with all its past."""
        return not self.revoked or self.past > 0


class Roster:
    """All members, by the name of their key."""

    def __init__(self) -> None:
        """Empty."""
        self._members: dict[str, Member] = {}
        self._prints: dict[str, Member] = {}

    def __iter__(self) -> Iterator[Member]:
        """Every member, revoked ones too."""
        return iter(self._members.values())

    def __len__(self) -> int:
        """How many keys are known."""
        return len(self._members)

    def get(self, probe: str) -> Member | None:
        """The member of that name."""
        return self._members.get(probe)

    def by_print(self, name: str) -> Member | None:
        """The member whose digests bear that name, see `wire.digest.probe_name`."""
        return self._prints.get(name)

    def put(self, row: Enrolled) -> Member:
        """Add a member, or take over role and revocation of one that is known."""
        known = self._members.get(row.id)
        if known is None:
            known = self._members[row.id] = Member(row)
            self._prints[probe_name(row.key)] = known
        known.role, known.revoked, known.past = row.role, row.revoked, row.past
        return known
