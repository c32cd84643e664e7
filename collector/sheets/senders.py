"""The keys that may send result sheets, read from two files that people change while the collector runs.

Rules of this file: a file that cannot be read now changes nothing: what was known stays, and the log says so.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Final, Generic, NamedTuple, TypeVar

from collector.core.refusals import Refused
from wire.errors import BadInput
from wire.senders import Sender, read_sender
from wire.signing import VerifyKey
from wire.stationkeys import StationKeys, public_key, public_keys, read_line
from wire.uploads import Upload, Void

LOOK_S: Final = 2.0
_NONE: Final = (0, 0)
_log = logging.getLogger("dabyl.collector.sheets")
T = TypeVar("T")


class Known(NamedTuple):
    """Who sent something: the keys that may have signed it, and what a page calls them."""

    name: str
    keys: tuple[VerifyKey, ...]
    regions: tuple[str, ...] = ()


class _Lines(Generic[T]):
    """A file of JSON lines as a table; read again when it was changed."""

    def __init__(self, file: Path, read: Callable[[bytes], T], name: Callable[[T], str]) -> None:
        """No file is there yet: nobody is known yet. Raises `BadInput` when one cannot be read."""
        self._path, self._read, self._name = file, read, name
        self._stamp = _NONE
        self._looked = float("-inf")
        self.rows: dict[str, T] = {}
        if file.exists():
            self._stamp, self.rows = self._stamp_now(), self._rows()

    def now(self, now: float) -> dict[str, T]:
        """The rows by name, at most `LOOK_S` old. `now`: of a steady clock."""
        if now - self._looked >= LOOK_S:
            self._looked = now
            if self._stamp != _NONE or self._path.exists():
                self._look_again()
        return self.rows

    def _look_again(self) -> None:
        try:
            stamp = self._stamp_now()
            if stamp != self._stamp:
                self.rows, self._stamp = self._rows(), stamp
        except BadInput as error:
            _log.error("the keys stay as they were: %s", error)

    def _stamp_now(self) -> tuple[int, int]:
        try:
            found = self._path.stat()
        except OSError as error:
            raise BadInput(f"{self._path}: {error.strerror}") from error
        return found.st_mtime_ns, found.st_size

    def _rows(self) -> dict[str, T]:
        try:
            lines = self._path.read_bytes().splitlines()
        except OSError as error:
            raise BadInput(f"{self._path}: {error.strerror}") from error
        found: dict[str, T] = {}
        for number, line in enumerate(lines, 1):
            if line.strip():
                row = self._row(number, line)
                found[self._name(row)] = row
        return found

    def _row(self, number: int, line: bytes) -> T:
        try:
            return self._read(line)
        except BadInput as error:
            raise BadInput(f"{self._path}:{number}: {error}") from error


class Senders:
    """Stations' keys, and those of commissions and observers."""

    def __init__(self, stations: Path, others: Path) -> None:
        """`stations`: the file of `dabyl station enrol`; `others`: that of `wire.senders`."""
        self._stations = _Lines[StationKeys](stations, read_line, lambda one: one.station)
        self._others = _Lines[Sender](others, read_sender, lambda one: one.id)

    def of(self, record: Upload | Void, now: float) -> Known:
        """Who may have signed this; raises `Refused` ("unknown_probe", "revoked", "role")."""
        return self._station(record, now) if record.by == "station" else self._other(record, now)

    def name_of(self, signer: str) -> str:
        """What a page calls a signer: a commission's or observer's name; "" where none is known."""
        found = self._others.rows.get(signer)
        return "" if found is None else found.name

    def _station(self, record: Upload | Void, now: float) -> Known:
        found = self._stations.now(now).get(record.signer)
        if found is None or not found.keys:
            raise Refused("unknown_probe", f"no key of {record.signer} is known here")
        if found.revoked:
            raise Refused("revoked", f"the keys of {record.signer} were revoked")
        return Known(found.station, public_keys(found))

    def _other(self, record: Upload | Void, now: float) -> Known:
        found = self._others.now(now).get(record.signer)
        if found is None:
            raise Refused("unknown_probe", f"the key {record.signer} is not known here")
        if found.revoked:
            raise Refused("revoked")
        if found.by != record.by:
            raise Refused("role", f"this is a key of: {found.by}")
        return Known(found.name, (VerifyKey(public_key(found.key)),), found.regions)
