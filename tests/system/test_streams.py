"""Cameras of real software, looked at by the real probers: flowing, covered, stuck, switched off."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from contextlib import AsyncExitStack
from pathlib import Path

from probes.core.streams import Expected
from tests.probes.observe.looking import look, one
from tests.servers.media import COVERED, appears, pushing, rtsp_camera, srt_listener, station_server
from wire import names
from wire.records import Step


async def test_a_station_that_pushes_by_rtmp(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        station = await stack.enter_async_context(station_server(tmp_path))
        hall, door = f"{station.rtmp}/hall", f"{station.rtmp}/door"
        process = await stack.enter_async_context(pushing(tmp_path, hall, "flv"))
        await stack.enter_async_context(pushing(tmp_path, door, "flv", COVERED))
        await appears(tmp_path / "hls/door.m3u8")
        flowing = one(await look(hall), "stream")
        assert (flowing.stream_state, flowing.failure, flowing.peer_said) == (
            "fine",
            None,
            "NetStream.Play.Start",
        )
        assert (flowing.bitrate_bps or 0) > 100_000
        usual = Expected(usual_bps=float(flowing.bitrate_bps or 0))
        async with asyncio.TaskGroup() as group:
            stopping = group.create_task(_look_while_it_stops(hall, process))
            covering = group.create_task(look(door, expected=usual))
            missing = group.create_task(look(f"{station.rtmp}/nobody", timeout_s=2))
    stuck, covered, absent = (
        stopping.result(),
        one(covering.result(), "stream"),
        one(missing.result(), "stream"),
    )
    assert (stuck.stream_state, stuck.failure, stuck.advancing) == ("frozen", None, False)
    assert (covered.stream_state, covered.advancing) == ("masked", True)
    assert (absent.stream_state, absent.failure, absent.answered) == ("off", names.TIMEOUT, True)


async def _look_while_it_stops(camera: str, process: asyncio.subprocess.Process) -> Step:
    """A look at a camera that stops two seconds after it began: a key frame was seen, three seconds were not."""
    async with asyncio.TaskGroup() as group:
        looking = group.create_task(look(camera, timeout_s=10))
        await asyncio.sleep(2)
        process.send_signal(signal.SIGSTOP)
    process.send_signal(signal.SIGCONT)
    return one(looking.result(), "stream")


async def test_the_same_station_seen_by_its_playlist(tmp_path: Path) -> None:
    async with station_server(tmp_path) as station:
        playlist = f"{station.hls}/hall.m3u8"
        nobody = one(await look(playlist), "stream")
        assert (nobody.stream_state, nobody.status) == ("off", 404)
        async with pushing(tmp_path, f"{station.rtmp}/hall", "flv"):
            await appears(tmp_path / "hls/hall.m3u8")
            flowing = one(await look(playlist), "stream")
            assert (flowing.stream_state, flowing.advancing, flowing.gap_s) == ("fine", True, 0.0)
            assert (flowing.age_s or 0.0) < 10
            assert (flowing.bitrate_bps or 0) > 100_000
        ended = one(await look(playlist), "stream")
        assert (ended.stream_state, ended.advancing) == ("frozen", False)


async def test_a_camera_that_is_asked_by_rtsp(tmp_path: Path) -> None:
    async with rtsp_camera(tmp_path, frames=12) as url, asyncio.TaskGroup() as group:
        looks = [group.create_task(look(f"{url}/{path}", timeout_s=2)) for path in ("live", "short", "none")]
    live, short, none = (one(task.result(), "stream") for task in looks)
    assert (live.stream_state, live.tracks, live.status) == ("fine", 1, 200)
    assert (short.stream_state, short.failure) == ("frozen", None)
    assert (none.stream_state, none.status) == ("off", 404)


async def test_a_listener_that_is_called_by_srt(tmp_path: Path) -> None:
    async with srt_listener(tmp_path) as url:
        greeted = one(await look(url), "stream")
        assert (greeted.failure, greeted.stream_state, greeted.peer_said) == (None, "", "srt")
        watched = one(await look(f"{url}?streamid=hall"), "stream")
        assert (watched.failure, watched.stream_state, watched.advancing) == (None, "fine", True)
        assert (watched.bitrate_bps or 0) > 100_000


async def test_the_command_measures_streams_like_any_other_target(tmp_path: Path) -> None:
    async with station_server(tmp_path) as station, pushing(tmp_path, f"{station.rtmp}/hall", "flv"):
        await appears(tmp_path / "hls/hall.m3u8")
        targets = tmp_path / "targets.csv"
        rows = (f"{station.rtmp}/hall", f"{station.hls}/hall.m3u8", f"{station.hls}/door.m3u8")
        lines = [f"{url},camera,KZ-71-0379/{number},domestic" for number, url in enumerate(rows)]
        targets.write_text("\n".join(["url,category,name,side", *lines]))
        command = (
            sys.executable,
            "-m",
            "dabyl",
            "probe",
            "check",
            "--format",
            "jsonl",
            "--targets",
            str(targets),
        )
        process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        said, _ = await process.communicate()
    verdicts = [json.loads(line)["verdict"] for line in said.splitlines()]
    assert [(one["state"], one["rule"]) for one in verdicts] == [
        ("ok", "stream_flows"),
        ("ok", "stream_flows"),
        ("insufficient", "stream_absent"),
    ]
    assert process.returncode == 0
