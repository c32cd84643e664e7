"""From an address to an AS number and a region, in memory; the address goes no further.

A table is CSV: `network,asn,region` with a header, `95.56.0.0/14,AS9198,KZ-75`; region may be empty.
Of networks inside each other the smallest counts.
"""

from __future__ import annotations

import csv
import ipaddress
from bisect import bisect_right
from collections.abc import Iterable
from typing import Final

import msgspec

from wire.errors import BadInput
from wire.records import Network

HEADER: Final = ["network", "asn", "region"]
_Range = tuple[int, int, Network]


class Networks:
    """The table. Nothing that it was asked is kept."""

    def __init__(self, lines: Iterable[str] = ()) -> None:
        """From the lines of a file; raises `BadInput` with the line's number."""
        self._ranges: dict[int, list[_Range]] = {4: [], 6: []}
        rows = csv.reader(lines)
        for number, row in enumerate(rows, 1):
            if number == 1 and row != HEADER:
                raise BadInput(f"line 1: the header is {','.join(HEADER)}")
            if number > 1 and row:
                self._add(number, row)
        for found in self._ranges.values():
            found.sort(key=lambda one: (one[0], -one[1]))

    def of(self, address: str) -> Network | None:
        """Where an address is; None when the table does not know, or it is no address."""
        try:
            asked = ipaddress.ip_address(address.partition("%")[0])
        except ValueError:
            return None
        if isinstance(asked, ipaddress.IPv6Address) and asked.ipv4_mapped is not None:
            asked = asked.ipv4_mapped
        ranges, number = self._ranges[asked.version], int(asked)
        place = bisect_right(ranges, number, key=lambda one: one[0]) - 1
        while place >= 0:  # the nearest start whose range is not over yet is the smallest network
            if ranges[place][1] >= number:
                return ranges[place][2]
            place -= 1
        return None

    def _add(self, number: int, row: list[str]) -> None:
        try:
            network, asn, region = row
            block = ipaddress.ip_network(network.strip())
            place = msgspec.convert({"asn": asn.strip(), "region": region.strip()}, Network)
        except (ValueError, msgspec.ValidationError) as error:
            raise BadInput(f"line {number}: {error}") from error
        span = (int(block.network_address), int(block.broadcast_address), place)
        self._ranges[block.version].append(span)


def is_told(network: Network) -> bool:
    """Whether somebody said where he stands."""
    return network.asn != "AS0" or network.region != "" or network.side == "outside"


def placed(told: Network, seen: Network | None) -> Network:
    """What a probe told of itself, else what its address said."""
    if is_told(told) or seen is None:
        return told
    return Network(asn=seen.asn, region=seen.region, access=told.access, side=told.side)
