"""What every prober is handed: clock, randomness, trust, resolvers, limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from OpenSSL import SSL

from probes.core.resolv_conf import Resolver
from wire.ports import Clock, Randomness


def _nobody_knows(_: str) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Tools:
    """Shared by all probers of a round.

    `timeout_s`: of one step. `known_addresses`: those where the controls reached a host.
    `control_name`: a harmless name, to see whether a name kills a handshake.
    """

    clock: Clock
    randomness: Randomness
    trust: SSL.Context
    resolvers: tuple[Resolver, ...]
    known_addresses: Callable[[str], tuple[str, ...]] = _nobody_knows
    timeout_s: float = 10.0
    control_name: str = "example.com"
