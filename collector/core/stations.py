"""Polling stations as their texts tell: of each topic the newest report makes the state, a proven one first.

| state | code | when |
|---|---|---|
| unknown | 0 | heard, but nothing said about open or closed, power or network |
| open | 1 | open, power and network not said to be off |
| trouble | 2 | not closed, and power or network said to be off |
| closed | 3 | closed after it was open, or closed alone |

Texts that say the same (one id) are one report with several witnesses. What contradicts is kept and shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import combinations
from typing import Final, Literal, get_args

from msgspec import Struct

from wire.claims import contradicts, is_proven, order, topic
from wire.names import Proof
from wire.records import StationReport

StationState = Literal["unknown", "open", "trouble", "closed"]
STATION_STATES: Final[tuple[StationState, ...]] = get_args(StationState)
STATION_CODES: Final[dict[StationState, int]] = {state: code for code, state in enumerate(STATION_STATES)}
MAX_CLAIMS: Final = 100
"""Of one station; the oldest are dropped first, and unproven ones before those that are proven."""
_OFF: Final = frozenset({"off", "no"})


class Claim(Struct, frozen=True, kw_only=True):
    """One report: what it says, how far it is proven, and from how many numbers and links it came."""

    report: str
    kind: str
    value: str
    mark: str
    at: str
    proof: Proof
    witnesses: int


class StationNow(Struct, frozen=True, kw_only=True):
    """One station: its state, since when it was last heard, and what is believed of it by kind.

    `proven`: the kinds that a code or a key stands behind. `unproven`: what was said later, without proof,
    and differs. `disputed`: all reports that contradict another.
    """

    station: str
    region: str
    state: StationState
    last_seen: str
    said: dict[str, str]
    witnesses: dict[str, int] = {}
    proven: tuple[str, ...] = ()
    unproven: tuple[Claim, ...] = ()
    disputed: tuple[Claim, ...] = ()


class Told:
    """One report with its witnesses: the numbers (as prints) and links that brought it."""

    def __init__(self, report: StationReport) -> None:
        """The first text that said so."""
        self.report = report
        self.witnesses = {(report.link, report.sender)}

    def again(self, report: StationReport) -> None:
        """One more text that says so; the time is the earliest that was told."""
        self.witnesses.add((report.link, report.sender))
        if order(report) < order(self.report):
            self.report = report

    def claim(self) -> Claim:
        """It as a record."""
        said = self.report
        return Claim(
            report=said.id, kind=said.kind, value=said.value, mark=said.mark, at=said.at, proof=said.proof,
            witnesses=len(self.witnesses),
        )  # fmt: skip


class Stations:
    """What each station's texts say. The order of arrival does not matter."""

    def __init__(self) -> None:
        """None heard yet."""
        self._told: dict[str, dict[str, Told]] = {}
        self._now: dict[str, StationNow] = {}
        self._stale: set[str] = set()

    def __iter__(self) -> Iterator[StationNow]:
        """Every station, by its name."""
        for station in self._stale:
            self._now[station] = station_now(station, self._told[station].values())
        self._stale.clear()
        return (station for _, station in sorted(self._now.items()))

    def __len__(self) -> int:
        """How many stations were ever heard."""
        return len(self._told)

    def take(self, report: StationReport) -> None:
        """One more report, or one more witness of a known one; an older one of a topic changes no state."""
        told = self._told.setdefault(report.station, {})
        if report.id in told:
            told[report.id].again(report)
        else:
            told[report.id] = Told(report)
        if len(told) > MAX_CLAIMS:
            del told[min(told, key=lambda name: order(told[name].report))]
        self._stale.add(report.station)


def station_now(station: str, told: Collection[Told]) -> StationNow:
    """One station from all that was told of it; at least one report."""
    ranked = sorted(told, key=lambda one: order(one.report))
    believed = {topic(one.report): one for one in ranked}
    said = {one.report.kind: one for one in ranked}
    reports = {kind: one.report for kind, one in sorted(said.items())}
    return StationNow(
        station=station,
        region=station[:5],
        state=_state({name: one.report for name, one in believed.items()}),
        last_seen=max((one.report for one in told), key=lambda one: order(one)[1:]).at,
        said={kind: report.value for kind, report in reports.items()},
        witnesses={kind: len(said[kind].witnesses) for kind in reports},
        proven=tuple(kind for kind, report in reports.items() if is_proven(report)),
        unproven=tuple(one.claim() for one in _overruled(ranked, believed)),
        disputed=tuple(one.claim() for one in _disputed(ranked)),
    )


def _overruled(ranked: list[Told], believed: dict[str, Told]) -> list[Told]:
    """Of each topic the newest unproven report, where a proven, older one that says otherwise is believed."""
    newest = {topic(one.report): one for one in ranked if not is_proven(one.report)}
    return [
        one
        for name, one in sorted(newest.items())
        if is_proven(believed[name].report)
        and one.report.at > believed[name].report.at
        and (one.report.kind, one.report.value) != (believed[name].report.kind, believed[name].report.value)
    ]


def _disputed(ranked: list[Told]) -> list[Told]:
    topics: dict[str, list[Told]] = {}
    for one in ranked:
        topics.setdefault(topic(one.report), []).append(one)
    pairs = (pair for found in topics.values() for pair in combinations(found, 2))
    clashing = (pair for pair in pairs if contradicts(pair[0].report, pair[1].report))
    return list({one.report.id: one for pair in clashing for one in pair}.values())


def _state(believed: dict[str, StationReport]) -> StationState:
    door = believed["door"].kind if "door" in believed else ""
    if door == "closed":
        return "closed"
    if any(kind in believed and believed[kind].value in _OFF for kind in ("power", "net")):
        return "trouble"
    return "open" if door == "open" else "unknown"
