"""A country's measurements through the real intake: incidents appear, last, end, and are revised."""

from __future__ import annotations

import asyncio
from collections import deque
from pathlib import Path
from typing import Any

import pytest

from collector import Settings, opened
from collector import watching as watching_shell
from collector.core.detect.columns import Columns
from collector.core.times import stamp
from collector.evidence import Wish, export, selection_of, verify_bundle
from collector.page.routes import KEPT_S
from tests.collector.core.detect import world
from tests.collector.core.detect.world import HOUR, START, Event, World
from tests.collector.country import Country, until, watching
from tests.collector.harness import Running, TestRandomness, running
from wire.facts import LANGUAGES
from wire.incidents import Incident
from wire.times import epoch_seconds

REGIONS = ("KZ-71", "KZ-75", "KZ-79")
ROLES = (*world.ROLES[:4], *world.ROLES[6:9], world.ROLES[10])
CUT = Event("cut", 3.0, 4.25, regions=("KZ-75",))
WORLD = World(
    (CUT,), probes=24, abroad=2, cycle=300.0, hours=5.5, sleepers=0.0, regions=REGIONS, roles=ROLES, seed=2
)


def active(found: list[dict[str, object]]) -> bool:
    return any(one["ended_at"] is None for one in found)


def over(found: list[dict[str, object]]) -> bool:
    return bool(found) and not active(found)


async def shows(collector: Running, name: str, sentence: dict[str, str]) -> None:
    """The page, the incident's own and the feeds tell of it in three languages."""
    since = {"kk": "Басталды", "ru": "Началось", "en": "Began"}
    await asyncio.sleep(KEPT_S)
    for language in LANGUAGES:
        for path in ("/", f"/incidents/{name}", "/incidents.atom"):
            assert sentence[language] in await collector.text(f"{path}?lang={language}")
        assert since[language] in await collector.text(f"/?lang={language}")
        assert sentence[language] in await collector.text(f"/incidents/{name}.cap")


async def rests_on_public_names(collector: Running, country: Country, first: dict[str, Any]) -> None:
    """Witnesses bear public names, what they saw is told, and the public bundle has each of them."""
    told = (await collector.get(f"/v1/incidents/{first['id']}"))["revisions"][-1]["evidence"]
    assert [one["id"] for one in told] == first["witnesses"]
    assert all(one.startswith("m-") for one in first["witnesses"])
    said = await collector.text(f"/v1/incidents/{first['id']}") + await collector.text(
        f"/incidents/{first['id']}"
    )
    assert not [signer.id for signer in country.keys if signer.id in said]
    assert all(one["probe"] in said and one["region"] == "KZ-75" for one in told)
    out = collector.folder / "one.tar"
    wish = Wish(selection_of(collector.folder, first["id"]), out, public=True, incident=first["id"])
    await asyncio.to_thread(export, collector.folder, wish, TestRandomness(9))
    found = await asyncio.to_thread(verify_bundle, out)
    assert found.faults == []
    assert not [signer.id for signer in country.keys if signer.id.encode() in out.read_bytes()]


async def test_a_look_that_stumbles_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[float] = []

    def stumbles(_: object, now: float) -> list[Incident]:
        looks.append(now)
        raise ValueError("zero-size array")

    monkeypatch.setattr(watching_shell, "detect", stumbles)
    async with running(tmp_path, detect_every_s=0.05) as collector:
        async with asyncio.timeout(20):
            while len(looks) < 2:  # noqa: ASYNC110 - the looks are made in a thread
                await asyncio.sleep(0.05)
        assert (await collector.get("/v1/incidents"))["incidents"] == []
        assert (await collector.get("/healthz"))["ok"]


async def test_more_than_detection_could_hold_is_read_again_from_the_archive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look was slow, or spools came all at once: nothing that was acknowledged is missed."""
    country = Country(WORLD)
    seen: list[int] = []

    def counts(columns: Columns, _: float) -> list[Incident]:
        seen.append(len(columns))
        return []

    monkeypatch.setattr(watching_shell, "detect", counts)
    async with running(tmp_path, country.clock, detect_every_s=3600.0) as collector:
        await country.enrol(collector)
        await country.go(collector, 0.5)
    taken = int((country.columns.arrival <= country.clock.seconds).sum())
    settings = Settings(data=str(tmp_path))
    async with opened(settings, country.clock, TestRandomness()) as parts:
        parts.live.heard = deque(maxlen=5)
        await parts.watch.look()
        assert seen == [0], "a look without `run` has read nothing of before"
        parts.live.unheard = True
        await parts.watch.look()
        assert seen[-1] == taken
        assert not parts.live.unheard
        await parts.watch.look()
        assert seen[-1] == taken


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
        await shows(collector, first["id"], first["sentence"])
        await rests_on_public_names(collector, country, first)
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
