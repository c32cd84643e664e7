"""How well drawn worlds are told: found, kind and scope, latency, edges, what was told besides."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from collector.core.detect import detect
from tests.collector.core.detect.unseen.calm import CALM
from tests.collector.core.detect.unseen.country import HOUR, Country, drawn
from tests.collector.core.detect.unseen.stories import EVENTS, LONGEST, Story, Truth, length_of
from tests.collector.core.detect.unseen.stream import stream
from wire.incidents import Incident
from wire.times import epoch_seconds

LADDER = ("local", "operator", "region", "national")
CALM_HOURS = 60.0
_LAST = 600.0  # what begins so shortly before the stream ends cannot be told
SEEN_FROM_ABROAD = {"dark", "nobody heard"}


@dataclass(frozen=True)
class Outcome:
    """A truth and what was told of it. `latency`, `onset`, `end`: minutes; `cycle`: of the country, minutes."""

    truth: Truth
    incident: Incident | None
    cycle: float
    latency: float = 0.0
    onset: float = 0.0
    end: float | None = None


@dataclass(frozen=True)
class Played:
    """One world: its outcomes, and what was told besides (`within`: in the place and time of a truth)."""

    name: str
    seed: int
    country: Country
    story: Story
    outcomes: list[Outcome]
    within: list[Incident]
    false: list[Incident]
    hours: float


def play(name: str, seed: int) -> Played:
    """Draw a world, tell its story, judge what is said."""
    rng = np.random.default_rng([seed, zlib.crc32(name.encode())])
    story_rng, stream_rng = (np.random.default_rng([seed, zlib.crc32(name.encode()), n]) for n in (1, 2))
    calm = name in CALM
    lead = rng.uniform(5, 30) if calm else np.exp(rng.uniform(np.log(0.6), np.log(30.0)))
    long = LONGEST.get(name, length_of(story_rng) / HOUR)
    hours = CALM_HOURS if calm else lead + long + rng.uniform(-0.2, 0.8) * min(long, 8) + 0.2
    country = drawn(seed, float(hours), rng, seen=name in SEEN_FROM_ABROAD)
    story = (CALM if calm else EVENTS)[name](country, story_rng, float(lead * HOUR), long * HOUR)
    columns = stream(country, tuple(story.happenings), story.odd, stream_rng)
    return judged(name, seed, country, story, detect(columns))


def judged(name: str, seed: int, country: Country, story: Story, found: list[Incident]) -> Played:
    """The score of what was found."""
    left = list(found)
    outcomes = []
    for truth in [one for one in story.truths if one.begin < country.hours * HOUR - _LAST]:
        outcome = _outcome(truth, left, country)
        outcomes.append(outcome)
        if outcome.incident is not None:
            left.remove(outcome.incident)
    left = [one for one in left if not any(fits(one, truth, country) for truth in story.small)]
    within = [one for one in left if any(_touches(one, truth, country) for truth in story.truths)]
    false = [one for one in left if one not in within]
    return Played(name, seed, country, story, outcomes, within, false, country.hours)


def _outcome(truth: Truth, found: list[Incident], country: Country) -> Outcome:
    cycle = country.cycle / 60
    fitting = [one for one in found if fits(one, truth, country)]
    if not fitting:
        return Outcome(truth, None, cycle)
    best = min(fitting, key=lambda one: _distance(one, truth, country))
    ended = None if best.ended_at is None else _since(best.ended_at, country)
    over = truth.end < country.hours * HOUR
    return Outcome(
        truth, best, cycle,
        (_since(best.detected_at, country) - truth.begin) / 60,
        (_since(best.started_at, country) - truth.begin) / 60,
        (ended - truth.end) / 60 if over and ended is not None else 999.0 if over else None,
    )  # fmt: skip


def _distance(one: Incident, truth: Truth, country: Country) -> float:
    ended = _since(one.ended_at, country) if one.ended_at else country.hours * HOUR
    until = min(truth.end, country.hours * HOUR)
    return abs(_since(one.started_at, country) - truth.begin) + 0.5 * abs(ended - until)


def fits(one: Incident, truth: Truth, country: Country) -> bool:
    """Right kind, same place, scope within one level, overlapping in time."""
    scope, where = one.scope, truth.where
    begin, end = _span(one, country)
    place = all(
        set(wanted) <= set(named) or not named
        for wanted, named in (
            (where.regions, scope.regions),
            (where.operators, scope.operators),
            (where.access, scope.access),
        )
    )
    names = {name.partition("/")[0] for name in truth.targets}
    return (
        one.kind == truth.kind
        and begin <= truth.end
        and end >= truth.begin
        and place
        and names <= {name.partition("/")[0] for name in scope.targets}
        and (_near(scope.level, truth.level) or _may_be_power(one, truth))
    )


def _may_be_power(one: Incident, truth: Truth) -> bool:
    """Fixed lines of one region that fell silent are told as local: it may be their power."""
    return (
        one.silent
        and one.scope.level == "local"
        and truth.level == "region"
        and truth.where.access == ("fixed",)
    )


def _near(level: str, wanted: str) -> bool:
    if "service" in {level, wanted}:
        return wanted == "service"
    return abs(LADDER.index(level) - LADDER.index(wanted)) <= 1


def _touches(one: Incident, truth: Truth, country: Country) -> bool:
    begin, end = _span(one, country)
    mine, his = one.scope, truth.where
    meet = all(
        not a or not b or set(a) & set(b)
        for a, b in ((mine.regions, his.regions), (mine.operators, his.operators), (mine.access, his.access))
    )
    return meet and begin <= truth.end + 1800 and end >= truth.begin - 1800


def _span(one: Incident, country: Country) -> tuple[float, float]:
    return _since(one.started_at, country), _since(one.ended_at, country) if one.ended_at else 1e12


def _since(text: str | None, country: Country) -> float:
    return epoch_seconds(text or "") - country.begin


def summary(name: str, played: list[Played]) -> str:
    """One line of the table."""
    outcomes = [one for world in played for one in world.outcomes]
    hits = [one for one in outcomes if one.incident is not None]
    quick = [one.latency for one in hits if one.cycle <= 2]
    slow = [one.latency for one in hits if one.cycle > 2]
    onset = [abs(one.onset) for one in hits]
    end = [abs(one.end) for one in hits if one.end is not None]
    within, false = (sum(len(getattr(world, kind)) for world in played) for kind in ("within", "false"))
    return f"{name:<22} {len(hits):>4}/{len(outcomes):<4} {within:>5} {false:>5}  {_two(quick)}  {_two(slow)}  {_two(onset)}  {_two(end)}"


def _two(values: list[float]) -> str:
    """Median and 95th percentile."""
    if not values:
        return "    -      - "
    return f"{np.median(values):6.1f} {np.quantile(values, 0.95):6.1f}"


HEAD = (
    f"{'unseen worlds':<22} {'told':>9} {'extra':>5} {'false':>5}  {'latency <=2':>13}  {'latency >2':>13}  {'onset':>13}  {'end':>13}"
    "  (minutes: median, 95th; by the cycle)"
)


def table(seeds: Iterable[int], names: Iterable[str] = ()) -> Iterator[str]:
    """The whole table as lines."""
    seeds, every = list(seeds), []
    yield HEAD
    for name in names or (*EVENTS, *CALM):
        played = [play(name, seed) for seed in seeds]
        every += played
        yield summary(name, played)
    yield summary("all", every)
