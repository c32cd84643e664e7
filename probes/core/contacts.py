"""What a probe will contact and what it tells, in words: what its owner agrees to."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from wire.records import Network, Target


def _around(url: str) -> str:
    return ", and each of its name servers" if url.startswith("zone://") else ""


# Blocks for documentation (RFC 5737): no host on the internet has such an address.
BAIT_ADDRESSES: Final = ("192.0.2.137", "198.51.100.137", "203.0.113.137")


class Contacts(Struct, frozen=True, kw_only=True):
    """Everything that a probe sends packets to."""

    targets: tuple[Target, ...]
    collectors: tuple[str, ...]
    controls: tuple[str, ...]
    resolvers: tuple[str, ...]
    public_resolvers: tuple[str, ...]
    sensitive: tuple[Target, ...] = ()


def what_is_contacted(contacts: Contacts) -> list[str]:
    """One line for each place that packets go to."""
    sensitive = frozenset(contacts.sensitive)
    return [
        *(
            f"collector {url}: what was measured, signed; and the control table"
            for url in contacts.collectors
        ),
        *(f"control {source}" for source in contacts.controls if "://" in source),
        f"name servers: {', '.join(contacts.resolvers) or 'the ones of this machine'}",
        *(f"name server {one}: names in doubt" for one in contacts.public_resolvers),
        "at a target's address, when its own name fails there: a request that names example.com",
        f"addresses that nobody has ({', '.join(BAIT_ADDRESSES)}): whether somebody accepts for them",
        "around a target's address, when the answer for its name is in doubt: a question for the name",
        *(
            f"{'sensitive ' if target in sensitive else ''}target {target.url}{_around(target.url)}"
            for target in contacts.targets
        ),
    ]


def what_is_told(network: Network) -> str:
    """What the collector learns of this machine, in one line."""
    region = network.region or "not told"
    return (
        f"The collector learns: region {region}, operator {network.asn}, line {network.access}, a name made "
        "of a key, the times and what was seen. It sees this machine's address as any server does; no record "
        "holds it."
    )


def digest(lines: Sequence[str]) -> str:
    """What consent is given to: other places, another consent."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
