"""Job that finds what stations told in two ways: each side with its receipt number and the text as it came.

Rules of this file: no number, no print and no digit of one is given to whoever looks.
"""

from __future__ import annotations

import csv
import io
import re
import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Final

import msgspec
from msgspec import Struct

from sms_gateway.core.intake import receipt_of, unproven_name
from sms_gateway.core.reading import Reading, Rejected
from sms_gateway.core.understanding import identity
from wire import canonical
from wire.claims import claim, topic
from wire.names import Proof
from wire.records import StationReport

SHOWN: Final = 50
REJECTED: Final = '"kind":"rejected"'
"""What stands in `inbox.read` of a text that was rejected, and of no other: no reading holds such words."""
_TEXTS: Final = 500
_STATION: Final = re.compile(r"KZ-\d\d-\d{4}", re.ASCII)
_NUMBER: Final = re.compile(r"(\+7|\b[78])[ -]?\(?7\d{2}\)?[ -]?\d{3}[ -]?\d{2}[ -]?\d{2}\b")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_decode = canonical.Decoder(StationReport)
_reading = msgspec.json.Decoder(Reading)
_rejected = msgspec.json.Decoder(Rejected)


class Side(Struct, frozen=True, kw_only=True):
    """One of the things that were said. `receipt`: the number that its sender got; empty where he got none.

    `witnesses`: how many numbers and links brought it. `texts`: as they came, each once; none when they are
    forgotten already.
    """

    receipt: str
    at: str
    said: str
    proof: Proof
    witnesses: int
    texts: tuple[str, ...]


class Dispute(Struct, frozen=True, kw_only=True):
    """What a station told in two ways, or with a code that was spent on something else."""

    station: str
    topic: str
    sides: tuple[Side, ...]


@dataclass
class _Texts:
    """A station's texts by their report's name, and those whose code was spent on something else."""

    named: dict[str, list[str]] = field(default_factory=dict)
    spent: list[Side] = field(default_factory=list)
    seen: int = 0


def disputes(connection: sqlite3.Connection, most: int = SHOWN) -> list[Dispute]:
    """The disputes, those with the newest word first."""
    told: dict[tuple[str, str], list[StationReport]] = {}
    for (record,) in connection.execute(
        "SELECT record FROM told WHERE disputed = 1 ORDER BY received_at DESC, id"
    ):
        report = _decode(record)
        told.setdefault((report.station, topic(report)), []).append(report)
    shown = list(told.items())[:most]
    texts = _texts(connection, {station for (station, _), _ in shown})
    return [_dispute(connection, key, reports, texts[key[0]]) for key, reports in shown]


def as_csv(found: Iterable[Dispute]) -> str:
    """One line for each thing that was said."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["station", "topic", "receipt", "at", "said", "proof", "witnesses", "text"])
    for one in found:
        for side in one.sides:
            told = (side.receipt, side.at, side.said, side.proof, side.witnesses)
            rows.writerow([one.station, one.topic, *told, _cell(" | ".join(side.texts))])
    return out.getvalue()


def _cell(text: str) -> str:
    """What a stranger wrote must not be a formula of whoever opens the file."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _dispute(
    connection: sqlite3.Connection, key: tuple[str, str], told: list[StationReport], texts: _Texts
) -> Dispute:
    sides = sorted((_side(connection, one, texts.named.get(one.id, ())) for one in told), key=_when)
    # Alone in dispute is a report whose code came again with something else: that text is no report.
    return Dispute(station=key[0], topic=key[1], sides=(*sides, *(texts.spent if len(sides) == 1 else ())))


def _when(side: Side) -> tuple[str, str]:
    return side.at, side.receipt


def _side(connection: sqlite3.Connection, report: StationReport, texts: Iterable[str]) -> Side:
    asked = "SELECT count(*) FROM witnesses WHERE report = ?"
    return Side(
        receipt=receipt_of(report),
        at=report.at,
        said=f"{topic(report)} {claim(report)}".strip() if claim(report) != report.kind else report.kind,
        proof=report.proof,
        witnesses=int(connection.execute(asked, (report.id,)).fetchone()[0]),
        texts=tuple(dict.fromkeys(texts)),
    )


def _texts(connection: sqlite3.Connection, stations: Collection[str]) -> dict[str, _Texts]:
    """The newest texts of these stations, found in one look: nothing is acknowledged meanwhile."""
    found = {station: _Texts() for station in stations}
    for row in connection.execute("SELECT read, link, key, text, at FROM inbox ORDER BY id DESC"):
        named = _STATION.search(row[0])
        texts = found.get(named[0]) if named else None
        if named and texts is not None and texts.seen < _TEXTS:
            texts.seen += 1
            _sort(texts, named[0], row)
    return found


def _sort(texts: _Texts, station: str, row: tuple[str, str, str, str, str]) -> None:
    read, link, ident, text, at = row
    found = _read(read)
    if isinstance(found, Reading):
        name = identity(found) or unproven_name(link, ident)
        texts.named.setdefault(name, []).append(_shown(text))
    elif found.error == "used_code":
        said = found.understood.removeprefix(station).strip()
        texts.spent.append(
            Side(receipt="", at=at, said=said, proof="none", witnesses=1, texts=(_shown(text),))
        )


def _read(read: str) -> Reading | Rejected:
    """What a text was read as, when it was."""
    return _rejected.decode(read) if REJECTED in read else _reading.decode(read)


def _shown(text: str) -> str:
    """The text, but for a telephone number that its sender typed into it."""
    return _NUMBER.sub("...", text)
