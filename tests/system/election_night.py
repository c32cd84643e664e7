"""One election night: every station's texts and sheets, a witness that is away, kill -9 again and again.

    python -m tests.system.election_night [STATIONS] [KILLS]

10,500 stations and 20 kills unless told. Prints a table; a small night is a test (test_election_night.py).
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import aiohttp

from collector import new_invite
from collector.ledger import Checked, Shelf, begins_with, check
from collector.ledger.keys import load_or_make_signer, read_key
from dabyl.system import SystemRandom
from tests.system.night_parts import (
    CLOCK,
    NAME,
    SENDERS,
    Away,
    Lives,
    Night,
    Paper,
    enrol,
    papers,
    settings,
    witness,
)
from wire import merkle
from wire.ledger import Entry, parse_entry
from wire.notes import Checkpoint, parse_note
from wire.times import epoch_seconds

PROMISE_S = 60.0


class Result(NamedTuple):
    """The table. `refused`: what a second instance and a restored backup were told."""

    stations: int
    sheets: int
    kills: int
    entries: int
    kinds: dict[str, int]
    heads_seen: int
    sent_again: int
    forks: list[str]
    faults: list[str]
    lost: int
    proofs_verified: int
    disputed: int
    public_p50_s: float
    public_p99_s: float
    public_worst_s: float
    cosigned_heads: int
    refused: list[str]
    took_s: float


class Ledger(NamedTuple):
    """All of it, as anybody may read it."""

    checked: Checked
    entries: list[Entry]


async def night(folder: Path, stations: int, kills: int) -> Result:
    """The whole of it; asserts nothing, tells everything."""
    began, every = CLOCK.monotonic(), list(papers(stations))
    signer = load_or_make_signer(folder / "data" / "ledger", NAME, SystemRandom())
    async with (
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(60)) as client,
        witness(folder, signer.key) as away,
    ):
        lives = Lives(folder / "data", settings(folder, every, away))
        token = await asyncio.to_thread(new_invite, folder / "data", "gateway", 1.0, CLOCK, SystemRandom())
        await lives.begin(client)
        seen = Night(lives.url, client)
        try:
            await enrol(seen, token)
            refused = [await asyncio.to_thread(second, lives)]
            await through(seen, lives, kills, (every, away, folder))
            disputed = await settled(seen, len(every))
        finally:
            await asyncio.to_thread(lives.end)
    refused.append(await asyncio.to_thread(restored, folder, lives))
    ledger = await asyncio.to_thread(read_ledger, folder)
    heads = [(at, Checkpoint.parse(parse_note(raw).text)) for at, raw in seen.heads]
    delays = sorted(waits(ledger.entries, heads))
    return Result(
        stations=stations,
        sheets=len(every),
        kills=kills,
        entries=ledger.checked.head.size,
        kinds=dict(ledger.checked.kinds),
        heads_seen=len(heads),
        sent_again=seen.repeats,
        forks=[fault for _, head in heads if (fault := begins_with(ledger.checked, head))],
        faults=ledger.checked.faults,
        lost=sum(not stands(paper, seen, ledger.entries) for paper in every)
        + unclaimed(every, ledger.entries),
        proofs_verified=proved(ledger.checked),
        disputed=disputed,
        public_p50_s=round(delays[len(delays) // 2], 2),
        public_p99_s=round(delays[len(delays) * 99 // 100], 2),
        public_worst_s=round(delays[-1], 2),
        cosigned_heads=away.cosigned,
        refused=refused,
        took_s=round(CLOCK.monotonic() - began, 1),
    )


async def through(seen: Night, lives: Lives, kills: int, world: tuple[list[Paper], Away, Path]) -> None:
    """Texts and uploads, with kills spread over them; the witness is away for the middle third."""
    every, away, folder = world
    async with asyncio.TaskGroup() as group:
        watching = group.create_task(seen.watch())
        async with asyncio.TaskGroup() as sending:
            sending.create_task(seen.text(every))
            for number in range(SENDERS):
                sending.create_task(seen.upload(every[number::SENDERS]))
            for number in range(kills):
                await reached(seen, len(every) * (number + 1) // (kills + 1))
                away.here = not kills / 3 <= number < 2 * kills / 3
                await asyncio.to_thread(lives.kill)
                if number == kills // 2:
                    await asyncio.to_thread(shutil.copytree, folder / "data" / "ledger", folder / "backup")
                await lives.begin(seen.client)
            away.here = True
        await asyncio.sleep(2.0)
        watching.cancel()


async def reached(seen: Night, count: int) -> None:
    while len(seen.entries) < count:  # noqa: ASYNC110 - progress is watched
        await asyncio.sleep(0.02)


async def settled(seen: Night, sheets: int) -> int:
    """Wait until every sheet was compared with its text; how many are disputed."""
    async with asyncio.timeout(600):
        while await counted(seen, "matches") + await counted(seen, "disputed") < sheets:  # noqa: ASYNC110 - asked over HTTP
            await asyncio.sleep(0.3)
    return await counted(seen, "disputed")


async def counted(seen: Night, status: str) -> int:
    found, after = 0, ""
    while True:
        asked = {"status": status, "limit": "1000", "after": after}
        async with seen.client.get(f"{seen.url}/v1/sheets", params=asked) as answer:
            page: Any = await answer.json()
        found, after = found + len(page["sheets"]), page["after"]
        if not after:
            return found


def second(lives: Lives) -> str:
    """What a second instance on the same store is told."""
    return (lives.another().stderr.strip().splitlines() or [""])[-1]


def restored(folder: Path, lives: Lives) -> str:
    """What is told to a collector whose entries were put back from a backup; the true ones are put back after."""
    ledger = folder / "data" / "ledger"
    if not (folder / "backup").exists():
        return ""
    ledger.rename(folder / "true")
    shutil.copytree(folder / "backup", ledger)
    said = second(lives)
    shutil.rmtree(ledger)
    (folder / "true").rename(ledger)
    return said


def read_ledger(folder: Path) -> Ledger:
    """Checked as a stranger would, from the files."""
    public = read_key(folder / "data" / "ledger")
    with Shelf(folder / "data" / "ledger", str(public), folder / "head") as shelf:
        return Ledger(check(shelf, public), [parse_entry(raw) for raw in shelf.entries(0)])


def waits(entries: list[Entry], heads: list[tuple[float, Checkpoint]]) -> list[float]:
    """Seconds from each entry's arrival to the first head with it that the observer saw."""
    found: list[float] = []
    first = 0
    for at, head in heads:
        found += [at - epoch_seconds(entry.at) for entry in entries[first : head.size]]
        first = max(first, head.size)
    return found


def stands(paper: Paper, seen: Night, entries: list[Entry]) -> bool:
    """Whether the sheet is where it was said to be."""
    index = seen.entries.get(paper.sha256)
    return index is not None and (entries[index].kind, entries[index].sha256) == ("sheet", paper.sha256)


def unclaimed(every: list[Paper], entries: list[Entry]) -> int:
    """How many texts that were acknowledged have no claim in the ledger."""
    claims = {(entry.station, entry.sheet, entry.sha256) for entry in entries if entry.kind == "claim"}
    return sum((paper.station, str(paper.number), paper.told) not in claims for paper in every)


def proved(checked: Checked) -> int:
    """How many entries' inclusion proofs verify against the head."""
    nodes, head = merkle.nodes_of(checked.leaves), checked.head
    return sum(
        merkle.is_included(leaf, index, head.size, merkle.inclusion_proof(nodes, index, head.size), head.root)
        for index, leaf in enumerate(checked.leaves)
    )


def table(result: Result) -> str:
    """One line a figure."""
    return "\n".join(f"{name:18} {value}" for name, value in result._asdict().items())


if __name__ == "__main__":
    asked = [int(word) for word in sys.argv[1:3]]
    with tempfile.TemporaryDirectory() as place:
        done = asyncio.run(night(Path(place), *(asked + [10_500, 20][len(asked) :])))
    sys.stdout.write(table(done) + "\n")
    good = not (done.forks or done.faults or done.lost) and done.proofs_verified == done.entries
    sys.exit(0 if good and done.public_p99_s < PROMISE_S else 1)
