"""Which addresses no public name should have, and which answers have nothing in common."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

# Special-purpose registries of IANA (RFC 6890 and its successors), as OONI lists them, by what they are for.
_BOGONS: Final = {
    "private": ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"),
    "documentation": ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32"),
    "this host": ("0.0.0.0/8", "127.0.0.0/8", "::/127", "::ffff:0:0/96"),
    "link": ("169.254.0.0/16", "fe80::/10"),
    "benchmark": ("198.18.0.0/15",),
    "protocol": ("192.0.0.0/24", "100::/64"),
    "multicast or reserved": ("224.0.0.0/4", "240.0.0.0/4", "ff00::/8"),
}
_BLOCKS: Final = tuple((ip_network(block), use) for use, blocks in _BOGONS.items() for block in blocks)


def parse_address(text: str) -> IPv4Address | IPv6Address | None:
    """The address that a text is, else None."""
    try:
        return ip_address(text)
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def bogon_block(address: str) -> str:
    """What the special-purpose block of an address is for, "" for an ordinary address."""
    parsed = parse_address(address)
    if parsed is None:
        return ""
    return next((use for block, use in _BLOCKS if parsed.version == block.version and parsed in block), "")


def only_bogons(answers: Collection[str], expected: Iterable[str]) -> bool:
    """Whether every answer lies in a special block, and in none that the expected answers lie in.

    A name whose true addresses are in such a block (a site of an inner network) is not
    suspicious for being there; nor is another one of a laboratory, whose every address is for documentation.
    Where there are IPv4 answers, they decide: who lies about one family often passes on the other.
    """
    usual = {bogon_block(address) for address in expected}
    blocks = [bogon_block(address) for address in telling(answers)]
    return bool(blocks) and all(block and block not in usual for block in blocks)


def strangers(given: Collection[str], expected: Collection[str]) -> bool:
    """Whether two sets of addresses have nothing in common, not even a neighbourhood.

    A CDN's next machine is a neighbour, and so is an address behind which a NAT64 translates to an
    expected one; an empty set is nobody's stranger. Where both have IPv4 addresses, these decide.
    """
    near, known = telling(given), [one for one in expected if not is_v6(one)] or list(expected)
    if not near or not known or _translated(near, known):
        return False
    return neighbourhoods(near).isdisjoint(neighbourhoods(expected if is_v6(near[0]) else known))


def telling(addresses: Iterable[str]) -> list[str]:
    """The IPv4 ones among addresses; all where there are none."""
    found = list(addresses)
    return [one for one in found if not is_v6(one)] or found


def _translated(given: Iterable[str], expected: Iterable[str]) -> bool:
    """Whether an IPv6 address ends in an expected one's neighbour, as translators make them (RFC 6052)."""
    low = {int(parsed) >> 8 for one in expected if isinstance(parsed := parse_address(one), IPv4Address)}
    mapped = (parsed for one in given if isinstance(parsed := parse_address(one), IPv6Address))
    return any((int(address) & 0xFFFF_FFFF) >> 8 in low for address in mapped)


def neighbourhoods(addresses: Iterable[str]) -> frozenset[str]:
    """The /24 of IPv4 addresses, the first three groups (about a /48) of IPv6 ones."""
    return frozenset(
        ":".join(one.split(":")[:3]) if is_v6(one) else one.rpartition(".")[0] for one in addresses
    )


def is_v6(address: str) -> bool:
    """Whether an address is of the sixth version."""
    return ":" in address
