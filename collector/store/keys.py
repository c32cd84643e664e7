"""The public keys beside the archive, `archive/keys.jsonl`: what is needed to verify it without the database.

One line a key and role, in the order of enrolment; a line is only added. A later line of the same
key and role stands in place of the earlier one (a key was revoked). A key's lines are durable
before the first batch of that key is archived.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

from collector.core.times import stamp
from wire import canonical
from wire.enrol import Role
from wire.errors import BadInput, BadRecord
from wire.records import Network, TimeText
from wire.signing import from_text, key_id, to_text

KEYS_NOTED: Final = "keys_bytes"  # in the table `state`: how many bytes of the file are durable
_ROWS: Final = (
    "SELECT id, key, coalesce(invites.role, probes.role), coalesce(used_at, enrolled_at),"
    " enrolled_at, revoked_at, past, network"
    " FROM probes LEFT JOIN invites ON used_by = probes.number ORDER BY probes.number, used_at"
)
_STATE: Final = (
    "SELECT count(*), count(revoked_at), total(revoked_at), total(past),"
    " (SELECT count(used_by) FROM invites), (SELECT total(used_at) FROM invites) FROM probes"
)
KeysState = tuple[float, ...]
_network = msgspec.json.Decoder(Network)


class KeyLine(Struct, frozen=True, kw_only=True):
    """A key in one role. `key`: the public key, URL-safe base64. `since`: from when it has that role.

    `network`: where the probe stood when the line was written; it moves with its batches. `past`: of a
    revoked key, how much counts what it said before.
    """

    v: Literal[1] = 1
    probe: str
    key: str
    role: Role
    since: TimeText
    enrolled_at: TimeText
    revoked_at: TimeText | None = None
    past: Annotated[float, Meta(ge=0, le=1)] = 0.0
    network: Network

    @property
    def public(self) -> bytes:
        """The 32 public bytes."""
        return from_text(self.key)

    @property
    def told(self) -> tuple[str, ...]:
        """What a new line would be written for: all but the place."""
        revoked = self.revoked_at or ""
        return self.probe, self.key, self.role, self.since, self.enrolled_at, revoked, str(self.past)


_decode = canonical.Decoder(KeyLine)


def keys_path(folder: Path) -> Path:
    """The file of a collector's folder."""
    return folder / "archive" / "keys.jsonl"


def noted_keys(connection: sqlite3.Connection) -> int:
    """How many bytes of the file are durable and known to be whole."""
    row = connection.execute("SELECT value FROM state WHERE name = ?", (KEYS_NOTED,)).fetchone()
    return 0 if row is None else int(row[0])


def state_of_keys(connection: sqlite3.Connection) -> KeysState:
    """What is other when a key was enrolled, got another role, or was revoked: two sums, quickly made."""
    return tuple(connection.execute(_STATE).fetchone())


def enrolled_keys(connection: sqlite3.Connection) -> list[KeyLine]:
    """The lines of every key that the database knows."""
    return [_line(row) for row in connection.execute(_ROWS)]


def written_keys(path: Path, size_bytes: int | None = None) -> list[KeyLine]:
    """The lines of a file, or of its first bytes; raises `BadRecord` with file and line, `OSError` when cut.

    A last line without an end is passed over: it was being written when the collector died.
    """
    whole = path.read_bytes() if path.exists() else b""
    if size_bytes is not None and len(whole) < size_bytes:
        raise OSError(errno.EIO, "a part of the keys is gone", str(path))
    lines = whole[:size_bytes].split(b"\n")[:-1]
    return [read_key(line, f"{path}: line {number}") for number, line in enumerate(lines, 1)]


def read_key(line: bytes, where: str) -> KeyLine:
    """One line; the name must be the one that the key gives. Raises `BadRecord`."""
    try:
        found = _decode(line)
        if key_id(found.public) != found.probe:
            raise BadRecord(f"the key is not that of {found.probe[:40]}")
    except BadInput as error:
        raise BadRecord(f"{where}: {error}") from error
    return found


def new_lines(written: Iterable[KeyLine], enrolled: Iterable[KeyLine]) -> bytes:
    """What is to be added so that the file tells what the database knows."""
    known = {line.told for line in written}
    return b"".join(canonical.encode(line) + b"\n" for line in enrolled if line.told not in known)


def newest(lines: Iterable[KeyLine]) -> list[KeyLine]:
    """One line for each key and role, the last one, in the order of the first."""
    found: dict[tuple[str, str, str], KeyLine] = {}
    for line in lines:
        found[line.probe, line.role, line.since] = line
    return list(found.values())


def _line(row: tuple[str, bytes, Role, int, int, int | None, float, bytes]) -> KeyLine:
    probe, key, role, since, enrolled, revoked, past, network = row
    return KeyLine(
        probe=probe,
        key=to_text(key),
        role=role,
        since=stamp(since / 1000),
        enrolled_at=stamp(enrolled / 1000),
        revoked_at=None if revoked is None else stamp(revoked / 1000),
        past=past,
        network=_network.decode(network),
    )
