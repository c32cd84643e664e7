"""The scenario table: what the network does, what must be said of it; calm days among them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from collector.core.detect import detect
from tests.collector.core.detect.world import FOREIGN_SITES, REGIONS, Event, World, simulate
from wire.incidents import SCOPE_LEVELS, Incident, Kind, ScopeLevel
from wire.times import epoch_seconds

CITY = ("KZ-75",)
LISTED = ("egov.kz", "akorda.kz", "24.kz")
TELEGRAM = ("telegram/dc1", "telegram/web")
LADDER: tuple[ScopeLevel, ...] = ("local", "operator", "region", "national")


@dataclass(frozen=True)
class Truth:
    """One incident that must be told. `at`, `until`: hours since the world's start."""

    kind: Kind
    level: ScopeLevel
    at: float
    until: float | None
    regions: tuple[str, ...] = ()
    operators: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """A scenario: its name, its world, all that must be told of it."""

    name: str
    world: World
    truths: tuple[Truth, ...] = ()


AT, UNTIL = 12.51, 15.25


def cut(what: str, **where: Any) -> tuple[Event, ...]:
    """One event at the usual hours."""
    return (Event(what, AT, UNTIL, **where),)


def told(kind: Kind, level: ScopeLevel, **where: tuple[str, ...]) -> tuple[Truth, ...]:
    """One incident at the usual hours."""
    return (Truth(kind, level, AT, UNTIL, **where),)


LOSS: Kind = "connectivity_loss"
ROLLING = tuple(Event("cut", 10 + n / 4, UNTIL, regions=(region,)) for n, region in enumerate(REGIONS))
CUTS = (
    Row("national loss", World(cut("cut")), told(LOSS, "national")),
    Row("national loss, only silence", World(cut("silent")), told(LOSS, "national")),
    Row("national loss, 60 probes, 5 minutes", World(cut("silent"), probes=60, cycle=300.0), told(LOSS, "national")),
    Row("national loss at night", World((Event("silent", 20.5, 22.25),), hours=30.0), (Truth(LOSS, "national", 20.5, 22.25),)),
    Row("region loss", World(cut("cut", regions=CITY)), told(LOSS, "region", regions=CITY)),
    Row("region loss, 5 minutes", World(cut("cut", regions=CITY), probes=150, cycle=300.0), told(LOSS, "region", regions=CITY)),
    Row("region silent", World(cut("silent", regions=CITY)), told(LOSS, "region", regions=CITY)),
    Row("operator loss", World(cut("cut", operators=("AS29355",))), told(LOSS, "operator", operators=("AS29355",))),
    Row("core fault of one operator", World(cut("silent", operators=("AS9198",))), told(LOSS, "operator", operators=("AS9198",))),
    Row("mobile cut", World(cut("cut", access=("mobile",))), told(LOSS, "national", access=("mobile",))),
    Row("mobile cut, 60 probes, liars", World(cut("cut", access=("mobile",)), probes=60, liars=0.05), told(LOSS, "national", access=("mobile",))),
    Row("one cell of five", World(cut("silent", regions=CITY, operators=("AS9198",)), probes=250), told(LOSS, "local", regions=CITY, operators=("AS9198",))),
    Row("international loss", World(cut("foreign")), told("international_loss", "national")),
    Row("international loss of a region", World(cut("foreign", regions=CITY)), told("international_loss", "region", regions=CITY)),
    Row("allowlist", World(cut("allow", targets=LISTED)), told("allowlist_only", "national")),
    Row("messenger block", World(cut("block", targets=TELEGRAM)), told("service_block", "service", targets=("telegram",))),
    Row("site block in one operator", World(cut("block", targets=("zakon.kz",), operators=("AS9198",))), told("service_block", "service", operators=("AS9198",), targets=("zakon.kz",))),
    Row("block through a cut", World((Event("block", 8, 17, targets=TELEGRAM), Event("cut", 10, 12))), (Truth("service_block", "service", 8, 17, targets=("telegram",)), Truth(LOSS, "national", 10, 12))),
    Row("throttling of a site", World(cut("throttle", targets=("youtube.com",))), told("throttling", "service", targets=("youtube.com",))),
    Row("throttling of an operator", World(cut("throttle", operators=("AS29355",))), told("throttling", "operator", operators=("AS29355",))),
    Row("interception", World(cut("forge", targets=FOREIGN_SITES, operators=("AS9198",))), told("tls_interception", "operator", operators=("AS9198",))),
    Row("dark from abroad", World(cut("dark")), told("dark_from_abroad", "national")),
    Row("rolling cut", World(ROLLING), tuple(Truth(LOSS, "region", one.begin, one.end, regions=one.regions) for one in ROLLING)),
    Row("flapping", World(tuple(Event("cut", 10 + n / 10, 10.05 + n / 10) for n in range(12))), (Truth(LOSS, "national", 10.0, 11.15),)),
    Row("foreign, then all, then a list", World((Event("foreign", 10.5, AT), Event("cut", AT, 14.0), Event("allow", 14.0, 16.0, targets=LISTED))),
        (Truth("international_loss", "national", 10.5, AT), Truth(LOSS, "national", AT, 14.0), Truth("allowlist_only", "national", 14.0, 16.0))),
    Row("national loss, good sybils", World(cut("cut"), sybils=(100, 12.0, "good")), told(LOSS, "national")),
    Row("national loss, liars", World(cut("cut"), liars=0.05), told(LOSS, "national")),
    Row("region loss beside wrong clocks", World(cut("cut", regions=CITY), jump=(10.0, -3.0)), told(LOSS, "region", regions=CITY)),
    Row("power failure in one city", World(cut("power", regions=CITY, access=("fixed",)), probes=200), told(LOSS, "local", regions=CITY, access=("fixed",))),
)  # fmt: skip
CALM = (
    Row("a calm day", World()),
    Row("a long weekend", World(hours=72.0, cycle=300.0, sleepers=0.9)),
    Row("a holiday", World(hours=96.0, cycle=300.0, sleepers=0.9, holiday=48.0)),
    Row("two quiet weeks", World(hours=336.0, cycle=600.0, sleepers=0.9, liars=0.05)),
    Row("target outage", World(cut("down", targets=("egov.kz", "kaspi.kz")))),
    Row("target outage seen abroad", World(cut("fault", targets=("zakon.kz",)))),
    Row("CDN outage", World(cut("fault", targets=(*FOREIGN_SITES[:3], "telegram/web")))),
    Row("all foreign sites down", World(cut("fault", targets=FOREIGN_SITES))),
    Row("slow lines", World(slow=0.5)),
    Row("lost reports", World(hours=48.0, cycle=120.0, missing=0.3)),
    Row("bad sybils", World(sybils=(100, 12.0, "bad"))),
    Row("broken release", World(bug=(12.0, 0.35))),
    Row("clocks jump ahead", World(jump=(10.0, 3.0))),
    Row("clocks jump back", World(jump=(10.0, -3.0))),
    Row("liars", World(hours=40.0, liars=0.05)),
)
ROWS = (*CUTS, *CALM)


@dataclass(frozen=True)
class Outcome:
    """What came of a truth: None where nothing was told. Latency, errors: minutes."""

    incident: Incident | None
    latency: float = 0.0
    onset: float = 0.0
    end: float = 0.0


def play(row: Row, seed: int = 1) -> tuple[list[Outcome], list[Incident]]:
    """Each truth's outcome, and what was told besides."""
    world = replace(row.world, seed=seed)
    found = detect(simulate(world))
    outcomes = [_outcome(truth, found, world) for truth in row.truths]
    matched = {one.incident.id for one in outcomes if one.incident}
    return outcomes, [one for one in found if one.id not in matched]


def _outcome(truth: Truth, found: list[Incident], world: World) -> Outcome:
    fitting = [one for one in found if fits(one, truth, world)]
    if not fitting:
        return Outcome(None)
    best = min(fitting, key=lambda one: abs(_hours(one.started_at, world) - truth.at))
    end = 0.0 if truth.until is None or best.ended_at is None else _hours(best.ended_at, world) - truth.until
    return Outcome(
        best,
        60 * (_hours(best.detected_at, world) - truth.at),
        60 * (_hours(best.started_at, world) - truth.at),
        60 * end,
    )


def fits(one: Incident, truth: Truth, world: World) -> bool:
    """Right kind, same place, scope within one level, overlapping in time."""
    scope = one.scope
    over = _hours(one.started_at, world) <= (truth.until or 1e9) and (
        one.ended_at is None or _hours(one.ended_at, world) >= truth.at
    )
    place = all(
        set(wanted) <= set(named) or not named
        for wanted, named in (
            (truth.regions, scope.regions),
            (truth.operators, scope.operators),
            (truth.access, scope.access),
        )
    )
    return (
        one.kind == truth.kind
        and over
        and place
        and set(truth.targets) <= set(scope.targets)
        and near(scope.level, truth.level)
    )


def near(level: ScopeLevel, wanted: ScopeLevel) -> bool:
    """Whether two levels are at most one step apart."""
    if "service" in {level, wanted}:
        return level == wanted
    return abs(LADDER.index(level) - LADDER.index(wanted)) <= 1


def _hours(text: str, world: World) -> float:
    return (epoch_seconds(text) - world.begin) / 3600


def table(seeds: range) -> Iterator[str]:
    """The whole table as lines."""
    assert set(LADDER) < set(SCOPE_LEVELS)
    yield f"{'scenario':<38} {'told':>7} {'false':>5} {'latency':>8} {'worst':>6} {'onset':>6} {'end':>6}  (minutes)"
    for row in ROWS:
        played = [play(row, seed) for seed in seeds]
        outcomes = [one for some, _ in played for one in some]
        hits = [one for one in outcomes if one.incident]
        latency = sorted(one.latency for one in hits) or [0.0]
        onset = max((abs(one.onset) for one in hits), default=0.0)
        end = max((abs(one.end) for one in hits), default=0.0)
        false = sum(len(rest) for _, rest in played)
        yield (
            f"{row.name:<38} {len(hits):>3}/{len(outcomes):<3} {false:>5} {latency[len(latency) // 2]:>8.1f} "
            f"{latency[-1]:>6.1f} {onset:>6.1f} {end:>6.1f}"
        )
