"""A small country of simulated probes: habits, cuts, lies, spools, in numpy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from collector.core.detect.columns import (
    BAD,
    DOMESTIC,
    FOREIGN,
    FORGED,
    GOOD,
    LINE_DOWN,
    NOTHING,
    SLOW,
    SLUGGISH,
    TARGETS_FAULT,
    Columns,
    Place,
    Role,
)  # fmt: skip
from collector.core.times import stamp

START = 1_641_081_600.0 - 86_400 * 7  # Sunday 26 December 2021, 00:00 UTC
HOUR = 3600.0
DAY = 86_400.0
REGIONS = ("KZ-71", "KZ-75", "KZ-79", "KZ-10", "KZ-35", "KZ-63", "KZ-47", "KZ-15", "KZ-39", "KZ-61")
OPERATORS = (
    ("AS9198", "fixed"),
    ("AS29355", "mobile"),
    ("AS21299", "mobile"),
    ("AS48503", "mobile"),
    ("AS39824", "fixed"),
)
SITES = ("egov.kz", "kaspi.kz", "tengrinews.kz", "zakon.kz", "akorda.kz", "24.kz")
FOREIGN_SITES = ("google.com", "wikipedia.org", "youtube.com", "cloudflare.com")
MESSENGERS = ("telegram/dc1", "telegram/web", "whatsapp/e1", "signal/chat")
ROLES = (
    *(Role(name, "kz", DOMESTIC) for name in SITES),
    *(Role(name, "control", FOREIGN) for name in FOREIGN_SITES),
    *(Role(name, "messenger", FOREIGN) for name in MESSENGERS),
)


@dataclass(frozen=True)
class Event:
    """What the network does from `begin` to `end` (hours since the start), where; empty: everywhere.

    `what`: cut, silent (cut, and nothing is kept), foreign, allow, block, throttle, forge, dark, fault (of targets,
    seen by all), down (the same, as the probes' own verdict), power (as silent).
    """

    what: str
    begin: float
    end: float
    regions: tuple[str, ...] = ()
    operators: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    share: float = 1.0


@dataclass(frozen=True)
class World:
    """How many probes, how often, how long, what happens."""

    events: tuple[Event, ...] = ()
    probes: int = 100
    abroad: int = 4
    cycle: float = 60.0
    hours: float = 18.0
    begin: float = START
    sleepers: float = 0.5
    noise: float = 0.01
    missing: float = 0.02
    liars: float = 0.0
    slow: float = 0.0
    sybils: tuple[int, float, str] = (0, 0.0, "")
    bug: tuple[float, float] = (0.0, 0.0)
    jump: tuple[float, float] = (0.0, 0.0)
    holiday: float = -1.0
    spool: bool = True
    seed: int = 1
    regions: Sequence[str] = REGIONS
    roles: Sequence[Role] = ROLES


@dataclass
class _Crowd:
    place: np.ndarray
    phase: np.ndarray
    bed: np.ndarray
    sleep: np.ndarray
    born: np.ndarray
    lies: np.ndarray
    buggy: np.ndarray
    jumps: np.ndarray
    says: np.ndarray


def places_of(world: World) -> list[Place]:
    inside = [Place(region, asn, access, "inside") for region in world.regions for asn, access in OPERATORS]
    return [*inside, Place("", "AS3320", "fixed", "outside"), Place("", "AS24940", "fixed", "outside")]


def _crowd(world: World, rng: np.random.Generator) -> _Crowd:
    extra, joined, _ = world.sybils
    count = world.probes + world.abroad + extra
    cells = len(places_of(world)) - 2
    place = rng.permutation(np.arange(count) % cells)
    place[world.probes : world.probes + world.abroad] = cells + np.arange(world.abroad) % 2
    inside = place < cells
    numbers = np.arange(count)
    return _Crowd(
        place=place,
        phase=rng.uniform(0, world.cycle, count),
        bed=(rng.normal(23.3, 0.8, count) - 5) % 24,
        sleep=np.where((rng.random(count) < world.sleepers) & inside, rng.normal(7.5, 0.8, count), 0.0),
        born=np.where(numbers >= world.probes + world.abroad, joined * HOUR, -1.0),
        lies=(rng.random(count) < world.liars) & inside,
        buggy=(rng.random(count) < world.bug[1]) & inside,
        jumps=(rng.random(count) < (0.3 if world.jump[1] else 0)) & inside,
        says=np.where(numbers >= world.probes + world.abroad, 1, 0),
    )


def simulate(world: World) -> Columns:
    """All measurements of the world, in the order of arrival."""
    rng = np.random.default_rng(world.seed)
    crowd = _crowd(world, rng)
    places = places_of(world)
    rounds = int(world.hours * HOUR / world.cycle)
    when = crowd.phase[:, None] + np.arange(rounds)[None, :] * world.cycle
    when = when + rng.normal(0, 0.02 * world.cycle, when.shape)
    awake = _awake(world, crowd, when, rng)
    lost, late = _cut(world, crowd, places, when, rng)
    awake &= ~lost
    probe, turn = np.nonzero(awake)
    at = when[probe, turn]
    roles = world.roles
    outcome = _outcomes(world, crowd, places, (probe, at), rng)
    delay = np.where(
        late[probe, turn] > 0,
        late[probe, turn] - at + rng.uniform(5, 400, len(at)),
        rng.uniform(0.5, 5, len(at)),
    )
    order_probe = np.repeat(probe, len(roles))
    target = np.tile(np.arange(len(roles)), len(probe))
    event = np.repeat(at, len(roles)) + rng.uniform(0, min(8, world.cycle / 4), len(target))
    arrival = np.maximum(np.repeat(at + delay, len(roles)), event)
    shown = event - np.where(
        crowd.jumps[order_probe] & (arrival > world.jump[0] * HOUR), world.jump[1] * HOUR, 0.0
    )
    row = np.arange(len(target))
    order = np.argsort(arrival, kind="stable")
    return Columns(
        (shown + world.begin)[order], (arrival + world.begin)[order], order_probe[order].astype(np.int32),
        crowd.place[order_probe][order].astype(np.int32), target[order].astype(np.int32), outcome.ravel()[order].astype(np.int8),
        row[order].astype(np.int32), [f"p{number:05d}" for number in range(len(crowd.place))], places, list(roles), lambda n: f"m{n}",
    )  # fmt: skip


def _awake(world: World, crowd: _Crowd, when: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    clock = (when / HOUR + (world.begin % DAY) / HOUR) % 24
    night = rng.normal(0, 0.3, (len(crowd.bed), int(world.hours // 24) + 2))
    day = (when // DAY).astype(int).clip(0, night.shape[1] - 1)
    since_bed = (clock - crowd.bed[:, None] - np.take_along_axis(night, day, 1)) % 24
    asleep = since_bed < crowd.sleep[:, None]
    if world.holiday >= 0:
        on = (when >= world.holiday * HOUR) & (when < (world.holiday + 24) * HOUR)
        late_rise = since_bed < (crowd.sleep + (crowd.sleep > 0) * 3)[:, None]
        off = (np.arange(len(crowd.bed)) % 4 == 0)[:, None] & (crowd.sleep > 0)[:, None]
        asleep |= on & (late_rise | off)
    missing = rng.random(when.shape) < world.missing
    return np.asarray(~asleep & ~missing & (when >= crowd.born[:, None]))


def _where(event: Event, place: Place) -> bool:
    return (
        place.side == "inside"
        and (not event.regions or place.region in event.regions)
        and (not event.operators or place.operator in event.operators)
        and (not event.access or place.access in event.access)
    )


def _cut(
    world: World, crowd: _Crowd, places: list[Place], when: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Rounds that are lost, and the moment (seconds since the start) to which others are delayed."""
    lost, late = np.zeros(when.shape, bool), np.zeros(when.shape)
    part = rng.random(len(crowd.place))
    for event in world.events:
        if event.what not in {"cut", "silent", "power"}:
            continue
        hit = np.array([_where(event, places[place]) for place in crowd.place]) & (part < event.share)
        on = hit[:, None] & (when >= event.begin * HOUR) & (when < event.end * HOUR)
        if event.what == "cut" and world.spool and event.end < world.hours:
            late[on] = np.maximum(late[on], event.end * HOUR)
        else:
            lost |= on
    return lost, late


def _outcomes(
    world: World,
    crowd: _Crowd,
    places: list[Place],
    visit: tuple[np.ndarray, np.ndarray],
    rng: np.random.Generator,
) -> np.ndarray:
    probe, at = visit
    roles = world.roles
    shape = (len(probe), len(roles))
    found = np.where(rng.random(shape) < world.noise, BAD, GOOD)
    place = crowd.place[probe]
    foreign = np.array([role.side == FOREIGN for role in roles])
    outside = np.array([one.side == "outside" for one in places])[place]
    for event in world.events:
        here = np.array([_where(event, one) for one in places])[place]
        on = (at >= event.begin * HOUR) & (at < event.end * HOUR)
        named = np.array([not event.targets or role.id in event.targets for role in roles])
        _apply(found, event, (here & on, outside & on), (named, foreign))
    if world.bug[1]:
        found[crowd.buggy[probe] & (at >= world.bug[0] * HOUR)] = BAD
    if world.slow:
        found[(crowd.place % 7 == 0)[probe] & (rng.random(len(probe)) < world.slow)] = SLUGGISH
    _lie(found, crowd.lies[probe], rng)
    extra = crowd.says[probe] == 1
    if extra.any():
        found[extra] = BAD if world.sybils[2] == "bad" else GOOD
    return found


def _apply(
    found: np.ndarray, event: Event, rows: tuple[np.ndarray, np.ndarray], cols: tuple[np.ndarray, np.ndarray]
) -> None:
    (here, outside), (named, foreign) = rows, cols
    whole = np.ones(found.shape[1], bool)
    both = here | outside
    table = {
        "cut": [(here, whole, LINE_DOWN)], "foreign": [(here, foreign, BAD)], "block": [(here, named, BAD)],
        "allow": [(here, ~named | foreign, BAD)], "throttle": [(here, named, SLOW)], "forge": [(here, named, FORGED)],
        "dark": [(outside, ~foreign, BAD)], "fault": [(both, named, BAD)], "down": [(both, named, TARGETS_FAULT)],
        "silent": [], "power": [], "nothing": [(here, whole, NOTHING)], "bad": [(here, whole, BAD)],
    }  # fmt: skip
    for rows_hit, columns_hit, outcome in table[event.what]:
        found[np.ix_(rows_hit, columns_hit)] = outcome


def _lie(found: np.ndarray, liars: np.ndarray, rng: np.random.Generator) -> None:
    rows = np.flatnonzero(liars)
    found[rows] = np.where(rng.random((len(rows), found.shape[1])) < 0.5, BAD, GOOD)


VERDICTS = {
    GOOD: '{"state":"ok","stage":null,"mechanism":null,"rule":"works"}',
    BAD: '{"state":"likely_blocked","stage":"tcp","mechanism":"tcp.timeout","rule":"x"}',
    FORGED: '{"state":"blocked","stage":"tls","mechanism":"tls.mitm.ca_signed","rule":"x"}',
    SLOW: '{"state":"impaired","stage":"http","mechanism":"http.throttle.host","rule":"x"}',
    SLUGGISH: '{"state":"impaired","stage":null,"mechanism":null,"rule":"x"}',
    TARGETS_FAULT: '{"state":"down","stage":null,"mechanism":null,"rule":"x"}',
    LINE_DOWN: '{"state":"insufficient","stage":"line","mechanism":"line.down","rule":"x"}',
    NOTHING: '{"state":"insufficient","stage":null,"mechanism":null,"rule":"x"}',
}


def lines(columns: Columns) -> Iterator[bytes]:
    """The measurements as JSON lines."""
    networks = [
        f'{{"asn":"{place.operator}","region":"{place.region}","access":"{place.access}","side":"{place.side}"}}'
        for place in columns.places
    ]
    targets = [
        f'{{"id":"{role.id}","url":"https://{role.id}/","category":"{role.category}","side":"{("domestic", "foreign")[role.side]}"}}'
        for role in columns.roles
    ]
    for index in range(len(columns)):
        yield (
            f'{{"v":1,"id":"m{columns.row[index]}","probe":"{columns.probes[columns.probe[index]]}","at":"{stamp(columns.at[index])}",'
            f'"received_at":"{stamp(columns.arrival[index])}","channel":"https","network":{networks[columns.place[index]]},'
            f'"target":{targets[columns.target[index]]},"steps":[],"verdict":{VERDICTS[int(columns.outcome[index])]}}}'
        ).encode()
