"""The stations' codes and keys, as the election commission enrolled them: what proves a text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from sms_gateway.core.reading import Fault
from wire.digest import probe_name
from wire.names import Proof
from wire.signing import VerifyKey
from wire.stationkeys import StationKeys, public_keys


class Book:
    """Stations and what proves their texts; made once, asked for every text. See docs/sms.md for the file."""

    def __init__(
        self, stations: Iterable[StationKeys] = (), *, known: bool = True, probes: Iterable[bytes] = ()
    ) -> None:
        """`known`: false when nobody enrolled a station here: then no code can be compared.

        `probes`: the public keys of those whose digests are believed; `BadInput` for one that is none.
        """
        self._stations: Mapping[str, StationKeys] = {one.station: one for one in stations}
        self.prints: Final = frozenset(one for listed in self._stations.values() for one in listed.senders)
        self._keys: dict[str, tuple[VerifyKey, ...]] = {}
        self.probes: Final = {probe_name(public): VerifyKey(public) for public in probes}
        self.proof: Final[Proof] = "code" if known else "unchecked"
        self.known: Final = known
        self.stations: Final = frozenset(name for name, one in self._stations.items() if not one.revoked)

    def fault(self, station: str, code: str) -> Fault | None:
        """What is wrong with a code of a station, if anything."""
        if not self.known:
            return None
        listed = self._stations.get(station)
        if listed is None:
            return "unknown_station"
        if listed.revoked:
            return "revoked"
        return None if code in listed.codes else "unknown_code"

    def keys(self, station: str) -> tuple[VerifyKey, ...] | Fault:
        """The keys that may sign for a station, or why there is none."""
        listed = self._stations.get(station)
        if listed is None:
            return "unknown_station"
        if listed.revoked or not listed.keys:
            return "revoked"
        if station not in self._keys:
            self._keys[station] = public_keys(listed)
        return self._keys[station]


NO_BOOK: Final = Book(known=False)
