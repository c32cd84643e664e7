"""Polling stations as their texts tell: the newest report of each kind makes the state.

| state | code | when |
|---|---|---|
| unknown | 0 | heard, but nothing said about open or closed, power or network |
| open | 1 | open, power and network not said to be off |
| trouble | 2 | not closed, and power or network said to be off |
| closed | 3 | closed after it was open, or closed alone |
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, Literal, get_args

from msgspec import Struct

from wire.records import StationReport
from wire.times import parse_time

StationState = Literal["unknown", "open", "trouble", "closed"]
STATION_STATES: Final[tuple[StationState, ...]] = get_args(StationState)
STATION_CODES: Final[dict[StationState, int]] = {state: code for code, state in enumerate(STATION_STATES)}
_OFF: Final = frozenset({"off", "no"})


class StationNow(Struct, frozen=True, kw_only=True):
    """One station: its state, since when it was last heard, and what its newest texts said by kind."""

    station: str
    region: str
    state: StationState
    last_seen: str
    said: dict[str, str]


class Stations:
    """The newest report of each kind of each station. The order of arrival does not matter."""

    def __init__(self) -> None:
        """None heard yet."""
        self._newest: dict[str, dict[str, StationReport]] = {}
        self._now: dict[str, StationNow] = {}

    def __iter__(self) -> Iterator[StationNow]:
        """Every station, by its name."""
        return (station for _, station in sorted(self._now.items()))

    def __len__(self) -> int:
        """How many stations were ever heard."""
        return len(self._newest)

    def take(self, report: StationReport) -> None:
        """One more report; an older one of the same kind changes nothing."""
        said = self._newest.setdefault(report.station, {})
        known = said.get(report.kind)
        if known is None or _order(report) >= _order(known):
            said[report.kind] = report
            self._now[report.station] = station_now(report.station, said.values())


def station_now(station: str, newest: Iterable[StationReport]) -> StationNow:
    """One station from the newest report of each kind; at least one."""
    said: dict[str, StationReport] = {report.kind: report for report in newest}
    last = max(said.values(), key=_order)
    return StationNow(
        station=station,
        region=station[:5],
        state=_state(said),
        last_seen=last.at,
        said={kind: report.value for kind, report in sorted(said.items())},
    )


def _state(said: dict[str, StationReport]) -> StationState:
    doors = [said[kind] for kind in ("open", "closed") if kind in said]
    newest = max(doors, key=_order).kind if doors else None
    if newest == "closed":
        return "closed"
    if any(kind in said and said[kind].value in _OFF for kind in ("power", "net")):
        return "trouble"
    return "open" if newest == "open" else "unknown"


def _order(report: StationReport) -> tuple[float, str]:
    return parse_time(report.at).timestamp(), report.id
