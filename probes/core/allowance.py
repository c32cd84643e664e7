"""How many answers anybody may have: a bucket for each neighbourhood and one for all together."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Final

MAX_SOURCES: Final = 4096


@dataclass(slots=True)
class Bucket:
    """Fills with `rate` a second up to `size`."""

    rate: float
    size: float
    level: float
    at: float

    def take(self, now: float) -> bool:
        """Whether there was one left."""
        self.level = min(self.size, self.level + max(0.0, now - self.at) * self.rate)
        self.at = now
        if self.level < 1:
            return False
        self.level -= 1
        return True


class Allowance:
    """Answers for each /24 or /48, and for all; neighbourhoods that were long unseen are forgotten."""

    def __init__(self, each_s: float, all_s: float) -> None:
        """Answers a second; each bucket holds five seconds' worth."""
        self._each_s = each_s
        self._all = Bucket(rate=all_s, size=5 * all_s, level=5 * all_s, at=0.0)
        self._sources: OrderedDict[str, Bucket] = OrderedDict()

    def take(self, address: str, now: float) -> bool:
        """Whether whoever asks from an address gets an answer at a monotonic second `now`."""
        source = neighbourhood(address)
        bucket = self._sources.pop(source, None) or self._fresh(now)
        self._sources[source] = bucket
        while len(self._sources) > MAX_SOURCES:
            self._sources.popitem(last=False)
        return bucket.take(now) and self._all.take(now)

    def _fresh(self, now: float) -> Bucket:
        return Bucket(rate=self._each_s, size=5 * self._each_s, level=5 * self._each_s, at=now)


def neighbourhood(address: str) -> str:
    """Who shares an allowance: a /24, or a /48; IPv6 with a scope is taken without it."""
    bare = address.partition("%")[0]
    return str(ip_network(f"{bare}/{48 if ':' in bare else 24}", strict=False))
