"""Where a probe's controls come from: its collector's signed table, its disk, its owner's files."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from msgspec.structs import replace

from probes.control_sources import REFRESH_S, RETRY_S, ControlSources, Keep
from probes.control_store import SIGNATURES_FILE, TABLE_FILE, ControlStore
from probes.core.meter import Meter
from probes.core.signed_table import OTHER_KEY, UNSIGNED, WRONG, Signature, why_not
from probes.disk import RealDisk
from tests.collector.harness import TestClock
from tests.wire.judge.scenes import SITE, WELL, measured
from wire import canonical
from wire.enrol import Enrolled
from wire.signing import SigningKey, to_text

OURS, THEIRS = SigningKey(b"o" * 32), SigningKey(b"t" * 32)
BODY = canonical.encode(measured(SITE, WELL)) + b"\n"


def signed(body: bytes = BODY, key: SigningKey = OURS) -> Signature:
    return Signature(key=to_text(key.public), signature=to_text(key.sign("dabyl/v1/control", body)))


@pytest.mark.parametrize(
    ("signature", "pinned", "reason"),
    [
        (signed(), "", ""),
        (signed(), to_text(OURS.public), ""),
        (signed(), to_text(THEIRS.public), OTHER_KEY),
        (signed(b"other\n"), "", WRONG),
        (Signature(), "", ""),
        (Signature(), to_text(OURS.public), UNSIGNED),
        (Signature(key=to_text(OURS.public)), "", UNSIGNED),
        (Signature(key="!", signature="?"), "", WRONG),
        (Signature(key=to_text(bytes(32)), signature=to_text(bytes(64))), "", WRONG),
    ],
)
def test_a_table_is_believed_by_its_signature(signature: Signature, pinned: str, reason: str) -> None:
    assert why_not(BODY, signature, pinned) == reason


class Table:
    """A small collector that gives away one table."""

    def __init__(self) -> None:
        self.body, self.signature, self.status, self.asked = BODY, signed(), 200, 0

    async def give(self, _: web.Request) -> web.Response:
        self.asked += 1
        headers = {"Dabyl-Key": self.signature.key, "Dabyl-Signature": self.signature.signature}
        given = {name: value for name, value in headers.items() if value}
        return web.Response(body=self.body, status=self.status, headers=given)


class RunningClock(TestClock):
    __test__ = False

    def __init__(self) -> None:
        super().__init__()
        self.steady = 1_000.0

    def monotonic(self) -> float:
        return self.steady


class Scene:
    def __init__(self, table: Table, url: str, folder: Path) -> None:
        self.table, self.url, self.folder = table, url, folder
        self.said: list[str] = []
        self.clock = RunningClock()

    def sources(self, files: Sequence[str] = (), url: str = "") -> ControlSources:
        keep = Keep(self.folder, RealDisk(), self.clock, self.said.append, Meter(), "own name")
        return ControlSources(files, [url or self.url], keep)

    def enrolled(self, key: SigningKey) -> None:
        who = Enrolled(probe="p", role="probe", collector_key=to_text(key.public))
        (self.folder / "enrolled").write_bytes(canonical.encode(who))


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    table, app = Table(), web.Application()
    app.router.add_get("/v1/control", table.give)
    async with TestServer(app) as server:
        yield Scene(table, str(server.make_url("/")), tmp_path)


async def test_the_table_is_kept_and_used_at_the_next_start_without_any_network(scene: Scene) -> None:
    scene.enrolled(OURS)
    assert len(await scene.sources().learn()) == 1
    again = scene.sources(url="http://127.0.0.1:9")
    assert len(await again.learn()) == 1
    assert scene.said[0].startswith("1 controls are known from 20")
    assert "judging by the controls from before" in scene.said[1]


async def test_a_table_of_another_key_is_not_taken_and_one_line_says_so(scene: Scene) -> None:
    scene.enrolled(OURS)
    sources = scene.sources()
    await sources.learn()
    scene.table.body, scene.table.signature = b"", signed(b"", THEIRS)
    for _ in range(3):
        scene.clock.steady += REFRESH_S
        assert len(await sources.learn()) == 1
    assert [line for line in scene.said if OTHER_KEY in line] == scene.said


async def test_a_tampered_table_is_not_taken(scene: Scene) -> None:
    scene.table.body = BODY.replace(b"185.1.1.10", b"185.1.1.99")
    assert len(await scene.sources().learn()) == 0
    assert WRONG in scene.said[0]


async def test_who_was_not_told_a_key_remembers_the_first(scene: Scene) -> None:
    await scene.sources().learn()
    scene.table.signature = signed(key=THEIRS)
    assert len(await scene.sources().learn()) == 1
    assert any(OTHER_KEY in line for line in scene.said)
    scene.table.signature = Signature()
    await scene.sources().learn()
    assert any(UNSIGNED in line for line in scene.said)


async def test_an_empty_table_does_not_wipe_out_what_is_known(scene: Scene) -> None:
    sources = scene.sources()
    await sources.learn()
    scene.clock.steady += REFRESH_S
    scene.table.body, scene.table.signature = b"", signed(b"")
    assert len(await sources.learn()) == 1
    assert scene.said == []


async def test_the_network_is_asked_once_an_hour_and_after_a_failure_sooner(scene: Scene) -> None:
    sources = scene.sources()
    for _ in range(3):
        await sources.learn()
    assert scene.table.asked == 1
    scene.clock.steady += REFRESH_S
    scene.table.status = 503
    await sources.learn()
    scene.clock.steady += RETRY_S
    scene.table.status = 200
    await sources.learn()
    assert scene.table.asked == 3
    assert scene.said == [f"--control {scene.url}v1/control: HTTP 503; judging by the controls from before"]


async def test_files_are_read_each_time_and_merged_with_the_table(scene: Scene, tmp_path: Path) -> None:
    file = tmp_path / "mine.jsonl"
    file.write_bytes(BODY)
    sources = scene.sources([str(file)])
    assert len((await sources.learn()).of(SITE)) == 2
    file.write_bytes(BODY + BODY)
    assert len((await sources.learn()).of(SITE)) == 3


async def test_a_kept_table_that_was_changed_on_the_disk_is_not_used(scene: Scene, tmp_path: Path) -> None:
    await scene.sources().learn()
    store = ControlStore(tmp_path, RealDisk())
    store.keep(BODY + BODY, signed())
    assert store.load("") is None
    (tmp_path / TABLE_FILE).write_bytes(b"not zstd")
    assert store.load("") is None
    (tmp_path / SIGNATURES_FILE).write_bytes(b"{")
    assert store.first_key() == ""


def test_a_crash_between_the_two_writes_loses_neither_table(tmp_path: Path) -> None:
    store = ControlStore(tmp_path, RealDisk())
    store.keep(BODY, signed())
    kept = (tmp_path / TABLE_FILE).read_bytes()
    store.keep(b"", signed(b""))
    (tmp_path / TABLE_FILE).write_bytes(kept)  # the second write was lost
    found = store.load(to_text(OURS.public))
    assert found is not None
    assert found[0] == BODY


async def test_a_vantage_is_not_compared_with_itself(scene: Scene) -> None:
    own = replace(measured(SITE, WELL), probe="own name")
    scene.table.body = canonical.encode(own) + b"\n" + BODY
    scene.table.signature = signed(scene.table.body)
    assert [one.probe for one in (await scene.sources().learn()).of(SITE)] == ["control"]
