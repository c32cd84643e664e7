"""In what two databases differ: by names, never by the numbers of rows.

Rules of this file: what is compared is what a restart would begin with: keys, places, marks,
stations, the control table, and how many batches there ever were.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any, Final

import msgspec

from collector.core.places import place_of
from collector.core.times import epoch_seconds
from wire.records import Network

MAX_TOLD: Final = 20  # of one kind; how many more there are is said
MAX_TEXT: Final = 200
_network = msgspec.json.Decoder(Network)
_DAY_S: Final = 86_400.0
_PLACE: Final = -3  # the last columns of a key: region, operator, access


class _Arrival(msgspec.Struct):
    received_at: str | None = None


_arrival = msgspec.json.Decoder(_Arrival)
Rows = dict[tuple[Any, ...], tuple[Any, ...]]


def differences(live: sqlite3.Connection, made: sqlite3.Connection, gone: str = "") -> list[str]:
    """One line each; none when they are equal.

    `gone`: the last day that was deleted. What rested on deleted days alone is known to the live one only.
    """
    found: list[str] = []
    for name, of in VIEWS.items():
        here, again = of(live), of(made)
        if gone:
            here, again = _forgotten(name, here, again, (gone, _quiet(live, gone)))
        found += _told(name, here, again)
    return found


def _quiet(live: sqlite3.Connection, gone: str) -> set[str]:
    """Keys that were heard last on a deleted day."""
    end_ms = (epoch_seconds(f"{gone}T00:00:00Z") + _DAY_S) * 1000
    rows = live.execute(
        "SELECT id FROM probes JOIN marks ON probes.number = probe GROUP BY id HAVING max(heard_at) < ?",
        (end_ms,),
    )
    return {row[0] for row in rows}


def _forgotten(name: str, here: Rows, again: Rows, gone: tuple[str, set[str]]) -> tuple[Rows, Rows]:
    """Both without what rested on deleted days alone: places that were told then, and the records of then."""
    day, quiet = gone
    if name == "key":
        short = [
            {key: row[:_PLACE] if key[0] in quiet else row for key, row in rows.items()}
            for rows in (here, again)
        ]
        return short[0], short[1]
    if name in {"station", "control"}:
        return {key: row for key, row in here.items() if key in again or _received(row[-1]) > day}, again
    return here, again


def _received(record: bytes) -> str:
    return (_arrival.decode(record).received_at or "")[:10]


def _told(name: str, live: Rows, made: Rows) -> Iterable[str]:
    keys = [key for key in sorted(live.keys() | made.keys()) if live.get(key) != made.get(key)]
    for key in islice(keys, MAX_TOLD):
        where = " ".join(str(part) for part in (name, *key))
        yield f"{where}: live {_short(live.get(key))}, rebuilt {_short(made.get(key))}"
    if len(keys) > MAX_TOLD:
        yield f"{name}: {len(keys) - MAX_TOLD} more"


def _short(row: tuple[Any, ...] | None) -> str:
    text = "nothing" if row is None else ", ".join(_word(part) for part in row)
    return text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]}..."


def _word(part: object) -> str:
    return part.decode("utf-8", "replace") if isinstance(part, bytes) else str(part)


def _rows(connection: sqlite3.Connection, question: str, keys: int) -> Rows:
    return {tuple(row[:keys]): tuple(row[keys:]) for row in connection.execute(question)}


def _keys(connection: sqlite3.Connection) -> Rows:
    found = _rows(connection, "SELECT id, key, role, enrolled_at, revoked_at, past, network FROM probes", 1)
    return {
        id_: (bytes(key).hex(), *rest, *place_of(_network.decode(network)))
        for id_, (key, *rest, network) in found.items()
    }


def _marks(connection: sqlite3.Connection) -> Rows:
    question = (
        "SELECT id, boot, high_water, islands, heard_at FROM marks JOIN probes ON probes.number = probe"
    )
    return _rows(connection, question, 2)


def _stations(connection: sqlite3.Connection) -> Rows:
    return _rows(connection, "SELECT station, kind, at, record FROM reports", 2)


def _control(connection: sqlite3.Connection) -> Rows:
    question = "SELECT id, target, at, record FROM control JOIN probes ON probes.number = probe"
    return _rows(connection, question, 2)


def _batches(connection: sqlite3.Connection) -> Rows:
    return _rows(connection, "SELECT 'ever', seq FROM sqlite_sequence WHERE name = 'batches'", 1)


VIEWS: Final[dict[str, Callable[[sqlite3.Connection], Rows]]] = {
    "key": _keys,
    "mark": _marks,
    "station": _stations,
    "control": _control,
    "batches": _batches,
}
