"""Cameras of polling stations, told by what probes see."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.core.cameras import CAMERA_CODES, Cameras
from collector.core.cells import WINDOW_S
from collector.core.times import stamp
from tests.collector.core.scenes import NOW, key, seen
from tests.collector.harness import running
from wire.names import State
from wire.records import Measurement, Step
from wire.streams import DEAD, FINE, FROZEN, NO_POWER, STREAM_STATES, UNKNOWN

SILENT = Step(step="tcp", failure="generic_timeout_error", t0=0, t=5)


def looks(
    name: str, state: str = "", *, at: float = NOW, probe: str = "p", verdict: State = "ok"
) -> Measurement:
    step = Step(step="stream", failure=None, t0=0, t=1, stream_state=state) if state else SILENT
    return seen(name, verdict, category="camera", at=at, steps=(step,), probe=probe)


def told(*words: tuple[int, Measurement], now: float = NOW) -> dict[str, dict[str, str]]:
    cameras = Cameras()
    for probe, record in words:
        cameras.take(probe, [record], NOW + 60)
    return {one.station: one.cameras for one in cameras.now(now)}


def test_a_camera_is_what_most_probes_see_and_else_the_newest() -> None:
    name = "KZ-71-0379/hall"
    assert told((1, looks(name, FINE)), (2, looks(name, FROZEN)), (3, looks(name, FROZEN))) == {
        "KZ-71-0379": {"hall": FROZEN}
    }
    assert told((1, looks(name, FINE, at=NOW)), (2, looks(name, FROZEN, at=NOW - 5)))["KZ-71-0379"] == {
        "hall": FINE
    }
    assert told((1, looks(name, FINE, at=NOW - 5)), (1, looks(name, FROZEN, at=NOW)))["KZ-71-0379"] == {
        "hall": FROZEN
    }


def test_all_dead_while_the_line_lives_is_a_power_failure() -> None:
    dead = [(1, looks("KZ-71-0379/a")), (1, looks("KZ-71-0379/b"))]
    assert told(*dead)["KZ-71-0379"] == {"a": DEAD, "b": DEAD}
    line = looks("KZ-71-0379/line", FINE)
    assert told(*dead, (1, line))["KZ-71-0379"] == {"a": NO_POWER, "b": NO_POWER}
    down = looks("KZ-71-0379/line", verdict="likely_blocked")
    assert told(*dead, (1, down))["KZ-71-0379"] == {"a": DEAD, "b": DEAD}


def test_what_is_old_or_no_stations_says_nothing() -> None:
    assert told((1, looks("KZ-71-0379/a", FINE)), now=NOW + WINDOW_S + 1) == {}
    for name in ("rtsp.me", "KZ-71-0379", "KZ-7-0379/a", "KZ-71-0379/", "KZ-71-0379/a/b", "KZ-71-0379/line"):
        assert told((1, looks(name, FINE))) == {}
    assert told((1, looks("KZ-71-0379/a", "made up")))["KZ-71-0379"] == {"a": UNKNOWN}


def test_a_revoked_probe_is_forgotten() -> None:
    cameras = Cameras()
    cameras.take(1, [looks("KZ-71-0379/a", FINE)], NOW)
    cameras.forget(1)
    assert cameras.now(NOW) == ()


def test_every_state_has_a_code() -> None:
    assert set(CAMERA_CODES) == {*STREAM_STATES, UNKNOWN}


@pytest.mark.parametrize("role", ["probe", "vantage"])
async def test_page_and_metrics_tell_of_cameras(tmp_path: Path, role: str) -> None:
    records = [
        looks("KZ-71-0379/hall", FROZEN, probe=key(1).id), looks("KZ-71-0379/urn", FINE, probe=key(1).id),
        looks("KZ-75-0001/a", FINE, probe=key(1).id), seen("egov.kz", probe=key(1).id),
    ]  # fmt: skip
    async with running(tmp_path) as collector:
        await collector.enrol(key(1), role)  # type: ignore[arg-type]  # a role
        assert (await collector.send(key(1), records))[0] == 200
        code = 'dabyl_station_camera_state_code{region="KZ-71",station="KZ-71-0379"}'
        assert await collector.metric(code, "/metrics/stations") == CAMERA_CODES[FROZEN]
        stations = (await collector.get("/v1/status"))["stations"]
        assert [one["station"] for one in stations["cameras"]] == ["KZ-71-0379", "KZ-75-0001"]
        assert stations["cameras"][0]["seen_at"] == stamp(NOW)
        assert stations["camera_states"] == {FINE: 2, FROZEN: 1}
        assert "hall: frozen, urn: works" in await collector.text("/?lang=en")
    async with running(tmp_path) as collector:
        assert await collector.metric(code, "/metrics/stations") == CAMERA_CODES[FROZEN], (
            "after a restart too"
        )
