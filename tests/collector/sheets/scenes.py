"""Stations, commissions and observers with their keys, and what they send."""

from __future__ import annotations

import hashlib
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from collector.core.times import stamp
from collector.settings import Ledger, Sheets
from tests.collector.core.scenes import NOW, key
from tests.collector.harness import Running, running
from wire import canonical, uploads
from wire.senders import Sender
from wire.sheets import Sheet, sheet_bytes
from wire.signing import SigningKey, to_text
from wire.stationkeys import StationKeys
from wire.uploads import Upload, Void

STATION, OTHER = "KZ-71-0379", "KZ-75-0001"
STATION_KEY, COMMISSION_KEY, OBSERVER_KEY = key(40), key(41), key(42)
GATEWAY = key(5)
PHOTO = b"\xff\xd8\xff\xe0 the paper"
PHOTO_HASH = hashlib.sha256(PHOTO).hexdigest()


def a_sheet(votes: int = 3, **more: Any) -> Sheet:
    return Sheet(
        election="e1", **({"station": STATION, "counts": {"voters_on_list": 9}, "votes": {"A": votes}} | more)
    )


def hash_of(sheet: Sheet) -> str:
    return hashlib.sha256(sheet_bytes(sheet)).hexdigest()


def upload_of(one: Sheet, by: str = "station", own: SigningKey = STATION_KEY, **more: Any) -> Upload:
    signer = one.station if by == "station" else own.id
    fields: dict[str, Any] = {
        "by": by,
        "signer": signer,
        "at": stamp(NOW),
        "sheet": sheet_bytes(one).decode(),
    }
    return uploads.signed(own, Upload(**(fields | more)))


def void_of(*entries: int, own: SigningKey = STATION_KEY, by: Any = "station") -> Void:
    signer = STATION if by == "station" else own.id
    return uploads.signed(own, Void(by=by, signer=signer, at=stamp(NOW), of=entries, note="a slip"))


def write_keys(folder: Path) -> tuple[str, str]:
    """The two files of keys: of stations, of others."""
    stations = [StationKeys(station=name, keys=(to_text(STATION_KEY.public),)) for name in (STATION, OTHER)]
    others = [
        Sender(by="commission", name="Сарыарқа", key=to_text(COMMISSION_KEY.public)),
        Sender(by="observer", name="Observers", key=to_text(OBSERVER_KEY.public), regions=("KZ-71",)),
    ]
    files = (folder / "stations.jsonl", folder / "senders.jsonl")
    lists: tuple[list[StationKeys] | list[Sender], ...] = (stations, others)
    for file, lines in zip(files, lists, strict=True):
        file.write_bytes(b"".join(canonical.encode(line) + b"\n" for line in lines))
    return str(files[0]), str(files[1])


@asynccontextmanager
async def collecting(
    folder: Path, clock: Any = None, ledger: Ledger | None = None, **more: Any
) -> AsyncIterator[Running]:
    """A collector that knows the keys above."""
    stations, senders = write_keys(folder)
    chosen = Sheets(stations=stations, senders=senders, **more)
    async with running(folder / "data", clock, sheets=chosen, ledger=ledger or Ledger()) as collector:
        yield collector


async def send(collector: Running, record: Upload | Void) -> tuple[int, Any]:
    path = "/v1/sheets" if isinstance(record, Upload) else "/v1/voids"
    return await collector.post(path, canonical.encode(record))


async def put(collector: Running, raw: bytes, sha256: str = "") -> tuple[int, Any]:
    address = f"{collector.url}/v1/scans/{sha256 or hashlib.sha256(raw).hexdigest()}"
    async with collector.client.put(address, data=io.BytesIO(raw)) as answer:
        return answer.status, await answer.json()


async def bring_two_copies(collector: Running) -> None:
    """The station's copy with its photograph, and an observer's that has another number."""
    assert (await send(collector, upload_of(a_sheet(), scan=PHOTO_HASH)))[0] == 200
    assert (await put(collector, PHOTO))[0] == 200
    assert (await send(collector, upload_of(a_sheet(4), "observer", OBSERVER_KEY)))[0] == 200


def forged(upload: Upload, **more: Any) -> Upload:
    return replace(upload, **more)
