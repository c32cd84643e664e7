"""Texts read without a gateway: what `dabyl sms read` does with each line."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from msgspec import Struct
from msgspec.structs import asdict

from sms_gateway.core.book import NO_BOOK, Book
from sms_gateway.core.directory import Directory
from sms_gateway.core.reading import Reading, Rejected
from sms_gateway.core.understanding import identity, understand
from wire import canonical, digest, stationkeys
from wire.errors import BadInput, BadRecord
from wire.facts import regions
from wire.signing import VerifyKey, from_text
from wire.stationkeys import StationKeys
from wire.times import parse_time


class Line(Struct, frozen=True, kw_only=True, rename={"sender": "from"}):
    """One incoming text as JSON: `from`, `text`, `at`; only `text` is needed."""

    sender: str = ""
    text: str
    at: str = ""


class Told(Reading, frozen=True, kw_only=True):
    """A reading as it is printed: with the report's name, and whether an earlier line said the same."""

    report: str
    replay: bool


_decode: Final = canonical.Decoder(Line)
_directory: Final = canonical.Decoder(Directory)


def read_text(text: str) -> Reading | Rejected:
    """What a text says, or why it is rejected; no code and no seal can be compared with anything."""
    return understand(text, regions())


def read_line(line: bytes) -> bytes:
    """A line of JSON in, one line of JSON out, without line ends; raises `BadRecord`."""
    return Reader().line(line)


class Reader:
    """Reads lines one after the other, and remembers the reports that they proved."""

    def __init__(self, book: Book = NO_BOOK) -> None:
        """`book`: the stations' keys and codes."""
        self._book = book
        self._seen: set[str] = set()
        self._spent: dict[tuple[str, str], str] = {}

    def line(self, line: bytes) -> bytes:
        """A line of JSON in, one line of JSON out, without line ends; raises `BadRecord`."""
        asked = _decode(line)
        now = parse_time(asked.at) if asked.at else None
        found = understand(asked.text, regions(), self._book, now)
        probes = digest.read(asked.text) if found.kind == "digest" else None
        return canonical.encode(self._told(found) if probes is None else probes[0])

    def _told(self, found: Reading | Rejected) -> Rejected | Told:
        if isinstance(found, Rejected):
            return found
        report = identity(found)
        first = self._spent.setdefault((found.station, found.code), report) if found.code else report
        if first != report:
            return Rejected(
                error="used_code", understood=f"{found.station} {found.kind} {found.value}".strip()
            )
        replay = report in self._seen
        if report:
            self._seen.add(report)
        return Told(**asdict(found), report=report, replay=replay)


def read_book(keys: Path | None, probes: Path | None = None) -> Book:
    """The stations of a file of keys, the probes of a file of public keys, one a line; raises `BadInput`."""
    return Book(
        read_keys(keys) if keys else (), known=keys is not None, probes=_read_probes(probes) if probes else ()
    )


def _read_probes(path: Path) -> list[bytes]:
    try:
        lines = path.read_text(encoding="ascii").split()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: cannot be read: {error}") from error
    found = []
    for number, line in enumerate(lines, 1):
        try:
            found.append(from_text(line))
            VerifyKey(found[-1])
        except BadInput as error:
            raise BadInput(f"{path}: line {number}: {error}") from error
    return found


def read_directory(path: Path) -> Directory:
    """The dated directory of telephones in a JSON file; raises `BadInput`."""
    try:
        return _directory(path.read_bytes())
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}") from error
    except BadRecord as error:
        raise BadInput(f"{path}: {error}") from error


def read_keys(path: Path) -> list[StationKeys]:
    """The stations of a file of keys, each once; raises `BadInput`."""
    found: dict[str, StationKeys] = {}
    try:
        with path.open("rb") as lines:
            for number, one in _stations(lines, str(path)):
                if one.station in found:
                    raise BadInput(f"{path}: line {number}: {one.station} stands twice")
                found[one.station] = one
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}") from error
    return list(found.values())


def _stations(lines: Iterable[bytes], source: str) -> Iterable[tuple[int, StationKeys]]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                one = stationkeys.read_line(line.strip())
            except BadRecord as error:
                raise BadInput(f"{source}: line {number}: {error}") from error
            yield number, one
