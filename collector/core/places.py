"""Where a probe stands, as labels: closed sets, so that nobody outside can make new series."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from wire.facts import known_operator, known_region
from wire.names import CATEGORIES, Side
from wire.records import Network

OTHER = "other"
OUTSIDE = "outside"
_STEPS = frozenset({"dns", "tcp", "tls", "quic", "http", "stream", "packet", "line"})
_SIDES = {"domestic": "domestic", "foreign": "foreign", "": "unknown"}
_CATEGORIES = frozenset(CATEGORIES)


class Place(NamedTuple):
    """Region (ISO 3166-2, `unknown`, or `outside` of the country), operator (AS number), access."""

    region: str
    operator: str
    access: str


@lru_cache(maxsize=4096)
def place_of(network: Network) -> Place:
    """A network as labels."""
    region = known_region(network.region) if network.side == "inside" else OUTSIDE
    return Place(region, known_operator(network.asn), network.access)


def category_of(name: str) -> str:
    """The contract's category, or `other`."""
    return name if name in _CATEGORIES else OTHER


def side_of(side: Side) -> str:
    """Where a target is hosted: `domestic`, `foreign`, `unknown`."""
    return _SIDES[side]


def step_of(name: str) -> str:
    """The contract's stage, or `other`."""
    return name if name in _STEPS else OTHER
