"""`dabyl ledger export --sheets` and `verify --sheets`: a changed digit anywhere is found and named."""

from __future__ import annotations

import asyncio
import shutil
import tarfile
from pathlib import Path

import pytest

from dabyl.cli import main
from tests.collector.sheets.scenes import PHOTO_HASH, a_sheet, bring_two_copies, collecting, hash_of

Capture = pytest.CaptureFixture[str]
SHEET = f"sheets/{hash_of(a_sheet())}"
BUNDLE = "tile/entries/000.p/4"


async def lived(folder: Path) -> None:
    """A station's sheet with its scan, and an observer's that differs."""
    async with collecting(folder) as collector:
        await bring_two_copies(collector)
        async with asyncio.timeout(10):
            while (await collector.text("/ledger/checkpoint")).split("\n")[1] != "4":  # noqa: ASYNC110 - asked over HTTP
                await asyncio.sleep(0.02)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("night")
    asyncio.run(lived(folder))
    assert (
        main(
            [
                "ledger",
                "export",
                "--data",
                str(folder / "data"),
                "--out",
                str(folder / "all.tar.gz"),
                "--sheets",
            ]
        )
        == 0
    )
    return folder


@pytest.fixture
def copy(exported: Path, tmp_path: Path) -> Path:
    with tarfile.open(exported / "all.tar.gz") as made:
        made.extractall(tmp_path / "copy", filter="data")
    return tmp_path / "copy"


def verify(copy: Path, exported: Path, *more: str) -> int:
    keys = ["--stations", str(exported / "stations.jsonl"), "--senders", str(exported / "senders.jsonl")]
    return main(["ledger", "verify", str(copy), "--sheets", *keys, *more])


def test_the_whole_of_it_holds_signatures_too(copy: Path, exported: Path, capsys: Capture) -> None:
    assert verify(copy, exported) == 0
    assert "holds; 4 entries (1 mismatch, 1 scan, 2 sheet)" in capsys.readouterr().out
    assert main(["ledger", "verify", str(exported / "all.tar.gz"), "--sheets"]) == 0


def changed(file: Path, old: bytes, new: bytes) -> None:
    raw = file.read_bytes()
    assert old in raw
    file.write_bytes(raw.replace(old, new))


def test_a_changed_digit_of_a_sheet_is_named(copy: Path, exported: Path, capsys: Capture) -> None:
    changed(copy / SHEET, b'"A":3', b'"A":4')
    assert verify(copy, exported) == 1
    assert f"{SHEET}: these are not the bytes that entry 0 tells of" in capsys.readouterr().out


def test_a_changed_scan_is_named(copy: Path, exported: Path, capsys: Capture) -> None:
    changed(copy / "scans" / PHOTO_HASH, b"paper", b"taper")
    assert verify(copy, exported) == 1
    assert f"scans/{PHOTO_HASH}: these are not the bytes" in capsys.readouterr().out


def test_a_missing_sheet_is_named(copy: Path, exported: Path, capsys: Capture) -> None:
    (copy / SHEET).unlink()
    assert verify(copy, exported) == 1
    assert f"{SHEET}: it is missing; entry 0 tells of it" in capsys.readouterr().out
    assert main(["ledger", "verify", str(copy)]) == 0, "who does not ask for sheets is told of the log alone"


@pytest.mark.parametrize(("old", "new"), [(b"0379", b"0378"), (b'"by":"station"', b'"by":"stacion"')])
def test_a_changed_entry_is_named(
    copy: Path, exported: Path, capsys: Capture, old: bytes, new: bytes
) -> None:
    changed(copy / BUNDLE, old, new)
    assert verify(copy, exported) == 1
    said = capsys.readouterr().out
    assert f"{BUNDLE}: entry 0 does not fit its hash" in said
    assert "the root hash is not that of the entries" in said


def test_a_copy_under_another_key_is_named(copy: Path, exported: Path, capsys: Capture) -> None:
    (copy / "stations.jsonl").write_bytes(
        (exported / "senders.jsonl")
        .read_bytes()
        .splitlines()[0]
        .replace(b'"by":"commission","name":"', b'"station":"KZ-71-0379","x":"')
    )
    assert verify(copy, exported, "--stations", str(exported / "senders.jsonl")) == 2
    capsys.readouterr()
    lines = (exported / "stations.jsonl").read_bytes().splitlines()
    (copy / "one.jsonl").write_bytes(lines[1])
    assert verify(copy, exported, "--stations", str(copy / "one.jsonl")) == 1
    assert "no key of KZ-71-0379 is in the files of keys" in capsys.readouterr().out


def test_a_sheet_that_is_gone_from_the_store_cannot_be_exported(
    exported: Path, tmp_path: Path, capsys: Capture
) -> None:
    data = tmp_path / "data"
    shutil.copytree(exported / "data", data)
    (data / "sheets" / "scans" / PHOTO_HASH[:2] / PHOTO_HASH).unlink()
    assert main(["ledger", "export", "--data", str(data), "--out", str(tmp_path / "x.tar"), "--sheets"]) == 2
    assert "No such file" in capsys.readouterr().err


def test_a_mirror_keeps_the_sheets_too(copy: Path, exported: Path, tmp_path: Path, capsys: Capture) -> None:
    mine = tmp_path / "mine"
    assert main(["ledger", "mirror", str(exported / "all.tar.gz"), str(mine), "--sheets"]) == 0
    assert verify(mine, exported) == 0
    changed(copy / SHEET, b'"A":3', b'"A":4')
    (copy / "scans" / PHOTO_HASH).unlink()
    assert main(["ledger", "mirror", str(copy), str(mine), "--sheets"]) == 0, (
        "what is kept is not fetched again"
    )
    shutil.rmtree(mine / "sheets")
    shutil.rmtree(mine / "scans")
    capsys.readouterr()
    assert main(["ledger", "mirror", str(copy), str(mine), "--sheets"]) == 1
    said = capsys.readouterr().out
    assert f"{SHEET}: these are not the bytes; entry 0 tells of it" in said
    assert f"scans/{PHOTO_HASH}: it is missing; entry 1 tells of it" in said
    assert not (mine / SHEET).exists()
