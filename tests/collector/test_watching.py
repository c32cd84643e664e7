"""A country's measurements through the real intake: incidents appear, last, end, and are revised."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.core.times import stamp
from tests.collector.core.detect import world
from tests.collector.core.detect.world import HOUR, START, Event, World
from tests.collector.country import Country, until, watching
from wire.times import epoch_seconds

REGIONS = ("KZ-71", "KZ-75", "KZ-79")
ROLES = (*world.ROLES[:4], *world.ROLES[10:13], world.ROLES[16])
CUT = Event("cut", 3.0, 4.25, regions=("KZ-75",))
WORLD = World(
    (CUT,), probes=24, abroad=2, cycle=300.0, hours=5.5, sleepers=0.0, regions=REGIONS, roles=ROLES, seed=2
)


def active(found: list[dict[str, object]]) -> bool:
    return any(one["ended_at"] is None for one in found)


def over(found: list[dict[str, object]]) -> bool:
    return bool(found) and not active(found)


async def test_a_region_that_falls_silent_is_told_kept_and_revised_by_late_spools(tmp_path: Path) -> None:
    country = Country(WORLD)
    async with watching(tmp_path, country) as collector:
        await country.enrol(collector)
        await country.go(collector, 2.9)
        assert (await collector.get("/v1/incidents"))["incidents"] == []
        await country.go(collector, 3.5)
        (first,) = await until(collector, active)
        assert first["kind"] == "connectivity_loss"
        assert first["scope"]["regions"] == ["KZ-75"]
        assert first["silent"]
        assert abs(epoch_seconds(first["started_at"]) - START - 3 * HOUR) < 180
        labels = 'access="all",kind="connectivity_loss",operator="all",region="KZ-75"'
        assert await collector.metric(f"dabyl_incident_active{{{labels}}}") == 1
        began = await collector.metric(f"dabyl_incident_started_timestamp_seconds{{{labels}}}")
        assert began == pytest.approx(epoch_seconds(first["started_at"]))
        assert first["confidence"] == await collector.metric(f"dabyl_incident_confidence_ratio{{{labels}}}")
        then = country.clock.seconds
    async with watching(tmp_path, country) as collector:
        (again,) = await until(collector, active)
        assert again["id"] == first["id"]
        await country.go(collector, 5.0)
        (last,) = await until(collector, lambda found: over(found) and not found[0]["silent"])
        assert last["id"] == first["id"]
        assert last["revision"] > first["revision"]
        assert last["detected_at"] == first["detected_at"]
        assert abs(epoch_seconds(last["started_at"]) - START - 3 * HOUR) < 180
        assert abs(epoch_seconds(last["ended_at"]) - START - 4.25 * HOUR) < 300
        assert await collector.metric(f"dabyl_incident_active{{{labels}}}") == 0
        (known,) = (await collector.get(f"/v1/incidents?as_of={stamp(then)}"))["incidents"]
        assert known["ended_at"] is None
        told = await collector.get(f"/v1/incidents/{first['id']}")
        assert [one["incident"]["revision"] for one in told["revisions"]] == list(
            range(1, last["revision"] + 1)
        )
        assert told["revisions"][-1]["incident"] == last
