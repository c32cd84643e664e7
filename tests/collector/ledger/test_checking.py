"""A copy of a ledger is believed for its signature and its hashes alone."""

from __future__ import annotations

import asyncio
import hashlib
import tarfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from collector.ledger.checking import begins_with, check
from collector.ledger.log import Log
from collector.ledger.sources import Folder, Shelf, Tarball, Web, add_file, paths_of, source_of, tarball
from tests.collector.ledger.test_log import SIGNER, entry
from wire.errors import BadInput, BadSignature
from wire.notes import ED25519, Checkpoint, Signer
from wire.signing import SigningKey

SIZE = 600


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("ledger")
    with Log(folder, SIGNER) as log:
        log.append([entry(number) for number in range(SIZE)])
    with Shelf(folder, str(SIGNER.key)) as shelf:
        found = {path: shelf.get(path) for path in paths_of(shelf.size)}
    assert None not in found.values()
    return {path: raw for path, raw in found.items() if raw is not None}


class InMemory:
    def __init__(self, files: dict[str, bytes]) -> None:
        self._files = files

    def get(self, path: str) -> bytes | None:
        return self._files.get(path)


def test_the_layout_is_the_standards(files: dict[str, bytes]) -> None:
    assert sorted(files) == [
        "checkpoint", "key", "tile/0/000", "tile/0/001", "tile/0/002.p/88", "tile/1/000.p/2",
        "tile/entries/000", "tile/entries/001", "tile/entries/002.p/88",
    ]  # fmt: skip


def test_an_untouched_copy_holds(files: dict[str, bytes]) -> None:
    checked = check(InMemory(files), SIGNER.key)
    assert checked.faults == []
    assert checked.head.size == SIZE
    assert checked.kinds == {"claim": SIZE}


def test_a_hash_is_found_with_its_entry(files: dict[str, bytes]) -> None:
    checked = check(InMemory(files), SIGNER.key, f"{77:064x}")
    assert [(index, one.station) for index, one in checked.found] == [(77, "KZ-71-0077")]


@pytest.mark.parametrize(
    "path", ["tile/0/000", "tile/0/002.p/88", "tile/1/000.p/2", "tile/entries/001", "tile/entries/002.p/88"]
)
def test_one_changed_bit_in_any_file_is_found(files: dict[str, bytes], path: str) -> None:
    raw = bytearray(files[path])
    raw[len(raw) // 2] ^= 1
    assert check(InMemory(files | {path: bytes(raw)}), SIGNER.key).faults


@pytest.mark.parametrize("path", ["tile/0/000", "tile/1/000.p/2", "tile/entries/001"])
def test_a_missing_file_is_named(files: dict[str, bytes], path: str) -> None:
    fewer = {name: raw for name, raw in files.items() if name != path}
    assert f"{path}: it is missing" in check(InMemory(fewer), SIGNER.key).faults


def test_entries_and_tiles_that_were_changed_together_do_not_fit_the_root(
    tmp_path: Path, files: dict[str, bytes]
) -> None:
    with Log(tmp_path, SIGNER) as log:
        log.append([entry(number) for number in (9_007, *range(1, SIZE))])
    with Shelf(tmp_path, str(SIGNER.key)) as shelf:
        forged = {path: shelf.get(path) or b"" for path in paths_of(SIZE) if path != "checkpoint"}
    said = check(InMemory(files | forged), SIGNER.key).faults
    assert said == ["checkpoint: the root hash is not that of the entries"]


def test_where_the_part_of_a_tile_is_gone_the_full_one_does(tmp_path: Path, files: dict[str, bytes]) -> None:
    with Log(tmp_path, SIGNER) as log:
        log.append([entry(number) for number in range(768)])
    with Shelf(tmp_path, str(SIGNER.key)) as shelf:
        later = {path: shelf.get(path) or b"" for path in paths_of(768)}
    later["checkpoint"] = files["checkpoint"]
    later["tile/1/000.p/2"] = files["tile/1/000.p/2"]
    assert check(InMemory(later), SIGNER.key).faults == []


def test_a_strangers_checkpoint_is_no_ledger(files: dict[str, bytes]) -> None:
    stranger = Signer(SIGNER.name, ED25519, SigningKey(b"x" * 32))
    with pytest.raises(BadSignature, match="no key that is known"):
        check(InMemory(files), stranger.key)
    with pytest.raises(BadInput, match="there is no file 'checkpoint'"):
        check(InMemory({}), SIGNER.key)


def test_an_earlier_checkpoint_is_compared(tmp_path: Path, files: dict[str, bytes]) -> None:
    checked = check(InMemory(files), SIGNER.key)
    with Log(tmp_path, SIGNER) as log:
        early = log.append([entry(number) for number in range(300)]).head.checkpoint
        other = log.append([entry(9_000)]).head.checkpoint
    assert begins_with(checked, early) == ""
    assert "rewritten" in begins_with(checked, other)
    assert "it shrank" in begins_with(checked, Checkpoint(SIGNER.name, SIZE + 1, b"r" * 32))


def test_a_folder_and_a_tarball_hold_the_same(tmp_path: Path, files: dict[str, bytes]) -> None:
    for path, raw in files.items():
        (tmp_path / "out" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "out" / path).write_bytes(raw)
    with tarball(tmp_path / "ledger.tar.gz") as made:
        for path, raw in files.items():
            add_file(made, path, raw)
    for where, kind in (("out", Folder), ("ledger.tar.gz", Tarball)):
        source = source_of(str(tmp_path / where))
        assert isinstance(source, kind)
        assert check(source, SIGNER.key).faults == []
    assert isinstance(source_of("https://collector.example/ledger"), Web)


@pytest.mark.parametrize("ending", ["tar", "tar.gz", "tar.xz"])
@pytest.mark.parametrize("hurt", ["cut", "changed"])
def test_an_archive_that_was_hurt_is_told_of_in_one_line(tmp_path: Path, ending: str, hurt: str) -> None:
    path = tmp_path / f"l.{ending}"
    mode: Any = f"w:{ending.removeprefix('tar').removeprefix('.')}"
    with tarfile.open(path, mode) as made:
        for number in range(40):
            add_file(made, "checkpoint" if not number else f"tile/0/{number:03d}", b"%d" % number * 2_000)
    raw = path.read_bytes()
    for seed in range(60):
        where = hashlib.sha256(b"%d" % seed).digest()
        at = int.from_bytes(where[:4], "big") % len(raw)
        path.write_bytes(raw[:at] if hurt == "cut" else raw[:at] + where[4:6] + raw[at + 2 :])
        with suppress(BadInput):  # whatever else it raised would end the test
            source = Tarball(path)
            for number in range(1, 40):
                source.get(f"tile/0/{number:03d}")


@pytest.mark.parametrize(
    "answer",
    [b"hello\r\n", b"HTTP/1.1 99999 x\r\n\r\n", b""],
)
async def test_a_server_that_speaks_no_http_is_told_of_in_one_line(answer: bytes) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(BadInput):
            await asyncio.to_thread(Web(f"http://127.0.0.1:{port}/ledger").get, "tile/0/000")


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:abc/ledger", "http://[::1/ledger", "http://127.0.0.1:1/a b"]
)
def test_an_address_that_is_none_is_told_of_in_one_line(url: str) -> None:
    with pytest.raises(BadInput):
        Web(url).get("checkpoint")


def test_a_file_that_cannot_be_read_is_told_of_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "checkpoint").write_text("")
    with pytest.raises(BadInput, match="File name too long"):
        Folder(tmp_path).get("x" * 300)


@pytest.mark.parametrize("where", ["nowhere", "ftp://x.example/ledger", "/etc/hostname", "/etc"])
def test_what_is_no_ledger_is_refused_in_one_line(where: str) -> None:
    with pytest.raises(BadInput):
        source_of(where)
