"""`dabyl ledger mirror`, `prove` and `witness`, as a party or a newsroom runs them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from collector.ledger import Log, Shelf, paths_of
from collector.ledger.keys import load_or_make_signer
from dabyl.cli import main
from dabyl.system import SystemRandom
from wire.ledger import Entry, entry_bytes
from wire.merkle import leaf_hash
from wire.notes import Note, NoteKey, Signer, signatures_of, verified
from wire.tlog import AddCheckpoint, parse_proof

AT = "2026-11-22T15:00:00.000Z"
Capture = pytest.CaptureFixture[str]


def entry(number: int) -> bytes:
    return entry_bytes(Entry(kind="claim", at=AT, note=str(number)))


class Published:
    """A log and the folder that its owner serves."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "served"
        self.signer = load_or_make_signer(folder / "ledger", "ledger.example/2026", SystemRandom())
        self.log = Log(folder / "ledger", self.signer)
        self.grow(0)

    def grow(self, size: int) -> None:
        self.log.append([entry(number) for number in range(size)])
        with Shelf(self.log.folder, str(self.signer.key)) as shelf:
            for path in paths_of(shelf.size):
                (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
                (self.folder / path).write_bytes(shelf.get(path) or b"")


@pytest.fixture
def published(tmp_path: Path) -> Published:
    return Published(tmp_path)


def test_a_mirror_follows_a_log_that_grows(published: Published, tmp_path: Path, capsys: Capture) -> None:
    copy, served = str(tmp_path / "copy"), str(published.folder)
    for size in (0, 3, 300, 300, 513):
        published.grow(size)
        assert main(["ledger", "mirror", served, copy, "--key", str(published.signer.key)]) == 0
        assert f"{size} entries" in capsys.readouterr().out
        assert main(["ledger", "verify", copy, "--key", str(published.signer.key)]) == 0
    capsys.readouterr()
    parts = sorted(str(one.relative_to(copy)) for one in Path(copy).glob("tile/**/*.p/*"))
    assert parts == ["tile/0/002.p/1", "tile/1/000.p/2", "tile/entries/002.p/1"]


def test_a_mirror_keeps_what_it_had_when_the_log_was_rewritten(
    published: Published, tmp_path: Path, capsys: Capture
) -> None:
    copy = str(tmp_path / "copy")
    published.grow(5)
    main(["ledger", "mirror", str(published.folder), copy])
    for left in published.log.folder.glob("*.sqlite3*"):
        left.unlink()
    other = Log(published.log.folder, published.signer)
    other.append([entry(number) for number in range(50, 60)])
    published.log = other
    published.grow(0)
    assert main(["ledger", "mirror", str(published.folder), copy]) == 1
    assert "NOT taken over" in capsys.readouterr().out
    assert main(["ledger", "verify", copy]) == 0
    assert "5 entries" in capsys.readouterr().out


def test_a_proof_holds_without_a_server(published: Published, capsys: Capture) -> None:
    published.grow(20)
    key = str(published.signer.key)
    assert main(["ledger", "prove", str(published.folder), "7", "--key", key]) == 0
    proof = parse_proof(capsys.readouterr().out.encode())
    assert proof.holds(leaf_hash(entry(7)), NoteKey.parse(key)).size == 20


@pytest.mark.parametrize("index", ["20", "-1"])
def test_an_entry_that_is_not_there_has_no_proof(published: Published, index: str, capsys: Capture) -> None:
    published.grow(20)
    assert main(["ledger", "prove", str(published.folder), "--", index]) == 2
    assert f"has no leaf {index}" in capsys.readouterr().err


def test_a_log_that_does_not_hold_proves_nothing(published: Published, capsys: Capture) -> None:
    published.grow(20)
    (published.folder / "tile/0/000.p/20").write_bytes(b"x" * 640)
    assert main(["ledger", "prove", str(published.folder), "7"]) == 2
    assert "the log does not hold" in capsys.readouterr().err


def test_a_witness_is_served_and_stops_cleanly(published: Published, tmp_path: Path) -> None:
    command = (sys.executable, "-m", "dabyl", "ledger", "witness", "--data", str(tmp_path / "witness"), "--name",
               "witness.example/ngo", "--log", str(published.signer.key), "--listen", "127.0.0.1:0")  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=dict(os.environ)) as process:
        assert process.stdout is not None
        key = NoteKey.parse(process.stdout.readline().removeprefix("witness "))
        address = process.stdout.readline().removeprefix("listening on ").strip()
        head = published.log.head
        body = str(AddCheckpoint(0, (), head.note)).encode()
        with urllib.request.urlopen(f"{address}/add-checkpoint", body, timeout=10) as answer:
            said = answer.read().decode()
        assert verified(Note(head.note.text, signatures_of(said)), [key])[key] > 1_700_000_000
        strange = Signer("x.example", 1, published.signer.secret)
        other = Note("x.example\n0\n" + head.note.text.split("\n")[2] + "\n", ())
        body = str(AddCheckpoint(0, (), other.plus([strange.sign(other.text)]))).encode()
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{address}/add-checkpoint", body, timeout=10)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0


def test_a_name_that_no_checkpoint_can_carry_is_refused(
    published: Published, tmp_path: Path, capsys: Capture
) -> None:
    words = [
        "ledger",
        "witness",
        "--data",
        str(tmp_path / "w"),
        "--log",
        str(published.signer.key),
        "--name",
        "a b",
    ]
    assert main(words) == 2
    assert "verifier key" in capsys.readouterr().err
