"""Short words for measurements and members, so that a scenario reads like the day it describes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from collector.core.digest import Digest
from collector.core.places import place_of
from collector.core.roster import Enrolled, Member
from collector.core.times import stamp
from wire.columns import pack, unpack
from wire.enrol import Role
from wire.names import Mechanism, Side, State
from wire.records import Measurement, Network, Step, Target, Verdict
from wire.signing import SigningKey

NOW = 1_795_000_000.0
ASTANA = Network(asn="AS9198", region="KZ-71", access="fixed", side="inside")
ALMATY = Network(asn="AS21299", region="KZ-75", access="mobile", side="inside")
ABROAD = Network(asn="AS0", side="outside")
STEPS = (
    Step(step="tcp", failure=None, t0=0.0, t=0.02),
    Step(step="tls", failure="connection_reset", t0=0.02, t=0.5),
)


def key(number: int) -> SigningKey:
    """The key of the n-th probe of the tests."""
    return SigningKey(number.to_bytes(32, "big"))


def seen(
    name: str, state: State = "ok", mechanism: Mechanism | None = None, *, category: str = "news",
    side: Side = "foreign", at: float = NOW, network: Network = ASTANA, probe: str = "p",
    steps: Sequence[Step] = (),
) -> Measurement:  # fmt: skip
    """One target, seen once."""
    return Measurement(
        id=f"{name}-{at}", probe=probe, at=stamp(at), network=network, steps=tuple(steps),
        target=Target(id=name, url=f"https://{name}/", category=category, side=side),
        verdict=Verdict(state=state, mechanism=mechanism),
    )  # fmt: skip


def digest(records: Sequence[Measurement]) -> Digest:
    """Some records as a batch's digest."""
    return Digest(unpack(pack(records)))


def row(
    number: int, network: Network = ASTANA, *, role: Role = "probe", heard: float | None = NOW,
    enrolled: float = NOW - 86_400, revoked: bool = False,
) -> Enrolled:  # fmt: skip
    """The row of an enrolled key."""
    signer = key(number)
    return Enrolled(number, signer.id, signer.public, role, place_of(network), enrolled, revoked, heard)


def member(number: int, network: Network = ASTANA, **given: Any) -> Member:
    """An enrolled key; what can be given is what `row` takes."""
    return Member(row(number, network, **given))
