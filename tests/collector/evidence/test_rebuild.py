"""Everything again from the archive: equal to the live state, and every broken or forged line named."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import msgspec
import pytest
import zstandard

from collector.evidence import check, rebuild, verify
from collector.evidence.tally import Tally
from collector.store import Revoking, load, transaction
from collector.store.archive import KeptLine, read_archive
from collector.store.keys import keys_path
from dabyl.cli import main
from tests.collector.core.scenes import NOW, key, seen
from tests.collector.evidence.scenes import GATEWAY, MOVING, PROBE, VANTAGE, archive_file, lived
from tests.collector.harness import BOOT, running, sealed
from wire.errors import BadInput


def told(tally: Tally) -> list[str]:
    return [str(fault) for fault in tally.faults]


async def test_the_archive_alone_gives_the_live_state_and_totals(tmp_path: Path) -> None:
    totals = await lived(tmp_path / "data")
    tally, differing = await asyncio.to_thread(check, tmp_path / "data")
    assert (differing, told(tally)) == ([], [])
    assert (tally.keys, tally.batches, tally.archived, tally.waiting) == (4, 9, 5, 4)
    live = {
        tuple(part.split('"')[1] for part in name[len("dabyl_measurements_total{") : -1].split(",")): value
        for name, value in totals.items()
        if name.startswith("dabyl_measurements_total{")
    }
    found = {
        (category, operator, region, state): n
        for (region, operator, category, state), n in tally.measurements.items()
    }
    assert found == live


async def test_a_collector_serves_from_the_rebuilt_folder_as_from_the_first(
    folder: Path, tmp_path: Path
) -> None:
    again, third = tmp_path / "again", tmp_path / "third"
    await asyncio.to_thread(rebuild, folder, again)
    assert (await asyncio.to_thread(check, again))[1] == []
    old, new = load(folder, 0), load(again, 0)
    assert (new.members, new.control, new.reports) == (old.members, old.control, old.reports)
    assert {path.name: path.read_bytes() for path in (again / "archive").iterdir()} == {
        path.name: path.read_bytes() for path in (folder / "archive").iterdir()
    }
    async with running(again, archive_every_s=0.05) as collector:
        assert (await collector.send(PROBE, [seen("t0", probe=PROBE.id)], 1))[1]["result"] == "known"
        answer = (await collector.send(PROBE, [seen("t0", probe=PROBE.id)], 5))[1]
        assert (answer["result"], answer["missing"]) == ("new", [3])
        await asyncio.sleep(0.5)
    tally, differing = await asyncio.to_thread(check, again)
    assert (differing, told(tally), tally.waiting) == ([], [], 0)
    assert len(keys_path(again).read_bytes().splitlines()) == 4, "no key is told twice"
    await asyncio.to_thread(rebuild, again, third)


def lose_the_database(folder: Path) -> None:
    for path in folder.glob("dabyl.sqlite3*"):
        path.unlink()


async def test_without_the_database_the_archive_still_tells(folder: Path, tmp_path: Path) -> None:
    lose_the_database(folder)
    tally = await asyncio.to_thread(rebuild, folder, tmp_path / "again")
    assert (tally.keys, tally.batches, tally.waiting, tally.faults) == (4, 5, 0, [])
    assert {member.id for member in load(tmp_path / "again", 0).members} == {
        one.id for one in (PROBE, MOVING, VANTAGE, GATEWAY)
    }
    with pytest.raises(BadInput, match="no database to compare with"):
        await asyncio.to_thread(check, folder)


async def test_a_flipped_byte_anywhere_in_the_archive_is_found(folder: Path) -> None:
    path = archive_file(folder)
    whole, lines = path.read_bytes(), list(read_archive(path))
    for place in range(0, len(whole), max(1, len(whole) // 60)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x10]) + whole[place + 1 :])
        faults = told(await asyncio.to_thread(verify, folder))
        # zstd's header has bits that mean nothing: with them flipped every line is still as it was.
        found = any(line.startswith(f"archive/{path.name}: line ") for line in faults)
        assert found or list(read_archive(path)) == lines, place


async def test_what_follows_a_broken_frame_is_still_read(folder: Path) -> None:
    path = archive_file(folder)
    second = zstandard.ZstdCompressor(write_checksum=True).compress(
        msgspec.json.encode(next(read_archive(path))) + b"\n"
    )
    lose_the_database(folder)
    whole = bytearray(path.read_bytes())
    whole[-1] ^= 1  # the checksum of the last frame
    path.write_bytes(bytes(whole) + second)
    tally = await asyncio.to_thread(verify, folder)
    assert tally.archived + len(tally.faults) >= 2
    assert "is broken" in told(tally)[0]


async def test_a_forged_a_foreign_and_a_doubled_line_are_named(folder: Path) -> None:
    path = archive_file(folder)
    lines = list(read_archive(path))
    forged = sealed(PROBE, [seen("x", probe=PROBE.id)], 77)
    strange = sealed(key(99), [seen("x", probe=key(99).id)], 1)
    liar = sealed(PROBE, [seen("x")], 78).replace(b" columns\n", b" lines\n", 1)
    rows = [*lines, *(KeptLine(received_at=lines[0].received_at, raw=raw) for raw in (
        forged[:-3] + b"abc", strange, lines[0].raw, b"nothing", liar,
        sealed(GATEWAY, [], 9), sealed(VANTAGE, [seen("x", probe=VANTAGE.id)], 9, purpose="dabyl/v1/report"),
    ))]  # fmt: skip
    packed = zstandard.ZstdCompressor().compress(msgspec.json.Encoder().encode_lines(rows))
    path.write_bytes(packed)
    note(folder, len(packed))
    tally, differing = await asyncio.to_thread(check, folder)
    assert [line.partition("jsonl.zst: ")[2] for line in told(tally)] == [
        f"line {len(lines) + 1}: the signature does not fit",
        f"line {len(lines) + 2}: no key of {key(99).id}",
        f"line {len(lines) + 3}: a batch with this number was counted before",
        f"line {len(lines) + 4}: not a batch of ours: the first lines are wrong",
        f"line {len(lines) + 5}: a dabyl/v1/batch in lines",
        f"line {len(lines) + 6}: a gateway does not send dabyl/v1/batch",
        f"line {len(lines) + 7}: a vantage does not send dabyl/v1/report",
    ]
    assert differing == [], "what does not hold changes nothing"


def note(folder: Path, size_bytes: int) -> None:
    """As if the archive had always been so long."""
    connection = sqlite3.connect(folder / "dabyl.sqlite3")
    connection.execute("UPDATE archives SET bytes = ?", (size_bytes,))
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("UPDATE reports SET record = CAST(replace(record, 'on', 'off') AS BLOB)", "differs: station KZ-71-0379 power/"),
        ("UPDATE marks SET high_water = high_water + 1 WHERE number = 1", f"differs: mark {PROBE.id} {BOOT}: live 3, "),
        ("DELETE FROM control", f"differs: control {VANTAGE.id} https://a/: live nothing, rebuilt "),
        ("UPDATE probes SET role = 'vantage' WHERE number = 1", f"differs: key {PROBE.id}: live "),
        ("UPDATE sqlite_sequence SET seq = 99", "differs: batches ever: live 99, rebuilt 9"),
    ],
)  # fmt: skip
async def test_what_differs_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str], change: str, expected: str
) -> None:
    connection = sqlite3.connect(folder / "dabyl.sqlite3")
    connection.execute(change)
    connection.commit()
    connection.close()
    assert await asyncio.to_thread(main, ["collector", "rebuild", "--data", str(folder), "--check"]) == 1
    assert expected in capsys.readouterr().out


async def test_a_role_counts_from_when_it_was_given(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    async with running(folder, archive_every_s=1000) as collector:
        await collector.enrol(PROBE)
        await collector.send(PROBE, [seen("before", probe=PROBE.id)], 1)
        collector.clock.seconds += 60
        await collector.enrol(PROBE, "vantage")
        collector.clock.seconds += 1
        await collector.send(PROBE, [seen("after", probe=PROBE.id)], 2)
    tally, differing = await asyncio.to_thread(check, folder)
    assert (differing, told(tally)) == ([], [])
    await asyncio.to_thread(rebuild, folder, tmp_path / "again")
    assert [record.target.id for _, record in load(tmp_path / "again", 0).control] == ["after"]
    assert (await asyncio.to_thread(check, tmp_path / "again"))[1] == [], "the role's beginning is kept"


async def test_the_commands_say_what_they_found(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*arguments: str) -> tuple[int, str]:
        status = main(["collector", *arguments])
        return status, "".join(capsys.readouterr())

    data, into = str(folder), str(tmp_path / "again")
    found = "4 keys, 9 batches (5 archived, 4 not yet), 19 measurements, 0 faults\n"
    assert run("verify", "--data", data) == (
        0,
        f"{found}numbers of batches that never came, lost before delivery or still on their way: 1\n",
    )
    assert run("rebuild", "--data", data, "--check") == (
        0,
        f"{found}equal: the archive alone gives the same states\n",
    )
    assert run("rebuild", "--data", data, "--into", into) == (0, found)
    status, said = run("rebuild", "--data", data, "--into", into)
    assert (status, "is there already" in said) == (2, True)
    assert run("verify", "--data", str(tmp_path / "none"))[0] == 2
    assert run("verify", "--data", str(tmp_path))[0] == 2
    keys_path(folder).write_text(keys_path(folder).read_text()[:-10])
    status, said = run("verify", "--data", data)
    assert (status, "keys.jsonl" in said) == (2, True)


async def test_a_batch_that_is_gone_from_the_archive_is_missed(folder: Path) -> None:
    path = archive_file(folder)
    lines = list(read_archive(path))
    packed = zstandard.ZstdCompressor().compress(msgspec.json.Encoder().encode_lines(lines[1:]))
    path.write_bytes(packed)
    note(folder, len(packed))
    (fault,) = told(await asyncio.to_thread(verify, folder))
    assert fault.startswith("dabyl.sqlite3: ")
    assert "batches noted 1-2, 4-4, found 1-0, 2-2, 4-4" in fault
    path.unlink()
    assert f"archive/{path.name}: the file is gone" in told(await asyncio.to_thread(verify, folder))


async def test_a_revoked_key_is_revoked_in_the_rebuilt_folder_too(folder: Path, tmp_path: Path) -> None:
    with transaction(folder) as session:
        session.revoke(PROBE.id, Revoking(round(NOW * 1000) + 90_000, past=0.5))
    await asyncio.to_thread(rebuild, folder, tmp_path / "again")
    assert [member.revoked for member in load(tmp_path / "again", 0).members] == [True, False, False, False]
    assert (await asyncio.to_thread(check, folder))[1] == []
