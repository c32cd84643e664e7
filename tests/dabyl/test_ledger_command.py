"""`dabyl ledger verify` and `export`, as a person runs them."""

from __future__ import annotations

import json
import shutil
import tarfile
from pathlib import Path

import pytest

from collector.ledger import Log, Shelf, paths_of
from collector.ledger.keys import load_or_make_signer, read_key
from dabyl.cli import main
from dabyl.system import SystemRandom
from wire import jcs
from wire.ledger import Entry, entry_bytes

SHEET = {"v": 1, "station": "KZ-71-0379", "sheet": "president", "fields": {"A": 2494, "B": 2519}}
AT = "2026-11-22T15:00:00.000Z"
Capture = pytest.CaptureFixture[str]


def _entries(count: int) -> list[bytes]:
    hashed = jcs.sha256(json.dumps(SHEET).encode()).hex()
    mine = Entry(kind="sheet", at=AT, station="KZ-71-0379", sheet="president", sha256=hashed, by="station")
    return [
        entry_bytes(mine),
        *(entry_bytes(Entry(kind="claim", at=AT, note=str(at))) for at in range(count - 1)),
    ]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("collector")
    signer = load_or_make_signer(folder / "ledger", "ledger.example/2026", SystemRandom())
    with Log(folder / "ledger", signer) as log:
        log.append(_entries(20))
        (folder / "early").write_text(str(log.head.note), encoding="utf-8")
        log.append(_entries(300))
    return folder


@pytest.fixture
def copy(data: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "copy"
    with Shelf(data / "ledger", str(read_key(data / "ledger"))) as shelf:
        for path in paths_of(shelf.size):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(shelf.get(path) or b"")
    return folder


def test_a_whole_log_holds(copy: Path, data: Path, capsys: Capture) -> None:
    key = str(data / "ledger" / "verifier-key")
    assert main(["ledger", "verify", str(copy), "--key", key, "--checkpoint", str(data / "early")]) == 0
    said = capsys.readouterr()
    assert said.out == "ledger.example/2026: holds; 300 entries (299 claim, 1 sheet)\n"
    assert said.err == ""


def test_a_key_from_the_copy_is_told_as_such(copy: Path, capsys: Capture) -> None:
    assert main(["ledger", "verify", str(copy)]) == 0
    assert "the key came with the copy itself" in capsys.readouterr().err


def test_an_export_holds_and_is_not_written_over(data: Path, tmp_path: Path, capsys: Capture) -> None:
    out = tmp_path / "ledger.tar.gz"
    assert main(["ledger", "export", "--data", str(data), "--out", str(out)]) == 0
    assert main(["ledger", "verify", str(out)]) == 0
    assert len(tarfile.open(out).getnames()) == 7  # noqa: SIM115  # closed with the test
    assert main(["ledger", "export", "--data", str(data), "--out", str(out)]) == 2
    assert "File exists" in capsys.readouterr().err


@pytest.mark.parametrize("spaces", [None, 2])
def test_a_sheet_is_found_however_it_is_laid_out(
    copy: Path, tmp_path: Path, capsys: Capture, spaces: int | None
) -> None:
    sheet = tmp_path / "sheet.json"
    sheet.write_text(json.dumps(SHEET, indent=spaces), encoding="utf-8")
    assert main(["ledger", "verify", str(copy), "--sheet", str(sheet)]) == 0
    assert f"{sheet}: entry 0, sheet, KZ-71-0379, {AT}" in capsys.readouterr().out


def test_a_sheet_with_another_digit_is_not_found(copy: Path, tmp_path: Path, capsys: Capture) -> None:
    sheet = tmp_path / "sheet.json"
    sheet.write_text(json.dumps(SHEET).replace("2519", "2518"), encoding="utf-8")
    assert main(["ledger", "verify", str(copy), "--sheet", str(sheet)]) == 1
    assert "does not stand in the log" in capsys.readouterr().out


@pytest.mark.parametrize("path", ["tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/000"])
def test_a_changed_byte_is_named_with_its_file(copy: Path, capsys: Capture, path: str) -> None:
    raw = bytearray((copy / path).read_bytes())
    raw[-1] ^= 1
    (copy / path).write_bytes(bytes(raw))
    assert main(["ledger", "verify", str(copy)]) == 1
    said = capsys.readouterr().out
    assert path in said
    assert "does NOT hold" in said


def test_a_log_that_was_rewritten_is_told(copy: Path, data: Path, tmp_path: Path, capsys: Capture) -> None:
    other = tmp_path / "other"
    shutil.copytree(data / "ledger", other, ignore=shutil.ignore_patterns("*.sqlite3*"))
    signer = load_or_make_signer(other, "ledger.example/2026", SystemRandom())
    with Log(other, signer) as log:
        log.append(_entries(8)[1:])
        (tmp_path / "forked").write_text(str(log.head.note), encoding="utf-8")
    assert main(["ledger", "verify", str(copy), "--checkpoint", str(tmp_path / "forked")]) == 1
    assert "the log was rewritten: its first 7 entries" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["verify", "nowhere"], "nowhere: a folder, a tarball, or an address"),
        (["verify", "/etc"], "there is no file 'checkpoint' here"),
        (["export", "--data", "/nowhere", "--out", "x.tar"], "no ledger is here"),
    ],
)
def test_bad_input_is_one_clear_line(words: list[str], complaint: str, capsys: Capture) -> None:
    assert main(["ledger", *words]) == 2
    said = capsys.readouterr().err
    assert complaint in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("key", ["ledger.example+00000000+AAAA", "no-such-file", "a+b+c"])
def test_a_bad_key_is_one_clear_line(copy: Path, key: str, capsys: Capture) -> None:
    assert main(["ledger", "verify", str(copy), "--key", key]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_another_logs_key_is_refused(copy: Path, capsys: Capture) -> None:
    stranger = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    assert main(["ledger", "verify", str(copy), "--key", stranger]) == 2
    assert "no key that is known has signed this" in capsys.readouterr().err


def test_a_renamed_ledger_is_refused(data: Path) -> None:
    with pytest.raises(ValueError, match="its key does not change"):
        load_or_make_signer(data / "ledger", "other.example", SystemRandom())
