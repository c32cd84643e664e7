"""What every prober is handed: clock, randomness, trust, resolvers, limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from OpenSSL import SSL

from probes.core.http1 import MAX_BODY_BYTES
from probes.core.meter import Meter
from probes.core.pace import Pace
from probes.core.resolv_conf import Resolver
from probes.core.streams.flow import Expected
from probes.observe.trust import own_authorities
from probes.packets import PacketHelper
from wire.ports import Clock, Randomness
from wire.records import Target


def _nobody_knows(_: str) -> tuple[str, ...]:
    return ()


def _nothing_expected(_: Target) -> Expected:
    return Expected()


@dataclass(frozen=True, kw_only=True, slots=True)
class Tools:
    """Shared by all probers of a round.

    `public_resolvers`: asked only about names in doubt. `known_addresses`: those where the controls
    reached a host. `timeout_s`: of one step. `control_name`: a harmless name, to see whether a name
    kills a handshake. `expected`: the rate that a camera's stream is compared with.
    `authorities`: of messengers that have their own, by group. `packets`: sees raw packets; None where
    nobody does. `pace`: how often a destination may be connected to. `meter`: counts the bytes.
    `body_bytes`: how much of a page is read.
    """

    clock: Clock
    randomness: Randomness
    trust: SSL.Context
    resolvers: tuple[Resolver, ...]
    authorities: Mapping[str, SSL.Context] = field(default_factory=own_authorities)
    public_resolvers: tuple[Resolver, ...] = ()
    known_addresses: Callable[[str], tuple[str, ...]] = _nobody_knows
    timeout_s: float = 10.0
    control_name: str = "example.com"
    expected: Callable[[Target], Expected] = _nothing_expected
    packets: PacketHelper | None = None
    pace: Pace = field(default_factory=Pace)
    meter: Meter = field(default_factory=Meter)
    body_bytes: int = MAX_BODY_BYTES
