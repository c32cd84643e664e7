"""What is final is noted in the ledger, once, with the hash of what everybody can fetch."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from collector.core.book import Book, Revision
from collector.core.live import Live
from collector.core.times import stamp
from collector.ledger import Desk
from collector.notary import Notary, finished_days, incident_entry
from collector.store.archive import archive_path
from collector.store.schema import open_database
from tests.collector.core.scenes import NOW
from tests.collector.evidence.scenes import lived
from tests.collector.harness import TestClock
from wire import canonical
from wire.errors import BadInput
from wire.incidents import Incident, ProbeCount, Scope, Sentence
from wire.ledger import Entry

DAY, TODAY = stamp(NOW)[:10], stamp(NOW + 86_400)[:10]


class KeptEntries:
    """A desk that keeps what it is handed."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    async def add(self, entries: list[Entry]) -> None:
        self.entries += entries


def an_incident(**more: Any) -> Incident:
    fields: dict[str, Any] = {
        "id": "i1", "kind": "connectivity_loss", "scope": Scope(level="national"), "started_at": stamp(NOW),
        "detected_at": stamp(NOW), "confidence": 0.9, "ended_at": None, "revision": 1,
        "sentence": Sentence(kk="", ru="", en=""),
        "probes": ProbeCount(affected=3, reporting=4, expected=5),
    }  # fmt: skip
    return Incident(**(fields | more))


def notary(folder: Path, *incidents: Incident, seconds: float = NOW) -> tuple[Notary, KeptEntries, Live]:
    live, desk = Live(NOW), KeptEntries()
    live.incidents = Book([Revision(known_at=NOW + 5, incident=one) for one in incidents])
    return Notary(folder, live, desk, TestClock(seconds)), desk, live  # type: ignore[arg-type]  # a Desk's one method


async def test_an_incident_is_noted_when_it_is_over(tmp_path: Path) -> None:
    lasting, over = an_incident(id="i0"), an_incident(ended_at=stamp(NOW + 60), revision=3)
    made, desk, live = notary(tmp_path, lasting, over)
    await made.note()
    await made.note()
    assert desk.entries == [
        Entry(
            kind="incident",
            at=stamp(NOW + 5),
            sha256=hashlib.sha256(canonical.encode(over)).hexdigest(),
            note="i1 revision 3",
        )
    ]
    again = replace(over, revision=4, withdrawn=True)
    live.incidents.put(Revision(known_at=NOW + 9, incident=again))
    await made.note()
    assert desk.entries[1:] == [incident_entry(again, NOW + 9)], "what is told anew is noted anew"


async def test_a_day_is_noted_when_it_is_over_and_all_archived(tmp_path: Path) -> None:
    await lived(tmp_path)
    assert list(finished_days(tmp_path, DAY, ())) == [], "it is not over"
    assert list(finished_days(tmp_path, TODAY, ())) == [], "the last life left rows that are not archived"


@pytest.fixture
def archived(tmp_path: Path) -> Path:
    """A folder with one day in the archive, and a tail that a crash left."""
    path = archive_path(tmp_path, DAY)
    path.parent.mkdir()
    path.write_bytes(b"whole frames" + b"half a fr")
    connection = open_database(tmp_path)
    connection.execute("INSERT INTO archives (day, bytes) VALUES (?, 12)", (DAY,))
    connection.close()
    return tmp_path


async def test_the_hash_is_of_the_durable_bytes(archived: Path) -> None:
    made, desk, live = notary(archived, seconds=NOW + 86_400)
    await made.note()
    await made.note()
    (entry,) = desk.entries
    assert (entry.kind, entry.note, entry.at) == ("archive", DAY, f"{TODAY}T00:00:00.000Z")
    assert entry.sha256 == hashlib.sha256(b"whole frames").hexdigest()
    live.sheets.take(0, entry)
    later = Notary(archived, live, desk, TestClock(NOW + 86_400))  # type: ignore[arg-type]  # as above
    await later.note()
    assert desk.entries == [entry], "a later life knows it from the ledger"


def test_a_day_that_lost_bytes_is_not_noted(archived: Path) -> None:
    archive_path(archived, DAY).write_bytes(b"whole")
    with pytest.raises(BadInput, match="7 bytes shorter"):
        list(finished_days(archived, TODAY, ()))


def test_the_desk_has_the_method_that_is_used() -> None:
    assert callable(Desk.add)
