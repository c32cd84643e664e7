"""Every durable step of a sheet's way fails once, before it did anything and after it did all; then all is verified."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from collector.core.refusals import Refused
from collector.ledger.desk import opened
from collector.settings import Settings, Sheets
from collector.sheets import Accepted, Office, SheetParts, opened_sheets
from collector.sheets.auditing import sheet_faults
from collector.store.steps import Steps
from tests.collector.harness import TestClock
from tests.collector.ledger.test_log import SIGNER
from tests.collector.sheets.scenes import PHOTO, PHOTO_HASH, a_sheet, upload_of, void_of, write_keys
from tests.collector.store.scenes import FailingSteps, Mode
from wire import canonical
from wire.ledger import parse_entry

ENTERED = ["commit"] * 2  # entries, head
STORY = (
    ["commit", *ENTERED]
    + ["truncate", "append", "sync", "sync", "commit", *ENTERED]
    + ["commit", *ENTERED] * 2
)
UPLOADS = [upload_of(a_sheet(), scan=PHOTO_HASH), upload_of(a_sheet(4))]
VOID = void_of(0)
ACTS: dict[str, Callable[[Office], Coroutine[Any, Any, Accepted]]] = {
    "upload": lambda office: office.upload(canonical.encode(UPLOADS[0])),
    "scan": lambda office: office.scan(PHOTO_HASH, PHOTO),
    "second upload": lambda office: office.upload(canonical.encode(UPLOADS[1])),
    "void": lambda office: office.void(canonical.encode(VOID)),
}


@asynccontextmanager
async def at_work(folder: Path, steps: Steps | None = None) -> AsyncIterator[SheetParts]:
    """Ledger and sheets on a folder; the failing steps are those of both."""
    stations, senders = write_keys(folder)
    settings = Settings(data=str(folder), sheets=Sheets(stations=stations, senders=senders))
    clock = TestClock()
    async with opened(folder / "ledger", SIGNER, clock) as desk:
        if steps is not None:
            desk._log.commit = steps.commit
        with opened_sheets(settings, desk, clock, steps) as parts:
            async with asyncio.TaskGroup() as group:
                working = group.create_task(desk.run())
                yield parts
                working.cancel()


async def tell(parts: SheetParts) -> dict[str, Accepted]:
    """What was acknowledged; what fails is told as the disk's fault, or lacks what failed before it."""
    done: dict[str, Accepted] = {}
    for name, act in ACTS.items():
        try:
            done[name] = await act(parts.office)
        except Refused as refused:
            assert refused.reason in {"storage", "unasked", "role"}
    return done


def in_ledger(parts: SheetParts) -> Counter[bytes]:
    return Counter(parts.follower._desk.shelf.entries(0))


@pytest.mark.parametrize("mode", ["not persisted", "persisted"])
@pytest.mark.parametrize("fails", range(len(STORY)), ids=[f"{n}-{name}" for n, name in enumerate(STORY)])
async def test_what_was_acknowledged_is_in_the_ledger_once(tmp_path: Path, fails: int, mode: Mode) -> None:
    steps = FailingSteps(fails, mode)
    async with at_work(tmp_path, steps) as parts:
        done = await tell(parts)
        assert steps.done[fails] == STORY[fails], "the story's steps are as the table says"
        before = list(in_ledger(parts))
    async with at_work(tmp_path) as parts:
        await parts.office.catch_up()
        entries = list(in_ledger(parts))
        assert entries[: len(before)] == before, "the log only grows"
        assert max(in_ledger(parts).values(), default=1) == 1, "nothing is doubled"
        again = await tell(parts)
        assert {name: again[name] for name in done} == done, "what was told stays true"
        assert set(again) == set(ACTS)
        kinds = Counter(parse_entry(raw).kind for raw in in_ledger(parts))
        assert kinds == {"sheet": 2, "scan": 1, "void": 1}
        assert list(sheet_faults(parts.store, [one.sha256 for one in parts.store.all() if one.sha256])) == []
        assert parts.public.scan(PHOTO_HASH)[1].read_bytes() == PHOTO
        assert parts.follower._desk.faults() == []


async def test_scans_leave_room_for_what_is_small(tmp_path: Path) -> None:
    async with at_work(tmp_path) as parts:
        await ACTS["upload"](parts.office)
        parts.store.free_floor_bytes = 1 << 62
        with pytest.raises(Refused, match="nearly full"):
            await ACTS["scan"](parts.office)
        await ACTS["second upload"](parts.office)


async def test_two_who_send_one_scan_at_once_never_cut_it(tmp_path: Path) -> None:
    steps = FailingSteps(-1, "persisted")
    async with at_work(tmp_path, steps) as parts:
        await ACTS["upload"](parts.office)
        steps.done.clear()
        async with asyncio.TaskGroup() as group:
            answers = [group.create_task(parts.office.scan(PHOTO_HASH, PHOTO)) for _ in range(3)]
        assert len({one.result().entry for one in answers}) == 1
        assert (steps.done.count("truncate"), steps.done.count("append")) == (1, 1)


async def test_half_a_scan_is_written_again(tmp_path: Path) -> None:
    async with at_work(tmp_path) as parts:
        await ACTS["upload"](parts.office)
        path = parts.store.scan_path(PHOTO_HASH)
        path.parent.mkdir(parents=True)
        path.write_bytes(PHOTO[:3] + b"!!")
        with pytest.raises(Refused, match="nothing at this path"):
            parts.public.scan(PHOTO_HASH)
        await ACTS["scan"](parts.office)
        assert path.read_bytes() == PHOTO
