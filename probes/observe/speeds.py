"""Pages that came slowly, fetched again in pairs: under a harmless name and under their own.

Rules of this file: few pages at a time, so that they do not slow each other; and only those that
were slow beside the line's others, since a slow line needs no further load.
"""

from __future__ import annotations

from asyncio import Semaphore, TaskGroup
from collections.abc import Sequence
from statistics import median_low
from typing import Final

from probes.core.places import place_of
from probes.observe.doors import continued
from probes.observe.http import fetch
from probes.observe.scene import Scene
from probes.observe.sighting import Sighting
from probes.observe.tools import Tools
from wire.judge import speed
from wire.judge.goodput import is_worth_pairs, name_is_slow, visits
from wire.judge.speed import took
from wire.judge.trail import AGAIN, NAME_CONTROL, final_page, last_hop, pick, scheme_of
from wire.records import Step

MAX_PAGES: Final = 6
AT_ONCE: Final = 2
MAX_PAIRS: Final = 6
# What came of a page within this time tells its rate.
VISIT_S: Final = 4.0
# Without a harmless name that can be compared, so many visits are enough to say that all are slow.
ENOUGH_VISITS: Final = 5


async def compare_speeds(sightings: Sequence[Sighting], line_bps: int | None, tools: Tools) -> list[Sighting]:
    """The same sightings; those with slow pages have the steps of further visits."""
    found = list(sightings)
    usual_s = _usual_s(sightings)
    slow = [number for number, one in enumerate(found) if _is_slow(one, usual_s, line_bps)]
    gate = Semaphore(AT_ONCE)
    async with TaskGroup() as group:
        for number in slow[:MAX_PAGES]:
            group.create_task(_visit_again(found, number, gate, tools))
    return found


def _usual_s(sightings: Sequence[Sighting]) -> float:
    """The median time of the round's pages, of two the shorter; 0 when there was none."""
    seen = (one for one in sightings if scheme_of(one.target) in {"https", "http"})
    pages = (final_page(one.steps, last_hop(one.steps)) for one in seen)
    return median_low([took(page) for page in pages if page is not None] or [0.0])


def _is_slow(seen: Sighting, usual_s: float, line_bps: int | None) -> bool:
    if scheme_of(seen.target) not in {"https", "http"}:
        return False
    hop = last_hop(seen.steps)
    pages = visits(seen.steps, hop)
    if not pages or _told_by_handshakes(seen, hop):
        return False
    return is_worth_pairs(pages[0], usual_s, line_bps)


def _told_by_handshakes(seen: Sighting, hop: int) -> bool:
    return speed.name_is_slow(pick(seen.steps, "tls", hop, role=None)) == "yes"


async def _visit_again(found: list[Sighting], number: int, gate: Semaphore, tools: Tools) -> None:
    first = found[number]
    async with gate:
        found[number] = await continued(first, tools, lambda scene: _pairs(scene, first.steps))


async def _pairs(scene: Scene, before: tuple[Step, ...]) -> None:
    """A harmless name and the wanted one in turn, until the sequential test knows."""
    hop = last_hop(before)
    page = visits(before, hop)[0]
    place = scene.place if not hop else place_of(page.url, hop)
    for _ in range(MAX_PAIRS):
        for role in (NAME_CONTROL, AGAIN):
            scene.grant(min(VISIT_S, scene.tools.timeout_s))
            await fetch(scene, place, page.address, role)
            if _is_settled((*before, *scene.steps()), hop) or pick(scene.steps(), "held", hop, role):
                return


def _is_settled(steps: Sequence[Step], hop: int) -> bool:
    """Whether more visits would tell no more."""
    if speed.name_is_slow(pick(steps, "tls", hop, role=None)) == "yes":
        return True
    harmless = [page for page in pick(steps, "http", hop, NAME_CONTROL) if page.failure is None]
    if harmless and name_is_slow(steps, hop) != "open":
        return True
    return not harmless and len(visits(steps, hop)) >= ENOUGH_VISITS
