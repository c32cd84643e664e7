"""Where a copy of a ledger is read from: the running log's files, a folder, a tarball, an address.

Rules of this file: bytes by path and nothing else; none of it is believed before `checking` has checked it.
"""

from __future__ import annotations

import io
import lzma
import sqlite3
import tarfile
import urllib.error
import urllib.request
import weakref
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPException
from pathlib import Path
from typing import Final, Protocol

from collector.ledger.tables import HEAD_FILE, LOG_FILE
from wire.errors import BadInput
from wire.merkle import HASH_BYTES, Nodes, leaf_hash
from wire.notes import MAX_NOTE_BYTES, parse_note, signatures_of
from wire.tiles import (
    HEIGHT,
    MAX_ENTRY_BYTES,
    WIDTH,
    Tile,
    TiledNodes,
    bundle,
    bundles_of,
    hashes_of,
    tile_root,
    tiles_of,
)

CHECKPOINT: Final = "checkpoint"
KEY: Final = "key"
_MAX_TILE_BYTES: Final = WIDTH * (MAX_ENTRY_BYTES + 2)
_TIMEOUT_S: Final = 30.0
# What an archive raises whose bytes were changed: tarfile hands on what the decompressors say.
_BROKEN: Final = (tarfile.TarError, OSError, EOFError, zlib.error, lzma.LZMAError)


class Source(Protocol):
    """Something that has the files of a ledger."""

    def get(self, path: str) -> bytes | None:
        """The bytes of a file by its path below the ledger's address; None when there is none."""
        ...


class Shelf:
    """The log's own files, while it runs or not; it only reads. A context manager."""

    def __init__(self, folder: Path, key: str, head_folder: Path | None = None) -> None:
        """`key`: the verifier key that is published. Raises `BadInput` where no ledger is."""
        self.key, self._where = key, (folder, head_folder)
        self._log = _read_only(folder / LOG_FILE)
        self._heads = _read_only((head_folder or folder) / HEAD_FILE)

    def __enter__(self) -> Shelf:
        """Itself, open."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the files."""
        self._log.close()
        self._heads.close()

    def again(self) -> Shelf:
        """The same files, opened once more: for another thread."""
        return Shelf(self._where[0], self.key, self._where[1])

    @property
    def size(self) -> int:
        """How many entries the last checkpoint covers."""
        row = self._heads.execute("SELECT size FROM head").fetchone()
        return int(row[0]) if row else 0

    def get(self, path: str) -> bytes | None:
        """The checkpoint with its cosignatures, the key, a tile or a bundle."""
        if path == CHECKPOINT:
            return self._checkpoint()
        if path == KEY:
            return f"{self.key}\n".encode()
        try:
            tile = Tile.parse(path)
        except BadInput:
            return None
        return self._tile(tile) if tile in _available(tile, self.size) else None

    def nodes(self, size: int) -> Nodes:
        """The subtrees of the tree as it was at a size, for proofs."""

        def hashes(level: int, index: int) -> list[bytes]:
            width = min(WIDTH, (size >> (HEIGHT * level)) - index * WIDTH)
            return hashes_of(self._tile(Tile(level, index, width)), width) if width > 0 else []

        return TiledNodes(hashes)

    def entries(self, first: int) -> list[bytes]:
        """The bytes of the entries from an index on, as far as the last checkpoint covers them."""
        return list(self._entries(first, max(0, self.size - first)))

    def _checkpoint(self) -> bytes | None:
        row = self._heads.execute("SELECT size, note FROM head").fetchone()
        if row is None:
            return None
        lines = self._heads.execute("SELECT line FROM cosigned WHERE size = ? ORDER BY witness", row[:1])
        more = [signatures_of(f"{line}\n")[0] for (line,) in lines]
        return str(parse_note(row[1]).plus(more)).encode()

    def _tile(self, tile: Tile) -> bytes:
        first = tile.index * WIDTH
        if tile.level is None:
            return bundle(self._entries(first, tile.width))
        kept = self._kept(tile.level, tile.index)
        if kept:
            return kept[: tile.width * HASH_BYTES]
        if not tile.level:
            return b"".join(leaf_hash(entry) for entry in self._entries(first, tile.width))
        below = (self._kept(tile.level - 1, first + number) for number in range(tile.width))
        return b"".join(tile_root(hashes_of(raw, WIDTH)) for raw in below)

    def _entries(self, first: int, count: int) -> Iterator[bytes]:
        rows = self._log.execute(
            "SELECT entry FROM entries WHERE at >= ? ORDER BY at LIMIT ?", (first, count)
        )
        return (entry for (entry,) in rows)

    def _kept(self, level: int, index: int) -> bytes:
        row = self._log.execute(
            "SELECT hashes FROM tiles WHERE level = ? AND n = ?", (level, index)
        ).fetchone()
        return b"" if row is None else bytes(row[0])


def _available(tile: Tile, size: int) -> tuple[Tile, ...]:
    """The tile itself, if a tree of the size has so many hashes in it."""
    count = size if tile.level is None else size >> (HEIGHT * tile.level)
    return (tile,) if tile.index * WIDTH + tile.width <= count else ()


def _read_only(path: Path) -> sqlite3.Connection:
    try:
        connection = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=30
        )
        connection.execute("SELECT 1 FROM sqlite_master")
    except sqlite3.Error as error:
        raise BadInput(f"{path}: no ledger is here") from error
    return connection


class Folder:
    """A ledger's files in a folder, as `paths_of` lays them out."""

    def __init__(self, folder: Path) -> None:
        """Raises `BadInput` where no checkpoint is."""
        if not (folder / CHECKPOINT).is_file():
            raise BadInput(f"{folder}: there is no file 'checkpoint' here")
        self._folder = folder

    def get(self, path: str) -> bytes | None:
        """A file's bytes; raises `BadInput` for one that cannot be read."""
        found = self._folder / path
        try:
            if not found.is_file():
                return None
            if found.stat().st_size > _MAX_TILE_BYTES:
                raise BadInput(f"{found}: too large for a file of a ledger")
            return found.read_bytes()
        except OSError as error:
            raise BadInput(f"{found}: {error.strerror}") from error


class Tarball:
    """A ledger's files in a tar archive, compressed or not."""

    def __init__(self, path: Path) -> None:
        """Raises `BadInput` for what is no such archive."""
        try:
            self._tar = tarfile.open(path)  # noqa: SIM115  # it is read as long as this is used
            weakref.finalize(self, self._tar.close)
            self._names = {one.name.removeprefix("./"): one for one in self._tar if one.isfile()}
        except _BROKEN as error:
            raise BadInput(f"{path}: {error}") from error
        if CHECKPOINT not in self._names:
            raise BadInput(f"{path}: there is no file 'checkpoint' in it")

    def get(self, path: str) -> bytes | None:
        """A member's bytes; raises `BadInput` for one that cannot be unpacked."""
        member = self._names.get(path)
        if member is None:
            return None
        if member.size > _MAX_TILE_BYTES:
            raise BadInput(f"{path}: too large for a file of a ledger")
        try:
            opened = self._tar.extractfile(member)
            return opened.read() if opened else None
        except _BROKEN as error:
            raise BadInput(f"{path}: {error}") from error


class Web:
    """A ledger at an address."""

    def __init__(self, url: str) -> None:
        """`url`: `https://collector.example/ledger`; raises `BadInput` for another scheme."""
        if not url.startswith(("https://", "http://")):
            raise BadInput(f"{url}: a folder, a tarball, or an address that begins with https://")
        self._url = url.rstrip("/")

    def get(self, path: str) -> bytes | None:
        """What is served; None for 404. Raises `BadInput` when the server cannot be asked."""
        limit = MAX_NOTE_BYTES if path in (CHECKPOINT, KEY) else _MAX_TILE_BYTES
        beside = path.startswith(("sheets/", "scans/"))  # published beside the ledger, not below it
        where = f"{self._url.removesuffix('/ledger')}/v1/{path}" if beside else f"{self._url}/{path}"
        try:
            with closing(urllib.request.urlopen(where, timeout=_TIMEOUT_S)) as answer:  # noqa: S310  # the scheme was checked
                raw: bytes = answer.read(limit + 1)
        except urllib.error.HTTPError as error:
            error.close()
            if error.code == 404:  # noqa: PLR2004  # the one status that says "not there"
                return None
            raise BadInput(f"{where}: {error.code}") from error
        except (OSError, HTTPException, ValueError) as error:  # the last: an address that is none
            raise BadInput(f"{self._url}: {error}") from error
        if len(raw) > limit:
            raise BadInput(f"{where}: too large for a file of a ledger")
        return raw


def source_of(where: str) -> Source:
    """A folder, a tarball or an address; raises `BadInput`."""
    path = Path(where)
    if path.is_dir():
        return Folder(path)
    return Tarball(path) if path.is_file() else Web(where)


def paths_of(size: int) -> Iterator[str]:
    """Every file of a ledger of a size."""
    yield CHECKPOINT
    yield KEY
    yield from (tile.path for tile in (*tiles_of(size), *bundles_of(size)))


@contextmanager
def tarball(path: Path) -> Iterator[tarfile.TarFile]:
    """A new archive that no date or owner changes."""
    with tarfile.open(path, "x:gz" if path.suffix in {".gz", ".tgz"} else "x") as made:
        yield made


def add_file(made: tarfile.TarFile, name: str, raw: bytes) -> None:
    """One more member."""
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(raw), 0o644
    made.addfile(member, io.BytesIO(raw))
