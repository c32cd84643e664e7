"""What was deleted lawfully, `archive/deletions.jsonl`: a signed line a file, with the hash of the last.

Rules of this file: a line tells which file went, when and why, and nothing of what was in it; a
line is only added. What a recount must know of the batches that are gone (which numbers of each
life there were) stands in one file, `archive/deleted-DAY.json.zst`, which the newest line names by
its hash; it does not tell on which day a probe was at work.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
import zstandard
from msgspec import Meta, Struct
from msgspec.structs import replace

from collector.core.marks import Mark
from collector.evidence.lines import Fault
from collector.store.archive import archive_path
from wire import canonical
from wire.errors import BadInput, BadRecord
from wire.records import Text, TimeText
from wire.signing import SigningKey, VerifyKey, from_text, to_text

NOTED: Final = "deletions_bytes"  # in the table `state`: how many bytes of the file are durable
FIRST: Final = "0" * 64
MAX_LIVES_BYTES: Final = 256 * 1_048_576
Day = Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\d$")]
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]


class Deletion(Struct, frozen=True, kw_only=True):
    """One file that is gone. `sha256`: of its bytes. `previous`: of the line before this one.

    `lives_sha256`: of the file of lives after this deletion. `key`: the collector's, which signed.
    """

    v: Literal[1] = 1
    number: Annotated[int, Meta(ge=1)]
    day: Day
    sha256: Sha256
    size_bytes: Annotated[int, Meta(ge=0)]
    batches: Annotated[int, Meta(ge=0)]
    deleted_at: TimeText
    why: Text
    lives_sha256: Sha256
    previous: Sha256
    key: str
    signature: str = ""

    def signed(self, key: SigningKey) -> Deletion:
        """The same with its signature."""
        bare = replace(self, key=to_text(key.public), signature="")
        return replace(bare, signature=to_text(key.sign("dabyl/v1/deletion", canonical.encode(bare))))

    def verify(self) -> None:
        """Raises `BadInput` when the signature is not that of the key that is named."""
        bare = canonical.encode(replace(self, signature=""))
        VerifyKey(from_text(self.key)).verify("dabyl/v1/deletion", bare, from_text(self.signature))


class Life(Struct, frozen=True, kw_only=True):
    """One life of a probe, as far as its batches are gone: which numbers, and when the last one came."""

    probe: str
    boot: str
    mark: Mark
    heard_ms: int


class Lives(Struct, frozen=True, kw_only=True):
    """All that was ever deleted, counted. `through`: the last day that is gone."""

    v: Literal[1] = 1
    through: str = ""
    batches: int = 0
    lives: tuple[Life, ...] = ()

    def packed(self) -> bytes:
        """The bytes of the file; the same lives give the same bytes."""
        return zstandard.ZstdCompressor(level=3, write_checksum=True).compress(canonical.encode(self))


_decode = canonical.Decoder(Deletion)
_lives = msgspec.json.Decoder(Lives)


def deletions_path(folder: Path) -> Path:
    """The file of a collector's folder."""
    return folder / "archive" / "deletions.jsonl"


def lives_path(folder: Path, through: str) -> Path:
    """The file of lives as it was after that day's deletion."""
    return folder / "archive" / f"deleted-{through}.json.zst"


def noted_deletions(connection: sqlite3.Connection) -> int:
    """How many bytes of the file are durable and known to be whole."""
    row = connection.execute("SELECT value FROM state WHERE name = ?", (NOTED,)).fetchone()
    return 0 if row is None else int(row[0])


def leftovers(folder: Path, told: Sequence[Deletion]) -> Iterator[Path]:
    """Files that are there though their deletion is told, and lives that a later file holds too."""
    for one in told:
        if (path := archive_path(folder, one.day)).exists():
            yield path
    for one in told[:-1]:
        if (path := lives_path(folder, one.day)).exists():
            yield path


def line_of(one: Deletion) -> bytes:
    """A line of the file."""
    return canonical.encode(one) + b"\n"


def sha256_of(raw: bytes) -> str:
    """In hex."""
    return hashlib.sha256(raw).hexdigest()


def read_deletions(path: Path, size_bytes: int | None = None) -> tuple[list[Deletion], list[Fault]]:
    """The lines of a file, or of its first bytes, and all that does not hold of their chain."""
    whole = path.read_bytes() if path.exists() else b""
    name, faults, found = f"archive/{path.name}", [], []
    if size_bytes is not None and len(whole) < size_bytes:
        faults.append(Fault(name, 0, f"{len(whole)} bytes, {size_bytes} were durable"))
    before = FIRST
    for number, line in enumerate(whole[:size_bytes].split(b"\n")[:-1], 1):
        try:
            one = _checked(line, number, before)
        except BadInput as error:
            faults.append(Fault(name, number, str(error)))
        else:
            found.append(one)
        before = sha256_of(line)
    return found, [*faults, *_other_keys(name, found)]


def read_lives(folder: Path, told: Sequence[Deletion]) -> Lives:
    """What is known of the batches that are gone; raises `BadRecord` when it is not as the last line says."""
    if not told:
        return Lives()
    path = lives_path(folder, told[-1].day)
    try:
        packed = path.read_bytes()
        if sha256_of(packed) != told[-1].lives_sha256:
            raise BadRecord("is not the file that archive/deletions.jsonl names")
        expander = zstandard.ZstdDecompressor()
        return _lives.decode(expander.decompress(packed, max_output_size=MAX_LIVES_BYTES))
    except OSError as error:
        raise BadRecord(f"{path}: {error.strerror}") from error
    except (BadRecord, zstandard.ZstdError, msgspec.MsgspecError) as error:
        raise BadRecord(f"{path}: {error}") from error


def _checked(line: bytes, number: int, before: str) -> Deletion:
    one = _decode(line)
    if one.number != number:
        raise BadRecord(f"is number {one.number}")
    if one.previous != before:
        raise BadRecord("does not follow the line before it")
    one.verify()
    return one


def _other_keys(name: str, found: Iterable[Deletion]) -> list[Fault]:
    keys = list(dict.fromkeys(one.key for one in found))
    return [Fault(name, 0, f"signed by {len(keys)} keys: {', '.join(keys)}")] if len(keys) > 1 else []
