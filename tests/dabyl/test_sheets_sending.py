"""`dabyl sheets key`, `upload` and `void` against a real collector."""

from __future__ import annotations

import asyncio
import json
import stat
from pathlib import Path

import pytest

from dabyl.cli import main
from tests.collector.harness import Running
from tests.collector.sheets.scenes import PHOTO, PHOTO_HASH, STATION, a_sheet, collecting, hash_of, upload_of
from wire import canonical
from wire.sheets import sheet_bytes

Capture = pytest.CaptureFixture[str]


def sheet_file(folder: Path, votes: int = 3) -> Path:
    """A sheet as a person would save it: indented, in any order."""
    file = folder / f"sheet{votes}.json"
    file.write_text(json.dumps(json.loads(sheet_bytes(a_sheet(votes))), indent=2))
    return file


def test_a_key_is_made_once_and_its_line_is_printed(tmp_path: Path, capsys: Capture) -> None:
    asked = ["sheets", "key", "--by", "observer", "--name", "Бақылаушы", "--region", "KZ-71", "--key"]
    assert main([*asked, str(tmp_path / "own.key")]) == 0
    line = json.loads(capsys.readouterr().out)
    assert (line["by"], line["name"], line["regions"]) == ("observer", "Бақылаушы", ["KZ-71"])
    assert stat.S_IMODE((tmp_path / "own.key").stat().st_mode) == 0o600
    assert main([*asked, str(tmp_path / "own.key")]) == 2
    assert "there is a key already" in capsys.readouterr().err


async def in_thread(*arguments: str) -> int:
    return await asyncio.to_thread(main, arguments)


async def ready(collector: Running, folder: Path, capsys: Capture) -> list[str]:
    """What ends every command: a key that the collector knows."""
    key = str(folder / "own.key")
    await in_thread("sheets", "key", "--by", "observer", "--name", "N", "--key", key)
    with (folder / "senders.jsonl").open("a") as file:
        file.write(capsys.readouterr().out)
    return ["--by", "observer", "--key", key, "--collector", collector.url]


async def test_an_observer_sends_a_sheet_with_its_scan_and_takes_it_back(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collector.sheets.senders.LOOK_S", 0.0)
    async with collecting(tmp_path) as collector:
        own = await ready(collector, tmp_path, capsys)
        photo = tmp_path / "photo.jpg"
        photo.write_bytes(PHOTO)
        assert await in_thread("sheets", "upload", str(sheet_file(tmp_path)), "--scan", str(photo), *own) == 0
        assert capsys.readouterr().out == f"sheet {hash_of(a_sheet())}: entry 0\nscan {PHOTO_HASH}: entry 1\n"
        assert await in_thread("sheets", "void", "0", "1", "--why", "a slip", *own) == 0
        assert capsys.readouterr().out == "taken back: entry 2\n"
        (now,) = (await collector.get("/v1/sheets"))["sheets"]
        assert now["status"] == "void"


async def test_what_the_station_page_saved_is_sent_as_it_is(tmp_path: Path, capsys: Capture) -> None:
    photo, saved = tmp_path / "photo.jpg", tmp_path / "saved.json"
    photo.write_bytes(PHOTO)
    saved.write_bytes(canonical.encode(upload_of(a_sheet(), scan=PHOTO_HASH)))
    async with collecting(tmp_path) as collector:
        asked = ("sheets", "upload", str(saved), "--collector", collector.url, "--scan")
        assert await in_thread(*asked, str(photo)) == 0
        assert capsys.readouterr().out == f"sheet {hash_of(a_sheet())}: entry 0\nscan {PHOTO_HASH}: entry 1\n"
        photo.write_bytes(PHOTO + b"!")
        assert await in_thread(*asked, str(photo)) == 2
        assert "this is not the scan that" in capsys.readouterr().err


async def test_a_refusal_is_one_line_and_exit_1(tmp_path: Path, capsys: Capture) -> None:
    async with collecting(tmp_path) as collector:
        key = str(tmp_path / "own.key")
        await in_thread("sheets", "key", "--by", "observer", "--name", "N", "--key", key)
        capsys.readouterr()
        own = ["--key", key, "--collector", collector.url, "--by"]
        assert await in_thread("sheets", "upload", str(sheet_file(tmp_path)), *own, "observer") == 1
        assert capsys.readouterr().err.startswith("dabyl: refused: unknown_probe: the key ")
        assert (
            await in_thread("sheets", "void", "0", "--why", "x", *own, "station", "--station", STATION) == 1
        )
        assert capsys.readouterr().err.startswith("dabyl: refused: signature: ")


BAD = [
    (["upload", "nowhere.json", "--by", "observer"], "nowhere.json: No such file"),
    (["void", "0", "--why", "x", "--by", "station"], "--by station needs --station"),
    (["void", "-1", "--why", "x", "--by", "observer"], ">= 0"),
    (["void", "0", "--why", "", "--by", "observer"], "length >= 1"),
]


@pytest.mark.parametrize(("arguments", "why"), BAD)
def test_bad_input_is_one_line_and_exit_2(
    tmp_path: Path, capsys: Capture, arguments: list[str], why: str
) -> None:
    (tmp_path / "own.key").write_text("11" * 32)
    asked = ["sheets", *arguments, "--key", str(tmp_path / "own.key"), "--collector", "http://127.0.0.1:9"]
    assert main(asked) == 2
    assert why in capsys.readouterr().err


def test_a_collector_that_does_not_answer_is_told(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "own.key").write_text("11" * 32)
    own = ["--key", str(tmp_path / "own.key"), "--by", "observer", "--collector"]
    for url in ("http://127.0.0.1:9", "ftp://x"):
        assert main(["sheets", "upload", str(sheet_file(tmp_path)), *own, url]) == 2
        assert len(capsys.readouterr().err.splitlines()) == 1
