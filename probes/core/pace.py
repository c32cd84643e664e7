"""How often a destination may be connected to: a bucket for each host and each address. Pure.

Rules of this file: what leads somewhere (a redirect, a forged answer, a second look) earns nothing;
only a listed target does, at its own host and at the addresses that its own name gave.
"""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict
from collections.abc import Iterable
from typing import Final

from probes.core.allowance import Bucket
from probes.core.hosts import literal
from probes.core.manners import BURST, REFILL_A_MINUTE
from wire.judge.trail import host_of
from wire.records import Target

MAX_KNOWN: Final = 8_192
_Key = tuple[str, str]


class Pace:
    """Whether one more connection is fair. Its memory is bounded: who was long unseen is forgotten."""

    def __init__(self) -> None:
        """Nobody is listed: each host has one target's worth."""
        self._listed: Counter[str] = Counter()
        self._living: defaultdict[str, set[str]] = defaultdict(set)
        self._buckets: OrderedDict[_Key, Bucket] = OrderedDict()

    def expect(self, targets: Iterable[Target]) -> None:
        """The targets of the rounds to come, in place of those from before."""
        self._listed = Counter(host_of(target.url) for target in targets)
        self._living.clear()

    def take(self, host: str, address: str, now: float, *, own: bool) -> bool:
        """Whether a connection may be made at a monotonic second; then it is counted.

        `own`: it is for a target's own name, not for where that was led. A machine's own loopback is free.
        """
        where = literal(address)
        if where is not None and where.is_loopback:
            return True
        if own and host in self._listed:
            self._living[address].add(host)
        buckets = (
            self._bucket(("host", host), self._listed[host], now),
            self._bucket(("address", address), sum(self._listed[one] for one in self._living[address]), now),
        )
        # Both are asked, so that who hides behind many names is counted at the address all the same.
        taken = [bucket.take(now) for bucket in buckets]
        return all(taken)

    def _bucket(self, key: _Key, listed: int, now: float) -> Bucket:
        worth = max(1, listed)
        bucket = self._buckets.pop(key, None)
        if bucket is None:
            bucket = Bucket(rate=0.0, size=0.0, level=0.0, at=now)
        size = float(BURST * worth)
        bucket.level = max(0.0, bucket.level + size - bucket.size)
        bucket.size, bucket.rate = size, REFILL_A_MINUTE * worth / 60
        self._buckets[key] = bucket
        while len(self._buckets) > MAX_KNOWN:
            self._buckets.popitem(last=False)
        return bucket
