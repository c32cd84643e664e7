"""What goes into the store and what comes out, as records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from msgspec import Struct

from collector.core.marks import Mark
from wire.enrol import Role
from wire.records import Measurement, Network, StationReport


class NewBatch(Struct, frozen=True, kw_only=True):
    """A batch to be kept, with what follows from it and is durable together with it.

    `received_ms`: Unix milliseconds. `network`: where the probe stands now, None when that did not change.
    `control` and `reports` bear `received_at` and the channel already. `late`: it brings what the
    late figures are made of.
    """

    probe: int
    boot: str
    sequence: int
    raw: bytes
    received_ms: int
    network: Network | None = None
    control: Sequence[Measurement] = ()
    reports: Sequence[StationReport] = ()
    late: bool = False


class Kept(Struct, frozen=True, kw_only=True):
    """Where the probe's boot stands after a batch."""

    result: Literal["new", "known"]
    mark: Mark


class Found(Struct, frozen=True, kw_only=True):
    """A kept batch: its number (in the order of arrival), whose it is, when it came, its exact bytes."""

    number: int
    probe: int
    received_ms: int
    raw: bytes


class NewProbe(Struct, frozen=True, kw_only=True):
    """A key that asks to be enrolled, its proof checked, with the print of its invite."""

    id: str
    key: bytes
    network: Network
    invite: str
    now_ms: int


class Invite(Struct, frozen=True, kw_only=True):
    """A single-use invite, by its print; times in Unix milliseconds. `issuer`: "" for the collector."""

    print: str
    role: Role
    made_ms: int
    expires_ms: int
    issuer: str = ""


class Revoking(NamedTuple):
    """When (Unix milliseconds), and how much counts what was said before."""

    now_ms: int
    past: float = 0.0


class Branch(Struct, frozen=True, kw_only=True):
    """What an issuer gave out. `most`: None without a limit. `keys`: enrolled by it; `revoked`: of these."""

    issuer: str
    most: int | None
    given: int
    keys: tuple[str, ...]
    revoked: tuple[str, ...]
